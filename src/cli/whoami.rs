//! `terrakeep whoami`: who a token belongs to, and where the command found it.

use clap::Args;
use serde_json::json;

use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::{Columns, text_of};

/// The address of the account that a token belongs to.
pub(super) const ACCOUNT: &str = "/api/v2/account/details";

const COLUMNS: Columns = Columns {
    first: &[
        "registry",
        "account",
        "email",
        "administrator",
        "token_from",
    ],
    table: &[],
    nothing: "",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep whoami --url https://registry.example.com
  terrakeep whoami --json

Without --token, --token-file and their variables, the token is the one that terraform has for the
same host: in TF_TOKEN_…, in ~/.terraformrc or ~/.tofurc, or from `terraform login`.";

/// The arguments of `terrakeep whoami`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct WhoamiArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &WhoamiArgs) -> Result<(), CliError> {
    let (client, place) = args.connection.client_and_place(context)?;
    let document = client.get(ACCOUNT)?;
    let attribute = |name: &str| document.pointer(&format!("/data/attributes/{name}"));
    let answer = json!({
        "registry": client.url().as_str(),
        "account": attribute("username"),
        "email": attribute("email"),
        "administrator": attribute("is-admin"),
        "token_from": place,
    });
    context.output().show(&answer, || text_of(&answer, COLUMNS))
}
