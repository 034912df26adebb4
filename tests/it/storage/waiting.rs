//! Tests that what requests ask of the store at every moment never waits for the disk: while one
//! writer holds the writers' lock and waits for a sync, everybody else counts, reads and measures.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use terrakeep::storage::{Counter, Prefix, Store};

use super::faulty_disk::FaultyDisk;
use super::support::{Hits, Notes, now, open_on, options, stamp};

/// Far more than any of the answers needs, and far less than for ever.
const AT_ONCE: Duration = Duration::from_secs(20);

/// Makes the disk hold its syncs while a record waits for one and `writing` waits for the next, as
/// it must when it begins a new segment of the journal; then runs `test`.
fn while_the_disk_is_slow(writing: fn(&Store), test: impl FnOnce(Store) + Send + 'static) {
    let temp = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let opened = open_on(temp.path(), Arc::new(disk.clone())).expect("it opens");
    let store = &opened.store;
    store.count(&hits(), 1);
    disk.hold_syncs();
    let (done, ended) = mpsc::channel();
    let ended = std::thread::scope(|scope| {
        let full = usize::try_from(options().segment_bytes).expect("it fits");
        let note = "x".repeat(full);
        scope.spawn(move || {
            let noted = store.write(stamp("note"), |tx| tx.put::<Notes>(&1, &note));
            noted.expect("it is written");
        });
        while store.get::<Notes>(&1).expect("it is read").is_none() {
            std::thread::yield_now();
        }
        scope.spawn(move || writing(store));
        // It has no sign of its own; the test passes as well if it comes later.
        std::thread::sleep(Duration::from_millis(200));
        let asked = store.clone();
        std::thread::spawn(move || {
            test(asked);
            done.send(()).unwrap_or_default();
        });
        let ended = ended.recv_timeout(AT_ONCE);
        disk.release_syncs();
        ended
    });
    ended.expect("no answer waits for the disk");
}

fn hits() -> Counter {
    Counter::of::<Hits>(&"home".to_owned())
}

fn counted(store: &Store) -> u64 {
    let counts = store.counts::<Hits>(&Prefix::all()).expect("counts");
    counts.iter().map(|(_, count)| count).sum()
}

#[test]
fn p11_whoever_counts_while_counts_are_written_to_a_slow_disk_does_not_wait() {
    let flush = |store: &Store| store.flush_counters(now()).expect("they are written");
    while_the_disk_is_slow(flush, |store| {
        store.count(&hits(), 2);
        assert_eq!(counted(&store), 3);
    });
}

#[test]
fn p11_measuring_does_not_wait_for_the_writer_that_waits_for_the_disk() {
    let write = |store: &Store| {
        let noted = store.write(stamp("note"), |tx| tx.put::<Notes>(&2, &String::new()));
        noted.expect("it is written");
    };
    while_the_disk_is_slow(write, |store| {
        assert_eq!(store.sequence(), 1);
        assert_eq!(store.place().sequence(), 1);
        assert_eq!(store.health(), Ok(()));
        assert_eq!(store.is_read_only(), None);
        assert!(store.get::<Notes>(&1).expect("it is read").is_some());
    });
}

#[test]
fn a_reader_of_counts_never_sees_one_twice_or_misses_one() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open_on(temp.path(), Arc::new(FaultyDisk::default())).expect("it opens");
    let (store, made, stop) = (&opened.store, AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let counting = scope.spawn(|| {
            for _ in 0..20_000 {
                store.count(&hits(), 1);
                made.fetch_add(1, Ordering::SeqCst);
            }
            stop.store(true, Ordering::SeqCst);
        });
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                store.flush_counters(now()).expect("they are written");
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let before = made.load(Ordering::SeqCst);
                    let seen = counted(store);
                    // The one that is being counted may be seen before its maker says so.
                    let after = made.load(Ordering::SeqCst) + 1;
                    assert!(
                        (before..=after).contains(&seen),
                        "{before}..={after}: {seen}"
                    );
                }
            });
        }
        counting.join().expect("it counts");
    });
    store.flush_counters(now()).expect("they are written");
    assert_eq!(counted(store), 20_000);
}
