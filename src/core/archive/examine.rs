//! The first pass: is the archive fit to be served, and as what.

use std::io::Read;

use super::catalogue::{Catalogue, Node};
use super::links::{self, Copies};
use super::tar_gz::TarGz;
use super::{ArchiveError, ArchiveLimits, ArchivePath, RepackPlan};

/// How many links are named one by one in the notes.
const NOTED_LINKS: usize = 100;

/// A file of a module as it will be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFile {
    /// Its path from the module's root.
    pub path: ArchivePath,
    /// Its size in bytes.
    pub size: u64,
}

/// An archive that was accepted, and what will be served of it.
#[derive(Debug)]
pub struct Examined {
    files: Vec<ArchiveFile>,
    plan: Option<RepackPlan>,
    notes: Vec<String>,
}

impl Examined {
    /// The files as they will be served, sorted by path.
    pub fn files(&self) -> &[ArchiveFile] {
        &self.files
    }

    /// The bytes of all files together.
    pub fn unpacked_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// How to repack the archive before it is served; absent where its bytes stay as uploaded.
    pub fn plan(&self) -> Option<&RepackPlan> {
        self.plan.as_ref()
    }

    /// One sentence for each change that repacking makes.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// Reads the whole of `upload` and decides whether it is fit to be served as a module.
pub fn examine(upload: impl Read, limits: &ArchiveLimits) -> Result<Examined, ArchiveError> {
    let mut catalogue = catalogue(upload, limits)?;
    let wrapping = catalogue.wrapping_folder();
    if let Some(folder) = &wrapping {
        catalogue = catalogue.inside(folder);
    }
    let examined = examined(&catalogue, wrapping, limits)?;
    if !examined.files.iter().any(|it| makes_a_module(&it.path)) {
        return Err(ArchiveError::NoTerraformFile);
    }
    Ok(examined)
}

/// The same for an archive that is no module: nothing of its paths is taken off.
pub fn examine_files(upload: impl Read, limits: &ArchiveLimits) -> Result<Examined, ArchiveError> {
    examined(&catalogue(upload, limits)?, None, limits)
}

fn catalogue(upload: impl Read, limits: &ArchiveLimits) -> Result<Catalogue, ArchiveError> {
    let mut archive = TarGz::open(upload, limits)?;
    let mut catalogue = Catalogue::default();
    while let Some(entry) = archive.next_entry()? {
        catalogue.add(entry, limits)?;
    }
    Ok(catalogue)
}

fn examined(
    catalogue: &Catalogue,
    wrapping: Option<ArchivePath>,
    limits: &ArchiveLimits,
) -> Result<Examined, ArchiveError> {
    let copies = links::copies(catalogue, limits)?;
    let files = served_files(catalogue, &copies);
    if files.is_empty() {
        return Err(ArchiveError::NoFiles);
    }
    let notes = notes(catalogue, wrapping.as_ref(), &copies);
    let plan = (!notes.is_empty()).then_some(RepackPlan {
        wrapping,
        files: files.len(),
        copies: copies.of,
    });
    Ok(Examined { files, plan, notes })
}

/// Whether a file with this path shows that the archive is a module: Terraform code at the top
/// level, or anywhere in `modules/` where a repository holds submodules only.
fn makes_a_module(path: &ArchivePath) -> bool {
    let in_place = match path.folder() {
        None => true,
        Some(folder) => folder == "modules" || folder.starts_with("modules/"),
    };
    let name = path.file_name();
    // Terraform ignores hidden files, such as those macOS packs beside the real ones.
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
    match catalogue.odd_modes() {
        0 => {}
        1 => notes.push("the permissions of 1 file or folder were made plain".to_owned()),
        odd => notes.push(format!(
            "the permissions of {odd} files or folders were made plain"
        )),
    }
    // They alone are no reason to repack.
    if !notes.is_empty() {
        match catalogue.empty_folders() {
            0 => {}
            1 => notes.push("1 empty folder was left out".to_owned()),
            empty => notes.push(format!("{empty} empty folders were left out")),
        }
    }
    notes
}
