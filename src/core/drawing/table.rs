//! Tables whose rows are found by number, with a type of its own for the number.

use std::ops::{Index, IndexMut};

/// The number of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(usize);

/// Rows, numbered in the order in which they were added.
///
/// Tables about the same objects have the same numbers, so an [`Id`] of one is valid in the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table<T>(Vec<T>);

impl<T> Table<T> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn filled(rows: usize, row: T) -> Self
    where
        T: Clone,
    {
        Self(vec![row; rows])
    }

    pub(super) fn push(&mut self, row: T) -> Id {
        self.0.push(row);
        Id(self.0.len().saturating_sub(1))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = Id> + use<T> {
        (0..self.0.len()).map(Id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Id, &T)> {
        self.ids().zip(&self.0)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }

    pub(super) fn into_values(self) -> impl Iterator<Item = T> {
        self.0.into_iter()
    }
}

impl<T> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl<T> Index<Id> for Table<T> {
    type Output = T;

    fn index(&self, id: Id) -> &T {
        self.0
            .get(id.0)
            .expect("tables about the same things have the same rows")
    }
}

impl<T> IndexMut<Id> for Table<T> {
    fn index_mut(&mut self, id: Id) -> &mut T {
        self.0
            .get_mut(id.0)
            .expect("tables about the same things have the same rows")
    }
}
