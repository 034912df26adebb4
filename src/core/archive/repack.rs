//! The second pass: the archive is written anew, with its wrapping folder removed, copies in the
//! place of links, and plain permissions.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use super::tar_gz::{EntryKind, TarGz};
use super::{ArchiveError, ArchiveLimits, ArchivePath, ArchiveWriter};

/// What repacking an archive changes. Made by [`examine`](super::examine()).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepackPlan {
    /// The folder that is removed.
    pub(super) wrapping: Option<ArchivePath>,
    /// How many files there are afterwards.
    pub(super) files: usize,
    /// For each file that links lead to, the paths that get a copy of it.
    pub(super) copies: BTreeMap<ArchivePath, Vec<ArchivePath>>,
}

/// Reads `upload` again and writes it to `out` as `plan` has it.
///
/// The same upload always gives the same bytes. Folders are not written: they follow from the
/// paths of files, and Terraform has no use for empty ones.
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
        // Kept in memory so that the upload is read once more and not once for each copy.
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
