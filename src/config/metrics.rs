//! Section `metrics`: where measurements are served.

use std::net::SocketAddr;

/// Where measurements are served.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricsConfig {
    /// The address at which `/metrics` needs no token.
    ///
    /// Absent: it is served on the main listener, to site administrators only.
    pub listen: Option<SocketAddr>,
}
