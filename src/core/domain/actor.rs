//! Who made a change, as the journal and the audit log name them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{SessionId, TokenId, UserId};

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Actor {
    /// Somebody who holds the data directory, by the command line.
    Operator,
    /// The program itself: housekeeping, counters.
    System,
    /// A user by one of their tokens, or a token that belongs to a team or an organization.
    Token {
        /// The token that was shown.
        token: TokenId,
        /// The user it belongs to; absent for team and organization tokens.
        user: Option<UserId>,
        /// The owner's name for people to read, as it was at the time.
        name: String,
    },
    /// A user who has signed in.
    Session {
        /// The session.
        session: SessionId,
        /// The user.
        user: UserId,
        /// The user's name for people to read, as it was at the time.
        name: String,
    },
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::System => f.write_str("terrakeep"),
            Self::Token { token, name, .. } => write!(f, "{name} ({token})"),
            Self::Session { session, name, .. } => write!(f, "{name} ({session})"),
        }
    }
}
