//! Tests `registry-providers`, their versions and platforms, and `gpg-keys`.

use reqwest::blocking::Response;
use serde_json::{Value, json};
use terrakeep::domain::Sha256;

use super::samples::{same_shape, sample};
use crate::harness::Appliance;
use crate::providers::keys::Signer;
use crate::zips::package_of;

const KEYS: &str = "/api/registry/private/v2/gpg-keys";

fn send(registry: &Appliance, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = registry.request(method, path, Some(&registry.admin));
    let answer = request.json(body).send().expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn of(kind: &str, attributes: &Value) -> Value {
    json!({ "data": { "type": kind, "attributes": attributes } })
}

/// The steps of publishing a provider.
struct Steps<'a> {
    registry: &'a Appliance,
    organization: &'a str,
    name: &'a str,
    version: &'a str,
}

impl Steps<'_> {
    fn provider(&self) -> String {
        let (organization, name) = (self.organization, self.name);
        format!(
            "/api/v2/organizations/{organization}/registry-providers/private/{organization}/{name}"
        )
    }

    fn path(&self) -> String {
        format!("{}/versions/{}", self.provider(), self.version)
    }

    fn create(&self) -> (u16, Value) {
        let path = format!(
            "/api/v2/organizations/{}/registry-providers",
            self.organization
        );
        let new = json!({
            "name": self.name, "namespace": self.organization, "registry-name": "private",
        });
        send(
            self.registry,
            "POST",
            &path,
            &of("registry-providers", &new),
        )
    }

    fn announce(&self, key_id: &str) -> (u16, Value) {
        let new = json!({ "version": self.version, "key-id": key_id, "protocols": ["5.0"] });
        let path = format!("{}/versions", self.provider());
        let body = of("registry-provider-versions", &new);
        send(self.registry, "POST", &path, &body)
    }

    fn file_name(&self) -> String {
        format!(
            "terraform-provider-{}_{}_linux_amd64.zip",
            self.name, self.version
        )
    }

    fn announce_platform(&self, shasum: &str) -> (u16, Value) {
        let new = json!({
            "os": "linux", "arch": "amd64", "shasum": shasum, "filename": self.file_name(),
        });
        let path = format!("{}/platforms", self.path());
        let body = of("registry-provider-version-platforms", &new);
        send(self.registry, "POST", &path, &body)
    }

    fn package(&self) -> Vec<u8> {
        package_of(self.name, self.version, b"a program")
    }

    fn sums(&self) -> Vec<u8> {
        let sum = Sha256::of(&self.package());
        format!("{sum}  {}\n", self.file_name()).into_bytes()
    }

    fn upload(&self, link: &Value, bytes: Vec<u8>) -> Response {
        let link = link.as_str().expect("a link");
        self.registry.upload(link, bytes)
    }

    fn links(&self) -> Value {
        self.registry.json(&self.path())["data"]["links"].clone()
    }

    fn is_visible(&self) -> bool {
        let path = format!("/v1/providers/{}/{}/versions", self.organization, self.name);
        let answer = self.registry.get(&path, Some(&self.registry.admin));
        let versions: Value = answer.json().expect("JSON");
        versions["versions"]
            .as_array()
            .is_some_and(|it| !it.is_empty())
    }
}

fn add_key(registry: &Appliance, organization: &str, armor: &str) -> (u16, Value) {
    let new = json!({ "namespace": organization, "ascii-armor": armor });
    send(registry, "POST", KEYS, &of("gpg-keys", &new))
}

fn reason(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    (status, answer.text().expect("a body"))
}

