//! The one error that wings see. Its variants differ by what a caller can do about the error.

use super::registry::disk_error;
use crate::archive::ArchiveError;
use crate::auth::{Denied, PasswordError, TokenFault};
use crate::domain::{Right, Version, bytes_in_words};

/// The reason why an operation was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller showed no valid token.
    #[error("{0}")]
    Unauthenticated(TokenFault),
    /// The name or the password is wrong; the answer does not say which of them.
    #[error("the username or the password is wrong")]
    WrongPassword,
    /// The caller can see the thing but may not do this to it.
    #[error("{0}")]
    Forbidden(String),
    /// The thing does not exist, or the caller may not know that it does.
    #[error("{0} was not found")]
    NotFound(String),
    /// A thing of that name exists already.
    #[error("{0} already exists")]
    AlreadyExists(String),
    /// A value in the request is not acceptable.
    #[error("{reason}")]
    Invalid {
        /// The name of the field in the request: `version`, `name`.
        field: &'static str,
        /// What is wrong, and what to do about it.
        reason: String,
    },
    /// A rule over several things refuses the request, in the words that clients of the TFE API
    /// compare.
    #[error("{reason}")]
    Validation {
        /// The words.
        reason: &'static str,
    },
    /// The archive gate refused the upload.
    #[error("the archive was refused: {0}")]
    Archive(ArchiveError),
    /// The state of the thing does not allow the operation.
    #[error("{0}")]
    Conflict(String),
    /// The request has more bytes than the limit.
    #[error("{what} is larger than the limit of {}", bytes_in_words(*limit_bytes))]
    TooLarge {
        /// What was sent.
        what: &'static str,
        /// The limit, in bytes.
        limit_bytes: u64,
    },
    /// The bytes stopped coming, or ended before their announced length.
    #[error("the upload was incomplete: {0}; send it again")]
    Incomplete(String),
    /// The request itself cannot be understood.
    #[error("{0}")]
    Malformed(String),
    /// The caller made too many attempts.
    #[error("too many requests; try again in {retry_after_seconds} seconds")]
    TooManyRequests {
        /// How long to wait, in seconds.
        retry_after_seconds: u64,
    },
    /// The operation may succeed later.
    #[error("{reason}; try again in {retry_after_seconds} seconds")]
    Unavailable {
        /// Why the operation is not possible now.
        reason: String,
        /// How long to wait, in seconds.
        retry_after_seconds: u64,
    },
    /// The disk failed while this was written: it may be there after the next start, or not.
    #[error(
        "the registry's disk failed while this was stored, so it may be stored or not; look for it \
         once the registry was restarted, and send it again if it is missing"
    )]
    OutcomeUnknown,
    /// The organization would store more than it may.
    #[error("{0}")]
    OverBudget(String),
    /// The disk is full.
    #[error(
        "the registry's disk is full, and nothing was stored; delete what is not needed any more, or \
         tell the administrators of the registry"
    )]
    NoSpace,
    /// The disk of the backups is full; the text says so.
    #[error("{0}")]
    NoSpaceForBackup(String),
    /// The machine or the program failed; the cause goes to the log and not to the caller.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// How long a client waits, in seconds, before it asks a registry again that takes no writes.
pub(super) const READ_ONLY_RETRY_SECONDS: u64 = 30;

/// What a caller can do about an [`Error`]; `http::status` maps it to a status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Send a valid token.
    Unauthenticated,
    /// Ask somebody who has the right.
    Forbidden,
    /// Look elsewhere.
    NotFound,
    /// Correct the request.
    Invalid,
    /// Change the state that stands in the way.
    Conflict,
    /// Send less.
    TooLarge,
    /// Send all of it.
    Incomplete,
    /// Wait, and send fewer requests.
    TooManyRequests,
    /// Try later.
    Unavailable,
    /// Delete what the organization does not need, or ask for a larger budget.
    OverBudget,
    /// Free space on the disk.
    NoSpace,
    /// Report the error to an operator.
    Internal,
}

impl Error {
    /// Returns the error that a module has no published version with this number.
    pub fn no_module_version(number: &Version) -> Self {
        Self::NotFound(format!("the module version `{number}`"))
    }

