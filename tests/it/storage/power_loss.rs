//! Tests R3: no acknowledged write is lost in a power failure.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crate::long_form;
use terrakeep::domain::Sha256;
use terrakeep::storage::{Prefix, RealDisk};

use super::sim_disk::{Mode, SimDisk};
use super::support::{Opened, Package, Packages, Random, now, open_on, stamp, verify_all};

const WRITERS: u64 = 3;
const KEYS: u64 = 6;

/// The values that a key may have after the power came back: the last acknowledged state, or one of
/// those that were requested after it.
#[derive(Debug, Clone, Default)]
struct Expected {
    possible: Vec<Option<Package>>,
}

type Promises = BTreeMap<(String, u32), Expected>;

/// Runs rounds of publishing and deleting. Each ends by a power loss, three in a row on the same
/// data. Returns a text about what was lost.
pub(crate) fn rounds(seed: u64, rounds: u64, mode: Mode) -> Vec<String> {
    (0..rounds)
        .flat_map(|round| one_round(seed.wrapping_add(round), mode, false))
        .collect()
}

fn one_round(seed: u64, mode: Mode, lying: bool) -> Vec<String> {
    let temp = tempfile::tempdir().expect("a directory");
    let mut random = Random(seed);
    let mut root = temp.path().join("0");
    std::fs::create_dir(&root).expect("a directory");
    let mut promises = Promises::new();
    let mut losses = Vec::new();
    for generation in 1..=3 {
        let disk = if lying {
            SimDisk::lying(&root, mode, generation)
        } else {
            SimDisk::new(&root, mode, generation)
        };
        disk.crash_at(20 + random.below(800));
        run_until_crash(&root, &disk, &mut random, &mut promises);
        let next = temp.path().join(generation.to_string());
        disk.cut_power(&next, &mut random);
        root = next;
        let found = check(&root, mode, generation, &mut promises);
        losses.extend(
            found
                .into_iter()
                .map(|loss| format!("seed {seed}, {mode:?}, power loss {generation}: {loss}")),
        );
        if !losses.is_empty() {
            break;
        }
    }
    losses
}

fn run_until_crash(root: &Path, disk: &SimDisk, random: &mut Random, promises: &mut Promises) {
    let Ok(opened) = open_on(root, Arc::new(disk.clone())) else {
        assert!(disk.crashed(), "a whole disk opens");
        return;
    };
    let parts = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let mine = take(promises, &format!("writer{writer}"));
                let (opened, random) = (&opened, Random(random.next()));
                scope.spawn(move || write_until_crash(opened, writer, random, mine))
            })
            .collect();
        writers
            .into_iter()
            .map(|writer| writer.join().expect("a writer does not panic"))
            .collect::<Vec<_>>()
    });
    promises.extend(parts.into_iter().flatten());
}

fn take(promises: &mut Promises, writer: &str) -> Promises {
    let (mine, others) = std::mem::take(promises)
        .into_iter()
        .partition(|((owner, _), _)| owner == writer);
    *promises = others;
    mine
}

fn write_until_crash(
    opened: &Opened,
    writer: u64,
    mut random: Random,
    mut promises: Promises,
) -> Promises {
    for version in 0.. {
        let number = u32::try_from(random.below(KEYS)).expect("few");
        let key = (format!("writer{writer}"), number);
        let row = Package {
            version,
            blob: None,
        };
        let row = Some(row).filter(|_| !random.chance(25));
        let promise = promises.entry(key.clone()).or_default();
        if promise.possible.is_empty() {
            promise.possible.push(None);
        }
        match publish_or_delete(opened, &key, row, &mut random, promise) {
            Ok(acknowledged) => promise.possible = vec![acknowledged],
            Err(_) => break,
        }
        if random.chance(5) && opened.store.checkpoint_if_due(now()).is_err() {
            break;
        }
    }
    promises
}

fn publish_or_delete(
    opened: &Opened,
    key: &(String, u32),
    row: Option<Package>,
    random: &mut Random,
    promise: &mut Expected,
) -> Result<Option<Package>, Box<dyn std::error::Error>> {
    let Some(mut row) = row else {
        promise.possible.push(None);
        let old = opened.store.write(stamp("delete"), |tx| {
            let old = tx.get::<Packages>(key)?;
            tx.remove::<Packages>(key)?;
            Ok::<_, terrakeep::storage::StoreError>(old)
        })?;
        if let Some(blob) = old.and_then(|old| old.blob) {
            opened
                .blobs
                .remove_if_unreferenced(&blob, |sum| Ok(names(opened).contains(sum)))?;
        }
        return Ok(None);
    };
    let mut incoming = opened.blobs.incoming()?;
    // Few different contents, so that uploads meet blobs that are there or just going.
    let content = vec![u8::try_from(random.below(8)).expect("few"); 500];
    incoming.write_all(&content)?;
    let kept = opened.blobs.keep(incoming)?;
    row.blob = Some(kept.sha256());
    promise.possible.push(Some(row.clone()));
    opened
        .store
        .write(stamp("publish"), |tx| tx.put::<Packages>(key, &row))?;
    Ok(Some(row))
}

