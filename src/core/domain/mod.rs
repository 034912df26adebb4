//! The vocabulary of a Terraform registry: names, addresses, versions, people and rights.
//!
//! Nothing here performs IO or reads a clock, so every rule can be tested as a plain function.

mod access_rules;
mod account;
mod actor;
mod address;
mod announced_package;
mod backup_name;
mod checksum;
mod checksums;
mod count;
mod email_address;
mod gpg_key;
mod id;
mod invitation;
mod kept_attributes;
mod key_texts;
mod lifetime;
mod lock_block;
mod login_code;
mod login_request;
mod mirror;
mod module;
mod module_docs;
mod module_outline;
mod module_settings;
mod name;
mod notice;
mod organization;
mod organization_access;
mod permission;
mod platform;
mod private_file;
mod project;
mod provider;
mod provider_docs;
mod public_module;
mod release_file;
mod session;
mod sharing;
mod shell_word;
mod ssh_key;
mod tag_binding;
mod team_name;
mod text;
mod time;
mod token;
mod version;

pub use access_rules::{
    AccessRules, DEFAULT_MAX_TTL_MS, TokenKind, TokenKindError, TokenTtlPolicy,
};
pub use account::{
    Membership, MembershipStatus, OWNERS_TEAM, Team, TeamVisibility, TeamVisibilityError, User,
};
pub use actor::Actor;
pub use address::{AddressError, ModuleAddress, ModuleVersionAddress};
pub use announced_package::{AnnouncedText, AnnouncedTextError};
pub use backup_name::{BackupName, BackupNameError};
pub use checksum::{Sha256, Sha256Error};
pub use checksums::{Checksums, ChecksumsError, MAX_CHECKSUMS_BYTES};
pub use count::{bytes_in_words, counted, number};
pub use email_address::{EmailAddress, EmailAddressError};
pub use gpg_key::{GpgKey, KeyHolder, KeyId, KeyIdError};
pub use id::{
    GpgKeyId, IdError, MembershipId, ModuleId, ModuleVersionId, OrganizationId, ProjectId,
    ProviderId, ProviderPackageId, ProviderVersionId, SessionId, SshKeyId, TagBindingId, TeamId,
    TokenId, UserId,
};
pub use invitation::{Invitation, Invitee};
pub use kept_attributes::{KeptAttributes, KeptChange, KeptValue};
pub use key_texts::{KeyName, KeyNameError, KeyNote, KeyNoteError, KeyNotes};
pub use lifetime::Lifetime;
pub use lock_block::lock_block;
pub use login_code::{LoginCode, LoginCodeState};
pub use login_request::{
    CodeChallenge, LOGIN_CLIENT, LoginRequest, LoginRequestError, LoopbackAddress,
};
pub use mirror::{MirroredPackage, OriginAddress, OriginHost, OriginHostError};
pub use module::{
    Lifecycle, Module, ModuleVersion, ModuleVersionStatus, PublishedArchive, Tombstone,
    find_version, latest_of, replacement,
};
pub use module_docs::{
    DefaultValue, Diagnostic, FolderDocs, Input, License, ModuleCall, ModuleDocs, Output,
    ProviderRequirement, Readme, References, Resource, ResourceKind, SourcePosition, Validation,
};
pub use module_outline::{FolderNeeds, ModuleOutline};
pub use module_settings::{MOST_MODULE_TAGS, ModuleSettings};
pub use name::{
    ModuleName, NameError, Namespace, ProviderType, RESERVED_NAMESPACES, System, Username,
};
pub use notice::{LinkError, Notice, Reason, ReasonError, WebLink};
pub use organization::Organization;
pub use organization_access::{AccessChange, AccessKind, OrganizationAccess};
pub use permission::{Right, TokenScope};
pub use platform::{Platform, PlatformError, ProtocolError, ProtocolVersion};
pub use private_file::{
    PRIVATE_COPY_ENDINGS, PRIVATE_FILE_HEAD_BYTES, PRIVATE_NAMES, PRIVATE_SPARED_ENDINGS,
    PrivateFile, PrivateName, describe_private_files,
};
pub use project::{
    ActivityDuration, DEFAULT_PROJECT, MOST_PROJECT_TAGS, Project, ProjectDescription,
    ProjectError, ProjectMode, ProjectName,
};
pub use provider::{
    PackageFile, Provider, ProviderAddress, ProviderPackage, ProviderTombstone, ProviderVersion,
    ProviderVersionAddress, PublicProvider, Publication,
};
pub use provider_docs::{DocsCategory, DocsPage, ProviderDocs};
pub use public_module::PublicModule;
pub use release_file::{PackageName, PackageNameError, ReleaseFile, manifest_protocols};
pub use session::{Session, SessionLimits};
pub use sharing::{SharedKind, SharedKindError, Sharing};
pub use shell_word::shell_word;
pub use ssh_key::{SshKey, SshKeyDefect};
pub use tag_binding::{TagBinding, TagError, replace_tags, with_tags};
pub use team_name::{TeamName, TeamNameError};
pub use text::{ShortText, ShortTextError};
pub use time::{Day, Timestamp, TimestampError};
pub use token::{ApiToken, TokenOwner, TokenRestriction};
pub use version::{NumberStanding, SameNumber, Version, VersionError};
