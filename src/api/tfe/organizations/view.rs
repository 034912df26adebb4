//! Organizations as the JSON:API shows them.
//!
//! Source: `tests/fixtures/contracts/organizations.toml`. Features that a registry does not have,
//! such as workspaces and plans, are answered as switched off.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::tfe::kit::{
    AsText, BASE, Reference, RelatedLink, RelationshipLink, SelfLink, ToOneOrNone,
};
use crate::domain::{Organization, Right, Timestamp};

/// Returns whether a caller with these rights sees the organization's email address.
pub(super) fn shows_email(rights: &[Right]) -> bool {
    rights.contains(&Right::ReadMembers)
}

/// An organization, as a caller with certain rights sees it.
#[derive(Serialize, JsonSchema)]
pub(super) struct OrganizationResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: OrganizationAttributes<'a>,
    relationships: OrganizationRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct OrganizationAttributes<'a> {
    external_id: &'a str,
    name: &'a str,
    email: &'a str,
    created_at: AsText<Timestamp>,
    session_timeout: Option<u32>,
    session_remember: Option<u32>,
    collaborator_auth_policy: &'static str,
    plan_expired: bool,
    plan_expires_at: Option<&'a str>,
    plan_is_trial: bool,
    plan_is_enterprise: bool,
    plan_identifier: &'static str,
    is_unified: bool,
    cost_estimation_enabled: bool,
    send_passing_statuses_for_untriggered_speculative_plans: bool,
    aggregated_commit_status_enabled: bool,
    speculative_plan_management_enabled: bool,
    allow_force_delete_workspaces: bool,
    fair_run_queuing_enabled: bool,
    saml_enabled: bool,
    owners_team_saml_role_id: Option<&'a str>,
    two_factor_conformant: bool,
    assessments_enforced: bool,
    stacks_enabled: bool,
    default_execution_mode: &'static str,
    user_tokens_enabled: bool,
    permissions: OrganizationPermissions,
}

/// The caller's permissions in an organization.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct OrganizationPermissions {
    can_traverse: bool,
    can_update: bool,
    can_destroy: bool,
    can_access_via_teams: bool,
    can_create_module: bool,
    can_manage_public_modules: bool,
    can_create_provider: bool,
    can_manage_public_providers: bool,
    can_manage_custom_providers: bool,
    can_create_team: bool,
    can_manage_users: bool,
    can_update_api_token: bool,
    can_manage_auditing: bool,
    can_create_project: bool,
    can_create_workspace: bool,
    can_create_workspace_migration: bool,
    can_deploy_no_code_modules: bool,
    can_enable_stacks: bool,
    can_manage_no_code_modules: bool,
    can_manage_run_tasks: bool,
    can_manage_sso: bool,
    can_manage_subscription: bool,
    can_manage_tags: bool,
    can_manage_varsets: bool,
    can_read_run_tasks: bool,
    can_read_varsets: bool,
    can_start_trial: bool,
    can_update_agent_pools: bool,
    can_update_oauth: bool,
    can_update_sentinel: bool,
    can_update_ssh_keys: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct OrganizationRelationships {
    default_agent_pool: ToOneOrNone,
    oauth_tokens: RelationshipLink,
    authentication_token: RelationshipLink,
    entitlement_set: EntitlementSetLink,
    subscription: RelationshipLink,
}

#[derive(Serialize, JsonSchema)]
struct EntitlementSetLink {
    data: Reference,
    links: RelatedLink,
}

/// Returns the resource object for a caller with these rights.
pub(super) fn organization<'a>(
    organization: &'a Organization,
    rights: &[Right],
) -> OrganizationResource<'a> {
    let name = organization.name.as_str();
    let at = |what: &str| format!("{BASE}/organizations/{name}/{what}");
    OrganizationResource {
        id: name,
        kind: "organizations",
        attributes: attributes(organization, rights),
        relationships: OrganizationRelationships {
            default_agent_pool: ToOneOrNone::default(),
            oauth_tokens: RelationshipLink::at(at("oauth-tokens")),
            authentication_token: RelationshipLink::at(at("authentication-token")),
            entitlement_set: EntitlementSetLink {
                data: Reference::to("entitlement-sets", &organization.id),
                links: RelatedLink {
                    related: at("entitlement-set"),
                },
            },
            subscription: RelationshipLink::at(at("subscription")),
        },
        links: SelfLink::at(format!("{BASE}/organizations/{name}")),
    }
}

