//! Configuration → the settings of the registry and of the HTTP layer.

use crate::archive::{ArchiveLimits, PackageLimits};
use crate::config::{Config, LoginScope, MirrorReaders};
use crate::domain::TokenScope;
use crate::http::BodyLimits;
use crate::registry::{LoginSettings, Settings};
use crate::storage::tables::TABLES;
use crate::storage::{SEGMENT_BYTES, StoreOptions};

/// Returns the settings of the store.
pub fn store_options(config: &Config) -> StoreOptions {
    let storage = &config.storage;
    StoreOptions {
        tables: TABLES,
        index_cache_bytes: storage.index_cache.as_u64(),
        checkpoint_after_bytes: storage.checkpoint_after.as_u64(),
        segment_bytes: SEGMENT_BYTES,
        waiting_writes_limit: usize::try_from(storage.waiting_writes).unwrap_or(usize::MAX),
    }
}

/// Returns the settings of the registry's operations.
pub fn registry_settings(config: &Config) -> Settings {
    let (limits, auth) = (&config.limits, &config.auth);
    Settings {
        archive_bytes: limits.archive.as_u64(),
        archive_limits: ArchiveLimits {
            unpacked_bytes: limits.archive_unpacked.as_u64(),
            entries: u64::from(limits.archive_entries),
            ratio: u64::from(limits.archive_ratio),
            ..ArchiveLimits::default()
        },
        package_bytes: limits.package.as_u64(),
        package_limits: PackageLimits {
            unpacked_bytes: limits.package_unpacked.as_u64(),
            ..PackageLimits::default()
        },
        organization_bytes: limits.organization.as_u64(),
        staged_bytes: limits.staged.as_u64(),
        staged_seconds: seconds(limits.staged_for.as_seconds()),
        archive_url_seconds: seconds(auth.archive_url_lifetime.as_seconds()),
        upload_url_seconds: seconds(auth.upload_url_lifetime.as_seconds()),
        public_mirror: auth.mirror_for == MirrorReaders::Anybody,
        token_max_seconds: (!auth.token_max_lifetime.is_zero())
            .then(|| seconds(auth.token_max_lifetime.as_seconds())),
        token_default: auth.token_default_lifetime.lifetime(),
        login: login_settings(config),
        sign_in_failures: limits.login_failures,
        sign_in_window_seconds: seconds(limits.login_window.as_seconds()),
        archive_cache_bytes: config.storage.archive_cache.as_u64(),
        backup_dir: config.storage.backup_dir.clone(),
    }
}

fn login_settings(config: &Config) -> Option<LoginSettings> {
    let login = &config.login;
    let longest = config.auth.token_max_lifetime;
    let lifetime = if longest.is_zero() {
        login.lifetime
    } else {
        login.lifetime.min(longest)
    };
    login.enabled.then(|| LoginSettings {
        ports: login.port_range(),
        lifetime_seconds: seconds(lifetime.as_seconds()),
        scope: match login.scope {
            LoginScope::Read => TokenScope::Read,
            LoginScope::Publish => TokenScope::Publish,
            LoginScope::Admin => TokenScope::Admin,
        },
    })
}

/// Returns the limits of the HTTP handlers.
pub(super) fn http_limits(config: &Config) -> BodyLimits {
    let limits = &config.limits;
    BodyLimits {
        json_body_bytes: limits.json_body.as_usize(),
        body_grace: limits.body_grace.as_duration(),
        body_bytes_per_second: limits.body_min_rate.bytes_per_second(),
    }
}

/// Returns the requests per second and the burst of one client; `None` for no limit.
pub(super) fn rate(config: &Config) -> Option<(u32, u32)> {
    let limits = &config.limits;
    (limits.requests_per_second > 0).then_some((limits.requests_per_second, limits.burst))
}

fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// Returns the names that the server answers to and that its own certificate is issued for.
pub(super) fn names(config: &Config) -> Vec<String> {
    let names = config.host_names();
    names.iter().map(|name| name.as_str().to_owned()).collect()
}
