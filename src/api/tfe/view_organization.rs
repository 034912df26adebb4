//! Organizations as the JSON:API shows them.
//!
//! Source: samples 004/organizations-*; tfe-clients.md (organizations). What a registry has nothing
//! of, such as workspaces and plans, is answered as switched off.

use serde_json::{Value, json};

use super::BASE;
use crate::domain::{Organization, Right};

/// Whether somebody with these rights is told whom to write to.
pub(super) fn shows_email(rights: &[Right]) -> bool {
    rights.contains(&Right::ReadMembers)
}

/// The resource object, for somebody with these rights.
pub(super) fn resource(organization: &Organization, rights: &[Right]) -> Value {
    let (name, id) = (&organization.name, &organization.id);
    let may = |right: Right| rights.contains(&right);
    let email = if shows_email(rights) {
        organization.email.as_str()
    } else {
        ""
    };
    let related = |what: &str| json!({ "links": { "related": format!("{BASE}/organizations/{name}/{what}") } });
    json!({
        "id": name,
        "type": "organizations",
        "attributes": {
            "external-id": id,
            "name": name,
            "email": email,
            "created-at": organization.created_at.to_string(),
            "session-timeout": null,
            "session-remember": null,
            "collaborator-auth-policy": "password",
            "plan-expired": false,
            "plan-expires-at": null,
            "plan-is-trial": false,
            "plan-is-enterprise": false,
            "plan-identifier": "terrakeep",
            "is-unified": false,
            "cost-estimation-enabled": false,
            "send-passing-statuses-for-untriggered-speculative-plans": false,
            "aggregated-commit-status-enabled": false,
            "speculative-plan-management-enabled": false,
            "allow-force-delete-workspaces": false,
            "fair-run-queuing-enabled": false,
            "saml-enabled": false,
            "owners-team-saml-role-id": null,
            "two-factor-conformant": false,
            "assessments-enforced": false,
            "stacks-enabled": false,
            "default-execution-mode": "remote",
            "user-tokens-enabled": true,
            "permissions": permissions(organization, may),
        },
        "relationships": {
            "default-agent-pool": { "data": null },
            "oauth-tokens": related("oauth-tokens"),
            "authentication-token": related("authentication-token"),
            "entitlement-set": {
                "data": { "id": id, "type": "entitlement-sets" },
                "links": { "related": format!("{BASE}/organizations/{name}/entitlement-set") },
            },
            "subscription": related("subscription"),
        },
        "links": { "self": format!("{BASE}/organizations/{name}") },
    })
}

fn permissions(organization: &Organization, may: impl Fn(Right) -> bool) -> Value {
    json!({
        "can-traverse": may(Right::Read),
        "can-update": may(Right::ManageOrganization),
        "can-destroy": may(Right::ManageOrganization),
        "can-access-via-teams": true,
        "can-create-module": may(Right::PublishModules),
        "can-manage-public-modules": organization.public_curation && may(Right::PublishModules),
        "can-create-provider": may(Right::ManageProviders),
        "can-manage-public-providers": false,
        "can-manage-custom-providers": may(Right::ManageProviders),
        "can-create-team": may(Right::ManageTeams),
        "can-manage-users": may(Right::ManageMembership),
        "can-update-api-token": may(Right::ManageTokens),
        "can-manage-auditing": may(Right::ManageOrganization),
        "can-create-project": false,
        "can-create-workspace": false,
        "can-create-workspace-migration": false,
        "can-deploy-no-code-modules": false,
        "can-enable-stacks": false,
        "can-manage-no-code-modules": false,
        "can-manage-run-tasks": false,
        "can-manage-sso": false,
        "can-manage-subscription": false,
        "can-manage-tags": false,
        "can-manage-varsets": false,
        "can-read-run-tasks": false,
        "can-read-varsets": false,
        "can-start-trial": false,
        "can-update-agent-pools": false,
        "can-update-oauth": false,
        "can-update-sentinel": false,
        "can-update-ssh-keys": may(Right::ManageOrganization),
    })
}

/// What an organization can use here: modules, teams and the audit log.
pub(super) fn entitlement_set(organization: &Organization) -> Value {
    let id = &organization.id;
    json!({
        "id": id,
        "type": "entitlement-sets",
        "attributes": {
            "private-module-registry": true,
            "teams": true,
            "audit-logging": true,
            "agents": false,
            "configuration-designer": false,
            "cost-estimation": false,
            "global-run-tasks": false,
            "module-tests-generation": false,
            "operations": false,
            "policy-enforcement": false,
            "policy-limit": 0,
            "policy-mandatory-enforcement-limit": 0,
            "policy-set-limit": 0,
            "private-policy-agents": false,
            "private-run-tasks": false,
            "private-vcs": false,
            "run-task-limit": 0,
            "run-task-mandatory-enforcement-limit": 0,
            "run-task-workspace-limit": 0,
            "run-tasks": false,
            "self-serve-billing": false,
            "sentinel": false,
            "sso": false,
            "state-storage": false,
            "usage-reporting": false,
            // No limit; clients want a number.
            "user-limit": i32::MAX,
            "vcs-integrations": false,
            "versioned-policy-set-limit": 0,
        },
        "links": { "self": format!("{BASE}/entitlement-sets/{id}") },
    })
}
