//! Tests that a release is one write: what is refused leaves nothing behind, and takes nothing away
//! from others.

use std::thread;
use std::time::Duration;

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use super::keys::Signer;
use crate::builders::archive;
use crate::harness::Appliance;
use crate::ui::browser::{Browser, Page};
use crate::zips::package_of;

const FORM: &str = "/publish/provider";
const KEYS: &str = "/api/registry/private/v2/gpg-keys?filter%5Bnamespace%5D=acme";

/// How long an answer may take: on a busy machine, the registry makes its key for minutes.
const PATIENCE: Duration = Duration::from_secs(300);

/// A field of the form, with the name and the content of its file.
type File<'a> = (&'static str, &'a str, Vec<u8>);

fn send(browser: &mut Browser<'_>, token: &str, files: Vec<File<'_>>) -> Page {
    let mut form = Form::new().text("csrf", token.to_owned());
    form = form.text("organization", "acme");
    for (field, name, content) in files {
        form = form.part(field, Part::bytes(content).file_name(name.to_owned()));
    }
    let request = browser.request("POST", FORM).multipart(form);
    let request = request.timeout(PATIENCE);
    let origin = browser.registry.url.clone();
    browser.send(request.header("origin", origin))
}

fn package(version: &str) -> Vec<u8> {
    package_of("widget", version, b"a program")
}

fn linux(version: &str) -> String {
    format!("terraform-provider-widget_{version}_linux_amd64.zip")
}

fn stage(registry: &Appliance, version: &str, platform: &str) -> u16 {
    let path = format!("/api/terrakeep/v1/providers/acme/widget/{version}/packages/{platform}");
    let request = registry.request("PUT", &path, Some(&registry.admin));
    let answer = request.body(package(version)).send().expect("an answer");
    answer.status().as_u16()
}

fn publish(registry: &Appliance, version: &str) -> (u16, Value) {
    let path = format!("/api/terrakeep/v1/providers/acme/widget/{version}/publication");
    let request = registry.request("POST", &path, Some(&registry.admin));
    let request = request.json(&json!({})).timeout(PATIENCE);
    let answer = request.send().expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().expect("JSON"))
}

/// Publishes another version first, so that the registry has a key and rounds are quick.
fn make_key(registry: &Appliance) {
    assert_eq!(stage(registry, "0.0.1", "linux_amd64"), 200);
    assert_eq!(publish(registry, "0.0.1").0, 200);
}

fn keys(registry: &Appliance) -> usize {
    let keys = registry.json(KEYS);
    keys["data"].as_array().expect("a list").len()
}

/// Returns how many records the journal has with an action.
fn records(registry: &Appliance, action: &str) -> usize {
    let journal = registry.data_dir().join("journal");
    let segments = std::fs::read_dir(journal).expect("a folder");
    let texts = segments.map(|entry| std::fs::read(entry.expect("an entry").path()));
    texts
        .map(|text| {
            let text = text.expect("a segment");
            let text = String::from_utf8_lossy(&text).into_owned();
            text.matches(&format!("\"{action}\"")).count()
        })
        .sum()
}

#[test]
fn p5_what_another_client_sent_stays_when_a_release_is_refused() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let token = browser.form_token(FORM);
    make_key(&registry);
    for round in 0..40_u64 {
        let version = format!("1.0.{round}");
        let name = linux(&version);
        thread::scope(|scope| {
            let other = scope.spawn(|| {
                // Each round at another moment of the release.
                thread::sleep(Duration::from_millis(round % 10));
                stage(&registry, &version, "darwin_arm64")
            });
            let files = vec![
                ("files", &*name, package(&version)),
                ("docs", "docs.tar.gz", archive(&[("main.tf", "")])),
            ];
            let page = send(&mut browser, &token, files);
            assert_eq!(page.status, 422, "{}", page.text);
            assert_eq!(other.join().expect("no panic"), 200, "round {round}");
        });
        let (status, answer) = publish(&registry, &version);
        assert_eq!(status, 200, "round {round}: {answer}");
        let sums = answer["shasums"].as_str().expect("a list");
        assert!(sums.contains("darwin_arm64"), "round {round}: {sums}");
        assert!(!sums.contains("linux_amd64"), "it was refused: {sums}");
    }
}

