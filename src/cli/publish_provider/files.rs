//! Finds the files of a release in a folder: packages by their names, the manifest, and perhaps the
//! publisher's own list of checksums with its signature.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::signature::SignatureFiles;
use crate::cli::error::{CliError, Exit};
use crate::domain::{
    PackageName, Platform, ProtocolVersion, ProviderVersionAddress, ReleaseFile, manifest_protocols,
};
use crate::files::{file_name, open_file, read_file};

/// The most bytes that are read of a file that is not a package.
pub(super) const SMALL_BYTES: u64 = 64 * 1024;

/// The arguments that name files.
pub(super) struct ReleaseArguments {
    pub(super) paths: Vec<PathBuf>,
    pub(super) shasums: Option<PathBuf>,
    pub(super) signature: Option<PathBuf>,
    pub(super) docs: Option<PathBuf>,
}

/// The files of one version.
#[derive(Debug)]
pub(super) struct ReleaseFiles {
    pub(super) address: ProviderVersionAddress,
    pub(super) packages: BTreeMap<Platform, PathBuf>,
    pub(super) protocols: Option<Vec<ProtocolVersion>>,
    /// The folder with its documentation.
    pub(super) docs: Option<PathBuf>,
    /// The publisher's own lists of checksums and signatures.
    pub(super) signatures: SignatureFiles,
    /// Notes about what was skipped, and why.
    pub(super) notes: Vec<String>,
}

impl ReleaseFiles {
    /// Searches the given files and folders for the files of a version.
    pub(super) fn find(
        address: &ProviderVersionAddress,
        wanted: &ReleaseArguments,
    ) -> Result<Self, CliError> {
        let mut found = Self {
            address: address.clone(),
            packages: BTreeMap::new(),
            protocols: None,
            docs: wanted
                .docs
                .as_deref()
                .map(|path| docs_in(path).unwrap_or(path.to_owned())),
            signatures: SignatureFiles::default(),
            notes: Vec::new(),
        };
        for path in &wanted.paths {
            if path.is_dir() {
                found.look_into(path)?;
                found.docs = found.docs.or_else(|| docs_in(path));
            } else if !found.take_other(path)? {
                found.add_package(path)?;
            }
        }
        if let (Some(list), Some(signature)) = (&wanted.shasums, &wanted.signature) {
            found.signatures.take_only(list, signature);
        }
        if found.packages.is_empty() {
            let platform = Platform::new("linux", "amd64").map_err(|error| failed(&error))?;
            let message = format!(
                "there is no package of `{address}` here; packages are named like {}",
                address.package_name(&platform)
            );
            return Err(CliError::new(Exit::Refused, message));
        }
        Ok(found)
    }

    /// Returns the platforms that there are packages for.
    pub(super) fn platforms(&self) -> Vec<String> {
        self.packages.keys().map(Platform::to_string).collect()
    }

    fn look_into(&mut self, folder: &Path) -> Result<(), CliError> {
        let unreadable = |error| {
            let message = format!("cannot read the folder {}", folder.display());
            CliError::new(Exit::Failed, message).because(error)
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if !path.is_dir() {
                paths.push(path);
            }
        }
        paths.sort();
        for path in &paths {
            let name = file_name(path);
            if path.extension().is_some_and(|ending| ending == "zip") {
                self.add_package_of_folder(path, &name)?;
            } else {
                self.take_other(path)?;
            }
        }
        Ok(())
    }

    /// Takes a file of a release that is not a package; returns whether it is one.
    fn take_other(&mut self, path: &Path) -> Result<bool, CliError> {
        let name = file_name(path);
        match ReleaseFile::of(&name) {
            Ok(Some(ReleaseFile::Manifest)) => self.read_manifest(path)?,
            Ok(Some(ReleaseFile::Checksums | ReleaseFile::Signature))
                if self.is_of_another(&name) => {}
            Ok(Some(ReleaseFile::Checksums)) => self.signatures.lists.push(path.to_owned()),
            Ok(Some(ReleaseFile::Signature)) => self.signatures.signatures.push(path.to_owned()),
            Ok(Some(ReleaseFile::Package(_)) | None) | Err(_) => return Ok(false),
        }
        Ok(true)
    }

    /// Returns whether the name of a list or a signature says that it belongs to another provider
    /// or version; a note says so.
    fn is_of_another(&mut self, name: &str) -> bool {
        let ProviderVersionAddress { provider, version } = &self.address;
        let ours = format!("terraform-provider-{}_{version}_", provider.name);
        let is_other = name.starts_with("terraform-provider-") && !name.starts_with(&ours);
        if is_other {
            self.notes
                .push(format!("{name} does not belong to {}", self.address));
        }
        is_other
    }