#[test]
fn providers_versions_platforms_and_keys_are_as_printed() {
    let registry = Appliance::start();
    registry.organization("my-organization", false);
    let signer = Signer::rsa();
    let steps = Steps {
        registry: &registry,
        organization: "my-organization",
        name: "aws",
        version: "3.1.1",
    };
    let compare = |file: &str, answer: &Value| {
        if let Some(printed) = sample(&format!("004/pr-{file}.response.json")) {
            same_shape(&printed, answer, file);
        }
    };
    let (status, key) = add_key(&registry, "my-organization", &signer.public());
    assert_eq!(status, 201, "{key}");
    compare("gpg-keys-03-add-a-gpg-key", &key);
    assert_eq!(key["data"]["attributes"]["key-id"], signer.id());
    let listed = registry.json(&format!(
        "{KEYS}?filter%5Bnamespace%5D=my-organization,other"
    ));
    compare("gpg-keys-01-list-gpg-keys", &listed);
    let one = format!("{KEYS}/my-organization/{}", signer.id());
    compare("gpg-keys-04-get-gpg-key", &registry.json(&one));

    let list = "/api/v2/organizations/my-organization/registry-providers";
    let (status, created) = steps.create();
    assert_eq!(status, 201, "{created}");
    compare("providers-04-create-a-provider-private-provider", &created);
    let public = json!({ "name": "aws", "namespace": "hashicorp", "registry-name": "public" });
    let (status, public) = send(&registry, "POST", list, &of("registry-providers", &public));
    assert_eq!(status, 201, "{public}");
    compare("providers-05-create-a-provider-public-provider", &public);
    let there = format!("{list}/public/hashicorp/aws");
    compare(
        "providers-07-get-a-provider-public-provider",
        &registry.json(&there),
    );

    let (status, version) = steps.announce(&signer.id());
    assert_eq!(status, 201, "{version}");
    compare(
        "provider-versions-platforms-02-create-a-provider-version",
        &version,
    );
    let sum = Sha256::of(&steps.package()).to_string();
    let (status, platform) = steps.announce_platform(&sum);
    assert_eq!(status, 201, "{platform}");
    compare(
        "provider-versions-platforms-06-create-a-provider-platform",
        &platform,
    );
    let links = &version["data"]["links"];
    for (link, bytes) in [
        (
            &platform["data"]["links"]["provider-binary-upload"],
            steps.package(),
        ),
        (&links["shasums-upload"], steps.sums()),
        (&links["shasums-sig-upload"], signer.sign(&steps.sums())),
    ] {
        assert!(!steps.is_visible());
        // The same bytes again change nothing.
        for _ in 0..2 {
            let (status, reason) = reason(steps.upload(link, bytes.clone()));
            assert_eq!(status, 200, "{reason}");
        }
    }
    assert!(steps.is_visible());
    let provider = registry.json(&steps.provider());
    compare("providers-06-get-a-provider-private-provider", &provider);
    let by_id = provider["data"]["id"].as_str().expect("an id");
    let found = registry.json(&format!("/api/v2/registry-providers/{by_id}"));
    assert_eq!(found, provider);
    let versions = registry.json(&format!("{}/versions", steps.provider()));
    compare(
        "provider-versions-platforms-03-get-all-versions-for-a-single-provider",
        &versions,
    );
    let shown = registry.json(&steps.path());
    compare("provider-versions-platforms-04-get-a-version", &shown);
    let platforms = registry.json(&format!("{}/platforms", steps.path()));
    compare(
        "provider-versions-platforms-07-get-all-platforms-for-a-single-version",
        &platforms,
    );
    let platform = registry.json(&format!("{}/platforms/linux/amd64", steps.path()));
    compare("provider-versions-platforms-08-get-a-platform", &platform);
    let download = platform["data"]["links"]["provider-binary-download"].as_str();
    let got = registry.client().get(download.expect("a link")).send();
    let got = got.expect("an answer").bytes().expect("a body");
    assert_eq!(got.to_vec(), steps.package());
    let all = registry.json(list);
    compare(
        "providers-01-list-terraform-registry-providers-for-an-organization",
        &all,
    );
    assert_eq!(all["data"].as_array().map(Vec::len), Some(2));
    for (query, expected) in [
        ("filter%5Bregistry_name%5D=public", 1),
        ("q=hashi", 1),
        ("q=aws", 2),
        ("filter%5Borganization_name%5D=other", 0),
    ] {
        let found = registry.json(&format!("{list}?{query}"));
        assert_eq!(
            found["data"].as_array().map(Vec::len),
            Some(expected),
            "{query}"
        );
    }
    let with = registry.json(&format!("{list}?include=registry-provider-versions"));
    assert_eq!(with["included"][0]["attributes"]["version"], "3.1.1");
    // A key can be moved while it signs nothing.
    registry.organization("elsewhere", false);
    let other = Signer::ed25519();
    add_key(&registry, "my-organization", &other.public());
    let one = format!("{KEYS}/my-organization/{}", other.id());
    let to = json!({ "namespace": "elsewhere" });
    let (status, moved) = send(&registry, "PATCH", &one, &of("gpg-keys", &to));
    assert_eq!(status, 200, "{moved}");
    compare("gpg-keys-06-update-a-gpg-key", &moved);
    assert_eq!(moved["data"]["attributes"]["namespace"], "elsewhere");
    let there = format!("{KEYS}/elsewhere/{}", other.id());
    assert_eq!(send(&registry, "DELETE", &there, &Value::Null).0, 204);
    assert_eq!(send(&registry, "GET", &there, &Value::Null).0, 404);
}

