//! `terrakeep man`: writes the manual page of the program and of each command.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;
use serde_json::json;

use super::Cli;
use super::context::Context;
use super::error::{CliError, Exit};

const EXAMPLES: &str = "\
Examples:
  terrakeep man > terrakeep.1                 the page of the program
  terrakeep man ~/.local/share/man/man1       this page and one for each command, as files";

/// The arguments of `terrakeep man`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ManArgs {
    /// A folder to write all pages into; without it, the page of the program is printed
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &ManArgs) -> Result<(), CliError> {
    match &args.dir {
        Some(dir) => write_all(context, dir),
        None => print_one(context),
    }
}

/// Returns the program with the commands that have a page.
fn program() -> Command {
    Cli::described().disable_help_subcommand(true)
}

fn print_one(context: &Context) -> Result<(), CliError> {
    let mut program = program();
    program.build();
    let mut page = Vec::new();
    Man::new(program)
        .render(&mut page)
        .map_err(|error| CliError::new(Exit::Failed, "the page cannot be made").because(error))?;
    let page = String::from_utf8_lossy(&page);
    context
        .output()
        .show(&json!({ "page": page }), || page.to_string())
}

fn write_all(context: &Context, dir: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(dir)
        .and_then(|()| clap_mangen::generate_to(program(), dir))
        .map_err(|error| {
            let message = format!("the pages cannot be written to `{}`", dir.display());
            CliError::new(Exit::Failed, message).because(error)
        })?;
    let sentence = format!(
        "the pages are in `{}`; `man terrakeep` finds them there if MANPATH names its parent",
        dir.display()
    );
    context
        .output()
        .show(&json!({ "directory": dir }), || sentence.clone())
}