    /// Adds a package from a folder, which may hold packages of other providers; a file named by
    /// the user must fit.
    fn add_package_of_folder(&mut self, path: &Path, name: &str) -> Result<(), CliError> {
        let ours = format!("terraform-provider-{}_", self.address.provider.name);
        if name.starts_with(&ours) {
            return self.add_package(path);
        }
        self.notes.push(format!(
            "{name} is not a package of {}",
            self.address.provider
        ));
        Ok(())
    }

    fn add_package(&mut self, path: &Path) -> Result<(), CliError> {
        let name = file_name(path);
        let platform = self.platform_of(&name)?;
        // What is no file is refused before anything is sent.
        open_file(path)?;
        if let Some(other) = self.packages.insert(platform.clone(), path.to_owned()) {
            let message = format!(
                "{} and {} are both packages for {platform}",
                other.display(),
                path.display()
            );
            return Err(CliError::new(Exit::Refused, message));
        }
        Ok(())
    }

    /// Returns the platform of a package, from its name.
    fn platform_of(&self, file_name: &str) -> Result<Platform, CliError> {
        let ProviderVersionAddress { provider, version } = &self.address;
        let refused = |why: &str| {
            let message = format!(
                "{file_name}: {why}; a package of `{}` is named terraform-provider-{}_{version}_OS_ARCH.zip",
                self.address, provider.name
            );
            CliError::new(Exit::Refused, message)
        };
        let name = PackageName::parse(file_name).map_err(|error| refused(&error.to_string()))?;
        if name.name != provider.name {
            return Err(refused("this is a package of another provider"));
        }
        if name.version != *version {
            return Err(refused("this is a package of another version"));
        }
        Ok(name.platform)
    }

    fn read_manifest(&mut self, path: &Path) -> Result<(), CliError> {
        let protocols = manifest_protocols(&read_file(path, SMALL_BYTES)?).map_err(|error| {
            let message = format!("{} is not a manifest of a provider", path.display());
            CliError::new(Exit::Refused, message).because(error)
        })?;
        self.protocols = Some(protocols);
        Ok(())
    }
}

/// Returns the folder with the documentation, in the newer layout or the older one.
fn docs_in(folder: &Path) -> Option<PathBuf> {
    let places = ["website/docs", "docs"].map(|place| folder.join(place));
    places.into_iter().find(|place| place.is_dir())
}

fn failed(error: &dyn std::error::Error) -> CliError {
    CliError::new(Exit::Failed, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(files: &[(&str, &str)]) -> Result<ReleaseFiles, CliError> {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, content) in files {
            fs::write(folder.path().join(name), content).expect("written");
        }
        let address = ProviderVersionAddress {
            provider: "acme/widget".parse().expect("an address"),
            version: "1.2.3".parse().expect("a version"),
        };
        let wanted = ReleaseArguments {
            paths: vec![folder.path().to_owned()],
            shasums: None,
            signature: None,
            docs: None,
        };
        ReleaseFiles::find(&address, &wanted)
    }

    #[test]
    fn a_folder_of_a_release_tool_is_understood() {
        let found = find(&[
            ("terraform-provider-widget_1.2.3_linux_amd64.zip", "x"),
            ("terraform-provider-widget_1.2.3_darwin_arm64.zip", "x"),
            ("terraform-provider-widget_1.2.3_SHA256SUMS", "sums"),
            (
                "terraform-provider-widget_1.2.3_SHA256SUMS.sig",
                "signature",
            ),
            (
                "terraform-provider-widget_1.2.3_manifest.json",
                r#"{"version":1,"metadata":{"protocol_versions":["6.0"]}}"#,
            ),
            ("artifacts.json", "[]"),
            ("other_1.2.3_linux_amd64.zip", "x"),
        ])
        .expect("a release");
        assert_eq!(found.platforms(), ["darwin_arm64", "linux_amd64"]);
        assert_eq!(
            found.protocols,
            Some(vec!["6.0".parse().expect("a protocol")])
        );
        assert_eq!(found.signatures.lists.len(), 1);
        assert_eq!(found.signatures.signatures.len(), 1);
        assert_eq!(found.notes.len(), 1);
    }

    #[test]
    fn classic_mistakes_are_named() {
        let message = |name: &str| {
            let error = find(&[(name, "x")]).expect_err(name);
            error.to_string()
        };
        for (name, expected) in [
            (
                "terraform-provider-widget_v1.2.3_linux_amd64.zip",
                "a `v` before",
            ),
            (
                "terraform-provider-widget_1.2.4_linux_amd64.zip",
                "another version",
            ),
            (
                "terraform-provider-widget_1.2.3_linux.zip",
                "no operating system",
            ),
            (
                "terraform-provider-widget_1.2.3_Linux_x86_64.zip",
                "no operating system",
            ),
            ("widget.zip", "there is no package"),
        ] {
            let message = message(name);
            assert!(message.contains(expected), "{name}: {message}");
        }
    }
}
