//! The configuration: one TOML file, with the environment and flags on top.
//!
//! How a value gets into its field:
//!
//! 1. [`Sources`] names the places to look: file, environment, flags.
//! 2. `sources.rs` and `file.rs` turn each of them into a list of `Given`: key path, raw value, origin.
//! 3. `load.rs` takes the lists in order, so that a later one wins, and looks each path up in the
//!    table of `keys.rs`.
//! 4. The row of that table reads the raw value into its field of [`Config`] by the field's type
//!    (`setting.rs`). A value that cannot be read becomes a [`ConfigProblem`]; loading continues.
//! 5. `rules.rs` checks the finished [`Config`] for values that are out of range or in conflict.
//! 6. The caller gets a [`Loaded`], or every problem at once.
//!
//! To add a key: add a field with its default in the section's file, its name in `keys.rs` (the
//! compiler requires it), and its entry in `assets/default.toml` (a test requires it).

mod auth;
mod file;
mod host;
mod keys;
mod lifetime;
mod limits;
mod load;
mod loaded;
mod log;
mod login;
mod machine;
mod metrics;
mod problem;
mod public_url;
mod raw;
mod rules;
mod secret;
mod server;
mod setting;
mod sources;
mod storage;
mod suggestion;
mod tls;
mod units;
mod warnings;

pub use auth::{AuthConfig, MirrorReaders};
pub use host::{HostName, HostNameError};
pub use lifetime::LifetimeSetting;
pub use limits::LimitsConfig;
pub use loaded::{Changes, Loaded};
pub use log::{LogConfig, LogFilter, LogFilterError, LogFormat};
pub use login::{LoginConfig, LoginScope};
pub use metrics::MetricsConfig;
pub use problem::{ConfigProblem, ConfigProblems, Origin};
pub use public_url::{PublicUrl, PublicUrlError};
pub use rules::secret_file_refused;
pub use secret::{Readers, SecretFileError, SecretKey, SecretKeyError, read_secret_file};
pub use server::ServerConfig;
pub use sources::{Flag, Sources};
pub use storage::StorageConfig;
pub use tls::{TlsConfig, TlsMode};
pub use units::{ByteRate, ByteSize, HumanDuration, UnitError};

/// The whole configuration, with one field for each section of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// The addresses and names of the server.
    pub server: ServerConfig,
    /// The origin of the server's certificate.
    pub tls: TlsConfig,
    /// Where and how data is stored.
    pub storage: StorageConfig,
    /// The limits on what one client may send and request.
    pub limits: LimitsConfig,
    /// Lifetimes of tokens and links, and who may download imported packages.
    pub auth: AuthConfig,
    /// How `terraform login` gets a token.
    pub login: LoginConfig,
    /// Which events are logged.
    pub log: LogConfig,
    /// Where metrics are served.
    pub metrics: MetricsConfig,
}
