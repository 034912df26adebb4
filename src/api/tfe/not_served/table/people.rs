//! Features about people, their accounts and their teams.

use super::super::NotServed;
use super::super::attribute::Constant::{Bool, Null, Text};
use super::super::attribute::{ignores, shows, shows_and_refuses};
use super::super::parts::Part::{
    AdminOrganization, AdminUser, EntitlementSet, Organization, OrganizationAccess,
    OrganizationPermissions, Team, TeamPermissions, TwoFactor, User, UserPermissions,
};

pub(crate) const TWO_FACTOR: NotServed = NotServed {
    feature: "Two-factor authentication",
    reason: "nobody signs in with a second factor here, so an organization cannot demand one: the policy is `password`",
    attributes: &[
        shows_and_refuses(Organization, "collaborator-auth-policy", Text("password")),
        shows(Organization, "two-factor-conformant", Bool(false)),
        shows(TwoFactor, "enabled", Bool(false)),
        shows(TwoFactor, "verified", Bool(false)),
        shows(AdminUser, "two-factor", Null),
        shows(UserPermissions, "can-view2fa-settings", Bool(false)),
    ],
};

pub(crate) const SINGLE_SIGN_ON: NotServed = NotServed {
    feature: "Single sign-on",
    reason: "people sign in with passwords here, and no other service says who they are or which team they are in: leave this out, or send null",
    attributes: &[
        shows(Organization, "saml-enabled", Bool(false)),
        shows_and_refuses(Team, "sso-team-id", Null),
        shows(User, "is-sso-login", Bool(false)),
        shows(OrganizationPermissions, "can-manage-sso", Bool(false)),
        shows(EntitlementSet, "sso", Bool(false)),
        shows(AdminOrganization, "sso-enabled", Bool(false)),
    ],
};

pub(crate) const SECRET_TEAMS: NotServed = NotServed {
    feature: "Secret teams",
    reason: "all members of an organization see its teams: the visibility is `organization`",
    attributes: &[
        shows_and_refuses(Team, "visibility", Text("organization")),
        shows(TeamPermissions, "can-update-visibility", Bool(false)),
        shows(OrganizationAccess, "access-secret-teams", Bool(false)),
        ignores(Team, "organization-access/access-secret-teams", Bool(false)),
    ],
};

pub(crate) const PICTURES: NotServed = NotServed {
    feature: "Pictures of people",
    reason: "nothing is loaded from elsewhere, so there are no pictures of people",
    attributes: &[
        shows(User, "avatar-url", Text("")),
        shows(AdminUser, "avatar-url", Text("")),
    ],
};

pub(crate) const CONFIRMED_ADDRESSES: NotServed = NotServed {
    feature: "Email addresses that are confirmed",
    reason: "no email is sent here, so an address is in force at once",
    attributes: &[shows(User, "unconfirmed-email", Null)],
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

pub(crate) const NEW_USERNAMES: NotServed = NotServed {
    feature: "Usernames that change",
    reason: "a username stays as it is: people are invited by it",
    attributes: &[shows(UserPermissions, "can-change-username", Bool(false))],
};
