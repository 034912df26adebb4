//! Tests the network mirror, lock files, and copying packages with `terraform providers mirror` out
//! of a registry and into another.

use super::install::needs;
use super::release::{PLATFORMS, Release, command};
use crate::harness::Appliance;
use crate::terraform::{Folder, Terraform, refused, succeeded, terraforms};

/// Returns a configuration with which terraform uses only the mirror of a registry.
fn only_the_mirror_of(registry: &Appliance) -> String {
    format!(
        "provider_installation {{\n  network_mirror {{\n    url = \"{}/mirror/\"\n  }}\n}}\n",
        registry.url
    )
}

/// Returns a command's arguments, followed by those that name all platforms.
fn for_all_platforms(words: &[&str]) -> Vec<String> {
    let words = words.iter().map(|word| (*word).to_owned());
    words
        .chain(PLATFORMS.map(|platform| format!("-platform={platform}")))
        .collect()
}

fn run(folder: &Folder<'_>, words: &[String], more: &str) -> std::process::Output {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    folder.run_with(&words, Some(&folder.registry.admin), more)
}

#[test]
fn r19_a_lock_block_is_what_terraform_writes() {
    let registry = Appliance::start();
    Release::of("widget", "1.2.3").published(&registry, &[]);
    Release::of("widget", "1.1.0").published(&registry, &[]);
    let source = format!("{}/acme/widget", registry.host());
    for terraform in terraforms()
        .into_iter()
        .filter(Terraform::writes_lock_files)
    {
        for constraints in [Some("~> 1.2"), None] {
            let main = match constraints {
                Some(constraints) => needs(&source, constraints),
                None => needs(&source, "").replace("version = \"\"", ""),
            };
            let folder = Folder::new(&registry, &terraform, &main);
            let words = for_all_platforms(&["providers", "lock"]);
            succeeded(&run(&folder, &words, ""));
            let lock = std::fs::read_to_string(folder.path().join(".terraform.lock.hcl"));
            let lock = lock.expect("a lock file");
            let mut words = vec!["lock", "acme/widget", "1.2.3"];
            words.extend(constraints.iter().flat_map(|it| ["--constraints", it]));
            let block = command(&registry, &words);
            assert!(block.status.success());
            let block = String::from_utf8(block.stdout).expect("a text");
            assert!(lock.ends_with(&block), "{lock}\nshould end with\n{block}");
            // With the block alone, nothing is warned of and nothing changes.
            std::fs::write(folder.path().join(".terraform.lock.hcl"), &block).expect("written");
            succeeded(&folder.run("init", Some(&registry.admin)));
        }
    }
    let latest = command(&registry, &["lock", "acme/widget"]);
    let latest = String::from_utf8(latest.stdout).expect("a text");
    assert!(latest.contains("version = \"1.2.3\""), "{latest}");
}

/// The host of the addresses below: terraform uses no mirror for hosts with a port.
const HOST: &str = "registry.example.com";

/// Returns a configuration with which terraform finds that host at a registry, with a token.
fn known_at(registry: &Appliance) -> String {
    let (url, token) = (&registry.url, &registry.admin);
    format!(
        "host \"{HOST}\" {{\n  services = {{\n    \"providers.v1\" = \"{url}/v1/providers/\"\n  }}\n}}\n\
         credentials \"{HOST}\" {{\n  token = \"{token}\"\n}}\n"
    )
}

#[test]
fn r19_what_is_hosted_here_comes_through_the_mirror_too() {
    let registry = Appliance::start_as(HOST);
    Release::of("widget", "1.2.3").published(&registry, &[]);
    let source = format!("{HOST}/acme/widget");
    let mirror = only_the_mirror_of(&registry);
    let stranger = registry.user("stranger");
    for terraform in terraforms() {
        let init = |version: &str, token: Option<&str>| {
            let folder = Folder::new(&registry, &terraform, &needs(&source, version));
            folder.run_with(&["init", "-no-color"], token, &mirror)
        };
        let installed = init("1.2.3", Some(&registry.admin));
        succeeded(&installed);
        assert!(crate::terraform::said(&installed).contains("(verified checksum)"));
        let rejected = "rejected the given authentication credentials";
        refused(&init("1.2.3", None), rejected);
        refused(&init("1.2.3", Some("wrong")), rejected);
        let hidden = init("1.2.3", Some(&stranger));
        refused(&hidden, "not found in any of the search locations");
        let missing = init("2.0.0", Some(&registry.admin));
        refused(&missing, "no available releases match");
    }
}

