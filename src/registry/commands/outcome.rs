//! The outcomes of commands, from which the management API makes JSON.

use crate::auth::TokenSecret;
use crate::domain::{ApiToken, GpgKey, Organization, Team, TeamName, Timestamp, User};
use crate::registry::base::Budget;
use crate::registry::organizations::Person;
use crate::storage::AuditEvent;

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
    /// The members of an organization and everybody who is invited, by name or address.
    Members(Vec<MemberTeams>),
    /// A user as they are now.
    User(User),
    /// A user and the organizations that they belong to or are invited to, by name.
    UserDetails(User, Vec<Organization>),
    /// A new user and the secret of their first token.
    NewUser(User, TokenSecret),
    /// Users, by name.
    Users(Vec<User>),
    /// A team as it is now.
    Team(Team),
    /// Teams, by name.
    Teams(Vec<Team>),
    /// A new token and its secret.
    NewToken(ListedToken, TokenSecret),
    /// Tokens, oldest first.
    Tokens(Vec<ListedToken>),
    /// Events of the audit log, the newest first.
    AuditEvents(Vec<AuditEvent>),
    /// A key.
    Key(GpgKey),
    /// A key, to be shown with its public part.
    ArmoredKey(GpgKey),
    /// Keys, by id.
    Keys(Vec<GpgKey>),
}

/// A token as lists show it.
#[derive(Debug)]
pub struct ListedToken {
    /// The token.
    pub token: ApiToken,
    /// The name of its owner, as in `alice`, `acme` or `acme/ci`.
    pub owner: String,
    /// When it was last used, to the minute; `None` if never.
    pub last_used: Option<Timestamp>,
}

/// A member of an organization, or somebody who is invited, with the names of their teams.
#[derive(Debug)]
pub struct MemberTeams {
    /// The member, or who is invited.
    pub person: Person,
    /// The names of their teams, in order.
    pub teams: Vec<TeamName>,
}

impl MemberTeams {
    /// Makes a member with the names of their teams; `all` are the teams of the organization.
    pub(super) fn new(person: Person, all: &[Team]) -> Self {
        let teams = all
            .iter()
            .filter(|team| person.teams().contains(&team.id))
            .map(|team| team.name.clone())
            .collect();
        Self { person, teams }
    }
}