#[test]
fn printed_requests_about_providers_are_understood() {
    let registry = Appliance::start();
    registry.organization("hashicorp", false);
    let providers = "/api/v2/organizations/hashicorp/registry-providers";
    let aws = format!("{providers}/private/hashicorp/aws");
    let platforms = format!("{aws}/versions/3.1.1/platforms");
    let private = "providers-02-create-a-provider-private-provider";
    let public = "providers-03-create-a-provider-public-provider";
    let version = "provider-versions-platforms-01-create-a-provider-version";
    let platform = "provider-versions-platforms-05-create-a-provider-platform";
    for (file, path, expected) in [
        (private, providers.to_owned(), 201),
        (public, providers.to_owned(), 201),
        (version, format!("{aws}/versions"), 201),
        (platform, platforms, 201),
        // The printed key is cut short.
        ("gpg-keys-02-add-a-gpg-key", KEYS.to_owned(), 422),
    ] {
        let Some(request) = sample(&format!("004/pr-{file}.request.json")) else {
            return;
        };
        let (status, answer) = send(&registry, "POST", &path, &request);
        assert_eq!(status, expected, "{file}: {answer}");
    }
    registry.organization("new-namespace", false);
    let signer = Signer::ed25519();
    add_key(&registry, "hashicorp", &signer.public());
    let path = format!("{KEYS}/hashicorp/{}", signer.id());
    let update = sample("004/pr-gpg-keys-05-update-a-gpg-key.request.json");
    let update = update.expect("it lies beside the others");
    let (status, answer) = send(&registry, "PATCH", &path, &update);
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn t16_a_platform_is_usable_only_if_it_is_listed_as_it_is() {
    let registry = Appliance::start();
    let signer = Signer::ed25519();
    add_key(&registry, "acme", &signer.public());
    let steps = |version: &'static str| Steps {
        registry: &registry,
        organization: "acme",
        name: "widget",
        version,
    };
    let first = steps("1.0.0");
    assert_eq!(first.create().0, 201);
    assert_eq!(first.announce(&signer.id()).0, 201);
    let sum = Sha256::of(&first.package());
    let other = Sha256::of(b"something else");
    let name = first.file_name();
    // Another name, and another checksum, than what is sent.
    let wrong = json!({
        "os": "linux", "arch": "amd64", "shasum": sum.to_string(),
        "filename": "terraform-provider-widget_v1.0.0_linux_amd64.zip",
    });
    let path = format!("{}/platforms", first.path());
    let (status, refusal) = send(
        &registry,
        "POST",
        &path,
        &of("registry-provider-platforms", &wrong),
    );
    // Any name and any checksum are taken, and no file comes in under them.
    let refused_file = |announced: &Value, because: &str| {
        let link = &announced["data"]["links"]["provider-binary-upload"];
        let (status, text) = reason(first.upload(link, first.package()));
        assert_eq!(status, 422, "{text}");
        assert!(text.contains(because), "{text}");
        let one = format!("{path}/linux/amd64");
        assert_eq!(send(&registry, "DELETE", &one, &Value::Null).0, 204);
    };
    assert_eq!(status, 201, "{refusal}");
    let shown = &refusal["data"]["attributes"];
    assert_eq!(shown["filename"], wrong["filename"]);
    refused_file(&refusal, &name);
    let (status, announced) = first.announce_platform("shasum");
    assert_eq!(status, 201, "{announced}");
    assert_eq!(announced["data"]["attributes"]["shasum"], "shasum");
    refused_file(&announced, "which is no SHA-256");
    for bad in ["", "  ", "a\nb", &"f".repeat(256)] {
        let (status, refusal) = first.announce_platform(bad);
        assert_eq!(status, 422, "{refusal}");
    }
    let (_, platform) = first.announce_platform(&sum.to_string());
    let link = &platform["data"]["links"]["provider-binary-upload"];
    let another = package_of("widget", "1.0.0", b"another program");
    let (status, text) = reason(first.upload(link, another));
    assert_eq!(status, 422);
    assert!(text.contains("was announced with the SHA-256"), "{text}");
    let sums = &first.links()["shasums-upload"];
    for bad in [
        format!("{other}  {name}\n"),
        format!("{sum}  another.zip\n"),
        format!("{sum}  ../{name}\n"),
        format!("{sum} *{name}\n"),
        format!("{sum}  {name}\n{sum}  {name}\n"),
        format!("# sums\n{sum}  {name}\n"),
        "\u{fffd}".to_owned(),
        "x".repeat(17 * 1024),
    ] {
        let (status, text) = reason(first.upload(sums, bad.clone().into_bytes()));
        assert!([413, 422].contains(&status), "{bad:.80}: {status} {text}");
    }
    let (status, text) = reason(first.upload(sums, vec![0xff; 70]));
    assert_eq!(status, 422, "{text}");
    assert!(!first.is_visible());
    // Checksums first, then a package that they do not list so.
    let second = steps("1.1.0");
    assert_eq!(second.announce(&signer.id()).0, 201);
    let sums = format!("{other}  {}\n", second.file_name()).into_bytes();
    let links = second.links();
    assert_eq!(
        second
            .upload(&links["shasums-upload"], sums.clone())
            .status(),
        200
    );
    let signature = signer.sign(&sums);
    assert_eq!(
        second
            .upload(&links["shasums-sig-upload"], signature)
            .status(),
        200
    );
    let sum = Sha256::of(&second.package()).to_string();
    let (_, platform) = second.announce_platform(&sum);
    let link = &platform["data"]["links"]["provider-binary-upload"];
    let (status, text) = reason(second.upload(link, second.package()));
    assert_eq!(status, 422);
    assert!(text.contains("SHA256SUMS lists"), "{text}");
    assert!(!second.is_visible());
    assert_eq!(registry.files_incoming(), 0);
}

