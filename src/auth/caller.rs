//! The caller: nobody, the operator, or somebody known with their rights resolved.

use std::sync::Arc;

use crate::domain::{
    Actor, ModuleAddress, OrganizationAccess, OrganizationId, SessionId, TeamId, Timestamp,
    TokenId, TokenRestriction, TokenScope, UserId,
};

/// Who is calling.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Nobody: there was no token, or one that does not count, for the reason given.
    Anonymous(TokenFault),
    /// Somebody with the data directory in their hands, by the command line.
    Operator,
    /// The holder of a valid token, or of a session, which may do all that its user may.
    Token(Arc<Authenticated>),
}

/// Why there is no valid token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// None was sent.
    #[error("this needs a token; send it as `Authorization: Bearer …`")]
    Missing,
    /// It is not one of this registry's.
    #[error("the token is not valid here; it may have been mistyped or revoked")]
    Unknown,
    /// It is past its end.
    #[error("the token expired at {0}; make a new one")]
    Expired(Timestamp),
    /// Its user is shut out.
    #[error("the user of this token is suspended")]
    Suspended,
}

/// What somebody has shown, by its public id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A token.
    Token(TokenId),
    /// The session of a user who has signed in.
    Session(SessionId),
}

/// A valid token or session and everything that it stands for, looked up once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// What was shown.
    pub credential: Credential,
    /// The user it belongs to; absent for team and organization tokens.
    pub user: Option<UserId>,
    /// The team it belongs to; absent for user and organization tokens.
    pub team: Option<TeamId>,
    /// The owner's name, for logs and the journal.
    pub name: String,
    /// How far the token reaches.
    pub scope: TokenScope,
    /// What it is limited to.
    pub restriction: Option<TokenRestriction>,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// Whether the owner administers the site.
    pub site_admin: bool,
    /// The owner's standing in each organization they belong to.
    pub standings: Vec<Standing>,
}

/// What somebody is in one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The organization.
    pub organization: OrganizationId,
    /// Whether they own it.
    pub owner: bool,
    /// What their teams give together.
    pub access: OrganizationAccess,
}

impl Caller {
    /// How the journal names the caller. Anonymous callers change nothing and are never written.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Anonymous(_) => Actor::System,
            Self::Operator => Actor::Operator,
            Self::Token(holder) => holder.actor(),
        }
    }

    /// The user behind the call, where there is one.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Token(holder) => holder.user.as_ref(),
            Self::Anonymous(_) | Self::Operator => None,
        }
    }

    /// Whether the caller has signed in themselves, rather than shown a token.
    pub fn is_session(&self) -> bool {
        match self {
            Self::Token(holder) => matches!(holder.credential, Credential::Session(_)),
            Self::Anonymous(_) | Self::Operator => false,
        }
    }

    /// Whether the token that was shown is an organization's own: no user's and no team's.
    pub fn is_organization(&self) -> bool {
        match self {
            Self::Token(holder) => holder.user.is_none() && holder.team.is_none(),
            Self::Anonymous(_) | Self::Operator => false,
        }
    }

    /// Whether the caller has shown a valid token or holds the data directory.
    pub fn is_authenticated(&self) -> bool {
        !matches!(self, Self::Anonymous(_))
    }

    /// What the caller may hand on to others in this organization: nobody grants more.
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

    /// Whether the caller owns the organization, or stands above it.
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

    /// The scope of the caller's token; the operator's is the widest.
    pub fn scope(&self) -> TokenScope {
        match self {
            Self::Anonymous(_) => TokenScope::Read,
            Self::Operator => TokenScope::Admin,
            Self::Token(holder) => holder.scope,
        }
    }
}

impl Authenticated {
    fn actor(&self) -> Actor {
        let name = self.name.clone();
        match (&self.credential, &self.user) {
            (Credential::Session(session), Some(user)) => Actor::Session {
                session: session.clone(),
                user: user.clone(),
                name,
            },
            (Credential::Token(token), user) => Actor::Token {
                token: token.clone(),
                user: user.clone(),
                name,
            },
            // Sessions are of users; a mistake here must not lend anybody a name.
            (Credential::Session(_), None) => Actor::System,
        }
    }

    /// Whether it is this token that was shown.
    pub fn is_token(&self, id: &TokenId) -> bool {
        matches!(&self.credential, Credential::Token(token) if token == id)
    }

    /// The holder's standing in an organization, where they have one.
    pub fn standing_in(&self, organization: &OrganizationId) -> Option<&Standing> {
        self.standings
            .iter()
            .find(|standing| standing.organization == *organization)
    }

    /// Whether the token's own limits let it touch this organization and module.
    ///
    /// A token for one module touches nothing that concerns the organization as a whole.
    pub fn reaches(&self, organization: &OrganizationId, module: Option<&ModuleAddress>) -> bool {
        match &self.restriction {
            None => true,
            Some(TokenRestriction::Organization(only)) => only == organization,
            Some(TokenRestriction::Module(only)) => {
                module.is_some_and(|module| module.is_same(only))
            }
        }
    }
}
