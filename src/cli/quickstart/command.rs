//! The command: starts the registry, and prints once it is known to work.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use rustix::process::{Signal, getpid, kill_process};
use serde_json::json;

use super::super::context::Context;
use super::super::error::{CliError, Exit};
use super::super::output::Console;
use super::super::serve::{AddressArgs, serve};
use super::super::terraform::Terraform;
use super::trial::Trial;
use crate::config::{Config, Loaded};
use crate::server::{FirstSteps, Server, take_first_steps};

const EXAMPLES: &str = "\
Examples:
  terrakeep quickstart
  terrakeep quickstart --data-dir /tmp/registry --listen 127.0.0.1:9443
  terrakeep quickstart --listen 0.0.0.0:8443     for other machines, too
  terrakeep quickstart --json      one line for a program, then it goes on serving";

/// The arguments of `terrakeep quickstart`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct QuickstartArgs {
    #[command(flatten)]
    address: AddressArgs,
    /// Do not try the registry with terraform, even if it is installed
    #[arg(long)]
    no_terraform: bool,
}

/// The facts that the command prints once the server runs.
pub(super) struct Ready {
    pub(super) host: String,
    pub(super) url: String,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) steps: FirstSteps,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &QuickstartArgs) -> Result<(), CliError> {
    let sources = args.address.added_to(context.sources());
    let loaded = Config::load(&sources)?;
    let output = context.output();
    if !output.is_json() {
        must_work_with_terraform(&loaded)?;
    }
    let programs = Terraform::installed();
    let tried = if args.no_terraform {
        Vec::new()
    } else {
        programs.clone()
    };
    let failure = Arc::new(Mutex::new(None));
    let failed = Arc::clone(&failure);
    serve(context, sources, loaded, move |server, registry| {
        let ready = Ready::new(server, take_first_steps(registry)?);
        if output.is_json() {
            return output.show(&ready.document(), String::new);
        }
        // It runs in its own thread, since the server has to answer it.
        std::thread::spawn(move || {
            if let Err(error) = ready.print(output, Terraform::to_name(&programs), &tried) {
                *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                // The server stops as if somebody had asked for it, and the error is shown then.
                if let Err(error) = kill_process(getpid(), Signal::TERM) {
                    tracing::error!(%error, "the server cannot be stopped");
                }
            }
        });
        Ok(())
    })?;
    let error = failure
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    error.map_or(Ok(()), Err)
}

/// Refuses addresses that no line for terraform can contain. With JSON the command goes on, since a
/// program may put a proxy before it.
fn must_work_with_terraform(loaded: &Loaded) -> Result<(), CliError> {
    match loaded.config.public_url().refused_by_terraform() {
        Some((wrong, instead)) => {
            let message = format!("{wrong}; {instead}, or use --public-url");
            Err(CliError::new(Exit::Failed, message))
        }
        None => Ok(()),
    }
}

impl Ready {
    fn new(server: &Server, steps: FirstSteps) -> Self {
        let url = server.public_url().to_owned();
        let host = url
            .split_once("://")
            .map_or(url.as_str(), |(_, host)| host)
            .to_owned();
        Self {
            host,
            url,
            ca_file: server.ca_file(),
            steps,
        }
    }

    fn document(&self) -> serde_json::Value {
        let module = &self.steps.module.module;
        json!({
            "url": self.url,
            "ca_file": self.ca_file,
            "organization": module.namespace,
            "user": self.steps.user,
            "token": self.steps.token.reveal(),
            "sign_in_url": self.sign_in_url(),
            "module": module,
            "source": format!("{}/{module}", self.host),
            "version": self.steps.module.version,
        })
    }

    /// Tries the lines with each program, and prints them if they work.
    fn print(
        &self,
        output: Console,
        named: Terraform,
        tried: &[Terraform],
    ) -> Result<(), CliError> {
        let trial = Trial {
            credentials: &self.credentials(),
            main_tf: &self.main_tf(),
            ca_file: self.ca_file.as_deref(),
        };
        for terraform in tried {
            trial.run(*terraform)?;
        }
        output.show(&serde_json::Value::Null, || self.text(named))?;
        for Terraform { program, .. } in tried {
            output.note(&format!(
                "Tried it: `{program} init` installed {} {} from here.",
                self.steps.module.module, self.steps.module.version
            ));
        }
        Ok(())
    }
}
