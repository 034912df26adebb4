//! Tests that a mirror's folder is compared with its index files, and that half a mirror is not
//! taken for a whole one.

use std::path::Path;
use std::process::Output;

use serde_json::json;

use super::release::command;
use crate::harness::Appliance;
use crate::zips::package_of;

/// The `h1:` hash of a package that holds a program `a program` of `widget` 1.0.0.
fn hashes(package: &[u8]) -> [String; 2] {
    let name: terrakeep::domain::ProviderType = "widget".parse().expect("a name");
    let read = terrakeep::archive::examine_package(
        std::io::Cursor::new(package),
        &terrakeep::archive::ReadAhead::default(),
        &name,
        &terrakeep::archive::PackageLimits::default(),
    );
    let h1 = read.expect("a package").h1.remove(0);
    [h1, format!("zh:{}", terrakeep::domain::Sha256::of(package))]
}

struct Mirror {
    dir: tempfile::TempDir,
    package: Vec<u8>,
}

impl Mirror {
    fn new() -> Self {
        let mirror = Self {
            dir: tempfile::tempdir().expect("a folder"),
            package: package_of("widget", "1.0.0", b"a program"),
        };
        mirror.write(
            "terraform-provider-widget_1.0.0_linux_amd64.zip",
            &mirror.package,
        );
        mirror
    }

    fn write(&self, name: &str, content: &[u8]) {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, content).expect("written");
    }

    fn at(&self, name: &str) -> std::path::PathBuf {
        let folder = self.dir.path().join("registry.example.com/acme/widget");
        folder.join(name)
    }

    fn index(&self, versions: &[&str]) {
        let versions: serde_json::Map<_, _> = versions
            .iter()
            .map(|version| ((*version).to_owned(), json!({})))
            .collect();
        let document = json!({ "versions": versions });
        self.write("index.json", document.to_string().as_bytes());
    }

    /// Writes `1.0.0.json` with these hashes for each platform.
    fn version(&self, packages: &[(&str, &[&str])]) {
        let archives: serde_json::Map<_, _> = packages
            .iter()
            .map(|(platform, hashes)| {
                let url = format!("terraform-provider-widget_1.0.0_{platform}.zip");
                (
                    (*platform).to_owned(),
                    json!({ "hashes": hashes, "url": url }),
                )
            })
            .collect();
        let document = json!({ "archives": archives });
        self.write("1.0.0.json", document.to_string().as_bytes());
    }

    fn import(&self, registry: &Appliance, more: &[&str]) -> Output {
        import(registry, self.dir.path(), more)
    }
}

