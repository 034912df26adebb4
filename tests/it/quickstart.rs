//! Tests the first minute: the commands that `quickstart` prints work as printed.

use std::process::Command;

use serde_json::Value;

use crate::harness::Appliance;
use crate::terraform::has_terraform;

#[test]
fn t55_quickstart_makes_an_administrator_and_prints_their_token_once() {
    let mut registry = Appliance::start();
    let first = registry.admin.clone();
    assert_eq!(registry.versions("acme/hello/null"), ["1.0.0"]);
    assert_eq!(registry.stop().code(), Some(0));
    registry.restart();
    assert_ne!(registry.admin, first, "a new token at each start");
    assert_eq!(
        registry.get("/v1/modules", Some(&first)).status(),
        401,
        "and the old one is over"
    );
    assert_eq!(registry.versions("acme/hello/null"), ["1.0.0"]);
}

#[test]
fn t49_t57_no_secret_lies_in_the_data_directory_and_nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let registry = Appliance::start();
    let mut stack = vec![registry.data_dir().to_owned()];
    while let Some(path) = stack.pop() {
        let metadata = std::fs::metadata(&path).expect("metadata");
        assert_eq!(
            metadata.permissions().mode() & 0o077,
            0,
            "{}",
            path.display()
        );
        // What an index makes in its own directory is behind that directory's mode.
        if path.ends_with("index") || path.ends_with("derived/search") {
            continue;
        }
        if metadata.is_dir() {
            stack.extend(
                std::fs::read_dir(&path)
                    .expect("entries")
                    .map(|entry| entry.expect("an entry").path()),
            );
        } else {
            let content = std::fs::read(&path).expect("content");
            let (_, link) = registry.sign_in_url.split_once('=').expect("a secret");
            for secret in [&registry.admin, link] {
                let mut parts = content.windows(secret.len());
                let found = parts.any(|part| part == secret.as_bytes());
                assert!(!found, "a secret lies in {}", path.display());
            }
        }
    }
}

#[test]
fn r13_a_lost_index_comes_back_and_answers_the_same() {
    let mut registry = Appliance::start();
    for version in ["1.0.0", "1.1.0"] {
        registry.publish("acme/vpc/aws", version, crate::builders::module(version));
    }
    let ask = |registry: &Appliance| -> Vec<String> {
        [
            "/v1/modules",
            "/v1/modules/acme/vpc/aws/versions",
            "/v1/modules/acme/vpc/aws/1.0.0",
            "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws",
            "/api/v2/registry-modules/show/acme/vpc/aws",
        ]
        .iter()
        .map(|path| {
            registry
                .get(path, Some(&registry.admin))
                .text()
                .expect("a body")
        })
        .collect()
    };
    // What is derived follows a moment later, unless somebody asks for it.
    for version in ["vpc/aws/1.0.0", "vpc/aws/1.1.0", "hello/null/1.0.0"] {
        let path = format!("/v1/modules/acme/{version}");
        assert_eq!(registry.get(&path, Some(&registry.admin)).status(), 200);
    }
    let before = ask(&registry);
    registry.stop();
    std::fs::remove_dir_all(registry.data_dir().join("index")).expect("removed");
    registry.restart();
    assert_eq!(ask(&registry), before);
}

#[test]
fn one_data_directory_has_one_process() {
    let registry = Appliance::start();
    let second = crate::harness::program()
        .args([
            "quickstart",
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
        ])
        .arg(registry.data_dir())
        .output()
        .expect("the program runs");
    assert_eq!(second.status.code(), Some(8));
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains("another terrakeep is using"), "{said}");
}

#[test]
fn the_printed_lines_install_the_example_module() {
    if !has_terraform() {
        return;
    }
    let registry = Appliance::start();
    let folder = tempfile::tempdir().expect("a directory");
    let write =
        |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("written");
    let host = registry.host();
    write(
        "main.tf",
        format!(
            "module \"hello\" {{\n  source  = \"{host}/acme/hello/null\"\n  version = \"1.0.0\"\n}}\n\noutput \"greeting\" {{\n  value = module.hello.greeting\n}}\n"
        ),
    );
    write(
        "terraform.rc",
        format!(
            "credentials \"{host}\" {{\n  token = \"{}\"\n}}\n",
            registry.admin
        ),
    );
    let run = |arguments: &[&str]| {
        let output = Command::new("terraform")
            .args(arguments)
            .current_dir(folder.path())
            .env("SSL_CERT_FILE", &registry.ca_file)
            .env("TF_CLI_CONFIG_FILE", folder.path().join("terraform.rc"))
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .expect("terraform runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        text
    };
    run(&["init", "-no-color"]);
    run(&["apply", "-no-color", "-auto-approve"]);
    let output: Value = serde_json::from_str(&run(&["output", "-json"])).expect("JSON");
    assert!(
        output["greeting"]["value"]
            .as_str()
            .expect("a text")
            .starts_with("Hello, world!")
    );
}
