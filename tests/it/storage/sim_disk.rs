//! A disk that loses its power: afterwards it has what was synced, and a random part of the rest.
//!
//! Files live in a real directory, as a running system sees them, and the durable state is kept
//! separately. In the `Ext4` mode names are durable at once and only content must be synced. In the
//! `Posix` mode the creation or removal of a name is durable only after its directory was synced.
//! What was not synced may survive whole, cut off, or with pages of zeroes in it. Names that were
//! not synced may survive too, those of one directory in their order.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use terrakeep::storage::{Disk, DiskFile, RealDisk};

use super::support::Random;

/// The rule by which names survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Ext4,
    Posix,
}

/// A disk that can lose its power.
#[derive(Clone)]
pub(crate) struct SimDisk {
    root: PathBuf,
    mode: Mode,
    lies: bool,
    boot: u64,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    operations: u64,
    crash_at: Option<u64>,
    crashed: bool,
    sync_fails: bool,
    nodes: Vec<Node>,
    live: BTreeMap<PathBuf, usize>,
    durable: BTreeMap<PathBuf, usize>,
    // For each directory, what happened to its names since it was synced.
    pending: BTreeMap<PathBuf, Vec<(PathBuf, Option<usize>)>>,
}

/// A file or a directory.
enum Node {
    Dir,
    File {
        open: File,
        durable: Vec<u8>,
        // What a failed sync dropped, which no later sync writes.
        dropped: Vec<Range<usize>>,
    },
}

impl SimDisk {
    /// Makes a disk whose content, everything below `root`, is durable.
    pub(crate) fn new(root: &Path, mode: Mode, boot: u64) -> Self {
        let disk = Self {
            root: root.to_owned(),
            mode,
            lies: false,
            boot,
            state: Arc::default(),
        };
        disk.adopt(root);
        disk
    }

    /// Makes such a disk whose syncs do nothing and report success.
    pub(crate) fn lying(root: &Path, mode: Mode, boot: u64) -> Self {
        Self {
            lies: true,
            ..Self::new(root, mode, boot)
        }
    }

    /// Stops everything at the `k`-th change from now.
    pub(crate) fn crash_at(&self, k: u64) {
        let mut state = self.state();
        state.crash_at = Some(state.operations + k);
    }

    /// Lets the next sync of a file fail, as Linux does: what it should have written is forgotten,
    /// and the sync after it succeeds without writing it.
    pub(crate) fn fail_sync(&self) {
        self.state().sync_fails = true;
    }

    /// Returns whether that change was reached.
    pub(crate) fn crashed(&self) -> bool {
        self.state().crashed
    }

    /// Cuts the power, and writes what is left of the disk to `into`.
    pub(crate) fn cut_power(&self, into: &Path, random: &mut Random) {
        let mut state = self.state();
        state.crashed = true;
        let pending = std::mem::take(&mut state.pending);
        for names in pending.into_values() {
            let survive = if random.chance(50) {
                0
            } else {
                random.index(names.len() + 1)
            };
            for (path, node) in names.into_iter().take(survive) {
                state.set_durable(path, node);
            }
        }
        RealDisk.create_dir(into).expect("a new directory");
        // Sorted, so that a directory comes before what is in it; what has no directory is lost.
        for (path, node) in &state.durable {
            let below = path.strip_prefix(&self.root).expect("it is below the root");
            let to = into.join(below);
            match &state.nodes[*node] {
                Node::Dir => drop(RealDisk.create_dir(&to)),
                Node::File {
                    open,
                    durable,
                    dropped,
                } => {
                    let now = written(open, dropped);
                    drop(fs::write(to, survivor(&now, durable, random)));
                }
            }
        }
        // The index is not written through this disk: it comes back whole, or not at all.
        if random.chance(50) {
            for name in ["db", "conf"] {
                let from = self.root.join("index").join(name);
                drop(fs::copy(from, into.join("index").join(name)));
            }
        }
    }

