//! All names of an archive. Each name is unique on every file system, nothing lies below a file or
//! a link, and a folder that wraps the rest is recognised. Contents are not stored.

use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use unicode_normalization::UnicodeNormalization;

use super::tar_gz::{Entry, EntryKind};
use super::{ArchiveError, ArchiveLimits, ArchivePath, mac_files};

/// The kind of a path in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A file, with its size in bytes.
    File(u64),
    /// A folder.
    Folder {
        /// Whether the archive has an entry for the folder itself.
        listed: bool,
    },
    /// A symbolic link, with its relative target.
    Link(String),
}

/// Every path of an archive, in order.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    nodes: BTreeMap<ArchivePath, Node>,
    /// The paths by the form that is equal on file systems which ignore case and Unicode
    /// composition.
    folded: HashMap<String, ArchivePath>,
    root_listed: bool,
    odd_modes: u64,
    /// The files that macOS adds for the folder that was packed.
    mac_files: usize,
}

impl Catalogue {
    /// Adds the next entry.
    pub(super) fn add(&mut self, entry: Entry, limits: &ArchiveLimits) -> Result<(), ArchiveError> {
        if matches!(entry.kind, EntryKind::MacFile) {
            self.mac_files += 1;
            return Ok(());
        }
        if has_odd_mode(&entry) {
            self.odd_modes += 1;
        }
        let Some(path) = entry.path else {
            if self.root_listed {
                return Err(ArchiveError::NameDuplicate("./".into()));
            }
            self.root_listed = true;
            return Ok(());
        };
        for folder in path.ancestors() {
            self.add_ancestor(folder, &path)?;
        }
        let node = match entry.kind {
            EntryKind::File(size) => Node::File(size),
            EntryKind::Folder => Node::Folder { listed: true },
            EntryKind::Link(target) => Node::Link(target),
            EntryKind::MacFile => return Ok(()),
        };
        match (self.nodes.get_mut(&path), &node) {
            (None, _) => self.insert(path, node)?,
            (Some(Node::Folder { listed }), Node::Folder { .. }) if !*listed => *listed = true,
            (Some(Node::Folder { listed: false }), Node::Link(_)) => {
                return Err(ArchiveError::BelowLink {
                    entry: self.first_below(&path).into(),
                    link: path.into(),
                });
            }
            (Some(Node::Folder { .. }), Node::File(_))
            | (Some(Node::File(_)), Node::Folder { .. }) => {
                return Err(ArchiveError::NameConflict(path.into()));
            }
            (Some(_), _) => return Err(ArchiveError::NameDuplicate(path.into())),
        }
        self.check_count(limits)
    }

    /// Returns the kind of `path`; `None` if the archive has no such path.
    pub(super) fn get(&self, path: &str) -> Option<&Node> {
        self.nodes.get(path)
    }

    /// Iterates over all paths in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&ArchivePath, &Node)> {
        self.nodes.iter()
    }

    /// Iterates over all paths below `folder`, in their order.
    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = (&ArchivePath, &Node)> {
        let prefix = format!("{folder}/");
        let from = (Bound::Included(&*prefix), Bound::Unbounded);
        self.nodes
            .range::<str, _>(from)
            .take_while(move |(path, _)| path.as_str().starts_with(&prefix))
    }

    /// Takes the files that macOS added out of the catalogue, and the folders that held nothing
    /// else. Returns their paths.
    pub(super) fn take_mac_files(&mut self) -> BTreeSet<ArchivePath> {
        let files = mac_files::find(self);
        for path in &files {
            self.nodes.remove(path);
            self.mac_files += 1;
        }
        for path in &files {
            let mut folder = path.folder();
            while let Some(path) = folder
                && matches!(self.get(path), Some(Node::Folder { .. }))
                && self.below(path).next().is_none()
            {
                self.nodes.remove(path);
                folder = path.rsplit_once('/').map(|(above, _)| above);
            }
        }
        files
    }

    /// Returns the number of files that macOS added.
    pub(super) fn mac_files(&self) -> usize {
        self.mac_files
    }

    /// Returns the number of entries whose permission bits are not kept.
    pub(super) fn odd_modes(&self) -> u64 {
        self.odd_modes
    }

    /// Returns the number of empty folders that the archive lists.
    pub(super) fn empty_folders(&self) -> usize {
        self.nodes
            .iter()
            .filter(|(_, node)| matches!(node, Node::Folder { listed: true }))
            .filter(|(path, _)| self.below(path.as_str()).next().is_none())
            .count()
    }

    /// Returns the single top-level folder that holds everything, as `git archive --prefix` and
    /// repository hosts make it; `None` if there is none.
    ///
    /// `modules` and `examples` never count as such a folder, since they hold parts of a module.
    pub(super) fn wrapping_folder(&self) -> Option<ArchivePath> {
        let mut top = self
            .nodes
            .iter()
            .filter(|(path, _)| path.folder().is_none());
        match (top.next(), top.next()) {
            (Some((path, Node::Folder { .. })), None)
                if !matches!(path.as_str(), "modules" | "examples") =>
            {
                Some(path.clone())
            }
            _ => None,
        }
    }

    /// Returns the catalogue with all paths relative to `folder`.
    #[must_use]
    pub(super) fn inside(self, folder: &ArchivePath) -> Self {
        let nodes = self.nodes.into_iter();
        Self {
            nodes: nodes
                .filter_map(|(path, node)| Some((path.inside(folder.as_str())?, node)))
                .collect(),
            ..self
        }
    }

    fn add_ancestor(&mut self, folder: ArchivePath, of: &ArchivePath) -> Result<(), ArchiveError> {
        match self.nodes.get(&folder) {
            Some(Node::Folder { .. }) => Ok(()),
            Some(Node::File(_)) => Err(ArchiveError::NameConflict(folder.into())),
            Some(Node::Link(_)) => Err(ArchiveError::BelowLink {
                entry: of.into(),
                link: folder.into(),
            }),
            None => self.insert(folder, Node::Folder { listed: false }),
        }
    }

    fn insert(&mut self, path: ArchivePath, node: Node) -> Result<(), ArchiveError> {
        match self.folded.entry(fold(path.as_str())) {
            Slot::Vacant(slot) => {
                slot.insert(path.clone());
            }
            Slot::Occupied(other) => {
                return Err(ArchiveError::NameCollision {
                    first: other.get().into(),
                    second: path.into(),
                });
            }
        }
        self.nodes.insert(path, node);
        Ok(())
    }

    fn first_below(&self, folder: &ArchivePath) -> String {
        let first = self.below(folder.as_str()).next();
        first.map_or_else(String::new, |(path, _)| path.to_string())
    }

    /// Checks the number of paths. Folders count even if no entry lists them: each takes memory
    /// here.
    fn check_count(&self, limits: &ArchiveLimits) -> Result<(), ArchiveError> {
        let count = u64::try_from(self.nodes.len()).unwrap_or(u64::MAX);
        if count > limits.entries {
            return Err(ArchiveError::TooManyEntries {
                limit: limits.entries,
            });
        }
        Ok(())
    }
}

