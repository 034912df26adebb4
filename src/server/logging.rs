//! Logging to standard error, as text for people or JSON lines for programs.

use std::io::IsTerminal;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Registry, reload};

use super::StartupError;
use crate::config::{LogConfig, LogFormat};

/// A handle that changes the log level while the program runs.
#[derive(Debug, Clone)]
pub struct LogHandle(reload::Handle<EnvFilter, Registry>);

impl LogHandle {
    /// Replaces the log level.
    pub(super) fn set(&self, log: &LogConfig) -> Result<(), StartupError> {
        let filter = filter(log)?;
        self.0
            .reload(filter)
            .map_err(|error| StartupError::Logging(error.to_string()))
    }
}

/// Starts logging; may be called once per process.
pub fn start_logging(log: &LogConfig) -> Result<LogHandle, StartupError> {
    let (filter, handle) = reload::Layer::new(filter(log)?);
    let lines = tracing_subscriber::registry().with(filter);
    let colours = std::io::stderr().is_terminal();
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(colours);
    let started = match log.format {
        LogFormat::Json => lines.with(layer.json().flatten_event(true)).try_init(),
        LogFormat::Pretty => lines.with(layer.with_target(false).compact()).try_init(),
    };
    started.map_err(|error| StartupError::Logging(error.to_string()))?;
    Ok(LogHandle(handle))
}

fn filter(log: &LogConfig) -> Result<EnvFilter, StartupError> {
    let level = log.level.as_str();
    let mut directives = level.to_owned();
    // The start-up messages of actix add nothing to ours. Whoever names them gets them.
    if !level.contains("actix") {
        directives.push_str(",actix_server=warn");
    }
    // The frames of HTTP/2 are 20 lines for each request.
    let is_detailed = level.contains("debug") || level.contains("trace");
    if is_detailed && !level.contains("h2") {
        directives.push_str(",h2=info");
    }
    EnvFilter::try_new(directives).map_err(|error| StartupError::Logging(error.to_string()))
}
