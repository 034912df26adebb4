//! One sync serves all writers that wait.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use terrakeep::storage::{Prefix, Store, StoreError};

use super::faulty_disk::FaultyDisk;
use super::support::{Notes, open_on, options, stamp};

const WRITERS: u64 = 32;
const WRITES: u64 = 50;

#[test]
fn many_writers_share_syncs() {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let before = disk.syncs();
    let start = Barrier::new(usize::try_from(WRITERS).expect("few"));
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (store, start) = (&opened.store, &start);
            scope.spawn(move || {
                start.wait();
                for number in 0..WRITES {
                    let key = writer * WRITES + number;
                    store
                        .write(stamp("note"), |tx| tx.put::<Notes>(&key, &"x".repeat(50)))
                        .expect("it is written");
                }
            });
        }
    });
    let (syncs, writes) = (disk.syncs() - before, WRITERS * WRITES);
    assert!(syncs < writes, "{syncs} syncs for {writes} writes");
    let rows = opened.store.scan_keys::<Notes>(&Prefix::all()).count();
    assert_eq!(u64::try_from(rows).expect("few"), writes);
    assert_eq!(opened.store.sequence(), writes);
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
