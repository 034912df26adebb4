//! The statuses with which an endpoint refuses requests, for the `OpenAPI` document.

use super::access::Access;
use super::operation::Operation;
use super::route::Route;

/// Returns the statuses, each with the reason in words, of an endpoint that programs call.
pub(super) fn of(route: &Route, operation: &Operation) -> Vec<(u16, &'static str)> {
    let mut all = vec![(429, "The caller sends too many requests.")];
    let access = route.access;
    if access.reads_token() || access == Access::Password {
        all.push((401, "There is no valid token, or no right password."));
    }
    // The audit trail is for two kinds of tokens; whoever has another one learns that.
    if may_be_forbidden(access) || route.path.ends_with("/organization/audit-trail") {
        all.push((403, "The caller may see it and has no right to do this."));
    }
    let may_be_hidden = matches!(access, Access::HiddenSite | Access::Account | Access::ById);
    if route.path.contains('{') || may_be_hidden {
        all.push((
            404,
            "It is not there, or the caller may not know that it is.",
        ));
    }
    if operation.takes.is_some() || !operation.query.is_empty() {
        all.push((
            400,
            "The request is incomplete, or a parameter means nothing here.",
        ));
    }
    if operation.takes.is_some() {
        all.push((413, "The body is too large."));
    }
    if route.method != "GET" {
        all.push((
            409,
            "The `type` is another one, or the present state forbids it.",
        ));
        all.push((
            422,
            "Something in the request cannot be accepted; the answer says what.",
        ));
    }
    all
}

fn may_be_forbidden(access: Access) -> bool {
    match access {
        Access::ById
        | Access::Nobody
        | Access::Read
        | Access::Publish
        | Access::AdministerModules
        | Access::PublishProviders
        | Access::ManageProviders
        | Access::ReadMembers
        | Access::ManageMembership
        | Access::ReadProjects
        | Access::ManageProjects
        | Access::ManageTeams
        | Access::ManageTokens
        | Access::ManageOrganization
        | Access::SshKeys
        | Access::Signed
        | Access::Site
        | Access::Command
        | Access::Listing
        | Access::Form => true,
        Access::Open
        | Access::Authenticated
        | Access::Account
        | Access::Ticket
        | Access::HiddenSite
        | Access::Password
        | Access::Code
        | Access::Page
        | Access::Session => false,
    }
}
