//! Symbolic links, which are replaced by copies of the files they lead to.
//!
//! Links are followed by name only, as a file system does: component by component, through other
//! links, never above the root. No content is read here.

use std::collections::BTreeMap;

use super::catalogue::{Catalogue, Node};
use super::{ArchiveError, ArchiveLimits, ArchivePath};

/// The most links that one path may lead through, as on Linux.
const MAX_FOLLOWED: usize = 40;

/// The most components that are looked up for all links, per entry that the limits allow.
const STEPS_PER_ENTRY: u64 = 16;

/// The copies that replace the links of an archive.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// For each file that links lead to, the paths at which a copy is written.
    pub(super) of: BTreeMap<ArchivePath, Vec<ArchivePath>>,
    /// Each link and its final target.
    pub(super) replaced: Vec<Replaced>,
}

/// A link and its final target.
#[derive(Debug)]
pub(super) struct Replaced {
    /// The link.
    pub(super) link: ArchivePath,
    /// The path of the target.
    pub(super) target: String,
    /// Whether the target is a folder.
    pub(super) is_folder: bool,
}

/// Finds the copies that replace all links of `catalogue`.
pub(super) fn copies(
    catalogue: &Catalogue,
    limits: &ArchiveLimits,
) -> Result<Copies, ArchiveError> {
    let mut search = Search {
        catalogue,
        limits,
        steps_left: limits.entries.saturating_mul(STEPS_PER_ENTRY),
        visits_left: limits.entries,
        bytes_left: limits.unpacked_bytes,
        copies: Copies::default(),
    };
    for (_, node) in catalogue.iter() {
        if let Node::File(size) = node {
            search.bytes_left = search.bytes_left.saturating_sub(*size);
        }
        search.visits_left = search.visits_left.saturating_sub(1);
    }
    for (path, node) in catalogue.iter() {
        if let Node::Link(target) = node {
            let link = Link { path, target };
            let found = search.resolve(link)?;
            search.copies.replaced.push(Replaced {
                link: path.clone(),
                target: found.clone(),
                is_folder: matches!(catalogue.get(&found), Some(Node::Folder { .. })),
            });
            search.copy(link, &found, path.clone(), &mut Vec::new())?;
        }
    }
    Ok(search.copies)
}

#[derive(Clone, Copy)]
struct Link<'c> {
    path: &'c ArchivePath,
    target: &'c str,
}

impl Link<'_> {
    fn dangling(self) -> ArchiveError {
        ArchiveError::LinkDangling {
            link: self.path.into(),
            target: self.target.into(),
        }
    }

    fn circular(self) -> ArchiveError {
        ArchiveError::LinkCircular {
            link: self.path.into(),
            target: self.target.into(),
        }
    }
}

struct Search<'c> {
    catalogue: &'c Catalogue,
    limits: &'c ArchiveLimits,
    /// The look-ups that remain for following links.
    steps_left: u64,
    /// The files and folders that copies may still add.
    visits_left: u64,
    /// The bytes that copies may still add.
    bytes_left: u64,
    copies: Copies,
}

impl<'c> Search<'c> {
    /// Returns the path of the file or folder that `link` leads to.
    fn resolve(&mut self, link: Link<'c>) -> Result<String, ArchiveError> {
        let mut here = link.path.folder().unwrap_or_default().to_owned();
        let mut rest: Vec<&str> = link.target.rsplit('/').collect();
        let mut followed = 0;
        while let Some(component) = rest.pop() {
            self.steps_left = self
                .steps_left
                .checked_sub(1)
                .ok_or_else(|| ArchiveError::LinksTooMany(link.path.into()))?;
            match component {
                "" | "." => continue,
                ".." if here.is_empty() => {
                    return Err(ArchiveError::LinkEscapes {
                        link: link.path.into(),
                        target: link.target.into(),
                    });
                }
                ".." => {
                    here.truncate(here.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let folder_length = here.len();
            if !here.is_empty() {
                here.push('/');
            }
            here.push_str(component);
            match self.catalogue.get(&here) {
                Some(Node::Folder { .. }) => {}
                Some(Node::File(_)) if rest.is_empty() => {}
                Some(Node::File(_)) | None => return Err(link.dangling()),
                Some(Node::Link(target)) => {
                    followed += 1;
                    if followed > MAX_FOLLOWED {
                        return Err(link.circular());
                    }
                    here.truncate(folder_length);
                    rest.extend(target.rsplit('/'));
                }
            }
        }
        Ok(here)
    }

    /// Plans a copy at `destination` of what is at `found`, to which `link` led.
    ///
    /// `open` are the folders that this copy is a part of: a folder inside itself would never end.
    fn copy(
        &mut self,
        link: Link<'c>,
        found: &str,
        destination: ArchivePath,
        open: &mut Vec<String>,
    ) -> Result<(), ArchiveError> {
        let catalogue = self.catalogue;
        if let Some(Node::File(size)) = catalogue.get(found) {
            return self.copy_file(link, found, *size, destination);
        }
        // The root has no node of its own; every link lies in it.
        let is_around = found.is_empty() || link.path.inside(found).is_some();
        if is_around || open.iter().any(|folder| folder == found) {
            return Err(link.circular());
        }
        open.push(found.to_owned());
        for (path, node) in catalogue.below(found) {
            self.visit()?;
            let Some(rest) = path.inside(found) else {
                continue;
            };
            let copy = ArchivePath::new(&format!("{destination}/{rest}"), self.limits)?;
            match node {
                Node::Folder { .. } => {}
                Node::File(size) => self.copy_file(link, path.as_str(), *size, copy)?,
                Node::Link(target) => {
                    let inner = Link { path, target };
                    let found = self.resolve(inner)?;
                    self.copy(inner, &found, copy, open)?;
                }
            }
        }
        open.pop();
        Ok(())
    }

    fn copy_file(
        &mut self,
        link: Link<'c>,
        found: &str,
        size: u64,
        destination: ArchivePath,
    ) -> Result<(), ArchiveError> {
        if size > self.limits.linked_file_bytes {
            return Err(ArchiveError::LinkedFileTooLarge {
                link: link.path.into(),
                target: found.into(),
                limit: self.limits.linked_file_bytes,
            });
        }
        self.bytes_left =
            self.bytes_left
                .checked_sub(size)
                .ok_or(ArchiveError::UnpackedTooLarge {
                    limit: self.limits.unpacked_bytes,
                })?;
        let source = ArchivePath::new(found, self.limits)?;
        self.copies.of.entry(source).or_default().push(destination);
        Ok(())
    }

    fn visit(&mut self) -> Result<(), ArchiveError> {
        self.visits_left = self
            .visits_left
            .checked_sub(1)
            .ok_or(ArchiveError::TooManyEntries {
                limit: self.limits.entries,
            })?;
        Ok(())
    }
}
