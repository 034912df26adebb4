//! Section `tls`: where the server's certificate comes from.

use std::path::PathBuf;

use super::setting::choices;

choices! {
    /// Where the certificate comes from.
    pub enum TlsMode {
        /// Made by the server itself and kept in the data directory.
        Auto = "auto",
        /// From two files.
        Files = "files",
        /// Nowhere: plain HTTP, for use behind a proxy that ends TLS.
        Off = "off",
    }
}

/// Where the server's certificate comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct TlsConfig {
    /// Which way.
    pub mode: TlsMode,
    /// The certificate chain in PEM; present exactly with [`TlsMode::Files`].
    pub cert_file: Option<PathBuf>,
    /// Its private key in PEM; present exactly with [`TlsMode::Files`].
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
