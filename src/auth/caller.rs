//! The caller: anonymous, the operator, or the holder of a token or session with their rights.

use std::sync::Arc;

use crate::domain::{
    Actor, ModuleAddress, OrganizationAccess, OrganizationId, SessionId, TeamId, Timestamp,
    TokenId, TokenRestriction, TokenScope, UserId,
};

/// The caller of an operation.
#[derive(Debug, Clone)]
pub enum Caller {
    /// An anonymous caller, who sent no valid token for the reason given.
    Anonymous(TokenFault),
    /// The operator: somebody who works on the data directory with the command line.
    Operator,
    /// The holder of a valid token, or of a session, which may do everything that its user may do.
    Token(Arc<Authenticated>),
}

/// Why a caller has no valid token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// No token was sent.
    #[error("this needs a token; send it as `Authorization: Bearer …`")]
    Missing,
    /// The token is not a token of this registry.
    #[error("the token is not valid here; it may have been mistyped or revoked")]
    Unknown,
    /// The token has expired.
    #[error("the token expired at {0}; make a new one")]
    Expired(Timestamp),
    /// The token's user is suspended.
    #[error("the user of this token is suspended")]
    Suspended,
    /// The organization takes no tokens of users.
    #[error(
        "unauthorized: this organization takes no tokens of users; use a token of a team or of the \
         organization, or sign in with a browser"
    )]
    NoUserTokens,
    /// The token is older than the organization allows, which was so from this time on.
    #[error(
        "unauthorized: the token expired at {0}, because it is older than this organization allows; \
         make a new one"
    )]
    TooOld(Timestamp),
}

/// The public id of the token or session that the caller sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A token.
    Token(TokenId),
    /// The session of a user who has signed in.
    Session(SessionId),
}

/// A valid token or session with its rights, which are looked up once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// The token or session that was sent.
    pub credential: Credential,
    /// The user it belongs to; `None` for tokens of teams and organizations.
    pub user: Option<UserId>,
    /// The team it belongs to; `None` for tokens of users and organizations.
    pub team: Option<TeamId>,
    /// The owner's name, for the log and the journal.
    pub name: String,
    /// What the token may be used for.
    pub scope: TokenScope,
    /// The restriction of the token; `None` if it is valid everywhere.
    pub restriction: Option<TokenRestriction>,
    /// When the token was made; `None` for sessions.
    pub created_at: Option<Timestamp>,
    /// When the token expires; `None` if it never does.
    pub expires_at: Option<Timestamp>,
    /// Whether the owner administers the whole registry.
    pub site_admin: bool,
    /// The owner's rights in each organization that they belong to.
    pub standings: Vec<Standing>,
}

/// The rights of one user, team or organization token in one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The organization.
    pub organization: OrganizationId,
    /// Whether they own the organization.
    pub owner: bool,
    /// The access that their teams give together.
    pub access: OrganizationAccess,
    /// The teams that a user is a member of; empty for tokens of teams and organizations, which are
    /// members of none.
    pub teams: Vec<TeamId>,
}

impl Caller {
    /// Returns the caller as the journal records it. An anonymous caller is nobody and has no
    /// actor, so it can neither change anything nor be taken for somebody else.
    pub fn actor(&self) -> Option<Actor> {
        match self {
            Self::Anonymous(_) => None,
            Self::Operator => Some(Actor::Operator),
            Self::Token(holder) => holder.actor(),
        }
    }

