//! Tests that a registry is reached under the addresses that it gives out.

use serde_json::Value;

use super::{run, said};
use crate::harness::{Appliance, program};
use crate::terraform::has_terraform;

#[test]
fn f1_a_registry_on_every_address_gives_out_one_that_other_machines_reach() {
    let registry = Appliance::start_with(&[("server.listen", "0.0.0.0:0")]);
    assert!(!registry.url.contains("localhost"), "{}", registry.url);
    assert_eq!(registry.get("/healthz", None).status(), 200);
    if !has_terraform() {
        return;
    }
    let folder = tempfile::tempdir().expect("a directory");
    let (host, token) = (registry.host(), &registry.admin);
    let main = format!("module \"hello\" {{\n  source = \"{host}/acme/hello/null\"\n}}\n");
    let settings = format!("credentials \"{host}\" {{\n  token = \"{token}\"\n}}\n");
    std::fs::write(folder.path().join("main.tf"), main).expect("written");
    std::fs::write(folder.path().join("rc"), settings).expect("written");
    let output = run(std::process::Command::new("terraform")
        .args(["init", "-no-color"])
        .current_dir(folder.path())
        .env("SSL_CERT_FILE", &registry.ca_file)
        .env("TF_CLI_CONFIG_FILE", folder.path().join("rc"))
        .env("CHECKPOINT_DISABLE", "1"));
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn f1_config_check_warns_of_what_terraform_cannot_use_and_still_succeeds() {
    let check = |settings: &[(&str, &str)]| {
        let mut command = program();
        command.args(["config", "check", "--json"]);
        command.current_dir(std::env::temp_dir());
        for (variable, value) in settings {
            command.env(format!("TERRAKEEP__{variable}"), value);
        }
        let output = run(&mut command);
        assert!(output.status.success(), "{}", said(&output));
        let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        document["warnings"].as_array().expect("a list").len()
    };
    assert_eq!(check(&[]), 0);
    let url = "SERVER__PUBLIC_URL";
    assert_eq!(check(&[(url, "https://registry.example.com")]), 0);
    assert_eq!(check(&[(url, "https://localhost:8443")]), 1);
    assert_eq!(check(&[(url, "http://registry.example.com")]), 1);
    assert_eq!(check(&[("SERVER__LISTEN", "0.0.0.0:443")]), 1);
    assert_eq!(check(&[("TLS__MODE", "off")]), 1);
    let mut command = program();
    command
        .args(["config", "check"])
        .env("TERRAKEEP__TLS__MODE", "off");
    let text = said(&run(command.current_dir(std::env::temp_dir())));
    assert!(text.starts_with("warning: environment variable TERRAKEEP__TLS__MODE: tls.mode: "));
    assert!(
        text.ends_with("there is no file; the defaults and what else is given have no mistakes\n"),
        "{text}"
    );
}

#[test]
fn f1_quickstart_does_not_go_on_with_an_address_that_terraform_refuses() {
    let dir = tempfile::tempdir().expect("a directory");
    for url in [
        "https://localhost:8443",
        "http://10.0.0.5:8443",
        "https://[::1]:8443",
    ] {
        let mut command = program();
        command.args(["quickstart", "--listen", "127.0.0.1:0", "--public-url", url]);
        let output = run(command.arg("--data-dir").arg(dir.path().join("data")));
        assert_eq!(output.status.code(), Some(1), "{url}");
        let text = said(&output);
        assert!(
            text.contains("server.public_url") && !text.contains("token ="),
            "{text}"
        );
        assert!(!dir.path().join("data").exists(), "{url}");
    }
}
