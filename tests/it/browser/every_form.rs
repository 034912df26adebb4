//! Tests every form of the route table, filled in and sent as people do, with scripts and without.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use terrakeep::http::access::Access;
use terrakeep::server::route_table;

use super::every_page::nothing_of_others;
use super::steps::{Step, find, follow, follow_below, send, step, take, visit};
use super::tools::Tools;
use crate::builders::{archive, module};
use crate::harness::Appliance;
use crate::ui::browser::{PASSWORD, set_password};
use crate::zips::package_of;

/// The page that `terraform login` opens.
const CONSENT: &str = "/oauth/authorize?client_id=terraform-cli&response_type=code\
    &redirect_uri=http%3A%2F%2Flocalhost%3A40163%2Flogin\
    &code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256&state=x";

/// Returns the steps that fill in every form, and where each leads.
fn every_form(archives: &Path) -> Vec<Step> {
    let first = archives.join("first.tar.gz");
    let second = archives.join("second.tar.gz");
    std::fs::write(&first, module("first")).expect("written");
    let main = "variable \"added\" {\n  default = 1\n}\n";
    std::fs::write(&second, archive(&[("main.tf", main)])).expect("written");
    let package = archives.join("terraform-provider-widget_1.2.3_linux_amd64.zip");
    std::fs::write(&package, package_of("widget", "1.2.3", b"a program")).expect("written");
    let docs = archives.join("docs.tar.gz");
    let pages = [
        ("docs/index.md", "# Widget\n"),
        (
            "docs/resources/thing.md",
            "# widget_thing\n\nIt has a flavour.\n",
        ),
    ];
    std::fs::write(&docs, archive(&pages)).expect("written");
    let about = |version: &str, archive: &Path| {
        json!({
            "organization": "lab", "name": "net", "provider": "aws", "version": version,
            "archive": archive,
        })
    };
    let lab = "/settings/organizations/lab";
    let ssh_keys = "/settings/organizations/lab/ssh-keys";
    let projects = "/settings/organizations/lab/projects";
    let rules = "/settings/organizations/lab/rules";
    let members = "/settings/organizations/lab/members";
    let teams = "/settings/organizations/lab/teams";
    let tokens = "/settings/organizations/lab/tokens";
    let sharing = "/settings/organizations/lab/sharing";
    // The page of a team has an id in its address.
    let of_team = |form: &str, fields: Value, says: &str| {
        let mut send = send("*/teams", fields, "", says);
        send.does["send"] = format!("form[action*='/teams/'][action$='/{form}']").into();
        send.below = Some(teams);
        send
    };
    let module = "/modules/lab/net/aws";
    let first_version = "/modules/lab/net/aws/1.0.0";
    let act = |act: &str, button: &str, fields: Value, says: &str| {
        let mut send = send("*/lifecycle", fields, first_version, says);
        send.does["send"] = format!("form:has([value='{act}'])").into();
        send.does["button"] = button.into();
        [
            visit(
                "/modules/lab/net/aws/1.0.0/lifecycle",
                "Deprecate or revoke",
            ),
            send,
        ]
    };
    let reason = json!({ "reason": "It is slow.", "link": "https://example.com/why" });
    let mut share = send(
        "*/sharing",
        json!({ "with": "acme" }),
        sharing,
        "may read the modules of lab: acme",
    );
    share.does["send"] = "form:has([id='share-modules'])".into();
    let mut refused = send(
        "/login",
        json!({ "username": "admin", "password": "wrong" }),
        "/login",
        "Sign in",
    );
    refused.status = 422;
    let mut dark = send("/settings/theme", json!({}), "/search?q=net", "Modules");
    dark.does["button"] = "Dark".into();
    let mut twice = send(
        "/publish",
        about("2.0.0", &first),
        "/publish",
        "never change",
    );
    twice.status = 409;
    let mut not_so = send(
        "*/delete",
        json!({ "confirm": "net" }),
        "/modules/lab/net/aws/delete",
        "lab/net/aws",
    );
    not_so.status = 422;
    let mut not_that_one = send(
        "*/lab/delete",
        json!({ "confirm": "acme" }),
        "/settings/organizations/lab/delete",
        "to delete it",
    );
    not_that_one.status = 422;
    let elsewhere = json!({ "elsewhere": true });
    let mut consent = send(
        "/oauth/authorize",
        elsewhere,
        "/oauth/authorize",
        "You said yes",
    );
    consent.does["button"] = "Yes, let it sign in".into();
    let mut steps = vec![
        visit("/login", "Password"),
        refused,
        send(
            "/login",
            json!({ "username": "admin", "password": PASSWORD }),
            "/",
            "Sign out",
        ),
        find("main form.find", "net", "/search?q=net"),
        dark,
        follow("admin", "/settings/tokens", "Create a token"),
        send(
            "/settings/tokens",
            json!({ "description": "short-lived", "scope": "read", "days": "7" }),
            "/settings/tokens",
            "it is shown only once",
        ),
        follow("Done", "/settings/tokens", "short-lived"),
        find("header form.find", "lab", "/search?q=lab"),
        visit("/settings/tokens", "short-lived"),
        send("*/revoke", json!({}), "/settings/tokens", "Create a token"),
        follow("Password", "/settings/password", "Old password"),
        send(
            "/settings/password",
            json!({ "old": PASSWORD, "new": "another good password", "again": "another good password" }),
            "/settings/tokens",
            "Create a token",
        ),
        follow("Organizations", "/settings/organizations", "acme"),
        follow(
            "Create an organization",
            "/organizations/new",
            "First owner",
        ),
        send(
            "/organizations/new",
            json!({ "name": "lab", "email": "lab@example.com", "public": true }),
            lab,
            "Enforce semantic versioning",
        ),
        send(
            lab,
            json!({ "email": "other@example.com", "allow_version_reuse": true }),
            lab,
            "Storage",
        ),
        follow("Sharing", sharing, "No other organization may read"),
        share,
        follow("Members", members, "Add or invite somebody"),
        send(members, json!({ "username": "mia" }), members, "mia"),
        follow("Teams", teams, "owners"),
        send(teams, json!({ "name": "builders" }), teams, "builders"),
        follow_below("builders", teams, "manage the tokens of this team"),
        of_team("access", json!({ "manage-modules": true }), "Team builders"),
        of_team(
            "access",
            json!({ "name": "build / test", "members_manage_tokens": false }),
            "Team build / test",
        ),
        of_team(
            "members",
            json!({ "username": "mia" }),
            "Remove from the team",
        ),
        of_team("members/mia/remove", json!({}), "has no members yet"),
        of_team(
            "tokens",
            json!({ "description": "of the team", "scope": "publish", "days": "7" }),
            "it is shown only once",
        ),
        follow_below("Done", teams, "of the team"),
        of_team("revoke", json!({}), "There are no tokens yet."),
        {
            let mut delete = of_team("delete", json!({}), "Create a team");
            (delete.lands, delete.below) = (teams, None);
            delete
        },
        follow("Tokens", tokens, "There are no tokens yet."),
        send(
            tokens,
            json!({ "description": "of the lab", "scope": "publish" }),
            tokens,
            "it is shown only once",
        ),
        follow("Done", tokens, "of the lab"),
        send(
            "/settings/organizations/lab/tokens/*",
            json!({}),
            tokens,
            "There are no tokens yet.",
        ),
        visit(members, "mia"),
        send(
            "*/lab/members/mia/remove",
            json!({}),
            members,
            "Add or invite somebody",
        ),
        send(
            members,
            json!({ "username": "new@example.com" }),
            members,
            "Remove the invitation",
        ),
        send(
            "/settings/organizations/lab/invitations/*",
            json!({}),
            members,
            "Add or invite somebody",
        ),
        send(
            members,
            json!({ "username": "new@example.com" }),
            members,
            "Remove the invitation",
        ),
        visit("/settings/users", "Remove all invitations"),
        send(
            "/settings/invited/*",
            json!({}),
            "/settings/users",
            "Create a user",
        ),
        send(
            "/settings/users",
            json!({ "username": "fresh-one", "password": PASSWORD }),
            "/settings/users",
            "fresh-one",
        ),
        visit("/settings/users?q=fresh-one", "Suspend"),
        send(
            "*/fresh-one/suspend",
            json!({}),
            "/settings/users",
            "suspended",
        ),
        visit("/settings/account", "Email address"),
        send(
            "/settings/account",
            json!({}),
            "/settings/account",
            "Email address",
        ),
        step(
            json!({ "visit": CONSENT }),
            CONSENT,
            200,
            "Yes, let it sign in",
        ),
        consent,
        visit(ssh_keys, "There are no SSH keys yet."),
        send(
            ssh_keys,
            json!({ "name": "deploy", "value": "SSH-KEY-CONTENT" }),
            ssh_keys,
            "ssh cannot read it.",
        ),
        send("*/name", json!({ "name": "build" }), ssh_keys, "build"),
        send(
            "*/delete",
            json!({}),
            ssh_keys,
            "There are no SSH keys yet.",
        ),
        visit(rules, "Take the tokens of users"),
        send(
            rules,
            json!({ "session_timeout": "60" }),
            rules,
            "Take the tokens of users",
        ),
        visit(projects, "Default Project"),
        send(
            projects,
            json!({ "name": "Network", "description": "cables" }),
            projects,
            "Change Network",
        ),
        send(
            "*/tags",
            json!({ "key": "stage", "value": "test" }),
            projects,
            "stage=test",
        ),
        send("*/tags/remove", json!({}), projects, "It has no tags."),
        send(
            "/settings/organizations/lab/projects/prj-*",
            json!({ "name": "Cables", "duration": "14d" }),
            projects,
            "Change Cables",
        ),
        send("*/delete", json!({}), projects, "Create a project"),
        visit("/publish", "Archive"),
        send(
            "/publish",
            about("1.0.0", &first),
            first_version,
            "A module",
        ),
        visit("/publish", "Archive"),
        send(
            "/publish",
            about("2.0.0", &second),
            "/modules/lab/net/aws/2.0.0",
            "2.0.0 · latest",
        ),
        visit("/publish", "Archive"),
        twice,
        visit("/publish/provider", "Files of the release"),
        send(
            "/publish/provider",
            json!({ "organization": "lab", "files": package, "docs": docs }),
            "/providers/lab/widget/1.2.3",
            "Documentation",
        ),
        visit("/providers/lab/widget/1.2.3/docs", "Overview"),
        send(
            "*/docs",
            json!({ "q": "flavour" }),
            "/providers/lab/widget/1.2.3/docs?q=flavour",
            "1 page",
        ),
        visit("/modules/lab/net/aws/versions", "Show the difference"),
        send(
            "*/diff",
            json!({ "from": "2.0.0", "to": "1.0.0" }),
            "/modules/lab/net/aws/diff?from=2.0.0&to=1.0.0",
            "added",
        ),
        send(
            "*/diff",
            json!({ "from": "1.0.0", "to": "2.0.0" }),
            "/modules/lab/net/aws/diff?from=1.0.0&to=2.0.0",
            "added",
        ),
    ];
    steps.extend(act(
        "deprecate",
        "Deprecate it",
        reason.clone(),
        "This version is deprecated",
    ));
    steps.extend(act(
        "revoke",
        "Revoke it",
        reason,
        "This version is revoked",
    ));
    steps.extend(act(
        "unrevoke",
        "Unrevoke it",
        json!({}),
        "This version is deprecated",
    ));
    steps.extend(act("undeprecate", "Undeprecate it", json!({}), "A module"));
    steps.extend([
        visit("/modules/lab/net/aws/1.0.0/delete", "Delete this version"),
        send("*/1.0.0/delete", json!({}), module, "2.0.0 · latest"),
        visit(
            "/modules/lab/net/aws/delete",
            "Type lab/net/aws to continue",
        ),
        not_so,
        send(
            "*/aws/delete",
            json!({ "confirm": "lab/net/aws" }),
            "/",
            "Newest",
        ),
        visit("/settings/organizations/lab/audit", "delete module"),
        step(
            json!({ "send": "main form:not([action])", "fields": { "text": "create team" } }),
            "/settings/organizations/lab/audit?actor=&text=create+team&from=&to=",
            200,
            "create team",
        ),
        visit(teams, "owners"),
        follow_below("owners", teams, "Its members may do everything in lab."),
        of_team("members", json!({ "username": "mia" }), "mia"),
        visit(lab, "Leave lab"),
        send("*/lab/leave", json!({}), "/settings/organizations", "acme"),
        visit(lab, "Delete lab …"),
        follow(
            "Delete lab …",
            "/settings/organizations/lab/delete",
            "Type lab to continue",
        ),
        not_that_one,
        send(
            "*/lab/delete",
            json!({ "confirm": "lab" }),
            "/settings/organizations",
            "acme",
        ),
        send("/logout", json!({}), "/login", "Sign in"),
    ]);
    steps
}

