//! `tfe_organization` and `tfe_organization_default_settings`.

use serde_json::{Value, json};

use super::step::{Resource, Step, document};

const ORGANIZATIONS: &str = "/api/v2/organizations";
const ONE: &str = "/api/v2/organizations/platform";

pub(super) fn resources() -> Vec<Resource> {
    vec![
        organization(),
        default_settings(),
        without_user_tokens(),
        audit_configuration(),
    ]
}

/// What the provider always sends with a change.
fn always() -> Value {
    json!({
        "name": "platform", "email": "platform@example.com",
        "collaborator-auth-policy": "password", "allow-force-delete-workspaces": true,
        "speculative-plan-management-enabled": true, "user-tokens-enabled": true,
        "enforce-hyok": false, "max-ttl-enabled": false,
    })
}

/// What it sends where the configuration sets it.
fn every() -> Value {
    let mut all = always();
    for (name, value) in [
        ("aggregated-commit-status-enabled", json!(false)),
        (
            "send-passing-statuses-for-untriggered-speculative-plans",
            json!(true),
        ),
        ("cost-estimation-enabled", json!(true)),
        ("assessments-enforced", json!(true)),
        ("stacks-enabled", json!(true)),
        ("owners-team-saml-role-id", json!("owners")),
        ("max-ttl-enabled", json!(true)),
        ("session-timeout", json!(30)),
        ("session-remember", json!(60)),
    ] {
        all[name] = value;
    }
    all
}

/// What must be read back where the configuration sets nothing.
fn defaults() -> Value {
    json!({
        "name": "platform", "email": "platform@example.com",
        "collaborator-auth-policy": "password", "allow-force-delete-workspaces": false,
        "speculative-plan-management-enabled": true, "user-tokens-enabled": true,
        "aggregated-commit-status-enabled": true, "owners-team-saml-role-id": null,
        "send-passing-statuses-for-untriggered-speculative-plans": false,
        "assessments-enforced": false, "stacks-enabled": false,
        "session-timeout": null, "session-remember": null,
        "default-execution-mode": "remote", "max-ttl-enabled": false, "enforce-hyok": false,
    })
}

fn organization() -> Resource {
    let new = json!({ "name": "platform", "email": "platform@example.com" });
    let moved = json!({ "name": "platform", "email": "registry@example.com" });
    Resource::new(
        "tfe_organization",
        vec![
            Step::create(ORGANIZATIONS, document("organizations", &new))
                .attributes(&defaults())
                .equal("/data/id", json!("platform")),
            Step::update(ONE, document("organizations", &every())).attributes(&every()),
            Step::read(ONE)
                .attributes(&every())
                .equal("/data/id", json!("platform")),
            // A change of one thing leaves the others.
            Step::update(ONE, document("organizations", &moved))
                .equal("/data/attributes/stacks-enabled", json!(true)),
            Step::update(ONE, document("organizations", &every())).attributes(&every()),
            Step::read(ONE).attributes(&every()),
            Step::import(ONE)
                .attributes(&every())
                .keep("organization", "/data/attributes/external-id"),
            Step::import(&format!("{ORGANIZATIONS}?page%5Bsize%5D=100&q=platform"))
                .equal("/data/0/attributes/external-id", json!("{organization}")),
            Step::destroy(ONE),
            Step::gone(ONE),
        ],
    )
}

fn default_settings() -> Resource {
    let mode = |mode: &str| json!({ "default-execution-mode": mode });
    let set = |to: &str| document("organizations", &mode(to));
    Resource::new(
        "tfe_organization_default_settings",
        vec![
            Step::update(ONE, set("local")).attributes(&mode("local")),
            Step::read(ONE).attributes(&mode("local")),
            Step::import(ONE).attributes(&mode("local")),
            Step::destroy(ONE)
                .method("PATCH")
                .body(set("remote"))
                .status(200)
                .attributes(&mode("remote")),
        ],
    )
}

/// An organization that takes no tokens of users: the token of its owners team reads and changes it.
fn without_user_tokens() -> Resource {
    let takes = |is: bool| {
        let mut all = every();
        all["user-tokens-enabled"] = json!(is);
        document("organizations", &all)
    };
    let shown = |is: bool| json!({ "user-tokens-enabled": is });
    let slot = "/api/v2/teams/{owners}/authentication-token";
    Resource::new(
        "tfe_organization, without tokens of users",
        vec![
            Step::import(&format!("{ONE}/teams?filter%5Bnames%5D=owners"))
                .keep("owners", "/data/0/id"),
            Step::create(slot, document("authentication-tokens", &json!({})))
                .keep("owners-token", "/data/attributes/token"),
            Step::update(ONE, takes(false))
                .with_token("owners-token")
                .attributes(&shown(false)),
            Step::read(ONE).status(401),
            Step::read(ONE)
                .with_token("owners-token")
                .attributes(&shown(false)),
            Step::update(ONE, takes(true))
                .with_token("owners-token")
                .attributes(&shown(true)),
            Step::read(ONE).attributes(&shown(true)),
            Step::destroy(slot),
            Step::gone(slot),
        ],
    )
}

/// The data source of the audit configuration, whose code also needs the organization's permissions.
fn audit_configuration() -> Resource {
    let one = format!("{ONE}/audit-configuration");
    Resource::new(
        "tfe_organization_audit_configuration",
        vec![
            Step::read(ONE).equal(
                "/data/attributes/permissions/can-manage-auditing",
                json!(true),
            ),
            Step::read(&one)
                .equal("/data/attributes/audit-trails/enabled", json!(true))
                .equal(
                    "/data/relationships/organization/data/id",
                    json!("platform"),
                ),
        ],
    )
}
