//! The data directory: its paths and its permissions.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use super::commit::Committer;
use super::lock::DirLock;
use super::owner::check_owner;
use super::reserve::Reserve;
use super::scratch::Scratch;
pub(super) use super::small_files::{read_text, remove_if_there, write_file};
use super::{Disk, OpenError, StoreError};

/// The data format that this program writes.
pub const FORMAT: u32 = 1;

/// A data directory that belongs to this process until the last clone is dropped.
///
/// [`mod@super`] lists its content.
#[derive(Clone)]
pub struct DataDir {
    root: PathBuf,
    shared: Arc<Shared>,
}

/// What all clones share.
struct Shared {
    // Unlocked when the last clone is dropped.
    _lock: DirLock,
    // The committer of the open store, for code that has the directory but not the store.
    committer: Mutex<Weak<Committer>>,
    reserve: Reserve,
    read_only: Option<String>,
    scratch: OnceLock<Scratch>,
}

impl DataDir {
    /// Opens a data directory; creates it, or what is missing in it.
    ///
    /// One that cannot be written, as on a read-only disk, is opened for reading:
    /// [`Self::read_only`] says why.
    ///
    /// # Errors
    ///
    /// [`OpenError::Locked`] if another process uses it, [`OpenError::NewerFormat`] if a newer
    /// program wrote it, [`OpenError::OfAnotherUser`] if root opens it and it is that of another
    /// user, [`OpenError::Unfinished`] if a restore was interrupted,
    /// [`OpenError::ReadableSecrets`] and [`OpenError::WritableByOthers`] if other users have
    /// access, [`OpenError::NothingToRead`] if it cannot be written and holds no registry,
    /// [`OpenError::NoScratch`] if it cannot be written and neither can the system's place for
    /// temporary files.
    pub fn open(root: &Path, disk: &dyn Disk) -> Result<Self, OpenError> {
        if let Some(reason) = disk.write_refusal(root) {
            return Self::open_for_reading(root, disk, &reason);
        }
        check_owner(root)?;
        make_dirs(disk, root)?;
        let dir = Self {
            root: root.to_owned(),
            shared: Arc::new(Shared::new(DirLock::take(root)?, Reserve::of(root, disk))),
        };
        dir.check_format(disk)?;
        for sub in [
            dir.journal(),
            dir.blobs(),
            dir.index(),
            dir.incoming(),
            dir.quarantine(),
            dir.secrets(),
        ] {
            make_dirs(disk, &sub)?;
        }
        // Existing directories may have been created by a process that was killed before it synced
        // them.
        for parent in [root, &root.join("blobs")] {
            disk.sync_dir(parent)
                .map_err(|error| StoreError::io("sync", parent, error))?;
        }
        check_root(disk, root)?;
        check_secrets(disk, &dir.secrets())?;
        // Written last, so that a directory with a format file is complete.
        dir.write_format(disk)?;
        Ok(dir)
    }

    /// Opens a directory that cannot be written, for `reason`.
    fn open_for_reading(
        root: &Path,
        disk: &dyn Disk,
        reason: &io::Error,
    ) -> Result<Self, OpenError> {
        let shared = Shared {
            read_only: Some(reason.to_string()),
            ..Shared::new(DirLock::share(root)?, Reserve::none(root))
        };
        let dir = Self {
            root: root.to_owned(),
            shared: Arc::new(shared),
        };
        if disk.metadata(&dir.format()).is_err() {
            let dir = dir.root;
            return Err(OpenError::NothingToRead { dir });
        }
        dir.check_format(disk)?;
        check_root(disk, root)?;
        check_secrets(disk, &dir.secrets())?;
        if let Err(source) = dir.scratch() {
            return Err(OpenError::NoScratch {
                dir: dir.root,
                source,
            });
        }
        tracing::warn!(
            dir = %root.display(),
            %reason,
            "the data directory cannot be written: the registry serves what is there, and refuses \
             every change"
        );
        Ok(dir)
    }

    /// Creates and locks a directory to restore a backup into. It cannot be opened before
    /// [`Self::finish_restore`] was called.
    pub(super) fn for_restore(root: &Path, disk: &dyn Disk) -> Result<Self, OpenError> {
        check_owner(root)?;
        make_dirs(disk, root)?;
        Ok(Self {
            root: root.to_owned(),
            shared: Arc::new(Shared::new(DirLock::take(root)?, Reserve::none(root))),
        })
    }

    /// Marks a restored directory as complete.
    pub(super) fn finish_restore(&self, disk: &dyn Disk) -> Result<(), StoreError> {
        self.write_format(disk)
    }

    /// Returns the directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder of the journal and its checkpoints.
    pub fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    /// Returns the folder of blobs, which has folders named by the first two digits of their
    /// SHA-256.
    pub fn blobs(&self) -> PathBuf {
        self.root.join("blobs").join("sha256")
    }

