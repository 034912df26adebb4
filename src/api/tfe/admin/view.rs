//! Organizations and users as the administration shows them.
//!
//! Source: `tests/fixtures/contracts/administration.toml`. Features that a registry does not have,
//! such as runs, are answered as switched off.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::tfe::kit::{BASE, SelfLink, ToMany};
use crate::domain::{Organization, User};

/// An organization as administrators of the registry see it.
#[derive(Serialize, JsonSchema)]
pub(super) struct AdminOrganizationResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: AdminOrganizationAttributes,
    relationships: AdminOrganizationRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct AdminOrganizationAttributes {
    name: String,
    external_id: String,
    notification_email: String,
    access_beta_tools: bool,
    is_disabled: bool,
    sso_enabled: bool,
    /// Whether everybody may read its modules.
    global_module_sharing: bool,
    global_provider_sharing: bool,
    terraform_worker_sudo_enabled: bool,
    terraform_build_worker_apply_timeout: Option<String>,
    terraform_build_worker_plan_timeout: Option<String>,
    apply_timeout: Option<String>,
    plan_timeout: Option<String>,
    workspace_limit: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
struct AdminOrganizationRelationships {
    owners: ToMany,
}

/// Returns the resource object of an organization.
pub(super) fn organization(
    organization: &Organization,
    owners: &[User],
) -> AdminOrganizationResource {
    let name = organization.name.to_string();
    AdminOrganizationResource {
        id: name.clone(),
        kind: "organizations",
        links: SelfLink::at(format!("{BASE}/organizations/{name}")),
        attributes: AdminOrganizationAttributes {
            name,
            external_id: organization.id.to_string(),
            notification_email: organization.email.to_string(),
            access_beta_tools: false,
            is_disabled: false,
            sso_enabled: false,
            global_module_sharing: organization.public,
            global_provider_sharing: organization.public,
            terraform_worker_sudo_enabled: false,
            terraform_build_worker_apply_timeout: None,
            terraform_build_worker_plan_timeout: None,
            apply_timeout: None,
            plan_timeout: None,
            workspace_limit: None,
        },
        relationships: AdminOrganizationRelationships {
            owners: ToMany::of("users", owners.iter().map(|user| &user.id)),
        },
    }
}

/// A user as administrators of the registry see it.
#[derive(Serialize, JsonSchema)]
pub(super) struct AdminUserResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: AdminUserAttributes,
    relationships: AdminUserRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct AdminUserAttributes {
    username: String,
    email: String,
    avatar_url: &'static str,
    /// Always `None`, since nobody signs in with a second factor here.
    two_factor: Option<bool>,
    is_admin: bool,
    is_suspended: bool,
    is_service_account: bool,
}

#[derive(Serialize, JsonSchema)]
struct AdminUserRelationships {
    organizations: ToMany,
}

/// Returns the resource object of a user, with the organizations they are in.
pub(super) fn user(user: &User, organizations: &[Organization]) -> AdminUserResource {
    let id = user.id.to_string();
    AdminUserResource {
        kind: "users",
        attributes: AdminUserAttributes {
            username: user.username.to_string(),
            email: user.email.to_string(),
            avatar_url: "",
            two_factor: None,
            is_admin: user.site_admin,
            is_suspended: user.suspended,
            is_service_account: false,
        },
        relationships: AdminUserRelationships {
            organizations: ToMany::of("organizations", organizations.iter().map(|it| &it.name)),
        },
        links: SelfLink::at(format!("{BASE}/users/{id}")),
        id,
    }
}
