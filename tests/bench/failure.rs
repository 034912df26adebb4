//! What can go wrong while measuring: always the end of the run, so one kind of error is enough.

/// A reason to stop, for people.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A failure with this reason.
pub(crate) fn failure(reason: impl Into<String>) -> Failure {
    Failure::from(reason.into())
}
