//! Making, listing and revoking tokens.

use crate::auth::{
    AdministerSite, Authenticated, Caller, Credential, Grant, TokenGrant, TokenSecret, random_bits,
};
use crate::domain::{
    Actor, ApiToken, ShortText, Timestamp, TokenId, TokenOwner, TokenRestriction, TokenScope, User,
    UserId, Username,
};
use crate::registry::base::{Error, Registry, lock};
use crate::storage::Tx;
use crate::storage::tables::{accounts, credentials};

/// The settings of a new token.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What the token is for, in its maker's words; `None` if they say nothing.
    pub description: Option<ShortText>,
    /// What the token may be used for.
    pub scope: TokenScope,
    /// The organization or module that the token is limited to; `None` sets no limit.
    pub restriction: Option<TokenRestriction>,
    /// When the token expires; `None` for the default, at most as late as is allowed.
    pub end: Option<TokenEnd>,
}

/// When a token expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenEnd {
    /// This many seconds after it was made.
    AfterSeconds(i64),
    /// At this time.
    At(Timestamp),
}

impl Registry {
    /// Makes a token for the calling user. It allows no more than the token that the call is made
    /// with.
    pub fn create_own_token(
        &self,
        caller: &Caller,
        new: NewToken,
    ) -> Result<(ApiToken, TokenSecret), Error> {
        let (Caller::Token(holder), Some(user)) = (caller, caller.user()) else {
            return Err(match caller {
                Caller::Anonymous(fault) => Error::Unauthenticated(*fault),
                Caller::Operator | Caller::Token(_) => {
                    Error::Forbidden("only users have tokens of their own".to_owned())
                }
            });
        };
        // Tokens of a narrower scope cannot make tokens: the finder of a leaked token could make
        // another one, which would survive the revocation of the first.
        if holder.scope < TokenScope::Admin {
            let reason = "this token may not make tokens; use one with the scope admin";
            return Err(Error::Forbidden(reason.to_owned()));
        }
        if holder.restriction.is_some() && holder.restriction != new.restriction {
            let reason = "a limited token can only make tokens with the same limit";
            return Err(Error::Forbidden(reason.to_owned()));
        }
        self.create_token(caller, TokenOwner::User(user.clone()), new)
    }

    /// Makes a token for a user whose password was checked.
    pub fn create_token_at_sign_in(
        &self,
        user: &User,
        new: NewToken,
    ) -> Result<(ApiToken, TokenSecret), Error> {
        let token = TokenId::from_random(random_bits());
        let actor = Actor::Token {
            token: token.clone(),
            user: Some(user.id.clone()),
            name: user.username.to_string(),
        };
        let owner = TokenOwner::User(user.id.clone());
        let maker = Maker {
            actor: &actor,
            owner: None,
            no_later_than: None,
        };
        let token = self.described_token(maker, (token, owner), new)?;
        self.insert_token(&actor, token)
    }

    /// Makes a token for any user.
    pub fn create_user_token(
        &self,
        _grant: &Grant<AdministerSite>,
        caller: &Caller,
        username: &Username,
        new: NewToken,
    ) -> Result<(ApiToken, TokenSecret), Error> {
        let user = self.user_named(username)?;
        self.create_token(caller, TokenOwner::User(user.id), new)
    }

    /// Makes a token for the organization itself, or for one of its teams.
    pub fn create_organization_token(
        &self,
        grant: &TokenGrant,
        caller: &Caller,
        new: NewToken,
    ) -> Result<(ApiToken, TokenSecret), Error> {
        self.create_token(caller, grant.owner().clone(), new)
    }

    /// Returns the calling user's tokens; to a caller with a narrower or limited token only that
    /// token.
    pub fn list_own_tokens(&self, caller: &Caller) -> Result<Vec<ApiToken>, Error> {
        let holder = match caller {
            Caller::Anonymous(fault) => return Err(Error::Unauthenticated(*fault)),
            Caller::Operator => return Ok(Vec::new()),
            Caller::Token(holder) => holder,
        };
        match &holder.user {
            Some(user) if holder.scope == TokenScope::Admin && holder.restriction.is_none() => {
                self.tokens_of(&TokenOwner::User(user.clone()))
            }
            Some(_) | None => {
                let Credential::Token(id) = &holder.credential else {
                    return Ok(Vec::new());
                };
                let itself = credentials::by_id(&self.store, id)?;
                Ok(itself.map(|(_, token)| token).into_iter().collect())
            }
        }
    }