#[test]
fn p5_packages_that_come_during_a_release_belong_to_it_and_are_answered_truly() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let token = browser.form_token(FORM);
    make_key(&registry);
    for round in 0..20_u64 {
        let version = format!("1.0.{round}");
        let name = linux(&version);
        thread::scope(|scope| {
            let other = scope.spawn(|| {
                thread::sleep(Duration::from_millis(round % 10));
                (
                    stage(&registry, &version, "darwin_arm64"),
                    publish(&registry, &version),
                )
            });
            let page = send(
                &mut browser,
                &token,
                vec![("files", &name, package(&version))],
            );
            assert_eq!(page.status, 303, "round {round}: {}", page.text);
            let (staged, (published, answer)) = other.join().expect("no panic");
            assert_eq!((staged, published), (200, 200), "round {round}: {answer}");
            let sums = answer["shasums"].as_str().expect("a list");
            assert!(sums.contains("darwin_arm64"), "round {round}: {sums}");
        });
        for platform in ["linux/amd64", "darwin/arm64"] {
            registry.json(&format!(
                "/v1/providers/acme/widget/{version}/download/{platform}"
            ));
        }
    }
}

#[test]
fn p5_a_refused_release_leaves_no_key_and_no_provider() {
    let registry = Appliance::start();
    let signer = Signer::rsa();
    let version = "1.2.3";
    let name = linux(version);
    let sums = format!(
        "{}  {name}\n",
        terrakeep::domain::Sha256::of(&package(version))
    );
    let mut browser = Browser::of(&registry, "admin");
    let token = browser.form_token(FORM);
    let list = "terraform-provider-widget_1.2.3_SHA256SUMS";
    let signature = format!("{list}.sig");
    let mut parts = |signed: Vec<u8>, more: Vec<File<'_>>| {
        let mut files = vec![
            ("files", &*name, package(version)),
            ("files", list, sums.clone().into_bytes()),
            ("files", &*signature, signed),
            ("key", "key.asc", signer.public().into_bytes()),
        ];
        files.extend(more);
        send(&mut browser, &token, files)
    };
    let nothing_is_left = || {
        assert_eq!(keys(&registry), 0);
        let path = "/api/v2/organizations/acme/registry-providers/private/acme/widget";
        assert_eq!(registry.get(path, Some(&registry.admin)).status(), 404);
        assert_eq!(registry.files_incoming(), 0);
    };
    let page = parts(signer.sign(b"something else"), Vec::new());
    assert_eq!(page.status, 422, "{}", page.text);
    nothing_is_left();
    let wrong = vec![("docs", "docs.tar.gz", archive(&[("main.tf", "")]))];
    let page = parts(signer.sign(sums.as_bytes()), wrong);
    assert_eq!(page.status, 422, "{}", page.text);
    nothing_is_left();
    // Nor does this registry make a key of its own for a release that is refused.
    assert_eq!(publish(&registry, version).0, 404);
    nothing_is_left();
    let secrets = std::fs::read_dir(registry.data_dir().join("secrets")).expect("a folder");
    let of_rows = secrets.filter(|entry| {
        let name = entry.as_ref().expect("an entry").file_name();
        name.to_string_lossy().starts_with("of-")
    });
    assert_eq!(of_rows.count(), 0);
    let page = parts(signer.sign(sums.as_bytes()), Vec::new());
    assert_eq!(page.status, 303, "{}", page.text);
    assert_eq!(keys(&registry), 1);
}

#[test]
fn p5_a_release_by_form_is_one_record_of_the_journal() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let token = browser.form_token(FORM);
    let files = vec![
        (
            "files",
            "terraform-provider-widget_1.2.3_linux_amd64.zip",
            package("1.2.3"),
        ),
        (
            "files",
            "terraform-provider-widget_1.2.3_darwin_arm64.zip",
            package("1.2.3"),
        ),
        (
            "docs",
            "docs.tar.gz",
            archive(&[("docs/index.md", "# Widget\n")]),
        ),
    ];
    let page = send(&mut browser, &token, files);
    assert_eq!(page.status, 303, "{}", page.text);
    assert_eq!(records(&registry, "publish provider version"), 1);
    for action in [
        "take provider package",
        "take provider documentation",
        "make signing key",
        "take back provider version",
    ] {
        assert_eq!(records(&registry, action), 0, "{action}");
    }
    assert_eq!(keys(&registry), 1, "the key that signed it");
}
