//! `terrakeep restore`: restores a backup into an empty data directory.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Exit};
use super::progress::StoreBar;
use crate::storage::{RealDisk, RestoreError, restore};

const EXAMPLES: &str = "\
Examples:
  terrakeep restore /var/backups/terrakeep-monday --data-dir /var/lib/terrakeep";

/// The arguments of `terrakeep restore`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RestoreArgs {
    /// The directory that `terrakeep backup` made
    #[arg(value_name = "DIR")]
    backup: PathBuf,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &RestoreArgs) -> Result<(), CliError> {
    let target = context.load()?.config.storage.data_dir;
    let mut bar = StoreBar::new(context.output());
    let sequence = restore(&args.backup, &target, &RealDisk, |now| bar.show(now))?;
    bar.finish();
    let document = json!({ "directory": target, "sequence": sequence });
    context.output().show(&document, || {
        format!(
            "`{}` holds the backup, up to record {sequence}; start it with `terrakeep serve`",
            target.display()
        )
    })
}

impl From<RestoreError> for CliError {
    fn from(error: RestoreError) -> Self {
        match error {
            RestoreError::Open(error) => error.into(),
            other @ RestoreError::NoBackup { .. } => Self::from_error(Exit::NotFound, &other),
            other @ (RestoreError::Changed { .. } | RestoreError::NewerFormat { .. }) => {
                Self::from_error(Exit::Refused, &other)
            }
            other @ (RestoreError::NotEmpty { .. } | RestoreError::Store(_)) => {
                Self::from_error(Exit::Failed, &other)
            }
        }
    }
}
