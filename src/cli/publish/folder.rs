//! Folder → the list of files that belong to the module. It packs nothing.
//!
//! A link to a file or folder inside the module is replaced by its target: tools read links in
//! archives in different ways. A link that leads out of the module is refused, since it would
//! publish something that its author may not have meant to.

use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::exclusions::{self, Exclusions, PatternError, Verdict};
use crate::archive::{ArchiveError, ArchiveLimits, ArchivePath, EscapedName};

/// The most files of a module; links between folders can multiply them without end.
const MOST_FILES: usize = 100_000;

/// A file that belongs to the module.
#[derive(Debug)]
pub(super) struct FolderFile {
    /// Its path in the module.
    pub(super) path: ArchivePath,
    /// The path of its content on this machine.
    pub(super) content: PathBuf,
}

/// An error that keeps a folder from being packed.
#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A line of `.terraformignore` is not a pattern.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// An archive cannot contain this name.
    #[error(transparent)]
    Name(#[from] ArchiveError),
    /// A name is not UTF-8.
    #[error("the name of `{0}` is not UTF-8; rename it")]
    NotUtf8(PathBuf),
    /// A link leads out of the module.
    #[error(
        "`{link}` is a link to `{target}`, outside of the module; put a copy there, or exclude it \
         in {file}",
        file = exclusions::FILE
    )]
    Outside {
        /// The link.
        link: EscapedName,
        /// The target of the link.
        target: PathBuf,
    },
    /// The target of a link does not exist.
    #[error("`{link}` is a link that leads nowhere; remove it, or exclude it in {file}", file = exclusions::FILE)]
    Broken {
        /// The link.
        link: EscapedName,
    },
    /// A link leads to a folder that contains it.
    #[error("`{link}` is a link to a folder that it lies in itself; remove it, or exclude it in {file}", file = exclusions::FILE)]
    Circle {
        /// The link.
        link: EscapedName,
    },
    /// A socket, a device or a pipe, which cannot be packed.
    #[error("`{0}` is neither a file nor a folder; remove it, or exclude it in {file}", file = exclusions::FILE)]
    Special(EscapedName),
    /// The module has too many files.
    #[error("the module has more than {MOST_FILES} files; exclude what Terraform does not need in {file}", file = exclusions::FILE)]
    TooMany,
}

/// Returns the files of the module in `root`, sorted by path.
pub(super) fn files(root: &Path) -> Result<Vec<FolderFile>, FolderError> {
    let root = canonical(root)?;
    let mut walk = Walk {
        exclusions: exclusions(&root)?,
        limits: ArchiveLimits::default(),
        open: vec![root.clone()],
        files: Vec::new(),
        root,
    };
    let start = walk.root.clone();
    walk.add_folder(&start, "")?;
    let mut files = walk.files;
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

struct Walk {
    root: PathBuf,
    exclusions: Exclusions,
    limits: ArchiveLimits,
    /// The real paths of the folders that are being read, from the outermost.
    open: Vec<PathBuf>,
    files: Vec<FolderFile>,
}

impl Walk {
    /// Adds everything in `folder`, which has the path `inside` in the module.
    fn add_folder(&mut self, folder: &Path, inside: &str) -> Result<(), FolderError> {
        for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
            let entry = entry.map_err(unreadable(folder))?;
            let content = entry.path();
            let name = entry.file_name();
            let name = name
                .to_str()
                .ok_or_else(|| FolderError::NotUtf8(content.clone()))?;
            let path = if inside.is_empty() {
                name.to_owned()
            } else {
                format!("{inside}/{name}")
            };
            let kind = entry.file_type().map_err(unreadable(&content))?;
            self.add_entry(content, &path, kind)?;
        }
        Ok(())
    }

    fn add_entry(
        &mut self,
        content: PathBuf,
        path: &str,
        kind: FileType,
    ) -> Result<(), FolderError> {
        if !kind.is_symlink() {
            return self.add_file_or_folder(content, path, kind);
        }
        // Whether a link is excluded depends on the kind of its target. A link that is excluded as
        // either kind may lead anywhere.
        let out = |is_folder| self.exclusions.verdict(path, is_folder) != Verdict::In;
        if out(true) && out(false) {
            return Ok(());
        }
        let target = match fs::canonicalize(&content) {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(unreadable(&content)(error));
            }
            // The target is missing, or the links form a circle.
            Err(_) => return Err(FolderError::Broken { link: path.into() }),
        };
        if !target.starts_with(&self.root) {
            return Err(FolderError::Outside {
                link: path.into(),
                target,
            });
        }
        if self.open.contains(&target) {
            return Err(FolderError::Circle { link: path.into() });
        }
        let kind = fs::metadata(&target)
            .map_err(unreadable(&target))?
            .file_type();
        self.add_file_or_folder(target, path, kind)
    }

    /// Adds a file, or the content of a folder; links are resolved before.
    fn add_file_or_folder(
        &mut self,
        content: PathBuf,
        path: &str,
        kind: FileType,
    ) -> Result<(), FolderError> {
        match self.exclusions.verdict(path, kind.is_dir()) {
            Verdict::OutWithAll => return Ok(()),
            Verdict::Out if !kind.is_dir() => return Ok(()),
            Verdict::Out | Verdict::In => {}
        }
        if kind.is_dir() {
            self.open.push(content.clone());
            self.add_folder(&content, path)?;
            self.open.pop();
            return Ok(());
        }
        if !kind.is_file() {
            return Err(FolderError::Special(path.into()));
        }
        if self.files.len() == MOST_FILES {
            return Err(FolderError::TooMany);
        }
        let path = ArchivePath::new(path, &self.limits)?;
        self.files.push(FolderFile { path, content });
        Ok(())
    }
}

