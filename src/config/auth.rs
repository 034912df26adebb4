//! Section `auth`: how long rights last, and the key that signs URLs.

use std::path::PathBuf;

use super::setting::choices;
use super::{HumanDuration, SecretKey};

choices! {
    /// Who may have the imported packages of other registries.
    pub enum MirrorReaders {
        /// Whoever has a valid token, of whomever.
        Tokens = "tokens",
        /// Anybody.
        Anybody = "anybody",
    }
}

/// How long rights last, and the key that signs URLs.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthConfig {
    /// How long the URL of an archive can be used.
    pub archive_url_lifetime: HumanDuration,
    /// How long the URL to upload an archive to can be used.
    pub upload_url_lifetime: HumanDuration,
    /// The key that signs such URLs, given directly or read from `url_signing_key_file`.
    ///
    /// Absent: the server makes one and keeps it in the data directory.
    pub url_signing_key: Option<SecretKey>,
    /// The file that `url_signing_key` was read from.
    pub url_signing_key_file: Option<PathBuf>,
    /// The longest life of a new API token; 0 stands for any.
    pub token_max_lifetime: HumanDuration,
    /// Who may have the imported packages of other registries.
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
            mirror_for: MirrorReaders::Tokens,
        }
    }
}
