//! Commands about organizations and their members.

use serde::{Deserialize, Serialize};

use super::outcome::{MemberTeams, Outcome};
use crate::auth::{Caller, ManageMembership, ManageOrganization, ReadMembers};
use crate::domain::{
    KeptChange, Namespace, Organization, SharedKind, ShortText, TeamName, UserId, Username,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::registry::organizations::{
    AccessRulesChange, AdministrativeChange, NewOrganization, OrganizationChange, Person,
};

/// A command about an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum OrganizationCommand {
    /// Creates an organization.
    Create {
        /// Its name.
        name: Namespace,
        /// The email address of its contact; may be empty.
        #[serde(default)]
        email: ShortText,
        /// Whether callers without a token may read its modules.
        #[serde(default)]
        public: bool,
        /// The username of its first owner; `None` for the caller.
        #[serde(default)]
        owner: Option<Username>,
    },
    /// Lists the organizations that the caller may see.
    List,
    /// Changes an organization's settings; what is absent stays as it is.
    Update {
        /// The organization.
        name: Namespace,
        /// The new settings.
        #[serde(flatten)]
        change: OrganizationChange,
    },
    /// Returns what an organization stores and may store.
    Usage {
        /// The organization.
        name: Namespace,
    },
    /// Sets the most that an organization may store.
    Budget {
        /// The organization.
        name: Namespace,
        /// The budget in bytes; `None` for the limit of the registry.
        #[serde(default)]
        bytes: Option<u64>,
    },
    /// Shares what an organization has with exactly these others.
    Share {
        /// The organization.
        name: Namespace,
        /// What is shared.
        kind: SharedKind,
        /// The others; an empty list shares with nobody.
        #[serde(default)]
        with: Vec<Namespace>,
        /// Whether it is shared with every organization of the registry instead.
        #[serde(default)]
        everybody: bool,
    },
    /// Deletes an organization with everything in it.
    Delete {
        /// The organization.
        name: Namespace,
    },
    /// Lists the members of an organization, and everybody who is invited.
    Members {
        /// The organization.
        name: Namespace,
    },
    /// Adds a user to an organization.
    AddMember {
        /// The organization.
        name: Namespace,
        /// The user's name.
        username: Username,
    },
    /// Adds a user to an organization and its teams, or invites somebody who has no account yet.
    Invite {
        /// The organization.
        name: Namespace,
        /// An email address, or a name.
        who: String,
        /// The teams to add them to.
        #[serde(default)]
        teams: Vec<TeamName>,
    },
    /// Removes the invitation of an email address or a name.
    RemoveInvitation {
        /// The organization.
        name: Namespace,
        /// The address, the name, or the id of the membership that it would be.
        who: String,
    },
    /// Removes a user from an organization.
    RemoveMember {
        /// The organization.
        name: Namespace,
        /// The user's name.
        username: Username,
    },
}

