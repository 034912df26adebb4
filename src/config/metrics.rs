//! Section `metrics`: where metrics are served.

use std::net::SocketAddr;

/// Where metrics are served.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricsConfig {
    /// An extra address at which `/metrics` needs no token.
    ///
    /// `None`: metrics are served on the main listener only, to site administrators.
    pub listen: Option<SocketAddr>,
}
