//! Sessions of signed-in users: who, since when, and until when.

use serde::{Deserialize, Serialize};

use super::{SessionId, Timestamp, UserId};

/// The seconds that a session lasts without a request.
const IDLE_SECONDS: i64 = 12 * 3600;

/// The seconds that a session lasts at most.
const LONGEST_SECONDS: i64 = 7 * 24 * 3600;

/// How far ahead of the clock a session may have begun, in seconds; one that began later was made
/// while the clock was wrong.
const AHEAD_SECONDS: i64 = 3600;

/// The least seconds between two writes of the time of last use: a fraction of the idle time.
const NOTE_EVERY_SECONDS: i64 = 600;

/// A session. Its secret is not stored: the key of the row is the SHA-256 of the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The public id.
    pub id: SessionId,
    /// The user who is signed in.
    pub user: UserId,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When the session was last used, accurate to ten minutes.
    pub last_used_at: Timestamp,
}

impl Session {
    /// Returns when the session ends if it is not used before.
    pub fn end(&self) -> Timestamp {
        let idle = self.last_used_at.plus_seconds(IDLE_SECONDS);
        idle.min(self.created_at.plus_seconds(LONGEST_SECONDS))
    }

    /// Returns whether the session is over: unused for too long, too old, or from the future.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.end() <= now || self.created_at > now.plus_seconds(AHEAD_SECONDS)
    }

    /// Returns whether the time of last use should be written again.
    pub fn is_use_due(&self, now: Timestamp) -> bool {
        self.last_used_at.plus_seconds(NOTE_EVERY_SECONDS) <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t54_a_session_ends_when_it_is_idle_and_when_it_is_old() {
        let begin = Timestamp::from_micros(0);
        let mut session = Session {
            id: SessionId::from_random(1),
            user: UserId::from_random(1),
            created_at: begin,
            last_used_at: begin,
        };
        assert!(!session.is_over(begin.plus_seconds(IDLE_SECONDS - 1)));
        assert!(session.is_over(begin.plus_seconds(IDLE_SECONDS)));
        assert!(session.is_over(begin.plus_seconds(-AHEAD_SECONDS - 1)));
        session.last_used_at = begin.plus_seconds(LONGEST_SECONDS - 1);
        assert!(!session.is_over(begin.plus_seconds(LONGEST_SECONDS - 1)));
        assert!(session.is_over(begin.plus_seconds(LONGEST_SECONDS)));
    }
}
