//! Tests that nothing is removed while the outcome of a write is open: its record may be in the
//! journal, and the next start shows what it says.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use terrakeep::auth::{Caller, UrlSigner};
use terrakeep::config::Config;
use terrakeep::domain::ShortText;
use terrakeep::registry::{Clock, Error, Registry};
use terrakeep::server::{registry_settings, store_options, take_first_steps};
use terrakeep::storage::{AuditFilter, Blobs, DataDir, Disk, Prefix, Store, StoreError};

use super::faulty_disk::{Fault, FaultyDisk};
use super::support::{Notes, open_on, stamp, verify_all};

fn registry(root: &Path, disk: &FaultyDisk) -> Registry {
    let config = Config::default();
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let dir = DataDir::open(root, &*disk).expect("it opens");
    let options = store_options(&config);
    let store = Store::open(&dir, Arc::clone(&disk), options, |_| {}).expect("it opens");
    let blobs = Blobs::new(&dir, disk).expect("they open");
    let settings = registry_settings(&config);
    let signer = UrlSigner::new(&[0; 32]);
    let registry = Registry::new(store, blobs, Clock::system(), signer, settings);
    let registry = registry.expect("it opens");
    registry.collect_after_start().expect("it is looked at");
    registry
}

fn keep_ssh_key(registry: &Registry) -> Result<(), Error> {
    let grant = registry.ssh_keys_grant(&Caller::Operator, "acme")?;
    let name: ShortText = "deploy".parse().expect("a name");
    let key = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n";
    registry.create_ssh_key(&grant, name, key).map(drop)
}

/// Checks that each key that is listed has its secret; returns how many there are.
fn keys_with_secrets(registry: &Registry, root: &Path) -> usize {
    let grant = registry.ssh_keys_grant(&Caller::Operator, "acme");
    let keys = registry.list_ssh_keys(&grant.expect("an operator may"));
    let keys = keys.expect("they are read");
    for key in &keys {
        let secret = root.join(format!("secrets/of-{}", key.id));
        assert!(secret.exists(), "{} has no secret", key.id);
    }
    keys.len()
}

/// Lets the sync of a write's record fail; `changes` is how many changes of the disk come before.
fn fail_sync_after(disk: &FaultyDisk, changes: u64) {
    // The record itself is one more change.
    disk.fail(changes + 2, Fault::Io, false);
}

#[test]
fn p1_a_key_whose_outcome_is_open_keeps_its_secret() {
    let (temp, disk) = (
        tempfile::tempdir().expect("a directory"),
        FaultyDisk::default(),
    );
    let first = registry(temp.path(), &disk);
    take_first_steps(&first).expect("they are taken");
    // An old checksum is removed. The secret's file is made, written, synced and renamed, and its
    // folder is synced; the file of its checksum likewise, after what was left of it is removed.
    fail_sync_after(&disk, 12);
    let kept = keep_ssh_key(&first);
    assert!(matches!(kept, Err(Error::OutcomeUnknown)), "{kept:?}");
    disk.repair();
    drop(first.collect_unreferenced());
    drop(first);
    let again = registry(temp.path(), &disk);
    assert_eq!(keys_with_secrets(&again, temp.path()), 1);
}

#[test]
fn p1_a_deletion_whose_outcome_is_open_keeps_the_secret() {
    let (temp, disk) = (
        tempfile::tempdir().expect("a directory"),
        FaultyDisk::default(),
    );
    let first = registry(temp.path(), &disk);
    take_first_steps(&first).expect("they are taken");
    keep_ssh_key(&first).expect("it is kept");
    let grant = first.ssh_keys_grant(&Caller::Operator, "acme");
    let grant = grant.expect("an operator may");
    let key = first
        .list_ssh_keys(&grant)
        .expect("they are read")
        .remove(0);
    let secret = temp.path().join(format!("secrets/of-{}", key.id));
    fail_sync_after(&disk, 0);
    let deleted = first.delete_ssh_key(&grant, &key.id);
    assert!(matches!(deleted, Err(Error::OutcomeUnknown)), "{deleted:?}");
    disk.repair();
    assert!(first.collect_unreferenced().is_ok() && secret.exists());
}