#[test]
fn t17_keys_and_signatures_are_checked_before_anything_is_visible() {
    let registry = Appliance::start();
    let (signer, stranger) = (Signer::rsa(), Signer::rsa());
    let (status, refusal) = add_key(&registry, "acme", &signer.private());
    assert_eq!(status, 422);
    assert!(
        refusal.to_string().contains("this is a private key"),
        "{refusal}"
    );
    let pasted = signer.private();
    let secret = pasted.lines().nth(4).expect("a line of the key");
    assert!(!refusal.to_string().contains(secret));
    for file in ["journal", "secrets"] {
        let folder = registry.data_dir().join(file);
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(secret), "the private key is in {file}");
        }
    }
    for bad in [
        String::new(),
        "garbage".to_owned(),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned(),
        signer.public().replace('a', "b"),
        format!("{}\n{}", signer.public(), stranger.public()),
        format!("{}{}", signer.public(), "x".repeat(30_000)),
    ] {
        let (status, refusal) = add_key(&registry, "acme", &bad);
        assert_eq!(status, 422, "{bad:.60}: {refusal}");
    }
    let steps = Steps {
        registry: &registry,
        organization: "acme",
        name: "widget",
        version: "1.0.0",
    };
    steps.create();
    // A version may name a key that comes later.
    assert_eq!(steps.announce(&signer.id()).0, 201);
    let sum = Sha256::of(&steps.package()).to_string();
    let (_, platform) = steps.announce_platform(&sum);
    let link = &platform["data"]["links"]["provider-binary-upload"];
    assert_eq!(steps.upload(link, steps.package()).status(), 200);
    let links = steps.links();
    assert_eq!(
        steps
            .upload(&links["shasums-upload"], steps.sums())
            .status(),
        200
    );
    let signature = &links["shasums-sig-upload"];
    let refused = |bytes: Vec<u8>, because: &str| {
        let (status, text) = reason(steps.upload(signature, bytes));
        assert_eq!(status, 422, "{text}");
        assert!(text.contains(because), "{text} should say {because}");
        assert!(!steps.is_visible());
    };
    refused(signer.sign(&steps.sums()), "is not among the keys");
    assert_eq!(add_key(&registry, "acme", &signer.public()).0, 201);
    refused(stranger.sign(&steps.sums()), &stranger.id());
    refused(signer.sign(b"other sums"), "sign the very file");
    refused(
        signer.sign_armored(&steps.sums()),
        "the signature is armored",
    );
    refused(b"garbage".to_vec(), "not one detached OpenPGP signature");
    refused(
        signer.sign(&steps.sums()).repeat(2),
        "not one detached OpenPGP signature",
    );
    let large = steps.upload(signature, vec![b'x'; 5000]);
    assert_eq!(large.status(), 413);
    assert_eq!(
        steps.upload(signature, signer.sign(&steps.sums())).status(),
        200
    );
    assert!(steps.is_visible());
}

