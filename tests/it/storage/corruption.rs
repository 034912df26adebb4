//! R7: a flipped bit in any file is found, and never served.

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
fn r07_each_flipped_bit_in_the_journal_is_found() {
    flips("journal", FLIPS, |root, _, what| {
        let report = verify_all(root);
        assert!(!report.problems.is_empty(), "{what}");
    });
}

#[test]
fn r07_each_flipped_bit_in_a_blob_is_found() {
    flips("blobs", FLIPS, |root, _, what| {
        let report = verify_all(root);
        assert_eq!(report.problems.len(), 1, "{what}: {report:?}");
    });
}

#[test]
fn r07_a_flipped_bit_in_the_index_is_found_or_changes_nothing() {
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
