//! Primary tokens: clients of the TFE API know one token of an organization and one of each team. A
//! new primary token replaces the old one. Other tokens, which are made elsewhere, stay valid
//! beside it.

use super::tokens::NewToken;
use crate::auth::{Caller, Grant, ReadMembers, TokenGrant, TokenSecret};
use crate::domain::{ApiToken, Team, TokenId, TokenOwner};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::{accounts, credentials};

impl Registry {
    /// Returns the primary token of the organization, or of one of its teams.
    pub fn primary_token(&self, grant: &TokenGrant) -> Result<ApiToken, Error> {
        let tokens = credentials::of_owner(&self.store, grant.owner())?;
        let found = tokens.into_iter().find(|token| token.is_primary);
        found.ok_or_else(missing)
    }

    /// Makes a new primary token and revokes the one before it in the same write: at no moment are
    /// both valid, or neither.
    pub fn replace_primary_token(
        &self,
        grant: &TokenGrant,
        caller: &Caller,
        new: NewToken,
    ) -> Result<(ApiToken, TokenSecret), Error> {
        let owner = grant.owner();
        let token = ApiToken {
            is_primary: true,
            ..self.new_token(caller, owner.clone(), new)?
        };
        let secret = TokenSecret::generate();
        self.write(&grant.actor(), "replace token", |tx| {
            for (hash, old) in credentials::of_owner_in(tx, owner)? {
                if old.is_primary {
                    credentials::remove(tx, &hash, &old)?;
                }
            }
            credentials::insert(tx, &secret.hash(), &token)?;
            Ok::<_, Error>(())
        })?;
        Ok((token, secret))
    }

    /// Revokes the primary token.
    pub fn remove_primary_token(&self, grant: &TokenGrant) -> Result<(), Error> {
        self.write(&grant.actor(), "revoke token", |tx| {
            let tokens = credentials::of_owner_in(tx, grant.owner())?;
            let (hash, token) = tokens
                .into_iter()
                .find(|(_, token)| token.is_primary)
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
