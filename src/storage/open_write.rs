//! A write between its first byte in the journal and its end, while its outcome is open.

use super::StoreError;
use super::hidden::OldRows;
use super::shared::Inner;

/// A write that has begun. Unless its end is declared, as after a panic, the store writes nothing
/// from then on, because nobody knows what is left of the write, and readers do not see it.
#[must_use]
pub(super) struct OpenWrite<'a> {
    inner: &'a Inner,
    /// The sequence number of its record, once that is in the journal.
    sequence: Option<u64>,
    has_ended: bool,
}

impl<'a> OpenWrite<'a> {
    /// Begins a write.
    pub(super) fn begin(inner: &'a Inner) -> Self {
        Self {
            inner,
            sequence: None,
            has_ended: false,
        }
    }

    /// Declares that its record is in the journal, and what the index will replace.
    pub(super) fn appended(&mut self, sequence: u64, old: OldRows) {
        self.sequence = Some(sequence);
        self.inner.hidden.note_replaced(sequence, old);
    }

    /// Declares that everything was written, or that nothing is left of it.
    pub(super) fn end(mut self) {
        self.has_ended = true;
    }

    /// Stops all writing because of an error; returns the error for the writer.
    pub(super) fn fails(mut self, error: &StoreError) -> StoreError {
        let reason = error.to_string();
        self.stop(&reason);
        StoreError::OutcomeUnknown { reason }
    }

    fn stop(&mut self, reason: &str) {
        self.has_ended = true;
        if let Some(sequence) = self.sequence {
            self.inner.hidden.hide_last(sequence);
        }
        self.inner.stop_writing(reason);
    }
}

impl Drop for OpenWrite<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.stop("a write was interrupted");
        }
    }
}
