//! Lists what lies in the folder of a mirror: HOST/NAMESPACE/TYPE with packages and index files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::error::CliError;
use crate::domain::{OriginAddress, Platform, Version};
use crate::files::{LocalFileError, file_name};

/// The folder of one provider.
#[derive(Debug)]
pub(super) struct ProviderFolder {
    /// Its address in its own registry.
    pub(super) address: OriginAddress,
    /// Its packages.
    pub(super) packages: Vec<MirrorPackage>,
    /// The file that lists its versions.
    pub(super) index: Option<PathBuf>,
    /// The files that list the packages of each version.
    pub(super) versions: Vec<(Version, PathBuf)>,
}

/// A package in the folder.
#[derive(Debug)]
pub(super) struct MirrorPackage {
    pub(super) version: Version,
    pub(super) platform: Platform,
    pub(super) path: PathBuf,
}

impl ProviderFolder {
    /// Returns the package for a version and a platform, which is named as in an index file.
    pub(super) fn package(&self, version: &Version, platform: &str) -> Option<&MirrorPackage> {
        self.packages
            .iter()
            .find(|it| it.version == *version && it.platform.to_string() == platform)
    }

    /// Returns whether there are index files, which say what else is in the folder.
    pub(super) fn is_indexed(&self) -> bool {
        self.index.is_some() || !self.versions.is_empty()
    }
}

/// Returns the providers below a folder, and notes about what was skipped.
pub(super) fn find(folder: &Path) -> Result<(Vec<ProviderFolder>, Vec<String>), CliError> {
    let (mut providers, mut notes) = (Vec::new(), Vec::new());
    for host in folders(folder)? {
        for namespace in folders(&host)? {
            for name in folders(&namespace)? {
                let provider = format!("{}/{}", file_name(&namespace), file_name(&name));
                let address = match (file_name(&host).parse(), provider.parse()) {
                    (Ok(host), Ok(provider)) => OriginAddress { host, provider },
                    (Err(error), _) => {
                        notes.push(format!("{}: {error}", host.display()));
                        continue;
                    }
                    (_, Err(error)) => {
                        notes.push(format!("{}: {error}", name.display()));
                        continue;
                    }
                };
                providers.push(look_into(&name, address, &mut notes)?);
            }
        }
    }
    Ok((providers, notes))
}

fn look_into(
    folder: &Path,
    address: OriginAddress,
    notes: &mut Vec<String>,
) -> Result<ProviderFolder, CliError> {
    let mut found = ProviderFolder {
        address,
        packages: Vec::new(),
        index: None,
        versions: Vec::new(),
    };
    for path in entries(folder)? {
        let name = file_name(&path);
        if let Some(package) = parse_name(&found.address, &path) {
            found.packages.push(package);
        } else if name == "index.json" {
            found.index = Some(path);
        } else if let Some(version) = name.strip_suffix(".json") {
            // Other files of this kind belong to other tools.
            let version = version.parse().ok().map(|version| (version, path));
            found.versions.extend(version);
        } else {
            notes.push(format!("{} is not a package", path.display()));
        }
    }
    Ok(found)
}

fn parse_name(address: &OriginAddress, path: &Path) -> Option<MirrorPackage> {
    let name = file_name(path);
    let start = format!("terraform-provider-{}_", address.provider.name);
    let rest = name.strip_prefix(&start)?.strip_suffix(".zip")?;
    let mut parts = rest.rsplitn(3, '_');
    let (arch, os, version) = (parts.next()?, parts.next()?, parts.next()?);
    Some(MirrorPackage {
        version: version.parse().ok()?,
        platform: Platform::new(os, arch).ok()?,
        path: path.to_owned(),
    })
}

/// Returns the folders in a folder. A link that leads nowhere is an error, since something is
/// missing then.
fn folders(within: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut folders = Vec::new();
    for path in entries(within)? {
        let metadata = fs::metadata(&path).map_err(LocalFileError::reading(&path))?;
        if metadata.is_dir() {
            folders.push(path);
        }
    }
    Ok(folders)
}

fn entries(within: &Path) -> Result<Vec<PathBuf>, CliError> {
    let unreadable = LocalFileError::reading(within);
    let mut paths = Vec::new();
    for entry in fs::read_dir(within).map_err(&unreadable)? {
        paths.push(entry.map_err(&unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}
