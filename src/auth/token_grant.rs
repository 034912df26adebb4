//! The right to manage the tokens of an organization or of one team: a value as `grant.rs` has them,
//! which names the owner of the tokens.

use std::sync::Arc;

use crate::domain::{Actor, Organization, Right, Team, TokenOwner};

use super::grant::{Denied, ManageTeams, ManageTokens, ReadMembers, authorize};
use super::{Caller, TokenFault};

/// Proof that [`authorize_tokens`] allowed a caller to make, see and revoke the tokens of one owner:
/// an organization, or one of its teams. Only this file can make one.
#[derive(Debug, Clone)]
pub struct TokenGrant {
    actor: Actor,
    organization: Arc<Organization>,
    owner: TokenOwner,
}

impl TokenGrant {
    /// Returns who was allowed, as the journal records them.
    pub fn actor(&self) -> Actor {
        self.actor.clone()
    }

    /// Returns the organization that the tokens are for.
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// Returns the owner of the tokens.
    pub fn owner(&self) -> &TokenOwner {
        &self.owner
    }
}

/// Decides whether `caller` may manage the tokens of `team`, or those of the organization itself if
/// `team` is `None`. `organization` is `None` if the named one does not exist.
///
/// Who owns the organization may always. Tokens of a team are also managed by callers who manage
/// teams and have all rights that the team has, since they could join it, too; and by the members of
/// the team, if the team allows that. A token that may not do everything its user may do makes no
/// tokens.
///
/// # Errors
///
/// [`Denied`] says which status the response has: 401, 403 or 404.
pub fn authorize_tokens(
    caller: &Caller,
    organization: Option<Arc<Organization>>,
    team: Option<&Team>,
) -> Result<TokenGrant, Denied> {
    let decision = authorize::<ManageTokens>(caller, organization.clone(), None);
    let (Some(organization), Some(actor)) = (organization, caller.actor()) else {
        return Err(decision
            .err()
            .unwrap_or(Denied::Unauthenticated(TokenFault::Missing)));
    };
    let owner = match team {
        None => TokenOwner::Organization(organization.id.clone()),
        Some(team) if team.organization == organization.id => TokenOwner::Team(team.id.clone()),
        Some(_) => return Err(Denied::Hidden),
    };
    if let Err(denied) = decision {
        let allowed = team.is_some_and(|team| may_for_team(caller, &organization, team));
        if !allowed {
            return Err(denied);
        }
    }
    Ok(TokenGrant {
        actor,
        organization,
        owner,
    })
}

fn may_for_team(caller: &Caller, organization: &Arc<Organization>, team: &Team) -> bool {
    let in_organization = Some(Arc::clone(organization));
    let manages = authorize::<ManageTeams>(caller, in_organization.clone(), None).is_ok()
        && !team.is_owners()
        && caller.access_in(&organization.id).covers(team.access);
    let is_member = team.allow_member_token_management
        && caller.is_member_of(&organization.id, &team.id)
        && caller.scope() >= Right::ManageTokens.scope()
        && authorize::<ReadMembers>(caller, in_organization, None).is_ok();
    manages || is_member
}