fn import(registry: &Appliance, path: &Path, more: &[&str]) -> Output {
    let path = path.display().to_string();
    command(registry, &[&["import-mirror", &path][..], more].concat())
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

fn is_imported(registry: &Appliance) -> bool {
    let path = "/mirror/registry.example.com/acme/widget/index.json";
    registry.get(path, Some(&registry.admin)).status() == 200
}

#[test]
fn p7_a_package_that_cannot_be_compared_is_named_and_sent_only_if_that_is_accepted() {
    let registry = Appliance::start();
    let mirror = Mirror::new();
    mirror.index(&["1.0.0"]);
    let [h1, zh] = hashes(&mirror.package);
    let refused = |says: &str| {
        let refused = mirror.import(&registry, &[]);
        let text = said(&refused);
        assert_eq!(refused.status.code(), Some(6), "{says}: {text}");
        assert!(text.contains(says), "{says}: {text}");
        assert!(!is_imported(&registry), "{says}");
    };
    refused("1.0.0.json is missing");
    for (content, says) in [
        ("null", "has no object `archives`"),
        ("[]", "has no object `archives`"),
        ("{\"archives\": null}", "has no object `archives`"),
        ("{\"archives\": []}", "has no object `archives`"),
        ("{", "is not JSON"),
        ("{\"archives\": {}}", "does not name linux_amd64"),
        (
            "{\"archives\": {\"linux_amd64\": null}}",
            "no hash of linux_amd64",
        ),
        (
            "{\"archives\": {\"linux_amd64\": {\"hashes\": []}}}",
            "no hash",
        ),
        (
            "{\"archives\": {\"linux_amd64\": {\"hashes\": [\"h9:x\"]}}}",
            "no hash",
        ),
        (
            "{\"archives\": {\"linux_amd64\": {\"hashes\": \"h1:x\"}}}",
            "no hash",
        ),
    ] {
        mirror.write("1.0.0.json", content.as_bytes());
        refused(says);
    }
    mirror.write("1.0.0.json", &vec![b' '; 5 << 20]);
    refused("more than");
    std::fs::remove_file(mirror.at("1.0.0.json")).expect("removed");
    std::fs::create_dir(mirror.at("1.0.0.json")).expect("made");
    refused("is a folder");
    std::fs::remove_dir(mirror.at("1.0.0.json")).expect("removed");
    std::os::unix::fs::symlink("nowhere", mirror.at("1.0.0.json")).expect("linked");
    refused("No such file");
    std::fs::remove_file(mirror.at("1.0.0.json")).expect("removed");
    // Wrong content is never taken, whatever hash says so.
    for hashes in [
        &["h1:AAAA"][..],
        &["zh:00"],
        &[&*h1, "zh:00"],
        &["h1:AAAA", &*zh],
    ] {
        mirror.version(&[("linux_amd64", hashes)]);
        refused("its content is not what 1.0.0.json says");
        let insisted = mirror.import(&registry, &["--incomplete"]);
        assert_eq!(insisted.status.code(), Some(6), "{}", said(&insisted));
        assert!(!is_imported(&registry));
    }
    mirror.version(&[("linux_amd64", &["h9:x"])]);
    let accepted = mirror.import(&registry, &["--incomplete", "--json"]);
    assert!(accepted.status.success(), "{}", said(&accepted));
    let document: serde_json::Value = serde_json::from_slice(&accepted.stdout).expect("JSON");
    assert_eq!(document["not_compared"].as_array().map(Vec::len), Some(1));
    assert!(is_imported(&registry));
    for hashes in [&[&*h1][..], &[&*zh], &["h1:other", &*h1, &*zh, "h9:x"]] {
        mirror.version(&[("linux_amd64", hashes)]);
        let imported = mirror.import(&registry, &[]);
        assert!(imported.status.success(), "{}", said(&imported));
    }
}

#[test]
fn pr14_half_a_mirror_is_not_taken_for_a_whole_one() {
    let registry = Appliance::start();
    let mirror = Mirror::new();
    let [h1, _] = hashes(&mirror.package);
    let refused = |says: &str| {
        let refused = mirror.import(&registry, &[]);
        let text = said(&refused);
        assert_eq!(refused.status.code(), Some(6), "{says}: {text}");
        assert!(text.contains(says), "{says}: {text}");
        assert!(!is_imported(&registry), "{says}");
    };
    // A package of two.
    mirror.index(&["1.0.0"]);
    mirror.version(&[("linux_amd64", &[&*h1]), ("darwin_arm64", &[&*h1])]);
    refused("terraform-provider-widget_1.0.0_darwin_arm64.zip, which 1.0.0.json names");
    // A version of two.
    mirror.version(&[("linux_amd64", &[&*h1])]);
    mirror.index(&["1.0.0", "2.0.0"]);
    refused("2.0.0.json, for the version 2.0.0");
    // A version that the list lacks.
    mirror.index(&[]);
    refused("index.json does not name the version 1.0.0");
    mirror.write("index.json", b"null");
    refused("has no object `versions`");
    // All packages of another provider.
    mirror.index(&["1.0.0"]);
    mirror.write(
        "../gadget/1.0.0.json",
        br#"{"archives":{"linux_amd64":{"hashes":["h1:x"],"url":"x.zip"}}}"#,
    );
    refused("registry.example.com/acme/gadget: terraform-provider-gadget_1.0.0_linux_amd64.zip");
    let accepted = mirror.import(&registry, &["--incomplete"]);
    let text = said(&accepted);
    assert!(accepted.status.success(), "{text}");
    assert!(text.contains("note: missing: "), "{text}");
    assert!(is_imported(&registry));
}

#[test]
fn pr14_a_folder_without_index_files_is_taken_and_that_is_said() {
    let registry = Appliance::start();
    let mirror = Mirror::new();
    let imported = mirror.import(&registry, &[]);
    let text = said(&imported);
    assert!(imported.status.success(), "{text}");
    assert!(text.contains("was not compared with anything"), "{text}");
    let empty = tempfile::tempdir().expect("a folder");
    let refused = import(&registry, empty.path(), &[]);
    assert_eq!(refused.status.code(), Some(6), "{}", said(&refused));
}