    /// Returns the folder of the index.
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// Returns the folder that an unusable index is moved to.
    pub fn unusable_index(&self) -> PathBuf {
        self.root.join("index.unusable")
    }

    /// Returns the folder of derived files: data read out of blobs, which can be read out of them
    /// again. It lies in the scratch space if the data directory cannot be written.
    pub fn derived(&self) -> PathBuf {
        let scratch = self.shared.scratch.get();
        let place = scratch.filter(|_| self.shared.read_only.is_some());
        place.map_or(&*self.root, Scratch::path).join("derived")
    }

    /// Returns why the directory cannot be written; `None` if it can.
    pub fn read_only(&self) -> Option<&str> {
        self.shared.read_only.as_deref()
    }

    /// Keeps `bytes` bytes of the disk, but at most an eighth of it, for the time when it is full;
    /// 0 keeps nothing. Uploads are refused when it gets close to that.
    pub fn keep_reserve(&self, disk: &dyn Disk, bytes: u64) {
        if self.read_only().is_none() {
            self.shared.reserve.resize(disk, bytes);
        }
    }

    /// Returns the space that is kept for a full disk.
    pub(super) fn reserve(&self) -> &Reserve {
        &self.shared.reserve
    }

    /// Returns a private directory outside the data directory. The first call makes it.
    pub(super) fn scratch(&self) -> io::Result<&Path> {
        if let Some(scratch) = self.shared.scratch.get() {
            return Ok(scratch.path());
        }
        let made = Scratch::make()?;
        Ok(self.shared.scratch.get_or_init(|| made).path())
    }

    /// Returns the folder of unfinished uploads.
    pub fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    /// Returns the folder that damaged blobs are moved to.
    pub fn quarantine(&self) -> PathBuf {
        self.root.join("quarantine")
    }

    /// Returns the folder of secrets, which only the owner may read.
    pub fn secrets(&self) -> PathBuf {
        self.root.join("secrets")
    }

    /// Returns the file with a time that is known to have passed.
    pub fn clock_floor(&self) -> PathBuf {
        self.root.join("clock")
    }

    /// Returns the file with the number of the data format.
    pub fn format(&self) -> PathBuf {
        self.root.join("format")
    }

    /// Sets the committer that works on the journal.
    pub(super) fn set_committer(&self, committer: &Arc<Committer>) {
        *self.shared.committer() = Arc::downgrade(committer);
    }

    /// Waits until everything that the index shows is on the disk. Whoever removes what a row may
    /// need calls this after it has looked for the row.
    ///
    /// # Errors
    ///
    /// [`StoreError::ReadOnly`] if the outcome of a write stays open until the next start: the
    /// journal may have a row that the index does not show.
    pub(super) fn settle_writes(&self) -> Result<(), StoreError> {
        let committer = self.shared.committer().upgrade();
        committer.map_or(Ok(()), |committer| committer.settle())
    }

    /// Fails as [`Self::settle_writes`] does, but does not wait for the disk.
    pub(super) fn check_writes(&self) -> Result<(), StoreError> {
        let committer = self.shared.committer().upgrade();
        committer.map_or(Ok(()), |committer| committer.check())
    }

    fn check_format(&self, disk: &dyn Disk) -> Result<(), OpenError> {
        let file = self.format();
        let text = match read_text(disk, &file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return self.check_is_new(disk);
            }
            Err(error) => return Err(StoreError::io("read", &file, error).into()),
        };
        match text.trim().parse::<u32>() {
            Ok(found) if found > FORMAT => Err(OpenError::NewerFormat {
                dir: self.root.clone(),
                found,
                known: FORMAT,
            }),
            Ok(1..) => Ok(()),
            Ok(0) | Err(_) => Err(OpenError::UnreadableFormat { file }),
        }
    }

    /// Checks that there is no data, because there is no format file.
    fn check_is_new(&self, disk: &dyn Disk) -> Result<(), OpenError> {
        for sub in [self.journal(), self.blobs()] {
            match disk.list(&sub) {
                Ok(names) if names.is_empty() => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Ok(_) => {
                    return Err(OpenError::Unfinished {
                        dir: self.root.clone(),
                    });
                }
                Err(error) => return Err(StoreError::io("list", &sub, error).into()),
            }
        }
        Ok(())
    }

    fn write_format(&self, disk: &dyn Disk) -> Result<(), StoreError> {
        let file = self.format();
        if disk.metadata(&file).is_ok() {
            return Ok(());
        }
        write_file(disk, &file, format!("{FORMAT}\n").as_bytes())
    }
}

/// Creates a directory and its parents, and makes their names durable.
pub(super) fn make_dirs(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    if disk.metadata(path).is_ok() {
        return Ok(());
    }
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        make_dirs(disk, parent)?;
    }
    match disk.create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(StoreError::io("make the directory", path, error));
        }
        Ok(()) | Err(_) => {}
    }
    let above = parent.unwrap_or(Path::new("."));
    disk.sync_dir(above)
        .map_err(|error| StoreError::io("sync", above, error))
}

