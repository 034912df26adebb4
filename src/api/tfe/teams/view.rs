//! Teams and memberships as the JSON:API shows them.
//!
//! Source: `tests/fixtures/contracts/teams.toml`,
//! `tests/fixtures/contracts/organization-memberships.toml`.

use schemars::JsonSchema;
use serde::Serialize;

use super::access::AccessAttributes;
use crate::api::tfe::kit::{AsText, BASE, SelfLink, ToMany, ToOne};
use crate::api::tfe::not_served::{Constants, part};
use crate::auth::Caller;
use crate::domain::{MembershipStatus, Namespace, Right, Team, Timestamp};
use crate::registry::{Person, Registry};

/// A team, as a caller with certain rights sees it.
#[derive(Serialize, JsonSchema)]
pub(super) struct TeamResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: TeamAttributes,
    relationships: TeamRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct TeamAttributes {
    name: String,
    users_count: usize,
    /// The number of members again, in the spelling that one client reads.
    user_count: usize,
    permissions: TeamPermissions,
    organization_access: AccessAttributes,
    allow_member_token_management: bool,
    /// `secret` or `organization`.
    visibility: &'static str,
    /// The id of the team at a service for single sign-on, which is kept until there is sign-on.
    sso_team_id: Option<String>,
    #[serde(flatten)]
    not_served: Constants<part::Team>,
}

/// The caller's permissions on a team.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct TeamPermissions {
    can_update_membership: bool,
    can_destroy: bool,
    can_update_organization_access: bool,
    can_update_api_token: bool,
    can_update_visibility: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct TeamRelationships {
    users: ToMany,
    organization_memberships: ToMany,
    authentication_token: EmptyMeta,
}

/// A relationship without any data.
#[derive(Serialize, JsonSchema)]
struct EmptyMeta {
    meta: Nothing,
}

#[derive(Serialize, JsonSchema)]
struct Nothing {}

/// What the caller may do with a team.
#[derive(Debug, Clone, Copy)]
pub(super) struct MayDo {
    change: bool,
    change_access: bool,
    manage_tokens: bool,
}

/// Returns what a caller with these rights in the organization may do with a team.
pub(super) fn may_do(registry: &Registry, caller: &Caller, team: &Team, rights: &[Right]) -> MayDo {
    MayDo {
        change: rights.contains(&Right::ManageTeams),
        change_access: rights.contains(&Right::ManageTeams)
            && rights.contains(&Right::ManageOrganizationAccess),
        manage_tokens: registry.token_grant_of(caller, team).is_ok(),
    }
}

/// Returns the resource object of a team for a caller who may do this with it. Of `people`, those of the
/// organization, it shows the ones who are in the team. People who are invited have no account yet,
/// so they are among the memberships only.
pub(super) fn team(team: &Team, people: &[Person], may: MayDo) -> TeamResource {
    let inside = people.iter().filter(|it| it.teams().contains(&team.id));
    let memberships: Vec<_> = inside.clone().map(Person::id).collect();
    let users: Vec<_> = inside.filter_map(Person::member).collect();
    TeamResource {
        id: team.id.to_string(),
        kind: "teams",
        attributes: TeamAttributes {
            name: team.name.to_string(),
            users_count: users.len(),
            user_count: users.len(),
            permissions: TeamPermissions {
                can_update_membership: may.change,
                can_destroy: may.change && !team.is_owners(),
                can_update_organization_access: may.change_access && !team.is_owners(),
                can_update_api_token: may.manage_tokens,
                can_update_visibility: may.change && !team.is_owners(),
            },
            organization_access: AccessAttributes(team.access()),
            allow_member_token_management: team.allow_member_token_management,
            visibility: team.visibility.word(),
            sso_team_id: team.sso_id.as_ref().map(ToString::to_string),
            not_served: Constants::default(),
        },
        relationships: TeamRelationships {
            users: ToMany::of("users", users.iter().map(|(user, _)| &user.id)),
            organization_memberships: ToMany::of("organization-memberships", memberships),
            authentication_token: EmptyMeta { meta: Nothing {} },
        },
        links: SelfLink::at(format!("{BASE}/teams/{}", team.id)),
    }
}

/// A user's membership of an organization, as a resource object.
#[derive(Serialize, JsonSchema)]
pub(super) struct OrganizationMembershipResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: MembershipAttributes,
    relationships: MembershipRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct MembershipAttributes {
    status: &'static str,
    email: String,
    created_at: AsText<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
struct MembershipRelationships {
    teams: ToMany,
    user: ToOne,
    organization: ToOne,
}

/// Returns the resource object of a membership of the organization with this name, or of an
/// invitation to it.
pub(super) fn membership(
    organization: &Namespace,
    person: &Person,
) -> OrganizationMembershipResource {
    OrganizationMembershipResource {
        id: person.id().to_string(),
        kind: "organization-memberships",
        attributes: MembershipAttributes {
            status: status(person),
            email: person.email().to_owned(),
            created_at: AsText(person.created_at()),
        },
        relationships: MembershipRelationships {
            teams: ToMany::of("teams", person.teams()),
            user: ToOne::of("users", person.user_id()),
            organization: ToOne::of("organizations", organization),
        },
        links: SelfLink::at(format!("{BASE}/organization-memberships/{}", person.id())),
    }
}

/// Returns the API's word for whether a membership is in force.
pub(super) fn status(person: &Person) -> &'static str {
    match person.status() {
        MembershipStatus::Active => "active",
        MembershipStatus::Invited => "invited",
    }
}
