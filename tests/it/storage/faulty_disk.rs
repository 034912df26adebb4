//! A real disk on which the k-th change fails, or whose syncs wait until the test releases them.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};

use terrakeep::storage::{Disk, DiskFile, RealDisk};

/// The error that the system returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    NoSpace,
    Io,
    ReadOnly,
}

impl Fault {
    pub(crate) const ALL: [Self; 3] = [Self::NoSpace, Self::Io, Self::ReadOnly];

    fn error(self) -> io::Error {
        // The numbers are those of Linux, as the system would give them.
        io::Error::from_raw_os_error(match self {
            Self::NoSpace => 28,
            Self::Io => 5,
            Self::ReadOnly => 30,
        })
    }
}

/// A disk that fails when the test says so.
#[derive(Clone, Default)]
pub(crate) struct FaultyDisk {
    plan: Arc<Mutex<Plan>>,
    gate: Arc<(Mutex<bool>, Condvar)>,
}

#[derive(Default)]
struct Plan {
    operations: u64,
    syncs: u64,
    fail_at: Option<u64>,
    fault: Option<Fault>,
    sticky: bool,
    failed: bool,
}

/// The resources that an operation needs of the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Space,
    Writing,
}

impl FaultyDisk {
    /// Lets the `k`-th change from now on fail, and if `sticky` all after it too.
    pub(crate) fn fail(&self, k: u64, fault: Fault, sticky: bool) {
        *self.plan() = Plan {
            fail_at: Some(k),
            fault: Some(fault),
            sticky,
            ..Plan::default()
        };
    }

    /// Ends all failures.
    pub(crate) fn repair(&self) {
        *self.plan() = Plan::default();
    }

    /// Returns whether a change has failed.
    pub(crate) fn failed(&self) -> bool {
        self.plan().failed
    }

    /// Returns how many syncs there were.
    pub(crate) fn syncs(&self) -> u64 {
        self.plan().syncs
    }

    /// Lets every sync of a file's content wait for [`Self::release_syncs`].
    pub(crate) fn hold_syncs(&self) {
        *self.gate.0.lock().expect("no panic") = true;
    }

    /// Lets the syncs go on.
    pub(crate) fn release_syncs(&self) {
        *self.gate.0.lock().expect("no panic") = false;
        self.gate.1.notify_all();
    }

    fn pass_gate(&self) {
        let held = self.gate.0.lock().expect("no panic");
        drop(self.gate.1.wait_while(held, |held| *held));
    }

    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().expect("no panic")
    }

    fn next(&self, needs: Needs) -> io::Result<()> {
        let mut plan = self.plan();
        plan.operations += 1;
        let (Some(at), Some(fault)) = (plan.fail_at, plan.fault) else {
            return Ok(());
        };
        let hit = plan.operations == at
            || (plan.sticky
                && plan.operations > at
                // On a full disk, what needs no space goes on working.
                && (fault != Fault::NoSpace || needs == Needs::Space));
        if hit {
            plan.failed = true;
            return Err(fault.error());
        }
        Ok(())
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        self.next(Needs::Space)?;
        let file = RealDisk.create(path)?;
        Ok(Arc::new(FaultyFile {
            disk: self.clone(),
            file,
        }))
    }

    fn append(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        self.next(Needs::Writing)?;
        let file = RealDisk.append(path)?;
        Ok(Arc::new(FaultyFile {
            disk: self.clone(),
            file,
        }))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        RealDisk.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.next(Needs::Space)?;
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.next(Needs::Writing)?;
        RealDisk.remove(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.next(Needs::Space)?;
        RealDisk.create_dir(path)
    }

    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        self.plan().syncs += 1;
        self.next(Needs::Writing)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        RealDisk.list(path)
    }

    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        RealDisk.metadata(path)
    }

    fn boot_id(&self) -> Option<String> {
        Some("the same boot".to_owned())
    }
}

struct FaultyFile {
    disk: FaultyDisk,
    file: Arc<dyn DiskFile>,
}

impl DiskFile for FaultyFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.disk.next(Needs::Space) {
            // A write that fails may have got some way.
            self.file.append(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        self.file.append(bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.disk.pass_gate();
        self.disk.plan().syncs += 1;
        self.disk.next(Needs::Writing)
    }

    fn sync_all(&self) -> io::Result<()> {
        self.disk.plan().syncs += 1;
        self.disk.next(Needs::Writing)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.disk.next(Needs::Writing)?;
        self.file.set_len(length)
    }
}
