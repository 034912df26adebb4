//! Tests that damage is found by `verify` and by the check of the running registry, whatever file
//! it is in: the journal, archives, secrets.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Output;

use terrakeep::auth::{Caller, ManageProviders, ManageVcsSettings, PublishModules};
use terrakeep::config::Config;
use terrakeep::domain::{KeptChange, ModuleAddress, ModuleVersionAddress, Timestamp};
use terrakeep::registry::{PrivateFiles, Registry};
use terrakeep::server::{CertificateFiles, open_registry, take_first_steps};
use terrakeep::storage::{Pace, StoreFault};

use crate::builders::module;
use crate::harness::program;
use crate::tidy::files_below;

fn open(data_dir: &Path) -> Registry {
    let mut config = Config::default();
    config.storage.data_dir = data_dir.to_owned();
    open_registry(&config, |_| {}).expect("it opens")
}

/// Fills a data directory with a module, a signing key, an SSH key, and the server's own keys.
fn fill(data_dir: &Path) {
    let registry = open(data_dir);
    take_first_steps(&registry).expect("they are taken");
    let address: ModuleAddress = "acme/vpc/aws".parse().expect("an address");
    let grant = registry.module_grant::<PublishModules>(&Caller::Operator, &address);
    let grant = grant.expect("an operator may");
    registry
        .create_module(&grant, address.clone(), KeptChange::default())
        .expect("it is created");
    let mut incoming = registry.incoming().expect("an upload");
    incoming.write_all(&module("1.0.0")).expect("it arrives");
    let version = ModuleVersionAddress {
        module: address,
        version: "1.0.0".parse().expect("a version"),
    };
    registry
        .publish_upload(&grant, version, incoming, PrivateFiles::Refused)
        .expect("it is published");
    let grant = registry.grant::<ManageProviders>(&Caller::Operator, "acme");
    registry
        .rotate_registry_key(&grant.expect("an operator may"))
        .expect("a key is made");
    let grant = registry.grant::<ManageVcsSettings>(&Caller::Operator, "acme");
    let value =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n";
    registry
        .create_ssh_key(
            &grant.expect("an operator may"),
            "deploy".parse().expect("a name"),
            value,
        )
        .expect("it is stored");
    let certificates = CertificateFiles::of(data_dir);
    certificates
        .make(&["localhost".to_owned()], registry.now())
        .expect("made");
    registry.close().expect("it closes");
}

fn verify(data_dir: &Path) -> Output {
    let mut command = program();
    command.args(["verify", "--data-dir"]).arg(data_dir);
    command.output().expect("it runs")
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// Checks that `verify` finds problems, and that they mention `words`.
fn finds(data_dir: &Path, words: &str) {
    let output = verify(data_dir);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(9), "{words}: {said}");
    assert!(said.contains(words), "{words}: {said}");
}

fn finds_nothing(data_dir: &Path) {
    let output = verify(data_dir);
    assert!(output.status.success(), "{}", said(&output));
}

fn secret(data_dir: &Path, beginning: &str) -> PathBuf {
    let files = files_below(&data_dir.join("secrets"));
    let mut found = files.into_iter().filter(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        name.starts_with(beginning)
    });
    found.next().expect("a secret")
}

fn write_private(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, bytes).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("private");
}

#[test]
fn p9_verify_finds_each_flipped_bit_of_a_secret() {
    let temp = tempfile::tempdir().expect("a directory");
    fill(temp.path());
    finds_nothing(temp.path());
    let secrets = files_below(&temp.path().join("secrets"));
    assert!(secrets.len() >= 14, "each has a checksum: {secrets:?}");
    for path in secrets {
        let before = fs::read(&path).expect("a file");
        for part in [before.len() / 3, before.len() - 1] {
            let mut bytes = before.clone();
            bytes[part] ^= 1 << (part % 8);
            fs::write(&path, bytes).expect("written");
            let name = path.file_name().expect("a name").to_string_lossy();
            finds(temp.path(), name.trim_start_matches("sha256-"));
        }
        fs::write(&path, before).expect("whole again");
    }
    finds_nothing(temp.path());
}

