//! Makes a registry that has content for every page, and the list of the pages.

use serde_json::{Value, json};

use crate::builders::{archive, module};
use crate::docs::article_names;
use crate::harness::Appliance;
use crate::providers::release::Release;
use crate::publish::real_modules::real_modules;
use crate::ui::browser::{PASSWORD, set_password};
use crate::zips::package_of;

/// A page to look at.
pub(crate) struct Page {
    /// Its line in the route table.
    pub(crate) route: &'static str,
    /// Its address.
    pub(crate) path: String,
    /// The user who looks at it; empty for somebody who has not signed in.
    pub(crate) by: &'static str,
    /// The status code of the response.
    pub(crate) status: u16,
}

const README: &str = include_str!("../../fixtures/browser/README.md");
const BADGE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"20\">\
    <rect width=\"90\" height=\"20\" rx=\"4\" fill=\"#1d6b4f\"/></svg>";
const MAIN: &str = include_str!("../../fixtures/browser/main.tf");
const VARIABLES: &str = include_str!("../../fixtures/browser/variables.tf");
const OUTPUTS: &str = include_str!("../../fixtures/browser/outputs.tf");

/// Starts a registry with modules of all kinds, people, teams, tokens and notices.
pub(crate) fn sample() -> Appliance {
    let registry = Appliance::start();
    people(&registry);
    modules(&registry);
    providers(&registry);
    for real in real_modules() {
        registry.publish(&real.address, &real.version, real.archive);
    }
    registry
}

/// Returns the users that the scripts sign in as, each with its password.
pub(crate) fn who() -> Value {
    json!({
        "admin": { "username": "admin", "password": PASSWORD },
        "mia": { "username": "mia", "password": PASSWORD },
        "newcomer": { "username": "newcomer", "password": PASSWORD },
    })
}

fn people(registry: &Appliance) {
    registry.organization("shop", true);
    for name in ["mia", "newcomer"] {
        registry.user(name);
        set_password(registry, name);
    }
    set_password(registry, "admin");
    registry.command(&json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "builders",
        "access": { "manage-modules": true },
    }));
    registry.join("acme", "builders", "mia");
    for description in ["CI of the network team", ""] {
        registry.command(&json!({
            "subject": "token", "command": "create", "scope": "publish", "expires_in": "90 days",
            "description": description, "owner": { "kind": "user", "username": "admin" },
        }));
    }
    registry.organization_token("acme", "read");
    registry.command(&json!({
        "subject": "token", "command": "create", "scope": "publish", "expires_in": "30 days",
        "description": "Releases of the builders",
        "owner": { "kind": "team", "organization": "acme", "team": "builders" },
    }));
    registry.command(&json!({
        "subject": "organization", "command": "share", "name": "acme", "kind": "modules",
        "with": ["shop"], "everybody": false,
    }));
    for (name, value) in [("deploy", "ssh-rsa AAAA me@here"), ("build", "a key")] {
        let path = "/api/v2/organizations/acme/ssh-keys";
        let request = registry.request("POST", path, Some(&registry.admin));
        let body = json!({ "data": { "type": "ssh-keys",
            "attributes": { "name": name, "value": value } } });
        assert_eq!(request.json(&body).send().expect("an answer").status(), 201);
    }
    registry.command(&json!({
        "subject": "organization", "command": "invite", "name": "acme",
        "who": "new@example.com", "teams": ["builders"],
    }));
    recommended(registry);
    project(registry);
}

/// Creates a project with tags.
fn project(registry: &Appliance) {
    let tag = |key: &str, value: &str| json!({ "attributes": { "key": key, "value": value } });
    let body = json!({ "data": { "type": "projects",
        "attributes": { "name": "Network", "description": "Cables and routes." },
        "relationships": { "tag-bindings": { "data": [tag("stage", "test"), tag("owner", "mia")] } },
    } });
    let path = "/api/v2/organizations/acme/projects";
    let request = registry.request("POST", path, Some(&registry.admin));
    assert_eq!(request.json(&body).send().expect("an answer").status(), 201);
}

