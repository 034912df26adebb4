//! `terrakeep config`: check, show or print the configuration.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::Context;
use super::error::{CliError, Exit};
use crate::config::{Config, Loaded};

const EXAMPLES: &str = "\
Examples:
  terrakeep config print > terrakeep.toml
  terrakeep config check --config terrakeep.toml
  terrakeep config show --config terrakeep.toml";

/// The arguments of `terrakeep config`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigSubcommand,
}

#[derive(Debug, Subcommand)]
enum ConfigSubcommand {
    /// Name every mistake in the configuration, and what terraform cannot use of it
    Check,
    /// Show each value in force and where it comes from; secrets are not shown
    Show,
    /// Print a configuration file that explains each key and sets it to its default
    Print,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &ConfigArgs) -> Result<(), CliError> {
    let output = context.output();
    match args.command {
        ConfigSubcommand::Check => {
            let loaded = context.load()?;
            let warnings: Vec<String> = loaded.warnings().iter().map(ToString::to_string).collect();
            let sentence = match &loaded.file {
                Some(_) => "the configuration has no mistakes",
                None => "there is no file; the defaults and what else is given have no mistakes",
            };
            let document = json!({ "done": sentence, "warnings": warnings });
            output.show(&document, || in_words(sentence, &warnings))
        }
        ConfigSubcommand::Show => {
            let loaded = context.load()?;
            let document = values(&loaded);
            output.show(&document, || loaded.show())
        }
        ConfigSubcommand::Print => {
            let document = toml::from_str::<Value>(Config::print()).map_err(|error| {
                CliError::new(Exit::Failed, "the built-in configuration is not TOML").because(error)
            })?;
            output.show(&document, || Config::print().to_owned())
        }
    }
}

fn in_words(sentence: &str, warnings: &[String]) -> String {
    let warnings = warnings
        .iter()
        .map(|warning| format!("warning: {warning}\n"));
    format!("{}{sentence}", warnings.collect::<String>())
}

/// Returns each key with its value and origin, from the lines that people see.
fn values(loaded: &Loaded) -> Value {
    let shown = loaded.show();
    shown
        .lines()
        .filter_map(|line| value(loaded, line))
        .collect()
}

fn value(loaded: &Loaded, line: &str) -> Option<Value> {
    let (key, value) = if let Some(unset) = line.strip_prefix("# ") {
        (unset.split_once(' ')?.0, Value::Null)
    } else {
        let key = line.split_once(" = ")?.0;
        let mut value = &toml::from_str::<Value>(line).ok()?;
        for name in key.split('.') {
            value = value.get(name)?;
        }
        (key, value.clone())
    };
    let origin = loaded.origin(key).to_string();
    Some(json!({ "key": key, "value": value, "origin": origin }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    #[test]
    fn every_key_is_in_the_document() {
        let sources = Sources::default().with_flag("--listen", "server.listen", "[::1]:1");
        let loaded = Config::load(&sources).unwrap();
        let document = values(&loaded);
        let rows = document.as_array().unwrap();
        assert_eq!(rows.len(), loaded.show().lines().count());
        let row = |key: &str| rows.iter().find(|row| row["key"] == key).unwrap();
        assert_eq!(row("server.listen")["value"], "[::1]:1");
        assert_eq!(row("server.listen")["origin"], "flag --listen");
        assert_eq!(row("server.public_url")["value"], Value::Null);
        assert_eq!(row("limits.burst")["value"], 1000);
    }
}