/// Returns whether an entry has setuid, setgid or sticky bits, is writable by everybody, or
/// readable by nobody. Modes of links mean nothing.
fn has_odd_mode(entry: &Entry) -> bool {
    let mode = entry.mode;
    let odd = mode & 0o7000 != 0 || mode & 0o002 != 0 || mode & 0o444 == 0;
    odd && !matches!(entry.kind, EntryKind::Link(_))
}

/// Returns the form in which two paths are equal if they are one path on macOS or Windows.
fn fold(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    // Upper case and then lower case, for letters such as the two lower-case sigmas that have only
    // the upper-case letter in common.
    let decomposed = path.nfd().flat_map(char::to_uppercase);
    decomposed.flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(entries: &[(&str, EntryKindOf)]) -> Result<Catalogue, ArchiveError> {
        let limits = ArchiveLimits::default();
        let mut catalogue = Catalogue::default();
        for (path, kind) in entries {
            let kind = match kind {
                File => EntryKind::File(1),
                Folder => EntryKind::Folder,
                Link => EntryKind::Link("x".to_owned()),
            };
            let path = Some(path.parse().expect("a valid path"));
            let mode = 0o644;
            catalogue.add(Entry { path, kind, mode }, &limits)?;
        }
        Ok(catalogue)
    }

    #[derive(Clone, Copy)]
    enum EntryKindOf {
        File,
        Folder,
        Link,
    }
    use EntryKindOf::{File, Folder, Link};

    #[test]
    fn t06_each_name_is_there_once() {
        for (first, second, code) in [
            (("a", File), ("a", File), "name-duplicate"),
            (("a", Folder), ("a", Folder), "name-duplicate"),
            (("a", Link), ("a", File), "name-duplicate"),
            (("a", File), ("a/b", File), "name-conflict"),
            (("a/b", File), ("a", File), "name-conflict"),
            (("a", File), ("a", Folder), "name-conflict"),
            (("a", Link), ("a/b", File), "below-link"),
            (("a/b", File), ("a", Link), "below-link"),
            (("README.md", File), ("readme.md", File), "name-collision"),
            (("Docs/a", File), ("docs/b", File), "name-collision"),
            (("caf\u{e9}", File), ("cafe\u{301}", File), "name-collision"),
            (("ΑΣ", File), ("ας", File), "name-collision"),
            (("straße", File), ("STRASSE", File), "name-collision"),
            (("\u{212a}.tf", File), ("k.tf", File), "name-collision"),
        ] {
            let error = catalogue(&[first, second]).expect_err(first.0);
            assert_eq!(error.code(), code, "{} {}", first.0, second.0);
        }
        assert!(catalogue(&[("a/b", File), ("a", Folder), ("a-b", File)]).is_ok());
    }

    #[test]
    fn a_folder_that_holds_everything_wraps_it() {
        let wrapping = |entries: &[_]| {
            let found = catalogue(entries).expect("fits together").wrapping_folder();
            found.map(|path| path.to_string())
        };
        assert_eq!(wrapping(&[("w/main.tf", File)]), Some("w".to_owned()));
        assert_eq!(wrapping(&[("w", Folder)]), Some("w".to_owned()));
        assert_eq!(wrapping(&[("w", File)]), None);
        assert_eq!(wrapping(&[("w", Link)]), None);
        assert_eq!(wrapping(&[("w/a", File), ("v/a", File)]), None);
        assert_eq!(wrapping(&[("modules/a/main.tf", File)]), None);
        assert_eq!(wrapping(&[("examples/a/main.tf", File)]), None);
    }
}
