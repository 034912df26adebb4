//! Lists of modules: `terrakeep module list` and `terrakeep search`.

use clap::Args;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::cli::client::Client;
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::text::{Columns, date_of, fitted, text_of};
use crate::domain::Namespace;

/// How many modules one request asks for.
const PAGE: &str = "100";
/// The most characters of a description in a table, so that lines of common modules fit a terminal.
const DESCRIPTION: usize = 40;

const SEARCH_EXAMPLES: &str = "\
Examples:
  terrakeep search vpc
  terrakeep search \"private subnet\" --organization acme
  terrakeep search vpc --limit 5 --json";

/// The arguments of `terrakeep module list`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// The organization; by default, all that you may see
    #[arg(value_name = "ORGANIZATION")]
    organization: Option<Namespace>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// The arguments of `terrakeep search`.
#[derive(Debug, Args)]
#[command(after_help = SEARCH_EXAMPLES)]
pub(in crate::cli) struct SearchArgs {
    /// Words of names, descriptions, inputs, outputs, resources and READMEs
    #[arg(value_name = "WORDS")]
    words: String,
    /// Only modules of this organization
    #[arg(long, value_name = "NAME")]
    organization: Option<Namespace>,
    /// The most modules to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs `terrakeep module list`.
pub(super) fn run(context: &Context, args: &ListArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let path = match &args.organization {
        Some(organization) => format!("/v1/modules/{organization}"),
        None => "/v1/modules".to_owned(),
    };
    let modules = pages(&client, &path, &[], usize::MAX)?;
    show(context, &modules, "there are no modules that you may see")
}

/// Runs `terrakeep search`.
pub(in crate::cli) fn search(context: &Context, args: &SearchArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let organization = args.organization.as_ref().map(ToString::to_string);
    let mut query = vec![("q", args.words.as_str())];
    if let Some(name) = &organization {
        query.push(("namespace", name));
    }
    let modules = pages(&client, "/v1/modules/search", &query, args.limit)?;
    show(context, &modules, "nothing was found")
}

/// Returns the modules of a list, up to `limit`, page by page.
fn pages(
    client: &Client,
    path: &str,
    query: &[(&str, &str)],
    limit: usize,
) -> Result<Vec<Value>, CliError> {
    let mut modules = Vec::new();
    let mut offset = 0;
    loop {
        let query = Serializer::new(String::new())
            .extend_pairs(query)
            .append_pair("limit", PAGE)
            .append_pair("offset", &offset.to_string())
            .finish();
        let mut page = client.get(&format!("{path}?{query}"))?;
        if let Some(Value::Array(items)) = page.get_mut("modules").map(Value::take) {
            modules.extend(items);
        }
        let next = page.pointer("/meta/next_offset").and_then(Value::as_u64);
        match next {
            // A registry that never ends its list ends here.
            Some(next) if next > offset && modules.len() < limit => offset = next,
            Some(_) | None => break,
        }
    }
    modules.truncate(limit);
    Ok(modules)
}

fn show(context: &Context, modules: &[Value], nothing: &'static str) -> Result<(), CliError> {
    let columns = Columns {
        first: &["module", "version", "published", "downloads", "description"],
        table: &[],
        nothing,
    };
    context.output().show(&json!(modules), || {
        let rows = modules.iter().map(row).collect();
        text_of(&Value::Array(rows), columns)
    })
}

/// Returns what a table shows of a module.
fn row(module: &Value) -> Value {
    let text = |key: &str| module.get(key).and_then(Value::as_str).unwrap_or_default();
    json!({
        "module": format!("{}/{}/{}", text("namespace"), text("name"), text("provider")),
        "version": text("version"),
        "published": date_of(text("published_at")),
        "downloads": module.get("downloads"),
        "description": fitted(text("description"), DESCRIPTION),
    })
}
