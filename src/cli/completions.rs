//! `terrakeep completions`: prints what a shell needs to complete the commands and their options.

use clap::Args;
use clap_complete::Shell;
use serde_json::json;

use super::Cli;
use super::context::Context;
use super::error::CliError;

const EXAMPLES: &str = "\
Examples:
  terrakeep completions bash > ~/.local/share/bash-completion/completions/terrakeep
  terrakeep completions zsh > ~/.zfunc/_terrakeep
  terrakeep completions fish > ~/.config/fish/completions/terrakeep.fish

Zsh reads the folder if `fpath+=~/.zfunc` stands before `compinit` in ~/.zshrc.";

/// The arguments of `terrakeep completions`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &CompletionsArgs) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::described(), "terrakeep", &mut script);
    let script = String::from_utf8_lossy(&script);
    let document = json!({ "script": script });
    context.output().show(&document, || script.to_string())
}
