//! Tests publishing a provider with the form on the page.

use reqwest::blocking::multipart::{Form, Part};

use super::keys::Signer;
use super::refused::files_below;
use super::release::{PLATFORMS, Release};
use super::signing::sign;
use crate::builders::archive;
use crate::harness::Appliance;
use crate::ui::browser::{Browser, Page};
use crate::zips::package_of;

const FORM: &str = "/publish/provider";
const LINUX: &str = "terraform-provider-widget_1.2.3_linux_amd64.zip";

/// A field of the form, with the name and the content of its file.
type File<'a> = (&'static str, &'a str, Vec<u8>);

fn send(registry: &Appliance, files: Vec<File<'_>>) -> Page {
    let mut browser = Browser::of(registry, "admin");
    let mut form = Form::new().text("csrf", browser.form_token(FORM));
    form = form.text("organization", "acme");
    for (field, name, content) in files {
        form = form.part(field, Part::bytes(content).file_name(name.to_owned()));
    }
    let request = browser.request("POST", FORM).multipart(form);
    browser.send(request.header("origin", &registry.url))
}

fn package() -> Vec<u8> {
    package_of("widget", "1.2.3", b"a program")
}

fn versions(registry: &Appliance) -> u16 {
    let path = "/v1/providers/acme/widget/versions";
    registry.get(path, Some(&registry.admin)).status().as_u16()
}

#[test]
fn a_release_is_published_with_its_manifest_and_documentation() {
    let registry = Appliance::start();
    let manifest = br#"{"version":1,"metadata":{"protocol_versions":["6.0"]}}"#;
    let page = send(
        &registry,
        vec![
            // As browsers send what lies in a folder, and a field without a file.
            ("files", &format!("dist/{LINUX}"), package()),
            (
                "files",
                "terraform-provider-widget_1.2.3_darwin_arm64.zip",
                package(),
            ),
            (
                "files",
                "terraform-registry-manifest.json",
                manifest.to_vec(),
            ),
            (
                "docs",
                "docs.tar.gz",
                archive(&[("docs/index.md", "# Widget\n")]),
            ),
            ("key", "", Vec::new()),
        ],
    );
    assert_eq!(
        (page.status, &*page.location),
        (303, "/providers/acme/widget/1.2.3"),
        "{}",
        page.text
    );
    let found = registry.json("/v1/providers/acme/widget/versions");
    assert_eq!(found["versions"][0]["protocols"][0], "6.0", "{found}");
    assert_eq!(
        found["versions"][0]["platforms"].as_array().map(Vec::len),
        Some(2)
    );
    let docs = Browser::of(&registry, "admin").get("/providers/acme/widget/1.2.3/docs");
    assert_eq!(docs.status, 200);
}

#[test]
fn a_publishers_own_signature_is_used_and_a_wrong_one_refused() {
    let registry = Appliance::start();
    let release = Release::of("widget", "1.2.3");
    let signer = Signer::rsa();
    sign(&release, |sums| signer.sign(sums));
    let names = PLATFORMS.map(|platform| release.package(platform));
    let (sums, signature) = (release.sums(), format!("{}.sig", release.sums()));
    let read = |name: &str| std::fs::read(release.path().join(name)).expect("read");
    let files = |signed: Vec<u8>| {
        let mut files: Vec<File<'_>> = vec![
            ("files", &sums, read(&sums)),
            ("files", &signature, signed),
            ("key", "key.asc", signer.public().into_bytes()),
        ];
        files.extend(names.iter().map(|name| ("files", &**name, read(name))));
        files
    };
    let wrong = send(&registry, files(signer.sign(b"something else")));
    assert_eq!(wrong.status, 422);
    assert_eq!(versions(&registry), 404, "nothing of it is left");
    let right = send(&registry, files(read(&signature)));
    assert_eq!(right.status, 303, "{}", right.text);
    let download = "/v1/providers/acme/widget/1.2.3/download/linux/amd64";
    let found = registry.json(download);
    let key = &found["signing_keys"]["gpg_public_keys"][0]["key_id"];
    assert_eq!(
        key.as_str().expect("a key").to_lowercase(),
        signer.id().to_lowercase()
    );
}

#[test]
fn t14_names_of_files_are_only_looked_at_and_nothing_is_half_done() {
    let registry = Appliance::start();
    let blobs = registry.data_dir().join("blobs");
    let before = files_below(&blobs);
    let page = |files: Vec<File<'_>>| {
        let page = send(&registry, files);
        assert_eq!(files_below(&blobs), before, "{}", page.text);
        assert_eq!(registry.files_incoming(), 0, "{}", page.text);
        page
    };
    for (files, says) in [
        (vec![], "choose at least one package"),
        (
            vec![("files", "../../etc/passwd", package())],
            "does not belong to a provider release",
        ),
        (
            vec![("files", "widget.zip", package())],
            "does not belong to a provider release",
        ),
        (
            vec![(
                "files",
                "terraform-provider-widget_v1.2.3_linux_amd64.zip",
                package(),
            )],
            "there is a `v` before the version",
        ),
        (
            vec![(
                "files",
                "terraform-provider-widget_1.2.3_linux.zip",
                package(),
            )],
            "no operating system",
        ),
        (
            vec![("files", LINUX, package()), ("files", LINUX, package())],
            "twice",
        ),
        (
            vec![
                ("files", LINUX, package()),
                (
                    "files",
                    "terraform-provider-gadget_1.2.3_linux_amd64.zip",
                    package(),
                ),
            ],
            "another provider or version",
        ),
        (vec![("files", LINUX, b"not a zip".to_vec())], "refused"),
        (
            vec![
                (
                    "files",
                    "terraform-provider-widget_1.2.3_darwin_arm64.zip",
                    package(),
                ),
                ("files", LINUX, b"not a zip".to_vec()),
            ],
            "refused",
        ),
        (
            vec![
                ("files", LINUX, package()),
                ("docs", "docs.tar.gz", archive(&[("main.tf", "")])),
            ],
            "no page in this archive",
        ),
        (
            vec![("files", "a_SHA256SUMS", vec![b'x'; 70_000])],
            "65536 bytes",
        ),
        (
            vec![
                ("files", LINUX, package()),
                ("files", "manifest.json", b"{}".to_vec()),
            ],
            "manifest",
        ),
        (
            vec![
                ("files", LINUX, package()),
                ("key", "key.asc", b"x".to_vec()),
            ],
            "key",
        ),
    ] {
        let page = page(files);
        assert_eq!(page.status, 422, "{says}: {}", page.text);
        assert!(page.text.contains("role=\"alert\""), "{}", page.text);
        let shown = page.text.replace("<code>", "`").replace("</code>", "`");
        let (shown, says) = (shown.to_lowercase(), says.to_lowercase());
        assert!(shown.contains(&says), "{says}: {shown}");
        assert_eq!(versions(&registry), 404, "{says}");
    }
    let many = (0..100).map(|_| ("files", LINUX, Vec::new())).collect();
    let page = page(many);
    assert!(page.status >= 400 && page.status < 500, "{}", page.status);
}
