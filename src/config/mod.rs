//! The configuration: one TOML file, overlaid by the environment and by flags.
//!
//! How a key travels:
//!
//! 1. [`Sources`] names the places to look: file, environment, flags.
//! 2. `sources.rs` and `file.rs` turn each of them into a list of `Given`: key path, raw value, origin.
//! 3. `load.rs` takes the lists in order, so that a later one wins, and looks each path up in the
//!    table of `keys.rs`.
//! 4. The row of that table reads the raw value into its field of [`Config`] by the field's type
//!    (`setting.rs`). What cannot be read becomes a [`ConfigProblem`]; loading goes on.
//! 5. `rules.rs` looks at the finished [`Config`] for values out of range or at odds.
//! 6. The caller gets a [`Loaded`], or every problem at once.
//!
//! To add a key: a field with its default in the section's file, its name in `keys.rs` (the compiler
//! asks for it), and its entry in `assets/default.toml` (a test asks for it).

mod auth;
mod file;
mod host;
mod keys;
mod limits;
mod load;
mod loaded;
mod log;
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

pub use auth::{AuthConfig, MirrorReaders};
pub use host::{HostName, HostNameError};
pub use limits::LimitsConfig;
pub use loaded::{Changes, Loaded};
pub use log::{LogConfig, LogFilter, LogFilterError, LogFormat};
pub use metrics::MetricsConfig;
pub use problem::{ConfigProblem, ConfigProblems, Origin};
pub use public_url::{PublicUrl, PublicUrlError};
pub use secret::{Readers, SecretFileError, SecretKey, SecretKeyError, read_secret_file};
pub use server::ServerConfig;
pub use sources::{Flag, Sources};
pub use storage::StorageConfig;
pub use tls::{TlsConfig, TlsMode};
pub use units::{ByteRate, ByteSize, HumanDuration, UnitError};

/// Every setting, one field for each section of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// Where and as whom the server answers.
    pub server: ServerConfig,
    /// Where its certificate comes from.
    pub tls: TlsConfig,
    /// Where and how data is kept.
    pub storage: StorageConfig,
    /// How much one client may ask for.
    pub limits: LimitsConfig,
    /// How long rights last.
    pub auth: AuthConfig,
    /// What is logged.
    pub log: LogConfig,
    /// Where measurements are served.
    pub metrics: MetricsConfig,
}
