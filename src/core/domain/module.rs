//! Modules and their versions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Actor, ModuleAddress, ModuleId, ModuleSettings, ModuleVersionAddress, ModuleVersionId, Notice,
    OrganizationId, PrivateFile, Sha256, Timestamp, Version,
};

/// A module. A new module has no version yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// The id.
    pub id: ModuleId,
    /// The organization that owns it.
    pub organization: OrganizationId,
    /// The address, in the case it was created with.
    pub address: ModuleAddress,
    /// A description in one sentence; empty if there is none.
    #[serde(default)]
    pub description: String,
    /// The settings that apply to the module as a whole.
    #[serde(default)]
    pub settings: ModuleSettings,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it or one of its versions last changed.
    pub updated_at: Timestamp,
}

/// Whether a version has been published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModuleVersionStatus {
    /// The version was created; its archive has not arrived.
    Pending,
    /// The version is published: its archive can be installed and never changes.
    Ok,
}

/// Whether a version may still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifecycle {
    /// The version may be used.
    Supported,
    /// The version can be installed and is no longer recommended.
    Deprecated,
    /// The version is deprecated, and its archive is served only if the organization allows it.
    Revoked,
}

/// One version of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleVersion {
    /// The id.
    pub id: ModuleVersionId,
    /// The address and version.
    pub address: ModuleVersionAddress,
    /// The commit that the version was built from; `None` if the publisher did not say.
    #[serde(default)]
    pub commit_sha: Option<String>,
    /// The archive; `None` while the version is pending.
    #[serde(default)]
    pub archive: Option<PublishedArchive>,
    /// Why the version should not be used any more; `None` if it is supported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecation: Option<Notice>,
    /// Why the version must not be used any more; a revoked version is also deprecated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Notice>,
    /// When the version was created.
    pub created_at: Timestamp,
    /// When the version last changed.
    pub updated_at: Timestamp,
}

impl ModuleVersion {
    /// Returns whether the version is published.
    pub fn status(&self) -> ModuleVersionStatus {
        if self.archive.is_some() {
            ModuleVersionStatus::Ok
        } else {
            ModuleVersionStatus::Pending
        }
    }

    /// Returns whether the version may still be used.
    pub fn lifecycle(&self) -> Lifecycle {
        if self.revocation.is_some() {
            Lifecycle::Revoked
        } else if self.deprecation.is_some() {
            Lifecycle::Deprecated
        } else {
            Lifecycle::Supported
        }
    }
}

/// Finds the version with this number; `None` if there is none.
pub fn find_version<'a>(
    versions: &'a [ModuleVersion],
    number: &Version,
) -> Option<&'a ModuleVersion> {
    versions
        .iter()
        .find(|version| version.address.version == *number)
}

/// Returns the published version that "latest" means: the highest release that is not revoked; if
/// there is none, the highest pre-release that is not revoked; else the highest version of all.
pub fn latest_of(versions: &[ModuleVersion]) -> Option<&ModuleVersion> {
    let published = versions
        .iter()
        .filter(|version| version.status() == ModuleVersionStatus::Ok);
    published.max_by_key(|version| {
        let number = &version.address.version;
        (
            version.lifecycle() != Lifecycle::Revoked,
            !number.is_prerelease(),
            number,
        )
    })
}

/// Returns the version to use instead of `version`: the highest supported release above it.
pub fn replacement<'a>(version: &Version, versions: &'a [ModuleVersion]) -> Option<&'a Version> {
    versions
        .iter()
        .filter(|other| {
            other.status() == ModuleVersionStatus::Ok && other.lifecycle() == Lifecycle::Supported
        })
        .map(|other| &other.address.version)
        .filter(|other| *other > version && !other.is_prerelease())
        .max()
}