fn names(opened: &Opened) -> Vec<Sha256> {
    opened
        .store
        .scan::<Packages>(&Prefix::all())
        .filter_map(|found| found.expect("a row").1.blob)
        .collect()
}

fn check(root: &Path, mode: Mode, boot: u64, promises: &mut Promises) -> Vec<String> {
    // The machine has started again.
    let disk = SimDisk::new(root, mode, boot + 1000);
    let opened = match open_on(root, Arc::new(disk)) {
        Ok(opened) => opened,
        Err(error) => return vec![format!("the store does not open: {error}")],
    };
    let mut losses = Vec::new();
    for (key, expected) in promises.iter_mut() {
        let found = opened.store.get::<Packages>(key).expect("rows can be read");
        if !expected.possible.contains(&found) {
            losses.push(format!("{key:?} is {found:?}, not one of {expected:?}"));
        }
        if let Some(blob) = found.as_ref().and_then(|row| row.blob)
            && !matches!(opened.blobs.verify(&blob), Ok(Some(true)))
        {
            losses.push(format!("{key:?} has no blob"));
        }
        expected.possible = vec![found];
    }
    opened.store.close().expect("it closes");
    drop(opened);
    let report = verify_all(root);
    losses.extend(report.problems.iter().map(|problem| format!("{problem:?}")));
    losses
}

fn check_rounds(mode: Mode) {
    let seed = long_form::seed(0x5eed_0001);
    let losses = rounds(
        seed,
        long_form::rounds("TERRAKEEP_TEST_POWER_LOSSES", 20),
        mode,
    );
    assert!(losses.is_empty(), "seed {seed}: {losses:#?}");
}

#[test]
fn r3_power_loss_where_names_survive() {
    check_rounds(Mode::Ext4);
}

#[test]
fn r3_power_loss_where_names_must_be_synced() {
    check_rounds(Mode::Posix);
}

#[test]
fn r3_what_a_failed_sync_dropped_does_not_take_later_writes_with_it() {
    for seed in 0..20 {
        let temp = tempfile::tempdir().expect("a directory");
        let (root, after) = (temp.path().join("before"), temp.path().join("after"));
        std::fs::create_dir(&root).expect("a directory");
        let disk = SimDisk::new(&root, Mode::Ext4, 1);
        let key = |number: u32| ("a".to_owned(), number);
        let write = |opened: &Opened, number: u32| {
            let row = Package {
                version: 1,
                blob: None,
            };
            opened
                .store
                .write(stamp("write"), |tx| tx.put::<Packages>(&key(number), &row))
        };
        let opened = open_on(&root, Arc::new(disk.clone())).expect("it opens");
        write(&opened, 1).expect("it is written");
        disk.fail_sync();
        write(&opened, 2).expect_err("the sync fails");
        drop(opened);
        // The machine goes on, and so do the records in its memory.
        let opened = open_on(&root, Arc::new(disk.clone())).expect("it opens");
        write(&opened, 3).expect("it is written");
        drop(opened);
        disk.cut_power(&after, &mut Random(seed));
        let disk = SimDisk::new(&after, Mode::Ext4, 2);
        let opened = open_on(&after, Arc::new(disk)).expect("it opens after the power loss");
        for acknowledged in [1, 3] {
            let found = opened.store.contains::<Packages>(&key(acknowledged));
            assert!(found.expect("a row"), "seed {seed}: {acknowledged}");
        }
    }
}

#[test]
fn a_disk_that_lies_about_syncing_does_lose() {
    let lost = (0..20).any(|seed| !one_round(0x11e5 + seed, Mode::Posix, true).is_empty());
    assert!(lost, "the test cannot fail, so it shows nothing");
}

#[test]
fn rows_of_a_data_directory_name_their_blobs() {
    // The predicate that the other tests rely on sees a missing blob.
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open_on(temp.path(), Arc::new(RealDisk)).expect("it opens");
    let row = Package {
        version: 1,
        blob: Some(Sha256::of(b"never uploaded")),
    };
    opened
        .store
        .write(stamp("publish"), |tx| {
            tx.put::<Packages>(&("a".to_owned(), 1), &row)
        })
        .expect("it is written");
    opened.store.close().expect("it closes");
    drop(opened);
    let report = verify_all(temp.path());
    assert_eq!(report.problems.len(), 1, "{report:?}");
}
