//! Section `auth`: lifetimes of tokens and links, and the key that signs URLs.

use std::path::PathBuf;

use super::setting::choices;
use super::{HumanDuration, LifetimeSetting, SecretKey};

choices! {
    /// Who may download the imported packages of other registries.
    pub enum MirrorReaders {
        /// Any caller with a valid token.
        Tokens = "tokens",
        /// Anybody, without a token.
        Anybody = "anybody",
    }
}

/// Lifetimes of tokens and links, and the key that signs URLs.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthConfig {
    /// How long the download URL of an archive is valid.
    pub archive_url_lifetime: HumanDuration,
    /// How long the upload URL of an archive is valid.
    pub upload_url_lifetime: HumanDuration,
    /// The key that signs such URLs, given directly or read from `url_signing_key_file`.
    ///
    /// `None`: the server generates one and keeps it in the data directory.
    pub url_signing_key: Option<SecretKey>,
    /// The file that `url_signing_key` was read from; `None` if the key was given directly.
    pub url_signing_key_file: Option<PathBuf>,
    /// The longest lifetime of a new API token; 0 means no limit.
    pub token_max_lifetime: HumanDuration,
    /// How long an API token lives that was made without an end; 0 means that it has none.
    pub token_default_lifetime: LifetimeSetting,
    /// Who may download the imported packages of other registries.
    pub mirror_for: MirrorReaders,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            archive_url_lifetime: HumanDuration::minutes(5),
            upload_url_lifetime: HumanDuration::hours(1),
            url_signing_key: None,
            url_signing_key_file: None,
            token_max_lifetime: HumanDuration::seconds(0),
            token_default_lifetime: LifetimeSetting::NONE,
            mirror_for: MirrorReaders::Tokens,
        }
    }
}