/// Adds a module of the public registry to the list of an organization.
fn recommended(registry: &Appliance) {
    let attributes = json!({
        "name": "vpc", "namespace": "terraform-aws-modules", "provider": "aws",
        "registry-name": "public",
    });
    let path = "/api/v2/organizations/acme/registry-modules";
    let request = registry.request("POST", path, Some(&registry.admin));
    let body = json!({ "data": { "type": "registry-modules", "attributes": attributes } });
    assert_eq!(request.json(&body).send().expect("an answer").status(), 201);
}

/// Publishes providers, one of them signed by an older key, and adds one of another registry.
fn providers(registry: &Appliance) {
    for version in ["1.2.3", "1.3.0-beta.1"] {
        let release = Release::of("widget", version).with_docs();
        release.published(registry, &[]);
    }
    let path =
        "/api/terrakeep/v1/mirror/registry.example.com/acme/gadget/1.0.0/packages/linux_amd64";
    let request = registry.request("PUT", path, Some(&registry.admin));
    let kept = request.body(package_of("gadget", "1.0.0", b"x")).send();
    assert_eq!(kept.expect("an answer").status(), 200);
    let path = "/api/v2/organizations/acme/registry-providers";
    let request = registry.request("POST", path, Some(&registry.admin));
    let attributes = json!({ "name": "aws", "namespace": "hashicorp", "registry-name": "public" });
    let body = json!({ "data": { "type": "registry-providers", "attributes": attributes } });
    assert_eq!(request.json(&body).send().expect("an answer").status(), 201);
}

fn modules(registry: &Appliance) {
    let files = |variables: &'static str| {
        archive(&[
            ("README.md", README),
            ("badge.svg", BADGE),
            ("LICENSE", include_str!("../../../LICENSE")),
            ("CHANGELOG.md", "# Changes\n\n## 2.0.0\n\n- Another name.\n"),
            ("main.tf", MAIN),
            ("variables.tf", variables),
            ("outputs.tf", OUTPUTS),
            ("broken.tf", "resource \"aws_vpc\" {\n"),
            (
                "modules/inside/README.md",
                "# Inside\n\nWhat `network` is made of.\n",
            ),
            ("modules/inside/main.tf", MAIN),
            ("modules/inside/variables.tf", variables),
            ("modules/inside/outputs.tf", OUTPUTS),
            (
                "examples/simple/main.tf",
                "module \"network\" {\n  source = \"../..\"\n  name   = \"shop\"\n}\n",
            ),
            ("noise.bin", "\0\0\0\0"),
        ])
    };
    for version in ["0.9.0", "1.0.0"] {
        let old = "variable \"name\" {}\nvariable \"gone\" {\n  default = 1\n}\n";
        registry.publish("acme/network/aws", version, files(old));
    }
    registry.publish("acme/network/aws", "2.0.0", files(VARIABLES));
    registry.publish("acme/network/aws", "3.0.0-rc.1", files(VARIABLES));
    registry.publish("acme/network/google", "1.0.0", module("google"));
    registry.publish("acme/bare/null", "1.0.0", archive(&[("main.tf", "")]));
    let caller =
        "module \"network\" {\n  source  = \"acme/network/aws\"\n  version = \"2.0.0\"\n}\n";
    registry.publish("shop/orders/aws", "1.0.0", archive(&[("main.tf", caller)]));
    registry.publish("acme/retired/aws", "1.0.0", module("retired"));
    for (command, name) in [
        ("deprecate", "network"),
        ("deprecate", "retired"),
        ("revoke", "retired"),
    ] {
        registry.command(&json!({
            "subject": "module", "command": command, "version": "1.0.0",
            "module": { "namespace": "acme", "name": name, "system": "aws" },
            "reason": "It opens a port to everybody.\nUse the next version.",
            "link": "https://example.com/advisories/2026-11",
        }));
    }
}

