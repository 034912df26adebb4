//! What the machine has that concerns terraform: programs and variables.

use std::path::PathBuf;

use super::finding::Finding;
use crate::cli::terraform::Terraform;

/// The variables that change how terraform reaches a registry. Their values may hold secrets, so only
/// their names are shown.
const VARIABLES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "TF_CLI_CONFIG_FILE",
    "TF_CLI_ARGS_init",
];

/// Says which programs there are.
pub(super) fn clients() -> Vec<Finding> {
    let installed = Terraform::installed();
    if installed.is_empty() {
        let detail = "neither terraform nor tofu is on the PATH";
        return vec![Finding::warning("client", detail)];
    }
    let named = std::env::var_os("TF_CLI_CONFIG_FILE").filter(|file| !file.is_empty());
    let named = named.map(|file| format!("`{}`", PathBuf::from(file).display()));
    let name = |client: &Terraform| {
        let settings = named.as_deref().unwrap_or(client.settings);
        Finding::fine("client", format!("{} reads {settings}", client.program))
    };
    installed.iter().map(name).collect()
}

/// Says which variables are set.
pub(super) fn variables() -> Vec<Finding> {
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let set: Vec<&str> = VARIABLES.into_iter().filter(|name| is_set(name)).collect();
    let mut findings = Vec::new();
    if !set.is_empty() {
        let detail = format!("{} set here, and terraform heeds them", set.join(", "));
        findings.push(Finding::fine("variables", detail));
    }
    if let Some(file) = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty()) {
        let path = PathBuf::from(file);
        let detail = format!("SSL_CERT_FILE names `{}`", path.display());
        findings.push(if path.is_file() {
            Finding::fine("variables", detail)
        } else {
            Finding::failed("variables", format!("{detail}, which is no file"))
        });
    }
    findings
}
