//! A configuration that was loaded: its values, where they came from, and what a reload changes.

use std::collections::BTreeMap;

use super::keys::{Effect, KEYS, Key};
use super::{Config, Origin};

/// A sound configuration, with the origin of each value.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    pub(super) origins: BTreeMap<&'static str, Origin>,
}

/// Which keys differ between two configurations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Those whose new value takes effect on SIGHUP.
    pub at_reload: Vec<&'static str>,
    /// Those whose new value waits for a restart.
    pub at_restart: Vec<&'static str>,
}

impl Config {
    /// The documentation of every key: a file that sets each to its default.
    pub fn print() -> &'static str {
        include_str!("../../assets/default.toml")
    }
}

impl Loaded {
    /// Where the value of `key`, as in `limits.archive`, came from.
    pub fn origin(&self, key: &str) -> &Origin {
        self.origins.get(key).unwrap_or(&Origin::Default)
    }

    /// Every key on a line with its value and origin, in TOML; secrets are shown as `***`.
    pub fn show(&self) -> String {
        let lines = KEYS.iter().map(|key| {
            let origin = self.origin(key.path);
            let value = match (key.written)(&self.config) {
                Some(value) => format!("{} = {value}", key.path),
                None => format!("# {} is not set", key.path),
            };
            format!("{value:<48} # {origin}\n")
        });
        lines.collect()
    }

    /// Which keys differ in `newer`, by when the new value takes effect.
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

    /// What holds after SIGHUP: the values of `newer` where they take effect at once, else the old.
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

    /// When a change of `key` takes effect. The TLS files go with the mode: without it they would
    /// be files that the running mode does not want, or none where it wants some.
    fn effect(&self, key: &Key, newer: &Self) -> Effect {
        let mode_changes = self.config.tls.mode != newer.config.tls.mode;
        if mode_changes && key.path.starts_with("tls.") {
            Effect::Restart
        } else {
            key.effect
        }
    }
}
