//! Tests R4: whichever change of the disk fails, nothing is acknowledged falsely and the store
//! opens again.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use terrakeep::domain::Sha256;
use terrakeep::storage::{Blobs, DataDir, Store, StoreError};

use super::faulty_disk::{Fault, FaultyDisk};
use super::support::{Notes, Opened, Package, Packages, now, open_on, options, stamp, verify_all};

const OLD: &[u8] = b"published before";
const NEW: &[u8] = b"published while the disk fails";

fn key(name: &str) -> (String, u32) {
    (name.to_owned(), 1)
}

fn publish(opened: &Opened, name: &str, content: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    let mut incoming = opened.blobs.incoming()?;
    incoming.write_all(content)?;
    let kept = opened.blobs.keep(incoming)?;
    let row = Package {
        version: 1,
        blob: Some(kept.sha256()),
    };
    opened
        .store
        .write(stamp("publish"), |tx| tx.put::<Packages>(&key(name), &row))?;
    Ok(())
}

fn delete(opened: &Opened, name: &str) -> Result<(), Box<dyn std::error::Error>> {
    opened.store.write(stamp("delete"), |tx| {
        tx.remove::<Packages>(&key(name)).map(drop)
    })?;
    opened
        .blobs
        .remove_if_unreferenced(&Sha256::of(OLD), |_| Ok(false))?;
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Publish,
    Delete,
    Checkpoint,
    Close,
}

#[derive(Debug, Clone, Copy)]
struct Case {
    deed: Deed,
    k: u64,
    fault: Fault,
    sticky: bool,
}

/// Runs a case; returns whether the k-th change was reached at all.
fn run(root: &Path, case: Case) -> bool {
    let disk = FaultyDisk::default();
    let opened = open_on(root, Arc::new(disk.clone())).expect("a new store opens");
    publish(&opened, "old", OLD).expect("the disk is still whole");
    disk.fail(case.k, case.fault, case.sticky);
    let outcome = match case.deed {
        Deed::Publish => publish(&opened, "new", NEW),
        Deed::Delete => delete(&opened, "old"),
        Deed::Checkpoint => opened.store.checkpoint(now()).map_err(Into::into),
        Deed::Close => opened.store.close().map_err(Into::into),
    };
    let reached = disk.failed();
    let read_only = opened.store.is_read_only();
    assert!(
        outcome.is_ok() || reached,
        "{case:?}: {outcome:?} without a fault"
    );
    drop(opened);
    disk.repair();
    let opened = open_on(root, Arc::new(disk)).unwrap_or_else(|error| {
        panic!("{case:?}: after {outcome:?} the store does not open: {error}")
    });
    let has = |name: &str| {
        opened
            .store
            .contains::<Packages>(&key(name))
            .expect("a row")
    };
    let is_ok = outcome.is_ok();
    match case.deed {
        Deed::Publish => {
            assert!(has("old"), "{case:?}");
            assert!(has("new") || !is_ok, "{case:?}: acknowledged and lost");
            if has("new") {
                let there = opened.blobs.verify(&Sha256::of(NEW)).expect("it is read");
                assert_eq!(there, Some(true), "{case:?}");
            }
        }
        Deed::Delete => assert!(!has("old") || !is_ok, "{case:?}: acknowledged and back"),
        Deed::Checkpoint | Deed::Close => assert!(has("old"), "{case:?}"),
    }
    // A single failure that was not one of syncing leaves the store usable.
    if let Some(reason) = read_only {
        assert!(
            case.deed == Deed::Close || case.sticky || reason.contains("sync"),
            "{reason}"
        );
    }
    publish(&opened, "later", NEW).expect("the disk is whole again");
    opened.store.close().expect("it closes");
    drop(opened);
    let report = verify_all(root);
    let dangling = case.deed == Deed::Delete;
    assert!(
        report.problems.is_empty() || dangling,
        "{case:?}: {report:?}"
    );
    reached
}

fn sweep(deed: Deed) {
    for fault in Fault::ALL {
        for sticky in [false, true] {
            for k in 1.. {
                let temp = tempfile::tempdir().expect("a directory");
                let case = Case {
                    deed,
                    k,
                    fault,
                    sticky,
                };
                if !run(temp.path(), case) {
                    assert!(k > 2, "{case:?}: the disk is used");
                    break;
                }
            }
        }
    }
}

#[test]
fn r4_each_failure_of_a_publish_is_survived() {
    sweep(Deed::Publish);
}

#[test]
fn r4_each_failure_of_a_delete_is_survived() {
    sweep(Deed::Delete);
}

#[test]
fn r4_each_failure_of_a_checkpoint_is_survived() {
    sweep(Deed::Checkpoint);
}

#[test]
fn r4_each_failure_of_a_clean_stop_is_survived() {
    sweep(Deed::Close);
}

#[test]
fn r4_each_failure_of_an_open_is_survived() {
    for fault in Fault::ALL {
        for k in 1.. {
            let temp = tempfile::tempdir().expect("a directory");
            let disk = FaultyDisk::default();
            let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
            publish(&opened, "old", OLD).expect("the disk is whole");
            drop(opened);
            disk.fail(k, fault, false);
            drop(open_on(temp.path(), Arc::new(disk.clone())));
            let reached = disk.failed();
            disk.repair();
            let opened = open_on(temp.path(), Arc::new(disk)).expect("it opens");
            let there = opened.store.contains::<Packages>(&key("old"));
            assert!(there.expect("a row"), "{fault:?} at {k}");
            if !reached {
                break;
            }
        }
    }
}

#[test]
fn a_full_disk_refuses_a_write_and_takes_the_next() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let write = |text: &str| {
        opened
            .store
            .write(stamp("note"), |tx| tx.put::<Notes>(&1, &text.to_owned()))
    };
    disk.fail(1, Fault::NoSpace, false);
    assert!(matches!(write("a"), Err(StoreError::NoSpace { .. })));
    assert_eq!(opened.store.is_read_only(), None);
    write("b").expect("there is space again");
    opened.store.close().expect("it closes");
    drop(opened);
    let report = verify_all(temp.path());
    assert!(report.problems.is_empty(), "{report:?}");
    assert_eq!(report.records, 1, "nothing of the refused write is left");
}

#[test]
fn a_failed_sync_is_never_acknowledged_and_stops_writing() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let dir = DataDir::open(temp.path(), &disk).expect("it opens");
    let store = Store::open(&dir, Arc::new(disk.clone()), options(), |_| {}).expect("it opens");
    let blobs = Blobs::new(&dir, Arc::new(disk.clone())).expect("it opens");
    // The first change is the record, the second is its sync.
    disk.fail(2, Fault::Io, false);
    let put = |text: &str| store.write(stamp("note"), |tx| tx.put::<Notes>(&1, &text.to_owned()));
    assert!(matches!(put("a"), Err(StoreError::OutcomeUnknown { .. })));
    assert!(matches!(put("b"), Err(StoreError::ReadOnly { .. })));
    assert!(store.health().is_err());
    store.get::<Notes>(&1).expect("reading goes on");
    drop(blobs);
}