/// The archive of a published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedArchive {
    /// The SHA-256 of the bytes that are served; it is also the name of the blob.
    pub sha256: Sha256,
    /// The number of bytes that are served.
    pub size: u64,
    /// The SHA-256 of the bytes that were uploaded; equal to `sha256` unless the archive was
    /// repacked.
    pub uploaded_sha256: Sha256,
    /// One sentence for each change that repacking made; empty if the archive is served as
    /// uploaded.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The files in it that are often published by mistake, by path; the first ones of many.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub private_files: BTreeMap<String, PrivateFile>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Who published it.
    pub published_by: Actor,
}

/// The record that remains of a deleted version. It keeps the checksums, so that the number is
/// never published again with other bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The deleted version.
    pub address: ModuleVersionAddress,
    /// The SHA-256 of the bytes that were served.
    pub sha256: Sha256,
    /// The SHA-256 of the bytes that were uploaded.
    pub uploaded_sha256: Sha256,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// Who deleted it.
    pub deleted_by: Actor,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row as it was written before versions could be deprecated.
    const OLD_ROW: &str = r#"{"id":"modver-1111111111111111","address":{"module":{"namespace":"acme",
        "name":"vpc","system":"aws"},"version":"1.0.0"},"archive":{"sha256":"SUM","size":7,
        "uploaded_sha256":"SUM","published_at":TIME,"published_by":{"kind":"operator"}},
        "created_at":TIME,"updated_at":TIME}"#;

    fn version(number: &str) -> ModuleVersion {
        let time = Timestamp::from_micros(1_700_000_000_000_000);
        let time = serde_json::to_string(&time).expect("JSON");
        let sum = Sha256::of(b"archive").to_string();
        let row = OLD_ROW.replace("SUM", &sum).replace("TIME", &time);
        serde_json::from_str(&row.replace("1.0.0", number)).expect("an old row")
    }

    fn notice() -> Notice {
        Notice {
            reason: "broken".parse().expect("a reason"),
            link: None,
            at: Timestamp::from_micros(0),
            by: Actor::Operator,
        }
    }

    fn revoked(number: &str) -> ModuleVersion {
        ModuleVersion {
            deprecation: Some(notice()),
            revocation: Some(notice()),
            ..version(number)
        }
    }

    fn deprecated(number: &str) -> ModuleVersion {
        ModuleVersion {
            deprecation: Some(notice()),
            ..version(number)
        }
    }

    #[test]
    fn a_row_from_before_deprecation_is_read_and_written_as_it_was() {
        let old = version("1.0.0");
        assert_eq!(old.lifecycle(), Lifecycle::Supported);
        let text = serde_json::to_string(&old).expect("JSON");
        assert!(!text.contains("deprecation"), "{text}");
        let new = revoked("1.0.0");
        let text = serde_json::to_string(&new).expect("JSON");
        assert_eq!(
            serde_json::from_str::<ModuleVersion>(&text).expect("a row"),
            new
        );
    }

    #[test]
    fn latest_passes_over_what_is_revoked_and_a_replacement_is_supported() {
        let latest = |versions: &[ModuleVersion]| {
            latest_of(versions).map(|latest| latest.address.version.to_string())
        };
        let versions = [
            version("1.0.0"),
            deprecated("1.1.0"),
            revoked("1.2.0"),
            version("2.0.0-rc.1"),
        ];
        assert_eq!(latest(&versions).as_deref(), Some("1.1.0"));
        assert_eq!(latest(&versions[2..]).as_deref(), Some("2.0.0-rc.1"));
        assert_eq!(latest(&versions[2..3]).as_deref(), Some("1.2.0"));
        assert_eq!(latest(&[]), None);
        let instead = |of: &str, versions: &[ModuleVersion]| {
            let of: Version = of.parse().expect("a version");
            replacement(&of, versions).map(ToString::to_string)
        };
        assert_eq!(instead("1.2.0", &versions), None);
        assert_eq!(instead("0.9.0", &versions).as_deref(), Some("1.0.0"));
    }
}
