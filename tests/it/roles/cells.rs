//! The rule of each route whose access in the route table does not decide it.

use terrakeep::http::access::Access;

use super::rules::{Rule, of_access};

/// The routes by their rule. A route that needs a line and has none fails the matrix, and so does a
/// line without a route.
#[rustfmt::skip]
const CELLS: &[(Rule, &[&str])] = &[
    (Rule::Anybody, &[
        "GET /healthz", "GET /readyz", "GET /api/openapi.json", "GET /api/terrakeep/v1/registry", "GET /robots.txt",
        "GET /static/{hash}/{asset}", "GET /login", "GET /api", "GET /setup", "GET /setup/ca.pem",
        "GET /docs", "GET /docs/{page}",
        "POST /settings/theme", "GET /api/v2/ping", "GET /api/meta/ip-ranges",
        "GET /.well-known/terraform.json",
        // The secret is in the address.
        "PUT /_archivist/v1/object/{ticket}", "PUT /v1/object/{ticket}",
        // The code is in the body.
        "POST /oauth/token",
    ]),
    (Rule::Password, &["POST /api/terrakeep/v1/sign-in", "POST /login"]),
    (Rule::Known, &[
        // Everybody with a valid token may read imported providers.
        "GET /mirror/{host}/{namespace}/{name}/index.json",
        "GET /mirror/{host}/{namespace}/{name}/lock.hcl",
        "GET /mirror/{host}/{namespace}/{name}/{file}",
        "GET /archives/mirror/{host}/{namespace}/{name}/{version}/{platform}",
        "POST /api/v2/registry-modules",
        "POST /logout",
    ]),
    // Only the organization's own tokens with all rights, and the one for the audit log.
    (Rule::Nobody, &["GET /api/v2/organization/audit-trail"]),
    (Rule::Own, &[
        "GET /api/v2/account/details", "GET /api/v2/organization-memberships",
        "GET /settings", "GET /app/settings/tokens", "GET /settings/tokens", "POST /settings/tokens",
        "GET /settings/password", "POST /settings/password",
        "GET /settings/account", "POST /settings/account",
        "GET /oauth/authorize", "POST /oauth/authorize",
    ]),
    (Rule::OwnAccount, &["PATCH /api/v2/account/password", "PATCH /api/v2/account/update"]),
    (Rule::Themself, &["POST /api/v2/users/{user}/authentication-tokens"]),
    (Rule::ListOfThemself, &["GET /api/v2/users/{user}/authentication-tokens"]),
    (Rule::Lists, &[
        "GET /api/registry/private/v2/gpg-keys",
        "GET /", "GET /search", "GET /providers", "GET /settings/organizations",
    ]),
    (Rule::ListsToPublish, &["GET /publish", "GET /publish/provider"]),
    (Rule::Reads, &[
        "GET /api/v2/registry-providers/{provider_id}",
        "GET /api/v2/registry-providers/{provider_id}/tag-bindings",
        "GET /api/v2/registry-modules/{module_id}", "GET /api/v2/registry-modules/{module_id}/versions",
        "GET /api/v2/registry-modules/{module_id}/tag-bindings",
        "GET /api/v2/teams/{team_id}", "GET /api/v2/users/{user}",
        "GET /api/v2/organization-memberships/{membership}",
        "GET /providers/{namespace}", "GET /providers/{namespace}/{name}",
        "GET /providers/{namespace}/{name}/{version}", "GET /providers/{namespace}/{name}/{version}/docs",
        "GET /providers/{namespace}/{name}/{version}/docs/{*path}",
        "GET /providers/{namespace}/{name}/{version}/pictures/{*path}",
        "GET /modules/{namespace}", "GET /modules/{namespace}/{name}",
        "GET /modules/{namespace}/{name}/{system}", "GET /modules/{namespace}/{name}/{system}/versions",
        "GET /modules/{namespace}/{name}/{system}/diff",
        "GET /modules/{namespace}/{name}/{system}/{version}",
        "GET /modules/{namespace}/{name}/{system}/{version}/inputs",
        "GET /modules/{namespace}/{name}/{system}/{version}/outputs",
        "GET /modules/{namespace}/{name}/{system}/{version}/resources",
        "GET /modules/{namespace}/{name}/{system}/{version}/dependencies",
        "GET /modules/{namespace}/{name}/{system}/{version}/graph",
        "GET /modules/{namespace}/{name}/{system}/{version}/used-by",
        "GET /modules/{namespace}/{name}/{system}/{version}/versions",
        "GET /modules/{namespace}/{name}/{system}/{version}/submodules",
        "GET /modules/{namespace}/{name}/{system}/{version}/submodules/{*path}",
        "GET /modules/{namespace}/{name}/{system}/{version}/examples",
        "GET /modules/{namespace}/{name}/{system}/{version}/examples/{*path}",
        "GET /modules/{namespace}/{name}/{system}/{version}/files",
        "GET /modules/{namespace}/{name}/{system}/{version}/files/{*path}",
        "GET /modules/{namespace}/{name}/{system}/{version}/raw/{*path}",
        "GET /modules/{namespace}/{name}/{system}/{version}/archive",
        "GET /modules/{namespace}/{name}/{system}/feed.atom",
        "GET /modules/{namespace}/{name}/{system}/badge.svg",
        "GET /settings/organizations/{organization}",
        "GET /settings/organizations/{organization}/members",
        "GET /settings/organizations/{organization}/teams",
        "GET /settings/organizations/{organization}/teams/{team}",
        "GET /settings/organizations/{organization}/sharing",
        "POST /settings/organizations/{organization}/leave",
    ]),
    (Rule::Publishes, &[
        "POST /api/registry/private/v2/gpg-keys", "POST /publish", "POST /publish/provider",
    ]),
    (Rule::Owns, &[
        "PATCH /api/v2/teams/{team_id}", "DELETE /api/v2/teams/{team_id}",
        "POST /api/v2/teams/{team_id}/relationships/users",
        "DELETE /api/v2/teams/{team_id}/relationships/users",
        "POST /api/v2/teams/{team_id}/relationships/organization-memberships",
        "DELETE /api/v2/teams/{team_id}/relationships/organization-memberships",
        "DELETE /api/v2/organization-memberships/{membership}",
        "GET /modules/{namespace}/{name}/{system}/delete",
        "POST /modules/{namespace}/{name}/{system}/delete",
        "GET /modules/{namespace}/{name}/{system}/{version}/delete",
        "POST /modules/{namespace}/{name}/{system}/{version}/delete",
        "GET /modules/{namespace}/{name}/{system}/{version}/lifecycle",
        "POST /modules/{namespace}/{name}/{system}/{version}/lifecycle",
        "POST /settings/organizations/{organization}",
        "POST /settings/organizations/{organization}/members",
        "POST /settings/organizations/{organization}/members/{username}/remove",
        "POST /settings/organizations/{organization}/invitations/{invitation}/remove",
        "GET /settings/organizations/{organization}/delete",
        "POST /settings/organizations/{organization}/delete",
        "POST /settings/organizations/{organization}/teams",
        "POST /settings/organizations/{organization}/teams/{team}/access",
        "POST /settings/organizations/{organization}/teams/{team}/delete",
        "POST /settings/organizations/{organization}/teams/{team}/members",
        "POST /settings/organizations/{organization}/teams/{team}/members/{username}/remove",
        "POST /settings/organizations/{organization}/tokens",
        "GET /settings/organizations/{organization}/audit",
        "GET /settings/organizations/{organization}/rules",
        "POST /settings/organizations/{organization}/rules",
        "GET /settings/organizations/{organization}/ssh-keys",
        "POST /settings/organizations/{organization}/ssh-keys",
        "GET /settings/organizations/{organization}/projects",
        "POST /settings/organizations/{organization}/projects",
        "POST /settings/organizations/{organization}/projects/{project}",
        "POST /settings/organizations/{organization}/projects/{project}/tags",
        "POST /settings/organizations/{organization}/projects/{project}/tags/remove",
        "POST /settings/organizations/{organization}/projects/{project}/delete",
    ]),
    (Rule::OwnsOrIsMember, &[
        "GET /api/v2/teams/{team_id}/authentication-token",
        "POST /api/v2/teams/{team_id}/authentication-token",
        "DELETE /api/v2/teams/{team_id}/authentication-token",
        "POST /api/v2/teams/{team_id}/authentication-tokens",
        "POST /settings/organizations/{organization}/teams/{team}/tokens",
    ]),
    (Rule::OwnsOrIsInTeam, &["GET /settings/organizations/{organization}/tokens"]),
    (Rule::OwnsUnseen, &[
        "GET /api/v2/authentication-tokens/{token}", "DELETE /api/v2/authentication-tokens/{token}",
        "GET /api/v2/ssh-keys/{ssh_key}", "PATCH /api/v2/ssh-keys/{ssh_key}",
        "DELETE /api/v2/ssh-keys/{ssh_key}",
        "POST /settings/organizations/{organization}/ssh-keys/{ssh_key}/name",
        "POST /settings/organizations/{organization}/ssh-keys/{ssh_key}/delete",
        "POST /settings/tokens/{token}/revoke",
        "POST /settings/organizations/{organization}/tokens/{token}/revoke",
        "POST /settings/organizations/{organization}/teams/{team}/tokens/{token}/revoke",
    ]),
    (Rule::OwnsUnseenToRead, &[
        "GET /api/v2/projects/{project}", "GET /api/v2/projects/{project}/tag-bindings",
        "GET /api/v2/projects/{project}/effective-tag-bindings",
    ]),
    (Rule::OwnsUnseenToChange, &[
        "PATCH /api/v2/projects/{project}", "DELETE /api/v2/projects/{project}",
        "PATCH /api/v2/projects/{project}/tag-bindings",
    ]),
    (Rule::Site, &[
        // The command that is asked for lists all users.
        "POST /api/terrakeep/v1/commands",
        "GET /organizations/new", "POST /organizations/new", "GET /settings/audit",
        "POST /settings/organizations/{organization}/sharing",
        "GET /settings/users", "POST /settings/users", "POST /settings/users/{username}/{action}",
        "POST /settings/invited/{invited}/remove",
    ]),
];

/// Returns the rule of a route; `None` if it still needs a line.
pub(crate) fn rule(method: &str, path: &str, access: Access) -> Option<Rule> {
    of_access(access).or_else(|| of_line(&format!("{method} {path}")))
}

fn of_line(line: &str) -> Option<Rule> {
    let cell = CELLS.iter().find(|(_, lines)| lines.contains(&line));
    cell.map(|(rule, _)| *rule)
}

/// Returns every line of the cells.
pub(crate) fn lines() -> impl Iterator<Item = &'static str> {
    CELLS.iter().flat_map(|(_, lines)| lines.iter().copied())
}
