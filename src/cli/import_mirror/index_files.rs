//! Reads the index files of a mirror: `index.json` lists the versions of a provider, and
//! `VERSION.json` the packages of a version with their hashes.
//!
//! Source: `tests/fixtures/contracts/network-mirror.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use crate::domain::Version;
use crate::files::{LocalFileError, read_file};

/// The most bytes of an index file.
const MOST_BYTES: u64 = 4 << 20;

/// Why an index file says nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum IndexFileError {
    /// It cannot be read.
    #[error("{0}{reason}", reason = system_error(.0))]
    File(#[from] LocalFileError),
    /// It is not JSON.
    #[error("`{path}` is not JSON: {reason}")]
    NotJson { path: String, reason: String },
    /// It is JSON of another form.
    #[error("`{path}` has no object `{member}`")]
    NoMember { path: String, member: &'static str },
}

fn system_error(error: &LocalFileError) -> String {
    match error {
        LocalFileError::Read { source, .. } => format!(" ({source})"),
        LocalFileError::NotAFile { .. }
        | LocalFileError::TooLarge { .. }
        | LocalFileError::NotText { .. } => String::new(),
    }
}

/// Returns the versions that `index.json` lists, as it writes them.
pub(super) fn listed_versions(path: &Path) -> Result<Vec<String>, IndexFileError> {
    Ok(member(path, "versions")?
        .into_iter()
        .map(|(version, _)| version)
        .collect())
}

/// Returns the hashes of each package of a version, by platform. A package that has none, or none
/// that can be read, has an empty list.
pub(super) fn listed_packages(
    path: &Path,
) -> Result<BTreeMap<String, Vec<String>>, IndexFileError> {
    let archives = member(path, "archives")?;
    let hashes = |archive: &Value| -> Vec<String> {
        let hashes = archive.get("hashes").and_then(Value::as_array);
        let hashes = hashes.into_iter().flatten().filter_map(Value::as_str);
        hashes.map(str::to_owned).collect()
    };
    let packages = archives.iter();
    Ok(packages
        .map(|(platform, archive)| (platform.clone(), hashes(archive)))
        .collect())
}

/// Returns whether `index.json` lists a version, however it is written.
pub(super) fn lists(versions: &[String], version: &Version) -> bool {
    versions.iter().any(|text| {
        text.parse::<Version>()
            .is_ok_and(|listed| listed == *version)
    })
}

fn member(path: &Path, member: &'static str) -> Result<Map<String, Value>, IndexFileError> {
    let bytes = read_file(path, MOST_BYTES)?;
    let mut document: Value =
        serde_json::from_slice(&bytes).map_err(|error| IndexFileError::NotJson {
            path: path.display().to_string(),
            reason: error.to_string(),
        })?;
    match document.get_mut(member).map(Value::take) {
        Some(Value::Object(members)) => Ok(members),
        _ => Err(IndexFileError::NoMember {
            path: path.display().to_string(),
            member,
        }),
    }
}
