//! Primary tokens: clients of the TFE API know one token of an organization and one of each team. A
//! new primary token replaces the old one. Other tokens, which are made elsewhere, stay valid
//! beside it.

use super::tokens::{NewToken, refuse_taken_description};
use crate::auth::{Caller, Grant, ReadMembers, TokenGrant, TokenSecret};
use crate::domain::{ApiToken, Team, TokenId, TokenOwner, TokenRestriction, TokenScope};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::{accounts, credentials};

/// Which primary token of an organization is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrimaryKind {
    /// The one that may do what its owner may do. It is the only one that teams have.
    Full,
    /// The one that reads the audit log of the organization, and nothing else.
    AuditLog,
}

impl PrimaryKind {
    fn is_of(self, token: &ApiToken) -> bool {
        let reads_audit_log = matches!(token.restriction, Some(TokenRestriction::AuditLog(_)));
        token.is_primary && reads_audit_log == (self == Self::AuditLog)
    }

    /// Returns the new token with the limit of this kind.
    fn narrow(self, grant: &TokenGrant, new: NewToken) -> NewToken {
        match self {
            Self::Full => new,
            Self::AuditLog => NewToken {
                scope: TokenScope::Read,
                restriction: Some(TokenRestriction::AuditLog(grant.organization().id.clone())),
                ..new
            },
        }
    }
}

impl Registry {
    /// Returns the primary token of the organization, or of one of its teams.
    pub fn primary_token(&self, grant: &TokenGrant, kind: PrimaryKind) -> Result<ApiToken, Error> {
        let tokens = credentials::of_owner(&self.store, grant.owner())?;
        let found = tokens.into_iter().find(|token| kind.is_of(token));
        found.ok_or_else(missing)
    }

    /// Makes a new primary token and revokes the one before it in the same write: at no moment are
    /// both valid, or neither.
    pub fn replace_primary_token(
        &self,
        grant: &TokenGrant,
        caller: &Caller,
        kind: PrimaryKind,
        new: NewToken,
    ) -> Result<(ApiToken, TokenSecret), Error> {
        let new = kind.narrow(grant, new);
        let owner = grant.owner();
        let token = ApiToken {
            is_primary: true,
            ..self.new_token(caller, owner.clone(), new)?
        };
        let secret = TokenSecret::generate();
        self.write(&grant.actor(), "replace token", |tx| {
            for (hash, old) in credentials::of_owner_in(tx, owner)? {
                if kind.is_of(&old) {
                    credentials::remove(tx, &hash, &old)?;
                }
            }
            refuse_taken_description(tx, &token)?;
            credentials::insert(tx, &secret.hash(), &token)?;
            Ok::<_, Error>(())
        })?;
        Ok((token, secret))
    }

    /// Revokes the primary token.
    pub fn remove_primary_token(&self, grant: &TokenGrant, kind: PrimaryKind) -> Result<(), Error> {
        self.write(&grant.actor(), "revoke token", |tx| {
            let tokens = credentials::of_owner_in(tx, grant.owner())?;
            let (hash, token) = tokens
                .into_iter()
                .find(|(_, token)| kind.is_of(token))
                .ok_or_else(missing)?;
            credentials::remove(tx, &hash, &token)?;
            Ok(())
        })
    }

    /// Returns the tokens of the organization's teams, oldest first within a team. Tokens that the
    /// caller may not manage are left out.
    pub fn team_tokens(
        &self,
        grant: &Grant<ReadMembers>,
        caller: &Caller,
    ) -> Result<Vec<(Team, ApiToken)>, Error> {
        let mut all = Vec::new();
        for team in accounts::teams_of(&self.store, &organization_of(grant)?.id)? {
            if self.token_grant_of(caller, &team).is_err() {
                continue;
            }
            let owner = TokenOwner::Team(team.id.clone());
            let tokens = self.tokens_of(&owner)?;
            all.extend(tokens.into_iter().map(|token| (team.clone(), token)));
        }
        Ok(all)
    }

    /// Returns the token with an id, to its owner and to callers who may revoke it.
    pub fn visible_token(&self, caller: &Caller, id: &TokenId) -> Result<ApiToken, Error> {
        let own = self.list_own_tokens(caller)?;
        if let Some(token) = own.into_iter().find(|token| token.id == *id) {
            return Ok(token);
        }
        match credentials::by_id(&self.store, id)? {
            Some((_, token)) if self.may_revoke(caller, &token)? => Ok(token),
            Some(_) | None => Err(Error::NotFound(format!("the token `{id}`"))),
        }
    }
}

fn missing() -> Error {
    Error::NotFound("the token".to_owned())
}
