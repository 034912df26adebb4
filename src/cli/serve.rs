//! `terrakeep serve`: runs the registry until a signal stops it.

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
  terrakeep serve --listen 0.0.0.0:443 --public-url https://registry.example.com

SIGTERM stops it after the requests under way; SIGHUP reads the configuration again.";

/// The arguments of `terrakeep serve`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    address: AddressArgs,
}

/// The flags that say where the registry listens, and how clients reach it.
#[derive(Debug, Args)]
pub(super) struct AddressArgs {
    /// The address to listen on; wins over the configuration
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// The URL that clients use, such as `https://registry.example.com`; wins over the configuration
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &ServeArgs) -> Result<(), CliError> {
    let sources = args.address.added_to(context.sources());
    let loaded = Config::load(&sources)?;
    serve(context, sources, loaded, |_, _| Ok(()))
}

impl AddressArgs {
    /// Adds the flags to the sources of the configuration.
    pub(super) fn added_to(&self, mut sources: Sources) -> Sources {
        if let Some(listen) = &self.listen {
            sources = sources.with_flag("--listen", "server.listen", listen);
        }
        if let Some(url) = &self.public_url {
            sources = sources.with_flag("--public-url", "server.public_url", url);
        }
        sources
    }
}

/// Opens the registry, calls `first`, and serves until a signal stops it.
///
/// `first` runs when the server is already listening, but has not answered any request yet.
pub(super) fn serve(
    context: &Context,
    sources: Sources,
    loaded: Loaded,
    first: impl FnOnce(&Server, &Registry) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let log = start_logging(&loaded.config.log)?;
    for warning in loaded.warnings() {
        tracing::warn!("{warning}");
    }
    let mut bar = progress::StoreBar::new(context.output());
    let registry = open_registry(&loaded.config, |now| bar.show(now)).map_err(in_use)?;
    bar.finish();
    let config = loaded.config.clone();
    let reload = Reload::new(sources, loaded, log);
    Server::runtime().block_on(async move {
        let server = Server::start(&config, registry)?;
        first(&server, server.registry())?;
        tracing::info!(url = server.public_url(), listen = %server.address(), "serving");
        if let Some(command) = server.registry().first_user_command()? {
            tracing::warn!(
                "this registry has no users yet, so nobody can sign in: stop it, run \
                 `{command}`, and start it again"
            );
        }
        Ok(server.run(Some(reload)).await?)
    })
}

/// Converts the error; a data directory in use needs another hint here than in administrative
/// commands.
fn in_use(error: StartupError) -> CliError {
    if let StartupError::Open(locked @ OpenError::Locked { .. }) = &error {
        return CliError::new(Exit::InUse, locked.to_string());
    }
    error.into()
}
