//! `terrakeep serve`: run the registry until it is told to stop.

use clap::Args;

use super::context::Context;
use super::error::{CliError, Exit};
use super::progress;
use crate::config::{Config, Loaded, Sources};
use crate::registry::Registry;
use crate::server::{Reload, Server, StartupError, open_registry, start_logging};
use crate::storage::OpenError;

const EXAMPLES: &str = "\
Examples:
  terrakeep serve
  terrakeep serve --config /etc/terrakeep/terrakeep.toml --data-dir /var/lib/terrakeep
  terrakeep serve --listen 0.0.0.0:443

SIGTERM stops it after the requests under way; SIGHUP reads the configuration again.";

/// What the command line says about it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ServeArgs {
    /// The address to listen on; wins over the configuration
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &ServeArgs) -> Result<(), CliError> {
    let sources = with_listen(context.sources(), args.listen.as_deref());
    let loaded = Config::load(&sources)?;
    serve(context, sources, loaded, |_, _| Ok(()))
}

/// The sources with the `--listen` flag in force.
pub(super) fn with_listen(sources: Sources, listen: Option<&str>) -> Sources {
    match listen {
        Some(listen) => sources.with_flag("--listen", "server.listen", listen),
        None => sources,
    }
}

/// Opens the registry, lets `first` do something with it, and serves until told to stop.
///
/// `first` runs when the server listens already, but has not answered anybody yet.
pub(super) fn serve(
    context: &Context,
    sources: Sources,
    loaded: Loaded,
    first: impl FnOnce(&Server, &Registry) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let log = start_logging(&loaded.config.log)?;
    let mut bar = progress::StoreBar::new(context.output());
    let registry = open_registry(&loaded.config, |now| bar.show(now)).map_err(in_use)?;
    bar.finish();
    let config = loaded.config.clone();
    let reload = Reload::new(sources, loaded, log);
    Server::runtime().block_on(async move {
        let server = Server::start(&config, registry)?;
        first(&server, server.registry())?;
        tracing::info!(url = server.public_url(), listen = %server.address(), "serving");
        Ok(server.run(Some(reload)).await?)
    })
}

/// A data directory in use needs another word here than where one wants to administer it.
fn in_use(error: StartupError) -> CliError {
    if let StartupError::Open(locked @ OpenError::Locked { .. }) = &error {
        return CliError::new(Exit::InUse, locked.to_string());
    }
    error.into()
}
