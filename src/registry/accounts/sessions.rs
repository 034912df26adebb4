//! Signing in and out: users' sessions, and changes of their passwords.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard};

use crate::auth::{
    Authenticated, Caller, Credential, SessionSecret, TokenFault, hash_password, random_bits,
};
use crate::domain::{
    Actor, MembershipStatus, Session, SessionId, SessionLimits, Sha256, Timestamp, TokenScope,
    User, UserId,
};
use crate::registry::base::{Error, Registry, lock};
use crate::storage::Tx;
use crate::storage::tables::{accounts, sessions};

impl Registry {
    /// Begins a session of a user whose password was checked; returns the session's secret for
    /// their browser.
    pub fn begin_session(&self, user: &User) -> Result<SessionSecret, Error> {
        self.begin(user, false)
    }

    /// Begins a session of a user who came by a link.
    pub(super) fn begin_session_by_link(&self, user: &User) -> Result<SessionSecret, Error> {
        self.begin(user, true)
    }

    fn begin(&self, user: &User, by_link: bool) -> Result<SessionSecret, Error> {
        let (session, secret) = self.new_session(&user.id, by_link);
        self.write(&actor(&session, user), "sign in", |tx| {
            sessions::insert(tx, &secret.hash(), &session)?;
            Ok(())
        })?;
        Ok(secret)
    }

    /// Returns the caller that a session's secret stands for, with all rights of its user.
    pub fn session_caller(&self, secret: &SessionSecret) -> Result<Caller, Error> {
        let hash = secret.hash();
        let Some(session) = sessions::by_hash(&self.store, &hash)? else {
            return Ok(Caller::Anonymous(TokenFault::Missing));
        };
        let latest = self.last_use(&hash);
        let caller = self.caller_in(&session, latest)?;
        let used = Session {
            last_used_at: latest.unwrap_or(session.last_used_at),
            ..session
        };
        if caller.is_authenticated()
            && used.is_use_due(self.session_limits(&used.user)?, self.now())
        {
            self.session_uses().insert(hash, self.now());
        }
        Ok(caller)
    }

    /// Returns the caller that a session stands for, by the session's public id.
    pub(super) fn session_caller_by_id(
        &self,
        user: &UserId,
        id: &SessionId,
    ) -> Result<Caller, Error> {
        match sessions::by_id(&self.store, user, id)? {
            Some(session) => self.caller_in(&session, None),
            None => Ok(Caller::Anonymous(TokenFault::Missing)),
        }
    }

    /// Ends a session.
    pub fn end_session(&self, caller: &Caller, secret: &SessionSecret) -> Result<(), Error> {
        let Some(actor) = caller.actor() else {
            // The session is over already.
            return Ok(());
        };
        self.session_uses().remove(&secret.hash());
        self.write(&actor, "sign out", |tx| {
            sessions::remove(tx, &secret.hash())?;
            Ok(())
        })
    }

    /// Gives the calling user, whose old password was checked, a new one, and ends all of their
    /// sessions.
    pub fn change_own_password(
        &self,
        caller: &Caller,
        user: &User,
        new: &str,
    ) -> Result<User, Error> {
        let actor = Self::actor_of(caller)?;
        if caller.user() != Some(&user.id) {
            return Err(only_users());
        }
        let password_hash = hash_password(new)?;
        self.write(&actor, "change own password", |tx| {
            let mut user = accounts::user_named(tx, &user.username)?.ok_or_else(only_users)?;
            user.password_hash = Some(password_hash);
            accounts::update_user(tx, &user)?;
            end_all(tx, &user)?;
            Ok(user)
        })
    }

    /// Writes when sessions were last used; called every minute.
    pub(super) fn write_session_uses(&self) -> Result<(), Error> {
        let uses = std::mem::take(&mut *self.session_uses());
        if uses.is_empty() {
            return Ok(());
        }
        self.write(&Actor::System, "note session uses", |tx| {
            sessions::note_uses(tx, uses)?;
            Ok(())
        })
    }

    fn new_session(&self, user: &UserId, by_link: bool) -> (Session, SessionSecret) {
        let now = self.now();
        let session = Session {
            id: SessionId::from_random(random_bits()),
            user: user.clone(),
            created_at: now,
            last_used_at: now,
            by_link,
        };
        (session, SessionSecret::generate())
    }

    fn caller_in(&self, session: &Session, latest: Option<Timestamp>) -> Result<Caller, Error> {
        let last_used_at = latest.unwrap_or(session.last_used_at);
        let current = Session {
            last_used_at,
            ..session.clone()
        };
        let nobody = |fault| Ok(Caller::Anonymous(fault));
        let limits = self.session_limits(&session.user)?;
        if current.is_over(limits, self.now()) || self.has_passed(current.end(limits)) {
            return nobody(TokenFault::Missing);
        }
        let Some(user) = accounts::user_by_id(&self.store, &session.user)? else {
            return nobody(TokenFault::Missing);
        };
        if user.suspended {
            return nobody(TokenFault::Suspended);
        }
        let standings = self.standings_of(&user.id)?;
        Ok(Caller::Token(Arc::new(Authenticated {
            credential: Credential::Session(session.id.clone()),
            team: None,
            name: user.username.to_string(),
            user: Some(user.id),
            scope: TokenScope::Admin,
            restriction: None,
            // The end of the session is no limit for tokens that are made in it.
            created_at: None,
            expires_at: None,
            site_admin: user.site_admin,
            standings,
        })))
    }

    /// Returns how long sessions of a user last: the smallest that one of their organizations says,
    /// and never longer than the registry allows.
    pub(in crate::registry) fn session_limits(
        &self,
        user: &UserId,
    ) -> Result<SessionLimits, Error> {
        let mut limits = SessionLimits::default();
        for membership in accounts::memberships_by_user(&self.store, user)? {
            let active = membership.status == MembershipStatus::Active;
            let of = self.organization(membership.organization.as_str())?;
            if let Some(organization) = of.filter(|_| active) {
                limits = limits.within(&organization.access_rules);
            }
        }
        Ok(limits)
    }

    /// Returns the hashes of the secrets of all sessions that are over.
    pub(in crate::registry) fn sessions_over(&self) -> Result<Vec<Sha256>, Error> {
        let now = self.now();
        let mut over = Vec::new();
        for entry in sessions::all(&self.store) {
            let (hash, session) = entry?;
            let current = Session {
                last_used_at: self.last_use(&hash).unwrap_or(session.last_used_at),
                ..session
            };
            if current.is_over(self.session_limits(&current.user)?, now) {
                over.push(hash);
            }
        }
        Ok(over)
    }

    fn last_use(&self, hash: &Sha256) -> Option<Timestamp> {
        self.session_uses().get(hash).copied()
    }

    fn session_uses(&self) -> MutexGuard<'_, HashMap<Sha256, Timestamp>> {
        lock(&self.state.accounts.session_uses)
    }
}

/// Ends all sessions of a user, as part of a write that changes their password or suspends them.
pub(super) fn end_all(tx: &mut Tx<'_>, user: &User) -> Result<(), Error> {
    Ok(sessions::remove_all_of_user(tx, &user.id)?)
}

fn actor(session: &Session, user: &User) -> Actor {
    Actor::Session {
        session: session.id.clone(),
        user: user.id.clone(),
        name: user.username.to_string(),
    }
}

fn only_users() -> Error {
    Error::Forbidden("only users have a password of their own".to_owned())
}
