//! The table of configuration keys: the name of each, and whether SIGHUP applies a change of it.

use super::raw::Raw;
use super::setting::Setting;
use super::{
    AuthConfig, Config, LimitsConfig, LogConfig, LoginConfig, MetricsConfig, ServerConfig,
    StorageConfig, TlsConfig,
};

/// When a changed value takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// SIGHUP applies the change.
    Reload,
    /// The next start applies the change.
    Restart,
}

use Effect::{Reload, Restart};

/// One configuration key.
pub(super) struct Key {
    /// The full name, such as `limits.archive`.
    pub(super) path: &'static str,
    /// When a change takes effect.
    pub(super) effect: Effect,
    /// What to write, for error messages.
    pub(super) expected: &'static str,
    /// Reads a value into its field.
    pub(super) read: fn(&mut Config, &Raw) -> Result<(), String>,
    /// Writes the value of its field as TOML; `None` if it is not set.
    pub(super) written: fn(&Config) -> Option<String>,
    /// Returns whether two configurations have the same value.
    pub(super) same: fn(&Config, &Config) -> bool,
    /// Copies the value from the first configuration to the second.
    pub(super) copy: fn(&Config, &mut Config),
}

keys! {
    server: ServerConfig {
        listen: Restart,
        public_url: Restart,
        hostnames: Restart,
        trusted_proxies: Restart,
        workers: Restart,
        max_connections: Restart,
        stop_timeout: Restart,
    }
    tls: TlsConfig {
        mode: Restart,
        cert_file: Reload,
        key_file: Reload,
    }
    storage: StorageConfig {
        data_dir: Restart,
        reserve: Restart,
        backup_dir: Reload,
        index_cache: Restart,
        archive_cache: Restart,
        checkpoint_after: Restart,
        waiting_writes: Restart,
        verify_blobs_every: Restart,
        verify_rate: Restart,
    }
    limits: LimitsConfig {
        archive: Reload,
        archive_unpacked: Reload,
        archive_entries: Reload,
        archive_ratio: Reload,
        package: Reload,
        package_unpacked: Reload,
        organization: Reload,
        staged: Reload,
        staged_for: Reload,
        json_body: Reload,
        url: Reload,
        head_timeout: Restart,
        idle_timeout: Restart,
        body_grace: Reload,
        body_min_rate: Reload,
        response_stall: Restart,
        requests_per_second: Reload,
        burst: Reload,
        login_failures: Reload,
        login_window: Reload,
        concurrent_uploads: Restart,
    }
    auth: AuthConfig {
        archive_url_lifetime: Restart,
        upload_url_lifetime: Restart,
        url_signing_key: Restart,
        url_signing_key_file: Restart,
        token_max_lifetime: Restart,
        token_default_lifetime: Reload,
        mirror_for: Reload,
    }
    login: LoginConfig {
        enabled: Reload,
        ports: Reload,
        lifetime: Reload,
        scope: Reload,
    }
    log: LogConfig {
        level: Reload,
        format: Restart,
    }
    metrics: MetricsConfig {
        listen: Restart,
    }
}

/// Finds the key with this name.
pub(super) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Turns the table into [`KEYS`] and [`SECTIONS`].
///
/// The patterns name every field of every section without `..`, so a field that is missing in the
/// table is a compile error.
macro_rules! keys {
    ($( $section:ident: $type:ident { $( $name:ident: $effect:ident, )+ } )+) => {
        /// The names of the sections.
        pub(super) const SECTIONS: &[&str] = &[$( stringify!($section) ),+];

        /// Every key, in the order of the documentation.
        pub(super) const KEYS: &[Key] = &[$( $( Key {
            path: concat!(stringify!($section), ".", stringify!($name)),
            effect: $effect,
            expected: expected(|config| &config.$section.$name),
            read: |config, raw| {
                config.$section.$name = Setting::read(raw)?;
                Ok(())
            },
            written: |config| config.$section.$name.written(),
            same: |one, other| one.$section.$name == other.$section.$name,
            copy: |from, to| to.$section.$name = from.$section.$name.clone(),
        }, )+ )+];

        const _: fn(&Config) = |config| {
            let Config { $( $section, )+ } = config;
            $( let $type { $( $name: _, )+ } = $section; )+
        };
    };
}
use keys;

/// Returns what to write for the field that `_field` returns: only the field's type matters.
const fn expected<T: Setting>(_field: fn(&Config) -> &T) -> &'static str {
    T::EXPECTED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    /// Returns the entries of `assets/default.toml` as (key path, value, comment lines above,
    /// whether it is commented out).
    fn documented() -> Vec<(String, String, Vec<String>, bool)> {
        let mut section = String::new();
        let mut comment: Vec<String> = Vec::new();
        let mut all = Vec::new();
        for line in Config::print().lines() {
            let bare = line.strip_prefix("# ").unwrap_or(line);
            let assignment = bare.split_once(" = ").filter(|(name, _)| {
                // Prose may quote an assignment, but does not begin with one.
                name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            });
            if let Some((name, value)) = assignment {
                let path = format!("{section}.{name}");
                let described = std::mem::take(&mut comment);
                all.push((path, value.to_owned(), described, line.starts_with('#')));
            } else if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']').to_owned();
                assert!(!comment.is_empty(), "[{section}] has no comment");
                comment.clear();
            } else if line.starts_with('#') {
                comment.push(bare.to_owned());
            } else {
                comment.clear();
            }
        }
        all
    }

    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("default.toml");
        std::fs::write(&path, Config::print()).unwrap();
        let loaded = Config::load(&Sources::default().with_file(Some(path))).unwrap();
        assert_eq!(loaded.config, Config::default());
    }

    #[test]
    fn every_key_is_documented_in_order_with_a_comment() {
        let documented = documented();
        let paths: Vec<&str> = documented.iter().map(|(path, ..)| path.as_str()).collect();
        let expected: Vec<&str> = KEYS.iter().map(|key| key.path).collect();
        assert_eq!(paths, expected);
        for ((path, _, comment, commented_out), key) in documented.iter().zip(KEYS) {
            assert!(!comment.is_empty(), "{path} has no comment");
            // Exactly the keys without a default are shown as examples.
            let unset = (key.written)(&Config::default()).is_none();
            assert_eq!(*commented_out, unset, "{path}");
            let marked = comment.iter().any(|line| line.contains("[reload]"));
            assert_eq!(marked, key.effect == Reload, "{path}");
        }
    }

    #[test]
    fn the_examples_of_keys_without_a_default_are_of_their_type() {
        let mut config = Config::default();
        let examples = documented().into_iter().filter(|(_, _, _, out)| *out);
        for (path, value, ..) in examples {
            let value = toml::de::DeValue::parse(&value).unwrap();
            let raw = Raw::from_toml(value.get_ref());
            let key = find(&path).unwrap();
            assert_eq!((key.read)(&mut config, &raw), Ok(()), "{path}");
            assert!((key.written)(&config).is_some(), "{path}");
        }
    }
}
