//! The kinds of files in a provider's release, recognised by their names, which are the same in all
//! registries and release tools.

use serde::Deserialize;

use super::{Platform, ProtocolVersion, ProviderType, Version};

/// The kind of a release file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseFile {
    /// The package of a version for one platform.
    Package(PackageName),
    /// The list of checksums.
    Checksums,
    /// The signature of that list.
    Signature,
    /// The manifest, in which the provider states its protocols.
    Manifest,
}

/// The parts of a package's file name, such as `terraform-provider-widget_1.2.3_linux_amd64.zip`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageName {
    /// The provider.
    pub name: ProviderType,
    /// Its version.
    pub version: Version,
    /// The platform that it runs on.
    pub platform: Platform,
}

/// Why a file name is not the name of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackageNameError {
    /// The name does not end with `.zip`.
    #[error("this is not a .zip file")]
    Ending,
    /// The name does not begin with `terraform-provider-`.
    #[error("this is not the package of a provider")]
    Beginning,
    /// A `v` stands before the version, as in `v1.2.3`.
    #[error("there is a `v` before the version")]
    Prefix,
    /// The provider's name or the version is not valid.
    #[error("this names no provider and version")]
    Version,
    /// No platform follows the version.
    #[error("this names no operating system and architecture")]
    Platform,
}

const BEGINNING: &str = "terraform-provider-";

impl PackageName {
    /// Reads the name of a package's file.
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
    /// Returns the kind of a file by its name; `None` if it is not part of a release.
    pub fn of(file_name: &str) -> Result<Option<Self>, PackageNameError> {
        let has_ending = |ending: &str| file_name.ends_with(ending);
        if is_checksums(file_name) {
            Ok(Some(Self::Checksums))
        } else if is_signature(file_name) {
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

/// Returns whether a name is that of a list of checksums, as release tools write it:
/// `…SHA256SUMS`, or `…checksums.txt`.
fn is_checksums(file_name: &str) -> bool {
    let name = file_name.to_ascii_lowercase();
    let name = name.strip_suffix(".txt").unwrap_or(&name);
    name.ends_with("sha256sums") || name.ends_with("checksums")
}

/// Returns whether a name is that of a signature of such a list: `LIST.sig`, `LIST.asc`, `LIST.gpg`,
/// or with the id of the key before the ending.
fn is_signature(file_name: &str) -> bool {
    let Some((list, ending)) = file_name.rsplit_once('.') else {
        return false;
    };
    if !["sig", "asc", "gpg"].contains(&&*ending.to_ascii_lowercase()) {
        return false;
    }
    let is_key_id = |text: &str| {
        (8..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let without_id = list.rsplit_once('.').filter(|(_, id)| is_key_id(id));
    is_checksums(list) || without_id.is_some_and(|(list, _)| is_checksums(list))
}

/// Reads the protocols from a manifest, as a release or a provider's repository contains it.
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
        assert_eq!(
            of("terraform-provider-a_1.0.0_checksums.txt"),
            Some(ReleaseFile::Checksums)
        );
        for signature in ["sig", "asc", "gpg", "72D7468F.sig"] {
            let name = format!("{sums}.{signature}");
            assert_eq!(of(&name), Some(ReleaseFile::Signature), "{name}");
        }
        assert_eq!(of("checksums.txt.sig"), Some(ReleaseFile::Signature));
        assert_eq!(of("notes.txt.sig"), None);
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
