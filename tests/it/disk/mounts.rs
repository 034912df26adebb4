//! A small disk, for tests that fill it or mount it read-only. Mounting needs root.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::left_out::left_out;

/// A disk of its own, which is unmounted when this is dropped.
pub(crate) struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts a disk of `mebibytes`; `None` if this user may not mount.
    pub(crate) fn mount(mebibytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let size = format!("size={mebibytes}m,mode=700");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self { folder });
        }
        left_out("TOOLS", "a small disk can be mounted by root only");
        None
    }

    /// Returns the path of a data directory on the disk.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Makes the disk read-only, or writable again. Nothing may be open for writing.
    pub(crate) fn remount(&self, how: &str) {
        let options = format!("remount,{how}");
        let mounted = Command::new("mount")
            .args(["-o", &options])
            .arg(self.folder.path())
            .status();
        assert!(mounted.expect("mount runs").success(), "remount,{how}");
    }

    /// Fills the disk to the last byte, as another program would; returns how many bytes it took.
    pub(crate) fn fill(&self) -> u64 {
        let path = self.filler();
        let mut file = File::options()
            .append(true)
            .create(true)
            .open(&path)
            .expect("a file");
        // Ever smaller pieces, down to the last page.
        for piece in [1 << 20, 1 << 16, 1 << 12] {
            while file.write_all(&vec![1; piece]).is_ok() {}
        }
        file.metadata().map_or(0, |found| found.len())
    }

    /// Frees what [`Self::fill`] took.
    pub(crate) fn free(&self) {
        match std::fs::remove_file(self.filler()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
            Ok(()) | Err(_) => {}
        }
    }

    fn filler(&self) -> PathBuf {
        self.folder.path().join("of-another-program")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, because a test that failed may leave files open.
        let unmounted = unmount(self.folder.path());
        assert!(unmounted || std::thread::panicking(), "it is not unmounted");
    }
}

fn unmount(path: &Path) -> bool {
    let status = Command::new("umount").arg("-l").arg(path).status();
    status.is_ok_and(|status| status.success())
}
