//! Making a caller from a secret: a token, or a password for users who have no token yet.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::auth::{
    Authenticated, Caller, ClientNetwork, Credential, Standing, TokenFault, TokenSecret,
    verify_password,
};
use crate::domain::{
    Actor, ApiToken, MembershipStatus, OrganizationAccess, OrganizationId, Team, Timestamp,
    TokenId, TokenOwner, User, UserId, Username,
};
use crate::registry::base::state::{CachedCaller, IdentityRevision, SignInAttempt, Window};
use crate::registry::base::{Error, Registry, lock};
use crate::storage::Prefix;
use crate::storage::tables::accounts::{Memberships, Teams, Users};
use crate::storage::tables::credentials::Tokens;
use crate::storage::tables::organizations::Organizations;
use crate::storage::tables::{accounts, credentials};

/// How often the use of one token is recorded, in seconds.
const NOTE_EVERY_SECONDS: i64 = 60;

impl Registry {
    /// Returns the caller that a token's secret stands for; an unknown, expired or disabled token
    /// makes an anonymous caller.
    ///
    /// Revocation, expiry and changed rights take effect with the next request.
    pub fn caller(&self, secret: &TokenSecret) -> Result<Caller, Error> {
        if let Some(known) = self.caller_in_memory(secret) {
            return Ok(known);
        }
        let (hash, revision) = (secret.hash(), self.identity_revision());
        let Some(token) = credentials::by_hash(&self.store, &hash)? else {
            return Ok(Caller::Anonymous(TokenFault::Unknown));
        };
        let holder = match self.holder(&token)? {
            Ok(holder) => Arc::new(holder),
            Err(fault) => return Ok(Caller::Anonymous(fault)),
        };
        let cached = Arc::new(CachedCaller {
            holder,
            noted_at_seconds: AtomicI64::new(0),
        });
        let callers = &self.state.accounts.callers;
        callers.put(hash, revision, Arc::clone(&cached));
        Ok(self.current(&cached))
    }

    /// Returns the caller that a token's secret stands for if it is known in memory. No row is read.
    pub fn caller_in_memory(&self, secret: &TokenSecret) -> Option<Caller> {
        let (hash, revision) = (secret.hash(), self.identity_revision());
        let cached = self.state.accounts.callers.get(&hash, &revision)?;
        Some(self.current(&cached))
    }

    /// Returns the caller unless the token has expired, and notes that it was used.
    fn current(&self, cached: &CachedCaller) -> Caller {
        let now = self.now();
        match cached.holder.expires_at {
            Some(end) if self.has_passed(end) => Caller::Anonymous(TokenFault::Expired(end)),
            Some(_) | None => {
                self.note_use(cached, now);
                Caller::Token(Arc::clone(&cached.holder))
            }
        }
    }

    /// Returns the caller behind an actor, with the rights that the caller has now.
    ///
    /// The program itself is no caller: whatever it recorded gives nobody any right.
    pub(in crate::registry) fn caller_of(&self, actor: &Actor) -> Result<Caller, Error> {
        match actor {
            Actor::Operator => Ok(Caller::Operator),
            Actor::System => Ok(Caller::Anonymous(TokenFault::Missing)),
            Actor::Token { token, .. } => self.caller_by_id(token),
            Actor::Session { session, user, .. } => self.session_caller_by_id(user, session),
        }
    }

    /// Returns the caller that a token stands for, by the token's public id.
    fn caller_by_id(&self, id: &TokenId) -> Result<Caller, Error> {
        let Some((_, token)) = credentials::by_id(&self.store, id)? else {
            return Ok(Caller::Anonymous(TokenFault::Unknown));
        };
        Ok(match self.holder(&token)? {
            Ok(holder) => Caller::Token(Arc::new(holder)),
            Err(fault) => Caller::Anonymous(fault),
        })
    }

    /// Lets an attempt to sign in pass, unless too many have failed;
    /// `registry/base/state/sign_in_limits.rs` says what counts. No account is ever locked for good. `from` is the network that the request comes from; `None` if it is unknown.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyRequests`] while the client has to wait.
    pub fn begin_sign_in(
        &self,
        username: &Username,
        from: Option<ClientNetwork>,
    ) -> Result<SignInAttempt, Error> {
        let settings = self.settings();
        let now = self.now();
        let window = Window {
            failures: settings.sign_in_failures,
            now,
            since: now.plus_seconds(-settings.sign_in_window_seconds),
        };
        let begun = self
            .state
            .accounts
            .sign_ins
            .begin(username.folded(), from, window);
        begun.map_err(|failure| {
            let until = failure.plus_seconds(settings.sign_in_window_seconds);
            let wait = until.as_seconds().saturating_sub(now.as_seconds()).max(1);
            Error::TooManyRequests {
                retry_after_seconds: u64::try_from(wait).unwrap_or(1),
            }
        })
    }

    /// Returns the user with this name and password. A name that nobody has costs as much time as
    /// any other.
    ///
    /// # Errors
    ///
    /// [`Error::WrongPassword`] if the name or the password is wrong or the user is suspended.
    pub fn check_password(
        &self,
        attempt: SignInAttempt,
        username: &Username,
        password: &str,
    ) -> Result<User, Error> {
        let user = accounts::user_by_name(&self.store, username)?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let right = verify_password(password, hash);
        match user {
            Some(user) if right && !user.suspended => {
                attempt.succeeded(self.now());
                Ok(user)
            }
            Some(_) | None => {
                attempt.failed();
                Err(Error::WrongPassword)
            }
        }
    }

