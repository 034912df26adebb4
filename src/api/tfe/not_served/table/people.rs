//! Features about people, their accounts and their teams.

use super::super::NotServed;
use super::super::attribute::Constant::{Bool, Text};
use super::super::attribute::{shows, shows_and_refuses};
use super::super::parts::Part::{
    AdminOrganization, AdminUser, EntitlementSet, Organization, OrganizationPermissions, TwoFactor,
    User, UserPermissions,
};

pub(crate) const TWO_FACTOR: NotServed = NotServed {
    feature: "Two-factor authentication",
    reason: "nobody signs in with a second factor here, so an organization cannot demand one: the policy is `password`",
    attributes: &[
        shows_and_refuses(Organization, "collaborator-auth-policy", Text("password")),
        shows(Organization, "two-factor-conformant", Bool(false)),
        shows(TwoFactor, "enabled", Bool(false)),
        shows(TwoFactor, "verified", Bool(false)),
        shows(UserPermissions, "can-view2fa-settings", Bool(false)),
    ],
};

pub(crate) const SINGLE_SIGN_ON: NotServed = NotServed {
    feature: "Single sign-on",
    reason: "people sign in with passwords here, and no other service says who they are or which team they are in: leave this out, or send null",
    attributes: &[
        shows(Organization, "saml-enabled", Bool(false)),
        shows(User, "is-sso-login", Bool(false)),
        shows(OrganizationPermissions, "can-manage-sso", Bool(false)),
        shows(EntitlementSet, "sso", Bool(false)),
        shows(AdminOrganization, "sso-enabled", Bool(false)),
    ],
};

/// One drawing for everybody, which is in the address itself: clients want an address.
const DRAWING: &str = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2020%2020'%3E%3Ccircle%20cx='10'%20cy='7'%20r='4'/%3E%3Cpath%20d='M2%2019a8%207%200%200%201%2016%200z'/%3E%3C/svg%3E";

pub(crate) const PICTURES: NotServed = NotServed {
    feature: "Pictures of people",
    reason: "nothing is loaded from elsewhere, so everybody has the same drawing, which is in the address itself",
    attributes: &[
        shows(User, "avatar-url", Text(DRAWING)),
        shows(AdminUser, "avatar-url", Text(DRAWING)),
    ],
};

pub(crate) const HCP_ACCOUNTS: NotServed = NotServed {
    feature: "Accounts of HCP",
    reason: "accounts are kept by this registry and have passwords, which this API calls `tfc`",
    attributes: &[
        shows(User, "auth-method", Text("tfc")),
        shows(User, "v2-only", Bool(true)),
        shows(UserPermissions, "can-manage-hcp-account", Bool(false)),
    ],
};
