//! Sessions of signed-in users: who, since when, and until when.

use serde::{Deserialize, Serialize};

use super::{AccessRules, SessionId, Timestamp, UserId};

/// The seconds that a session lasts without a request, if no organization says less.
const IDLE_SECONDS: i64 = 12 * 3600;

/// The seconds that a session lasts at most, if no organization says less.
const LONGEST_SECONDS: i64 = 7 * 24 * 3600;

/// How long a sign-in proves who somebody is, in seconds.
const FRESH_SECONDS: i64 = 15 * 60;

/// How long after a sign-in by a link a first password may be set, in seconds.
const FIRST_PASSWORD_SECONDS: i64 = 3600;

/// How far ahead of the clock a session may have begun, in seconds; one that began later was made
/// while the clock was wrong.
const AHEAD_SECONDS: i64 = 3600;

/// The least seconds between two writes of the time of last use.
const NOTE_EVERY_SECONDS: i64 = 600;

/// The time of last use is noted so many times at least while a session may be idle.
const NOTES_PER_IDLE_TIME: i64 = 20;

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request, in seconds.
    idle_seconds: i64,
    /// Since the sign-in, in seconds.
    longest_seconds: i64,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle_seconds: IDLE_SECONDS,
            longest_seconds: LONGEST_SECONDS,
        }
    }
}

impl SessionLimits {
    /// Returns these limits, or those of an organization of the user where they are smaller.
    #[must_use]
    pub fn within(self, rules: &AccessRules) -> Self {
        let smaller = |own: i64, minutes: Option<u32>| {
            minutes.map_or(own, |minutes| own.min(i64::from(minutes) * 60))
        };
        Self {
            idle_seconds: smaller(self.idle_seconds, rules.session_timeout_minutes),
            longest_seconds: smaller(self.longest_seconds, rules.session_remember_minutes),
        }
    }
}

/// A session. Its secret is not stored: the key of the row is the SHA-256 of the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The public id.
    pub id: SessionId,
    /// The user who is signed in.
    pub user: UserId,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When the session was last used, accurate to ten minutes, or to a part of the idle time where
    /// that is short.
    pub last_used_at: Timestamp,
    /// Whether the user signed in by a link, without a password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_link: bool,
}

impl Session {
    /// Returns when the session ends if it is not used before.
    pub fn end(&self, limits: SessionLimits) -> Timestamp {
        let idle = self.last_used_at.plus_seconds(limits.idle_seconds);
        idle.min(self.created_at.plus_seconds(limits.longest_seconds))
    }

    /// Returns whether the session is over: unused for too long, too old, or from the future.
    pub fn is_over(&self, limits: SessionLimits, now: Timestamp) -> bool {
        self.end(limits) <= now || self.created_at > now.plus_seconds(AHEAD_SECONDS)
    }

    /// Returns whether the user signed in so short a time ago that it counts as a proof of who they
    /// are.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.created_at.plus_seconds(FRESH_SECONDS) > now
    }

    /// Returns whether the user may set a first password without another proof: they signed in by a
    /// link, not long ago.
    pub fn may_set_first_password(&self, now: Timestamp) -> bool {
        self.by_link && self.created_at.plus_seconds(FIRST_PASSWORD_SECONDS) > now
    }

    /// Returns whether the time of last use should be written again.
    pub fn is_use_due(&self, limits: SessionLimits, now: Timestamp) -> bool {
        let every = NOTE_EVERY_SECONDS.min(limits.idle_seconds / NOTES_PER_IDLE_TIME);
        self.last_used_at.plus_seconds(every) <= now
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
            by_link: false,
        };
        let limits = SessionLimits::default();
        assert!(!session.is_over(limits, begin.plus_seconds(IDLE_SECONDS - 1)));
        assert!(session.is_over(limits, begin.plus_seconds(IDLE_SECONDS)));
        assert!(session.is_over(limits, begin.plus_seconds(-AHEAD_SECONDS - 1)));
        session.last_used_at = begin.plus_seconds(LONGEST_SECONDS - 1);
        assert!(!session.is_over(limits, begin.plus_seconds(LONGEST_SECONDS - 1)));
        assert!(session.is_over(limits, begin.plus_seconds(LONGEST_SECONDS)));
    }

    #[test]
    fn i55_a_sign_in_proves_who_somebody_is_for_a_quarter_of_an_hour() {
        let begin = Timestamp::from_micros(0);
        let mut session = Session {
            id: SessionId::from_random(1),
            user: UserId::from_random(1),
            created_at: begin,
            last_used_at: begin.plus_seconds(3600),
            by_link: false,
        };
        assert!(session.is_fresh(begin.plus_seconds(899)));
        assert!(!session.is_fresh(begin.plus_seconds(900)));
        assert!(
            !session.may_set_first_password(begin),
            "they have typed a password"
        );
        session.by_link = true;
        assert!(session.may_set_first_password(begin.plus_seconds(3599)));
        assert!(!session.may_set_first_password(begin.plus_seconds(3600)));
    }

    #[test]
    fn t54_an_organization_makes_sessions_shorter_and_never_longer() {
        let begin = Timestamp::from_micros(0);
        let session = Session {
            id: SessionId::from_random(1),
            user: UserId::from_random(1),
            created_at: begin,
            last_used_at: begin,
            by_link: false,
        };
        let rules = |timeout, remember| AccessRules {
            session_timeout_minutes: timeout,
            session_remember_minutes: remember,
            ..AccessRules::default()
        };
        let end = |limits: SessionLimits| session.end(limits);
        let own = SessionLimits::default();
        assert_eq!(
            end(own.within(&rules(Some(20_160), Some(20_160)))),
            end(own)
        );
        assert_eq!(
            end(own.within(&rules(Some(30), None))),
            begin.plus_seconds(1800)
        );
        assert_eq!(
            end(own.within(&rules(None, Some(2)))),
            begin.plus_seconds(120)
        );
        let both = own
            .within(&rules(Some(30), None))
            .within(&rules(Some(10), None));
        assert_eq!(end(both), begin.plus_seconds(600));
        assert!(!session.is_use_due(both, begin.plus_seconds(29)));
        assert!(session.is_use_due(both, begin.plus_seconds(30)));
    }
}
