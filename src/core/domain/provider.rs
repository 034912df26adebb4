//! Providers, their versions, and the packages of a version for the platforms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::address::AddressError;
use super::{
    Actor, AnnouncedText, KeyId, KeyName, Namespace, OrganizationId, Platform, ProtocolVersion,
    ProviderId, ProviderPackageId, ProviderType, ProviderVersionId, Sha256, TagBinding, Timestamp,
    Version,
};

/// The address of a provider, `acme/widget`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProviderAddress {
    /// The organization that owns the provider.
    pub namespace: Namespace,
    /// The name of the provider, which is the second part of its address.
    pub name: ProviderType,
}

impl ProviderAddress {
    /// Returns the address in the form that keys use: ASCII lower case.
    pub fn folded(&self) -> String {
        self.to_string().to_ascii_lowercase()
    }
}

impl fmt::Display for ProviderAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

impl FromStr for ProviderAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let mut parts = text.split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(namespace), Some(name), None) => Ok(Self {
                namespace: namespace.parse()?,
                name: name.parse()?,
            }),
            _ => Err(AddressError::ProviderParts(text.escape_debug().to_string())),
        }
    }
}

/// One version of one provider, written `acme/widget 1.2.0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProviderVersionAddress {
    /// The provider.
    pub provider: ProviderAddress,
    /// Its version.
    pub version: Version,
}

impl ProviderVersionAddress {
    /// Returns the file name of a package, which is the same in every registry and in `terraform
    /// providers mirror`.
    pub fn package_name(&self, platform: &Platform) -> String {
        format!("{}_{platform}.zip", self.stem())
    }

    /// Returns the file name of the list of checksums.
    pub fn checksums_name(&self) -> String {
        format!("{}_SHA256SUMS", self.stem())
    }

    fn stem(&self) -> String {
        format!("terraform-provider-{}_{}", self.provider.name, self.version)
    }
}

impl fmt::Display for ProviderVersionAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.provider, self.version)
    }
}

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its address.
    pub address: ProviderAddress,
    /// The tags, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagBinding>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A provider of a public registry in an organization's curated list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicProvider {
    /// The id of this record.
    pub id: ProviderId,
    /// The organization that keeps the list.
    pub organization: OrganizationId,
    /// The address in the public registry. Its namespace is not an organization here.
    pub address: ProviderAddress,
    /// The organization's own tags of it, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagBinding>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A version of a provider. Only its publishers see it before it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderVersion {
    /// Its id.
    pub id: ProviderVersionId,
    /// Its address.
    pub address: ProviderVersionAddress,
    /// The key that the version is signed with. `None` until one is chosen; then it never changes.
    pub key_id: Option<KeyId>,
    /// How the publisher named the key when they announced the version, exactly as it was sent.
    /// `None` if they named none.
    #[serde(default)]
    pub announced_key: Option<KeyName>,
    /// The plugin protocols that the version speaks.
    pub protocols: Vec<ProtocolVersion>,
    /// The content of its SHA256SUMS; `None` until it is uploaded.
    pub checksums: Option<String>,
    /// The signature of that content, in base 64; `None` until it is uploaded.
    pub signature: Option<String>,
    /// When and by whom the version was published; `None` if it is not published.
    pub publication: Option<Publication>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// When a version was published, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When it was published.
    pub at: Timestamp,
    /// Who published it.
    pub by: Actor,
}

/// The package of a version for one platform: a zip archive that holds the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderPackage {
    /// Its id.
    pub id: ProviderPackageId,
    /// The version.
    pub version: ProviderVersionAddress,
    /// The platform that it runs on.
    pub platform: Platform,
    /// The file name, as in SHA256SUMS.
    pub file_name: String,
    /// The checksum that the publisher gave for the file: only the file that has it is taken.
    pub announced: AnnouncedText,
    /// The stored file; `None` until it is uploaded.
    pub file: Option<PackageFile>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// The stored file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageFile {
    /// The SHA-256 of the file, which lock files write behind `zh:`.
    pub sha256: Sha256,
    /// The size in bytes.
    pub size: u64,
    /// The checksums of the unpacked content, with `h1:`. There is a second one if the archive
    /// lists folders, because clients count folders when they read the archive and not when they
    /// read unpacked files.
    pub h1: Vec<String>,
}

impl PackageFile {
    /// Returns the checksums that clients compare: those of the content, then that of the file.
    pub fn hashes(&self) -> Vec<String> {
        let mut hashes = self.h1.clone();
        hashes.push(format!("zh:{}", self.sha256));
        hashes
    }
}

/// The record that remains of a deleted package: only the same bytes may be published again under
/// its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderTombstone {
    /// The version.
    pub version: ProviderVersionAddress,
    /// The platform.
    pub platform: Platform,
    /// The SHA-256 that the file had.
    pub sha256: Sha256,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// Who deleted it.
    pub deleted_by: Actor,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_an_organization_and_a_type() {
        let address: ProviderAddress = "Acme/widget".parse().expect("an address");
        assert_eq!(address.to_string(), "Acme/widget");
        assert_eq!(address.folded(), "acme/widget");
        for bad in [
            "",
            "widget",
            "a/b/c",
            "acme/terraform-widget",
            "acme/terraform-provider-widget",
            "acme/wid_get",
            "acme/wid--get",
            "acme/-widget",
            "acme/Widget",
        ] {
            assert!(bad.parse::<ProviderAddress>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn files_are_called_as_everywhere() {
        let version = ProviderVersionAddress {
            provider: "acme/widget".parse().expect("an address"),
            version: "v1.2.3".parse().expect("a version"),
        };
        let platform = "linux_amd64".parse().expect("a platform");
        let name = "terraform-provider-widget_1.2.3_linux_amd64.zip";
        assert_eq!(version.package_name(&platform), name);
        let name = "terraform-provider-widget_1.2.3_SHA256SUMS";
        assert_eq!(version.checksums_name(), name);
    }
}
