//! The progress of a long operation.

/// A step of a long operation, and the unit that it is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Reading the journal, in bytes.
    Journal,
    /// Reading a checkpoint, in bytes.
    Checkpoint,
    /// Comparing the index, in rows.
    Index,
    /// Re-hashing blobs, in blobs.
    Blobs,
    /// Copying files, in files.
    Files,
}

/// The progress of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub step: Step,
    /// How much is done.
    pub done: u64,
    /// How much there is in all; 0 if it is not known.
    pub total: u64,
}
