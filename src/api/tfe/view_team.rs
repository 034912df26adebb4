//! Teams and memberships as the JSON:API shows them.
//!
//! Source: samples 004/organization-memberships-*; tfe-clients.md (teams, organization memberships).

use serde_json::{Value, json};

use super::BASE;
use crate::domain::{Membership, MembershipStatus, Namespace, Right, Team};
use crate::registry::Member;

/// A team with those of its organization's members who are in it, for somebody with these rights.
pub(super) fn team(team: &Team, members: &[Member], rights: &[Right]) -> Value {
    let inside: Vec<&Member> = members
        .iter()
        .filter(|(_, membership)| membership.teams.contains(&team.id))
        .collect();
    let users: Vec<_> = inside
        .iter()
        .map(|(user, _)| json!({ "id": user.id, "type": "users" }))
        .collect();
    let memberships: Vec<_> = inside
        .iter()
        .map(|(_, it)| json!({ "id": it.id, "type": "organization-memberships" }))
        .collect();
    let access = team.access;
    let may_change = rights.contains(&Right::ManageTeams);
    json!({
        "id": team.id,
        "type": "teams",
        "attributes": {
            "name": team.name,
            "sso-team-id": null,
            "users-count": users.len(),
            // How one client spells it.
            "user-count": users.len(),
            "visibility": "organization",
            "is-unified": false,
            "allow-member-token-management": false,
            "permissions": {
                "can-update-membership": may_change,
                "can-destroy": may_change && !team.is_owners(),
                "can-update-organization-access": may_change && !team.is_owners(),
                "can-update-api-token": rights.contains(&Right::ManageTokens),
                "can-update-visibility": false,
            },
            "organization-access": {
                "manage-modules": access.manage_modules,
                "manage-providers": access.manage_providers,
                "manage-membership": access.manage_membership,
                "manage-teams": access.manage_teams,
                "manage-organization-access": access.manage_organization_access,
                "manage-policies": false,
                "manage-policy-overrides": false,
                "delegate-policy-overrides": false,
                "manage-workspaces": false,
                "manage-vcs-settings": false,
                "manage-run-tasks": false,
                "manage-projects": false,
                "read-workspaces": false,
                "read-projects": false,
                "access-secret-teams": false,
                "manage-agent-pools": false,
            },
        },
        "relationships": {
            "users": { "data": users },
            "organization-memberships": { "data": memberships },
            "authentication-token": { "meta": {} },
        },
        "links": { "self": format!("{BASE}/teams/{}", team.id) },
    })
}

/// A membership of the organization of this name.
pub(super) fn membership(organization: &Namespace, (user, membership): &Member) -> Value {
    let teams: Vec<_> = membership
        .teams
        .iter()
        .map(|team| json!({ "id": team, "type": "teams" }))
        .collect();
    json!({
        "id": membership.id,
        "type": "organization-memberships",
        "attributes": {
            "status": status(membership),
            "email": user.email.as_str(),
            "created-at": membership.created_at.to_string(),
        },
        "relationships": {
            "teams": { "data": teams },
            "user": { "data": { "id": user.id, "type": "users" } },
            "organization": { "data": { "id": organization, "type": "organizations" } },
        },
        "links": { "self": format!("{BASE}/organization-memberships/{}", membership.id) },
    })
}

/// How the API spells whether a membership is in force.
pub(super) fn status(membership: &Membership) -> &'static str {
    match membership.status {
        MembershipStatus::Active => "active",
        MembershipStatus::Invited => "invited",
    }
}
