//! Signals, and what the service manager is told.

use actix_web::dev::ServerHandle;
use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal asks for.
enum StopOrReload {
    Stop,
    Reload,
}

/// The signals that are heeded, from the moment on when this is made.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Receives them from now on, inside of a runtime; until they are heeded, they wait.
    pub(super) fn receive() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> StopOrReload {
        tokio::select! {
            _ = self.terminate.recv() => StopOrReload::Stop,
            _ = self.interrupt.recv() => StopOrReload::Stop,
            _ = self.hang_up.recv() => StopOrReload::Reload,
        }
    }
}

/// Reloads at each SIGHUP, and stops the servers at SIGTERM or SIGINT.
pub(super) async fn heed(mut signals: Signals, servers: Vec<ServerHandle>, reload: impl Fn()) {
    while let StopOrReload::Reload = signals.next().await {
        tell_reloading();
        reload();
        tell(&[NotifyState::Ready]);
    }
    tracing::info!("stopping: requests under way are finished first");
    for server in servers {
        server.stop(true).await;
    }
}

/// Tells the service manager that a reload begins; it wants to know when, too.
fn tell_reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => tracing::debug!(%error, "the service manager was not told"),
    }
}

/// Tells the service manager, where there is one.
pub(super) fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "the service manager was not told");
    }
}
