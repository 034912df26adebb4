//! Tests that real terraform installs providers from the running registry.

use super::release::{PLATFORMS, Release};
use crate::harness::Appliance;
use crate::terraform::{Folder, refused, said, succeeded, terraforms};
use crate::ui::browser::Browser;

/// Returns a configuration that needs one provider.
pub(crate) fn needs(source: &str, version: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    it = {{\n      source  = \"{source}\"\n      \
         version = \"{version}\"\n    }}\n  }}\n}}\n"
    )
}

/// Returns how often `acme/widget 1.2.3` was downloaded, according to its page.
fn downloads(registry: &Appliance) -> u64 {
    let page = Browser::of(registry, "admin").get("/providers/acme/widget/1.2.3");
    let (_, rest) = page
        .text
        .split_once("<dt>Downloads</dt><dd>")
        .expect("a fact");
    let (count, _) = rest.split_once(" of this version").expect("its end");
    count.parse().expect("a number")
}

#[test]
fn r19_terraform_installs_what_was_published_bare_and_signed_here() {
    let registry = Appliance::start();
    let release = Release::of("widget", "1.2.3");
    let printed = release.published(&registry, &[]);
    assert_eq!(printed["platforms"].as_array().map(Vec::len), Some(3));
    Release::of("widget", "1.3.0-beta1").published(&registry, &[]);
    let again = release.published(&registry, &[]);
    assert_eq!(again["key_id"], printed["key_id"]);
    let source = format!("{}/acme/widget", registry.host());
    for terraform in terraforms() {
        let before = downloads(&registry);
        let folder = Folder::new(&registry, &terraform, &needs(&source, "~> 1.0"));
        let init = folder.run("init", Some(&registry.admin));
        succeeded(&init);
        assert_eq!(downloads(&registry), before + 1);
        let said = said(&init);
        let key = printed["key_id"].as_str().expect("a key");
        assert!(
            said.contains(&format!("self-signed, key ID {key}")),
            "{said}"
        );
        if !terraform.writes_lock_files() {
            continue;
        }
        let lock = std::fs::read_to_string(folder.path().join(".terraform.lock.hcl"));
        let lock = lock.expect("a lock file");
        assert_eq!(lock.matches("zh:").count(), 3, "{lock}");
        // A second time, from the lock file.
        std::fs::remove_dir_all(folder.path().join(".terraform")).expect("removed");
        succeeded(&folder.run("init", Some(&registry.admin)));
        let mut words = vec!["providers".to_owned(), "lock".to_owned()];
        words.extend(PLATFORMS.map(|platform| format!("-platform={platform}")));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        succeeded(&folder.run_with(&words, Some(&registry.admin), ""));
    }
}

#[test]
fn r19_terraform_says_what_is_wrong_with_a_token_a_version_or_a_platform() {
    let registry = Appliance::start();
    let release = Release::of("widget", "1.2.3");
    std::fs::remove_file(release.path().join(release.package("linux_amd64"))).expect("removed");
    release.published(&registry, &[]);
    let source = format!("{}/acme/widget", registry.host());
    for terraform in terraforms() {
        let init = |version: &str, token: Option<&str>| {
            Folder::new(&registry, &terraform, &needs(&source, version)).run("init", token)
        };
        refused(&init("1.2.3", None), "requires authentication credentials");
        refused(
            &init("1.2.3", Some("wrong")),
            "rejected the given authentication credentials",
        );
        refused(
            &init("2.0.0", Some(&registry.admin)),
            "no available releases match",
        );
        let missing = init("1.2.3", Some(&registry.admin));
        let said = if terraform.writes_lock_files() {
            "does not have a package available for your current platform"
        } else {
            "is not available for linux_amd64"
        };
        refused(&missing, said);
    }
}
