//! `terrakeep index rebuild`: rebuilds the index from the journal, and the search index.

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::error::CliError;
use super::progress::StoreBar;
use crate::storage::{OpenError, RealDisk, rebuild_index, remove_derived};

const EXAMPLES: &str = "\
Examples:
  terrakeep index rebuild --data-dir /var/lib/terrakeep";

/// The arguments of `terrakeep index`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct IndexArgs {
    #[command(subcommand)]
    command: IndexSubcommand,
}

#[derive(Debug, Subcommand)]
enum IndexSubcommand {
    /// Delete the index and rebuild it from the journal; the search index is rebuilt, too
    Rebuild,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &IndexArgs) -> Result<(), CliError> {
    match args.command {
        IndexSubcommand::Rebuild => rebuild(context),
    }
}

fn rebuild(context: &Context) -> Result<(), CliError> {
    let dir = context.existing_data_dir()?;
    let mut bar = StoreBar::new(context.output());
    let options = context.store_options()?;
    rebuild_index(&dir, Arc::new(RealDisk), options, |now| bar.show(now))?;
    bar.finish();
    remove_derived(&dir).map_err(OpenError::from)?;
    let sentence = format!("the index of `{}` was rebuilt", dir.root().display());
    // The registry locks the directory itself.
    drop(dir);
    let registry = context.open_registry(false)?;
    // Otherwise the first searches would find only a part of the modules.
    registry.catch_up()?;
    registry.close()?;
    context
        .output()
        .show(&json!({ "done": sentence }), || sentence.clone())
}