    /// Returns the tokens of all owners.
    pub fn list_all_tokens(&self, _grant: &Grant<AdministerSite>) -> Result<Vec<ApiToken>, Error> {
        let mut tokens = credentials::all(&self.store)?;
        tokens.sort_by_key(|token| token.created_at);
        Ok(tokens)
    }

    /// Returns the tokens of any user.
    pub fn list_user_tokens(
        &self,
        _grant: &Grant<AdministerSite>,
        username: &Username,
    ) -> Result<Vec<ApiToken>, Error> {
        self.tokens_of(&TokenOwner::User(self.user_named(username)?.id))
    }

    /// Returns the tokens of the organization itself, or of one of its teams.
    pub fn list_organization_tokens(&self, grant: &TokenGrant) -> Result<Vec<ApiToken>, Error> {
        self.tokens_of(grant.owner())
    }

    /// Returns when a token was last used, to the minute; `None` if never.
    pub fn token_last_used(&self, id: &TokenId) -> Result<Option<Timestamp>, Error> {
        let uses = lock(&self.state.accounts.token_uses);
        match uses.get(id) {
            Some(at) => Ok(Some(*at)),
            None => Ok(credentials::last_used(&self.store, id)?),
        }
    }

    /// Returns the name of the organization or module that a token is limited to; empty if it is
    /// not limited.
    pub fn restriction_in_words(&self, token: &ApiToken) -> Result<String, Error> {
        Ok(match &token.restriction {
            None => String::new(),
            Some(TokenRestriction::Module(address)) => address.to_string(),
            Some(TokenRestriction::AuditLog(_)) => "its audit log".to_owned(),
            Some(TokenRestriction::Organization(id)) => self
                .organization(id.as_str())?
                .map_or_else(|| id.to_string(), |found| found.name.to_string()),
        })
    }

    /// Revokes a token: callers may revoke their own tokens and those of organizations whose tokens
    /// they manage, and administrators any token. The token is refused from the next request on.
    pub fn revoke_token(&self, caller: &Caller, id: &TokenId) -> Result<(), Error> {
        let missing = || Error::NotFound(format!("the token `{id}`"));
        let actor = Self::actor_of(caller)?;
        let (hash, token) = credentials::by_id(&self.store, id)?.ok_or_else(missing)?;
        if !self.may_revoke(caller, &token)? {
            return Err(missing());
        }
        self.write(&actor, "revoke token", |tx| {
            credentials::remove(tx, &hash, &token)?;
            Ok(())
        })
    }

    pub(super) fn may_revoke(&self, caller: &Caller, token: &ApiToken) -> Result<bool, Error> {
        if self.site_grant(caller).is_ok() {
            return Ok(true);
        }
        Ok(match &token.owner {
            TokenOwner::User(id) => {
                let own = caller.user() == Some(id) && caller.scope() == TokenScope::Admin;
                let itself = matches!(caller, Caller::Token(holder) if holder.is_token(&token.id));
                own || itself
            }
            TokenOwner::Team(id) => accounts::team_by_id(&self.store, id)?
                .is_some_and(|team| self.token_grant_of(caller, &team).is_ok()),
            TokenOwner::Organization(id) => self.token_grant(caller, id.as_str()).is_ok(),
        })
    }

    pub(super) fn tokens_of(&self, owner: &TokenOwner) -> Result<Vec<ApiToken>, Error> {
        let mut tokens = credentials::of_owner(&self.store, owner)?;
        tokens.sort_by_key(|token| token.created_at);
        Ok(tokens)
    }

    fn create_token(
        &self,
        caller: &Caller,
        owner: TokenOwner,
        new: NewToken,
    ) -> Result<(ApiToken, TokenSecret), Error> {
        let token = self.new_token(caller, owner, new)?;
        self.insert_token(&Self::actor_of(caller)?, token)
    }

