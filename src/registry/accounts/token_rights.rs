//! Who may manage the tokens of an organization and of its teams: looks up the rows that the decision
//! is about, and leaves the decision to `auth::authorize_tokens`.

use crate::auth::{Caller, ReadMembers, TokenGrant, authorize_tokens};
use crate::domain::{ApiToken, Namespace, OrganizationId, Team, TeamId, TeamName, TokenOwner};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::accounts;

impl Registry {
    /// Returns the right to manage the tokens of the organization with this name or id.
    ///
    /// # Errors
    ///
    /// As [`Registry::grant`].
    pub fn token_grant(&self, caller: &Caller, organization: &str) -> Result<TokenGrant, Error> {
        let found = self.organization(organization)?;
        let caller = self.admitted(caller, found.as_deref());
        authorize_tokens(&caller, found, None)
            .map_err(|denied| Error::denied(denied, &format!("the organization `{organization}`")))
    }

    /// Returns the team with an id, and the right to manage its tokens.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] also for callers who may not see the members of the team's organization.
    pub fn team_token_grant(
        &self,
        caller: &Caller,
        id: &TeamId,
    ) -> Result<(TokenGrant, Team), Error> {
        let (_, team) = self.team_grant::<ReadMembers>(caller, id)?;
        Ok((self.token_grant_of(caller, &team)?, team))
    }

    /// Returns the right to manage the tokens of the team with this name.
    ///
    /// # Errors
    ///
    /// As [`Registry::grant`]; [`Error::NotFound`] also if there is no such team.
    pub fn named_team_token_grant(
        &self,
        caller: &Caller,
        organization: &str,
        team: &TeamName,
    ) -> Result<TokenGrant, Error> {
        let grant = self.grant::<ReadMembers>(caller, organization)?;
        let found = self.team_named(&grant, team)?;
        if !self.may_see_team(&grant, &found)? {
            return Err(Error::NotFound(format!("the team `{team}`")));
        }
        self.token_grant_of(caller, &found)
    }

    /// Returns who made a token, as far as the caller may know it: in the place of a team that the
    /// caller may not see, its organization.
    pub fn visible_creator(&self, caller: &Caller, token: &ApiToken) -> Result<TokenOwner, Error> {
        let creator = token.creator();
        let TokenOwner::Team(id) = &creator else {
            return Ok(creator);
        };
        match accounts::team_by_id(&self.store, id)? {
            Some(team) if self.team_grant::<ReadMembers>(caller, id).is_err() => {
                Ok(TokenOwner::Organization(team.organization))
            }
            Some(_) | None => Ok(creator),
        }
    }

    /// Returns the name of the organization with this id, for the document of a token that it made;
    /// `None` if it is gone.
    pub fn organization_name(&self, id: &OrganizationId) -> Result<Option<Namespace>, Error> {
        let found = self.organization(id.as_str())?;
        Ok(found.map(|organization| organization.name.clone()))
    }

    /// Returns the name of a user, a team or an organization for sorting; empty if it is gone.
    pub fn name_of_owner(&self, owner: &TokenOwner) -> Result<String, Error> {
        let name = match owner {
            TokenOwner::User(id) => {
                accounts::user_by_id(&self.store, id)?.map(|it| it.username.to_string())
            }
            TokenOwner::Team(id) => {
                accounts::team_by_id(&self.store, id)?.map(|it| it.name.to_string())
            }
            TokenOwner::Organization(id) => self.organization_name(id)?.map(|it| it.to_string()),
        };
        Ok(name.unwrap_or_default())
    }

    /// Returns an owner in words, as in `alice`, `acme` or `acme/ci`; the id of one that is gone.
    pub fn owner_in_words(&self, owner: &TokenOwner) -> Result<String, Error> {
        let name = self.name_of_owner(owner)?;
        let (organization, id) = match owner {
            TokenOwner::Team(id) => {
                let team = accounts::team_by_id(&self.store, id)?;
                let organization = team.map(|team| self.organization_name(&team.organization));
                (organization.transpose()?.flatten(), id.as_str())
            }
            TokenOwner::User(id) => (None, id.as_str()),
            TokenOwner::Organization(id) => (None, id.as_str()),
        };
        Ok(match organization {
            Some(organization) => format!("{organization}/{name}"),
            None if name.is_empty() => id.to_owned(),
            None => name,
        })
    }

    /// Returns the right to manage the tokens of this team.
    ///
    /// # Errors
    ///
    /// As [`Registry::grant`].
    pub fn token_grant_of(&self, caller: &Caller, team: &Team) -> Result<TokenGrant, Error> {
        let organization = self.organization(team.organization.as_str())?;
        let caller = self.admitted(caller, organization.as_deref());
        authorize_tokens(&caller, organization, Some(team))
            .map_err(|denied| Error::denied(denied, &format!("the team `{}`", team.name)))
    }
}
