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
use crate::domain::BackupName;

const BACKUP: &str = "/api/terrakeep/v1/backup";

const COLUMNS: Columns = Columns {
    first: &["directory", "sequence", "files", "bytes"],
    table: &[],
    nothing: "",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep backup monday --url https://127.0.0.1:8443
  terrakeep backup /var/backups/terrakeep/monday --data-dir /var/lib/terrakeep

A running registry makes the backup itself, in the directory that `storage.backup_dir` of its
configuration names; give it a name. For a stopped one, give the directory. Whatever has that name
already is never overwritten, and nothing is left of a backup that fails. If files of the registry
are damaged, there is no backup, and the error names them. A backup holds secrets.";

/// The arguments of `terrakeep backup`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BackupArgs {
    /// The name of the backup of a running registry, or the directory for that of a stopped one,
    /// which must be empty or not exist yet
    #[arg(value_name = "NAME|DIR")]
    to: PathBuf,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &BackupArgs) -> Result<(), CliError> {
    let report = match args.connection.client(context)? {
        Some(client) => {
            let name = name_of(&args.to)?;
            context
                .output()
                .note("the registry makes the backup; this may take a while");
            client.post_patiently(BACKUP, &json!({ "name": name }))?
        }
        None => of_stopped(context, &args.to)?,
    };
    context.output().show(&report, || text_of(&report, COLUMNS))
}

/// Reads the name of a backup of a running registry.
fn name_of(to: &Path) -> Result<BackupName, CliError> {
    let parsed = to.to_string_lossy().parse::<BackupName>();
    parsed.map_err(|error| {
        let message = format!(
            "{error}; a running registry makes its backups in the directory that \
             `storage.backup_dir` of its configuration names"
        );
        CliError::new(Exit::Usage, message)
    })
}

fn of_stopped(context: &Context, directory: &Path) -> Result<Value, CliError> {
    let directory = std::path::absolute(directory).map_err(|error| {
        CliError::new(Exit::Failed, "the current directory is not known").because(error)
    })?;
    let registry = context.open_registry(false)?;
    let grant = registry.site_grant(&Caller::Operator)?;
    let report = registry.back_up_into(&grant, &directory);
    let closed = registry.close();
    let report = report?;
    closed?;
    Ok(view::backup(&directory, &report))
}
