//! The files that a provider's release is made of, told apart by their names, as all registries
//! and release tools write them.

use serde::Deserialize;

use super::{Platform, ProtocolVersion, ProviderType, Version};

/// What a file of a release is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseFile {
    /// The package of a version for a platform.
    Package(PackageName),
    /// The list of checksums.
    Checksums,
    /// The signature of that list.
    Signature,
    /// What the provider says of itself.
    Manifest,
}

/// `terraform-provider-widget_1.2.3_linux_amd64.zip`, in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageName {
    /// The provider.
    pub name: ProviderType,
    /// Its version.
    pub version: Version,
    /// What it runs on.
    pub platform: Platform,
}

/// A name that says of no package what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackageNameError {
    /// It has another ending.
    #[error("this is not a .zip file")]
    Ending,
    /// It begins otherwise.
    #[error("this is not the package of a provider")]
    Beginning,
    /// `v1.2.3`.
    #[error("there is a `v` before the version")]
    Prefix,
    /// The provider or the version is none.
    #[error("this names no provider and version")]
    Version,
    /// There is no platform behind the version.
    #[error("this names no operating system and architecture")]
    Platform,
}

const BEGINNING: &str = "terraform-provider-";

impl PackageName {
    /// Reads the name of a file.
    pub fn parse(file_name: &str) -> Result<Self, PackageNameError> {
        let stem = file_name
            .strip_suffix(".zip")
            .ok_or(PackageNameError::Ending)?;
        let stem = stem
            .strip_prefix(BEGINNING)
            .ok_or(PackageNameError::Beginning)?;
        let mut parts = stem.splitn(3, '_');
        let mut part = || parts.next().unwrap_or_default();
        let (name, version, platform) = (part(), part(), part());
        if version.starts_with('v') {
            return Err(PackageNameError::Prefix);
        }
        Ok(Self {
            name: name.parse().map_err(|_| PackageNameError::Version)?,
            version: version.parse().map_err(|_| PackageNameError::Version)?,
            platform: platform.parse().map_err(|_| PackageNameError::Platform)?,
        })
    }
}

impl ReleaseFile {
    /// What a file is by its name; `None` where it belongs to no release.
    pub fn of(file_name: &str) -> Result<Option<Self>, PackageNameError> {
        let has_ending = |ending: &str| file_name.ends_with(ending);
        if has_ending("SHA256SUMS") {
            Ok(Some(Self::Checksums))
        } else if has_ending("SHA256SUMS.sig") || has_ending("SHA256SUMS.asc") {
            Ok(Some(Self::Signature))
        } else if has_ending("manifest.json") {
            Ok(Some(Self::Manifest))
        } else if has_ending(".zip") && file_name.starts_with(BEGINNING) {
            PackageName::parse(file_name).map(|name| Some(Self::Package(name)))
        } else {
            Ok(None)
        }
    }
}

/// The protocols that a manifest names, as it lies in a release or a provider's repository.
pub fn manifest_protocols(json: &[u8]) -> Result<Vec<ProtocolVersion>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Manifest {
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        protocol_versions: Vec<ProtocolVersion>,
    }
    let manifest: Manifest = serde_json::from_slice(json)?;
    Ok(manifest.metadata.protocol_versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is() {
        let name = PackageName::parse("terraform-provider-my-widget_1.2.3-rc.1_linux_arm64.zip");
        let name = name.expect("a package");
        assert_eq!(name.name.as_str(), "my-widget");
        assert_eq!(name.version.to_string(), "1.2.3-rc.1");
        assert_eq!(name.platform.to_string(), "linux_arm64");
        let refused = [
            (
                "terraform-provider-a_1.0.0_linux_amd64.tar.gz",
                PackageNameError::Ending,
            ),
            ("widget_1.0.0_linux_amd64.zip", PackageNameError::Beginning),
            (
                "terraform-provider-a_v1.0.0_linux_amd64.zip",
                PackageNameError::Prefix,
            ),
            (
                "terraform-provider-a_1.0.0_linux.zip",
                PackageNameError::Platform,
            ),
            ("terraform-provider-a_1.0.0.zip", PackageNameError::Platform),
            (
                "terraform-provider-a_1.0.0.0_linux_amd64.zip",
                PackageNameError::Version,
            ),
            (
                "terraform-provider-../a_1.0.0_linux_amd64.zip",
                PackageNameError::Version,
            ),
        ];
        for (bad, why) in refused {
            assert_eq!(PackageName::parse(bad), Err(why), "{bad}");
        }
        let of = |name: &str| ReleaseFile::of(name).expect("a name");
        let sums = "terraform-provider-a_1.0.0_SHA256SUMS";
        assert_eq!(of(sums), Some(ReleaseFile::Checksums));
        assert_eq!(of(&format!("{sums}.sig")), Some(ReleaseFile::Signature));
        let manifest = "terraform-registry-manifest.json";
        assert_eq!(of(manifest), Some(ReleaseFile::Manifest));
        assert_eq!(of("artifacts.json"), None);
        assert_eq!(of("source.zip"), None);
        assert!(ReleaseFile::of("terraform-provider-a_v1.0.0_linux_amd64.zip").is_err());
    }

    #[test]
    fn manifests_name_protocols() {
        let json = br#"{"version":1,"metadata":{"protocol_versions":["5.0","6.0"]}}"#;
        let protocols = manifest_protocols(json).expect("a manifest");
        let protocols: Vec<String> = protocols.iter().map(ToString::to_string).collect();
        assert_eq!(protocols, ["5.0", "6.0"]);
        assert!(manifest_protocols(b"{}").is_err());
    }
}
