//! Organizations and users as the administration shows them.
//!
//! Source: `tests/fixtures/contracts/administration.toml`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::tfe::kit::{BASE, SelfLink, ToMany};
use crate::api::tfe::not_served::{Constants, KeptAnswer, part};
use crate::domain::{Organization, Sharing, User};
use crate::registry::KnownUser;

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
    /// Whether nobody but administrators may use it.
    is_disabled: bool,
    /// Whether all organizations may read its modules.
    global_module_sharing: bool,
    /// Whether all organizations may read its providers.
    global_provider_sharing: bool,
    #[serde(flatten)]
    not_served: Constants<part::AdminOrganization>,
    #[serde(flatten)]
    kept: KeptAnswer<part::AdminOrganization>,
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
            is_disabled: organization.disabled,
            global_module_sharing: organization.module_sharing == Sharing::Everybody,
            global_provider_sharing: organization.provider_sharing == Sharing::Everybody,
            not_served: Constants::default(),
            kept: KeptAnswer::of(&organization.kept),
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
    /// The name; `None` for people who are invited by their address.
    username: Option<String>,
    email: String,
    /// The address that a user has asked for, and that no administrator has confirmed.
    unconfirmed_email: Option<String>,
    two_factor: Constants<part::TwoFactor>,
    is_admin: bool,
    is_suspended: bool,
    is_service_account: bool,
    #[serde(flatten)]
    not_served: Constants<part::AdminUser>,
}

#[derive(Serialize, JsonSchema)]
struct AdminUserRelationships {
    organizations: ToMany,
}

/// Returns the resource object of a user, or of a person who is invited, with the organizations that
/// they are in or invited to.
pub(super) fn user(user: &KnownUser, organizations: &[Organization]) -> AdminUserResource {
    let id = user.id().to_string();
    let waiting = user.user().and_then(|user| user.unconfirmed_email.as_ref());
    AdminUserResource {
        kind: "users",
        attributes: AdminUserAttributes {
            username: user.username().map(ToString::to_string),
            email: user.email().to_owned(),
            unconfirmed_email: waiting.map(ToString::to_string),
            two_factor: Constants::default(),
            is_admin: user.site_admin(),
            is_suspended: user.suspended(),
            is_service_account: false,
            not_served: Constants::default(),
        },
        relationships: AdminUserRelationships {
            organizations: ToMany::of("organizations", organizations.iter().map(|it| &it.name)),
        },
        links: SelfLink::at(format!("{BASE}/users/{id}")),
        id,
    }
}
