//! Symbolic links, which are replaced by copies of the files they lead to. Links that lead to nothing
//! are left out.
//!
//! Links are followed by name only, as a file system does: component by component, through other
//! links, never above the root. No content is read here.

use std::collections::BTreeMap;
use std::fmt;

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
    /// Each link that is replaced, and its final target.
    pub(super) replaced: Vec<Replaced>,
    /// The links that lead to nothing that is served. They are left out.
    pub(super) dead: Vec<DeadLink>,
}

/// A link that leads to nothing that is served.
#[derive(Debug)]
pub(super) struct DeadLink {
    link: ArchivePath,
    target: String,
    /// Whether there is something at the target: a folder without any file.
    is_empty_folder: bool,
}

impl DeadLink {
    /// Returns the refusal of an archive that needs what the link should have led to.
    pub(super) fn into_error(self) -> ArchiveError {
        ArchiveError::LinkDangling {
            link: self.link.into(),
            target: self.target.into(),
        }
    }
}

impl fmt::Display for DeadLink {
    /// Writes what became of the link, as a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = if self.is_empty_folder {
            "which is an empty folder"
        } else {
            "which is not in the archive"
        };
        let (link, target) = (&self.link, &self.target);
        write!(
            f,
            "`{link}` was a link to `{target}`, {why}, and was left out"
        )
    }
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
        copied_files: 0,
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
            search.replace(link)?;
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
    fn escapes(self) -> ArchiveError {
        ArchiveError::LinkEscapes {
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
    /// The number of copies that are planned so far.
    copied_files: u64,
    copies: Copies,
}

impl<'c> Search<'c> {
    /// Plans the copies that replace `link`, or that it is left out.
    fn replace(&mut self, link: Link<'c>) -> Result<(), ArchiveError> {
        let dead = |is_empty_folder| DeadLink {
            link: link.path.clone(),
            target: link.target.to_owned(),
            is_empty_folder,
        };
        let Some(found) = self.resolve(link)? else {
            self.copies.dead.push(dead(false));
            return Ok(());
        };
        let before = self.copied_files;
        self.copy(link, &found, link.path.clone(), &mut Vec::new())?;
        if self.copied_files == before {
            self.copies.dead.push(dead(true));
            return Ok(());
        }
        self.copies.replaced.push(Replaced {
            link: link.path.clone(),
            is_folder: matches!(self.catalogue.get(&found), Some(Node::Folder { .. })),
            target: found,
        });
        Ok(())
    }

    /// Returns the path of the file or folder that `link` leads to; `None` if there is nothing. A
    /// link that leads out of the archive is refused, also if something on its way is missing.
    fn resolve(&mut self, link: Link<'c>) -> Result<Option<String>, ArchiveError> {
        let mut here = link.path.folder().unwrap_or_default().to_owned();
        let mut rest: Vec<&str> = link.target.rsplit('/').collect();
        let mut followed = 0;
        let mut is_missing = false;
        while let Some(component) = rest.pop() {
            self.steps_left = self
                .steps_left
                .checked_sub(1)
                .ok_or_else(|| ArchiveError::LinksTooMany(link.path.into()))?;
            match component {
                "" | "." => continue,
                ".." if here.is_empty() => return Err(link.escapes()),
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
            if is_missing {
                continue;
            }
            match self.catalogue.get(&here) {
                Some(Node::Folder { .. }) => {}
                Some(Node::File(_)) if rest.is_empty() => {}
                Some(Node::File(_)) | None => is_missing = true,
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
        Ok((!is_missing).then_some(here))
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
                    if let Some(found) = self.resolve(inner)? {
                        self.copy(inner, &found, copy, open)?;
                    }
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
        self.copied_files += 1;
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
