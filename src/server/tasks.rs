//! Periodic work, which stops with the server.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, Data};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::CertificateFiles;
use super::settings::names;
use super::tls::CurrentCertificate;
use crate::config::{Config, TlsMode};
use crate::http::App;
use crate::http::admission::Admission;
use crate::registry::{Error, Kind, Registry};
use crate::storage::Pace;

/// How soon the search index and the outlines follow a change.
const FOLLOW: Duration = Duration::from_millis(100);
/// How long each run of the inspection queue may take.
const READ_FOR: Duration = Duration::from_millis(20);
/// How many modules one step adds to the search index.
const INDEXED_AT_ONCE: usize = 500;
/// How soon the reserve is given up when others fill the disk.
const SPACE: Duration = Duration::from_millis(250);
const SECOND: Duration = Duration::from_secs(1);
const COUNTERS: Duration = Duration::from_secs(3);
const CERTIFICATE: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(60);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The registry's periodic work: the period, the name for the log, and the function.
#[rustfmt::skip]
const CHORES: &[(Duration, &str, Work)] = &[
    (SPACE, "look after the space on the disk", |it| { it.look_after_space(); Ok(()) }),
    (COUNTERS, "write counters", Registry::write_counters),
    (FOLLOW, "read new versions", |it| it.inspect_pending(READ_FOR)),
    (HOUR, "index downloads", |it| it.note_downloads().map(drop)),
    (MINUTE, "note token uses", Registry::write_token_uses),
    (SECOND, "follow the clock", Registry::follow_clock),
    (MINUTE, "write the clock's floor", Registry::write_clock_floor),
    (MINUTE, "write a checkpoint", Registry::checkpoint_if_due),
    (TEN_MINUTES, "remove expired tickets", |it| it.remove_expired().map(drop)),
    (TEN_MINUTES, "remove announced versions", |it| it.expire_announced_versions().map(drop)),
    (TEN_MINUTES, "remove staged versions", |it| it.expire_staged_versions().map(drop)),
    (SECOND, "make a signing key", Registry::make_spare_key),
    (MINUTE, "look for missing signing keys", Registry::expect_first_keys),
    (SECOND, "remove files", |it| it.collect_freed().map(drop)),
    (HOUR, "collect files without a row", Registry::collect_unreferenced),
];

type Work = fn(&Registry) -> Result<(), Error>;

/// Starts all periodic work; dropping the set stops it.
pub(super) fn start(
    config: &Config,
    app: &Data<App>,
    admission: &Data<Admission>,
    certificate: Option<Arc<CurrentCertificate>>,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for (period, what, work) in CHORES {
        tasks.spawn(every(*period, what, app.clone(), *work));
    }
    let scrub = config.storage.verify_blobs_every;
    if !scrub.is_zero() {
        let pace = Pace::new(config.storage.verify_rate.bytes_per_second());
        tasks.spawn(check_files(scrub.as_duration(), pace, app.clone()));
    }
    tasks.spawn(follow(app.clone()));
    let admission = admission.clone();
    tasks.spawn(async move {
        let mut ticks = ticks(MINUTE);
        loop {
            ticks.tick().await;
            admission.rate().forget_idle();
        }
    });
    if let Some(certificate) = certificate {
        tasks.spawn(watch(certificate));
    }
    if config.tls.mode == TlsMode::Auto {
        let files = CertificateFiles::of(&config.storage.data_dir);
        tasks.spawn(renew(files, names(config), app.clone()));
    }
    tasks
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn every(period: Duration, what: &'static str, app: Data<App>, work: Work) {
    let mut ticks = ticks(period);
    // The first tick comes at once, when there is nothing to do yet.
    ticks.tick().await;
    loop {
        ticks.tick().await;
        attempt(&app, what, work).await;
    }
}

async fn attempt(app: &App, what: &str, work: Work) {
    if let Err(error) = app.run(work).await {
        // Why nothing is written was logged once.
        if error.kind() == Kind::Unavailable && app.registry.is_read_only() {
            return;
        }
        tracing::warn!(%error, cause = ?std::error::Error::source(&error), "could not {what}");
    }
}

/// Lets the search index follow changes: soon after they were written, and at once if a search
/// waits for them.
async fn follow(app: Data<App>) {
    let mut ticks = ticks(FOLLOW);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = app.index_is_awaited() => {}
        }
        attempt(&app, "index changes", |it| {
            it.index_changes(INDEXED_AT_ONCE).map(drop)
        })
        .await;
        app.index_has_stepped();
    }
}

/// Checks all files again and again, until it is dropped.
async fn check_files(period: Duration, pace: Pace, app: Data<App>) {
    let mut ticks = ticks(period);
    ticks.tick().await;
    let _stop = StopOnDrop(pace.clone());
    loop {
        ticks.tick().await;
        let mut pace = pace.clone();
        if let Err(error) = app.run(move |registry| registry.scrub(&mut pace)).await {
            tracing::warn!(%error, cause = ?std::error::Error::source(&error), "could not check all files");
        }
    }
}

/// Stops work in another thread: the end of a task does not end what it waits for.
struct StopOnDrop(Pace);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Checks every day whether the server's own certificate must be renewed.
async fn renew(files: CertificateFiles, names: Vec<String>, app: Data<App>) {
    let mut ticks = ticks(DAY);
    loop {
        ticks.tick().await;
        if let Err(error) = renew_if_due(files.clone(), names.clone(), &app).await {
            tracing::error!(
                %error,
                cause = ?std::error::Error::source(&error),
                "the server's certificate could not be renewed"
            );
        }
    }
}

