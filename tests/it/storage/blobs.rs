//! Tests uploads, and R17: blobs that rows name are never removed.

use std::fs;
use std::io::{Read, Write};
use std::sync::Arc;

use terrakeep::domain::Sha256;
use terrakeep::storage::{Blobs, Prefix, RealDisk};

use super::faulty_disk::{Fault, FaultyDisk};
use super::support::{Opened, Package, Packages, open, open_on, stamp};

#[test]
fn an_upload_that_is_dropped_leaves_nothing() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    let count = || {
        fs::read_dir(opened.dir.incoming())
            .expect("a directory")
            .count()
    };
    let mut incoming = opened.blobs.incoming().expect("an upload");
    incoming.write_all(b"half").expect("it arrives");
    assert_eq!(
        (incoming.len(), incoming.sha256()),
        (4, Sha256::of(b"half"))
    );
    let mut read = String::new();
    let mut reader = incoming.reader().expect("it can be read back");
    reader
        .read_to_string(&mut read)
        .expect("it can be read back");
    assert_eq!((read.as_str(), count()), ("half", 1));
    drop(incoming);
    assert_eq!(count(), 0);
    fs::write(opened.dir.incoming().join("left"), "by a crash").expect("a file");
    drop(opened);
    let opened = open(temp.path());
    assert_eq!(
        fs::read_dir(opened.dir.incoming())
            .expect("a directory")
            .count(),
        0
    );
}

#[test]
fn a_folder_among_the_uploads_does_not_keep_the_store_from_opening() {
    let temp = tempfile::tempdir().expect("a directory");
    let incoming = open(temp.path()).dir.incoming();
    fs::create_dir(incoming.join("folder")).expect("made");
    fs::write(incoming.join("left"), "by a crash").expect("a file");
    drop(open(temp.path()));
    assert!(incoming.join("folder").exists());
    assert!(!incoming.join("left").exists());
}

/// Stores a blob whose row is never written.
fn keep_without_row(opened: &Opened, content: &[u8]) -> Sha256 {
    let mut incoming = opened.blobs.incoming().expect("an upload");
    incoming.write_all(content).expect("it arrives");
    let kept = opened.blobs.keep(incoming).expect("it is kept");
    kept.sha256()
}

#[test]
fn r2_what_a_kill_leaves_without_a_row_is_known_at_the_next_start() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    let (named, unnamed) = (
        keep_without_row(&opened, b"named"),
        keep_without_row(&opened, b"unnamed"),
    );
    let notes = || fs::read_dir(opened.dir.incoming()).map(Iterator::count);
    assert_eq!(notes().expect("a directory"), 2);
    let blobs = Blobs::new(&opened.dir, Arc::new(RealDisk)).expect("they open");
    let mut looked_at = Vec::new();
    let swept = blobs.settle(|sum| {
        looked_at.push(*sum);
        Ok(*sum == named)
    });
    assert_eq!(swept.expect("a sweep").removed, 1);
    assert_eq!(looked_at.len(), 2);
    assert_eq!(blobs.verify(&named).expect("it is read"), Some(true));
    assert_eq!(blobs.verify(&unnamed).expect("no blob"), None);
    assert_eq!(notes().expect("a directory"), 0);
    let nothing = blobs.settle(|_| panic!("nothing is left to look at"));
    assert_eq!(nothing.expect("a sweep").removed, 0);
}

#[test]
fn what_should_go_during_a_pause_goes_after_it() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    let sum = keep_without_row(&opened, b"blob");
    opened.blobs.settle(|_| Ok(true)).expect("it has a row");
    let pause = opened.blobs.pause_removal();
    let remove = |_: &Sha256| Ok(false);
    let removed = opened.blobs.remove_if_unreferenced(&sum, remove);
    assert!(!removed.expect("a sweep"));
    drop(pause);
    assert_eq!(opened.blobs.settle(remove).expect("a sweep").removed, 1);
    assert_eq!(opened.blobs.verify(&sum).expect("no blob"), None);
}

