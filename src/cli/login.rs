//! `terrakeep login`: exchanges a username and a password for a token.

use clap::Args;
use serde_json::{Value, json};

use super::client::Client;
use super::connection::ServerArgs;
use super::context::Context;
use super::error::{CliError, Exit};
use super::lifetime::lifetime;
use super::password;
use super::public_address::{public_url, source_host};
use super::text::secret;
use super::token::{ScopeArg, seconds};
use crate::config::{HumanDuration, PublicUrl};
use crate::domain::{TokenScope, Username};
use crate::registry::commands::Password;

const SIGN_IN: &str = "/api/terrakeep/v1/sign-in";

const EXAMPLES: &str = "\
Examples:
  terrakeep login --url https://registry.example.com --username alice
  terrakeep login --url https://registry.example.com --username alice --scope read \\
      --expires-in 30d --password-stdin < password.txt";

/// The arguments of `terrakeep login`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LoginArgs {
    /// The name to sign in with
    #[arg(long)]
    username: Username,
    /// Read the password from the first line of standard input instead of asking for it
    #[arg(long)]
    password_stdin: bool,
    /// What the token allows
    #[arg(long, value_enum, default_value_t = ScopeArg::Admin)]
    scope: ScopeArg,
    /// What the token is for
    #[arg(long, default_value = "terrakeep login")]
    description: String,
    /// When it expires, such as 30d; by default, after the longest time that the registry allows
    #[arg(long, value_name = "DURATION", value_parser = lifetime)]
    expires_in: Option<HumanDuration>,
    #[command(flatten)]
    server: ServerArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &LoginArgs) -> Result<(), CliError> {
    let client = args.server.client(context)?;
    let password = password::existing(args.password_stdin)?;
    let answer = sign_in(&client, args, &password)?;
    let token = answer.get("token").and_then(Value::as_str).ok_or_else(|| {
        let message = format!(
            "{} answered without a token; is it a registry?",
            client.url()
        );
        CliError::new(Exit::Failed, message)
    })?;
    let url = public_url(&client)?;
    context.output().show(&answer, || in_words(&url, token))
}

fn sign_in(client: &Client, args: &LoginArgs, password: &Password) -> Result<Value, CliError> {
    let document = json!({
        "username": args.username,
        "password": password.reveal(),
        "description": args.description,
        "scope": TokenScope::from(args.scope),
        "lifetime_seconds": args.expires_in.map(seconds),
    });
    client.post(SIGN_IN, &document)
}

fn in_words(url: &PublicUrl, token: &str) -> String {
    let host = source_host(url);
    format!(
        "\
{}

For this command:
  export TERRAKEEP_URL={url}
  export TERRAKEEP_TOKEN={token}

For terraform (in ~/.terraformrc) and OpenTofu (in ~/.tofurc):
  credentials \"{host}\" {{
    token = \"{token}\"
  }}
",
        secret("token", token)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credentials_block_names_the_host_as_a_source_does() {
        let shown = |url: &str| in_words(&url.parse().unwrap(), "tkp_abc");
        assert!(
            shown("https://registry.example.com")
                .contains("credentials \"registry.example.com\" {")
        );
        assert!(shown("https://localhost:8443").contains("credentials \"localhost:8443\" {"));
    }
}