#[test]
fn p9_verify_says_which_row_lacks_its_secret_and_which_secret_has_no_row() {
    let temp = tempfile::tempdir().expect("a directory");
    fill(temp.path());
    for (beginning, words) in [
        ("of-gpgkey-", "the signing key"),
        ("of-sshkey-", "the SSH key `deploy`"),
    ] {
        let path = secret(temp.path(), beginning);
        let content = fs::read(&path).expect("a secret");
        fs::remove_file(&path).expect("it goes");
        finds(temp.path(), words);
        finds(temp.path(), "it is missing");
        write_private(&path, &content);
        finds_nothing(temp.path());
    }
    let orphan = temp.path().join("secrets/of-sshkey-1111111111111111");
    write_private(&orphan, b"x");
    let output = verify(temp.path());
    assert!(said(&output).contains("of-sshkey-1111111111111111"));
    assert!(
        output.status.success(),
        "it does no harm: {}",
        said(&output)
    );
}

#[test]
fn p9_verify_tries_signing_keys_out_that_have_no_checksum() {
    let temp = tempfile::tempdir().expect("a directory");
    fill(temp.path());
    let path = secret(temp.path(), "of-gpgkey-");
    fs::remove_file(secret(temp.path(), "sha256-of-gpgkey-")).expect("it goes");
    finds_nothing(temp.path());
    let before = fs::read(&path).expect("a key");
    for part in [0, 20, before.len() / 2, before.len() * 2 / 3] {
        let mut bytes = before.clone();
        bytes[part] ^= 1;
        fs::write(&path, &bytes).expect("written");
        let output = verify(temp.path());
        let found = output.status.code() == Some(9);
        // Behind the key there are its name and its own signature, which signing does not need.
        assert!(found || part > 1200, "byte {part}: {}", said(&output));
    }
    let other = tempfile::tempdir().expect("a directory");
    fill(other.path());
    fs::copy(secret(other.path(), "of-gpgkey-"), &path).expect("copied");
    finds(temp.path(), "another key");
    fs::write(&path, &before).expect("whole again");
    // The next start writes the checksum that an older program did not write.
    open(temp.path()).close().expect("it closes");
    assert!(secret(temp.path(), "sha256-of-gpgkey-").exists());
    finds_nothing(temp.path());
}

#[test]
fn f14_verify_never_praises_a_directory_without_a_journal() {
    let temp = tempfile::tempdir().expect("a directory");
    fill(temp.path());
    for folder in ["index", "journal"] {
        fs::remove_dir_all(temp.path().join(folder)).expect("it goes");
    }
    finds(temp.path(), "no record");
    // The archives are what is left, so a start must not throw them away as if nobody needed them.
    let blobs = files_below(&temp.path().join("blobs"));
    let mut config = Config::default();
    config.storage.data_dir = temp.path().to_owned();
    let error = open_registry(&config, |_| {}).expect_err("it is refused");
    assert!(error.to_string().contains("journal"), "{error}");
    assert_eq!(files_below(&temp.path().join("blobs")), blobs);
    fs::remove_dir_all(temp.path().join("blobs")).expect("it goes");
    finds(temp.path(), "no record");
}

/// Returns what the check of the running registry finds.
fn scrub(registry: &Registry) -> Vec<StoreFault> {
    let found = registry.scrub(&mut Pace::new(0)).expect("all is read");
    found.expect("it was not stopped")
}

#[test]
fn p9_the_running_registry_looks_for_damage_in_every_file() {
    let temp = tempfile::tempdir().expect("a directory");
    fill(temp.path());
    let registry = open(temp.path());
    assert_eq!(registry.files_checked().at, None);
    assert_eq!(scrub(&registry), []);
    assert!(registry.files_checked().at > Some(Timestamp::from_micros(0)));
    let segments = files_below(&temp.path().join("journal"));
    let segment = segments.into_iter().find(|path| {
        let is_segment = path.extension().is_some_and(|ending| ending == "log");
        is_segment && fs::metadata(path).is_ok_and(|found| found.len() > 0)
    });
    let damaged = [
        segment.expect("a segment"),
        secret(temp.path(), "of-gpgkey-"),
        secret(temp.path(), "of-sshkey-"),
        secret(temp.path(), "ca.key"),
        files_below(&temp.path().join("blobs")).remove(0),
    ];
    for path in damaged {
        let mut bytes = fs::read(&path).expect("a file");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 2;
        fs::write(&path, &bytes).expect("written");
        let found = scrub(&registry);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].path, path);
        assert_eq!(registry.files_checked().faults, found);
        let again = scrub(&registry);
        assert_eq!(again, found, "it is not forgotten at the next check");
        bytes[middle] ^= 2;
        write_private(&path, &bytes);
        assert_eq!(scrub(&registry), []);
    }
    let mut stopped = Pace::new(1);
    stopped.stop();
    assert_eq!(registry.scrub(&mut stopped).expect("it ends"), None);
    registry.close().expect("it closes");
}
