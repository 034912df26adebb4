//! The one error that wings see: what a caller can do about it decides its variant.

use crate::archive::ArchiveError;
use crate::auth::{Denied, PasswordError, TokenFault};
use crate::domain::Version;

/// Why an operation was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no valid token.
    #[error("{0}")]
    Unauthenticated(TokenFault),
    /// The name or the password is wrong; which of them is not said.
    #[error("the username or the password is wrong")]
    WrongPassword,
    /// The caller can see the thing and may not do this to it.
    #[error("{0}")]
    Forbidden(String),
    /// It is not there, or the caller may not know that it is.
    #[error("{0} was not found")]
    NotFound(String),
    /// It is there already.
    #[error("{0} already exists")]
    AlreadyExists(String),
    /// A value that cannot be taken.
    #[error("{reason}")]
    Invalid {
        /// The field, as the wire names it: `version`, `name`.
        field: &'static str,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The archive gate refused the upload.
    #[error("the archive was refused: {0}")]
    Archive(ArchiveError),
    /// The state of the thing forbids it.
    #[error("{0}")]
    Conflict(String),
    /// More bytes than are taken.
    #[error("{what} is larger than the limit of {limit_bytes} bytes")]
    TooLarge {
        /// What was sent.
        what: &'static str,
        /// The limit.
        limit_bytes: u64,
    },
    /// The bytes stopped coming, or ended before their announced length.
    #[error("the upload was incomplete: {0}; send it again")]
    Incomplete(String),
    /// The request itself is not one that can be answered.
    #[error("{0}")]
    Malformed(String),
    /// Too many attempts.
    #[error("too many requests; try again in {retry_after_seconds} seconds")]
    TooManyRequests {
        /// How long to wait.
        retry_after_seconds: u64,
    },
    /// It could work later.
    #[error("{reason}; try again in {retry_after_seconds} seconds")]
    Unavailable {
        /// Why not now.
        reason: String,
        /// How long to wait.
        retry_after_seconds: u64,
    },
    /// The disk is full.
    #[error("the registry's disk is full; nothing was stored")]
    NoSpace,
    /// The machine's fault; the cause is for the log and not for the caller.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The reaction that an [`Error`] calls for; `http::status` maps it to a status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Show a valid token.
    Unauthenticated,
    /// Ask somebody who may.
    Forbidden,
    /// Look elsewhere.
    NotFound,
    /// Correct what was sent.
    Invalid,
    /// Something stands in the way.
    Conflict,
    /// Send less.
    TooLarge,
    /// Send all of it.
    Incomplete,
    /// Slow down.
    TooManyRequests,
    /// Try later.
    Unavailable,
    /// Free some space.
    NoSpace,
    /// Report it.
    Internal,
}

impl Error {
    /// The module has no published version with this number.
    pub fn no_module_version(number: &Version) -> Self {
        Self::NotFound(format!("the module version `{number}`"))
    }

    /// What a caller can do about it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unauthenticated(_) | Self::WrongPassword => Kind::Unauthenticated,
            Self::Forbidden(_) => Kind::Forbidden,
            Self::NotFound(_) => Kind::NotFound,
            Self::AlreadyExists(_) | Self::Invalid { .. } | Self::Archive(_) => Kind::Invalid,
            Self::Conflict(_) => Kind::Conflict,
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::Incomplete(_) | Self::Malformed(_) => Kind::Incomplete,
            Self::TooManyRequests { .. } => Kind::TooManyRequests,
            Self::Unavailable { .. } => Kind::Unavailable,
            Self::NoSpace => Kind::NoSpace,
            Self::Internal(_) => Kind::Internal,
        }
    }

    /// How long to wait before trying again, where that helps.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests {
                retry_after_seconds,
            }
            | Self::Unavailable {
                retry_after_seconds,
                ..
            } => Some(*retry_after_seconds),
            Self::Unauthenticated(_)
            | Self::WrongPassword
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::AlreadyExists(_)
            | Self::Invalid { .. }
            | Self::Archive(_)
            | Self::Conflict(_)
            | Self::TooLarge { .. }
            | Self::Incomplete(_)
            | Self::Malformed(_)
            | Self::NoSpace
            | Self::Internal(_) => None,
        }
    }

    /// The field of the request that is wrong, where one is.
    pub fn field(&self) -> Option<&'static str> {
        if let Self::Invalid { field, .. } = self {
            Some(field)
        } else {
            None
        }
    }

    /// An [`Error::Invalid`] whose reason is what another error says.
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

    /// An [`Error::Internal`].
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// What a refusal to `what` is for the caller.
    pub fn denied(denied: Denied, what: &str) -> Self {
        match denied {
            Denied::Unauthenticated(fault) => Self::Unauthenticated(fault),
            Denied::Hidden => Self::NotFound(what.to_owned()),
            Denied::Forbidden(right) => {
                Self::Forbidden(format!("you may not {}; ask an owner", right.in_words()))
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
    /// A read error is the machine's fault, anything else the archive's.
    fn from(error: ArchiveError) -> Self {
        if error.is_io() {
            Self::internal(error)
        } else {
            Self::Archive(error)
        }
    }
}
