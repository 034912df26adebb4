//! Folder → the list of files that belong to the module. It packs nothing.
//!
//! A link to a file or folder inside the module is replaced by its target: tools read links in
//! archives in different ways. A link that leads out of the module is refused, since it would
//! publish something that its author may not have meant to.

use std::collections::BTreeMap;
use std::fs::{self, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::exclusions::{self, Exclusions, ExclusionsError, Verdict};
use super::patterns::Patterns;
use crate::archive::{ArchiveError, ArchiveLimits, ArchivePath, EscapedName};
use crate::domain::{PRIVATE_FILE_HEAD_BYTES, PrivateFile};
use crate::files::{LocalFileError, open_file, read_file};

/// The most files, folders and links that are looked at; links between folders can multiply them
/// without end.
const MOST_ENTRIES: usize = 100_000;

/// The most bytes of all files together, since they are packed into a temporary file.
const MOST_BYTES: u64 = 16 << 30;

/// The most bytes of the file with the exclusions.
const EXCLUSIONS_BYTES: u64 = 1 << 20;

/// The files of a folder that belong to the module, and those that were left out of it.
#[derive(Debug)]
pub(super) struct ModuleFolder {
    /// The files of the module, sorted by path.
    pub(super) files: Vec<FolderFile>,
    /// The private files and folders that were left out, by path.
    pub(super) left_out: BTreeMap<String, PrivateFile>,
}

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
    #[error(transparent)]
    File(#[from] LocalFileError),
    /// The `.terraformignore` cannot be used.
    #[error(transparent)]
    Exclusions(#[from] ExclusionsError),
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
    /// Following a link never ends.
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
    /// A file of Terraform's code holds a secret, and the module would not work without it.
    #[error(
        "`{path}` holds a secret ({kind}), and a published version never changes; take it out, or \
         publish it nevertheless with --include {path}"
    )]
    SecretInCode {
        /// The file.
        path: EscapedName,
        /// What it holds.
        kind: PrivateFile,
    },
    /// There are too many files, folders and links.
    #[error(
        "the module has more than {MOST_ENTRIES} files and folders, counting what links lead to; \
         exclude what Terraform does not need in {file}",
        file = exclusions::FILE
    )]
    TooMany,
    /// A folder lies in too many others.
    #[error("`{path}` lies in more than {limit} folders; exclude it in {file}", file = exclusions::FILE)]
    TooDeep {
        /// The folder.
        path: EscapedName,
        /// The most components of a path.
        limit: usize,
    },
    /// The files have too many bytes.
    #[error(
        "the files of the module have more than {MOST_BYTES} bytes; exclude what Terraform does \
         not need in {file}",
        file = exclusions::FILE
    )]
    TooLarge,
}

impl FolderError {
    /// Returns whether the cause is the module, and not this machine.
    pub(super) fn is_refusal(&self) -> bool {
        !matches!(self, Self::File(LocalFileError::Read { .. }))
    }
}

/// Returns the files of the module in `root`. Private files are left out, unless one of the
/// patterns of `include` matches them.
pub(super) fn files(root: &Path, include: &Patterns) -> Result<ModuleFolder, FolderError> {
    let root = fs::canonicalize(root).map_err(LocalFileError::reading(root))?;
    let mut walk = Walk {
        exclusions: exclusions(&root)?,
        include,
        limits: ArchiveLimits::default(),
        open: vec![root.clone()],
        entries: 0,
        bytes: 0,
        found: ModuleFolder {
            files: Vec::new(),
            left_out: BTreeMap::new(),
        },
        root,
    };
    let start = walk.root.clone();
    walk.add_folder(&start, "")?;
    let mut found = walk.found;
    found.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

struct Walk<'a> {
    root: PathBuf,
    exclusions: Exclusions,
    include: &'a Patterns,
    limits: ArchiveLimits,
    /// The real paths of the folders that are being read, from the outermost.
    open: Vec<PathBuf>,
    /// How many files, folders and links have been looked at.
    entries: usize,
    /// The bytes of all files of the module.
    bytes: u64,
    found: ModuleFolder,
}

