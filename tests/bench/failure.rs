//! The error of this program. Every error ends the run, so one type is enough.

/// The reason why a run stops, as a text for people.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Makes a failure with this reason.
pub(crate) fn failure(reason: impl Into<String>) -> Failure {
    Failure::from(reason.into())
}
