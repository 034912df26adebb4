//! Work that comes round again, stopped with the server.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::tls::CurrentCertificate;
use crate::config::Config;
use crate::http::App;
use crate::http::gate::Gate;
use crate::registry::{Error, Registry};

const COUNTERS: Duration = Duration::from_secs(3);
const CERTIFICATE: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Starts all of it; dropping the set stops it.
pub(super) fn start(
    config: &Config,
    app: &Data<App>,
    gate: &Data<Gate>,
    certificate: Option<Arc<CurrentCertificate>>,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(every(
        COUNTERS,
        "write counters",
        app.clone(),
        Registry::write_counters,
    ));
    tasks.spawn(every(
        MINUTE,
        "note token uses",
        app.clone(),
        Registry::write_token_uses,
    ));
    tasks.spawn(every(
        MINUTE,
        "write a checkpoint",
        app.clone(),
        Registry::checkpoint_if_due,
    ));
    tasks.spawn(every(
        MINUTE * 10,
        "remove expired tickets",
        app.clone(),
        |registry| registry.remove_expired().map(drop),
    ));
    tasks.spawn(every(HOUR, "sweep files", app.clone(), |registry| {
        registry.sweep().map(drop)
    }));
    let scrub = config.storage.verify_blobs_every;
    if !scrub.is_zero() {
        let period = scrub.as_duration();
        tasks.spawn(every(period, "check files", app.clone(), |registry| {
            registry.scrub().map(drop)
        }));
    }
    let gate = gate.clone();
    tasks.spawn(async move {
        let mut ticks = ticks(MINUTE);
        loop {
            ticks.tick().await;
            gate.rate().forget_idle();
        }
    });
    if let Some(certificate) = certificate {
        tasks.spawn(watch(certificate));
    }
    tasks
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn every(
    period: Duration,
    what: &'static str,
    app: Data<App>,
    work: fn(&Registry) -> Result<(), Error>,
) {
    let mut ticks = ticks(period);
    // The first tick comes at once, and there is nothing to do yet.
    ticks.tick().await;
    loop {
        ticks.tick().await;
        if let Err(error) = app.run(work).await {
            tracing::warn!(%error, cause = ?std::error::Error::source(&error), "could not {what}");
        }
    }
}

async fn watch(certificate: Arc<CurrentCertificate>) {
    let mut ticks = ticks(CERTIFICATE);
    loop {
        ticks.tick().await;
        match certificate.reload_if_changed() {
            Ok(true) => tracing::info!("a new certificate is in use"),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, "the new certificate is not usable; the old one stays");
            }
        }
    }
}
