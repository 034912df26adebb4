//! `terrakeep backup`: of a running registry through its API, or of a stopped one directly.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::{CliError, Exit};
use super::text::{Columns, text_of};
use crate::api::management::view;
use crate::auth::Caller;

const BACKUP: &str = "/api/terrakeep/v1/backup";

const COLUMNS: Columns = Columns {
    first: &["directory", "sequence", "files", "bytes"],
    nothing: "",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep backup /var/backups/terrakeep-monday --data-dir /var/lib/terrakeep
  terrakeep backup /var/backups/terrakeep-monday --url https://127.0.0.1:8443

The directory is on the registry's own machine. If it lies on the same disk, stored files are
hard-linked into it, so copy it to another disk afterwards. A backup holds secrets.";

/// The arguments of `terrakeep backup`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BackupArgs {
    /// An empty directory, or one that does not exist yet
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &BackupArgs) -> Result<(), CliError> {
    let mut report = match args.connection.client(context)? {
        Some(client) => {
            // The registry may run on another machine, or at least in another current directory.
            if !args.directory.is_absolute() {
                let message = "name the directory from the root, as in /var/backups/terrakeep-1";
                return Err(CliError::new(Exit::Usage, message));
            }
            context
                .output()
                .note("the registry makes the backup; this may take a while");
            client.post_patiently(BACKUP, &json!({ "directory": args.directory }))?
        }
        None => of_stopped(context, &args.directory)?,
    };
    if let Some(members) = report.as_object_mut() {
        members.insert("directory".to_owned(), json!(args.directory));
    }
    context.output().show(&report, || text_of(&report, COLUMNS))
}

fn of_stopped(context: &Context, directory: &Path) -> Result<Value, CliError> {
    let directory = std::path::absolute(directory).map_err(|error| {
        CliError::new(Exit::Failed, "the current directory is not known").because(error)
    })?;
    let registry = context.open_registry(false)?;
    let grant = registry.site_grant(&Caller::Operator)?;
    let report = registry.back_up(&grant, &directory);
    let closed = registry.close();
    let report = report?;
    closed?;
    Ok(view::backup(&report))
}
