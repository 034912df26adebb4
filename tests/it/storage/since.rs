//! Tests that a reader gets everything that was written since a place of the journal, each entry
//! once, across segments, checkpoints and starts.

use std::collections::BTreeSet;
use std::fs;

use terrakeep::storage::{JournalPosition, Key, KeyWriter, Store};

use super::support::{Notes, Random, now, open, stamp};

fn key(number: u64) -> Vec<u8> {
    let mut key = KeyWriter::new();
    number.encode(&mut key);
    key.as_bytes().to_vec()
}

fn told_since(store: &Store, place: JournalPosition) -> (BTreeSet<Vec<u8>>, JournalPosition) {
    let mut told = BTreeSet::new();
    let end = store.changes_since(place, |table, key| {
        assert_eq!(table, "notes");
        told.insert(key.to_vec());
    });
    (told, end.expect("the journal is read"))
}

#[test]
fn every_change_is_told_once_wherever_a_reader_begins() {
    let temp = tempfile::tempdir().expect("a directory");
    let mut random = Random(11);
    let mut opened = open(temp.path());
    let mut place = opened.store.place();
    let mut expected = BTreeSet::new();
    for number in 0..600 {
        let store = &opened.store;
        let written = match random.below(4) {
            0 if number > 10 => {
                let gone = random.below(number);
                let write = store.write(stamp("remove"), |tx| tx.remove::<Notes>(&gone));
                write.expect("written").then_some(gone)
            }
            _ => {
                let text = "text ".repeat(1 + random.index(40));
                let write = store.write(stamp("put"), |tx| tx.put::<Notes>(&number, &text));
                write.expect("written");
                Some(number)
            }
        };
        expected.extend(written.map(key));
        match random.below(12) {
            0 => {
                let (told, end) = told_since(store, place);
                assert_eq!(told, std::mem::take(&mut expected));
                assert_eq!(end, store.place());
                assert_eq!(told_since(store, end), (BTreeSet::new(), end));
                // As it would be kept by whoever follows.
                place = end.to_string().parse().expect("a place");
                assert_eq!(place, end);
            }
            1 => store.checkpoint(now()).expect("a checkpoint"),
            2 => {
                opened.store.close().expect("closed");
                drop(opened);
                opened = open(temp.path());
                assert!(opened.store.has_place(place).expect("looked for"));
            }
            _ => {}
        }
    }
    let segments = fs::read_dir(temp.path().join("journal"))
        .expect("a journal")
        .count();
    assert!(segments > 10, "{segments}");
}

#[test]
fn a_place_of_another_journal_is_not_one_of_this() {
    let (one, other) = (tempfile::tempdir(), tempfile::tempdir());
    let (one, other) = (one.expect("a directory"), other.expect("a directory"));
    let (one, other) = (open(one.path()).store, open(other.path()).store);
    let begin = one.place();
    for (store, text) in [(&one, "one"), (&other, "two"), (&one, "three")] {
        let write = store.write(stamp("put"), |tx| tx.put::<Notes>(&1, &text.to_owned()));
        write.expect("written");
    }
    let has = |store: &Store, place| store.has_place(place).expect("looked for");
    for place in [begin, one.place()] {
        assert!(has(&one, place));
    }
    assert!(!has(&other, one.place()), "it has fewer records");
    assert!(!has(&one, other.place()), "its record is another");
    for text in [
        "",
        "1",
        "1 2 3 4 5",
        "x",
        "1 1 0 9 zz",
        &format!("{} ", one.place()),
    ] {
        assert!(text.parse::<JournalPosition>().is_err(), "{text}");
    }
}