/// Returns every page of the sample, and of the real modules if they are there.
pub(crate) fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    let real = if real_modules().is_empty() { &[] } else { REAL };
    for (route, paths) in BROWSING.iter().chain(real) {
        pages.extend(paths.iter().map(|path| page(route, path, "admin", 200)));
    }
    for (route, path, by, status) in OTHERS {
        pages.push(page(route, path, by, *status));
    }
    for name in article_names() {
        pages.push(page("/docs/{page}", &format!("/docs/{name}"), "", 200));
    }
    pages
}

/// Returns the pages in the form that the scripts read.
pub(crate) fn as_work(pages: &[Page]) -> Value {
    pages
        .iter()
        .map(|page| json!({ "path": page.path, "as": page.by }))
        .collect()
}

fn page(route: &'static str, path: &str, by: &'static str, status: u16) -> Page {
    let path = path.replacen('~', "/modules/acme/network/aws", 1);
    Page {
        route,
        path,
        by,
        status,
    }
}

/// A line of the route table, and addresses of it; `~` is the sample's largest module.
type Line = (&'static str, &'static [&'static str]);

/// Pages about modules, as an administrator sees them.
#[rustfmt::skip]
const BROWSING: &[Line] = &[
    ("/", &["/"]),
    ("/search", &["/search", "/search?q=network", "/search?q=widget", "/search?q=zzzz", "/search?deprecated=yes"]),
    ("/providers", &["/providers"]),
    ("/providers/{namespace}", &["/providers/acme", "/providers/shop"]),
    ("/providers/{namespace}/{name}", &["/providers/acme/widget"]),
    ("/providers/{namespace}/{name}/{version}", &["/providers/acme/widget/1.3.0-beta.1"]),
    ("/providers/{namespace}/{name}/{version}/docs",
        &["/providers/acme/widget/1.2.3/docs", "/providers/acme/widget/1.2.3/docs?q=flavour",
          "/providers/acme/widget/1.2.3/docs?q=zzzz"]),
    ("/providers/{namespace}/{name}/{version}/docs/{*path}",
        &["/providers/acme/widget/1.2.3/docs/resources/thing"]),
    ("/modules/{namespace}", &["/modules/acme"]),
    ("/modules/{namespace}/{name}", &["/modules/acme/network"]),
    ("/modules/{namespace}/{name}/{system}", &["~", "/modules/acme/bare/null"]),
    ("/modules/{namespace}/{name}/{system}/{version}",
        &["~/2.0.0", "~/1.0.0", "~/3.0.0-rc.1", "/modules/acme/retired/aws/1.0.0"]),
    ("/modules/{namespace}/{name}/{system}/{version}/inputs",
        &["~/2.0.0/inputs", "~/2.0.0/inputs?with=zones", "/modules/acme/bare/null/1.0.0/inputs"]),
    ("/modules/{namespace}/{name}/{system}/{version}/outputs",
        &["~/2.0.0/outputs", "/modules/acme/bare/null/1.0.0/outputs"]),
    ("/modules/{namespace}/{name}/{system}/{version}/resources",
        &["~/2.0.0/resources", "/modules/acme/bare/null/1.0.0/resources"]),
    ("/modules/{namespace}/{name}/{system}/{version}/dependencies",
        &["~/2.0.0/dependencies", "/modules/acme/bare/null/1.0.0/dependencies"]),
    ("/modules/{namespace}/{name}/{system}/{version}/graph",
        &["~/2.0.0/graph", "~/2.0.0/graph?detail=full", "~/2.0.0/graph?focus=var.name", "/modules/acme/bare/null/1.0.0/graph"]),
    ("/modules/{namespace}/{name}/{system}/{version}/used-by",
        &["~/2.0.0/used-by", "/modules/acme/bare/null/1.0.0/used-by"]),
    ("/modules/{namespace}/{name}/{system}/{version}/submodules", &["~/2.0.0/submodules"]),
    ("/modules/{namespace}/{name}/{system}/{version}/submodules/{*path}",
        &["~/2.0.0/submodules/modules/inside"]),
    ("/modules/{namespace}/{name}/{system}/{version}/examples", &["~/2.0.0/examples"]),
    ("/modules/{namespace}/{name}/{system}/{version}/examples/{*path}",
        &["~/2.0.0/examples/examples/simple"]),
    ("/modules/{namespace}/{name}/{system}/{version}/files", &["~/2.0.0/files"]),
    ("/modules/{namespace}/{name}/{system}/{version}/files/{*path}",
        &["~/2.0.0/files/main.tf", "~/2.0.0/files/README.md", "~/2.0.0/files/modules/inside", "~/2.0.0/files/noise.bin"]),
    ("/modules/{namespace}/{name}/{system}/versions", &["~/versions"]),
    ("/modules/{namespace}/{name}/{system}/{version}/versions", &["~/1.0.0/versions"]),
    ("/modules/{namespace}/{name}/{system}/diff", &["~/diff?from=1.0.0&to=2.0.0", "~/diff?from=1.0.0&to=2.0.0&show=breaking", "~/diff?from=0.9.0&to=1.0.0"]),
];

/// Pages of real modules: the largest there are.
#[rustfmt::skip]
const REAL: &[Line] = &[
    ("/search", &["/search?q=vpc+subnet"]),
    ("/modules/{namespace}/{name}/{system}",
        &["/modules/acme/vpc/aws", "/modules/acme/label/null", "/modules/acme/consul/aws"]),
    ("/modules/{namespace}/{name}/{system}/{version}/inputs", &["/modules/acme/vpc/aws/6.6.0/inputs"]),
    ("/modules/{namespace}/{name}/{system}/{version}/outputs", &["/modules/acme/vpc/aws/6.6.0/outputs"]),
    ("/modules/{namespace}/{name}/{system}/{version}/files/{*path}", &["/modules/acme/vpc/aws/6.6.0/files/main.tf"]),
    ("/modules/{namespace}/{name}/{system}/{version}/resources", &["/modules/acme/vpc/aws/6.6.0/resources"]),
    ("/modules/{namespace}/{name}/{system}/{version}/graph", &["/modules/acme/vpc/aws/6.6.0/graph"]),
    ("/modules/{namespace}/{name}/{system}/{version}/submodules/{*path}",
        &["/modules/acme/vpc/aws/6.6.0/submodules/modules/flow-log"]),
    ("/modules/{namespace}/{name}/{system}/{version}/examples", &["/modules/acme/vpc/aws/6.6.0/examples"]),
    ("/modules/{namespace}/{name}/{system}/diff", &["/modules/acme/vpc/aws/diff?from=1.0.0&to=6.6.0"]),
];

/// Pages for signing in, settings and forms, and the pages that people without rights see.
#[rustfmt::skip]
const OTHERS: &[(&str, &str, &str, u16)] = &[
    ("/", "/", "", 200),
    ("/search", "/search?q=orders", "", 200),
    ("/providers", "/providers", "", 200),
    ("/providers/{namespace}/{name}", "/providers/acme/nothing", "admin", 404),
    ("/login", "/login?next=/publish", "", 200),
    ("/setup", "/setup", "", 200),
    ("/api", "/api", "", 200),
    ("/docs", "/docs", "", 200),
    ("/docs", "/docs", "admin", 200),
    ("/docs/{page}", "/docs/nothing", "", 404),
    ("/modules/{namespace}", "/modules/nobody", "admin", 404),
    ("/modules/{namespace}/{name}/{system}/{version}", "~/7.0.0", "admin", 404),
    ("/modules/{namespace}/{name}/{system}", "~", "newcomer", 404),
    ("", "/no/such/page", "admin", 404),
    ("/publish", "/publish", "admin", 200),
    ("/publish", "/publish", "newcomer", 200),
    ("/publish/provider", "/publish/provider", "admin", 200),
    ("/publish/provider", "/publish/provider", "newcomer", 200),
    ("/settings/tokens", "/settings/tokens", "admin", 200),
    ("/settings/tokens", "/settings/tokens", "newcomer", 200),
    ("/settings/password", "/settings/password", "admin", 200),
    ("/settings/organizations", "/settings/organizations", "admin", 200),
    ("/settings/organizations", "/settings/organizations", "newcomer", 200),
    ("/settings/organizations/{organization}", "/settings/organizations/acme", "admin", 200),
    ("/settings/organizations/{organization}", "/settings/organizations/acme", "mia", 200),
    ("/settings/organizations/{organization}/members", "/settings/organizations/acme/members", "admin", 200),
    ("/settings/organizations/{organization}/members", "/settings/organizations/acme/members", "mia", 200),
    ("/settings/organizations/{organization}/teams", "/settings/organizations/acme/teams", "admin", 200),
    ("/settings/organizations/{organization}/teams", "/settings/organizations/acme/teams", "mia", 200),
    ("/settings/organizations/{organization}/teams/{team}", "/settings/organizations/acme/teams/builders", "admin", 200),
    ("/settings/organizations/{organization}/teams/{team}", "/settings/organizations/acme/teams/builders", "mia", 200),
    ("/settings/organizations/{organization}/teams/{team}", "/settings/organizations/acme/teams/owners", "admin", 200),
    ("/settings/organizations/{organization}/tokens", "/settings/organizations/acme/tokens", "admin", 200),
    ("/settings/organizations/{organization}/sharing", "/settings/organizations/acme/sharing", "admin", 200),
    ("/settings/organizations/{organization}/sharing", "/settings/organizations/acme/sharing", "mia", 200),
    ("/settings/organizations/{organization}/delete", "/settings/organizations/acme/delete", "admin", 200),
    ("/settings/organizations/{organization}/projects", "/settings/organizations/acme/projects", "admin", 200),
    ("/settings/organizations/{organization}/audit", "/settings/organizations/acme/audit", "admin", 200),
    ("/settings/organizations/{organization}/rules", "/settings/organizations/acme/rules", "admin", 200),
    ("/settings/organizations/{organization}/ssh-keys", "/settings/organizations/acme/ssh-keys", "admin", 200),
    ("/oauth/authorize", "/oauth/authorize?client_id=terraform-cli&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A40163%2Flogin&code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256&state=x", "mia", 200),
    ("/oauth/authorize", "/oauth/authorize", "mia", 400),
    ("/settings/account", "/settings/account", "mia", 200),
    ("/settings/users", "/settings/users", "admin", 200),
    ("/settings/users", "/settings/users", "mia", 403),
    ("/settings/audit", "/settings/audit", "admin", 200),
    ("/settings/audit", "/settings/audit", "mia", 403),
    ("/organizations/new", "/organizations/new", "admin", 200),
    ("/organizations/new", "/organizations/new", "mia", 403),
    ("/modules/{namespace}/{name}/{system}/delete", "~/delete", "admin", 200),
    ("/modules/{namespace}/{name}/{system}/{version}/delete", "~/0.9.0/delete", "admin", 200),
    ("/modules/{namespace}/{name}/{system}/{version}/lifecycle", "~/2.0.0/lifecycle", "admin", 200),
    ("/modules/{namespace}/{name}/{system}/{version}/lifecycle", "~/1.0.0/lifecycle", "admin", 200),
    ("/modules/{namespace}/{name}/{system}/{version}/lifecycle", "/modules/acme/retired/aws/1.0.0/lifecycle", "admin", 200),
];