#[expect(clippy::too_many_lines, reason = "one arm for each command")]
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
            let new = NewOrganization {
                name,
                email,
                public,
                kept: KeptChange::default(),
                owner: first_owner(registry, caller, owner.as_ref())?,
                rules: AccessRulesChange::default(),
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
        OrganizationCommand::Usage { name } => {
            let grant = registry.grant::<ReadMembers>(caller, name.as_str())?;
            registry.organization_budget(&grant).map(Outcome::Budget)
        }
        OrganizationCommand::Budget { name, bytes } => {
            let grant = registry.site_grant(caller)?;
            let budget = registry.set_organization_budget(&grant, &name, bytes)?;
            Ok(Outcome::Budget(budget))
        }
        OrganizationCommand::Share {
            name,
            kind,
            with,
            everybody,
        } => share(registry, caller, (&name, kind), (&with, everybody)).map(Outcome::Organization),
        OrganizationCommand::Delete { name } => {
            let grant = registry.grant::<ManageOrganization>(caller, name.as_str())?;
            registry.delete_organization(&grant)?;
            Ok(Outcome::Done(format!(
                "{name} is deleted, with everything in it"
            )))
        }
        OrganizationCommand::Members { name } => members(registry, caller, &name),
        OrganizationCommand::AddMember { name, username } => {
            let grant = registry.grant::<ManageMembership>(caller, name.as_str())?;
            let user = registry.user_named(&username)?;
            registry.add_member(&grant, caller, &user.id, &[])?;
            Ok(Outcome::Done(format!("{username} belongs to {name}")))
        }
        OrganizationCommand::Invite { name, who, teams } => {
            invite(registry, caller, &name, who.trim(), &teams)
        }
        OrganizationCommand::RemoveInvitation { name, who } => {
            let grant = registry.grant::<ManageMembership>(caller, name.as_str())?;
            let seen = registry.grant::<ReadMembers>(caller, name.as_str())?;
            let person = registry.invited(&seen, who.trim())?;
            registry.remove_person(&grant, caller, &person)?;
            Ok(Outcome::Done(format!(
                "{who} is not invited to {name} any more"
            )))
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

fn share(
    registry: &Registry,
    caller: &Caller,
    (name, kind): (&Namespace, SharedKind),
    (with, everybody): (&[Namespace], bool),
) -> Result<Organization, Error> {
    let site = registry.site_grant(caller)?;
    let grant = registry.grant::<ManageOrganization>(caller, name.as_str())?;
    let id = &organization_of(&grant)?.id;
    if everybody && !with.is_empty() {
        let reason = "name organizations, or share with all of them, but not both";
        return Err(Error::invalid("with", reason));
    }
    if everybody {
        let mut change = AdministrativeChange::default();
        match kind {
            SharedKind::Modules => change.modules_for_everybody = Some(true),
            SharedKind::Providers => change.providers_for_everybody = Some(true),
        }
        return registry.administer_organization(&site, id, change);
    }
    let with: Vec<String> = with.iter().map(ToString::to_string).collect();
    registry.share_with(&site, id, kind, &with)
}

/// Returns the first owner of a new organization: the user who was named, or the caller.
fn first_owner(
    registry: &Registry,
    caller: &Caller,
    named: Option<&Username>,
) -> Result<Option<UserId>, Error> {
    match named {
        Some(username) => Ok(Some(registry.user_named(username)?.id)),
        None => Ok(caller.user().cloned()),
    }
}

/// Adds or invites somebody: who has an `@` is named by an address, all others by a name.
fn invite(
    registry: &Registry,
    caller: &Caller,
    name: &Namespace,
    who: &str,
    teams: &[TeamName],
) -> Result<Outcome, Error> {
    let grant = registry.grant::<ManageMembership>(caller, name.as_str())?;
    let teams = teams.iter().map(|team| registry.team_named(&grant, team));
    let teams = teams.map(|team| team.map(|team| team.id));
    let teams = teams.collect::<Result<Vec<_>, _>>()?;
    let person = if who.contains('@') {
        registry.invite(&grant, caller, who, &teams)?
    } else {
        let invalid = |error| Error::invalid("who", error);
        let username = who.parse::<Username>().map_err(invalid)?;
        registry.invite_name(&grant, caller, username, &teams)?
    };
    Ok(Outcome::Done(match person {
        Person::Member((user, _)) => format!("{} belongs to {name}", user.username),
        Person::Invited(_) => format!(
            "{who} is invited to {name}, and belongs to it once an administrator creates the user"
        ),
    }))
}

fn members(registry: &Registry, caller: &Caller, name: &Namespace) -> Result<Outcome, Error> {
    let grant = registry.grant::<ReadMembers>(caller, name.as_str())?;
    let teams = registry.list_teams(&grant)?;
    let people = registry.people(&grant)?.into_iter();
    let members = people.map(|person| MemberTeams::new(person, &teams));
    Ok(Outcome::Members(members.collect()))
}
