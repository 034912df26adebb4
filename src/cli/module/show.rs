//! `terrakeep module show` and `terrakeep module versions`: what the registry says of a module.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::text::{Columns, date_of, fitted, text_of};
use crate::domain::{ModuleAddress, Version};

const DETAILS: Columns = Columns {
    first: &[
        "module",
        "version",
        "description",
        "published",
        "published_by",
        "downloads",
        "deprecated",
        "page",
        "inputs",
        "outputs",
        "resources",
        "submodules",
        "examples",
        "versions",
    ],
    table: &[],
    nothing: "",
};
const VERSIONS: Columns = Columns {
    first: &["version", "deprecated"],
    table: &[],
    nothing: "there is no version",
};
/// The most characters of a notice in the table of versions.
const NOTICE: usize = 70;

/// The arguments of `terrakeep module show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The module: organization/name/provider, as in acme/vpc/aws
    #[arg(value_name = "ADDRESS")]
    module: ModuleAddress,
    /// Its version, as in 1.2.3; by default the latest
    version: Option<Version>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// The arguments of `terrakeep module versions`.
#[derive(Debug, Args)]
pub(super) struct VersionsArgs {
    /// The module: organization/name/provider, as in acme/vpc/aws
    #[arg(value_name = "ADDRESS")]
    module: ModuleAddress,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs `terrakeep module show`.
pub(super) fn run(context: &Context, args: &ShowArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let module = &args.module;
    let path = match &args.version {
        Some(version) => format!("/v1/modules/{module}/{version}"),
        None => format!("/v1/modules/{module}"),
    };
    let document = client.get(&path)?;
    let page = match &args.version {
        Some(version) => format!("{}/modules/{module}/{version}", client.url()),
        None => format!("{}/modules/{module}", client.url()),
    };
    context
        .output()
        .show(&document, || text_of(&details(&document, &page), DETAILS))
}

/// Runs `terrakeep module versions`.
pub(super) fn versions(context: &Context, args: &VersionsArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let document = client.get(&format!("/v1/modules/{}/versions", args.module))?;
    let versions = document.pointer("/modules/0/versions");
    let rows: Vec<Value> = versions
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|version| json!({ "version": version.get("version"), "deprecated": notice(version) }))
        .collect();
    context.output().show(&json!(rows), || {
        let short = |row: &Value| {
            let deprecated = row.get("deprecated").and_then(Value::as_str);
            json!({
                "version": row.get("version"),
                "deprecated": deprecated.map(|reason| fitted(reason, NOTICE)),
            })
        };
        text_of(&rows.iter().map(short).collect(), VERSIONS)
    })
}

/// Returns why a version is deprecated; null if it is not.
fn notice(version: &Value) -> Value {
    match version.get("deprecation") {
        None | Some(Value::Null) => Value::Null,
        Some(deprecation) => match deprecation.get("reason") {
            Some(Value::String(reason)) if !reason.is_empty() => json!(reason),
            Some(_) | None => json!("yes"),
        },
    }
}

/// Returns what is shown of the details of a version.
fn details(document: &Value, page: &str) -> Value {
    let text = |key: &str| {
        document
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let list = |path: &str| document.pointer(path).and_then(Value::as_array);
    let count = |path: &str| list(path).map_or(0, Vec::len);
    let inputs = list("/root/inputs").into_iter().flatten();
    let is_required = |input: &&Value| input.get("required") == Some(&Value::Bool(true));
    let required = inputs.filter(is_required).count();
    json!({
        "module": format!("{}/{}/{}", text("namespace"), text("name"), text("provider")),
        "version": text("version"),
        "description": text("description"),
        "published": date_of(text("published_at")),
        "published_by": text("owner"),
        "downloads": document.get("downloads"),
        "deprecated": notice(document),
        "page": page,
        "inputs": format!("{}, {required} of them required", count("/root/inputs")),
        "outputs": count("/root/outputs"),
        "resources": count("/root/resources"),
        "submodules": count("/submodules"),
        "examples": count("/examples"),
        "versions": count("/versions"),
    })
}
