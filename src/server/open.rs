//! Data directory → [`Registry`].

use std::sync::Arc;

use super::StartupError;
use super::settings::{registry_settings, store_options};
use crate::auth::{UrlSigner, random_bytes};
use crate::config::Config;
use crate::registry::{Clock, Registry};
use crate::storage::{Blobs, DataDir, Disk, Progress, RealDisk, Store, read_clock_floor};

/// The file in `secrets/` with the key that signs archive addresses.
pub(super) const URL_SIGNING_KEY: &str = "url-signing.key";

/// Opens the registry in the configured data directory, or creates a new one.
///
/// `progress` receives the steps that take long: replaying the journal, rebuilding the index.
pub fn open_registry(
    config: &Config,
    progress: impl FnMut(Progress),
) -> Result<Registry, StartupError> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let dir = DataDir::open(&config.storage.data_dir, &RealDisk)?;
    dir.keep_reserve(&RealDisk, config.storage.reserve.as_u64());
    dir.check_journal(&RealDisk)?;
    let store = Store::open(&dir, Arc::clone(&disk), store_options(config), progress)?;
    let blobs = Blobs::new(&dir, disk).map_err(crate::storage::OpenError::from)?;
    let signer = UrlSigner::new(&url_signing_key(config, &dir)?);
    let registry = Registry::new(store, blobs, clock(&dir), signer, registry_settings(config))?;
    if dir.read_only().is_none() {
        registry.bring_up_to_date()?;
        registry.collect_after_start()?;
        registry.complete_secret_sums()?;
        registry.settle_clock();
    } else if !registry.is_up_to_date()? {
        tracing::warn!(
            "an older terrakeep wrote this data directory: until it was opened once where it can be \
             written, modules and memberships are not found by their ids"
        );
    }
    Ok(registry)
}

/// Returns the clock of a data directory, which never shows a time before the one at which the
/// directory was used last.
fn clock(dir: &DataDir) -> Clock {
    let floor = read_clock_floor(dir, &RealDisk);
    let system = Clock::system().now();
    if let Some(floor) = floor.filter(|floor| *floor > system.plus_seconds(60)) {
        tracing::warn!(
            %system,
            %floor,
            file = %dir.clock_floor().display(),
            "the system's clock is behind the time at which this registry ran last, and time goes on from then; if that time was wrong, stop the registry and remove the file"
        );
    }
    Clock::system_from(floor)
}

/// Returns the configured key, or the one that the data directory has had since its first start.
fn url_signing_key(config: &Config, dir: &DataDir) -> Result<[u8; 32], StartupError> {
    if let Some(key) = &config.auth.url_signing_key {
        return Ok(*key.expose());
    }
    let path = dir.secrets().join(URL_SIGNING_KEY);
    if dir.read_only().is_some() && !path.exists() {
        // Links that it signs end with this process.
        return Ok(random_bytes());
    }
    let kept = super::certificates::read_or_make(&path, || Ok(random_bytes::<32>().to_vec()))?;
    kept.try_into().map_err(|_| StartupError::Certificate {
        path,
        reason:
            "the key that signs archive addresses must be 32 bytes; remove the file for a new one"
                .to_owned(),
    })
}
