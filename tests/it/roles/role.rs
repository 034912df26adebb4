//! The roles: who asks, and what they bring.

/// Who asks. Programs bring a token; in a browser, people bring the cookie of their session, and
/// the tokens of an organization count for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Brings nothing.
    Anonymous,
    /// Brings a token that has expired, or the cookie of somebody who has signed out.
    Expired,
    /// Brings a token that was revoked, or the cookie of a session that a new password ended.
    Revoked,
    /// Brings a token of the organization that may only read.
    ReadToken,
    /// Brings a token of the organization that may publish.
    PublishToken,
    /// A member of the organization who is in no team.
    Reader,
    /// A member of a team that manages modules and providers.
    Publisher,
    /// An owner of another organization.
    OtherOwner,
    /// An owner of the organization.
    Owner,
    /// An administrator of the registry.
    Admin,
}

/// Every role.
pub(crate) const ROLES: [Role; 10] = [
    Role::Anonymous,
    Role::Expired,
    Role::Revoked,
    Role::ReadToken,
    Role::PublishToken,
    Role::Reader,
    Role::Publisher,
    Role::OtherOwner,
    Role::Owner,
    Role::Admin,
];

impl Role {
    /// The user of this role; `None` where it is no user in particular.
    pub(crate) fn username(self) -> Option<&'static str> {
        match self {
            Self::Anonymous
            | Self::Expired
            | Self::Revoked
            | Self::ReadToken
            | Self::PublishToken => None,
            Self::Reader => Some("reader-rita"),
            Self::Publisher => Some("publisher-pia"),
            Self::OtherOwner => Some("rival-otto"),
            Self::Owner => Some("owner-olivia"),
            Self::Admin => Some("admin"),
        }
    }

    /// Whether the role may see nothing of the organization.
    pub(crate) fn is_outside(self) -> bool {
        match self {
            Self::Anonymous | Self::Expired | Self::Revoked | Self::OtherOwner => true,
            Self::ReadToken
            | Self::PublishToken
            | Self::Reader
            | Self::Publisher
            | Self::Owner
            | Self::Admin => false,
        }
    }

    /// Whether the role is nobody to a program, or to a page.
    pub(crate) fn is_nobody(self, in_browser: bool) -> bool {
        match self {
            Self::Anonymous | Self::Expired | Self::Revoked => true,
            Self::ReadToken | Self::PublishToken => in_browser,
            Self::Reader | Self::Publisher | Self::OtherOwner | Self::Owner | Self::Admin => false,
        }
    }
}
