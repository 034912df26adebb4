//! The part of a served archive that is held in memory for inspection: Terraform code, READMEs, the
//! licence and the change log. Of all other files only path and size are known.

use std::collections::BTreeMap;
use std::io::Read;

use super::tar_gz::{EntryKind, TarGz};
use super::{ArchiveError, ArchiveFile, ArchiveLimits, ArchivePath};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// The limits on what is held in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeLimits {
    /// The most bytes of one file with code; a larger one is left out.
    pub code_bytes: u64,
    /// The most bytes of one README, licence or change log; a larger one is cut off.
    pub text_bytes: u64,
    /// The most bytes of all files together; files beyond them are left out.
    pub total_bytes: u64,
}

impl Default for TreeLimits {
    fn default() -> Self {
        Self {
            code_bytes: 4 * MIB,
            text_bytes: 512 * KIB,
            total_bytes: 64 * MIB,
        }
    }
}

/// The content of a file, as far as it is held in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptFile {
    /// The first bytes of the file.
    pub content: Vec<u8>,
    /// Whether the file has more bytes.
    pub truncated: bool,
}

/// The files of a module, some of them with their content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModuleTree {
    files: Vec<ArchiveFile>,
    kept: BTreeMap<ArchivePath, KeptFile>,
    incomplete: bool,
}

impl ModuleTree {
    /// Reads a served archive, which has files only and no wrapping folder.
    pub fn read(
        archive: impl Read,
        archive_limits: &ArchiveLimits,
        limits: &TreeLimits,
    ) -> Result<Self, ArchiveError> {
        let mut archive = TarGz::open(archive, archive_limits)?;
        let mut tree = Self::default();
        let mut left = limits.total_bytes;
        while let Some(entry) = archive.next_entry()? {
            let (EntryKind::File(size), Some(path)) = (entry.kind, entry.path) else {
                continue;
            };
            let wanted = match purpose(&path) {
                Purpose::Code if size > limits.code_bytes => Some(0),
                Purpose::Code => Some(size),
                Purpose::Text => Some(size.min(limits.text_bytes)),
                Purpose::None => None,
            };
            if let Some(wanted) = wanted {
                let mut kept = KeptFile {
                    truncated: wanted < size,
                    ..KeptFile::default()
                };
                if wanted <= left {
                    left -= wanted;
                    archive
                        .by_ref()
                        .take(wanted)
                        .read_to_end(&mut kept.content)?;
                } else {
                    kept.truncated = true;
                    tree.incomplete = true;
                }
                tree.kept.insert(path.clone(), kept);
            }
            tree.files.push(ArchiveFile { path, size });
        }
        tree.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// Returns every file, sorted by path.
    pub fn files(&self) -> &[ArchiveFile] {
        &self.files
    }

    /// Iterates over the files with content, sorted by path.
    pub fn kept_files(&self) -> impl Iterator<Item = (&ArchivePath, &KeptFile)> {
        self.kept.iter()
    }

    /// Returns the content of the file at `path`; `None` if it is not held in memory.
    pub fn get(&self, path: &str) -> Option<&KeptFile> {
        self.kept.get(path)
    }

    /// Returns whether a file was left out because all together would have been too large.
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }
}

/// Why the content of a file is needed.
enum Purpose {
    Code,
    Text,
    None,
}

/// The endings of the names of files with code.
const CODE: [&str; 4] = [".tf", ".tofu", ".tf.json", ".tofu.json"];

/// The starts of the names of text files that are read at the top level, in lower case.
const TOP_TEXTS: [&str; 6] = [
    "readme",
    "license",
    "licence",
    "copying",
    "unlicense",
    "changelog",
];

fn purpose(path: &ArchivePath) -> Purpose {
    let (top, name) = (path.folder().is_none(), path.file_name());
    let folder = path.folder().unwrap_or_default();
    let in_place = |parent: &str| folder.split('/').next() == Some(parent);
    if !(top || in_place("modules") || in_place("examples")) || name.starts_with('.') {
        return Purpose::None;
    }
    if CODE.iter().any(|ending| name.ends_with(ending)) {
        return Purpose::Code;
    }
    let name = name.to_ascii_lowercase();
    let wanted = if top { &TOP_TEXTS[..] } else { &["readme"] };
    if wanted.iter().any(|start| name.starts_with(start)) {
        Purpose::Text
    } else {
        Purpose::None
    }
}

#[cfg(test)]
mod tests {
    use super::super::ArchiveWriter;
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ArchiveWriter::new(Vec::new()).expect("a vector takes everything");
        for (path, content) in files {
            let path = path.parse().expect("a valid path");
            let size = u64::try_from(content.len()).expect("a short text");
            writer
                .file(&path, false, size, content.as_bytes())
                .expect("a vector takes everything");
        }
        writer.finish().expect("a vector takes everything")
    }

    fn read(files: &[(&str, &str)], limits: &TreeLimits) -> ModuleTree {
        ModuleTree::read(&*archive(files), &ArchiveLimits::default(), limits)
            .expect("a good archive")
    }

    #[test]
    fn what_inspection_needs_is_kept() {
        let files = [
            ("main.tf", "a"),
            ("x.tofu.json", "{}"),
            ("README.md", "r"),
            ("LICENSE", "l"),
            ("CHANGELOG.md", "c"),
            (".hidden.tf", "h"),
            ("image.png", "p"),
            ("modules/a/b.tf", "b"),
            ("modules/a/readme", "r"),
            ("modules/a/LICENSE", "l"),
            ("other/main.tf", "o"),
        ];
        let tree = read(&files, &TreeLimits::default());
        let kept: Vec<_> = tree.kept_files().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            kept,
            [
                "CHANGELOG.md",
                "LICENSE",
                "README.md",
                "main.tf",
                "modules/a/b.tf",
                "modules/a/readme",
                "x.tofu.json"
            ]
        );
        assert_eq!(tree.files().len(), files.len());
        assert!(tree.files().is_sorted_by(|a, b| a.path < b.path));
        assert_eq!(tree.get("main.tf").expect("is kept").content, b"a");
        assert!(!tree.is_incomplete());
    }

    #[test]
    fn each_limit_holds() {
        let limits = TreeLimits {
            code_bytes: 4,
            text_bytes: 3,
            total_bytes: 8,
        };
        let files = [
            ("README", "12345"),
            ("a.tf", "12345"),
            ("b.tf", "1234"),
            ("c.tf", "12"),
            ("d.tf", "1"),
        ];
        let tree = read(&files, &limits);
        let kept = |path| {
            let file = tree.get(path).expect("is kept");
            (file.content.len(), file.truncated)
        };
        assert_eq!(kept("README"), (3, true));
        assert_eq!(kept("a.tf"), (0, true));
        assert_eq!(kept("b.tf"), (4, false));
        assert_eq!(kept("c.tf"), (0, true));
        assert_eq!(kept("d.tf"), (1, false));
        assert!(tree.is_incomplete());
        assert_eq!(tree.files().iter().map(|file| file.size).sum::<u64>(), 17);
    }
}
