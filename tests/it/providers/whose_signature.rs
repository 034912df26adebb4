//! Tests that whoever gives a key, a list or a signature of their own never gets the signature of
//! the registry in its place without a word.

use reqwest::blocking::multipart::{Form, Part};

use super::keys::Signer;
use super::release::{PLATFORMS, Release};
use super::signing::sign;
use crate::builders::make_pipe;
use crate::harness::Appliance;
use crate::ui::browser::{Browser, Page};

/// A signed release, of which the list and the signature are called otherwise.
fn release(signer: &Signer, list: Option<&str>, signature: Option<&str>) -> Release {
    let release = Release::of("widget", "1.2.3");
    sign(&release, |sums| signer.sign(sums));
    let at = |name: &str| release.path().join(name);
    let own = [release.sums(), format!("{}.sig", release.sums())];
    for (own, name) in own.iter().zip([list, signature]) {
        match name {
            Some(name) => std::fs::rename(at(own), at(name)).expect("renamed"),
            None => std::fs::remove_file(at(own)).expect("removed"),
        }
    }
    release
}

fn is_published(registry: &Appliance) -> bool {
    let path = "/v1/providers/acme/widget/versions";
    registry.get(path, Some(&registry.admin)).status() == 200
}

#[test]
fn pr04_with_a_key_a_release_is_signed_by_that_key_or_refused() {
    let registry = Appliance::start();
    let (signer, other) = (Signer::rsa(), Signer::rsa());
    let keys = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: String| {
        let path = keys.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let key = write("key.asc", signer.public());
    let others = write("other.asc", other.public());
    let sums = "terraform-provider-widget_1.2.3_SHA256SUMS";
    let named = |ending: &str| format!("{sums}{ending}");
    for (list, signature, says) in [
        (Some(sums), None, "has no signature"),
        (
            None,
            Some(&*named(".sig")),
            "the list that it signs is not here",
        ),
        (None, None, "there is no SHA256SUMS"),
    ] {
        let refused = release(&signer, list, signature).publish(&registry, &["--key", &key]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(6), "{said}");
        assert!(said.contains(says), "{says}: {said}");
        assert!(!is_published(&registry), "{says}");
    }
    // The key of somebody else did not make the signature, even if the registry knows the right one.
    let right = release(&signer, Some(sums), Some(&named(".sig")));
    let refused = right.publish(&registry, &["--key", &others]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(6), "{said}");
    let keys_listed = registry.json("/api/registry/private/v2/gpg-keys?filter[namespace]=acme");
    assert_eq!(keys_listed["data"].as_array().map(Vec::len), Some(0));
    for (list, signature) in [
        ("checksums.txt", "checksums.txt.sig".to_owned()),
        (sums, named(".gpg")),
        (sums, named(&format!(".{}.sig", &signer.id()[8..]))),
        (sums, named(".sig")),
    ] {
        let release = release(&signer, Some(list), Some(&signature));
        let printed = release.published(&registry, &["--key", &key]);
        assert_eq!(printed["key_id"], signer.id(), "{signature}");
        assert_eq!(printed["signed_here"], false, "{signature}");
    }
}

#[test]
fn pr04_a_list_that_does_not_fit_is_refused_signed_or_not() {
    let registry = Appliance::start();
    let signer = Signer::rsa();
    let sums = "terraform-provider-widget_1.2.3_SHA256SUMS";
    let release = release(&signer, Some(sums), None);
    let list = std::fs::read_to_string(release.path().join(sums)).expect("a list");
    for wrong in [
        list.replacen(&list[..8], "00000000", 1),
        list.lines()
            .skip(1)
            .map(|line| [line, "\n"].concat())
            .collect(),
        "no list\n".to_owned(),
    ] {
        release.write(sums, wrong.as_bytes());
        let refused = release.publish(&registry, &[]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(6), "{said}");
        assert!(said.contains("SHA256SUMS"), "{said}");
        assert!(!is_published(&registry));
    }
    release.write(sums, list.as_bytes());
    let signature = release.write("checksums.txt.sig", b"a signature of something else");
    let refused = release.publish(&registry, &[]);
    assert_eq!(refused.status.code(), Some(6));
    std::fs::remove_file(signature).expect("removed");
    let printed = release.published(&registry, &[]);
    assert_eq!(printed["signed_here"], true);
    assert_ne!(printed["key_id"], signer.id());
}

#[test]
fn pr04_p15_a_release_is_made_of_files() {
    let registry = Appliance::start();
    for name in [
        "terraform-provider-widget_1.2.3_manifest.json",
        "terraform-provider-widget_1.2.3_SHA256SUMS",
        "terraform-provider-widget_1.2.3_freebsd_amd64.zip",
    ] {
        let release = Release::of("widget", "1.2.3");
        make_pipe(&release.path().join(name));
        let refused = release.publish(&registry, &[]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(6), "{name}: {said}");
        assert!(said.contains("is a pipe"), "{name}: {said}");
    }
}

#[test]
fn pr04_the_form_refuses_half_of_a_signature_and_a_key_without_one() {
    let registry = Appliance::start();
    let (signer, other) = (Signer::rsa(), Signer::rsa());
    let sums = "terraform-provider-widget_1.2.3_SHA256SUMS";
    let signature = format!("{sums}.sig");
    let release = release(&signer, Some(sums), Some(&signature));
    let send = |names: &[&str], key: Option<&Signer>| -> Page {
        let mut browser = Browser::of(&registry, "admin");
        let mut form = Form::new().text("csrf", browser.form_token("/publish/provider"));
        form = form.text("organization", "acme");
        let packages = PLATFORMS.map(|platform| release.package(platform));
        let names = names
            .iter()
            .copied()
            .chain(packages.iter().map(String::as_str));
        for name in names {
            let content = std::fs::read(release.path().join(name)).expect("a file");
            form = form.part("files", Part::bytes(content).file_name(name.to_owned()));
        }
        if let Some(key) = key {
            let part = Part::bytes(key.public().into_bytes()).file_name("key.asc");
            form = form.part("key", part);
        }
        let request = browser.request("POST", "/publish/provider").multipart(form);
        browser.send(request.header("origin", &registry.url))
    };
    for (names, key, says) in [
        (&[sums][..], None, "without its signature"),
        (&[sums][..], Some(&signer), "without its signature"),
        (&[&*signature][..], None, "without the list"),
        (&[][..], Some(&signer), "key of your own signature"),
        (
            &[sums, &signature][..],
            Some(&other),
            "signature is by the key",
        ),
    ] {
        let page = send(names, key);
        assert_eq!(page.status, 422, "{says}: {}", page.text);
        assert!(page.text.contains(says), "{says}: {}", page.text);
        assert!(!is_published(&registry), "{says}");
    }
    let page = send(&[sums, &signature], Some(&signer));
    assert_eq!(page.status, 303, "{}", page.text);
}
