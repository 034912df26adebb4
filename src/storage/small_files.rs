//! Small files that are written as a whole, read as text, and removed if they are there.

use std::io::{self, Read};
use std::path::Path;

use super::{Disk, StoreError};

/// Writes a small file atomically: after a crash it has either this content or the old one.
pub(super) fn write_file(disk: &dyn Disk, path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let write = || -> io::Result<()> {
        remove_if_there(disk, &new)?;
        let file = disk.create(&new)?;
        file.append(content)?;
        file.sync_all()?;
        disk.rename(&new, path)?;
        disk.sync_dir(path.parent().unwrap_or(Path::new("/")))
    };
    write().map_err(|error| StoreError::io("write", path, error))
}

/// Removes a file, if it exists.
pub(super) fn remove_if_there(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.remove(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Reads a small text file.
pub(super) fn read_text(disk: &dyn Disk, path: &Path) -> io::Result<String> {
    let mut text = String::new();
    disk.open(path)?.read_to_string(&mut text)?;
    Ok(text)
}
