//! The archive that is sent: packed here, or given as a file; it has passed the same examination as
//! in the registry.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::folder::{self, FolderError, FolderFile};
use super::patterns::Patterns;
use crate::archive::{
    ArchiveError, ArchiveFile, ArchiveLimits, ArchiveWriter, examine, private_files, repack,
};
use crate::cli::error::CliError;
use crate::cli::hashed::{Hashed, size_and_sum};
use crate::domain::{PrivateFile, Sha256, describe_private_files};
use crate::files::{LocalFileError, open_file};

/// An archive that is ready to send.
#[derive(Debug)]
pub(super) struct PackedModule {
    file: File,
    /// Its size in bytes.
    pub(super) size: u64,
    /// The checksum of its bytes.
    pub(super) uploaded: Sha256,
    /// The checksum of the bytes that the registry will serve.
    pub(super) served: Sha256,
    /// The files that will be served, sorted by path.
    pub(super) files: Vec<ArchiveFile>,
    /// The private files and folders that were left out, by path.
    pub(super) left_out: BTreeMap<String, PrivateFile>,
    /// The private files that are in it, by path.
    pub(super) private: BTreeMap<String, PrivateFile>,
    /// The changes that the registry will make, one sentence each.
    pub(super) notes: Vec<String>,
}

/// An error that leaves nothing to send.
#[derive(Debug, thiserror::Error)]
pub(super) enum PackError {
    /// The folder cannot be packed.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The registry would refuse the archive.
    #[error("the archive was refused: {0}")]
    Refused(ArchiveError),
    /// The folder is no module.
    #[error(
        "`{folder}` is no module: there is no .tf file in it, apart from what is left out; name the \
         folder that has them"
    )]
    NoCode {
        /// The folder.
        folder: String,
    },
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] LocalFileError),
    /// An archive holds private files that nobody asked to publish.
    #[error(
        "`{archive}` holds what is often published by mistake, and a published version never \
         changes: {files}; take it out, or publish it nevertheless with --include PATTERN"
    )]
    Private {
        /// The archive.
        archive: String,
        /// The files and what they are.
        files: String,
    },
    /// The archive cannot be written.
    #[error("cannot write the archive into `{}`", std::env::temp_dir().display())]
    Write(#[source] io::Error),
}

impl PackError {
    /// Returns whether the cause is the module, and not this machine.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Refused(error) => !error.is_io(),
            Self::Folder(error) => error.is_refusal(),
            Self::File(error) => !matches!(error, LocalFileError::Read { .. }),
            Self::Private { .. } | Self::NoCode { .. } => true,
            Self::Write(_) => false,
        }
    }
}

impl PackError {
    /// Returns the error as it is about a folder: what the registry says of an archive without code is
    /// about how to pack it, and a folder is packed here.
    fn about_folder(self, folder: &Path) -> Self {
        if let Self::Refused(ArchiveError::NoFiles | ArchiveError::NoTerraformFile) = self {
            let folder = folder.display().to_string();
            return Self::NoCode { folder };
        }
        self
    }
}

impl PackedModule {
    /// Packs a folder without its private files, or takes an archive as it is if it holds none. A
    /// private file that a pattern of `include` matches may be in both.
    pub(super) fn prepare(path: &Path, include: &Patterns) -> Result<Self, PackError> {
        if path.is_dir() {
            let folder = folder::files(path, include)?;
            let packed = Self::examine(pack(&folder.files)?, path);
            let mut packed = packed.map_err(|error| error.about_folder(path))?;
            packed.left_out = folder.left_out;
            return Ok(packed);
        }
        let (file, _) = open_file(path)?;
        let packed = Self::examine(file, path)?;
        let is_included = |path: &str| include.last_match(path, false).is_some();
        let refused: BTreeMap<_, _> = packed
            .private
            .iter()
            .filter(|(path, kind)| kind.needs_consent(path) && !is_included(path))
            .collect();
        if refused.is_empty() {
            return Ok(packed);
        }
        Err(PackError::Private {
            archive: path.display().to_string(),
            files: describe_private_files(refused),
        })
    }

