//! Invitations: memberships of people who have no account yet.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{EmailAddress, MembershipId, OrganizationId, TeamId, Timestamp, UserId, Username};

/// The email address or the name of a person who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invitee {
    /// An email address that no user has.
    Email(EmailAddress),
    /// A name that no user has.
    Name(Username),
}

impl Invitee {
    /// Returns the address or the name in lower case. An address has an `@` and a name has none, so
    /// the two never meet.
    pub fn folded(&self) -> String {
        match self {
            Self::Email(address) => address.folded(),
            Self::Name(name) => name.folded(),
        }
    }

    /// Returns the address; empty if a name is invited.
    pub fn email(&self) -> &str {
        match self {
            Self::Email(address) => address.as_str(),
            Self::Name(_) => "",
        }
    }

    /// Returns the name; `None` if an address is invited.
    pub fn username(&self) -> Option<&Username> {
        match self {
            Self::Email(_) => None,
            Self::Name(name) => Some(name),
        }
    }
}

impl fmt::Display for Invitee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(address) => address.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// The invitation of one person to one organization. It becomes a membership when an administrator
/// makes a user with this address or name, or gives this address to a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The id, which the membership will keep.
    pub id: MembershipId,
    /// The organization.
    pub organization: OrganizationId,
    /// The id of the user who does not exist yet. All invitations of an address or a name have the
    /// same, and a user who is made for it gets it.
    pub user: UserId,
    /// Who is invited.
    pub invitee: Invitee,
    /// The teams that the person will be in, without repeats.
    pub teams: Vec<TeamId>,
    /// When it was made.
    pub created_at: Timestamp,
}