impl Walk<'_> {
    /// Adds everything in `folder`, which has the path `inside` in the module.
    fn add_folder(&mut self, folder: &Path, inside: &str) -> Result<(), FolderError> {
        if inside.split('/').count() > self.limits.depth {
            return Err(FolderError::TooDeep {
                path: inside.into(),
                limit: self.limits.depth,
            });
        }
        for entry in fs::read_dir(folder).map_err(LocalFileError::reading(folder))? {
            let entry = entry.map_err(LocalFileError::reading(folder))?;
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
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                return Err(FolderError::TooMany);
            }
            let kind = entry
                .file_type()
                .map_err(LocalFileError::reading(&content))?;
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
        if let Some((named, kind)) = decided_name(path)
            && !self.is_included(path, true)
            && !self.is_included(path, false)
        {
            self.leave_out(named, kind);
            return Ok(());
        }
        let target = match fs::canonicalize(&content) {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(LocalFileError::reading(&content)(error).into());
            }
            // The registry leaves out a link that leads to nothing, and refuses one that leads out.
            Err(error) if is_missing(&error) => return self.add_dead_link(content, path),
            // The links form a circle.
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
            .map_err(LocalFileError::reading(&target))?
            .file_type();
        self.add_file_or_folder(target, path, kind)
    }

    /// Adds a link that leads to nothing, as it is.
    fn add_dead_link(&mut self, content: PathBuf, path: &str) -> Result<(), FolderError> {
        let path = ArchivePath::new(path, &self.limits)?;
        self.found.files.push(FolderFile { path, content });
        Ok(())
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
        if let Some((named, private)) = self.private_name(path, &content)
            && !self.is_included(path, kind.is_dir())
        {
            self.leave_out(&named, private);
            // Something below may be included.
            if !kind.is_dir() || self.include.is_empty() {
                return Ok(());
            }
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
        self.add_file(content, path)
    }

    fn add_file(&mut self, content: PathBuf, path: &str) -> Result<(), FolderError> {
        let (file, metadata) = open_file(&content)?;
        if !self.is_included(path, false) {
            let mut head = Vec::new();
            file.take(PRIVATE_FILE_HEAD_BYTES)
                .read_to_end(&mut head)
                .map_err(LocalFileError::reading(&content))?;
            let real = self.real_path(&content);
            let found = PrivateFile::of_file(path, &head)
                .or_else(|| Some((path, PrivateFile::of_file(real?, &head)?.1)));
            if let Some((named, kind)) = found {
                if is_code(path) {
                    let path = path.into();
                    return Err(FolderError::SecretInCode { path, kind });
                }
                self.leave_out(named, kind);
                return Ok(());
            }
        }
        self.bytes = self.bytes.saturating_add(metadata.len());
        if self.bytes > MOST_BYTES {
            return Err(FolderError::TooLarge);
        }
        let path = ArchivePath::new(path, &self.limits)?;
        self.found.files.push(FolderFile { path, content });
        Ok(())
    }

    /// Returns what the name of a path says, or the name of what a link in it leads to.
    fn private_name(&self, path: &str, content: &Path) -> Option<(String, PrivateFile)> {
        if let Some((named, kind)) = decided_name(path) {
            return Some((named.to_owned(), kind));
        }
        let (_, kind) = decided_name(self.real_path(content)?)?;
        Some((path.to_owned(), kind))
    }

    /// Returns the path in the module at which a content really lies.
    fn real_path<'a>(&self, content: &'a Path) -> Option<&'a str> {
        content.strip_prefix(&self.root).ok()?.to_str()
    }

    fn is_included(&self, path: &str, is_folder: bool) -> bool {
        let found = self.include.last_match(path, is_folder);
        found.is_some_and(|found| !found.is_negated)
    }

    fn leave_out(&mut self, path: &str, kind: PrivateFile) {
        self.found.left_out.insert(path.to_owned(), kind);
    }
}

