//! Tests that one sync serves all writers that wait.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use terrakeep::storage::{Prefix, Store, StoreError};

use super::faulty_disk::FaultyDisk;
use super::support::{Notes, open_on, options, stamp};

const WRITERS: u64 = 32;
const WRITES: u64 = 50;

#[test]
fn writers_that_wait_share_a_sync() {
    // So few that their records fit into one segment.
    const WAITING: u64 = 8;
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let (store, before) = (&opened.store, disk.syncs());
    disk.hold_syncs();
    std::thread::scope(|scope| {
        for key in 0..WAITING {
            scope.spawn(move || note(store, key));
        }
        while store.sequence() < WAITING {
            std::thread::yield_now();
        }
        disk.release_syncs();
    });
    // One that had begun with some of them, and one for the rest.
    let syncs = disk.syncs() - before;
    assert!((1..=2).contains(&syncs), "{syncs} syncs");
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open_on(temp.path(), Arc::new(FaultyDisk::default())).expect("it opens");
    let (store, start) = (
        &opened.store,
        &Barrier::new(usize::try_from(WRITERS).expect("few")),
    );
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                start.wait();
                (0..WRITES).for_each(|number| note(store, writer * WRITES + number));
            });
        }
    });
    let rows = store.scan_keys::<Notes>(&Prefix::all()).count();
    assert_eq!(u64::try_from(rows).expect("few"), WRITERS * WRITES);
    assert_eq!(store.sequence(), WRITERS * WRITES);
}

fn note(store: &Store, key: u64) {
    store
        .write(stamp("note"), |tx| tx.put::<Notes>(&key, &"x".repeat(50)))
        .expect("it is written");
}

#[test]
fn a_write_sees_the_write_before_it() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open_on(temp.path(), Arc::new(FaultyDisk::default())).expect("it opens");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..100).for_each(|_| increment(&opened.store)));
        }
    });
    let total = opened.store.get::<Notes>(&0).expect("a row");
    assert_eq!(total.as_deref(), Some("400"));
}

fn increment(store: &Store) {
    let written: Result<(), StoreError> = store.write(stamp("increment"), |tx| {
        let text = tx.get::<Notes>(&0)?.unwrap_or_else(|| "0".to_owned());
        let number: u64 = text.parse().expect("a number");
        tx.put::<Notes>(&0, &(number + 1).to_string())
    });
    written.expect("it is written");
}

#[test]
fn too_many_waiting_writes_are_refused() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = Arc::new(FaultyDisk::default());
    let dir = terrakeep::storage::DataDir::open(temp.path(), &*disk).expect("it opens");
    let limited = terrakeep::storage::StoreOptions {
        waiting_writes_limit: 1,
        ..options()
    };
    let store = Store::open(&dir, disk, limited, |_| {}).expect("it opens");
    let (inside, may_end) = (Barrier::new(2), Barrier::new(2));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            store
                .write(stamp("slow"), |tx| {
                    inside.wait();
                    may_end.wait();
                    tx.put::<Notes>(&1, &"slow".to_owned())
                })
                .expect("it is written");
        });
        inside.wait();
        let refused: Result<(), StoreError> = store.write(stamp("one too many"), |_| Ok(()));
        assert!(
            matches!(refused, Err(StoreError::Busy { .. })),
            "{refused:?}"
        );
        may_end.wait();
    });
}

#[test]
fn nobody_is_told_what_a_power_loss_could_undo() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let store = &opened.store;
    disk.hold_syncs();
    let (has_read, told) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            increment(store);
            told.fetch_add(1, Ordering::SeqCst);
        });
        while !store.contains::<Notes>(&0).expect("a row") {
            std::thread::yield_now();
        }
        // It changes nothing, but its caller will rely on what it has read.
        scope.spawn(|| {
            let read: Result<bool, StoreError> = store.write(stamp("look"), |tx| {
                has_read.store(true, Ordering::SeqCst);
                tx.contains::<Notes>(&0)
            });
            assert!(read.expect("it is read"));
            told.fetch_add(1, Ordering::SeqCst);
        });
        while !has_read.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        (0..2_000).for_each(|_| std::thread::yield_now());
        let early = told.load(Ordering::SeqCst);
        disk.release_syncs();
        assert_eq!(early, 0, "told before the sync");
    });
    assert_eq!(told.load(Ordering::SeqCst), 2);
}
