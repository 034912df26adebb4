//! Rules beyond the type of each value: ranges, and keys that depend on each other.

use super::secret::{Readers, SecretFileError, read_secret_file};
use super::{ByteSize, Config, HumanDuration, LifetimeSetting, LoginConfig, TlsMode};
use crate::files::{LocalFileError, open_file};

/// A rule about one value or several.
struct Rule {
    /// The keys it is about. The first is the one to change; if one of them is unreadable, the rule
    /// is skipped.
    keys: &'static [&'static str],
    /// Returns whether the rule is met.
    holds: fn(&Config) -> bool,
    /// What is wrong if the rule is not met.
    wrong: &'static str,
    /// What to do instead.
    instead: &'static str,
}

const fn rule(
    keys: &'static [&'static str],
    holds: fn(&Config) -> bool,
    wrong: &'static str,
    instead: &'static str,
) -> Rule {
    Rule {
        keys,
        holds,
        wrong,
        instead,
    }
}

/// The smallest value of any limit on the size of a request: less would refuse everything.
const SMALLEST: ByteSize = ByteSize::kibibytes(1);
const SECOND: HumanDuration = HumanDuration::seconds(1);
const MINUTE: HumanDuration = HumanDuration::minutes(1);

#[rustfmt::skip] // A table: one rule is one paragraph.
const RULES: &[Rule] = &[
    rule(&["server.workers"], |c| c.server.workers <= 1024,
        "that is more threads than any machine needs", "write at most 1024, or 0 for one for each core"),
    rule(&["server.max_connections"], |c| c.server.max_connections >= 1,
        "nobody could connect", "write at least 1"),
    rule(&["server.stop_timeout"], |c| c.server.stop_timeout <= HumanDuration::hours(1),
        "the server would not stop", "write at most \"1h\""),

    rule(&["tls.mode", "tls.cert_file"], |c| c.tls.mode != TlsMode::Files || c.tls.cert_file.is_some(),
        "\"files\" needs tls.cert_file", "set tls.cert_file to the certificate chain in PEM"),
    rule(&["tls.mode", "tls.key_file"], |c| c.tls.mode != TlsMode::Files || c.tls.key_file.is_some(),
        "\"files\" needs tls.key_file", "set tls.key_file to the private key in PEM"),
    rule(&["tls.cert_file", "tls.mode"], |c| c.tls.mode == TlsMode::Files || c.tls.cert_file.is_none(),
        "it is used only with tls.mode = \"files\"", "set tls.mode = \"files\", or remove it"),
    rule(&["tls.key_file", "tls.mode"], |c| c.tls.mode == TlsMode::Files || c.tls.key_file.is_none(),
        "it is used only with tls.mode = \"files\"", "set tls.mode = \"files\", or remove it"),

    rule(&["storage.reserve"],
        |c| c.storage.reserve == ByteSize::bytes(0) || c.storage.reserve >= ByteSize::mebibytes(8),
        "deletions would fail on a full disk", "write at least \"8 MiB\", or 0 for none"),
    rule(&["storage.index_cache"], |c| c.storage.index_cache >= ByteSize::mebibytes(1),
        "the index cannot work with so little", "write at least \"1 MiB\""),
    rule(&["storage.checkpoint_after"], |c| c.storage.checkpoint_after >= ByteSize::mebibytes(1),
        "a checkpoint would follow almost every write", "write at least \"1 MiB\""),
    rule(&["storage.waiting_writes"], |c| c.storage.waiting_writes >= 1,
        "nothing could be written", "write at least 1"),
    rule(&["storage.verify_blobs_every"],
        |c| c.storage.verify_blobs_every.is_zero() || c.storage.verify_blobs_every >= MINUTE,
        "one round would run into the next", "write at least \"1m\", or 0 for never"),
    rule(&["storage.verify_rate"],
        |c| c.storage.verify_rate.is_unbounded() || c.storage.verify_rate.bytes_per_second() >= 1024 * 1024,
        "a check of all files would never end", "write at least \"1 MiB/s\", or 0 for as fast as it can"),
    rule(&["storage.backup_dir", "storage.data_dir"],
        |c| c.storage.backup_dir.as_ref().is_none_or(|dir| {
            !dir.starts_with(&c.storage.data_dir) && !c.storage.data_dir.starts_with(dir)
        }),
        "it lies in storage.data_dir or around it", "write a directory elsewhere, best on another disk"),

    rule(&["limits.archive"], |c| c.limits.archive >= SMALLEST,
        "no archive is that small", "write at least \"1 KiB\""),
    rule(&["limits.archive_unpacked", "limits.archive"], |c| c.limits.archive_unpacked >= c.limits.archive,
        "it is below limits.archive", "write at least the value of limits.archive"),
    rule(&["limits.archive_entries"], |c| c.limits.archive_entries >= 1,
        "no module is that small", "write at least 1"),
    rule(&["limits.package_unpacked", "limits.package"], |c| c.limits.package_unpacked >= c.limits.package,
        "it is below limits.package", "write at least the value of limits.package"),
    rule(&["limits.package"], |c| c.limits.package >= SMALLEST,
        "no package is that small", "write at least \"1 KiB\""),
    rule(&["limits.archive_ratio"], |c| c.limits.archive_ratio >= 2,
        "ordinary archives shrink by more", "write at least 2"),
    rule(&["limits.staged_for"],
        |c| c.limits.staged_for.is_zero() || c.limits.staged_for >= HumanDuration::hours(24),
        "upload links may last as long", "write at least \"24h\", or 0 for never"),
    rule(&["limits.json_body"], |c| (SMALLEST..=ByteSize::mebibytes(16)).contains(&c.limits.json_body),
        "it is out of range", "write from \"1 KiB\" up to \"16 MiB\""),
    rule(&["limits.url"], |c| c.limits.url >= SMALLEST,
        "ordinary URLs are longer", "write at least \"1 KiB\""),
    rule(&["limits.head_timeout"], |c| c.limits.head_timeout >= SECOND,
        "ordinary clients are slower", "write at least \"1s\""),
    rule(&["limits.idle_timeout"], |c| c.limits.idle_timeout >= SECOND,
        "ordinary clients are slower", "write at least \"1s\""),
    rule(&["limits.body_grace"], |c| c.limits.body_grace >= SECOND,
        "ordinary clients are slower", "write at least \"1s\""),
    rule(&["limits.response_stall"], |c| c.limits.response_stall >= SECOND,
        "ordinary clients are slower", "write at least \"1s\""),
    rule(&["limits.burst", "limits.requests_per_second"],
        |c| c.limits.requests_per_second == 0 || c.limits.burst >= 1,
        "no request could be made", "write at least 1"),
    rule(&["limits.login_failures"], |c| c.limits.login_failures >= 1,
        "nobody could sign in", "write at least 1"),
    rule(&["limits.login_window"], |c| c.limits.login_window >= MINUTE,
        "passwords could be guessed too fast", "write at least \"1m\""),
    rule(&["limits.concurrent_uploads"], |c| c.limits.concurrent_uploads >= 1,
        "nothing could be published", "write at least 1"),

    rule(&["auth.archive_url_lifetime"],
        |c| (SECOND..=HumanDuration::minutes(10)).contains(&c.auth.archive_url_lifetime),
        "it is out of range", "write from \"1s\" up to \"10m\""),
    rule(&["auth.upload_url_lifetime"],
        |c| (MINUTE..=HumanDuration::hours(24)).contains(&c.auth.upload_url_lifetime),
        "it is out of range", "write from \"1m\" up to \"24h\""),

    rule(&["auth.token_default_lifetime"],
        |c| !matches!(c.auth.token_default_lifetime, LifetimeSetting::Duration(it) if !it.is_zero() && it < SECOND),
        "no token could be used", "write at least \"1s\", or 0 for none"),

    rule(&["login.ports"],
        |c| match c.login.ports.as_slice() {
            [] => true,
            // terraform uses every port but the last.
            [first, last] => (1024..*last).contains(first),
            _ => false,
        },
        "terraform could not listen at any of them",
        "write the first and the last port, such as [10000, 10010], from 1024 on, or [] for all"),
    rule(&["login.lifetime"], |c| c.login.lifetime >= MINUTE,
        "the token would be over before it is used", "write at least \"1m\""),
    rule(&["login.lifetime", "auth.token_max_lifetime"],
        |c| c.auth.token_max_lifetime.is_zero()
            || c.login.lifetime <= c.auth.token_max_lifetime
            || c.login.lifetime == LoginConfig::default().lifetime,
        "it is above auth.token_max_lifetime", "write at most the value of auth.token_max_lifetime"),

    rule(&["metrics.listen", "server.listen"],
        |c| c.server.listen.port() == 0 || c.metrics.listen != Some(c.server.listen),
        "it is the address of server.listen", "write another address or port, or remove it"),
];

