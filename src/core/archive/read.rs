//! Reads parts of a served archive: the list of its files, and the content of some of them.

use std::collections::BTreeMap;
use std::io::Read;

use super::tar_gz::{EntryKind, TarGz};
use super::{ArchiveError, ArchiveFile, ArchiveLimits};

/// The files to read while all are listed.
#[derive(Debug, Clone, Copy)]
pub struct FileSelection<F> {
    /// Decides by its path whether a file is read.
    pub is_wanted: F,
    /// The most bytes that are read of each file.
    pub max_bytes: u64,
    /// The most files that are read; the first ones by path.
    pub max_files: usize,
}

/// The result of one pass over an archive.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FoundFiles {
    /// All files, sorted by path.
    pub files: Vec<ArchiveFile>,
    /// The first bytes of the selected files, by path.
    pub contents: BTreeMap<String, Vec<u8>>,
}

/// Lists the files of `archive` and reads the selected ones.
pub fn find_files(
    archive: impl Read,
    wanted: &FileSelection<impl Fn(&str) -> bool>,
    limits: &ArchiveLimits,
) -> Result<FoundFiles, ArchiveError> {
    let mut archive = TarGz::open(archive, limits)?;
    let mut found = FoundFiles::default();
    while let Some(entry) = archive.next_entry()? {
        let (EntryKind::File(size), Some(path)) = (entry.kind, entry.path) else {
            continue;
        };
        if (wanted.is_wanted)(path.as_str()) {
            let mut content = Vec::new();
            (&mut archive)
                .take(size.min(wanted.max_bytes))
                .read_to_end(&mut content)?;
            found.contents.insert(path.as_str().to_owned(), content);
            // Never hold more files than are selected, in whatever order they come.
            if found.contents.len() > wanted.max_files {
                found.contents.pop_last();
            }
        }
        found.files.push(ArchiveFile { path, size });
    }
    found.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Calls `visit` with the first bytes of each selected file, in the order of the archive. One file
/// at a time is in memory.
pub fn each_file(
    archive: impl Read,
    wanted: impl Fn(&str) -> Option<u64>,
    limits: &ArchiveLimits,
    mut visit: impl FnMut(&str, &[u8]),
) -> Result<(), ArchiveError> {
    let mut archive = TarGz::open(archive, limits)?;
    let mut content = Vec::new();
    while let Some(entry) = archive.next_entry()? {
        let (EntryKind::File(size), Some(path)) = (entry.kind, entry.path) else {
            continue;
        };
        if let Some(max_bytes) = wanted(path.as_str()) {
            content.clear();
            (&mut archive)
                .take(size.min(max_bytes))
                .read_to_end(&mut content)?;
            visit(path.as_str(), &content);
        }
    }
    Ok(())
}

/// Returns the first `max_bytes` bytes of the file at `path`; `None` if there is no such file.
///
/// The archive is not read beyond that file.
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

        let find = |is_wanted: fn(&str) -> bool, max_bytes, max_files| {
            let wanted = FileSelection {
                is_wanted,
                max_bytes,
                max_files,
            };
            find_files(&*archive, &wanted, &limits).expect("a good archive")
        };
        let found = find(|_| false, 9, 9);
        let listed: Vec<_> = found
            .files
            .iter()
            .map(|f| (f.path.as_str(), f.size))
            .collect();
        assert_eq!(listed, [("a/b.txt", 3), ("empty", 0), ("main.tf", 4)]);
        assert!(found.contents.is_empty());
        let some = find(|path| path != "empty", 2, 9);
        assert_eq!(some.files, found.files);
        let content = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
        let both = [content("a/b.txt", "be"), content("main.tf", "ma")];
        assert_eq!(some.contents, BTreeMap::from(both));
        let first = find(|_| true, 9, 1).contents;
        assert_eq!(first, BTreeMap::from([content("a/b.txt", "bee")]));

        let mut seen = Vec::new();
        let wanted = |path: &str| (path != "empty").then_some(3);
        let note = |path: &str, content: &[u8]| seen.push((path.to_owned(), content.to_vec()));
        each_file(&*archive, wanted, &limits, note).expect("a good archive");
        assert_eq!(seen, [content("main.tf", "mai"), content("a/b.txt", "bee")]);

        let read = |path, max| read_file(&*archive, path, max, &limits).expect("a good archive");
        assert_eq!(read("a/b.txt", 100), Some(b"bee".to_vec()));
        assert_eq!(read("a/b.txt", 2), Some(b"be".to_vec()));
        assert_eq!(read("empty", 2), Some(Vec::new()));
        assert_eq!(read("a", 100), None);
        assert_eq!(read("../main.tf", 100), None);
    }
}