/// Returns whether an address belongs to a path of the route table.
fn is_line_of(line: &str, path: &str) -> bool {
    let (line, path): (Vec<_>, Vec<_>) = (line.split('/').collect(), path.split('/').collect());
    let fits = |(part, word): (&&str, &&str)| part.starts_with('{') || part == word;
    line.len() == path.len() && line.iter().zip(&path).all(fits)
}

fn every_form_works(scripts: bool) {
    let Some(tools) = Tools::find() else { return };
    let registry = Appliance::start();
    set_password(&registry, "admin");
    registry.user("mia");
    let dir = tempfile::tempdir().expect("a directory");
    let seen = take(&tools, &registry, scripts, &every_form(dir.path()));
    let sent: Vec<&str> = seen["posts"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let lines: BTreeSet<String> = route_table()
        .into_iter()
        .filter(|(method, path, access)| {
            *method == "POST" && (*access == Access::Form || path == "/settings/theme")
        })
        .map(|(_, path, _)| path)
        .collect();
    assert!(lines.len() > 20, "{lines:?}");
    let unsent: Vec<&String> = lines
        .iter()
        .filter(|line| !sent.iter().any(|path| is_line_of(line, path)))
        .collect();
    assert!(unsent.is_empty(), "{unsent:?}");
    let ran = nothing_of_others(&seen, 50);
    assert_eq!(ran > 0, scripts, "{ran} scripts");
}

#[test]
fn every_form_works_with_scripts() {
    every_form_works(true);
}

#[test]
fn every_form_works_without_scripts() {
    every_form_works(false);
}