#[test]
fn a_version_may_name_a_key_by_any_text_and_is_visible_once_a_known_key_has_signed_it() {
    let registry = Appliance::start();
    let (signer, stranger) = (Signer::ed25519(), Signer::ed25519());
    add_key(&registry, "acme", &signer.public());
    let steps = Steps {
        registry: &registry,
        organization: "acme",
        name: "widget",
        version: "1.0.0",
    };
    steps.create();
    for bad in ["", "  ", "a\nb", "k\u{7}", &"k".repeat(256)] {
        let (status, refusal) = steps.announce(bad);
        assert_eq!(status, 422, "{bad}: {refusal}");
        assert_eq!(
            refusal["errors"][0]["source"]["pointer"],
            "/data/attributes/key-id"
        );
    }
    let key_id = |document: &Value| document["data"]["attributes"]["key-id"].clone();
    let name = "48af2525-669a-0a24-2052-91f28529f745";
    let (status, version) = steps.announce(name);
    assert_eq!(status, 201, "{version}");
    assert_eq!(key_id(&version), name);
    let sum = Sha256::of(&steps.package()).to_string();
    let (_, platform) = steps.announce_platform(&sum);
    let links = &version["data"]["links"];
    let binary = &platform["data"]["links"]["provider-binary-upload"];
    assert_eq!(steps.upload(binary, steps.package()).status(), 200);
    let sums = &links["shasums-upload"];
    assert_eq!(steps.upload(sums, steps.sums()).status(), 200);
    let signature = &links["shasums-sig-upload"];
    let (status, text) = reason(steps.upload(signature, stranger.sign(&steps.sums())));
    assert_eq!(status, 422, "{text}");
    assert!(text.contains(&stranger.id()), "{text}");
    let (status, text) = reason(steps.upload(signature, signer.sign(b"other sums")));
    assert_eq!(status, 422, "{text}");
    assert!(!steps.is_visible());
    assert_eq!(key_id(&registry.json(&steps.path())), name);
    let sent = steps.upload(signature, signer.sign(&steps.sums()));
    assert_eq!(sent.status(), 200);
    assert!(steps.is_visible());
    assert_eq!(key_id(&registry.json(&steps.path())), signer.id());
    // The key stays while the version is there.
    let key = format!("{KEYS}/acme/{}", signer.id());
    assert_eq!(send(&registry, "DELETE", &key, &Value::Null).0, 422);
    // An id in lower case names the key, and comes back as it was sent.
    let next = Steps {
        version: "1.1.0",
        ..steps
    };
    let lower = signer.id().to_ascii_lowercase();
    assert_eq!(key_id(&next.announce(&lower).1), lower);
    // Without protocols, those of a release without a manifest.
    let last = of(
        "",
        &json!({ "version": "1.2.0", "key-id": "abcdefg", "protocols": null }),
    );
    let path = format!("{}/versions", next.provider());
    let (status, version) = send(&registry, "POST", &path, &last);
    assert_eq!(status, 201, "{version}");
    assert_eq!(version["data"]["attributes"]["protocols"], json!(["5.0"]));
}

#[test]
fn an_armor_comes_back_byte_for_byte_wherever_it_is_shown() {
    let registry = Appliance::start();
    registry.organization("elsewhere", false);
    let plain = Signer::ed25519().public();
    let (begin, rest) = plain.split_once('\n').expect("lines");
    for armor in [
        format!("\n\n{plain}\n \n"),
        plain.replace('\n', "\r\n"),
        format!("{begin}\nComment: the key of acme\nVersion: 1\n{rest}"),
        plain.trim().to_owned(),
    ] {
        let (status, key) = add_key(&registry, "acme", &armor);
        assert_eq!(status, 201, "{key}");
        let id = key["data"]["attributes"]["key-id"].as_str().expect("an id");
        let one = format!("{KEYS}/acme/{id}");
        let list = registry.json(&format!("{KEYS}?filter[namespace]=acme"));
        let to = of("gpg-keys", &json!({ "namespace": "elsewhere" }));
        let shown = registry.json(&one);
        let (_, moved) = send(&registry, "PATCH", &one, &to);
        let there = format!("{KEYS}/elsewhere/{id}");
        for document in [&key, &shown, &moved, &registry.json(&there)] {
            assert_eq!(document["data"]["attributes"]["ascii-armor"], *armor);
        }
        assert_eq!(list["data"][0]["attributes"]["ascii-armor"], *armor);
        assert_eq!(send(&registry, "DELETE", &there, &Value::Null).0, 204);
    }
}