#[test]
fn r19_a_mirror_goes_out_of_one_registry_and_into_another() {
    let (origin, site) = (Appliance::start(), Appliance::start());
    Release::of("widget", "1.2.3").published(&origin, &[]);
    let main = needs(&format!("{HOST}/acme/widget"), "1.2.3");
    let mirror = only_the_mirror_of(&site);
    let open = Appliance::start_with(&[("auth.mirror_for", "anybody")]);
    for (number, terraform) in terraforms().iter().enumerate() {
        let folder = Folder::new(&origin, terraform, &main);
        let words = for_all_platforms(&["providers", "mirror"]);
        let target = folder.path().join("mirrored").display().to_string();
        let words = [&words[..], std::slice::from_ref(&target)].concat();
        succeeded(&run(&folder, &words, &known_at(&origin)));
        for registry in [&site, &open] {
            // The second time changes nothing.
            for _ in 0..2 {
                let imported = command(registry, &["import-mirror", &target, "--json"]);
                let said = String::from_utf8_lossy(&imported.stderr);
                assert!(imported.status.success(), "{said}");
                let text = String::from_utf8_lossy(&imported.stdout);
                assert!(text.contains("\"packages\":3"), "{text}");
            }
        }
        // Through the other registry, under the address of the first.
        let init = ["init", "-no-color"];
        let stranger = site.user(&format!("somebody{number}"));
        for token in [&site.admin, &stranger] {
            let folder = Folder::new(&site, terraform, &main);
            succeeded(&folder.run_with(&init, Some(token), &mirror));
        }
        let folder = Folder::new(&site, terraform, &main);
        let nobody = folder.run_with(&init, None, &mirror);
        refused(&nobody, "rejected the given authentication credentials");
        let folder = Folder::new(&open, terraform, &main);
        succeeded(&folder.run_with(&init, None, &only_the_mirror_of(&open)));
        // What lies beside the packages is compared with them.
        let beside = std::path::Path::new(&target).join(HOST);
        let beside = beside.join("acme/widget/1.2.3.json");
        let text = std::fs::read_to_string(&beside).expect("a file");
        std::fs::write(&beside, text.replace("h1:", "h1:AAAA")).expect("written");
        let refusal = command(&site, &["import-mirror", &target]);
        assert_eq!(refusal.status.code(), Some(6));
        let said = String::from_utf8_lossy(&refusal.stderr).into_owned();
        assert!(said.contains("its content is not what"), "{said}");
    }
}

#[test]
fn t28_an_imported_package_never_changes_and_survives_a_kill() {
    let mut registry = Appliance::start();
    let path =
        "/api/terrakeep/v1/mirror/registry.example.com/acme/widget/1.0.0/packages/linux_amd64";
    let import = |registry: &Appliance, program: &[u8]| {
        let request = registry.request("PUT", path, Some(&registry.admin));
        let package = crate::zips::package_of("widget", "1.0.0", program);
        let answer = request.body(package).send().expect("an answer");
        answer.status().as_u16()
    };
    assert_eq!(import(&registry, b"one"), 200);
    registry.kill();
    registry.restart();
    assert_eq!(import(&registry, b"one"), 200);
    assert_eq!(import(&registry, b"another"), 409);
    let own = path.replace("registry.example.com", registry.host());
    let request = registry.request("PUT", &own, Some(&registry.admin));
    assert_eq!(request.body("x").send().expect("an answer").status(), 422);
    let listed = registry.json("/mirror/registry.example.com/acme/widget/1.0.0.json");
    let archive = &listed["archives"]["linux_amd64"];
    let url = archive["url"].as_str().expect("an address");
    let got = registry.get(url, None);
    assert_eq!(got.status(), 200);
    let zh = format!(
        "zh:{}",
        terrakeep::domain::Sha256::of(&got.bytes().expect("bytes"))
    );
    assert_eq!(archive["hashes"][1], zh);
    let tampered = url.replace("signature=", "signature=A");
    assert_eq!(registry.get(&tampered, None).status(), 403);
    let bare = url.split('?').next().expect("a path");
    assert_eq!(registry.get(bare, None).status(), 401);
    let lock = "/mirror/registry.example.com/acme/widget/lock.hcl?version=1.0.0";
    let lock = registry
        .get(lock, Some(&registry.admin))
        .text()
        .expect("a text");
    assert!(
        lock.starts_with("provider \"registry.example.com/acme/widget\" {"),
        "{lock}"
    );
}
