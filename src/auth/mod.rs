//! Who the caller is, and what they may do. There is no HTTP and no storage here.
//!
//! [`authorize`] is the only place that decides. It hands out a [`Grant`], and every operation
//! that needs a right takes one, so an operation without a decision does not compile.

mod caller;
mod client_network;
mod grant;
mod openpgp;
mod password;
mod secret;
mod session_secret;
mod sign_in_secret;
mod signed_url;
mod signing_key;
mod token_grant;
mod token_rules;

pub use caller::{Authenticated, Caller, Credential, Standing, TokenFault};
pub use client_network::ClientNetwork;
pub use grant::{
    Action, AdministerModules, AdministerSite, Change, Denied, Grant, ManageMembership,
    ManageOrganization, ManageProjects, ManageProviders, ManageTeams, ManageTokens,
    ManageVcsSettings, PublishModules, PublishProviders, ReadAuditLog, ReadMembers, ReadModules,
    ReadOrganization, ReadProjects, ReadProviders, ReadSecretTeams, authorize, has_right,
    rights_in,
};
pub use openpgp::{KeyError, MAX_SIGNATURE_BYTES, PublicKey, SignatureError, signer};
pub use password::{HASHES_AT_ONCE, PasswordError, hash_password, verify_password};
pub use secret::{SecretError, TokenSecret, UploadTicketSecret, random_bits, random_bytes};
pub use session_secret::SessionSecret;
pub use sign_in_secret::SignInSecret;
pub use signed_url::{ArchiveClaim, UrlSigner};
pub use signing_key::{SigningKey, SigningKeyError, UnnamedKey};
pub use token_grant::{TokenGrant, authorize_tokens};
pub use token_rules::token_fault;