#[test]
fn what_a_publisher_says_of_a_key_comes_back_and_a_change_changes_what_it_names() {
    let registry = Appliance::start();
    registry.organization("elsewhere", false);
    let signer = Signer::ed25519();
    let said = |document: &Value| {
        let attributes = &document["data"]["attributes"];
        [&attributes["source"], &attributes["trust-signature"]].map(Clone::clone)
    };
    let new = json!({
        "namespace": "acme", "ascii-armor": signer.public(), "source": "Acme Inc.",
        "trust-signature": "two\nlines",
    });
    let (status, key) = send(&registry, "POST", KEYS, &of("gpg-keys", &new));
    assert_eq!(status, 201, "{key}");
    assert_eq!(said(&key), ["Acme Inc.", "two\nlines"]);
    let one = format!("{KEYS}/acme/{}", signer.id());
    let change = json!({ "namespace": "acme", "source": "Acme" });
    let (_, key) = send(&registry, "PATCH", &one, &of("gpg-keys", &change));
    assert_eq!(said(&key), ["Acme", "two\nlines"]);
    let change = json!({ "namespace": "elsewhere", "trust-signature": "" });
    let (_, key) = send(&registry, "PATCH", &one, &of("gpg-keys", &change));
    assert_eq!(said(&key), ["Acme", ""]);
    let there = format!("{KEYS}/elsewhere/{}", signer.id());
    assert_eq!(said(&registry.json(&there)), ["Acme", ""]);
    let nowhere = json!({ "namespace": "nobody-has-it" });
    let (status, refusal) = send(&registry, "PATCH", &there, &of("gpg-keys", &nowhere));
    assert_eq!(status, 403);
    assert_eq!(refusal["errors"][0]["detail"], "namespace not authorized");
    let long = json!({ "namespace": "elsewhere", "source": "s".repeat(20_000) });
    let (status, refusal) = send(&registry, "PATCH", &there, &of("gpg-keys", &long));
    assert_eq!(status, 422, "{refusal}");
}

#[test]
fn t28_t71_a_published_version_keeps_its_bytes_and_its_key() {
    let registry = Appliance::start();
    let (signer, other) = (Signer::ed25519(), Signer::ed25519());
    add_key(&registry, "acme", &signer.public());
    add_key(&registry, "acme", &other.public());
    let steps = Steps {
        registry: &registry,
        organization: "acme",
        name: "widget",
        version: "1.0.0",
    };
    steps.create();
    let (_, version) = steps.announce(&signer.id());
    let sum = Sha256::of(&steps.package()).to_string();
    let (_, platform) = steps.announce_platform(&sum);
    let links = &version["data"]["links"];
    let (sums, signature) = (&links["shasums-upload"], &links["shasums-sig-upload"]);
    let binary = &platform["data"]["links"]["provider-binary-upload"];
    assert_eq!(steps.upload(sums, steps.sums()).status(), 200);
    assert_eq!(
        steps.upload(signature, signer.sign(&steps.sums())).status(),
        200
    );
    assert_eq!(steps.upload(binary, steps.package()).status(), 200);
    assert!(steps.is_visible());
    let changed = [steps.sums(), b"0".repeat(64), b"  more.zip\n".to_vec()].concat();
    assert_eq!(steps.upload(sums, changed).status(), 409);
    assert_eq!(
        steps.upload(signature, other.sign(&steps.sums())).status(),
        409
    );
    assert_eq!(steps.announce(&other.id()).0, 422);
    // A key that signs stays.
    let key = format!("{KEYS}/acme/{}", signer.id());
    for (method, body) in [
        ("DELETE", Value::Null),
        ("PATCH", of("gpg-keys", &json!({ "namespace": "other" }))),
    ] {
        registry
            .request("POST", "/api/terrakeep/v1/commands", Some(&registry.admin))
            .json(&json!({ "subject": "organization", "command": "create", "name": "other" }))
            .send()
            .expect("an answer");
        let (status, refusal) = send(&registry, method, &key, &body);
        assert_eq!(status, 422, "{refusal}");
        assert!(
            refusal.to_string().contains("acme/widget 1.0.0"),
            "{refusal}"
        );
    }
    let unused = format!("{KEYS}/acme/{}", other.id());
    assert_eq!(send(&registry, "DELETE", &unused, &Value::Null).0, 204);
    // Deleted, its number takes the same bytes only.
    assert_eq!(
        send(&registry, "DELETE", &steps.path(), &Value::Null).0,
        204
    );
    assert!(!steps.is_visible());
    assert_eq!(
        steps.upload(sums, steps.sums()).status(),
        404,
        "a link of the deleted version"
    );
    assert_eq!(steps.announce(&signer.id()).0, 201);
    let another = Sha256::of(b"another").to_string();
    assert_eq!(steps.announce_platform(&another).0, 409);
    assert_eq!(steps.announce_platform(&sum).0, 201);
    assert_eq!(
        send(&registry, "DELETE", &steps.provider(), &Value::Null).0,
        204
    );
    assert_eq!(send(&registry, "DELETE", &key, &Value::Null).0, 204);
}

