//! Tests what the store promises when nothing fails.

use std::fs;
use std::sync::Arc;

use terrakeep::storage::{
    Counter, DataDir, Prefix, RealDisk, Recovery, Store, StoreError, Table, TableInfo,
};

use super::faulty_disk::FaultyDisk;
use super::sim_disk::{Mode, SimDisk};
use super::support::{
    Derived, Hits, Notes, Package, Packages, now, open, open_on, options, stamp, verify_all,
};

fn note(store: &Store, key: u64, text: &str) {
    let write = store.write(stamp("note"), |tx| tx.put::<Notes>(&key, &text.to_owned()));
    write.expect("it is written");
}

fn package(store: &Store, name: &str, number: u32) {
    let row = Package {
        version: 1,
        blob: None,
    };
    let key = (name.to_owned(), number);
    let write = store.write(stamp("publish"), |tx| tx.put::<Packages>(&key, &row));
    write.expect("it is written");
}

#[test]
fn scans_keep_to_their_prefix_and_run_both_ways() {
    let temp = tempfile::tempdir().expect("a directory");
    let store = open(temp.path()).store;
    for (name, number) in [
        ("acme", 2),
        ("acme", 1),
        ("acme2", 7),
        ("acme", 3),
        ("zoo", 9),
    ] {
        package(&store, name, number);
    }
    let acme = Prefix::of(|key| key.text("acme"));
    let numbers = |keys: Vec<Result<(String, u32), StoreError>>| -> Vec<u32> {
        keys.into_iter().map(|key| key.expect("a key").1).collect()
    };
    let forward: Vec<_> = store.scan_keys::<Packages>(&acme).collect();
    assert_eq!(numbers(forward), [1, 2, 3]);
    let backward: Vec<_> = store.scan_keys::<Packages>(&acme).rev().collect();
    assert_eq!(numbers(backward), [3, 2, 1]);
    let rows: Vec<u32> = store
        .scan::<Packages>(&acme)
        .map(|row| row.expect("a row").0.1)
        .collect();
    assert_eq!(rows, [1, 2, 3]);
    assert_eq!(store.scan::<Packages>(&Prefix::all()).count(), 5);
}

#[test]
fn a_write_sees_its_own_changes_in_order() {
    let temp = tempfile::tempdir().expect("a directory");
    let store = open(temp.path()).store;
    (0..6).for_each(|key| note(&store, key * 10, "old"));
    let seen: Result<_, StoreError> = store.write(stamp("mix"), |tx| {
        assert!(tx.remove::<Notes>(&20)?);
        assert!(!tx.remove::<Notes>(&21)?);
        tx.put::<Notes>(&15, &"new".to_owned())?;
        tx.put::<Notes>(&30, &"changed".to_owned())?;
        tx.put::<Notes>(&99, &"last".to_owned())?;
        assert_eq!(tx.get::<Notes>(&30)?.as_deref(), Some("changed"));
        assert_eq!(tx.get::<Notes>(&20)?, None);
        let forward: Vec<u64> = tx
            .scan_keys::<Notes>(&Prefix::all())
            .collect::<Result<_, _>>()?;
        let mut backward: Vec<u64> = tx
            .scan_keys::<Notes>(&Prefix::all())
            .rev()
            .collect::<Result<_, _>>()?;
        backward.reverse();
        assert_eq!(forward, backward);
        // From both ends by turns, no row comes twice or is missed.
        let mut scan = tx.scan_keys::<Notes>(&Prefix::all());
        let (mut low, mut high) = (Vec::new(), Vec::new());
        while let Some(key) = scan.next() {
            low.push(key?);
            high.extend(scan.next_back().transpose()?);
        }
        low.extend(high.into_iter().rev());
        assert_eq!(low, forward);
        Ok(forward)
    });
    assert_eq!(seen.expect("it is written"), [0, 10, 15, 30, 40, 50, 99]);
}

#[test]
fn a_refused_write_leaves_nothing() {
    let temp = tempfile::tempdir().expect("a directory");
    let store = open(temp.path()).store;
    let before = store.sequence();
    let refused: Result<(), StoreError> = store.write(stamp("refused"), |tx| {
        tx.put::<Notes>(&1, &"never".to_owned())?;
        Err(StoreError::Closed)
    });
    assert!(refused.is_err());
    assert_eq!(store.get::<Notes>(&1).expect("no row"), None);
    let nothing: Result<(), StoreError> = store.write(stamp("nothing"), |_| Ok(()));
    nothing.expect("nothing is written");
    assert_eq!(store.sequence(), before);
}