fn attributes<'a>(organization: &'a Organization, rights: &[Right]) -> OrganizationAttributes<'a> {
    let email = if shows_email(rights) {
        organization.email.as_str()
    } else {
        ""
    };
    OrganizationAttributes {
        external_id: organization.id.as_str(),
        name: organization.name.as_str(),
        email,
        created_at: AsText(organization.created_at),
        session_timeout: None,
        session_remember: None,
        collaborator_auth_policy: "password",
        plan_expired: false,
        plan_expires_at: None,
        plan_is_trial: false,
        plan_is_enterprise: false,
        plan_identifier: "terrakeep",
        is_unified: false,
        cost_estimation_enabled: false,
        send_passing_statuses_for_untriggered_speculative_plans: false,
        aggregated_commit_status_enabled: false,
        speculative_plan_management_enabled: false,
        allow_force_delete_workspaces: false,
        fair_run_queuing_enabled: false,
        saml_enabled: false,
        owners_team_saml_role_id: None,
        two_factor_conformant: false,
        assessments_enforced: false,
        stacks_enabled: false,
        default_execution_mode: "remote",
        user_tokens_enabled: true,
        permissions: permissions(organization, rights),
    }
}

fn permissions(organization: &Organization, rights: &[Right]) -> OrganizationPermissions {
    let may = |right: Right| rights.contains(&right);
    OrganizationPermissions {
        can_traverse: may(Right::Read),
        can_update: may(Right::ManageOrganization),
        can_destroy: may(Right::ManageOrganization),
        can_access_via_teams: true,
        can_create_module: may(Right::PublishModules),
        can_manage_public_modules: organization.public_curation && may(Right::PublishModules),
        can_create_provider: may(Right::ManageProviders),
        can_manage_custom_providers: may(Right::ManageProviders),
        can_create_team: may(Right::ManageTeams),
        can_manage_users: may(Right::ManageMembership),
        can_update_api_token: may(Right::ManageTokens),
        can_manage_auditing: may(Right::ManageOrganization),
        can_update_ssh_keys: may(Right::ManageOrganization),
        ..OrganizationPermissions::default()
    }
}

/// The features that an organization can use.
#[derive(Serialize, JsonSchema)]
pub(super) struct EntitlementSetResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: Entitlements,
    links: SelfLink,
}

#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Entitlements {
    private_module_registry: bool,
    teams: bool,
    audit_logging: bool,
    agents: bool,
    configuration_designer: bool,
    cost_estimation: bool,
    global_run_tasks: bool,
    module_tests_generation: bool,
    operations: bool,
    policy_enforcement: bool,
    policy_limit: i32,
    policy_mandatory_enforcement_limit: i32,
    policy_set_limit: i32,
    private_policy_agents: bool,
    private_run_tasks: bool,
    private_vcs: bool,
    run_task_limit: i32,
    run_task_mandatory_enforcement_limit: i32,
    run_task_workspace_limit: i32,
    run_tasks: bool,
    self_serve_billing: bool,
    sentinel: bool,
    sso: bool,
    state_storage: bool,
    usage_reporting: bool,
    user_limit: i32,
    vcs_integrations: bool,
    versioned_policy_set_limit: i32,
}

/// Returns the features that an organization can use here: modules, teams and the audit log.
pub(super) fn entitlement_set(organization: &Organization) -> EntitlementSetResource<'_> {
    let id = organization.id.as_str();
    EntitlementSetResource {
        id,
        kind: "entitlement-sets",
        attributes: Entitlements {
            private_module_registry: true,
            teams: true,
            audit_logging: true,
            // There is no limit, but clients expect a number.
            user_limit: i32::MAX,
            ..Entitlements::default()
        },
        links: SelfLink::at(format!("{BASE}/entitlement-sets/{id}")),
    }
}