    fn adopt(&self, folder: &Path) {
        for name in RealDisk.list(folder).unwrap_or_default() {
            let path = folder.join(name);
            if path
                .parent()
                .is_some_and(|parent| parent.ends_with("index"))
            {
                continue;
            }
            let node = if path.is_dir() {
                Node::Dir
            } else {
                let open = File::open(&path).expect("it is there");
                let durable = content(&open);
                Node::File {
                    open,
                    durable,
                    dropped: Vec::new(),
                }
            };
            let is_dir = matches!(node, Node::Dir);
            let mut state = self.state();
            let number = state.add(node);
            state.live.insert(path.clone(), number);
            state.durable.insert(path.clone(), number);
            drop(state);
            if is_dir {
                self.adopt(&path);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }

    /// Returns the state for one more change; an error once the power is gone.
    fn change(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        state.operations += 1;
        if state.crash_at == Some(state.operations) {
            state.crashed = true;
        }
        if state.crashed {
            return Err(io::Error::other("the power is gone"));
        }
        Ok(state)
    }

    fn name(&self, state: &mut State, path: &Path, node: Option<usize>) {
        match node {
            Some(node) => state.live.insert(path.to_owned(), node),
            None => state.live.remove(path),
        };
        if self.mode == Mode::Ext4 {
            state.set_durable(path.to_owned(), node);
        } else {
            let parent = path.parent().expect("a file is in a directory");
            let pending = state.pending.entry(parent.to_owned()).or_default();
            pending.push((path.to_owned(), node));
        }
    }

    fn file(&self, node: usize, file: Arc<dyn DiskFile>) -> Arc<dyn DiskFile> {
        Arc::new(SimFile {
            disk: self.clone(),
            node,
            file,
        })
    }
}

impl State {
    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn set_durable(&mut self, path: PathBuf, node: Option<usize>) {
        match node {
            Some(node) => self.durable.insert(path, node),
            None => self.durable.remove(&path),
        };
    }
}

impl Disk for SimDisk {
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut state = self.change()?;
        let file = RealDisk.create(path)?;
        let node = state.add(Node::File {
            open: File::open(path)?,
            durable: Vec::new(),
            dropped: Vec::new(),
        });
        self.name(&mut state, path, Some(node));
        Ok(self.file(node, file))
    }

    fn append(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let state = self.change()?;
        let file = RealDisk.append(path)?;
        let node = state.live[path];
        Ok(self.file(node, file))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        RealDisk.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.change()?;
        RealDisk.rename(from, to)?;
        if let Some(node) = state.live.get(from).copied() {
            if matches!(state.nodes[node], Node::Dir) {
                // What is in a moved directory is of no more interest: only the index is moved.
                state
                    .live
                    .retain(|path, _| !path.starts_with(from) || path == from);
                state
                    .durable
                    .retain(|path, _| !path.starts_with(from) || path == from);
            }
            self.name(&mut state, to, Some(node));
            self.name(&mut state, from, None);
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.change()?;
        RealDisk.remove(path)?;
        self.name(&mut state, path, None);
        Ok(())
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.change()?;
        RealDisk.create_dir(path)?;
        let node = state.add(Node::Dir);
        self.name(&mut state, path, Some(node));
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.change()?;
        if self.lies {
            return Ok(());
        }
        for (name, node) in state.pending.remove(path).unwrap_or_default() {
            state.set_durable(name, node);
        }
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        RealDisk.list(path)
    }

    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        RealDisk.metadata(path)
    }

    fn boot_id(&self) -> Option<String> {
        Some(format!("boot {}", self.boot))
    }
}

struct SimFile {
    disk: SimDisk,
    node: usize,
    file: Arc<dyn DiskFile>,
}

impl DiskFile for SimFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let _state = self.disk.change()?;
        self.file.append(bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.disk.change()?;
        let fails = std::mem::take(&mut state.sync_fails);
        if let Node::File {
            open,
            durable,
            dropped,
        } = &mut state.nodes[self.node]
            && !self.disk.lies
        {
            if fails {
                dropped.push(durable.len()..content(open).len());
                return Err(io::Error::from_raw_os_error(5));
            }
            *durable = written(open, dropped);
        }
        Ok(())
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let _state = self.disk.change()?;
        self.file.set_len(length)
    }
}

fn content(file: &File) -> Vec<u8> {
    let (mut file, mut bytes) = (file, Vec::new());
    file.seek(SeekFrom::Start(0)).expect("a file");
    file.read_to_end(&mut bytes).expect("a file");
    bytes
}

/// Returns what the disk can get of a file: zeroes where a failed sync dropped something.
fn written(file: &File, dropped: &[Range<usize>]) -> Vec<u8> {
    let mut bytes = content(file);
    for range in dropped {
        let end = range.end.min(bytes.len());
        bytes[range.start.min(end)..end].fill(0);
    }
    bytes
}

/// Returns what is left of a file of which only `durable` is certain.
fn survivor(now: &[u8], durable: &[u8], random: &mut Random) -> Vec<u8> {
    if !now.starts_with(durable) {
        let whole = if random.chance(50) { now } else { durable };
        return whole.to_vec();
    }
    let mut left = now.to_vec();
    match random.below(4) {
        0 => left.truncate(durable.len()),
        1 => {}
        2 => left.truncate(durable.len() + random.index(now.len() - durable.len() + 1)),
        _ => {
            for page in left[durable.len()..].chunks_mut(64) {
                if random.chance(50) {
                    page.fill(0);
                }
            }
        }
    }
    left
}
