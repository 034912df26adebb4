//! The layout of a module: the folders that are documented, their files, and their READMEs.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::{ArchivePath, KeptFile, ModuleTree};

/// A file and its content.
pub(super) type File<'t> = (&'t ArchivePath, &'t KeptFile);

/// The documented folders of a module, and the path of its change log.
pub(super) struct Layout<'t> {
    pub(super) root: Folder<'t>,
    pub(super) submodules: Vec<Folder<'t>>,
    pub(super) examples: Vec<Folder<'t>>,
    pub(super) changelog: Option<&'t str>,
}

/// The files of one folder that are read.
#[derive(Default)]
pub(super) struct Folder<'t> {
    /// The path; empty for the root.
    pub(super) path: &'t str,
    /// The files with code, sorted by name.
    pub(super) code: Vec<File<'t>>,
    /// The override files, whose blocks replace parts of other blocks, in the order of their
    /// effect.
    pub(super) overrides: Vec<File<'t>>,
    /// The README; `None` if there is none.
    pub(super) readme: Option<File<'t>>,
}

impl<'t> Layout<'t> {
    /// Finds the layout of `tree`.
    pub(super) fn of(tree: &'t ModuleTree) -> Self {
        let mut by_folder: BTreeMap<&str, Vec<File<'t>>> = BTreeMap::new();
        for file in tree.kept_files() {
            let folder = file.0.folder().unwrap_or_default();
            by_folder.entry(folder).or_default().push(file);
        }
        let top = by_folder.remove("").unwrap_or_default();
        let mut layout = Self {
            changelog: preferred(&top, "changelog").map(|(path, _)| path.as_str()),
            root: Folder::of("", &top),
            submodules: Vec::new(),
            examples: Vec::new(),
        };
        for (path, files) in &by_folder {
            let folder = Folder::of(path, files);
            let below = |parent| path.strip_prefix(parent);
            if let Some(name) = below("modules/") {
                let is_example = name.split('/').any(|part| part == "examples");
                if !is_example && folder.counts(name) {
                    layout.submodules.push(folder);
                }
            } else if let Some(name) = below("examples/") {
                // A folder inside an example is a part of that example.
                let in_other = layout.examples.iter().rev().any(|other| {
                    let rest = path.strip_prefix(other.path);
                    rest.is_some_and(|rest| rest.starts_with('/'))
                });
                if !in_other && folder.counts(name) {
                    layout.examples.push(folder);
                }
            }
        }
        layout
    }
}

impl<'t> Folder<'t> {
    fn of(path: &'t str, files: &[File<'t>]) -> Self {
        let names: BTreeSet<&str> = files.iter().map(|(path, _)| path.file_name()).collect();
        let mut folder = Self {
            path,
            readme: preferred(files, "readme"),
            ..Self::default()
        };
        for file in files {
            let name = file.0.file_name();
            let Some(base) = code_name(name).filter(|_| !is_shadowed(name, &names)) else {
                continue;
            };
            if base == "override" || base.ends_with("_override") {
                folder.overrides.push(*file);
            } else {
                folder.code.push(*file);
            }
        }
        folder
    }

    /// Returns whether the folder is documented; `name` is its path in `modules` or `examples`. It
    /// must hold code, or be directly in that folder and have a README.
    fn counts(&self, name: &str) -> bool {
        !self.code.is_empty()
            || !self.overrides.is_empty()
            || (self.readme.is_some() && !name.contains('/'))
    }
}

/// Returns the name of a file with code, without its ending; `None` for other files.
fn code_name(name: &str) -> Option<&str> {
    let endings = [".tf", ".tofu", ".tf.json", ".tofu.json"];
    endings.iter().find_map(|ending| name.strip_suffix(ending))
}

/// Returns whether OpenTofu reads another file instead: `main.tofu` instead of `main.tf`.
fn is_shadowed(name: &str, names: &BTreeSet<&str>) -> bool {
    let twin = match name.strip_suffix(".tf.json") {
        Some(base) => format!("{base}.tofu.json"),
        None => match name.strip_suffix(".tf") {
            Some(base) => format!("{base}.tofu"),
            None => return false,
        },
    };
    names.contains(&*twin)
}

/// Finds the file whose name begins with `start` in any case: the Markdown one, or else the first.
fn preferred<'t>(files: &[File<'t>], start: &str) -> Option<File<'t>> {
    let rank = |name: &str| match name.strip_prefix(start) {
        Some(".md") => Some(0),
        Some(".markdown") => Some(1),
        Some("") => Some(2),
        Some(ending) if ending.starts_with('.') && code_name(name).is_none() => Some(3),
        _ => None,
    };
    let ranked = files.iter().filter_map(|file| {
        let name = file.0.file_name().to_ascii_lowercase();
        Some((rank(&name)?, *file))
    });
    let best = ranked.min_by_key(|(rank, (path, _))| (*rank, path.as_str()));
    best.map(|(_, file)| file)
}