    /// Returns the row of a new token for an owner; its secret is not made yet. The token expires
    /// no later than the one that the call is made with.
    pub(super) fn new_token(
        &self,
        caller: &Caller,
        owner: TokenOwner,
        new: NewToken,
    ) -> Result<ApiToken, Error> {
        let actor = Self::actor_of(caller)?;
        let holder = match caller {
            Caller::Token(holder) => Some(holder),
            Caller::Anonymous(_) | Caller::Operator => None,
        };
        let maker = Maker {
            actor: &actor,
            owner: holder.and_then(|holder| owner_of(holder)),
            no_later_than: holder.and_then(|holder| holder.expires_at),
        };
        let id = TokenId::from_random(random_bits());
        self.described_token(maker, (id, owner), new)
    }

    fn described_token(
        &self,
        maker: Maker<'_>,
        (id, owner): (TokenId, TokenOwner),
        new: NewToken,
    ) -> Result<ApiToken, Error> {
        let now = self.now();
        let token = ApiToken {
            id,
            owner,
            description: new.description,
            scope: new.scope,
            restriction: new.restriction,
            created_by: creator(maker.actor),
            created_with: maker.owner,
            created_at: now,
            expires_at: None,
            has_expired: false,
            is_primary: false,
        };
        let end = self.end_of(new.end, &token)?;
        let expires_at = match (end, maker.no_later_than) {
            (Some(end), Some(limit)) => Some(end.min(limit)),
            (end, limit) => end.or(limit),
        };
        Ok(ApiToken {
            expires_at,
            ..token
        })
    }

    fn insert_token(
        &self,
        actor: &Actor,
        token: ApiToken,
    ) -> Result<(ApiToken, TokenSecret), Error> {
        let secret = TokenSecret::generate();
        self.write(actor, "create token", |tx| {
            refuse_taken_description(tx, &token)?;
            credentials::insert(tx, &secret.hash(), &token)?;
            Ok(())
        })?;
        Ok((token, secret))
    }

    /// Writes when tokens and sessions were last used; called every minute.
    pub fn write_token_uses(&self) -> Result<(), Error> {
        self.write_session_uses()?;
        let uses = std::mem::take(&mut *lock(&self.state.accounts.token_uses));
        if uses.is_empty() {
            return Ok(());
        }
        self.write(&Actor::System, "note token uses", |tx| {
            credentials::note_uses(tx, uses)?;
            Ok(())
        })
    }
}

/// Who makes a token.
struct Maker<'a> {
    actor: &'a Actor,
    /// The team or organization that makes it; `None` for users and the operator.
    owner: Option<TokenOwner>,
    /// When the token with which it is made ends; `None` if it does not.
    no_later_than: Option<Timestamp>,
}

/// Returns the team or organization that a token belongs to; `None` for tokens of users.
fn owner_of(holder: &Authenticated) -> Option<TokenOwner> {
    match (&holder.user, &holder.team) {
        (Some(_), _) => None,
        (None, Some(team)) => Some(TokenOwner::Team(team.clone())),
        (None, None) => {
            let own = holder.standings.first();
            own.map(|own| TokenOwner::Organization(own.organization.clone()))
        }
    }
}

/// Refuses a description that another token of the same team has, in the words that clients of the
/// TFE API compare.
pub(super) fn refuse_taken_description(tx: &Tx<'_>, token: &ApiToken) -> Result<(), Error> {
    let (TokenOwner::Team(_), Some(description)) = (&token.owner, &token.description) else {
        return Ok(());
    };
    let tokens = credentials::of_owner_in(tx, &token.owner)?;
    let has_it = |other: &ApiToken| other.description.as_ref() == Some(description);
    if tokens.iter().any(|(_, other)| has_it(other)) {
        return Err(Error::Validation {
            reason: "Validation failed: Description has already been taken",
        });
    }
    Ok(())
}

fn creator(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::Token { user, .. } => user.clone(),
        Actor::Session { user, .. } => Some(user.clone()),
        Actor::Operator | Actor::System => None,
    }
}
