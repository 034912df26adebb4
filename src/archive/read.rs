//! Single questions to a served archive: which files it holds, and the content of one of them.

use std::io::Read;

use super::tar_gz::{EntryKind, TarGz};
use super::{ArchiveError, ArchiveFile, ArchiveLimits};

/// The files of `archive`, sorted by path.
pub fn list_files(
    archive: impl Read,
    limits: &ArchiveLimits,
) -> Result<Vec<ArchiveFile>, ArchiveError> {
    let mut archive = TarGz::open(archive, limits)?;
    let mut files = Vec::new();
    while let Some(entry) = archive.next_entry()? {
        if let (EntryKind::File(size), Some(path)) = (entry.kind, entry.path) {
            files.push(ArchiveFile { path, size });
        }
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The first `max_bytes` bytes of the file at `path`; absent where there is no such file.
///
/// What comes after the file is not read.
pub fn read_file(
    archive: impl Read,
    path: &str,
    max_bytes: u64,
    limits: &ArchiveLimits,
) -> Result<Option<Vec<u8>>, ArchiveError> {
    let mut archive = TarGz::open(archive, limits)?;
    while let Some(entry) = archive.next_entry()? {
        let is_it = entry.path.is_some_and(|found| found.as_str() == path);
        if let (true, EntryKind::File(size)) = (is_it, entry.kind) {
            let mut content = Vec::new();
            archive
                .take(size.min(max_bytes))
                .read_to_end(&mut content)?;
            return Ok(Some(content));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::ArchiveWriter;
    use super::*;

    #[test]
    fn files_are_listed_and_read() {
        let mut writer = ArchiveWriter::new(Vec::new()).expect("a vector takes everything");
        for (path, content) in [("main.tf", "main"), ("a/b.txt", "bee"), ("empty", "")] {
            let path = path.parse().expect("a valid path");
            let size = u64::try_from(content.len()).expect("a short text");
            writer
                .file(&path, false, size, content.as_bytes())
                .expect("a vector takes everything");
        }
        let archive = writer.finish().expect("a vector takes everything");
        let limits = ArchiveLimits::default();

        let files = list_files(&*archive, &limits).expect("a good archive");
        let listed: Vec<_> = files.iter().map(|f| (f.path.as_str(), f.size)).collect();
        assert_eq!(listed, [("a/b.txt", 3), ("empty", 0), ("main.tf", 4)]);

        let read = |path, max| read_file(&*archive, path, max, &limits).expect("a good archive");
        assert_eq!(read("a/b.txt", 100), Some(b"bee".to_vec()));
        assert_eq!(read("a/b.txt", 2), Some(b"be".to_vec()));
        assert_eq!(read("empty", 2), Some(Vec::new()));
        assert_eq!(read("a", 100), None);
        assert_eq!(read("../main.tf", 100), None);
    }
}
