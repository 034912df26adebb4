//! The first pass: it decides whether an archive may be served, and in what form.

use std::collections::BTreeSet;
use std::io::Read;

use super::catalogue::{Catalogue, Node};
use super::links::{self, Copies};
use super::tar_gz::TarGz;
use super::{ArchiveError, ArchiveLimits, ArchivePath, RepackPlan};

/// The most links that the notes name one by one.
const NOTED_LINKS: usize = 100;

/// A file of a module, in the form in which it will be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFile {
    /// Its path from the module's root.
    pub path: ArchivePath,
    /// Its size in bytes.
    pub size: u64,
}

/// An accepted archive, and the content that will be served.
#[derive(Debug)]
pub struct Examined {
    files: Vec<ArchiveFile>,
    plan: Option<RepackPlan>,
    notes: Vec<String>,
}

impl Examined {
    /// Returns the files as they will be served, sorted by path.
    pub fn files(&self) -> &[ArchiveFile] {
        &self.files
    }

    /// Returns the bytes of all files together.
    pub fn unpacked_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Returns how to repack the archive before it is served; `None` if it is served as uploaded.
    pub fn plan(&self) -> Option<&RepackPlan> {
        self.plan.as_ref()
    }

    /// Returns the path of the folder that everything lies in, and that is removed; `None` if the
    /// archive has none.
    pub(super) fn wrapping_folder(&self) -> Option<&str> {
        Some(self.plan.as_ref()?.wrapping.as_ref()?.as_str())
    }

    /// Returns one sentence for each change that repacking makes.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// Reads all of `upload` and decides whether it may be served as a module.
///
/// # Errors
///
/// [`ArchiveError::Io`] if `upload` cannot be read; any other variant refuses the archive.
pub fn examine(upload: impl Read, limits: &ArchiveLimits) -> Result<Examined, ArchiveError> {
    let mut catalogue = catalogue(upload, limits)?;
    let changes = Changes {
        left_out: catalogue.take_mac_files(),
        wrapping: catalogue.wrapping_folder(),
    };
    if let Some(folder) = &changes.wrapping {
        catalogue = catalogue.inside(folder);
    }
    examine_catalogue(&catalogue, changes, limits, &makes_a_module)
}

/// Examines an archive that is not a module, like [`examine`] but without removing a folder.
pub fn examine_files(upload: impl Read, limits: &ArchiveLimits) -> Result<Examined, ArchiveError> {
    let mut catalogue = catalogue(upload, limits)?;
    let changes = Changes {
        left_out: catalogue.take_mac_files(),
        wrapping: None,
    };
    examine_catalogue(&catalogue, changes, limits, &|_| true)
}

/// The changes that do not depend on links.
struct Changes {
    /// The files that are left out, by their paths in the upload.
    left_out: BTreeSet<ArchivePath>,
    /// The folder that is removed; `None` if nothing wraps the files.
    wrapping: Option<ArchivePath>,
}

fn catalogue(upload: impl Read, limits: &ArchiveLimits) -> Result<Catalogue, ArchiveError> {
    let mut archive = TarGz::open(upload, limits)?;
    let mut catalogue = Catalogue::default();
    while let Some(entry) = archive.next_entry()? {
        catalogue.add(entry, limits)?;
    }
    Ok(catalogue)
}

/// Examines what is left of an upload. At least one file must be what `is_wanted` looks for.
fn examine_catalogue(
    catalogue: &Catalogue,
    changes: Changes,
    limits: &ArchiveLimits,
    is_wanted: &dyn Fn(&ArchivePath) -> bool,
) -> Result<Examined, ArchiveError> {
    let copies = links::copies(catalogue, limits)?;
    let files = served_files(catalogue, &copies);
    if !files.iter().any(|file| is_wanted(&file.path)) {
        // What is missing may be what a link should have led to.
        let dead = copies.dead.into_iter().next();
        return Err(match dead {
            Some(dead) => dead.into_error(),
            None if files.is_empty() => ArchiveError::NoFiles,
            None => ArchiveError::NoTerraformFile,
        });
    }
    let notes = notes(catalogue, changes.wrapping.as_ref(), &copies);
    let plan = (!notes.is_empty()).then_some(RepackPlan {
        wrapping: changes.wrapping,
        left_out: changes.left_out,
        files: files.len(),
        copies: copies.of,
    });
    Ok(Examined { files, plan, notes })
}

/// Returns whether a file with this path shows that the archive is a module: Terraform code at the
/// top level, or anywhere in `modules/`, since some repositories hold submodules only.
fn makes_a_module(path: &ArchivePath) -> bool {
    let in_place = match path.folder() {
        None => true,
        Some(folder) => folder == "modules" || folder.starts_with("modules/"),
    };
    let name = path.file_name();
    // Terraform ignores hidden files, such as those that macOS adds for the real ones.
    in_place
        && !name.starts_with('.')
        && [".tf", ".tf.json", ".tofu", ".tofu.json"]
            .iter()
            .any(|extension| name.ends_with(extension))
}

fn served_files(catalogue: &Catalogue, copies: &Copies) -> Vec<ArchiveFile> {
    let mut files = Vec::new();
    for (path, node) in catalogue.iter() {
        if let Node::File(size) = node {
            let more = copies.of.get(path).into_iter().flatten();
            files.extend([path].into_iter().chain(more).map(|path| ArchiveFile {
                path: path.clone(),
                size: *size,
            }));
        }
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    files
}

fn notes(catalogue: &Catalogue, wrapping: Option<&ArchivePath>, copies: &Copies) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(folder) = wrapping {
        notes.push(format!("the wrapping folder `{folder}/` was removed"));
    }
    for replaced in copies.replaced.iter().take(NOTED_LINKS) {
        let folder = if replaced.is_folder {
            "the folder "
        } else {
            ""
        };
        notes.push(format!(
            "`{}` was a link and now holds a copy of {folder}`{}`",
            replaced.link, replaced.target
        ));
    }
    match copies.replaced.len().saturating_sub(NOTED_LINKS) {
        0 => {}
        1 => notes.push("1 more link was replaced by a copy".to_owned()),
        more => notes.push(format!("{more} more links were replaced by copies")),
    }
    for dead in copies.dead.iter().take(NOTED_LINKS) {
        notes.push(dead.to_string());
    }
    match copies.dead.len().saturating_sub(NOTED_LINKS) {
        0 => {}
        1 => notes.push("1 more link that leads to nothing was left out".to_owned()),
        more => notes.push(format!(
            "{more} more links that lead to nothing were left out"
        )),
    }
    match catalogue.mac_files() {
        0 => {}
        1 => notes.push("1 file that macOS adds to archives was left out".to_owned()),
        more => notes.push(format!(
            "{more} files that macOS adds to archives were left out"
        )),
    }
    match catalogue.odd_modes() {
        0 => {}
        1 => notes.push("the permissions of 1 file or folder were made plain".to_owned()),
        odd => notes.push(format!(
            "the permissions of {odd} files or folders were made plain"
        )),
    }
    // Empty folders alone are no reason to repack.
    if !notes.is_empty() {
        match catalogue.empty_folders() {
            0 => {}
            1 => notes.push("1 empty folder was left out".to_owned()),
            empty => notes.push(format!("{empty} empty folders were left out")),
        }
    }
    notes
}
