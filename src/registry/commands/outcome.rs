//! The outcomes of commands, from which the management API makes JSON.

use crate::auth::TokenSecret;
use crate::domain::{ApiToken, GpgKey, Membership, Organization, Team, TeamName, Timestamp, User};
use crate::registry::base::Budget;
use crate::registry::organizations::Member;

/// The outcome of a command: a list, one thing, or a sentence.
#[derive(Debug)]
pub enum Outcome {
    /// A sentence that the command is done, where there is nothing to show.
    Done(String),
    /// An organization as it is now.
    Organization(Organization),
    /// What an organization stores and may store.
    Budget(Budget),
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
    /// Their membership of the organization.
    pub membership: Membership,
    /// The names of their teams, in order.
    pub teams: Vec<TeamName>,
}

impl MemberTeams {
    /// Makes a member with the names of their teams; `all` are the teams of the organization.
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
