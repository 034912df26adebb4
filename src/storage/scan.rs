//! Iterators over the rows of a table in order, from both ends.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::Bound;

use super::engine::{Bytes, Range};
use super::hidden::OldRows;
use super::table::{decode_key, decode_row};
use super::{StoreError, Table};

/// An iterator over keys and rows in order.
pub struct Scan<T> {
    // A closed store has no range; its error is the first item.
    walk: Result<Walk, Option<StoreError>>,
    table: PhantomData<fn() -> T>,
}

/// An iterator over keys in order, which does not read the rows.
pub struct ScanKeys<T>(Scan<T>);

impl<T: Table> Scan<T> {
    pub(super) fn new(walk: Result<Walk, StoreError>) -> Self {
        Self {
            walk: walk.map_err(Some),
            table: PhantomData,
        }
    }

    fn step(&mut self, end: End) -> Option<Result<(Bytes, Bytes), StoreError>> {
        match &mut self.walk {
            Ok(walk) => walk.step(end),
            Err(error) => error.take().map(Err),
        }
    }

    /// Makes an iterator over the keys alone.
    pub(super) fn keys(self) -> ScanKeys<T> {
        ScanKeys(self)
    }
}

impl<T: Table> Iterator for Scan<T> {
    type Item = Result<(T::Key, T::Row), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step(End::Front).map(entry::<T>)
    }
}

impl<T: Table> DoubleEndedIterator for Scan<T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.step(End::Back).map(entry::<T>)
    }
}

impl<T: Table> Iterator for ScanKeys<T> {
    type Item = Result<T::Key, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.step(End::Front).map(key::<T>)
    }
}

impl<T: Table> DoubleEndedIterator for ScanKeys<T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.step(End::Back).map(key::<T>)
    }
}

/// Returns the range of a table's index keys that begin with `prefix`.
pub(super) fn prefix_range(table: u8, prefix: &[u8]) -> (Vec<u8>, Bound<Vec<u8>>) {
    let from = super::table::index_key(table, prefix);
    let mut to = from.clone();
    while let Some(last) = to.pop() {
        if let Some(next) = last.checked_add(1) {
            to.push(next);
            return (from, Bound::Excluded(to));
        }
    }
    (from, Bound::Unbounded)
}

fn entry<T: Table>(
    found: Result<(Bytes, Bytes), StoreError>,
) -> Result<(T::Key, T::Row), StoreError> {
    let (key, row) = found?;
    Ok((
        decode_key::<T>(key.get(1..).unwrap_or_default())?,
        decode_row::<T>(&row)?,
    ))
}

fn key<T: Table>(found: Result<(Bytes, Bytes), StoreError>) -> Result<T::Key, StoreError> {
    decode_key::<T>(found?.0.get(1..).unwrap_or_default())
}

/// A range of the index as readers see it.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every walk is the large one, and a box would cost an allocation"
)]
pub(super) enum Walk {
    /// They see what is in the index.
    Whole(Range),
    /// They see some rows as they were before.
    Hiding(Box<Merged<'static>>),
}

impl Walk {
    /// Makes the walk over a range, of which the `hidden` rows are seen as they were before.
    pub(super) fn new(range: Range, hidden: OldRows) -> Self {
        if hidden.is_empty() {
            return Self::Whole(range);
        }
        let old = hidden
            .into_iter()
            .map(|(key, row)| (Cow::Owned(key), row.map(Cow::Owned)));
        Self::Hiding(Box::new(Merged::new(range, old.collect())))
    }

    fn step(&mut self, end: End) -> Option<Result<(Bytes, Bytes), StoreError>> {
        match (self, end) {
            (Self::Whole(range), End::Front) => range.next(),
            (Self::Whole(range), End::Back) => range.next_back(),
            (Self::Hiding(merged), end) => {
                let found = merged.step(end)?;
                Some(found.map(|(key, row)| (Bytes::from(key), Bytes::from(row))))
            }
        }
    }
}

/// Changed keys in order, each with its new row; `None` for a removed row.
pub(super) type Rows<'a> = VecDeque<(Cow<'a, [u8]>, Option<Cow<'a, [u8]>>)>;

/// The rows of the index with some changes applied.
pub(super) struct Merged<'a> {
    index: Range,
    // Rows that were read from an end of the index and are not returned yet.
    front: Option<(Bytes, Bytes)>,
    back: Option<(Bytes, Bytes)>,
    changes: Rows<'a>,
}

/// An end of an iterator.
#[derive(Clone, Copy)]
enum End {
    Front,
    Back,
}

type Row = Result<(Vec<u8>, Vec<u8>), StoreError>;

impl<'a> Merged<'a> {
    /// Merges a range of the index with `changes`, whose keys must lie in the range.
    pub(super) fn new(index: Range, changes: Rows<'a>) -> Self {
        Self {
            index,
            front: None,
            back: None,
            changes,
        }
    }

    fn step(&mut self, end: End) -> Option<Row> {
        loop {
            let stored = match self.stored(end) {
                Ok(stored) => stored,
                Err(error) => return Some(Err(error)),
            };
            let change = match end {
                End::Front => self.changes.front(),
                End::Back => self.changes.back(),
            };
            let order = match (&stored, change) {
                (None, None) => return None,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((key, _)), Some((changed, _))) => match end {
                    End::Front => (**key).cmp(&**changed),
                    End::Back => (**changed).cmp(&**key),
                },
            };
            if order == Ordering::Less {
                return stored.map(|(key, row)| Ok((key.to_vec(), row.to_vec())));
            }
            if order == Ordering::Greater {
                // The stored row comes after the change, so it is kept for the next step.
                self.put_back(end, stored);
            }
            let (key, row) = match end {
                End::Front => self.changes.pop_front(),
                End::Back => self.changes.pop_back(),
            }?;
            if let Some(row) = row {
                return Some(Ok((key.into_owned(), row.into_owned())));
            }
        }
    }

    /// Returns the next stored row from one end: the one that was put back, else the next of the
    /// index, else the one that was put back at the other end.
    fn stored(&mut self, end: End) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        let held = match end {
            End::Front => self.front.take(),
            End::Back => self.back.take(),
        };
        if held.is_some() {
            return Ok(held);
        }
        let found = match end {
            End::Front => self.index.next(),
            End::Back => self.index.next_back(),
        };
        match (found, end) {
            (Some(found), _) => found.map(Some),
            (None, End::Front) => Ok(self.back.take()),
            (None, End::Back) => Ok(self.front.take()),
        }
    }

    fn put_back(&mut self, end: End, stored: Option<(Bytes, Bytes)>) {
        match end {
            End::Front => self.front = stored,
            End::Back => self.back = stored,
        }
    }
}

impl Iterator for Merged<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.step(End::Front)
    }
}

impl DoubleEndedIterator for Merged<'_> {
    fn next_back(&mut self) -> Option<Row> {
        self.step(End::Back)
    }
}