    /// Returns the user behind the call; `None` if there is none.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Token(holder) => holder.user.as_ref(),
            Self::Anonymous(_) | Self::Operator => None,
        }
    }

    /// Returns the team that the caller's token belongs to; `None` if it belongs to no team.
    pub fn team(&self) -> Option<&TeamId> {
        match self {
            Self::Token(holder) => holder.team.as_ref(),
            Self::Anonymous(_) | Self::Operator => None,
        }
    }

    /// Returns the one module that the caller's token is valid for; `None` if it is valid for more.
    pub fn only_module(&self) -> Option<&ModuleAddress> {
        match self {
            Self::Token(holder) => match &holder.restriction {
                Some(TokenRestriction::Module(only)) => Some(only),
                Some(TokenRestriction::Organization(_) | TokenRestriction::AuditLog(_)) | None => {
                    None
                }
            },
            Self::Anonymous(_) | Self::Operator => None,
        }
    }

    /// Returns whether the caller's token is valid for one organization or module only.
    pub fn is_restricted(&self) -> bool {
        match self {
            Self::Token(holder) => holder.restriction.is_some(),
            Self::Anonymous(_) | Self::Operator => false,
        }
    }

    /// Returns whether the caller is signed in with a session, rather than using a token.
    pub fn is_session(&self) -> bool {
        match self {
            Self::Token(holder) => matches!(holder.credential, Credential::Session(_)),
            Self::Anonymous(_) | Self::Operator => false,
        }
    }

    /// Returns whether the caller uses an organization's token, rather than a user's or a team's.
    pub fn is_organization(&self) -> bool {
        match self {
            Self::Token(holder) => holder.user.is_none() && holder.team.is_none(),
            Self::Anonymous(_) | Self::Operator => false,
        }
    }

    /// Returns the organization that the caller's token belongs to; `None` for tokens of users and
    /// teams, and for callers without a token.
    pub fn own_organization(&self) -> Option<&OrganizationId> {
        match self {
            Self::Token(holder) if self.is_organization() => {
                holder.standings.first().map(|own| &own.organization)
            }
            Self::Token(_) | Self::Anonymous(_) | Self::Operator => None,
        }
    }

    /// Returns whether the caller uses a valid token or session, or is the operator.
    pub fn is_authenticated(&self) -> bool {
        !matches!(self, Self::Anonymous(_))
    }

    /// Returns the access that the caller may grant to others in this organization: nobody grants
    /// more than they have.
    pub fn access_in(&self, organization: &OrganizationId) -> OrganizationAccess {
        match self {
            Self::Anonymous(_) => OrganizationAccess::default(),
            Self::Operator => OrganizationAccess::OWNER,
            Self::Token(holder) if holder.site_admin => OrganizationAccess::OWNER,
            Self::Token(holder) => holder
                .standing_in(organization)
                .map(|standing| {
                    if standing.owner {
                        OrganizationAccess::OWNER
                    } else {
                        standing.access
                    }
                })
                .unwrap_or_default(),
        }
    }

    /// Returns whether the caller has the rights of an owner of the organization.
    pub fn owns(&self, organization: &OrganizationId) -> bool {
        match self {
            Self::Anonymous(_) => false,
            Self::Operator => true,
            Self::Token(holder) => {
                holder.site_admin
                    || holder
                        .standing_in(organization)
                        .is_some_and(|standing| standing.owner)
            }
        }
    }

    /// Returns whether the caller is a user who is a member of the team.
    pub fn is_member_of(&self, organization: &OrganizationId, team: &TeamId) -> bool {
        match self {
            Self::Token(holder) if holder.user.is_some() => holder
                .standing_in(organization)
                .is_some_and(|standing| standing.teams.contains(team)),
            Self::Anonymous(_) | Self::Operator | Self::Token(_) => false,
        }
    }

    /// Returns the scope of the caller's token; the operator has the widest.
    pub fn scope(&self) -> TokenScope {
        match self {
            Self::Anonymous(_) => TokenScope::Read,
            Self::Operator => TokenScope::Admin,
            Self::Token(holder) => holder.scope,
        }
    }
}

impl Authenticated {
    fn actor(&self) -> Option<Actor> {
        let name = self.name.clone();
        match (&self.credential, &self.user) {
            (Credential::Session(session), Some(user)) => Some(Actor::Session {
                session: session.clone(),
                user: user.clone(),
                name,
            }),
            (Credential::Token(token), user) => Some(Actor::Token {
                token: token.clone(),
                user: user.clone(),
                name,
            }),
            (Credential::Session(_), None) => None,
        }
    }

    /// Returns whether this is a session without a user, which no session is. If there were one,
    /// it would have no actor and no rights.
    pub(super) fn is_nobodys(&self) -> bool {
        self.user.is_none() && matches!(self.credential, Credential::Session(_))
    }

    /// Returns whether the caller uses this token.
    pub fn is_token(&self, id: &TokenId) -> bool {
        matches!(&self.credential, Credential::Token(token) if token == id)
    }

    /// Returns the holder's rights in an organization; `None` if they do not belong to it.
    pub fn standing_in(&self, organization: &OrganizationId) -> Option<&Standing> {
        self.standings
            .iter()
            .find(|standing| standing.organization == *organization)
    }

    /// Returns whether the token's restriction allows this organization and module.
    ///
    /// A token that is valid for one module allows nothing that concerns the organization as a
    /// whole.
    pub fn reaches(&self, organization: &OrganizationId, module: Option<&ModuleAddress>) -> bool {
        match &self.restriction {
            None => true,
            Some(TokenRestriction::Organization(only)) => only == organization,
            Some(TokenRestriction::Module(only)) => {
                module.is_some_and(|module| module.is_same(only))
            }
            // It reads the audit log, which is decided elsewhere, and nothing else.
            Some(TokenRestriction::AuditLog(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_no_actor_and_is_recorded_as_nobody_else() {
        for fault in [
            TokenFault::Missing,
            TokenFault::Unknown,
            TokenFault::Suspended,
        ] {
            assert_eq!(Caller::Anonymous(fault).actor(), None);
        }
        assert_eq!(Caller::Operator.actor(), Some(Actor::Operator));
        let mut holder = Authenticated {
            credential: Credential::Session(SessionId::from_random(1)),
            user: None,
            team: None,
            name: "ann".to_owned(),
            scope: TokenScope::Admin,
            restriction: None,
            created_at: None,
            expires_at: None,
            site_admin: true,
            standings: Vec::new(),
        };
        let actor = |holder: &Authenticated| Caller::Token(Arc::new(holder.clone())).actor();
        assert_eq!(actor(&holder), None, "a session that belongs to no user");
        holder.user = Some(UserId::from_random(1));
        assert!(matches!(actor(&holder), Some(Actor::Session { .. })));
    }
}
