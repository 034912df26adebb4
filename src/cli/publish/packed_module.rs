//! The archive that is sent: packed here, or given as a file; it has passed the same examination as
//! in the registry.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sha2::Digest;

use super::folder::{self, FolderError, FolderFile};
use crate::archive::{ArchiveError, ArchiveLimits, ArchiveWriter, examine, repack};
use crate::cli::error::CliError;
use crate::domain::Sha256;

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
    /// A file cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
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
            Self::Folder(error) => !matches!(error, FolderError::Read { .. }),
            Self::Read { .. } | Self::Write(_) => false,
        }
    }
}

impl PackedModule {
    /// Packs a folder, or takes an archive as it is.
    pub(super) fn prepare(path: &Path) -> Result<Self, PackError> {
        let opened = File::open(path).map_err(unreadable(path))?;
        let file = if opened.metadata().map_err(unreadable(path))?.is_dir() {
            pack(&folder::files(path)?)?
        } else {
            opened
        };
        Self::examine(file, path)
    }

    /// Returns a reader at the start of the archive.
    pub(super) fn reader(&self) -> io::Result<File> {
        from_start(&self.file)
    }

    fn examine(file: File, path: &Path) -> Result<Self, PackError> {
        let read = unreadable(path);
        let limits = limits();
        let mut hashed = Hashed::new(io::sink());
        io::copy(&mut from_start(&file).map_err(&read)?, &mut hashed).map_err(&read)?;
        let (size, uploaded) = (hashed.bytes, hashed.sum());
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
        let notes = examined.notes().to_vec();
        Ok(Self {
            file,
            size,
            uploaded,
            served,
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

/// Packs a folder's files under the path `inside`; it needs no module in it. Returns the archive at
/// its start, and its size in bytes.
pub(in crate::cli) fn packed(root: &Path, inside: &str) -> Result<(File, u64), CliError> {
    let mut files = folder::files(root).map_err(PackError::Folder)?;
    for file in &mut files {
        let path = format!("{inside}/{}", file.path);
        file.path = path.parse().map_err(PackError::Refused)?;
    }
    let file = pack(&files)?;
    let size = file.metadata().map_err(PackError::Write)?.len();
    let start = from_start(&file).map_err(PackError::Write)?;
    Ok((start, size))
}

/// Packs files into an unnamed temporary file.
fn pack(files: &[FolderFile]) -> Result<File, PackError> {
    let spool = tempfile::tempfile().map_err(PackError::Write)?;
    let out = BufWriter::new(spool);
    let mut archive = ArchiveWriter::new(out).map_err(PackError::Write)?;
    for file in files {
        let content = File::open(&file.content).map_err(unreadable(&file.content))?;
        let metadata = content.metadata().map_err(unreadable(&file.content))?;
        let executable = metadata.permissions().mode() & 0o100 != 0;
        archive
            .file(&file.path, executable, metadata.len(), content)
            .map_err(PackError::Write)?;
    }
    let out = archive.finish().map_err(PackError::Write)?;
    out.into_inner()
        .map_err(|error| PackError::Write(error.into_error()))
}

fn from_start(file: &File) -> io::Result<File> {
    let mut file = file.try_clone()?;
    file.rewind()?;
    Ok(file)
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> PackError + use<> {
    let path = path.to_owned();
    move |source| PackError::Read {
        path: path.clone(),
        source,
    }
}

/// A writer that counts and hashes what is written through it.
struct Hashed<W> {
    out: W,
    hasher: sha2::Sha256,
    bytes: u64,
}

impl<W> Hashed<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            hasher: sha2::Sha256::new(),
            bytes: 0,
        }
    }

    fn sum(self) -> Sha256 {
        Sha256::finish(self.hasher)
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        self.bytes += u64::try_from(written).unwrap_or(0);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read;

    use super::*;

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
        let (one, other) = (
            PackedModule::prepare(&one).unwrap(),
            PackedModule::prepare(&other).unwrap(),
        );
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
        let packed = pack(&folder::files(&wrapped).unwrap()).unwrap();
        let path = dir.path().join("vpc.tar.gz");
        io::copy(
            &mut from_start(&packed).unwrap(),
            &mut File::create(&path).unwrap(),
        )
        .unwrap();
        let archive = PackedModule::prepare(&path).unwrap();
        assert_eq!(archive.uploaded, Sha256::of(&fs::read(&path).unwrap()));
        assert_eq!(
            archive.served,
            PackedModule::prepare(&flat).unwrap().uploaded
        );
        assert_eq!(archive.notes.len(), 1);
    }

    #[test]
    fn what_the_registry_would_refuse_is_refused_here() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("module.zip");
        fs::write(&path, b"PK\x03\x04 and so on").unwrap();
        let error = PackedModule::prepare(&path).unwrap_err();
        assert!(error.is_refusal(), "{error}");
        let empty = module(dir.path(), "empty", &["notes.md"]);
        assert!(PackedModule::prepare(&empty).unwrap_err().is_refusal());
        let missing = PackedModule::prepare(&dir.path().join("missing")).unwrap_err();
        assert!(!missing.is_refusal(), "{missing}");
    }
}
