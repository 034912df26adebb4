//! Hides the changes of writes with an open outcome, once the disk has failed.
//!
//! The index shows a write a moment before its record is synced. If that sync fails, or the index
//! itself, the rows must not stay visible: they were never acknowledged, and a power loss may take
//! them. So the rows as they were before each write are kept until its record is on the disk. If it
//! never gets there, readers see these rows instead, until the next start.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::revisions::Revisions;

/// Rows by index key; `None` stands for a row that was not there.
pub(super) type OldRows = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Stands for a sequence number while nothing is hidden.
const NOTHING: u64 = u64::MAX;

/// The rows that readers see instead of those in the index.
pub(super) struct Hidden {
    /// The sequence number of the first record that is hidden. All after it are hidden, too.
    from: AtomicU64,
    rows: Mutex<Rows>,
    revisions: Arc<Revisions>,
}

#[derive(Debug, Default)]
struct Rows {
    /// What each write replaced, by the sequence number of its record, oldest first.
    replaced: VecDeque<(u64, OldRows)>,
    /// What readers see.
    shown: OldRows,
}

impl Hidden {
    /// Makes a state in which nothing is hidden; `revisions` change when that changes.
    pub(super) fn new(revisions: Arc<Revisions>) -> Self {
        Self {
            from: AtomicU64::new(NOTHING),
            rows: Mutex::default(),
            revisions,
        }
    }

    /// Keeps what the write with record `sequence` is about to replace.
    pub(super) fn note_replaced(&self, sequence: u64, old: OldRows) {
        let mut rows = self.rows();
        if self.from.load(Ordering::SeqCst) == NOTHING {
            rows.replaced.push_back((sequence, old));
        } else {
            // The disk has failed since this write began.
            rows.show_too(old);
        }
    }

    /// Forgets what was replaced by records up to `sequence`, which are on the disk.
    pub(super) fn forget_synced(&self, sequence: u64) {
        let mut rows = self.rows();
        while rows
            .replaced
            .front()
            .is_some_and(|(number, _)| *number <= sequence)
        {
            rows.replaced.pop_front();
        }
    }

    /// Hides all writes after the record `synced`, from now on. Those before are acknowledged.
    pub(super) fn hide_after(&self, synced: u64) {
        let mut rows = self.rows();
        let later = std::mem::take(&mut rows.shown);
        let replaced = std::mem::take(&mut rows.replaced);
        let (earlier, hidden): (VecDeque<_>, _) = replaced
            .into_iter()
            .partition(|(number, _)| *number <= synced);
        drop(earlier);
        for (_, old) in hidden {
            rows.show_too(old);
        }
        rows.show_too(later);
        self.begin_at(synced + 1);
    }

    /// Hides the last write, whose record is `sequence`; those before may still be acknowledged.
    pub(super) fn hide_last(&self, sequence: u64) {
        let mut rows = self.rows();
        let is_last = rows.replaced.back().is_some_and(|last| last.0 == sequence);
        if is_last && let Some((_, old)) = rows.replaced.pop_back() {
            rows.show_too(old);
        }
        self.begin_at(sequence);
    }

    /// Returns whether a record is hidden.
    pub(super) fn has(&self, sequence: u64) -> bool {
        sequence >= self.from.load(Ordering::SeqCst)
    }

    /// Returns what readers see of a key; `None` if they see what is in the index.
    #[expect(
        clippy::option_option,
        reason = "a hidden row may be one that was not there"
    )]
    pub(super) fn row(&self, key: &[u8]) -> Option<Option<Vec<u8>>> {
        if self.from.load(Ordering::SeqCst) == NOTHING {
            return None;
        }
        self.rows().shown.get(key).cloned()
    }

    /// Returns what readers see of the keys of a range, if it is not what is in the index.
    pub(super) fn range(&self, from: &[u8], to: Bound<&[u8]>) -> OldRows {
        if self.from.load(Ordering::SeqCst) == NOTHING {
            return OldRows::new();
        }
        let rows = self.rows();
        rows.shown
            .range::<[u8], _>((Bound::Included(from), to))
            .map(|(key, row)| (key.clone(), row.clone()))
            .collect()
    }

    fn begin_at(&self, sequence: u64) {
        self.from.fetch_min(sequence, Ordering::SeqCst);
        // What was computed from the rows is computed again.
        self.revisions.change_all();
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rows {
    /// Shows rows of a write, except where an earlier write was hidden: its old rows are older.
    fn show_too(&mut self, old: OldRows) {
        for (key, row) in old {
            self.shown.entry(key).or_insert(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(rows: &[(&str, Option<&str>)]) -> OldRows {
        rows.iter()
            .map(|(key, row)| {
                (
                    key.as_bytes().to_vec(),
                    row.map(|it| it.as_bytes().to_vec()),
                )
            })
            .collect()
    }

    #[expect(clippy::option_option, reason = "as the function that it calls")]
    fn seen(hidden: &Hidden, key: &str) -> Option<Option<String>> {
        let row = hidden.row(key.as_bytes())?;
        Some(row.map(|row| String::from_utf8(row).expect("a text")))
    }

    /// Three writes of `a`, the second also of `b`; before them, `a` was 0.
    fn three_writes() -> Hidden {
        let hidden = Hidden::new(Arc::new(Revisions::new()));
        hidden.note_replaced(1, old(&[("a", Some("0"))]));
        hidden.note_replaced(2, old(&[("a", Some("1")), ("b", None)]));
        hidden.note_replaced(3, old(&[("a", Some("2"))]));
        hidden
    }

    #[test]
    fn rows_are_seen_as_they_were_before_the_first_hidden_write() {
        for (synced, a, b) in [
            (0, Some("0"), true),
            (1, Some("1"), true),
            (2, Some("2"), false),
        ] {
            let hidden = three_writes();
            assert_eq!(seen(&hidden, "a"), None, "nothing is hidden yet");
            hidden.hide_after(synced);
            assert_eq!(seen(&hidden, "a"), Some(a.map(str::to_owned)), "{synced}");
            assert_eq!(seen(&hidden, "b"), b.then_some(None), "{synced}");
            assert!(hidden.has(synced + 1) && !hidden.has(synced));
        }
    }

    #[test]
    fn after_the_last_write_alone_was_hidden_a_failed_sync_hides_those_before() {
        let hidden = three_writes();
        hidden.hide_last(3);
        assert_eq!(seen(&hidden, "a"), Some(Some("2".to_owned())));
        assert_eq!(seen(&hidden, "b"), None);
        hidden.forget_synced(1);
        hidden.hide_after(1);
        assert_eq!(seen(&hidden, "a"), Some(Some("1".to_owned())));
        assert_eq!(seen(&hidden, "b"), Some(None));
    }

    #[test]
    fn a_write_that_was_under_way_when_the_disk_failed_is_hidden_too() {
        let hidden = Hidden::new(Arc::new(Revisions::new()));
        hidden.hide_after(0);
        hidden.note_replaced(1, old(&[("a", Some("0"))]));
        hidden.note_replaced(2, old(&[("a", Some("1"))]));
        assert_eq!(seen(&hidden, "a"), Some(Some("0".to_owned())));
        let (all, none) = (
            hidden.range(b"a", Bound::Excluded(b"b")),
            hidden.range(b"b", Bound::Unbounded),
        );
        assert_eq!((all.len(), none.len()), (1, 0));
    }
}