/// Issues a new certificate if the old one nears its end; [`watch`] loads it.
async fn renew_if_due(files: CertificateFiles, names: Vec<String>, app: &App) -> Result<(), Error> {
    app.run(move |registry| {
        let now = registry.now();
        files.make(&names, now).map_err(Error::internal)?;
        if let Some(end) = files.ca_ends_soon(now) {
            tracing::warn!(
                ca = %files.ca().display(),
                %end,
                "the private CA nears its end; remove its file and restart for a new one, which \
                 all clients must be told to trust"
            );
        }
        Ok(())
    })
    .await
}

async fn watch(certificate: Arc<CurrentCertificate>) {
    let mut ticks = ticks(CERTIFICATE);
    loop {
        ticks.tick().await;
        let current = Arc::clone(&certificate);
        match web::block(move || current.reload_if_changed()).await {
            Ok(Ok(true)) => tracing::info!("a new certificate is in use"),
            Ok(Ok(false)) => {}
            Ok(Err(error)) => {
                tracing::error!(%error, "the new certificate is not usable; the old one stays");
            }
            Err(error) => tracing::error!(%error, "the certificate could not be looked at"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::auth::{Caller, ManageProviders, PublishProviders};
    use crate::registry::SearchQuery;
    use crate::server::settings::http_limits;
    use crate::server::{open_registry, take_first_steps};

    /// A registry with its example module, and no periodic work.
    fn at_rest() -> (tempfile::TempDir, Data<App>) {
        let dir = tempfile::tempdir().expect("a directory");
        let mut config = Config::default();
        config.storage.data_dir = dir.path().to_owned();
        let registry = open_registry(&config, |_| {}).expect("a registry");
        take_first_steps(&registry).expect("an example");
        let limits = http_limits(&config);
        let app = App::new(Arc::new(registry), String::new(), limits, 1);
        (dir, Data::new(app))
    }

    #[actix_web::test]
    async fn p13_only_the_periodic_work_writes_the_search_index() {
        let (dir, app) = at_rest();
        let folder = dir.path().join("derived/search");
        let search = || App::search_modules(&app, Caller::Operator, SearchQuery::default());
        let refused = search().await.expect_err("there is no index yet");
        assert!(matches!(refused, Error::Unavailable { .. }), "{refused}");
        assert!(!folder.exists(), "a search made the index");
        let following = actix_web::rt::spawn(follow(app.clone()));
        // The search that comes first waits for what was written before it.
        assert_eq!(search().await.expect("found").total, 1);
        assert!(folder.exists());
        following.abort();
    }

    #[test]
    fn p16_a_signing_key_is_there_before_it_is_needed() {
        let (_dir, app) = at_rest();
        let registry = &app.registry;
        registry.make_spare_key().expect("there is nothing to do");
        let grant = registry.grant::<PublishProviders>(&Caller::Operator, "acme");
        let grant = grant.expect("the operator may");
        let name = "widget".parse().expect("a name");
        registry.create_provider(&grant, name).expect("made");
        let started = Instant::now();
        registry.make_spare_key().expect("made");
        let making = started.elapsed();
        let started = Instant::now();
        let grant = registry.grant::<ManageProviders>(&Caller::Operator, "acme");
        let key = registry.rotate_registry_key(&grant.expect("the operator may"));
        assert!(started.elapsed() < making, "a publication made a key");
        assert!(key.expect("a key").for_all_clients);
    }

    #[actix_web::test]
    async fn a_running_server_renews_its_certificate() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut config = Config::default();
        config.storage.data_dir = dir.path().to_owned();
        let registry = Arc::new(open_registry(&config, |_| {}).expect("a registry"));
        let (files, names) = (CertificateFiles::of(dir.path()), names(&config));
        let a_year_ago = registry.now().plus_seconds(-365 * 86_400);
        files.make(&names, a_year_ago).expect("made");
        let read = || std::fs::read(files.certificate()).expect("a certificate");
        let current = CurrentCertificate::load(files.certificate(), files.key()).expect("a pair");
        let first = read();
        let app = App::new(registry, String::new(), http_limits(&config), 1);
        for expected in [true, false] {
            let renewed = renew_if_due(files.clone(), names.clone(), &app).await;
            renewed.expect("looked after");
            assert_eq!(current.reload_if_changed().expect("usable"), expected);
        }
        assert_ne!(read(), first);
    }

    #[actix_web::test]
    async fn p9_a_running_server_checks_its_files_until_it_ends() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut config = Config::default();
        config.storage.data_dir = dir.path().to_owned();
        let registry = Arc::new(open_registry(&config, |_| {}).expect("a registry"));
        let damaged = dir.path().join("secrets/url-signing.key");
        std::fs::write(&damaged, [7; 32]).expect("written");
        let app = App::new(
            Arc::clone(&registry),
            String::new(),
            http_limits(&config),
            1,
        );
        let pace = Pace::new(0);
        let checks = check_files(Duration::from_millis(20), pace.clone(), Data::new(app));
        let task = actix_web::rt::spawn(checks);
        while registry.files_checked().at.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let faults = registry.files_checked().faults.clone();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].path, damaged);
        task.abort();
        assert!(task.await.is_err(), "it was ended");
        assert!(pace.is_stopped());
    }
}
