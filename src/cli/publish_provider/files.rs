//! Finds the files of a release in a folder: packages by their names, the manifest, and perhaps the
//! publisher's own list of checksums with its signature.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::error::{CliError, Exit};
use crate::domain::{
    PackageName, Platform, ProtocolVersion, ProviderVersionAddress, manifest_protocols,
};

/// The most bytes that are read of a file that is not a package.
const SMALL_BYTES: u64 = 64 * 1024;

/// The arguments that name files.
pub(super) struct ReleaseArguments {
    pub(super) paths: Vec<PathBuf>,
    pub(super) shasums: Option<PathBuf>,
    pub(super) signature: Option<PathBuf>,
    pub(super) sign_here: bool,
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
    own: Option<(PathBuf, PathBuf)>,
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
            own: None,
            notes: Vec::new(),
        };
        for path in &wanted.paths {
            if path.is_dir() {
                found.look_into(path)?;
                found.docs = found.docs.or_else(|| docs_in(path));
            } else {
                found.add_package(path)?;
            }
        }
        if let (Some(sums), Some(signature)) = (&wanted.shasums, &wanted.signature) {
            found.own = Some((sums.clone(), signature.clone()));
        }
        if wanted.sign_here {
            found.own = None;
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

    /// Returns the publisher's own list and its signature; `None` if the registry signs.
    pub(super) fn own_signature(&self) -> Result<Option<(String, Vec<u8>)>, CliError> {
        let Some((sums, signature)) = &self.own else {
            return Ok(None);
        };
        let text = String::from_utf8(read_small(sums)?).map_err(|_| {
            let message = format!("{} is not text", sums.display());
            CliError::new(Exit::Refused, message)
        })?;
        Ok(Some((text, read_small(signature)?)))
    }

    fn look_into(&mut self, folder: &Path) -> Result<(), CliError> {
        let unreadable = |error| {
            let message = format!("cannot read the folder {}", folder.display());
            CliError::new(Exit::Failed, message).because(error)
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_file() {
                paths.push(path);
            }
        }
        paths.sort();
        let mut sums = None;
        for path in &paths {
            let name = file_name(path);
            if has_ending(&name, ".zip") {
                self.add_package_of_folder(path, &name)?;
            } else if has_ending(&name, "manifest.json") {
                self.read_manifest(path)?;
            } else if name.ends_with("SHA256SUMS") {
                sums = Some(path.clone());
            }
        }
        let signature = sums.as_ref().and_then(|sums| {
            let name = format!("{}.sig", file_name(sums));
            paths.iter().find(|path| file_name(path) == name).cloned()
        });
        if let (Some(sums), Some(signature)) = (sums, signature) {
            self.own = Some((sums, signature));
        }
        Ok(())
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
        let protocols = manifest_protocols(&read_small(path)?).map_err(|error| {
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

fn has_ending(name: &str, ending: &str) -> bool {
    name.ends_with(ending)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read_small(path: &Path) -> Result<Vec<u8>, CliError> {
    use std::io::Read;

    let unreadable = |error| {
        let message = format!("cannot read {}", path.display());
        CliError::new(Exit::Failed, message).because(error)
    };
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(SMALL_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|read| read > SMALL_BYTES) {
        let message = format!("{} has more than {SMALL_BYTES} bytes", path.display());
        return Err(CliError::new(Exit::Refused, message));
    }
    Ok(bytes)
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
            sign_here: false,
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
        assert!(found.own.is_some());
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
