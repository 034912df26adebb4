//! Tests that files that a stop left without a row are removed by the next start (R2), however the
//! registry was stopped.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use terrakeep::auth::{AdministerModules, Caller, PublishModules};
use terrakeep::config::Config;
use terrakeep::domain::{KeptChange, ModuleAddress, ModuleVersionAddress};
use terrakeep::registry::{PrivateFiles, Registry};
use terrakeep::server::{open_registry, take_first_steps};
use terrakeep::storage::{Blobs, DataDir, Pace, RealDisk};

use crate::builders::module;

fn open(data_dir: &Path) -> Registry {
    let mut config = Config::default();
    config.storage.data_dir = data_dir.to_owned();
    open_registry(&config, |_| {}).expect("it opens")
}

/// Publishes versions of one module, each with content of its own.
fn publish(registry: &Registry, versions: &[&str]) {
    let address: ModuleAddress = "acme/vpc/aws".parse().expect("an address");
    let grant = registry.module_grant::<PublishModules>(&Caller::Operator, &address);
    let grant = grant.expect("an operator may");
    registry
        .create_module(&grant, address.clone(), KeptChange::default())
        .expect("it is created");
    for version in versions {
        let mut incoming = registry.incoming().expect("an upload");
        incoming.write_all(&module(version)).expect("it arrives");
        let version = ModuleVersionAddress {
            module: address.clone(),
            version: version.parse().expect("a version"),
        };
        registry
            .publish_upload(&grant, version, incoming, PrivateFiles::Refused)
            .expect("it is published");
    }
}

fn delete(registry: &Registry, version: &str) {
    let address = ModuleVersionAddress {
        module: "acme/vpc/aws".parse().expect("an address"),
        version: version.parse().expect("a version"),
    };
    let grant = registry.module_grant::<AdministerModules>(&Caller::Operator, &address.module);
    registry
        .delete_version(&grant.expect("an operator may"), &address)
        .expect("it is deleted");
}

/// Returns the files of a data directory, by their path below it.
fn files(data_dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in fs::read_dir(data_dir.join("blobs/sha256")).expect("a directory") {
        let folder = folder.expect("a folder").path();
        for file in fs::read_dir(&folder).expect("a folder") {
            let path = file.expect("a file").path();
            let name = path.strip_prefix(data_dir).expect("it is below");
            files.insert(
                name.to_str().expect("digits").to_owned(),
                fs::read(&path).expect("it is read"),
            );
        }
    }
    files
}

/// Opens a registry with the example module and two versions of another.
fn registry(data_dir: &Path) -> Registry {
    let registry = open(data_dir);
    take_first_steps(&registry).expect("they are taken");
    publish(&registry, &["1.0.0", "1.1.0"]);
    registry
}

/// Writes a file that no row names, as a kill leaves it.
fn keep_without_row(data_dir: &Path) {
    let dir = DataDir::open(data_dir, &RealDisk).expect("it opens");
    let blobs = Blobs::new(&dir, Arc::new(RealDisk)).expect("they open");
    let mut incoming = blobs.incoming().expect("an upload");
    incoming.write_all(b"without a row").expect("it arrives");
    drop(blobs.keep(incoming).expect("it is kept"));
}

#[test]
fn r2_a_kill_between_the_file_and_its_row_leaves_no_file() {
    let temp = tempfile::tempdir().expect("a directory");
    registry(temp.path()).close().expect("it closes");
    let before = files(temp.path());
    keep_without_row(temp.path());
    assert_eq!(files(temp.path()).len(), before.len() + 1);
    let registry = open(temp.path());
    assert_eq!(files(temp.path()), before);
    registry.close().expect("it closes");
    let incoming = fs::read_dir(temp.path().join("incoming"));
    assert_eq!(incoming.expect("a directory").count(), 0);
}

#[test]
fn r2_a_kill_between_a_deletion_and_the_files_leaves_no_file() {
    let temp = tempfile::tempdir().expect("a directory");
    let registry = registry(temp.path());
    let before = files(temp.path());
    delete(&registry, "1.0.0");
    let after = files(temp.path());
    assert_eq!(after.len(), before.len() - 1);
    let deleted = before.iter().find(|(path, _)| !after.contains_key(*path));
    let (path, content) = deleted.expect("one is gone");
    // As if it had not come to that.
    fs::write(temp.path().join(path), content).expect("it is back");
    registry.close().expect("it closes");
    drop(registry);
    let registry = open(temp.path());
    assert_eq!(files(temp.path()), after);
    assert_eq!(registry.collect_freed().expect("a sweep"), 0, "it is done");
}

#[test]
fn r2_in_a_copy_and_when_files_are_checked_every_file_is_looked_at() {
    let temp = tempfile::tempdir().expect("a directory");
    let (original, copy) = (temp.path().join("original"), temp.path().join("copy"));
    registry(&original).close().expect("it closes");
    let before = files(&original);
    keep_without_row(&original);
    fs::remove_dir_all(original.join("incoming")).expect("the note is lost");
    // Killed, not stopped: what a copy of that says of the index is not believed.
    fs::remove_file(original.join("index/clean")).expect("it was left by the stop");
    copy_all(&original, &copy);
    open(&copy).close().expect("it closes");
    assert_eq!(files(&copy), before);
    let registry = open(&original);
    let found = registry.scrub(&mut Pace::new(0)).expect("all is read");
    assert_eq!(found, Some(Vec::new()));
    assert_eq!(files(&original), before);
}

pub(crate) fn copy_all(from: &Path, to: &Path) {
    fs::create_dir(to).expect("made");
    let mode = fs::metadata(from).expect("a folder").permissions();
    fs::set_permissions(to, mode).expect("as private as it was");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_all(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).expect("it is copied");
        }
    }
}