    /// Returns what a caller can do about this error.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unauthenticated(_) | Self::WrongPassword => Kind::Unauthenticated,
            Self::Forbidden(_) => Kind::Forbidden,
            Self::NotFound(_) => Kind::NotFound,
            Self::AlreadyExists(_)
            | Self::Invalid { .. }
            | Self::Validation { .. }
            | Self::Archive(_) => Kind::Invalid,
            Self::Conflict(_) => Kind::Conflict,
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::Incomplete(_) | Self::Malformed(_) => Kind::Incomplete,
            Self::TooManyRequests { .. } => Kind::TooManyRequests,
            Self::Unavailable { .. } | Self::OutcomeUnknown => Kind::Unavailable,
            Self::OverBudget(_) => Kind::OverBudget,
            Self::NoSpace | Self::NoSpaceForBackup(_) => Kind::NoSpace,
            Self::Internal(_) => Kind::Internal,
        }
    }

    /// Returns how many seconds to wait before the next attempt; `None` where waiting does not
    /// help.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests {
                retry_after_seconds,
            }
            | Self::Unavailable {
                retry_after_seconds,
                ..
            } => Some(*retry_after_seconds),
            Self::OutcomeUnknown => Some(READ_ONLY_RETRY_SECONDS),
            Self::Unauthenticated(_)
            | Self::WrongPassword
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::AlreadyExists(_)
            | Self::Invalid { .. }
            | Self::Validation { .. }
            | Self::Archive(_)
            | Self::Conflict(_)
            | Self::TooLarge { .. }
            | Self::Incomplete(_)
            | Self::Malformed(_)
            | Self::OverBudget(_)
            | Self::NoSpace
            | Self::NoSpaceForBackup(_)
            | Self::Internal(_) => None,
        }
    }

    /// Returns the name of the wrong field in the request; `None` for errors that are not about a
    /// field.
    pub fn field(&self) -> Option<&'static str> {
        if let Self::Invalid { field, .. } = self {
            Some(field)
        } else {
            None
        }
    }

    /// Returns an [`Error::Invalid`] about `field`, with another error's text as its reason.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers hand over the error or the text that they made for it"
    )]
    pub fn invalid(field: &'static str, reason: impl ToString) -> Self {
        Self::Invalid {
            field,
            reason: reason.to_string(),
        }
    }

    /// Returns an [`Error::Internal`] caused by `source`.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// Returns `missing` instead of this error, so that nobody learns what exists. Who belongs to an
    /// organization that refuses their token learns that.
    pub(in crate::registry) fn hidden_as(self, missing: Self) -> Self {
        if matches!(self, Self::Unauthenticated(_)) {
            return self;
        }
        missing
    }

    /// Turns a refusal of `auth::authorize` into the error for the caller; `what` names the thing
    /// that is not found.
    pub fn denied(denied: Denied, what: &str) -> Self {
        match denied {
            Denied::Unauthenticated(fault) => Self::Unauthenticated(fault),
            Denied::Hidden => Self::NotFound(what.to_owned()),
            Denied::Forbidden(right) => {
                let who = if right == Right::AdministerSite {
                    "a site administrator"
                } else {
                    "an owner"
                };
                Self::Forbidden(format!("you may not {}; ask {who}", right.in_words()))
            }
            Denied::TokenTooNarrow(right) => Self::Forbidden(format!(
                "this token may not {}; use one with a wider scope",
                right.in_words()
            )),
        }
    }
}

impl From<TokenFault> for Error {
    fn from(fault: TokenFault) -> Self {
        Self::Unauthenticated(fault)
    }
}

impl From<PasswordError> for Error {
    fn from(error: PasswordError) -> Self {
        Self::invalid("password", error)
    }
}

impl From<ArchiveError> for Error {
    /// Makes an error of a file an [`Error::Internal`] or, on a full disk, an [`Error::NoSpace`];
    /// any other error means that the archive is refused.
    fn from(error: ArchiveError) -> Self {
        if let ArchiveError::Io(source) = error {
            return disk_error(source);
        }
        if error.is_io() {
            Self::internal(error)
        } else {
            Self::Archive(error)
        }
    }
}
