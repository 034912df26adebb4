//! `terrakeep audit`: who did what.

use clap::Args;
use serde_json::{Value, json};

use super::administration::outcome;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::{Columns, text_of};
use crate::domain::{Namespace, Timestamp};
use crate::registry::commands::{AuditCommand, Command};

const DAY_SECONDS: i64 = 86_400;

const COLUMNS: Columns = Columns {
    first: &["when", "who", "what", "changes"],
    table: &[],
    nothing: "there are no such events",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep audit
  terrakeep audit acme --text publish --limit 20
  terrakeep audit --actor alice --from 2026-11-01 --to 2026-11-30 --json

The newest events come first. Without an organization, they are those of the whole registry, which only its
administrators see. Times are in UTC.";

/// The arguments of `terrakeep audit`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct AuditArgs {
    /// The organization; by default, the whole registry
    organization: Option<Namespace>,
    /// A part of the name of who did it
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    actor: String,
    /// A part of what was done, or of what it was done to
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    text: String,
    /// The first day, as in 2026-11-25
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<Timestamp>,
    /// The last day
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Option<Timestamp>,
    /// The most events, up to 500
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    connection: ConnectionArgs,
}

fn day(text: &str) -> Result<Timestamp, String> {
    let begin = format!("{text}T00:00:00Z").parse();
    begin.map_err(|_| "write the day as in 2026-11-25".to_owned())
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &AuditArgs) -> Result<(), CliError> {
    let command = AuditCommand::List {
        organization: args.organization.clone(),
        actor: args.actor.clone(),
        text: args.text.clone(),
        from: args.from,
        until: args.to.map(|day| day.plus_seconds(DAY_SECONDS)),
        limit: args.limit,
    };
    let events = outcome(context, &args.connection, Command::Audit(command))?;
    context.output().show(&events, || {
        let rows = events.as_array().into_iter().flatten().map(row).collect();
        text_of(&Value::Array(rows), COLUMNS)
    })
}

/// Returns what a table shows of an event: the first of its changes, and how many more there are.
fn row(event: &Value) -> Value {
    let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
    let when = text("at").get(..16).unwrap_or_default().replace('T', " ");
    let changes = event.get("changes").and_then(Value::as_array);
    let first = changes.and_then(|changes| changes.first()?.as_str());
    let more = changes.map_or(0, |changes| changes.len().saturating_sub(1));
    let changes = match (first, more) {
        (Some(first), 0) => first.to_owned(),
        (Some(first), more) => format!("{first} (+{more})"),
        (None, _) => String::new(),
    };
    json!({ "when": when, "who": text("actor"), "what": text("action"), "changes": changes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_a_line() {
        let event = json!({
            "at": "2026-12-01T14:51:10.123Z", "actor": "alice", "action": "create module",
            "changes": ["wrote modules acme/vpc/aws", "wrote module ids mod-1"],
        });
        let expected = json!({
            "when": "2026-12-01 14:51", "who": "alice", "what": "create module",
            "changes": "wrote modules acme/vpc/aws (+1)",
        });
        assert_eq!(row(&event), expected);
    }

    #[test]
    fn a_day_is_a_date() {
        assert!(day("2026-11-25").is_ok());
        for bad in ["25.11.2026", "2026-11-25T01:00:00Z", "soon", "2026-13-01"] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }
}