#[test]
fn p1_what_may_not_be_on_the_disk_is_not_shown() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let store = &opened.store;
    let put = |key: u64, text: &str| {
        store.write(stamp("note"), |tx| tx.put::<Notes>(&key, &text.to_owned()))
    };
    let all = || {
        let rows = store.scan::<Notes>(&Prefix::all()).map(Result::unwrap);
        rows.collect::<Vec<_>>()
    };
    let events = || {
        let all = AuditFilter {
            beside: &|_, _, _| false,
            changes: &|_, _, _| true,
            events: &|_| true,
            most_changes: 10,
        };
        let page = store
            .audit_events_before(None, 10, all)
            .expect("it is read");
        page.events.len()
    };
    put(1, "acknowledged").expect("it is written");
    let revision = store.revision::<Notes>(&Prefix::all());
    fail_sync_after(&disk, 0);
    let written = store.write(stamp("note"), |tx| {
        tx.put::<Notes>(&1, &"changed".to_owned())?;
        tx.put::<Notes>(&2, &"new".to_owned())
    });
    let is_open = matches!(written, Err(StoreError::OutcomeUnknown { .. }));
    assert!(is_open, "{written:?}");
    let before = || vec![(1, "acknowledged".to_owned())];
    assert_eq!(all(), before());
    let backwards = store
        .scan::<Notes>(&Prefix::all())
        .rev()
        .map(Result::unwrap);
    assert_eq!(backwards.collect::<Vec<_>>(), before());
    assert_eq!(store.scan_keys::<Notes>(&Prefix::all()).count(), 1);
    assert_eq!(
        store.get::<Notes>(&1).expect("a row"),
        Some(before().remove(0).1)
    );
    assert!(!store.contains::<Notes>(&2).expect("it is looked up"));
    assert_eq!(events(), 1);
    let now = store.revision::<Notes>(&Prefix::all());
    assert!(now > revision, "caches look again");
    disk.repair();
    drop(opened);
    let opened = open_on(temp.path(), Arc::new(disk)).expect("it opens");
    let shown = opened.store.get::<Notes>(&2).expect("a row");
    assert_eq!(shown.as_deref(), Some("new"), "the system has kept it");
}

#[test]
fn p1_a_blob_stays_with_its_note_while_an_outcome_is_open() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let mut incoming = opened.blobs.incoming().expect("an upload");
    incoming.write_all(b"content").expect("it arrives");
    let sum = opened.blobs.keep(incoming).expect("it is kept").sha256();
    // The record is half written and cannot be cut off.
    disk.fail(1, Fault::Io, true);
    let written = opened
        .store
        .write(stamp("note"), |tx| tx.put::<Notes>(&1, &"a".to_owned()));
    let is_open = matches!(written, Err(StoreError::OutcomeUnknown { .. }));
    assert!(is_open, "{written:?}");
    disk.repair();
    let note = temp.path().join("incoming").join(sum.to_string());
    // The index does not name it, and neither looks for one more row.
    for removed in [
        opened.blobs.remove_if_unreferenced(&sum, |_| Ok(false)),
        opened.blobs.settle(|_| Ok(true)).map(|_| true),
        opened
            .blobs
            .remove_unreferenced(|_| Ok(false))
            .map(|_| true),
    ] {
        assert!(
            matches!(removed, Err(StoreError::ReadOnly { .. })),
            "{removed:?}"
        );
        assert!(opened.blobs.open(&sum).expect("it is read").is_some());
        assert!(note.exists());
    }
    drop(opened);
    let opened = open_on(temp.path(), Arc::new(disk)).expect("it opens");
    let removed = opened.blobs.settle(|_| Ok(false)).expect("it is removed");
    assert_eq!(removed.removed, 1);
    opened.store.close().expect("it closes");
    drop(opened);
    assert_eq!(verify_all(temp.path()).problems, []);
}
