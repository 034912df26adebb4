//! What came of a command, for whoever asked: the management API makes JSON of it.

use crate::auth::TokenSecret;
use crate::domain::{ApiToken, GpgKey, Membership, Organization, Team, TeamName, Timestamp, User};
use crate::registry::organizations::Member;

/// What came of a command: a list, or one thing, or that it is done.
#[derive(Debug)]
pub enum Outcome {
    /// It is done, and there is nothing to show: a sentence about it.
    Done(String),
    /// An organization as it is now.
    Organization(Organization),
    /// Organizations, by name.
    Organizations(Vec<Organization>),
    /// The members of an organization, by username.
    Members(Vec<MemberTeams>),
    /// A user as they are now.
    User(User),
    /// A new user and the secret of their first token.
    NewUser(User, TokenSecret),
    /// Users, by name.
    Users(Vec<User>),
    /// A team as it is now.
    Team(Team),
    /// Teams, by name.
    Teams(Vec<Team>),
    /// A new token and its secret.
    NewToken(ApiToken, TokenSecret),
    /// Tokens, oldest first, each with when it was last used; `None` if never.
    Tokens(Vec<(ApiToken, Option<Timestamp>)>),
    /// A key.
    Key(GpgKey),
    /// A key, to be shown with its public part.
    ArmoredKey(GpgKey),
    /// Keys, by id.
    Keys(Vec<GpgKey>),
}

/// A member of an organization with the names of their teams.
#[derive(Debug)]
pub struct MemberTeams {
    /// The user.
    pub user: User,
    /// That they belong to the organization.
    pub membership: Membership,
    /// The names of the teams that they are in, by name.
    pub teams: Vec<TeamName>,
}

impl MemberTeams {
    /// A member with their teams out of all teams of the organization.
    pub(super) fn new((user, membership): Member, all: &[Team]) -> Self {
        let teams = all
            .iter()
            .filter(|team| membership.teams.contains(&team.id))
            .map(|team| team.name.clone())
            .collect();
        Self {
            user,
            membership,
            teams,
        }
    }
}