#[test]
fn a_row_beyond_the_limit_is_refused() {
    let temp = tempfile::tempdir().expect("a directory");
    let store = open(temp.path()).store;
    let write =
        |bytes: usize| store.write(stamp("large"), |tx| tx.put::<Notes>(&1, &"x".repeat(bytes)));
    write(32 * 1024 - 2).expect("the quotes make it 32 KiB");
    assert!(matches!(
        write(32 * 1024 - 1),
        Err(StoreError::RowTooLarge { .. })
    ));
}

#[test]
fn a_mark_changes_with_its_group_and_is_set_before_the_answer() {
    let temp = tempfile::tempdir().expect("a directory");
    let store = open(temp.path()).store;
    let revision =
        |name: &'static str| store.revision::<Packages>(&Prefix::of(|key| key.text(name)));
    let (acme, other, whole) = (
        revision("acme"),
        revision("other"),
        store.revision::<Packages>(&Prefix::all()),
    );
    package(&store, "acme", 1);
    assert_ne!(revision("acme"), acme);
    assert_eq!(revision("other"), other);
    assert_ne!(
        store.revision::<Packages>(&Prefix::all()),
        whole,
        "too short a prefix is never stale"
    );
    let exact = Prefix::key(&("acme".to_owned(), 1_u32));
    assert_eq!(store.revision::<Packages>(&exact), revision("acme"));
    let notes = store.revision::<Notes>(&Prefix::all());
    note(&store, 1, "x");
    assert_ne!(store.revision::<Notes>(&Prefix::all()), notes);
}

#[test]
fn what_was_read_with_an_unchanged_mark_is_never_stale() {
    let temp = tempfile::tempdir().expect("a directory");
    let store = open_on(temp.path(), Arc::new(FaultyDisk::default()))
        .expect("it opens")
        .store;
    let read = || -> u64 {
        let row = store.get::<Notes>(&0).expect("a row");
        row.map_or(0, |text| text.parse().expect("a number"))
    };
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| (1..=2000_u64).for_each(|n| note(&store, 0, &n.to_string())));
        let (mut revision, mut cached) = (store.revision::<Notes>(&Prefix::all()), read());
        while !writing.is_finished() {
            let before = read();
            let now = store.revision::<Notes>(&Prefix::all());
            if now != revision {
                (revision, cached) = (now, read());
            } else if before > cached {
                // The row was new before the revision was: the writer is just between the two, and
                // has not been answered. The revision must follow.
                while store.revision::<Notes>(&Prefix::all()) == revision && !writing.is_finished()
                {
                    std::thread::yield_now();
                }
                assert_ne!(store.revision::<Notes>(&Prefix::all()), revision);
            }
        }
    });
}

/// Returns a count, including what is not written yet.
fn count_of(store: &Store, key: &String) -> u64 {
    let counts = store.counts::<Hits>(&Prefix::key(key)).expect("counts");
    counts.first().map_or(0, |(_, count)| *count)
}

#[test]
fn counts_are_added_up_and_written_together() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    let store = &opened.store;
    let key = |name: &str| name.to_owned();
    store.count(&Counter::of::<Hits>(&key("a")), 2);
    store.flush_counters(now()).expect("they are written");
    store.count(&Counter::of::<Hits>(&key("a")), 3);
    store.count(&Counter::of::<Hits>(&key("b")), 1);
    assert_eq!(count_of(store, &key("a")), 5);
    let counts = store.counts::<Hits>(&Prefix::all()).expect("counts");
    assert_eq!(counts, [(key("a"), 5), (key("b"), 1)]);
    let before = store.sequence();
    store.flush_counters(now()).expect("they are written");
    store.flush_counters(now()).expect("nothing is written");
    assert_eq!(store.sequence(), before + 1);
    store.close().expect("it closes");
    drop(opened);
    let store = open(temp.path()).store;
    assert_eq!(store.get::<Hits>(&key("a")).expect("a count"), Some(5));
}

#[test]
fn readers_never_see_a_count_go_back() {
    let temp = tempfile::tempdir().expect("a directory");
    let store = open_on(temp.path(), Arc::new(FaultyDisk::default()))
        .expect("it opens")
        .store;
    let key = "a".to_owned();
    std::thread::scope(|scope| {
        let counting = scope.spawn(|| {
            for _ in 0..300 {
                store.count(&Counter::of::<Hits>(&key), 1);
                store.flush_counters(now()).expect("they are written");
            }
        });
        let mut last = 0;
        while !counting.is_finished() {
            let count = count_of(&store, &key);
            assert!((last..=300).contains(&count), "{last}, then {count}");
            last = count;
        }
    });
    assert_eq!(count_of(&store, &key), 300);
}