/// A key, what is wrong with its value, and what to do instead.
pub(super) type Broken = (&'static str, String, String);

/// Returns every rule that is not met, without the rules about a key that is not `sound`.
pub(super) fn broken(config: &Config, sound: impl Fn(&str) -> bool) -> Vec<Broken> {
    let mut all: Vec<Broken> = RULES
        .iter()
        .filter(|rule| rule.keys.iter().all(|key| sound(key)))
        .filter(|rule| !(rule.holds)(config))
        .filter_map(|rule| {
            let key = rule.keys.first()?;
            Some((*key, rule.wrong.to_owned(), rule.instead.to_owned()))
        })
        .collect();
    all.extend(tls_files(config));
    all
}

/// Checks that the TLS files exist and that others cannot read the key.
fn tls_files(config: &Config) -> Vec<Broken> {
    let mut all = Vec::new();
    if config.tls.mode != TlsMode::Files {
        return all;
    }
    if let Some(path) = &config.tls.cert_file
        && let Err(reason) = open_file(path)
    {
        let wrong = match reason {
            LocalFileError::Read { source, .. } => {
                format!("{} cannot be read ({source})", path.display())
            }
            other @ (LocalFileError::NotAFile { .. }
            | LocalFileError::TooLarge { .. }
            | LocalFileError::NotText { .. }) => other.to_string(),
        };
        all.push(("tls.cert_file", wrong, READABLE.to_owned()));
    }
    if let Some(path) = &config.tls.key_file
        && let Err(reason) = read_secret_file(path, Readers::OwnerAndGroup)
    {
        let (wrong, instead) = secret_file_refused(&reason);
        all.push(("tls.key_file", wrong, instead));
    }
    all
}

const READABLE: &str = "name a file that exists and that the server may read";

/// Returns why a secret file was refused, and what to do about it.
pub fn secret_file_refused(reason: &SecretFileError) -> (String, String) {
    match reason {
        SecretFileError::Read { source, .. } => {
            (format!("{reason} ({source})"), READABLE.to_owned())
        }
        SecretFileError::TooOpen { path, .. } => {
            (reason.to_string(), format!("run chmod 600 {path}"))
        }
        SecretFileError::TooLarge { .. } | SecretFileError::NotAFile(_) => {
            (reason.to_string(), READABLE.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;
    use crate::config::keys;

    #[test]
    fn every_rule_is_about_known_keys_and_holds_for_the_defaults() {
        for rule in RULES {
            assert!(rule.keys.iter().all(|key| keys::find(key).is_some()));
            assert!((rule.holds)(&Config::default()), "{:?}", rule.keys);
        }
    }

    #[test]
    fn every_range_ends_where_it_says() {
        // Each row is a key, the last value that is refused, and the next one, which is accepted.
        let table = [
            ("server.workers", "1025", "1024"),
            ("server.max_connections", "0", "1"),
            ("server.stop_timeout", "3601s", "1h"),
            ("storage.reserve", "7 MiB", "8 MiB"),
            ("storage.reserve", "1 MiB", "0"),
            ("storage.index_cache", "1023 KiB", "1 MiB"),
            ("storage.checkpoint_after", "1023 KiB", "1 MiB"),
            ("storage.waiting_writes", "0", "1"),
            ("storage.verify_blobs_every", "59s", "1m"),
            ("storage.verify_blobs_every", "1s", "0"),
            ("storage.verify_rate", "1023 KiB/s", "1 MiB/s"),
            ("storage.verify_rate", "1 KiB/s", "0"),
            (
                "storage.backup_dir",
                "./terrakeep-data/backups",
                "./terrakeep-data-backups",
            ),
            ("auth.token_default_lifetime", "999ms", "1s"),
            ("auth.token_default_lifetime", "1ms", "0"),
            ("limits.archive", "1023 B", "1 KiB"),
            ("limits.archive_unpacked", "63 MiB", "64 MiB"),
            ("limits.archive_entries", "0", "1"),
            ("limits.package", "1023 B", "1 KiB"),
            ("limits.package_unpacked", "1023 MiB", "1 GiB"),
            ("limits.archive_ratio", "1", "2"),
            ("limits.staged_for", "23h", "24h"),
            ("limits.staged_for", "1s", "0"),
            ("limits.json_body", "1023 B", "1 KiB"),
            ("limits.json_body", "17 MiB", "16 MiB"),
            ("limits.url", "1023 B", "1 KiB"),
            ("limits.head_timeout", "999ms", "1s"),
            ("limits.idle_timeout", "999ms", "1s"),
            ("limits.body_grace", "999ms", "1s"),
            ("limits.response_stall", "999ms", "1s"),
            ("limits.burst", "0", "1"),
            ("limits.login_failures", "0", "1"),
            ("limits.login_window", "59s", "1m"),
            ("limits.concurrent_uploads", "0", "1"),
            ("auth.archive_url_lifetime", "999ms", "1s"),
            ("auth.archive_url_lifetime", "601s", "10m"),
            ("auth.upload_url_lifetime", "59s", "1m"),
            ("auth.upload_url_lifetime", "25h", "24h"),
            ("login.ports", "1023, 2000", "1024, 2000"),
            ("login.ports", "2000, 2000", "2000, 2001"),
            ("login.ports", "2000, 1999", ""),
            ("login.ports", "2000", "2000, 65535"),
            ("login.lifetime", "59s", "1m"),
            ("metrics.listen", "127.0.0.1:8443", "127.0.0.1:8444"),
        ];
        for (key, refused, accepted) in table {
            let load = |value| Config::load(&Sources::default().with_flag("--it", key, value));
            let problems = load(refused).unwrap_err();
            let keys: Vec<_> = problems.iter().map(|p| p.key.as_deref()).collect();
            assert_eq!(keys, [Some(key)], "{refused}");
            assert!(load(accepted).is_ok(), "{key} = {accepted}");
        }
        let tested = |rule: &&Rule| table.iter().any(|(key, ..)| rule.keys.first() == Some(key));
        let untested: Vec<_> = RULES.iter().filter(|rule| !tested(rule)).collect();
        // Tests in `tests/it/config.rs` check the rules about TLS files, because they need files.
        assert!(untested.iter().all(|rule| rule.keys[0].starts_with("tls.")));
    }

    #[test]
    fn the_burst_is_free_where_requests_are_not_counted() {
        let sources = Sources::default()
            .with_flag("--a", "limits.burst", "0")
            .with_flag("--b", "limits.requests_per_second", "0");
        assert!(Config::load(&sources).is_ok());
    }

    #[test]
    fn a_token_for_terraform_login_lives_no_longer_than_any_other() {
        let load = |lifetime: &str| {
            let sources = Sources::default()
                .with_flag("--a", "login.lifetime", lifetime)
                .with_flag("--b", "auth.token_max_lifetime", "30d");
            Config::load(&sources)
        };
        assert!(load("30d").is_ok());
        let problems = load("31d").unwrap_err();
        let keys: Vec<_> = problems.iter().map(|p| p.key.as_deref()).collect();
        assert_eq!(keys, [Some("login.lifetime")]);
        // The default gives way.
        assert!(load("90d").is_ok());
    }

    #[test]
    fn an_unreadable_value_does_not_break_the_rules_that_need_it() {
        let sources = Sources::default()
            .with_flag("--a", "limits.archive", "much")
            .with_flag("--b", "limits.archive_unpacked", "2 KiB");
        let problems = Config::load(&sources).unwrap_err();
        assert_eq!(problems.iter().count(), 1);
    }
}
