//! Who made a change, as the journal and the audit log record it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{SessionId, TokenId, UserId};

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Actor {
    /// The operator: somebody who works on the data directory with the command line.
    Operator,
    /// The program itself, for housekeeping and counters.
    System,
    /// The holder of an API token, which belongs to a user, a team or an organization.
    Token {
        /// The token that was used.
        token: TokenId,
        /// The user it belongs to; `None` for tokens of teams and organizations.
        user: Option<UserId>,
        /// The owner's name at the time, for people to read.
        name: String,
    },
    /// A user who has signed in.
    Session {
        /// The session.
        session: SessionId,
        /// The user.
        user: UserId,
        /// The user's name at the time, for people to read.
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
