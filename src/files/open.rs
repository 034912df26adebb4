//! Opens and reads a file, and nothing else that a path may lead to.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use super::{LocalFileError, SpecialFile};

/// Opens a file for reading, and returns it with what the system knows about it.
///
/// It never waits: a pipe, a socket or a device is refused, also if it takes the place of a file
/// just before it is opened.
///
/// # Errors
///
/// [`LocalFileError::NotAFile`] if the path leads to something else, and [`LocalFileError::Read`]
/// if the system refuses.
pub fn open_file(path: &Path) -> Result<(File, Metadata), LocalFileError> {
    let unreadable = LocalFileError::reading(path);
    let check = |metadata: Metadata| match SpecialFile::of(metadata.file_type()) {
        None => Ok(metadata),
        Some(kind) => Err(LocalFileError::NotAFile {
            path: path.to_owned(),
            kind,
        }),
    };
    // Opening some devices does something, so their type is looked at first.
    check(fs::metadata(path).map_err(&unreadable)?)?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty());
    let file = File::from(opened.map_err(|error| unreadable(error.into()))?);
    let metadata = check(file.metadata().map_err(&unreadable)?)?;
    Ok((file, metadata))
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
///
/// Those of [`open_file`], and [`LocalFileError::TooLarge`] if the file has more bytes.
pub fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, LocalFileError> {
    let too_large = || LocalFileError::TooLarge {
        path: path.to_owned(),
        limit,
    };
    let (file, metadata) = open_file(path)?;
    if metadata.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    let read = read.map_err(LocalFileError::reading(path))?;
    if u64::try_from(read).is_ok_and(|read| read <= limit) {
        Ok(bytes)
    } else {
        Err(too_large())
    }
}

/// Reads a file of at most `limit` bytes as text.
///
/// # Errors
///
/// Those of [`read_file`], and [`LocalFileError::NotText`] if the bytes are not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String, LocalFileError> {
    String::from_utf8(read_file(path, limit)?).map_err(|_| LocalFileError::NotText {
        path: path.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    fn kind_of(path: &Path) -> Option<SpecialFile> {
        match open_file(path) {
            Err(LocalFileError::NotAFile { kind, .. }) => Some(kind),
            _ => None,
        }
    }

    #[test]
    fn p15_only_files_are_opened_and_nothing_waits() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "text").unwrap();
        std::os::unix::fs::symlink(at("file"), at("link")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status();
        assert!(made.unwrap().success());
        std::os::unix::fs::symlink(at("pipe"), at("link to a pipe")).unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();
        assert_eq!(read_text(&at("file"), 4).unwrap(), "text");
        assert_eq!(read_text(&at("link"), 4).unwrap(), "text");
        assert_eq!(kind_of(&at("pipe")), Some(SpecialFile::Pipe));
        assert_eq!(kind_of(&at("link to a pipe")), Some(SpecialFile::Pipe));
        assert_eq!(kind_of(&at("socket")), Some(SpecialFile::Socket));
        assert_eq!(kind_of(folder.path()), Some(SpecialFile::Folder));
        assert_eq!(kind_of(Path::new("/dev/zero")), Some(SpecialFile::Device));
        assert!(open_file(&at("nothing")).unwrap_err().is_missing());
    }

    #[test]
    fn p15_a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_file(&path, 5).unwrap(), b"12345");
        let refused = read_file(&path, 4).unwrap_err();
        assert!(matches!(refused, LocalFileError::TooLarge { limit: 4, .. }));
        fs::write(&path, [0xff]).unwrap();
        let refused = read_text(&path, 5).unwrap_err();
        assert!(matches!(refused, LocalFileError::NotText { .. }));
        // A file that says it is empty may have a content, as those of `/proc`.
        let status = Path::new("/proc/self/status");
        if status.exists() {
            assert!(read_file(status, 16).is_err());
            assert!(!read_file(status, 1 << 20).unwrap().is_empty());
        }
    }
}
