//! The requirements for a provider's package, and the facts that are known once it is accepted.

use std::io::{Read, Seek};

use data_encoding::{BASE64, HEXLOWER};
use sha2::Digest;

use super::central::{self, Listed};
use super::{PackageLimits, ReadAhead, ZipError};
use super::{content, local};
use crate::archive::catalogue::Catalogue;
use crate::archive::tar_gz::{Entry, EntryKind};
use crate::archive::{ArchiveLimits, ArchivePath};
use crate::domain::{ProviderType, Sha256};

/// An accepted package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The `h1:` checksum of its content, and a second one if the archive lists folders.
    pub h1: Vec<String>,
    /// The name of the program.
    pub program: String,
    /// Whether the archive's permissions do not allow to run the program.
    pub is_not_executable: bool,
}

/// Reads a package of the provider `name`, except for what was read ahead, and decides whether it
/// may be served.
///
/// # Errors
///
/// [`ZipError::Io`] if `from` cannot be read; any other variant refuses the package.
pub fn examine_package(
    mut from: impl Read + Seek,
    ahead: &ReadAhead,
    name: &ProviderType,
    limits: &PackageLimits,
) -> Result<Package, ZipError> {
    let (listed, directory) = central::read(&mut from, &limits.names)?;
    check_names(&listed, &limits.names)?;
    let program = find_program(&listed, name)?;
    check_growth(&listed, limits)?;
    let places = local::places(&mut from, &listed, directory)?;
    let mut files = Vec::new();
    for (entry, at) in listed.iter().zip(places) {
        let sum = match ahead.content(at, entry) {
            Some(content) => content::accept(content, entry)?,
            None => content::hash(&mut from, entry, at)?,
        };
        files.push((entry, sum));
    }
    let is_not_executable = program.mode.is_some_and(|mode| mode & 0o111 == 0);
    Ok(Package {
        h1: content_checksums(files),
        program: program.name.clone(),
        is_not_executable,
    })
}

/// Checks that each name is valid on every system and is there once.
fn check_names(listed: &[Listed], limits: &ArchiveLimits) -> Result<(), ZipError> {
    let mut catalogue = Catalogue::default();
    for entry in listed {
        let bare = entry.name.strip_suffix('/').unwrap_or(&entry.name);
        let path = ArchivePath::new(bare, limits)?;
        if path.as_str() != bare {
            // For some readers `./name` is the same file, for others it is another one.
            return Err(ZipError::Disagree(entry.escaped_name()));
        }
        let kind = if entry.is_folder() {
            EntryKind::Folder
        } else {
            EntryKind::File(u64::from(entry.size))
        };
        let path = Some(path);
        let mode = 0o644;
        catalogue.add(Entry { path, kind, mode }, limits)?;
    }
    Ok(())
}

/// Refuses entries whose announced size is that of a bomb, before a byte is unpacked.
fn check_growth(listed: &[Listed], limits: &PackageLimits) -> Result<(), ZipError> {
    let total: u64 = listed.iter().map(|entry| u64::from(entry.size)).sum();
    if total > limits.unpacked_bytes {
        let limit = limits.unpacked_bytes;
        return Err(ZipError::UnpackedTooLarge { limit });
    }
    let free = limits.names.ratio_after_bytes;
    for entry in listed {
        let (packed, size) = (u64::from(entry.packed), u64::from(entry.size));
        if size > free && size / packed.max(1) >= limits.ratio {
            let (entry, limit) = (entry.escaped_name(), limits.ratio);
            return Err(ZipError::Ratio { entry, limit });
        }
    }
    Ok(())
}

/// Finds the program as clients do: at the top level, `terraform-provider-NAME` alone, or with `_` or
/// `.` and anything behind it. Of several they run the one whose name sorts first.
fn find_program<'a>(listed: &'a [Listed], name: &ProviderType) -> Result<&'a Listed, ZipError> {
    let wanted = format!("terraform-provider-{name}");
    let is_program = |entry: &&Listed| {
        let rest = entry.name.strip_prefix(&wanted);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '.']))
            && !entry.name.contains('/')
    };
    let mut programs: Vec<&Listed> = listed.iter().filter(is_program).collect();
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    programs.first().copied().ok_or_else(|| {
        let names = listed
            .iter()
            .take(3)
            .map(|entry| entry.escaped_name().to_string());
        let mut found = names.collect::<Vec<_>>().join(", ");
        if listed.len() > 3 {
            found.push_str(", …");
        }
        ZipError::NoProgram {
            name: name.to_string(),
            found,
        }
    })
}

/// Computes the checksums that clients write into lock files (Go's `dirhash.Hash1`): one of the
/// unpacked files, and one of the archive if that differs.
fn content_checksums(mut files: Vec<(&Listed, Sha256)>) -> Vec<String> {
    files.sort_by_key(|(entry, _)| entry.name.as_bytes());
    let unpacked = files.iter().filter(|(entry, _)| !entry.is_folder());
    let mut sums = vec![hash1(unpacked)];
    if files.iter().any(|(entry, _)| entry.is_folder()) {
        sums.push(hash1(files.iter()));
    }
    sums
}

fn hash1<'a>(files: impl Iterator<Item = &'a (&'a Listed, Sha256)>) -> String {
    let mut sum = sha2::Sha256::new();
    for (entry, content) in files {
        let line = format!("{}  {}\n", HEXLOWER.encode(content.as_bytes()), entry.name);
        sum.update(line.as_bytes());
    }
    format!("h1:{}", BASE64.encode(&sum.finalize()))
}
