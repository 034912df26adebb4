//! Codes that a browser hands to a program, which brings them back for a token.

use serde::{Deserialize, Serialize};

use super::{CodeChallenge, LoopbackAddress, SessionId, Timestamp, TokenId, TokenScope, UserId};

/// What a user said to a program that asked to sign in, and what became of it. Its secret is not
/// stored: the key of the row is the SHA-256 of the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginCode {
    /// The user who was asked.
    pub user: UserId,
    /// The session in which they were asked: the code works no longer than it lasts.
    pub session: SessionId,
    /// Where the program waits for the code.
    pub redirect: LoopbackAddress,
    /// What the program must prove.
    pub challenge: CodeChallenge,
    /// The scope of the token.
    pub scope: TokenScope,
    /// What the user said, and whether the code was used.
    pub state: LoginCodeState,
    /// The time from which on the code is refused.
    pub expires_at: Timestamp,
}

/// What a user said, and whether the code was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "token")]
pub enum LoginCodeState {
    /// The user said yes, and nobody has brought the code yet.
    Allowed,
    /// The user said no.
    Refused,
    /// The code was used, and this token was made for it.
    Used(TokenId),
}