    fn identity_revision(&self) -> IdentityRevision {
        (
            self.store.revision::<Tokens>(&Prefix::all()),
            self.store.revision::<Users>(&Prefix::all()),
            self.store.revision::<Teams>(&Prefix::all()),
            self.store.revision::<Memberships>(&Prefix::all()),
            self.store.revision::<Organizations>(&Prefix::all()),
        )
    }

    fn note_use(&self, cached: &CachedCaller, now: Timestamp) {
        let seconds = now.as_seconds();
        let before = cached.noted_at_seconds.load(Ordering::Relaxed);
        // A use in the future was noted while the clock was wrong.
        if (0..NOTE_EVERY_SECONDS).contains(&seconds.saturating_sub(before)) {
            return;
        }
        cached.noted_at_seconds.store(seconds, Ordering::Relaxed);
        let mut uses = lock(&self.state.accounts.token_uses);
        if let Credential::Token(token) = &cached.holder.credential {
            uses.insert(token.clone(), now);
        }
    }

    /// Returns whom a token stands for now, or why the token is not valid.
    fn holder(&self, token: &ApiToken) -> Result<Result<Authenticated, TokenFault>, Error> {
        if let Some(end) = token.expires_at.filter(|_| token.is_expired(self.now())) {
            self.clock.note_passed(end);
            return Ok(Err(TokenFault::Expired(end)));
        }
        match &token.owner {
            TokenOwner::User(id) => match accounts::user_by_id(&self.store, id)? {
                None => Ok(Err(TokenFault::Unknown)),
                Some(user) if user.suspended => Ok(Err(TokenFault::Suspended)),
                Some(user) => {
                    let standings = self.standings_of(id)?;
                    let holder = authenticated(token, user.username.to_string(), standings);
                    let (user, site_admin) = (Some(user.id), user.site_admin);
                    Ok(Ok(Authenticated {
                        user,
                        site_admin,
                        ..holder
                    }))
                }
            },
            TokenOwner::Team(id) => match accounts::team_by_id(&self.store, id)? {
                None => Ok(Err(TokenFault::Unknown)),
                Some(team) => {
                    let standings = if self.is_disabled(&team.organization)? {
                        Vec::new()
                    } else {
                        vec![standing(&team)]
                    };
                    let holder = authenticated(token, team.name_of_tokens(), standings);
                    Ok(Ok(Authenticated {
                        team: Some(team.id),
                        ..holder
                    }))
                }
            },
            TokenOwner::Organization(id) => match self.organization(id.as_str())? {
                None => Ok(Err(TokenFault::Unknown)),
                Some(organization) if organization.disabled => {
                    let name = format!("organization {}", organization.name);
                    Ok(Ok(authenticated(token, name, Vec::new())))
                }
                Some(organization) => {
                    let owns = Standing {
                        organization: id.clone(),
                        owner: true,
                        access: OrganizationAccess::OWNER,
                        teams: Vec::new(),
                    };
                    let name = format!("organization {}", organization.name);
                    Ok(Ok(authenticated(token, name, vec![owns])))
                }
            },
        }
    }

    pub(super) fn standings_of(&self, user: &UserId) -> Result<Vec<Standing>, Error> {
        let mut standings = Vec::new();
        for membership in accounts::memberships_by_user(&self.store, user)? {
            if membership.status != MembershipStatus::Active
                || self.is_disabled(&membership.organization)?
            {
                continue;
            }
            let mut total = Standing {
                organization: membership.organization,
                owner: false,
                access: OrganizationAccess::default(),
                teams: membership.teams,
            };
            for id in &total.teams {
                if let Some(team) = accounts::team_by_id(&self.store, id)? {
                    total.owner |= team.is_owners();
                    total.access = total.access.union(team.access);
                }
            }
            standings.push(total);
        }
        Ok(standings)
    }

    /// Returns whether an organization is disabled; to its members and tokens it is as if they did
    /// not belong to it.
    fn is_disabled(&self, id: &OrganizationId) -> Result<bool, Error> {
        let organization = self.organization(id.as_str())?;
        Ok(organization.is_some_and(|organization| organization.disabled))
    }

    /// Removes failed sign-ins that no longer count.
    pub(in crate::registry) fn forget_old_failures(&self) {
        let (window, now) = (self.settings().sign_in_window_seconds, self.now());
        let since = now.plus_seconds(-window);
        self.state.accounts.sign_ins.forget_before(since, now);
    }
}

fn authenticated(token: &ApiToken, name: String, standings: Vec<Standing>) -> Authenticated {
    Authenticated {
        credential: Credential::Token(token.id.clone()),
        user: None,
        team: None,
        name,
        scope: token.scope,
        restriction: token.restriction.clone(),
        created_at: Some(token.created_at),
        expires_at: token.expires_at,
        site_admin: false,
        standings,
    }
}

fn standing(team: &Team) -> Standing {
    Standing {
        organization: team.organization.clone(),
        owner: team.is_owners(),
        access: team.access,
        teams: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::server::open_registry;

    #[test]
    fn the_program_itself_is_no_caller_and_never_the_operator() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut config = Config::default();
        config.storage.data_dir = dir.path().to_owned();
        let registry = open_registry(&config, |_| {}).expect("a registry");
        let caller_of = |actor: &Actor| registry.caller_of(actor).expect("an answer");
        assert!(matches!(caller_of(&Actor::System), Caller::Anonymous(_)));
        assert!(matches!(caller_of(&Actor::Operator), Caller::Operator));
        let gone = Actor::Token {
            token: TokenId::from_random(1),
            user: None,
            name: "somebody".to_owned(),
        };
        assert!(matches!(caller_of(&gone), Caller::Anonymous(_)));
    }
}
