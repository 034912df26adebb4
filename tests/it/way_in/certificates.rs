//! Tests the commands against certificates as people make them, and what they say of those that are
//! wrong.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tempfile::TempDir;

use super::{run, said};
use crate::harness::{Appliance, program};
use crate::left_out::left_out;
use crate::terraform::has_terraform;

/// A registry that uses a certificate from files.
struct Certified {
    registry: Appliance,
    certificate: PathBuf,
    folder: TempDir,
}

impl Certified {
    /// Starts with what `make` writes: the certificate and its key.
    fn start(make: impl FnOnce(&Path, &Path)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (certificate, key) = (
            folder.path().join("cert.pem"),
            folder.path().join("key.pem"),
        );
        make(&certificate, &key);
        let protected = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&key, protected).expect("the key is protected");
        let registry = Appliance::start_with(&[
            ("tls.mode", "files"),
            ("tls.cert_file", certificate.to_str().expect("a path")),
            ("tls.key_file", key.to_str().expect("a path")),
        ]);
        Self {
            registry,
            certificate,
            folder,
        }
    }

    /// Starts with a certificate that is its own issuer, changed by `change`.
    fn own(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Self {
        Self::start(|certificate, key| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            let pair = KeyPair::generate().expect("a key");
            let mut params = CertificateParams::new(names).expect("names");
            change(&mut params);
            let made = params.self_signed(&pair).expect("a certificate");
            std::fs::write(certificate, made.pem()).expect("written");
            std::fs::write(key, pair.serialize_pem()).expect("written");
        })
    }

    fn whoami(&self, ca: Option<&Path>) -> Output {
        let mut command = self.registry.cli(&["whoami"]);
        if let Some(ca) = ca {
            command.env("TERRAKEEP_CA_FILE", ca);
        }
        run(&mut command)
    }

    /// Returns what is said with the certificate given as trusted.
    fn refusal(&self) -> String {
        let output = self.whoami(Some(&self.certificate));
        assert_eq!(output.status.code(), Some(7), "{}", said(&output));
        said(&output)
    }
}

/// Makes a certificate as the guides on the network tell: its own issuer, and a CA.
fn openssl(certificate: &Path, key: &Path) {
    let output = run(Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
        ])
        .args([
            "-subj",
            "/CN=registry",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ])
        .arg("-keyout")
        .arg(key)
        .arg("-out")
        .arg(certificate));
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_certificate_of_openssl_is_taken_as_terraform_takes_it() {
    if Command::new("openssl").arg("version").output().is_err() {
        return left_out("TOOLS", "there is no openssl");
    }
    let site = Certified::start(openssl);
    let distrust = site.whoami(None);
    assert_eq!(distrust.status.code(), Some(7));
    assert!(said(&distrust).contains("--ca-file"), "{}", said(&distrust));

    let output = site.whoami(Some(&site.certificate));
    assert!(output.status.success(), "{}", said(&output));
    // As with terraform, it may also be one of those that the system trusts.
    let mut command = site.registry.cli(&["whoami"]);
    let output = run(command.env("SSL_CERT_FILE", &site.certificate));
    assert!(output.status.success(), "{}", said(&output));
    if has_terraform() {
        assert!(site.terraform_init().status.success());
    }
}

impl Certified {
    fn terraform_init(&self) -> Output {
        let (host, token) = (self.registry.host(), &self.registry.admin);
        let main = format!("module \"hello\" {{\n  source = \"{host}/acme/hello/null\"\n}}\n");
        let settings = format!("credentials \"{host}\" {{\n  token = \"{token}\"\n}}\n");
        let work = self.folder.path().join("work");
        std::fs::create_dir(&work).expect("a folder");
        std::fs::write(work.join("main.tf"), main).expect("written");
        std::fs::write(work.join("rc"), settings).expect("written");
        run(Command::new("terraform")
            .args(["init", "-no-color"])
            .current_dir(&work)
            .env("SSL_CERT_FILE", &self.certificate)
            .env("TF_CLI_CONFIG_FILE", work.join("rc"))
            .env("CHECKPOINT_DISABLE", "1"))
    }
}

#[test]
fn the_certificate_itself_is_trusted_only_for_its_own_names() {
    let site = Certified::own(&["registry.example.com", "10.0.0.5"], |_| {});
    let text = site.refusal();
    assert!(
        text.contains("is for registry.example.com, 10.0.0.5, and not for `127.0.0.1`"),
        "{text}"
    );
    let site = Certified::own(&[], |_| {});
    let text = site.refusal();
    assert!(text.contains("it has no name in subjectAltName"), "{text}");
}

#[test]
fn another_certificate_of_the_same_name_is_not_trusted() {
    let site = Certified::own(&["127.0.0.1"], |_| {});
    let other = Certified::own(&["127.0.0.1"], |_| {});
    let output = site.whoami(Some(&other.certificate));
    assert_eq!(output.status.code(), Some(7));
    assert!(
        said(&output).contains("is not trusted here"),
        "{}",
        said(&output)
    );
    assert!(site.whoami(Some(&site.certificate)).status.success());
}

#[test]
fn dates_and_purposes_are_said() {
    let expired = Certified::own(&["127.0.0.1"], |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    assert!(
        expired.refusal().contains("has expired"),
        "{}",
        expired.refusal()
    );
    let future = Certified::own(&["127.0.0.1"], |params| {
        params.not_before = date_time_ymd(2090, 1, 1);
    });
    assert!(
        future.refusal().contains("is not valid yet"),
        "{}",
        future.refusal()
    );
    let client = Certified::own(&["127.0.0.1"], |params| {
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    });
    assert!(
        client.refusal().contains("serverAuth"),
        "{}",
        client.refusal()
    );
}

#[test]
fn f7_a_port_without_tls_is_told() {
    let plain = Appliance::start_with(&[("tls.mode", "off")]);
    let https = plain.url.replace("http://", "https://");
    let mut command = program();
    command.args(["doctor", "--url", &https]);
    let output = run(&mut command);
    assert_eq!(output.status.code(), Some(9));
    assert!(
        said(&output).contains("answers without TLS"),
        "{}",
        said(&output)
    );
}