fn canonical(root: &Path) -> Result<PathBuf, FolderError> {
    fs::canonicalize(root).map_err(unreadable(root))
}

fn exclusions(root: &Path) -> Result<Exclusions, FolderError> {
    let path = root.join(exclusions::FILE);
    let text = match fs::read(&path) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(unreadable(&path)(error)),
    };
    Ok(Exclusions::parse(text.as_deref())?)
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> FolderError + use<> {
    let path = path.to_owned();
    move |source| FolderError::Read {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Creates a folder with these files, each containing its own name.
    fn folder(names: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            let path = dir.path().join("module").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        dir
    }

    fn paths(dir: &tempfile::TempDir) -> Result<Vec<String>, FolderError> {
        let found = files(&dir.path().join("module"))?;
        Ok(found.iter().map(|file| file.path.to_string()).collect())
    }

    #[test]
    fn files_are_sorted_and_exclusions_hold() {
        let dir = folder(&[
            "main.tf",
            "modules/b/main.tf",
            "modules/a/main.tf",
            ".git/HEAD",
            ".terraform/providers/x",
            ".terraform/modules/vpc/main.tf",
            "docs/notes.md",
            "docs/keep.md",
        ]);
        let ignored = dir.path().join("module/.terraformignore");
        fs::write(ignored, "docs/\n!docs/keep.md\n").unwrap();
        let expected = [
            ".terraform/modules/vpc/main.tf",
            ".terraformignore",
            "docs/keep.md",
            "main.tf",
            "modules/a/main.tf",
            "modules/b/main.tf",
        ];
        assert_eq!(paths(&dir).unwrap(), expected);
    }

    #[test]
    fn t02_links_inside_are_what_they_lead_to() {
        let dir = folder(&["main.tf", "shared/versions.tf"]);
        let module = dir.path().join("module");
        symlink("shared/versions.tf", module.join("versions.tf")).unwrap();
        fs::create_dir(module.join("examples")).unwrap();
        symlink("../shared", module.join("examples/shared")).unwrap();
        let found = files(&module).unwrap();
        let content = |path: &str| {
            let file = found
                .iter()
                .find(|file| file.path.as_str() == path)
                .unwrap();
            fs::read_to_string(&file.content).unwrap()
        };
        assert_eq!(found.len(), 4);
        assert_eq!(content("versions.tf"), "shared/versions.tf");
        assert_eq!(content("examples/shared/versions.tf"), "shared/versions.tf");
    }

    #[test]
    fn t02_links_that_lead_out_nowhere_or_round_are_refused() {
        let dir = folder(&["main.tf"]);
        let module = dir.path().join("module");
        fs::write(dir.path().join("secret"), "x").unwrap();
        let link = module.join("link");
        let refused = |target: &str| {
            symlink(target, &link).unwrap();
            let error = paths(&dir).unwrap_err();
            fs::remove_file(&link).unwrap();
            assert!(error.to_string().contains("`link` is a link"), "{error}");
            error
        };
        assert!(matches!(refused("../secret"), FolderError::Outside { .. }));
        assert!(matches!(refused("/etc"), FolderError::Outside { .. }));
        assert!(matches!(refused("nothing"), FolderError::Broken { .. }));
        assert!(matches!(refused("link"), FolderError::Broken { .. }));
        assert!(matches!(refused("."), FolderError::Circle { .. }));
    }

    #[test]
    fn links_and_special_files_that_are_excluded_do_no_harm() {
        let dir = folder(&["main.tf"]);
        let module = dir.path().join("module");
        symlink("/etc/passwd", module.join("link")).unwrap();
        let socket = std::os::unix::net::UnixListener::bind(module.join("socket")).unwrap();
        fs::write(module.join(".terraformignore"), "link\n").unwrap();
        assert!(matches!(paths(&dir).unwrap_err(), FolderError::Special(_)));
        fs::write(module.join(".terraformignore"), "link\nsocket\n").unwrap();
        assert_eq!(paths(&dir).unwrap(), [".terraformignore", "main.tf"]);
        drop(socket);
    }

    #[test]
    fn names_that_no_archive_can_hold_are_refused() {
        let dir = folder(&["main.tf", "con.tf"]);
        assert!(matches!(paths(&dir).unwrap_err(), FolderError::Name(_)));
    }
}