    /// Returns a reader at the start of the archive.
    pub(super) fn reader(&self) -> io::Result<File> {
        from_start(&self.file)
    }

    /// Returns the bytes of all files together.
    pub(super) fn unpacked_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    fn examine(file: File, path: &Path) -> Result<Self, PackError> {
        let read = LocalFileError::reading(path);
        let limits = limits();
        let (size, uploaded) = from_start(&file).and_then(size_and_sum).map_err(&read)?;
        let archive = || from_start(&file).map(BufReader::new).map_err(&read);
        let examined = examine(archive()?, &limits).map_err(PackError::Refused)?;
        let served = match examined.plan() {
            None => uploaded,
            Some(plan) => {
                let mut hashed = Hashed::new(io::sink());
                repack(archive()?, plan, &limits, &mut hashed).map_err(PackError::Refused)?;
                hashed.sum()
            }
        };
        let private = private_files(archive()?, &examined, &limits).map_err(PackError::Refused)?;
        let notes = examined.notes().to_vec();
        Ok(Self {
            file,
            size,
            uploaded,
            served,
            files: examined.files().to_vec(),
            left_out: BTreeMap::new(),
            private,
            notes,
        })
    }
}

/// Returns limits so high that they never apply: the registry enforces its own configuration.
fn limits() -> ArchiveLimits {
    ArchiveLimits {
        unpacked_bytes: 1 << 50,
        entries: 1 << 50,
        ratio: 1 << 50,
        ..ArchiveLimits::default()
    }
}

/// A folder that was packed without a module in it.
pub(in crate::cli) struct PackedFolder {
    /// The archive, at its start.
    pub(in crate::cli) archive: File,
    /// Its size in bytes.
    pub(in crate::cli) size: u64,
    /// The private files and folders that were left out, by path.
    pub(in crate::cli) left_out: BTreeMap<String, PrivateFile>,
}

/// Packs a folder's files under the path `inside`; it needs no module in it.
pub(in crate::cli) fn pack_folder(root: &Path, inside: &str) -> Result<PackedFolder, CliError> {
    let mut folder = folder::files(root, &Patterns::none()).map_err(PackError::Folder)?;
    for file in &mut folder.files {
        let path = format!("{inside}/{}", file.path);
        file.path = path.parse().map_err(PackError::Refused)?;
    }
    let file = pack(&folder.files)?;
    Ok(PackedFolder {
        size: file.metadata().map_err(PackError::Write)?.len(),
        archive: from_start(&file).map_err(PackError::Write)?,
        left_out: folder.left_out,
    })
}

/// Packs files into an unnamed temporary file.
fn pack(files: &[FolderFile]) -> Result<File, PackError> {
    let spool = tempfile::tempfile().map_err(PackError::Write)?;
    let out = BufWriter::new(spool);
    let mut archive = ArchiveWriter::new(out).map_err(PackError::Write)?;
    for file in files {
        if let Some(target) = dead_link(&file.content) {
            archive
                .link(&file.path, &target)
                .map_err(PackError::Write)?;
            continue;
        }
        let (content, metadata) = open_file(&file.content)?;
        let executable = metadata.permissions().mode() & 0o100 != 0;
        archive
            .file(&file.path, executable, metadata.len(), content)
            .map_err(PackError::Write)?;
    }
    let out = archive.finish().map_err(PackError::Write)?;
    out.into_inner()
        .map_err(|error| PackError::Write(error.into_error()))
}

/// Returns the target of a link, of which only those that lead to nothing are packed as links; `None`
/// for a file.
fn dead_link(content: &Path) -> Option<String> {
    let target = std::fs::read_link(content).ok()?;
    target.to_str().map(str::to_owned)
}

