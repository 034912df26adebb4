//! Providers, their versions, and the packages of a version for each platform.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::address::AddressError;
use super::{
    Actor, KeyId, Namespace, OrganizationId, Platform, ProtocolVersion, ProviderId,
    ProviderPackageId, ProviderType, ProviderVersionId, Sha256, Timestamp, Version,
};

/// The address of a provider, `acme/widget`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProviderAddress {
    /// The organization that owns the provider.
    pub namespace: Namespace,
    /// What the provider is for; the second part of its address.
    pub name: ProviderType,
}

impl ProviderAddress {
    /// The address in the form that keys use: ASCII lower case.
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
    /// What a package is called, as every registry and `terraform providers mirror` call it.
    pub fn package_name(&self, platform: &Platform) -> String {
        format!("{}_{platform}.zip", self.stem())
    }

    /// What the list of checksums is called.
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
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A provider of a public registry in the list of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicProvider {
    /// The id of this record.
    pub id: ProviderId,
    /// Whose list it is in.
    pub organization: OrganizationId,
    /// Its address in the public registry, whose namespaces are not organizations here.
    pub address: ProviderAddress,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A version of a provider. Nobody but its publishers sees it before it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderVersion {
    /// Its id.
    pub id: ProviderVersionId,
    /// Its address.
    pub address: ProviderVersionAddress,
    /// The key that it is signed with; absent until one is chosen, and never another after that.
    pub key_id: Option<KeyId>,
    /// The plugin protocols that it speaks.
    pub protocols: Vec<ProtocolVersion>,
    /// The content of its SHA256SUMS, if that is here.
    pub checksums: Option<String>,
    /// The signature of that content, in base 64, if that is here.
    pub signature: Option<String>,
    /// That it is published.
    pub publication: Option<Publication>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// When a version became visible, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
}

/// What a version is for one platform: a zip archive with the program in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderPackage {
    /// Its id.
    pub id: ProviderPackageId,
    /// The version.
    pub version: ProviderVersionAddress,
    /// What it runs on.
    pub platform: Platform,
    /// What it is called, in SHA256SUMS as well.
    pub file_name: String,
    /// The checksum that its publisher announced.
    pub announced: Sha256,
    /// The file, if it is here.
    pub file: Option<PackageFile>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// The stored file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageFile {
    /// Its checksum, which lock files write behind `zh:`.
    pub sha256: Sha256,
    /// Its bytes.
    pub size: u64,
    /// The checksum of what it unpacks to, with `h1:`. A second one where the archive lists
    /// folders: clients count those when they look at the archive, and not when they look at what
    /// they unpacked.
    pub h1: Vec<String>,
}

impl PackageFile {
    /// What clients compare it with: the checksums of its content, then its own.
    pub fn hashes(&self) -> Vec<String> {
        let mut hashes = self.h1.clone();
        hashes.push(format!("zh:{}", self.sha256));
        hashes
    }
}

/// What stays of a deleted package: only the same bytes may come back under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderTombstone {
    /// The version.
    pub version: ProviderVersionAddress,
    /// The platform.
    pub platform: Platform,
    /// The checksum that it had.
    pub sha256: Sha256,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// By whom.
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
