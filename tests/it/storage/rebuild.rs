//! Tests that the index rebuilt from the journal has the same rows.

use std::fs;

use proptest::prelude::*;
use terrakeep::storage::{Counter, DataDir, RealDisk, Recovery, StoreError, rebuild_index};

use super::support::{Hits, Notes, Package, Packages, contents, now, open, options, stamp};

#[derive(Debug, Clone)]
enum Step {
    Put(u64, String),
    Remove(u64),
    Several(Vec<(u8, Option<u64>)>),
    Refused(u64),
    Count(u8, u64),
    FlushCounters,
    Checkpoint,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u64..20, "\\PC{0,30}").prop_map(|(key, text)| Step::Put(key, text)),
        2 => (0_u64..20).prop_map(Step::Remove),
        3 => prop::collection::vec((0_u8..6, prop::option::of(0_u64..100)), 1..5)
            .prop_map(Step::Several),
        1 => (0_u64..20).prop_map(Step::Refused),
        1 => (0_u8..4, 1_u64..10).prop_map(|(key, by)| Step::Count(key, by)),
        1 => Just(Step::FlushCounters),
        1 => Just(Step::Checkpoint),
        1 => Just(Step::Reopen),
    ]
}

fn several(
    tx: &mut terrakeep::storage::Tx<'_>,
    rows: &[(u8, Option<u64>)],
) -> Result<(), StoreError> {
    for (key, version) in rows {
        let key = (format!("äöü/{key}"), u32::from(*key));
        match version {
            Some(version) => {
                let row = Package {
                    version: *version,
                    blob: None,
                };
                tx.put::<Packages>(&key, &row)?;
            }
            None => drop(tx.remove::<Packages>(&key)?),
        }
    }
    Ok(())
}

fn apply(opened: &super::support::Opened, step: &Step) {
    let store = &opened.store;
    match step {
        Step::Put(key, text) => store.write(stamp("put"), |tx| tx.put::<Notes>(key, text)),
        Step::Remove(key) => store.write(stamp("remove"), |tx| tx.remove::<Notes>(key).map(drop)),
        Step::Several(rows) => store.write(stamp("several"), |tx| several(tx, rows)),
        Step::Refused(key) => {
            let refused: Result<(), StoreError> = store.write(stamp("refused"), |tx| {
                tx.put::<Notes>(key, &"never".to_owned())?;
                Err(StoreError::Closed)
            });
            assert!(refused.is_err());
            Ok(())
        }
        Step::Count(key, by) => {
            store.count(&Counter::of::<Hits>(&key.to_string()), *by);
            Ok(())
        }
        Step::FlushCounters => store.flush_counters(now()),
        Step::Checkpoint => store.checkpoint(now()),
        Step::Reopen => Ok(()),
    }
    .expect("the step succeeds");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_journal_leads_to_the_same_rows(steps in prop::collection::vec(step(), 1..60)) {
        let temp = tempfile::tempdir().expect("a directory");
        let mut opened = open(temp.path());
        for step in &steps {
            if matches!(step, Step::Reopen) {
                drop(opened);
                opened = open(temp.path());
            }
            apply(&opened, step);
        }
        opened.store.flush_counters(now()).expect("counters are written");
        let expected = contents(&opened.store);
        opened.store.close().expect("it closes");
        drop(opened);
        let dir = DataDir::open(temp.path(), &RealDisk).expect("it opens");
        // Once from the newest checkpoint, once from the first record on.
        for with_checkpoints in [true, false] {
            if !with_checkpoints {
                remove_checkpoints(&dir);
            }
            rebuild_index(&dir, std::sync::Arc::new(RealDisk), options(), |_| {}).expect("rebuilt");
            let store = terrakeep::storage::Store::open(
                &dir, std::sync::Arc::new(RealDisk), options(), |_| {},
            ).expect("it opens");
            prop_assert_eq!(store.recovery(), Recovery::Current);
            prop_assert_eq!(contents(&store), expected.clone());
            store.close().expect("it closes");
        }
        drop(dir);
        let report = super::support::verify_all(temp.path());
        prop_assert!(report.problems.is_empty(), "{:?}", report);
    }
}

fn remove_checkpoints(dir: &DataDir) {
    for entry in fs::read_dir(dir.journal()).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "checkpoint")
        {
            fs::remove_file(path).expect("it goes");
        }
    }
}

#[test]
fn a_checkpoint_under_writes_leads_to_the_same_rows() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for number in 0..400_u64 {
                let key = number % 40;
                let write = opened.store.write(stamp("write"), |tx| match number % 3 {
                    0 => tx.remove::<Notes>(&key).map(drop),
                    _ => tx.put::<Notes>(&key, &number.to_string()),
                });
                write.expect("it is written");
            }
        });
        while !writing.is_finished() {
            opened.store.checkpoint(now()).expect("a checkpoint");
        }
    });
    let expected = contents(&opened.store);
    opened.store.close().expect("it closes");
    drop(opened);
    fs::remove_dir_all(temp.path().join("index")).expect("the index goes");
    let opened = open(temp.path());
    assert!(matches!(opened.store.recovery(), Recovery::Rebuilt { .. }));
    assert_eq!(contents(&opened.store), expected);
}