fn from_start(file: &File) -> io::Result<File> {
    let mut file = file.try_clone()?;
    file.rewind()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read;
    use std::path::PathBuf;

    use super::*;

    fn prepare(path: &Path) -> Result<PackedModule, PackError> {
        PackedModule::prepare(path, &Patterns::none())
    }

    fn module(dir: &Path, name: &str, files: &[&str]) -> PathBuf {
        let root = dir.join(name);
        for file in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        root
    }

    #[test]
    fn the_same_files_give_the_same_archive_wherever_they_lie() {
        let dir = tempfile::tempdir().unwrap();
        let names = ["main.tf", "modules/a/main.tf", "run.sh"];
        let one = module(dir.path(), "one", &names);
        let reversed: Vec<&str> = names.into_iter().rev().collect();
        let other = module(dir.path(), "other", &reversed);
        let (one, other) = (prepare(&one).unwrap(), prepare(&other).unwrap());
        assert_eq!(one.uploaded, other.uploaded);
        assert_eq!(one.served, one.uploaded);
        assert_eq!(one.notes, [""; 0]);
        let mut bytes = Vec::new();
        one.reader().unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(Sha256::of(&bytes), one.uploaded);
        assert_eq!(u64::try_from(bytes.len()).unwrap(), one.size);
    }

    #[test]
    fn an_archive_goes_as_it_is_and_its_changes_are_known() {
        let dir = tempfile::tempdir().unwrap();
        let wrapped = module(dir.path(), "wrapped", &["vpc-1.0.0/main.tf"]);
        let flat = module(dir.path(), "flat", &["main.tf"]);
        fs::write(flat.join("main.tf"), "vpc-1.0.0/main.tf").unwrap();
        let packed = pack(&folder::files(&wrapped, &Patterns::none()).unwrap().files).unwrap();
        let path = dir.path().join("vpc.tar.gz");
        io::copy(
            &mut from_start(&packed).unwrap(),
            &mut File::create(&path).unwrap(),
        )
        .unwrap();
        let archive = prepare(&path).unwrap();
        assert_eq!(archive.uploaded, Sha256::of(&fs::read(&path).unwrap()));
        assert_eq!(archive.served, prepare(&flat).unwrap().uploaded);
        assert_eq!(archive.notes.len(), 1);
    }

    #[test]
    fn p3_a_dead_link_is_left_out_with_a_note_unless_it_leads_out() {
        let dir = tempfile::tempdir().unwrap();
        let linked = module(dir.path(), "linked", &["main.tf"]);
        let plain = module(dir.path(), "plain", &["main.tf"]);
        std::os::unix::fs::symlink("nothing", linked.join("dead")).unwrap();
        let packed = prepare(&linked).unwrap();
        assert_eq!(packed.notes.len(), 1, "{:?}", packed.notes);
        assert!(packed.notes[0].starts_with("`dead` was a link to `nothing`"));
        assert_eq!(packed.served, prepare(&plain).unwrap().served);
        let far = format!("../{}", "x/".repeat(100));
        for target in ["../nothing", "/nothing/there", &far] {
            fs::remove_file(linked.join("dead")).unwrap();
            std::os::unix::fs::symlink(target, linked.join("dead")).unwrap();
            let error = prepare(&linked).unwrap_err();
            assert!(matches!(error, PackError::Refused(_)), "{error}");
        }
    }

    #[test]
    fn what_the_registry_would_refuse_is_refused_here() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("module.zip");
        fs::write(&path, b"PK\x03\x04 and so on").unwrap();
        let error = prepare(&path).unwrap_err();
        assert!(error.is_refusal(), "{error}");
        let empty = module(dir.path(), "empty", &["notes.md"]);
        assert!(prepare(&empty).unwrap_err().is_refusal());
        let missing = prepare(&dir.path().join("missing")).unwrap_err();
        assert!(!missing.is_refusal(), "{missing}");
    }
}
