//! Who may manage the tokens of an organization and of its teams: looks up the rows that the decision
//! is about, and leaves the decision to `auth::authorize_tokens`.

use crate::auth::{Caller, ReadMembers, TokenGrant, authorize_tokens};
use crate::domain::{Team, TeamId, TeamName};
use crate::registry::base::{Error, Registry};

impl Registry {
    /// Returns the right to manage the tokens of the organization with this name or id.
    ///
    /// # Errors
    ///
    /// As [`Registry::grant`].
    pub fn token_grant(&self, caller: &Caller, organization: &str) -> Result<TokenGrant, Error> {
        let found = self.organization(organization)?;
        authorize_tokens(caller, found, None)
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
        let team = self.team_named(&grant, team)?;
        self.token_grant_of(caller, &team)
    }

    /// Returns the right to manage the tokens of this team.
    ///
    /// # Errors
    ///
    /// As [`Registry::grant`].
    pub fn token_grant_of(&self, caller: &Caller, team: &Team) -> Result<TokenGrant, Error> {
        let organization = self.organization(team.organization.as_str())?;
        authorize_tokens(caller, organization, Some(team))
            .map_err(|denied| Error::denied(denied, &format!("the team `{}`", team.name)))
    }
}
