//! Modules and their versions.

use serde::{Deserialize, Serialize};

use super::{
    Actor, ModuleAddress, ModuleId, ModuleVersionAddress, ModuleVersionId, OrganizationId, Sha256,
    Timestamp,
};

/// A module; it may not have a version yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// The id.
    pub id: ModuleId,
    /// The organization that owns it.
    pub organization: OrganizationId,
    /// The address, in the case it was created with.
    pub address: ModuleAddress,
    /// One sentence about it; empty where there is none.
    #[serde(default)]
    pub description: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it or one of its versions last changed.
    pub updated_at: Timestamp,
}

/// Where a version is on its way to being published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModuleVersionStatus {
    /// Announced; its archive has not arrived.
    Pending,
    /// Published: its archive can be installed and never changes.
    Ok,
}

/// One version of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleVersion {
    /// The id.
    pub id: ModuleVersionId,
    /// The address and version.
    pub address: ModuleVersionAddress,
    /// The commit it was made from, where the publisher said so.
    #[serde(default)]
    pub commit_sha: Option<String>,
    /// The archive; absent while the version is pending.
    #[serde(default)]
    pub archive: Option<PublishedArchive>,
    /// When it was announced.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl ModuleVersion {
    /// Where it is on its way.
    pub fn status(&self) -> ModuleVersionStatus {
        if self.archive.is_some() {
            ModuleVersionStatus::Ok
        } else {
            ModuleVersionStatus::Pending
        }
    }
}

/// The archive of a published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedArchive {
    /// The SHA-256 of the bytes that are served; names the blob.
    pub sha256: Sha256,
    /// Their number.
    pub size: u64,
    /// The SHA-256 of the bytes that were uploaded: the same, unless the archive was repacked.
    pub uploaded_sha256: Sha256,
    /// What was changed in repacking, one sentence each; empty if the bytes are as uploaded.
    #[serde(default)]
    pub notes: Vec<String>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Who published it.
    pub published_by: Actor,
}

/// What stays of a deleted version: the proof of what it was, so that its number never means
/// other bytes.
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