#[test]
fn what_is_asked_in_vain_is_refused_in_the_words_that_clients_know() {
    let registry = Appliance::start();
    let list = "/api/v2/organizations/acme/registry-providers";
    let create = |new: Value| send(&registry, "POST", list, &of("registry-providers", &new));
    for (new, expected) in [
        (
            json!({ "name": "a", "namespace": "acme" }),
            "Registry name can't be blank",
        ),
        (
            json!({ "name": "a", "namespace": "acme", "registry-name": "x" }),
            "Registry name is not included in the list",
        ),
        (
            json!({ "name": "a", "namespace": "other", "registry-name": "private" }),
            "the namespace of a private provider",
        ),
        (
            json!({ "name": "terraform-a", "namespace": "acme", "registry-name": "private" }),
            "not begin with `terraform-`",
        ),
        (
            json!({ "namespace": "acme", "registry-name": "private" }),
            "can't be blank",
        ),
    ] {
        let (status, refusal) = create(new);
        assert_eq!(status, 422);
        assert!(refusal.to_string().contains(expected), "{refusal}");
    }
    // Both errors in one answer, in this order and in exactly these words.
    let (_, refusal) = create(json!({ "name": "a", "namespace": "acme", "registry-name": "" }));
    let errors = refusal["errors"].as_array().expect("a list");
    let said = errors.iter().map(|it| (&it["title"], &it["detail"]));
    let title = json!("invalid attribute");
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            (&title, &json!("Registry name can't be blank")),
            (&title, &json!("Registry name is not included in the list")),
        ]
    );
    // A name is refused as it is, and never changed silently.
    for name in ["Widget", "provider_name"] {
        let new = json!({ "name": name, "namespace": "acme", "registry-name": "private" });
        let (status, refusal) = create(new);
        assert_eq!(status, 422, "{refusal}");
        assert!(refusal.to_string().contains(name), "{refusal}");
    }
    registry.organization("acme_corp", false);
    let path = "/api/v2/organizations/acme_corp/registry-providers";
    let new = json!({ "name": "a", "namespace": "acme_corp", "registry-name": "private" });
    let (status, refusal) = send(&registry, "POST", path, &of("registry-providers", &new));
    assert_eq!(status, 422);
    assert!(
        refusal.to_string().contains("terraform cannot install"),
        "{refusal}"
    );
    assert_eq!(send(&registry, "GET", KEYS, &Value::Null).0, 400);
    let stranger = registry.user("stranger");
    let asked = format!("{KEYS}?filter[namespace]=acme");
    assert_eq!(registry.get(&asked, Some(&stranger)).status(), 403);
    let public = "/api/registry/public/v2/gpg-keys";
    assert_eq!(registry.get(public, Some(&registry.admin)).status(), 403);
    // Nothing of a public provider is kept here.
    let public = json!({ "name": "aws", "namespace": "hashicorp", "registry-name": "public" });
    assert_eq!(create(public).0, 201);
    let path = format!("{list}/public/hashicorp/aws");
    assert_eq!(
        send(&registry, "GET", &format!("{path}/versions"), &Value::Null).0,
        403
    );
    assert_eq!(send(&registry, "DELETE", &path, &Value::Null).0, 204);
    assert_eq!(send(&registry, "GET", &path, &Value::Null).0, 404);
}