/// Returns what the name of a path says without its content: what is named like a key may hold
/// certificates only.
fn decided_name(path: &str) -> Option<(&str, PrivateFile)> {
    let found = PrivateFile::of_path(path);
    found.filter(|(named, kind)| *kind != PrivateFile::PrivateKey || *named != path)
}

/// Returns whether a file is Terraform's code, which a module does not work without.
fn is_code(path: &str) -> bool {
    [".tf", ".tf.json", ".tofu", ".tofu.json", ".hcl"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// Returns whether following a path failed because there is nothing at its end.
fn is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

fn exclusions(root: &Path) -> Result<Exclusions, FolderError> {
    match read_file(&root.join(exclusions::FILE), EXCLUSIONS_BYTES) {
        Ok(bytes) => Ok(Exclusions::parse(&String::from_utf8_lossy(&bytes))?),
        Err(error) if error.is_missing() => Ok(Exclusions::parse("")?),
        Err(error) => Err(error.into()),
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

    fn including(dir: &tempfile::TempDir, include: &[&str]) -> Result<ModuleFolder, FolderError> {
        let include = Patterns::parse(&include.join("\n")).unwrap();
        files(&dir.path().join("module"), &include)
    }

    fn names(found: &ModuleFolder) -> Vec<String> {
        let names = found.files.iter().map(|file| file.path.to_string());
        names.collect()
    }

    fn paths(dir: &tempfile::TempDir) -> Result<Vec<String>, FolderError> {
        including(dir, &[]).map(|found| names(&found))
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
        let found = including(&dir, &[]).unwrap();
        let content = |path: &str| {
            let file = found
                .files
                .iter()
                .find(|file| file.path.as_str() == path)
                .unwrap();
            fs::read_to_string(&file.content).unwrap()
        };
        assert_eq!(found.files.len(), 4);
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
        assert!(matches!(refused("link"), FolderError::Broken { .. }));
        assert!(matches!(refused("."), FolderError::Circle { .. }));
    }

    #[test]
    fn p3_a_link_that_leads_to_nothing_is_sent_as_it_is() {
        let dir = folder(&["main.tf"]);
        let module = dir.path().join("module");
        for (name, target) in [
            ("dead", "nothing"),
            ("below", "main.tf/x"),
            ("chain", "dead"),
        ] {
            symlink(target, module.join(name)).unwrap();
        }
        assert_eq!(paths(&dir).unwrap(), ["below", "chain", "dead", "main.tf"]);
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

    #[test]
    fn pr05_private_files_are_left_out_and_named() {
        let dir = folder(&[
            "main.tf",
            "terraform.tfstate",
            "modules/a/main.tf",
            "modules/a/terraform.tfstate.backup",
            "examples/e/main.tf",
            "examples/e/prod.auto.tfvars",
            "examples/e/.terraform/modules/m/main.tf",
            ".git/config",
            ".terraform.lock.hcl",
            "certs/ca.pem",
            "notes.json",
        ]);
        let module = dir.path().join("module");
        fs::write(module.join("notes.json"), r#"{"lineage":"x","outputs":{}}"#).unwrap();
        fs::write(module.join("certs/ca.pem"), "-----BEGIN CERTIFICATE-----\n").unwrap();
        // A link gives a state another name, and another link shows the inside of a folder.
        symlink("terraform.tfstate", module.join("data")).unwrap();
        symlink("examples/e/.terraform/modules", module.join("deps")).unwrap();
        let found = including(&dir, &[]).unwrap();
        let expected = [
            ".terraform.lock.hcl",
            "certs/ca.pem",
            "examples/e/main.tf",
            "main.tf",
            "modules/a/main.tf",
        ];
        assert_eq!(names(&found), expected);
        let left_out: Vec<(&str, PrivateFile)> = found
            .left_out
            .iter()
            .map(|(path, kind)| (path.as_str(), *kind))
            .collect();
        let expected = [
            (".git", PrivateFile::History),
            ("data", PrivateFile::State),
            ("deps", PrivateFile::WorkingFolder),
            ("examples/e/.terraform", PrivateFile::WorkingFolder),
            ("examples/e/prod.auto.tfvars", PrivateFile::Values),
            ("modules/a/terraform.tfstate.backup", PrivateFile::State),
            ("notes.json", PrivateFile::State),
            ("terraform.tfstate", PrivateFile::State),
        ];
        assert_eq!(left_out, expected);
        let found =
            including(&dir, &["examples/**/*.tfvars", "notes.json", ".terraform/"]).unwrap();
        let more: Vec<String> = names(&found)
            .into_iter()
            .filter(|path| !expected_without_include(path))
            .collect();
        let expected = [
            "examples/e/.terraform/modules/m/main.tf",
            "examples/e/prod.auto.tfvars",
            "notes.json",
        ];
        assert_eq!(more, expected);
    }

    fn expected_without_include(path: &str) -> bool {
        [".lock.hcl", "ca.pem", "main.tf"]
            .iter()
            .any(|ending| path.ends_with(ending))
            && !path.contains(".terraform/")
    }

    #[test]
    fn pr05_a_file_below_a_private_folder_can_be_included_alone() {
        let dir = folder(&["main.tf", ".terraform/a.txt", ".terraform/b/c.txt"]);
        let found = including(&dir, &[".terraform/b/c.txt"]).unwrap();
        assert_eq!(names(&found), [".terraform/b/c.txt", "main.tf"]);
        assert!(found.left_out.contains_key(".terraform"));
    }

    #[test]
    fn pr05_code_with_a_key_in_it_is_refused_and_not_left_out() {
        let dir = folder(&["main.tf"]);
        let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n", "A".repeat(64));
        fs::write(dir.path().join("module/main.tf"), key).unwrap();
        let refused = paths(&dir).unwrap_err();
        assert!(matches!(refused, FolderError::SecretInCode { .. }));
        assert!(including(&dir, &["main.tf"]).is_ok());
    }

    #[test]
    fn p15_links_that_multiply_folders_end_at_once() {
        for folders in [20, 40] {
            let dir = folder(&["main.tf"]);
            let module = dir.path().join("module");
            for number in 0..folders {
                let inside = module.join(format!("d{number}"));
                fs::create_dir(&inside).unwrap();
                for link in ["a", "b"] {
                    symlink(format!("../d{}", number + 1), inside.join(link)).unwrap();
                }
            }
            fs::create_dir(module.join(format!("d{folders}"))).unwrap();
            let refused = paths(&dir).unwrap_err();
            assert!(refused.is_refusal(), "{refused}");
        }
    }

    #[test]
    fn p15_a_pipe_or_a_device_is_refused_wherever_it_lies() {
        let dir = folder(&["main.tf"]);
        let module = dir.path().join("module");
        let pipe = |name: &str| {
            let made = std::process::Command::new("mkfifo")
                .arg(module.join(name))
                .status();
            assert!(made.unwrap().success());
        };
        pipe("pipe.tf");
        assert!(matches!(paths(&dir).unwrap_err(), FolderError::Special(_)));
        fs::remove_file(module.join("pipe.tf")).unwrap();
        let ignored = module.join(".terraformignore");
        pipe(".terraformignore");
        let refused = paths(&dir).unwrap_err();
        assert!(refused.to_string().contains("is a pipe"), "{refused}");
        fs::remove_file(&ignored).unwrap();
        symlink("/dev/zero", &ignored).unwrap();
        let refused = paths(&dir).unwrap_err();
        assert!(refused.to_string().contains("is a device"), "{refused}");
        fs::remove_file(&ignored).unwrap();
        fs::write(&ignored, vec![b'\n'; 2 << 20]).unwrap();
        let refused = paths(&dir).unwrap_err();
        assert!(refused.to_string().contains("more than"), "{refused}");
    }
}
