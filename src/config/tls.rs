//! Section `tls`: the origin of the server's certificate.

use std::path::PathBuf;

use super::setting::choices;

choices! {
    /// The origin of the certificate.
    pub enum TlsMode {
        /// The server generates it and keeps it in the data directory.
        Auto = "auto",
        /// It is read from two files.
        Files = "files",
        /// There is none: plain HTTP, for use behind a proxy that terminates TLS.
        Off = "off",
    }
}

/// The origin of the server's certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct TlsConfig {
    /// How the server gets its certificate.
    pub mode: TlsMode,
    /// The certificate chain in PEM; set exactly with [`TlsMode::Files`].
    pub cert_file: Option<PathBuf>,
    /// The private key in PEM; set exactly with [`TlsMode::Files`].
    pub key_file: Option<PathBuf>,
}

impl Default for TlsConfig {
    fn default() -> Self {
        Self {
            mode: TlsMode::Auto,
            cert_file: None,
            key_file: None,
        }
    }
}