#[test]
fn a_killed_store_catches_up_and_a_closed_one_need_not() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    note(&opened.store, 1, "kept");
    drop(opened);
    let opened = open(temp.path());
    assert!(!matches!(opened.store.recovery(), Recovery::Rebuilt { .. }));
    assert_eq!(
        opened.store.get::<Notes>(&1).expect("a row").as_deref(),
        Some("kept")
    );
    opened.store.close().expect("it closes");
    assert!(matches!(
        opened.store.get::<Notes>(&1),
        Err(StoreError::Closed)
    ));
    assert!(matches!(
        opened.store.scan::<Notes>(&Prefix::all()).next(),
        Some(Err(StoreError::Closed))
    ));
    drop(opened);
    assert_eq!(open(temp.path()).store.recovery(), Recovery::Current);
}

#[test]
fn after_another_boot_only_a_closed_index_is_trusted() {
    let temp = tempfile::tempdir().expect("a directory");
    let boot = |number| Arc::new(SimDisk::new(temp.path(), Mode::Ext4, number));
    let opened = open_on(temp.path(), boot(1)).expect("it opens");
    note(&opened.store, 1, "kept");
    drop(opened);
    let opened = open_on(temp.path(), boot(2)).expect("it opens");
    assert_eq!(opened.store.recovery(), Recovery::Rebuilt { records: 1 });
    opened.store.close().expect("it closes");
    drop(opened);
    let opened = open_on(temp.path(), boot(3)).expect("it opens");
    assert_eq!(opened.store.recovery(), Recovery::Current);
    assert_eq!(
        opened.store.get::<Notes>(&1).expect("a row").as_deref(),
        Some("kept")
    );
    note(&opened.store, 2, "written after the clean stop");
    drop(opened);
    let opened = open_on(temp.path(), boot(4)).expect("it opens");
    assert_eq!(opened.store.recovery(), Recovery::Rebuilt { records: 2 });
}

#[test]
fn a_copy_of_a_running_store_does_not_trust_the_index() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    note(&opened.store, 1, "kept");
    drop(opened);
    let index = temp.path().join("index");
    let copy = temp.path().join("index copy");
    fs::create_dir(&copy).expect("a directory");
    for name in ["boot", "db", "conf"] {
        fs::copy(index.join(name), copy.join(name)).expect("a copy");
    }
    fs::remove_dir_all(&index).expect("it goes");
    fs::rename(&copy, &index).expect("it is replaced");
    let opened = open(temp.path());
    assert_eq!(opened.store.recovery(), Recovery::Rebuilt { records: 1 });
}

#[test]
fn an_interrupted_snapshot_of_the_index_does_no_harm() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    note(&opened.store, 1, "kept");
    opened.store.close().expect("it closes");
    drop(opened);
    let half = temp.path().join("index/snap.00000000000000FF.generating");
    fs::write(half, "half").expect("a file");
    let opened = open(temp.path());
    assert_eq!(opened.store.recovery(), Recovery::Current);
}

#[test]
fn derived_rows_are_in_the_index_only() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    let write = opened.store.write(stamp("derive"), |tx| {
        tx.put::<Derived>(&1, &"made from others".to_owned())
    });
    write.expect("it is written");
    assert_eq!(opened.store.sequence(), 0);
    assert!(opened.store.contains::<Derived>(&1).expect("a row"));
    note(&opened.store, 1, "x");
    opened.store.checkpoint(now()).expect("a checkpoint");
    opened.store.close().expect("it closes");
    drop(opened);
    assert!(verify_all(temp.path()).problems.is_empty());
    assert!(
        open(temp.path())
            .store
            .contains::<Derived>(&1)
            .expect("a row")
    );
    fs::remove_dir_all(temp.path().join("index")).expect("the index goes");
    let store = open(temp.path()).store;
    assert!(!store.contains::<Derived>(&1).expect("no row"));
    assert!(matches!(store.recovery(), Recovery::Rebuilt { .. }));
}

#[test]
fn the_journal_can_be_read_by_a_person() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    package(&opened.store, "acme", 1);
    let text = fs::read_to_string(temp.path().join("journal/000001.log")).expect("it is text");
    let expected = "{\"at\":\"2023-11-14T22:13:20.000000Z\",\"actor\":{\"kind\":\"operator\"},\
        \"action\":\"publish\",\"puts\":[[\"packages\",\"acme%00%00%00%00%01\",\
        {\"version\":1,\"blob\":null}]],\"removes\":[]}\n";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn rows_of_an_unknown_table_are_not_passed_over() {
    const NONE: &[TableInfo] = &[TableInfo::of::<Packages>()];
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    note(&opened.store, 1, "from the future");
    drop(opened);
    fs::remove_dir_all(temp.path().join("index")).expect("the index goes");
    let dir = DataDir::open(temp.path(), &RealDisk).expect("it opens");
    let mut older = options();
    older.tables = NONE;
    let error = Store::open(&dir, Arc::new(RealDisk), older, |_| {})
        .err()
        .expect("it is refused");
    assert!(error.to_string().contains(Notes::NAME), "{error}");
}
