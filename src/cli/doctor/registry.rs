//! The steps that ask the registry: services, certificate, token, versions, archive.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::Value;

use super::finding::Finding;
use super::in_one_line;
use crate::cli::archive_location::archive_location;
use crate::cli::client::{Client, ClientOptions};
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::whoami::ACCOUNT;
use crate::config::PublicUrl;

const DISCOVERY: &str = "/.well-known/terraform.json";

/// How far the clocks may be apart, in seconds.
const CLOCK_SECONDS: u64 = 60;

/// Asks which services there are.
pub(super) fn discovery(client: &Client) -> Finding {
    let step = "services";
    let document = match client.get(DISCOVERY) {
        Ok(document) => document,
        Err(error) => return Finding::failed(step, in_one_line(&error)),
    };
    let missing: Vec<&str> = ["modules.v1", "providers.v1"]
        .into_iter()
        .filter(|service| !document.get(service).is_some_and(Value::is_string))
        .collect();
    if missing.is_empty() {
        return Finding::fine(step, "modules and providers are announced");
    }
    let detail = format!(
        "{DISCOVERY} does not announce {}; is something else at this address?",
        missing.join(" and ")
    );
    Finding::failed(step, detail)
}

/// Compares the clock of this machine with that of the registry: certificates and signed addresses end at
/// a time. `None` if the registry does not tell the time.
pub(super) fn clock(client: &Client) -> Option<Finding> {
    let told = client.header(DISCOVERY, "date").ok()??;
    let there = rfc2822::parse(&told).ok()?.timestamp();
    let apart = Timestamp::now().as_second().abs_diff(there.as_second());
    Some(if apart <= CLOCK_SECONDS {
        Finding::fine("clock", "it agrees with the registry's")
    } else {
        let detail = format!(
            "it is {apart} seconds away from the registry's; set the one that is wrong, or certificates \
             and addresses of archives are refused"
        );
        Finding::warning("clock", detail)
    })
}

/// Says whether programs that know nothing of `--ca-file`, such as terraform, trust the certificate.
pub(super) fn trust_of_the_system(url: &PublicUrl) -> Finding {
    let step = "certificate";
    let plain = Client::new(ClientOptions {
        url: url.clone(),
        ca_files: Vec::new(),
        token: None,
    });
    match plain.and_then(|client| client.is_trusted()) {
        Ok(true) => Finding::fine(step, "this system trusts it"),
        // With the CA that the command was given, it answered before.
        Ok(false) => Finding::warning(
            step,
            "this system does not trust it, so terraform needs SSL_CERT_FILE or the CA among those \
             of the system; `terrakeep tls trust` says how",
        ),
        Err(error) => Finding::warning(step, in_one_line(&error)),
    }
}

/// Asks what needs a token: who it is, and whether a module can be installed with it.
pub(super) fn what_the_token_sees(context: &Context, connection: &ConnectionArgs) -> Vec<Finding> {
    let step = "token";
    let token = match connection.token() {
        Ok(Some(token)) => token,
        Ok(None) => {
            let detail = "there is none for this host; only what is public can be installed \
                          (`terrakeep login` makes one)";
            return vec![Finding::warning(step, detail)];
        }
        Err(error) => return vec![Finding::failed(step, in_one_line(&error))],
    };
    let place = token.place;
    let asked = connection
        .client_with(context, token.token)
        .and_then(|client| Ok((client.get(ACCOUNT)?, client)));
    match asked {
        Ok((account, client)) => {
            let name = account.pointer("/data/attributes/username");
            let name = name.and_then(Value::as_str).unwrap_or("a token of a team");
            vec![
                Finding::fine(step, format!("{name} from {place}")),
                install(&client),
            ]
        }
        Err(error) => {
            let detail = format!("the one from {place}: {}", in_one_line(&error));
            vec![Finding::failed(step, detail)]
        }
    }
}

/// Goes as far as terraform goes before it downloads: versions, and the address of an archive.
fn install(client: &Client) -> Finding {
    let step = "install";
    let list = match client.get("/v1/modules?limit=1") {
        Ok(list) => list,
        Err(error) => return Finding::failed(step, in_one_line(&error)),
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
        Err(error) => return Finding::failed(step, format!("{address}: {}", in_one_line(&error))),
    };
    let first = versions
        .pointer("/modules/0/versions/0/version")
        .and_then(Value::as_str);
    let Some(version) = first else {
        return Finding::fine(step, format!("{address} has no version yet"));
    };
    match archive_location(client, &address, version) {
        Ok(Some(_)) => Finding::fine(step, format!("{address} {version} can be downloaded")),
        Ok(None) => Finding::failed(
            step,
            format!(
                "{address} {version} has no address; a proxy may remove the header X-Terraform-Get"
            ),
        ),
        Err(error) => Finding::warning(
            step,
            format!("{address} {version}: {}", in_one_line(&error)),
        ),
    }
}
