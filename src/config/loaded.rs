//! A loaded configuration: its values, their origins, and what a reload changes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::keys::{Effect, KEYS, Key};
use super::{Config, Origin};

/// The key whose value follows from others if it is not set.
const PUBLIC_URL: &str = "server.public_url";

/// A valid configuration, with the origin of each value.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    pub(super) origins: BTreeMap<&'static str, Origin>,
    /// The file that was read; `None` if there is none.
    pub file: Option<PathBuf>,
    /// Variables that were meant to set a key and do not, each with the name that would.
    pub(super) misspelt: Vec<(String, String)>,
}

/// The keys whose values differ between two configurations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The keys whose new value SIGHUP applies.
    pub at_reload: Vec<&'static str>,
    /// The keys whose new value needs a restart.
    pub at_restart: Vec<&'static str>,
}

impl Config {
    /// Returns the documentation of every key: a file that sets each key to its default.
    pub fn print() -> &'static str {
        include_str!("../../assets/default.toml")
    }
}

impl Loaded {
    /// Returns the origin of the value of `key`, such as `limits.archive`.
    pub fn origin(&self, key: &str) -> &Origin {
        self.origins.get(key).unwrap_or(&Origin::Default)
    }

    /// Writes every key on a line with its value and origin, in TOML; secrets are written as `***`.
    pub fn show(&self) -> String {
        let lines = KEYS.iter().map(|key| {
            let origin = self.origin(key.path);
            let value = match (key.written)(&self.config) {
                Some(value) => format!("{} = {value}", key.path),
                None if key.path == PUBLIC_URL => {
                    let url = self.config.public_url();
                    format!("# {PUBLIC_URL} is not set, so {url} is given out")
                }
                None => format!("# {} is not set", key.path),
            };
            format!("{value:<48} # {origin}\n")
        });
        lines.collect()
    }

    /// Compares with `newer`: which keys differ, and when their new values are applied.
    pub fn reloadable_changes(&self, newer: &Self) -> Changes {
        let mut changes = Changes::default();
        for key in KEYS {
            if (key.same)(&self.config, &newer.config) {
                continue;
            }
            match self.effect(key, newer) {
                Effect::Reload => changes.at_reload.push(key.path),
                Effect::Restart => changes.at_restart.push(key.path),
            }
        }
        changes
    }

    /// Returns the configuration after SIGHUP: the values of `newer` for keys that SIGHUP applies,
    /// else the present ones.
    #[must_use]
    pub fn reloaded(&self, newer: &Self) -> Self {
        let mut result = self.clone();
        for key in KEYS {
            if self.effect(key, newer) == Effect::Reload {
                (key.copy)(&newer.config, &mut result.config);
                match newer.origins.get(key.path) {
                    Some(origin) => result.origins.insert(key.path, origin.clone()),
                    None => result.origins.remove(key.path),
                };
            }
        }
        result
    }

    /// Returns when a change of `key` is applied. The TLS files change together with the mode:
    /// otherwise the running mode could have files it does not use, or lack files it needs.
    fn effect(&self, key: &Key, newer: &Self) -> Effect {
        let mode_changes = self.config.tls.mode != newer.config.tls.mode;
        if mode_changes && key.path.starts_with("tls.") {
            Effect::Restart
        } else {
            key.effect
        }
    }
}
