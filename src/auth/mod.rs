//! Who is calling, and what that allows: no HTTP, no storage.
//!
//! [`authorize`] is the only place that decides. It hands out a [`Grant`], and every operation
//! that needs a right takes one, so an operation without a decision does not compile.

mod caller;
mod grant;
mod password;
mod secret;
mod session_secret;
mod signed_url;

pub use caller::{Authenticated, Caller, Credential, Standing, TokenFault};
pub use grant::{
    Action, AdministerModules, AdministerSite, Denied, Grant, ManageMembership, ManageOrganization,
    ManageTeams, ManageTokens, PublishModules, ReadMembers, ReadModules, authorize, rights_in,
};
pub use password::{PasswordError, hash_password, verify_password};
pub use secret::{SecretError, TokenSecret, UploadTicketSecret, random_bits, random_bytes};
pub use session_secret::SessionSecret;
pub use signed_url::{ArchiveClaim, UrlSigner};
