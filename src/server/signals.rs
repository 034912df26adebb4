//! Handles signals, and reports the state of the server to the service manager.

use actix_web::dev::ServerHandle;
use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The action that a signal requests.
enum StopOrReload {
    Stop,
    Reload,
}

/// The signals that the server handles. They are caught from the moment that this is created.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Starts to catch the signals; needs a runtime. Signals wait until [`handle`] handles them.
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

/// Handles signals: reloads at each SIGHUP, and stops the servers at SIGTERM or SIGINT.
pub(super) async fn handle(mut signals: Signals, servers: Vec<ServerHandle>, reload: impl Fn()) {
    while let StopOrReload::Reload = signals.next().await {
        notify_reloading();
        reload();
        notify_service_manager(&[NotifyState::Ready]);
    }
    tracing::info!("stopping: requests under way are finished first");
    for server in servers {
        server.stop(true).await;
    }
}

/// Reports to the service manager that a reload begins, with the time, which it requires.
fn notify_reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => notify_service_manager(&[NotifyState::Reloading, now]),
        Err(error) => tracing::debug!(%error, "the service manager was not notified"),
    }
}

/// Reports states to the service manager, if there is one.
pub(super) fn notify_service_manager(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "the service manager was not notified");
    }
}
