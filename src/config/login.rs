//! Section `login`: how `terraform login` gets a token.

use super::HumanDuration;
use super::setting::choices;

choices! {
    /// The scope of a token for `terraform login`, if the user chooses no other.
    pub enum LoginScope {
        /// Read and install.
        Read = "read",
        /// Read, install and publish.
        Publish = "publish",
        /// Everything that the user may do.
        Admin = "admin",
    }
}

/// How `terraform login` gets a token.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginConfig {
    /// Whether it asks the browser for one.
    pub enabled: bool,
    /// The first and the last port at which terraform may wait for the browser; empty for all.
    pub ports: Vec<u16>,
    /// How long the token lives.
    pub lifetime: HumanDuration,
    /// The scope of the token, if the user chooses no other.
    pub scope: LoginScope,
}

impl Default for LoginConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            ports: Vec::new(),
            lifetime: HumanDuration::hours(90 * 24),
            scope: LoginScope::Publish,
        }
    }
}

impl LoginConfig {
    /// Returns the first and the last port; `None` if there is no limit.
    pub fn port_range(&self) -> Option<(u16, u16)> {
        match self.ports.as_slice() {
            [first, last] => Some((*first, *last)),
            _ => None,
        }
    }
}
