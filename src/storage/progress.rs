//! How far a long operation has come.

/// What a long operation is doing.
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

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub step: Step,
    /// How much is done.
    pub done: u64,
    /// How much there is; 0 where it is not known.
    pub total: u64,
}
