//! Tests R7: a flipped bit in any file is found, and never served.

use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use terrakeep::domain::Sha256;
use terrakeep::storage::RealDisk;

use super::support::{
    Notes, Package, Packages, Random, contents, now, open, open_on, stamp, verify_all,
};

const SEED: u64 = 0xb17_f11b;
const FLIPS: usize = 100;

fn fill(root: &Path) -> Vec<String> {
    let opened = open(root);
    for number in 0..60 {
        let mut incoming = opened.blobs.incoming().expect("an upload");
        incoming
            .write_all(format!("content {number}").repeat(20).as_bytes())
            .expect("it arrives");
        let kept = opened.blobs.keep(incoming).expect("it is kept");
        let row = Package {
            version: number,
            blob: Some(kept.sha256()),
        };
        let key = ("acme".to_owned(), u32::try_from(number).expect("few"));
        let write = opened.store.write(stamp("publish"), |tx| {
            tx.put::<Packages>(&key, &row)?;
            tx.put::<Notes>(&number, &"text".repeat(10))
        });
        write.expect("it is written");
        if number == 40 {
            opened.store.checkpoint(now()).expect("a checkpoint");
        }
    }
    let rows = contents(&opened.store);
    opened.store.close().expect("it closes");
    rows
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn flip(path: &Path, random: &mut Random) -> String {
    let mut bytes = fs::read(path).expect("a file");
    let (byte, bit) = (random.index(bytes.len()), random.below(8));
    bytes[byte] ^= 1 << bit;
    fs::write(path, bytes).expect("a file");
    format!("bit {bit} of byte {byte} of {}", path.display())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a new directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
    let mode = fs::metadata(from).expect("it is there").permissions();
    fs::set_permissions(to, mode).expect("its mode");
}

/// Flips bits one at a time in the files of one folder; each time `check` gets the directory.
fn flips(folder: &str, times: usize, mut check: impl FnMut(&Path, &[String], &str)) {
    let temp = tempfile::tempdir().expect("a directory");
    let original = temp.path().join("original");
    let rows = fill(&original);
    let mut random = Random(SEED);
    for number in 0..times {
        let root = temp.path().join(number.to_string());
        copy(&original, &root);
        let candidates: Vec<_> = files(&root.join(folder))
            .into_iter()
            .filter(|path| fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0))
            .collect();
        let path = &candidates[random.index(candidates.len())];
        let what = flip(path, &mut random);
        check(
            &root,
            &rows,
            &format!("seed {SEED:#x}, flip {number}: {what}"),
        );
        fs::remove_dir_all(&root).expect("it goes");
    }
}

#[test]
fn r7_each_flipped_bit_in_the_journal_is_found() {
    flips("journal", FLIPS, |root, _, what| {
        let report = verify_all(root);
        assert!(!report.problems.is_empty(), "{what}");
    });
}

#[test]
fn r7_each_flipped_bit_in_a_blob_is_found() {
    flips("blobs", FLIPS, |root, _, what| {
        let report = verify_all(root);
        assert_eq!(report.problems.len(), 1, "{what}: {report:?}");
    });
}

#[test]
fn r7_a_flipped_bit_in_the_index_is_found_or_changes_nothing() {
    flips("index", FLIPS, |root, rows, what| {
        let found = !verify_all(root).problems.is_empty();
        let opened = open_on(root, Arc::new(RealDisk));
        let opened = opened.unwrap_or_else(|error| panic!("{what}: it does not open: {error}"));
        let read = AssertUnwindSafe(|| contents(&opened.store) == rows);
        let same = catch_unwind(read).unwrap_or(false);
        assert!(found || same, "{what}: wrong rows, and nobody noticed");
    });
}

