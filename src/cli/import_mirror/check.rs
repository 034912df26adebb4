//! Compares the packages of a mirror with its index files, and the index files with the packages.

use std::collections::BTreeMap;
use std::io::Seek;

use super::find::{MirrorPackage, ProviderFolder};
use super::index_files::{self, IndexFileError};
use crate::archive::{PackageLimits, ReadAhead, examine_package};
use crate::cli::error::{CliError, Exit};
use crate::cli::hashed::size_and_sum;
use crate::domain::{ProviderType, Version};
use crate::files::{LocalFileError, file_name, open_file};

/// The result of the comparison, one sentence for each fault.
#[derive(Debug, Default)]
pub(super) struct CheckReport {
    /// Packages whose content is not what an index file says.
    pub(super) wrong: Vec<String>,
    /// What an index file names and is not there.
    pub(super) missing: Vec<String>,
    /// Packages that an index file should describe, but does not.
    pub(super) not_compared: Vec<String>,
    /// How many packages lie in folders without any index file.
    pub(super) without_index: usize,
}

/// The packages of a version that its index file lists, by platform, each with its hashes.
type ListedPackages = Result<BTreeMap<String, Vec<String>>, IndexFileError>;

impl CheckReport {
    /// Checks the folder of a provider.
    ///
    /// # Errors
    ///
    /// Fails if a package cannot be read, or is none.
    pub(super) fn check(&mut self, folder: &ProviderFolder) -> Result<(), CliError> {
        if !folder.is_indexed() {
            self.without_index += folder.packages.len();
            for package in &folder.packages {
                Checksums::of(package, &folder.address.provider.name)?;
            }
            return Ok(());
        }
        let index = folder.index.as_deref().map(index_files::listed_versions);
        let listed: Vec<(&Version, ListedPackages)> = folder
            .versions
            .iter()
            .map(|(version, path)| (version, index_files::listed_packages(path)))
            .collect();
        let index = match index {
            None => None,
            Some(Ok(versions)) => Some(versions),
            Some(Err(error)) => {
                self.not_compared.push(error.to_string());
                None
            }
        };
        self.find_missing(folder, index.as_deref().unwrap_or_default(), &listed);
        for package in &folder.packages {
            let is_listed = |versions: &Vec<String>| index_files::lists(versions, &package.version);
            if !index.as_ref().is_none_or(is_listed) {
                let name = file_name(&package.path);
                let version = &package.version;
                self.not_compared.push(format!(
                    "{name}: index.json does not name the version {version}"
                ));
            }
            let of_version = listed.iter().find(|(it, _)| **it == package.version);
            self.compare(folder, package, of_version.map(|(_, packages)| packages))?;
        }
        Ok(())
    }

    /// Finds what the index files of a provider name and its folder lacks.
    fn find_missing(
        &mut self,
        folder: &ProviderFolder,
        versions: &[String],
        listed: &[(&Version, ListedPackages)],
    ) {
        let address = &folder.address;
        for text in versions {
            let is_it =
                |version: &&Version| text.parse::<Version>().is_ok_and(|it| it == **version);
            if !listed.iter().any(|(version, _)| is_it(version)) {
                self.missing.push(format!(
                    "{address}: {text}.json, for the version {text} that index.json names"
                ));
            }
        }
        for (version, packages) in listed {
            for platform in packages.iter().flat_map(BTreeMap::keys) {
                if folder.package(version, platform).is_none() {
                    let name = &address.provider.name;
                    self.missing.push(format!(
                        "{address}: terraform-provider-{name}_{version}_{platform}.zip, which \
                         {version}.json names"
                    ));
                }
            }
        }
    }

    /// Compares a package with the hashes that its index file lists.
    fn compare(
        &mut self,
        folder: &ProviderFolder,
        package: &MirrorPackage,
        listed: Option<&ListedPackages>,
    ) -> Result<(), CliError> {
        let name = file_name(&package.path);
        let (version, platform) = (&package.version, &package.platform);
        let own = Checksums::of(package, &folder.address.provider.name)?;
        let hashes = match listed {
            None => Err(format!("{version}.json is missing")),
            Some(Err(error)) => Err(error.to_string()),
            Some(Ok(packages)) => packages
                .get(&platform.to_string())
                .ok_or_else(|| format!("{version}.json does not name {platform}")),
        };
        let compared = hashes.and_then(|hashes| {
            own.are_in(hashes).ok_or_else(|| {
                format!(
                    "{version}.json has no hash of {platform} that can be compared (h1: or zh:)"
                )
            })
        });
        match compared {
            Ok(true) => {}
            Ok(false) => self.wrong.push(format!(
                "{name}: its content is not what {version}.json says"
            )),
            Err(reason) => self.not_compared.push(format!("{name}: {reason}")),
        }
        Ok(())
    }
}

/// The checksums of a package, in the forms of lock files and mirrors.
struct Checksums {
    h1: Vec<String>,
    zh: String,
}

impl Checksums {
    fn of(package: &MirrorPackage, name: &ProviderType) -> Result<Self, CliError> {
        let path = package.path.display().to_string();
        let (mut file, _) = open_file(&package.path)?;
        let limits = PackageLimits::default();
        let read = examine_package(&mut file, &ReadAhead::default(), name, &limits);
        let read =
            read.map_err(|error| CliError::from_error(Exit::Refused, &error).within(&path))?;
        let hashed = file.rewind().and_then(|()| size_and_sum(&mut file));
        let (_, sum) = hashed.map_err(LocalFileError::reading(&package.path))?;
        Ok(Self {
            h1: read.h1,
            zh: format!("zh:{sum}"),
        })
    }

    /// Returns whether the listed hashes are those of the package: of each kind, one must be.
    /// `None` if no listed hash is of a kind that is known.
    fn are_in(&self, listed: &[String]) -> Option<bool> {
        let of_kind = |kind: &str| -> Vec<&String> {
            listed
                .iter()
                .filter(|hash| hash.starts_with(kind))
                .collect()
        };
        let (h1, zh) = (of_kind("h1:"), of_kind("zh:"));
        if h1.is_empty() && zh.is_empty() {
            return None;
        }
        let h1_fits = h1.is_empty() || h1.iter().any(|hash| self.h1.contains(hash));
        let zh_fits = zh.is_empty() || zh.iter().any(|hash| hash.eq_ignore_ascii_case(&self.zh));
        Some(h1_fits && zh_fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p7_one_hash_of_each_kind_must_fit() {
        let own = Checksums {
            h1: vec!["h1:a".to_owned(), "h1:b".to_owned()],
            zh: "zh:ab".to_owned(),
        };
        let are_in = |listed: &[&str]| {
            let listed: Vec<String> = listed.iter().map(|it| (*it).to_owned()).collect();
            own.are_in(&listed)
        };
        for fits in [
            &["h1:b"][..],
            &["zh:AB"],
            &["h1:x", "h1:a", "zh:ab", "h9:y"],
        ] {
            assert_eq!(are_in(fits), Some(true), "{fits:?}");
        }
        for wrong in [
            &["h1:x"][..],
            &["zh:cd"],
            &["h1:a", "zh:cd"],
            &["h1:x", "zh:ab"],
        ] {
            assert_eq!(are_in(wrong), Some(false), "{wrong:?}");
        }
        for unknown in [&[][..], &["h9:y"], &["a"]] {
            assert_eq!(are_in(unknown), None, "{unknown:?}");
        }
    }
}
