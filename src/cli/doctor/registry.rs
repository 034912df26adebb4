//! The steps that ask the registry: services, certificate, token, versions, archive.

use serde_json::Value;

use super::finding::Finding;
use crate::cli::client::{Client, ClientOptions};
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::config::PublicUrl;

const DISCOVERY: &str = "/.well-known/terraform.json";

/// Asks which services there are. The second value says whether the registry answered.
pub(super) fn discovery(client: &Client) -> (Finding, bool) {
    let document = match client.get(DISCOVERY) {
        Ok(document) => document,
        Err(error) => return (Finding::failed("services", reason(&error)), false),
    };
    let missing: Vec<&str> = ["modules.v1", "providers.v1"]
        .into_iter()
        .filter(|service| !document.get(service).is_some_and(Value::is_string))
        .collect();
    if missing.is_empty() {
        let detail = "modules and providers are announced";
        return (Finding::fine("services", detail), true);
    }
    let detail = format!(
        "{DISCOVERY} does not announce {}; is something else at this address?",
        missing.join(" and ")
    );
    (Finding::failed("services", detail), false)
}

/// Says whether programs that know nothing of `--ca-file`, such as terraform, trust the certificate.
pub(super) fn trust_of_the_system(url: &PublicUrl) -> Finding {
    let plain = Client::new(ClientOptions {
        url: url.clone(),
        ca_files: Vec::new(),
        token: None,
    });
    match plain.and_then(|client| client.get(DISCOVERY)) {
        Ok(_) => Finding::fine("certificate", "this system trusts it"),
        // With the CA that the command was given, it answered before.
        Err(_) => Finding::warning(
            "certificate",
            "this system does not trust it, so terraform needs SSL_CERT_FILE or the CA among those \
             of the system; `terrakeep tls trust` says how",
        ),
    }
}

/// Asks what needs a token: who it is, and whether a module can be installed with it.
pub(super) fn what_the_token_sees(
    context: &Context,
    connection: &ConnectionArgs,
) -> Result<Vec<Finding>, CliError> {
    let Some(source) = connection.token_source() else {
        let detail = "there is none for this host; only what is public can be installed \
                      (`terrakeep login` makes one)";
        return Ok(vec![Finding::warning("token", detail)]);
    };
    let client = connection.required_client(context)?;
    let account = match client.get("/api/v2/account/details") {
        Ok(account) => account,
        Err(error) => {
            let detail = format!("the one from {source}: {}", reason(&error));
            return Ok(vec![Finding::failed("token", detail)]);
        }
    };
    let name = account
        .pointer("/data/attributes/username")
        .and_then(Value::as_str);
    let detail = format!("{} from {source}", name.unwrap_or("a token of a team"));
    Ok(vec![Finding::fine("token", detail), install(&client)])
}

/// Goes as far as terraform goes before it downloads: versions, and the address of an archive.
fn install(client: &Client) -> Finding {
    let step = "install";
    let list = match client.get("/v1/modules?limit=1") {
        Ok(list) => list,
        Err(error) => return Finding::failed(step, reason(&error)),
    };
    let text = |key: &str| {
        let value = list.pointer(&format!("/modules/0/{key}"));
        value.and_then(Value::as_str)
    };
    let (Some(namespace), Some(name), Some(system)) =
        (text("namespace"), text("name"), text("provider"))
    else {
        return Finding::fine(step, "there is no module yet that this token may see");
    };
    let address = format!("{namespace}/{name}/{system}");
    let versions = match client.get(&format!("/v1/modules/{address}/versions")) {
        Ok(versions) => versions,
        Err(error) => return Finding::failed(step, format!("{address}: {}", reason(&error))),
    };
    let first = versions
        .pointer("/modules/0/versions/0/version")
        .and_then(Value::as_str);
    let Some(version) = first else {
        return Finding::fine(step, format!("{address} has no version yet"));
    };
    let path = format!("/v1/modules/{address}/{version}/download");
    match client.header(&path, "x-terraform-get") {
        Ok(Some(_)) => Finding::fine(step, format!("{address} {version} can be downloaded")),
        Ok(None) => Finding::failed(
            step,
            format!(
                "{address} {version} has no address; a proxy may remove the header X-Terraform-Get"
            ),
        ),
        Err(error) => Finding::warning(step, format!("{address} {version}: {}", reason(&error))),
    }
}

/// Returns an error with its causes, in one line.
fn reason(error: &CliError) -> String {
    let mut text = error.to_string();
    for cause in error.causes() {
        text.push_str(", because ");
        text.push_str(&cause);
    }
    text
}
