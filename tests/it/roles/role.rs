//! The roles that make requests, and their credentials.

/// The caller of a request. Programs send a token; browsers send the cookie of a session, where the
/// tokens of an organization count for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Sends no credentials.
    Anonymous,
    /// Sends a token that has expired, or the cookie of somebody who has signed out.
    Expired,
    /// Sends a token that was revoked, or the cookie of a session that a new password ended.
    Revoked,
    /// Sends a token of the organization that may only read.
    ReadToken,
    /// Sends a token of the organization that may publish.
    PublishToken,
    /// A member of the organization who is in no team.
    Reader,
    /// A member of a team that manages modules and providers.
    Publisher,
    /// An owner of another organization.
    OtherOwner,
    /// An owner of a third organization, with which the organization shares modules and providers.
    Consumer,
    /// An owner of the organization.
    Owner,
    /// An administrator of the registry.
    Admin,
}

/// Every role.
pub(crate) const ROLES: [Role; 11] = [
    Role::Anonymous,
    Role::Expired,
    Role::Revoked,
    Role::ReadToken,
    Role::PublishToken,
    Role::Reader,
    Role::Publisher,
    Role::OtherOwner,
    Role::Consumer,
    Role::Owner,
    Role::Admin,
];

impl Role {
    /// Returns the user of this role; `None` if it belongs to no user.
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
            Self::Consumer => Some("ally-alma"),
            Self::Owner => Some("owner-olivia"),
            Self::Admin => Some("admin"),
        }
    }

    /// Returns whether the role may see nothing of the organization.
    pub(crate) fn is_outside(self) -> bool {
        match self {
            Self::Anonymous | Self::Expired | Self::Revoked | Self::OtherOwner => true,
            Self::ReadToken
            | Self::PublishToken
            | Self::Reader
            | Self::Publisher
            | Self::Consumer
            | Self::Owner
            | Self::Admin => false,
        }
    }

    /// Returns whether the role counts as not signed in, for a program or in a browser.
    pub(crate) fn is_nobody(self, in_browser: bool) -> bool {
        match self {
            Self::Anonymous | Self::Expired | Self::Revoked => true,
            Self::ReadToken | Self::PublishToken => in_browser,
            Self::Reader
            | Self::Publisher
            | Self::OtherOwner
            | Self::Consumer
            | Self::Owner
            | Self::Admin => false,
        }
    }
}