impl fmt::Debug for DataDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DataDir").field(&self.root).finish()
    }
}

impl Shared {
    fn new(lock: DirLock, reserve: Reserve) -> Self {
        Self {
            _lock: lock,
            committer: Mutex::default(),
            reserve,
            read_only: None,
            scratch: OnceLock::new(),
        }
    }

    fn committer(&self) -> MutexGuard<'_, Weak<Committer>> {
        self.committer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses a directory that other users can write: they could replace our files.
fn check_root(disk: &dyn Disk, root: &Path) -> Result<(), OpenError> {
    let metadata = disk
        .metadata(root)
        .map_err(|error| StoreError::io("look at", root, error))?;
    if others_can_write(&metadata) {
        let path = root.to_owned();
        return Err(OpenError::WritableByOthers { path });
    }
    Ok(())
}

fn check_secrets(disk: &dyn Disk, secrets: &Path) -> Result<(), OpenError> {
    let names = disk
        .list(secrets)
        .map_err(|error| StoreError::io("list", secrets, error))?;
    let files = names.iter().map(|name| secrets.join(name));
    for path in std::iter::once(secrets.to_owned()).chain(files) {
        let metadata = disk
            .metadata(&path)
            .map_err(|error| StoreError::io("look at", &path, error))?;
        if others_can_read(&metadata) {
            return Err(OpenError::ReadableSecrets { path });
        }
    }
    Ok(())
}

#[cfg(unix)]
fn others_can_read(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0
}

#[cfg(unix)]
fn others_can_write(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o022 != 0
}

#[cfg(not(unix))]
fn others_can_write(_metadata: &std::fs::Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn others_can_read(_metadata: &std::fs::Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::super::RealDisk;
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    }

    #[test]
    fn t57_only_the_owner_can_read_the_data() {
        let temp = tempfile::tempdir().expect("a directory");
        let root = temp.path().join("data");
        let dir = DataDir::open(&root, &RealDisk).expect("a new directory opens");
        for path in [root, dir.journal(), dir.blobs(), dir.secrets(), dir.index()] {
            assert_eq!(mode(&path), 0o700, "{}", path.display());
        }
        assert_eq!(mode(&dir.format()), 0o600);
    }

    #[test]
    fn t57_a_secret_that_others_can_read_is_refused() {
        let temp = tempfile::tempdir().expect("a directory");
        let secret = DataDir::open(temp.path(), &RealDisk)
            .expect("a new directory opens")
            .secrets()
            .join("key");
        fs::write(&secret, "x").expect("a secret");
        for (mode, refused) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
            fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).expect("its mode");
            let opened = DataDir::open(temp.path(), &RealDisk);
            assert_eq!(
                matches!(opened, Err(OpenError::ReadableSecrets { .. })),
                refused,
                "{mode:o}"
            );
        }
    }

    #[test]
    fn t57_a_directory_that_others_can_write_is_refused() {
        let temp = tempfile::tempdir().expect("a directory");
        for (mode, refused) in [(0o777, true), (0o770, true), (0o755, false), (0o700, false)] {
            fs::set_permissions(temp.path(), fs::Permissions::from_mode(mode)).expect("its mode");
            let opened = DataDir::open(temp.path(), &RealDisk);
            let found = matches!(opened, Err(OpenError::WritableByOthers { .. }));
            assert_eq!(found, refused, "{mode:o}");
        }
    }

    #[test]
    fn t57_one_process_at_a_time() {
        let temp = tempfile::tempdir().expect("a directory");
        let first = DataDir::open(temp.path(), &RealDisk).expect("a new directory opens");
        let second = DataDir::open(temp.path(), &RealDisk);
        assert!(matches!(second, Err(OpenError::Locked { .. })));
        drop(first);
        assert!(DataDir::open(temp.path(), &RealDisk).is_ok());
    }

    #[test]
    fn t66_a_newer_format_is_refused() {
        let temp = tempfile::tempdir().expect("a directory");
        let path = DataDir::open(temp.path(), &RealDisk)
            .expect("a new directory opens")
            .format();
        for (content, newer) in [("2", true), ("", false), ("x", false), ("0", false)] {
            fs::write(&path, content).expect("a format");
            let error = DataDir::open(temp.path(), &RealDisk).expect_err("it is refused");
            assert_eq!(matches!(error, OpenError::NewerFormat { .. }), newer);
        }
    }

    #[test]
    fn data_without_a_format_is_an_interrupted_restore() {
        let temp = tempfile::tempdir().expect("a directory");
        let dir = DataDir::open(temp.path(), &RealDisk).expect("a new directory opens");
        fs::write(dir.journal().join("000001.log"), "").expect("a journal file");
        fs::remove_file(dir.format()).expect("the format goes");
        drop(dir);
        let opened = DataDir::open(temp.path(), &RealDisk);
        assert!(matches!(opened, Err(OpenError::Unfinished { .. })));
    }
}
