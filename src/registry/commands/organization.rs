//! Commands about organizations and their members.

use serde::{Deserialize, Serialize};

use super::outcome::{MemberTeams, Outcome};
use crate::auth::{Caller, ManageMembership, ManageOrganization, ReadMembers};
use crate::domain::{Namespace, ShortText, Username};
use crate::registry::base::{Error, Registry};
use crate::registry::organizations::{NewOrganization, OrganizationChange};

/// One act on an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum OrganizationCommand {
    /// Create one.
    Create {
        /// Its name.
        name: Namespace,
        /// Whom to write to.
        #[serde(default)]
        email: ShortText,
        /// Whether anybody may read its modules.
        #[serde(default)]
        public: bool,
        /// Its first owner; the caller, where nobody is named.
        #[serde(default)]
        owner: Option<Username>,
    },
    /// List those that one may see.
    List,
    /// Change one's settings; what is absent stays.
    Update {
        /// The organization.
        name: Namespace,
        /// What changes.
        #[serde(flatten)]
        change: OrganizationChange,
    },
    /// Delete one with everything in it.
    Delete {
        /// The organization.
        name: Namespace,
    },
    /// List who belongs to one.
    Members {
        /// The organization.
        name: Namespace,
    },
    /// Put somebody into one.
    AddMember {
        /// The organization.
        name: Namespace,
        /// Whom.
        username: Username,
    },
    /// Take somebody out of one.
    RemoveMember {
        /// The organization.
        name: Namespace,
        /// Whom.
        username: Username,
    },
}

pub(super) fn carry_out(
    registry: &Registry,
    caller: &Caller,
    command: OrganizationCommand,
) -> Result<Outcome, Error> {
    match command {
        OrganizationCommand::Create {
            name,
            email,
            public,
            owner,
        } => {
            let grant = registry.site_grant(caller)?;
            let owner = match owner {
                Some(username) => Some(registry.user_named(&username)?.id),
                None => caller.user().cloned(),
            };
            let new = NewOrganization {
                name,
                email,
                public,
                owner,
            };
            registry
                .create_organization(&grant, new)
                .map(Outcome::Organization)
        }
        OrganizationCommand::List => registry
            .list_organizations(caller)
            .map(Outcome::Organizations),
        OrganizationCommand::Update { name, change } => {
            let grant = registry.grant::<ManageOrganization>(caller, name.as_str())?;
            registry
                .update_organization(&grant, change)
                .map(Outcome::Organization)
        }
        OrganizationCommand::Delete { name } => {
            let grant = registry.grant::<ManageOrganization>(caller, name.as_str())?;
            registry.delete_organization(&grant)?;
            Ok(Outcome::Done(format!(
                "{name} is deleted, with everything in it"
            )))
        }
        OrganizationCommand::Members { name } => {
            let grant = registry.grant::<ReadMembers>(caller, name.as_str())?;
            let teams = registry.list_teams(&grant)?;
            let members = registry.members(&grant)?.into_iter();
            let members = members.map(|member| MemberTeams::new(member, &teams));
            Ok(Outcome::Members(members.collect()))
        }
        OrganizationCommand::AddMember { name, username } => {
            let grant = registry.grant::<ManageMembership>(caller, name.as_str())?;
            let user = registry.user_named(&username)?;
            registry.add_member(&grant, caller, &user.id, &[])?;
            Ok(Outcome::Done(format!("{username} belongs to {name}")))
        }
        OrganizationCommand::RemoveMember { name, username } => {
            let grant = registry.grant::<ManageMembership>(caller, name.as_str())?;
            registry.remove_member(&grant, caller, &username)?;
            Ok(Outcome::Done(format!(
                "{username} no longer belongs to {name}"
            )))
        }
    }
}
