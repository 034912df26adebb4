//! The second pass: it writes the archive again, without its wrapping folder, with copies in place
//! of links, and with plain permissions.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};

use super::tar_gz::{EntryKind, TarGz};
use super::{ArchiveError, ArchiveLimits, ArchivePath, ArchiveWriter};

/// The changes that repacking makes. [`examine`](super::examine()) plans them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepackPlan {
    /// The folder that is removed; `None` if nothing wraps the files.
    pub(super) wrapping: Option<ArchivePath>,
    /// The files that are left out, by their paths in the upload.
    pub(super) left_out: BTreeSet<ArchivePath>,
    /// The number of files after repacking.
    pub(super) files: usize,
    /// For each file that links lead to, the paths at which a copy is written.
    pub(super) copies: BTreeMap<ArchivePath, Vec<ArchivePath>>,
}

/// Reads `upload` again and writes it to `out` with the changes of `plan`.
///
/// The same upload always gives the same bytes. Folders are not written: they follow from the
/// paths of files, and Terraform has no use for empty ones.
///
/// # Errors
///
/// [`ArchiveError::Io`] if reading or writing fails; [`ArchiveError::Changed`] if `upload` is not
/// the archive that `plan` was made for.
pub fn repack(
    upload: impl Read,
    plan: &RepackPlan,
    limits: &ArchiveLimits,
    out: impl Write,
) -> Result<(), ArchiveError> {
    let mut archive = TarGz::open(upload, limits)?;
    let mut writer = ArchiveWriter::new(out)?;
    let mut written = 0;
    while let Some(entry) = archive.next_entry()? {
        let (EntryKind::File(size), Some(path)) = (entry.kind, entry.path) else {
            continue;
        };
        if plan.left_out.contains(&path) {
            continue;
        }
        let path = match &plan.wrapping {
            Some(folder) => path.inside(folder.as_str()).ok_or(ArchiveError::Changed)?,
            None => path,
        };
        let executable = entry.mode & 0o100 != 0;
        written += 1;
        let Some(copies) = plan.copies.get(&path) else {
            writer.file(&path, executable, size, &mut archive)?;
            continue;
        };
        if size > limits.linked_file_bytes {
            return Err(ArchiveError::Changed);
        }
        // The file is kept in memory, so that the upload is not read again for each copy.
        let mut content = Vec::new();
        archive.read_to_end(&mut content)?;
        for path in [&path].into_iter().chain(copies) {
            writer.file(path, executable, size, &*content)?;
        }
        written += copies.len();
    }
    if written != plan.files {
        return Err(ArchiveError::Changed);
    }
    writer.finish()?.flush()?;
    Ok(())
}
