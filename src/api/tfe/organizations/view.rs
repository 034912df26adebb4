//! Organizations as the JSON:API shows them.
//!
//! Source: `tests/fixtures/contracts/organizations.toml`.

use schemars::JsonSchema;
use serde::Serialize;

use super::access_rules::AccessRulesAttributes;
use crate::api::tfe::kit::{
    AsText, BASE, Reference, RelatedLink, RelationshipLink, SelfLink, ToOne, ToOneOrNone,
};
use crate::api::tfe::not_served::{Constants, KeptAnswer, part};
use crate::domain::{Organization, OrganizationId, Right, Timestamp};

/// The type of the only data retention policy that can be set here.
pub(super) const KEEP_EVERYTHING: &str = "data-retention-policy-dont-deletes";

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
    #[serde(flatten)]
    rules: AccessRulesAttributes,
    #[serde(flatten)]
    not_served: Constants<part::Organization>,
    #[serde(flatten)]
    kept: KeptAnswer<part::Organization>,
    permissions: OrganizationPermissions,
}

/// The caller's permissions in an organization.
#[derive(Serialize, JsonSchema)]
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
    can_create_project: bool,
    can_create_team: bool,
    can_manage_users: bool,
    can_update_api_token: bool,
    can_update_ssh_keys: bool,
    /// Whether the caller may manage run tasks, once there are any.
    can_manage_run_tasks: bool,
    /// Whether the caller may see and test the settings of the audit log.
    can_manage_auditing: bool,
    #[serde(flatten)]
    not_served: Constants<part::OrganizationPermissions>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct OrganizationRelationships {
    default_agent_pool: ToOneOrNone,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_retention_policy: Option<ToOne>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication_token: Option<RelationshipLink>,
    entitlement_set: EntitlementSetLink,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_project: Option<ToOne>,
}

#[derive(Serialize, JsonSchema)]
struct EntitlementSetLink {
    data: Reference,
    links: RelatedLink,
}

/// Returns the resource object for a caller with these rights. `has_token` says whether there is a
/// token that the caller may see.
pub(super) fn organization<'a>(
    organization: &'a Organization,
    rights: &[Right],
    has_token: bool,
) -> OrganizationResource<'a> {
    let name = organization.name.as_str();
    let at = |what: &str| format!("{BASE}/organizations/{name}/{what}");
    OrganizationResource {
        id: name,
        kind: "organizations",
        attributes: attributes(organization, rights),
        relationships: OrganizationRelationships {
            default_agent_pool: ToOneOrNone::default(),
            data_retention_policy: organization
                .keeps_all_data
                .then(|| ToOne::of(KEEP_EVERYTHING, retention_policy_id(&organization.id))),
            authentication_token: has_token
                .then(|| RelationshipLink::at(at("authentication-token"))),
            entitlement_set: EntitlementSetLink {
                data: Reference::to("entitlement-sets", &organization.id),
                links: RelatedLink {
                    related: at("entitlement-set"),
                },
            },
            default_project: organization
                .default_project
                .as_ref()
                .map(|id| ToOne::of("projects", id)),
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
        rules: AccessRulesAttributes::of(&organization.access_rules),
        not_served: Constants::default(),
        kept: KeptAnswer::of(&organization.kept),
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
        can_create_provider: may(Right::PublishProviders),
        can_manage_public_providers: organization.public_curation && may(Right::PublishProviders),
        can_manage_custom_providers: may(Right::ManageProviders),
        can_create_project: may(Right::ManageProjects),
        can_create_team: may(Right::ManageTeams),
        can_manage_users: may(Right::ManageMembership),
        can_update_api_token: may(Right::ManageTokens),
        can_update_ssh_keys: may(Right::ManageVcsSettings),
        can_manage_run_tasks: may(Right::ManageOrganization),
        can_manage_auditing: may(Right::ManageOrganization),
        not_served: Constants::default(),
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

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Entitlements {
    private_module_registry: bool,
    teams: bool,
    audit_logging: bool,
    #[serde(flatten)]
    not_served: Constants<part::EntitlementSet>,
}

/// Returns the features that an organization can use here: modules, providers and teams.
pub(super) fn entitlement_set(organization: &Organization) -> EntitlementSetResource<'_> {
    let name = &organization.name;
    EntitlementSetResource {
        id: organization.id.as_str(),
        kind: "entitlement-sets",
        attributes: Entitlements {
            private_module_registry: true,
            teams: true,
            audit_logging: true,
            not_served: Constants::default(),
        },
        links: SelfLink::at(format!("{BASE}/organizations/{name}/entitlement-set")),
    }
}

/// Returns the id of an organization's data retention policy.
pub(super) fn retention_policy_id(organization: &OrganizationId) -> String {
    let id = organization.as_str();
    let part = id.split_once('-').map_or(id, |(_, part)| part);
    format!("drp-{part}")
}
