//! `terrakeep provider list`.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::client::Client;
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::text::{Columns, text_of};
use crate::cli::tfe_list::{all, attribute};
use crate::domain::Namespace;

const COLUMNS: Columns = Columns {
    first: &["provider", "updated_at"],
    table: &[],
    nothing: "there are no providers that you may see",
};

/// The arguments of `terrakeep provider list`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// The organization; by default, all that you may see
    #[arg(value_name = "ORGANIZATION")]
    organization: Option<Namespace>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &ListArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let organizations = match &args.organization {
        Some(organization) => vec![organization.to_string()],
        None => organizations(&client)?,
    };
    let mut rows = Vec::new();
    for organization in organizations {
        let path = format!("/api/v2/organizations/{organization}/registry-providers");
        let providers = all(&client, &path)?;
        let private = providers
            .iter()
            .filter(|provider| attribute(provider, "registry-name") == "private");
        rows.extend(private.map(row));
    }
    let rows = Value::Array(rows);
    context.output().show(&rows, || text_of(&rows, COLUMNS))
}

fn organizations(client: &Client) -> Result<Vec<String>, CliError> {
    let all = all(client, "/api/v2/organizations")?;
    let names = all.iter().filter_map(|it| attribute(it, "name").as_str());
    Ok(names.map(str::to_owned).collect())
}

fn row(provider: &Value) -> Value {
    let text = |name: &str| attribute(provider, name).as_str().unwrap_or_default();
    json!({
        "provider": format!("{}/{}", text("namespace"), text("name")),
        "updated_at": attribute(provider, "updated-at"),
    })
}
