//! The vocabulary of a Terraform registry: names, addresses, versions, people and rights.
//!
//! Nothing here performs IO or reads a clock, so every rule can be tested as a plain function.

mod account;
mod actor;
mod address;
mod checksum;
mod count;
mod id;
mod module;
mod module_digest;
mod module_docs;
mod module_settings;
mod name;
mod notice;
mod organization;
mod permission;
mod public_module;
mod session;
mod ssh_key;
mod text;
mod time;
mod token;
mod version;

pub use account::{Membership, MembershipStatus, OWNERS_TEAM, Team, User};
pub use actor::Actor;
pub use address::{AddressError, ModuleAddress, ModuleVersionAddress};
pub use checksum::{Sha256, Sha256Error};
pub use count::{counted, number};
pub use id::{
    IdError, MembershipId, ModuleId, ModuleVersionId, OrganizationId, SessionId, SshKeyId,
    TagBindingId, TeamId, TestConfigId, TokenId, UserId,
};
pub use module::{
    Lifecycle, Module, ModuleVersion, ModuleVersionStatus, PublishedArchive, Tombstone, latest_of,
    replacement,
};
pub use module_digest::{FolderNeeds, ModuleDigest};
pub use module_docs::{
    DefaultValue, Diagnostic, FolderDocs, Input, License, ModuleCall, ModuleDocs, Output,
    ProviderRequirement, Readme, References, Resource, ResourceKind, SourcePosition, Validation,
};
pub use module_settings::{
    ExecutionMode, MOST_TAGS, ModuleSettings, SettingsError, TagBinding, TestConfig,
    TestConfigChange, VcsRepo, VcsRepoChange, replace_tags,
};
pub use name::{ModuleName, NameError, Namespace, RESERVED_NAMESPACES, System, TeamName, Username};
pub use notice::{LinkError, Notice, Reason, ReasonError, WebLink};
pub use organization::Organization;
pub use permission::{OrganizationAccess, Right, TokenScope};
pub use public_module::PublicModule;
pub use session::Session;
pub use ssh_key::SshKey;
pub use text::{ShortText, ShortTextError};
pub use time::{Day, Timestamp, TimestampError};
pub use token::{ApiToken, TokenOwner, TokenRestriction};
pub use version::{Version, VersionError};