#[test]
fn damage_before_the_end_keeps_the_store_from_opening_without_an_index() {
    let temp = tempfile::tempdir().expect("a directory");
    let root = temp.path().join("data");
    fill(&root);
    fs::remove_dir_all(root.join("index")).expect("the index goes");
    for path in files(&root.join("journal")) {
        if path
            .extension()
            .is_some_and(|extension| extension == "checkpoint")
        {
            fs::remove_file(path).expect("it goes");
        }
    }
    let segment = root.join("journal/000001.log");
    let mut bytes = fs::read(&segment).expect("a segment");
    bytes[300] ^= 1;
    fs::write(&segment, bytes).expect("a segment");
    let error = open_on(&root, Arc::new(RealDisk))
        .err()
        .expect("it is refused");
    let text = error.to_string();
    assert!(
        text.contains("000001.log") && text.contains("verify"),
        "{text}"
    );
}

/// Opens a store of five records of one segment, without its index, after `change`.
fn open_changed(change: impl FnOnce(&mut Vec<u8>)) -> Result<u64, String> {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    for number in 0..5_u64 {
        let write = opened.store.write(stamp("note"), |tx| {
            tx.put::<Notes>(&number, &"x".repeat(50))
        });
        write.expect("it is written");
    }
    drop(opened);
    fs::remove_dir_all(temp.path().join("index")).expect("the index goes");
    let segment = temp.path().join("journal/000001.log");
    let mut bytes = fs::read(&segment).expect("a segment");
    change(&mut bytes);
    fs::write(&segment, bytes).expect("a segment");
    open_on(temp.path(), Arc::new(RealDisk))
        .map(|opened| opened.store.sequence())
        .map_err(|error| error.to_string())
}

#[test]
fn a_torn_end_is_cut_off() {
    let half = open_changed(|bytes| bytes.truncate(bytes.len() - 100));
    assert_eq!(half, Ok(4), "the last record");
    let zeroes = open_changed(|bytes| bytes.extend([0; 5_000]));
    assert_eq!(zeroes, Ok(5), "zeroes behind the last record");
    let lost_page = open_changed(|bytes| {
        let last = bytes.len() - 100;
        bytes[last..last + 50].fill(0);
        bytes.extend([0; 300]);
    });
    assert_eq!(lost_page, Ok(4), "zeroes in the last record");
}

#[test]
fn damage_before_an_acknowledged_record_is_not_torn() {
    for byte in [20, 300, 600] {
        let opened = open_changed(|bytes| bytes[byte] ^= 1);
        let error = opened.expect_err("it is refused");
        assert!(error.contains("000001.log"), "{error}");
    }
}

#[test]
fn a_damaged_blob_is_replaced_when_it_is_uploaded_again() {
    let temp = tempfile::tempdir().expect("a directory");
    let opened = open(temp.path());
    let upload = || {
        let mut incoming = opened.blobs.incoming().expect("an upload");
        incoming.write_all(b"good").expect("it arrives");
        opened.blobs.keep(incoming).expect("it is kept")
    };
    drop(upload());
    let sum = Sha256::of(b"good");
    let path = files(&temp.path().join("blobs")).remove(0);
    fs::write(&path, b"evil").expect("it changes");
    assert_eq!(opened.blobs.verify(&sum).expect("it is read"), Some(false));
    drop(upload());
    assert_eq!(opened.blobs.verify(&sum).expect("it is read"), Some(true));
    assert_eq!(files(&temp.path().join("quarantine")).len(), 1);
}

#[test]
fn a_damaged_last_record_is_refused_at_each_start() {
    let temp = tempfile::tempdir().expect("a directory");
    let root = temp.path().join("data");
    fill(&root);
    let journal = files(&root.join("journal"));
    let last = journal
        .iter()
        .rfind(|path| fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0));
    let last = last.expect("a segment");
    let mut bytes = fs::read(last).expect("a segment");
    let length = bytes.len();
    bytes[length - 10] ^= 1;
    fs::write(last, bytes).expect("a segment");
    for start in 1..=3 {
        let opened = open_on(&root, Arc::new(RealDisk));
        assert!(
            opened.is_err(),
            "start {start} cuts off what was acknowledged"
        );
    }
    fs::remove_file(last).expect("it goes");
    let opened = open_on(&root, Arc::new(RealDisk));
    assert!(opened.is_err(), "a missing segment is noticed");
}