#[test]
fn what_could_not_be_removed_is_tried_again() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let sum = keep_without_row(&opened, b"blob");
    opened.blobs.settle(|_| Ok(true)).expect("it has a row");
    let remove = |_: &Sha256| Ok(false);
    disk.fail(1, Fault::Io, false);
    let removed = opened.blobs.remove_if_unreferenced(&sum, remove);
    assert!(removed.is_err(), "{removed:?}");
    assert_eq!(opened.blobs.verify(&sum).expect("it is read"), Some(true));
    assert_eq!(opened.blobs.settle(remove).expect("a sweep").removed, 1);
}

#[test]
fn r17_a_pinned_blob_is_not_removed() {
    let temp = tempfile::tempdir().expect("a directory");
    let blobs = open(temp.path()).blobs;
    let keep = || {
        let mut incoming = blobs.incoming().expect("an upload");
        incoming.write_all(b"blob").expect("it arrives");
        blobs.keep(incoming).expect("it is kept")
    };
    let (first, second) = (keep(), keep());
    let sweep = || {
        blobs
            .remove_unreferenced(|_| Ok(false))
            .expect("a sweep")
            .removed
    };
    assert_eq!(sweep(), 0);
    drop(first);
    assert_eq!(sweep(), 0, "the second pin holds it");
    drop(second);
    let pause = blobs.pause_removal();
    assert_eq!(sweep(), 0);
    drop(pause);
    let kept_by_row = blobs.remove_unreferenced(|_| Ok(true)).expect("a sweep");
    assert_eq!(kept_by_row.removed, 0);
    assert_eq!(sweep(), 1);
    assert!(blobs.open(&Sha256::of(b"blob")).expect("no blob").is_none());
}

#[test]
fn r17_publishing_and_deleting_the_same_blob_while_sweeping() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open_on(temp.path(), Arc::new(FaultyDisk::default())).expect("it opens");
    let sum = Sha256::of(b"the same");
    let is_named = |_: &Sha256| {
        let mut rows = opened.store.scan_keys::<Packages>(&Prefix::all());
        Ok(rows.next().is_some())
    };
    std::thread::scope(|scope| {
        let publishers: Vec<_> = (0..2_u32)
            .map(|writer| {
                let opened = &opened;
                scope.spawn(move || {
                    for _ in 0..300 {
                        let mut incoming = opened.blobs.incoming().expect("an upload");
                        incoming.write_all(b"the same").expect("it arrives");
                        let kept = opened.blobs.keep(incoming).expect("it is kept");
                        let row = Package {
                            version: 1,
                            blob: Some(sum),
                        };
                        let key = ("acme".to_owned(), writer);
                        let write = opened
                            .store
                            .write(stamp("publish"), |tx| tx.put::<Packages>(&key, &row));
                        write.expect("it is written");
                        drop(kept);
                        let there = opened.blobs.verify(&sum).expect("it is read");
                        assert_eq!(there, Some(true), "a row names it");
                        let key = ("acme".to_owned(), writer);
                        let write = opened
                            .store
                            .write(stamp("delete"), |tx| tx.remove::<Packages>(&key).map(drop));
                        write.expect("it is written");
                    }
                })
            })
            .collect();
        while publishers.iter().any(|publisher| !publisher.is_finished()) {
            opened.blobs.remove_unreferenced(is_named).expect("a sweep");
        }
    });
}

#[test]
fn r17_a_blob_stays_while_its_row_can_come_back() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let mut incoming = opened.blobs.incoming().expect("an upload");
    incoming.write_all(b"blob").expect("it arrives");
    let kept = opened.blobs.keep(incoming).expect("it is kept");
    let sum = kept.sha256();
    let (key, row) = (
        ("acme".to_owned(), 1),
        Package {
            version: 1,
            blob: Some(sum),
        },
    );
    let write = opened
        .store
        .write(stamp("publish"), |tx| tx.put::<Packages>(&key, &row));
    write.expect("it is written");
    drop(kept);
    // The record of the deletion is written, but not synced.
    disk.fail(2, Fault::Io, false);
    let deleted = opened
        .store
        .write(stamp("delete"), |tx| tx.remove::<Packages>(&key).map(drop));
    assert!(deleted.is_err(), "it was not synced");
    assert!(opened.store.contains::<Packages>(&key).expect("a row"));
    let removed = opened.blobs.remove_unreferenced(|_| Ok(false));
    assert!(removed.is_err(), "{removed:?}");
    assert_eq!(opened.blobs.verify(&sum).expect("it is read"), Some(true));
}
