//! Reloads the configuration at SIGHUP and applies the settings that may change at run time.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Data;

use super::logging::LogHandle;
use super::settings::{http_limits, rate, registry_settings};
use super::tls::CurrentCertificate;
use crate::config::{Config, Loaded, Sources, TlsMode};
use crate::http::App;
use crate::http::admission::Admission;

/// The sources of the configuration, and the parts of the program that a reload changes.
pub struct Reload {
    sources: Sources,
    log: LogHandle,
    current: Mutex<Loaded>,
}

impl Reload {
    /// Creates a reload from the sources that `current` was loaded from.
    pub fn new(sources: Sources, current: Loaded, log: LogHandle) -> Self {
        Self {
            sources,
            log,
            current: Mutex::new(current),
        }
    }

    /// Reads the configuration and applies the settings that may change while the server runs.
    ///
    /// A configuration with problems changes nothing.
    pub(super) fn run(
        &self,
        app: &Data<App>,
        admission: &Data<Admission>,
        certificate: Option<&Arc<CurrentCertificate>>,
    ) {
        let newer = match Config::load(&self.sources) {
            Ok(newer) => newer,
            Err(problems) => {
                tracing::error!(%problems, "the configuration was not reloaded");
                return;
            }
        };
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = current.reloadable_changes(&newer);
        let loaded = current.reloaded(&newer);
        let config = &loaded.config;
        app.registry.set_settings(registry_settings(config));
        app.set_limits(http_limits(config));
        admission.set_limits(config.limits.url.as_usize(), rate(config));
        if let Err(error) = self.log.set(&config.log) {
            tracing::error!(%error, "the log level was not changed");
        }
        if let Some(certificate) = certificate {
            exchange(config, certificate);
        }
        let (now, waiting) = (changes.at_reload.join(", "), changes.at_restart.join(", "));
        tracing::info!(
            changed = now,
            waiting_for_restart = waiting,
            "the configuration was reloaded"
        );
        *current = loaded;
    }
}

fn exchange(config: &Config, certificate: &CurrentCertificate) {
    if let (TlsMode::Files, Some(file), Some(key)) =
        (config.tls.mode, &config.tls.cert_file, &config.tls.key_file)
    {
        certificate.set_files(file.clone(), key.clone());
    }
    if let Err(error) = certificate.reload_if_changed() {
        tracing::error!(%error, "the new certificate is not usable; the old one stays");
    }
}
