//! Settings of features that are not here yet: what clients set is kept and given back.
//!
//! Nothing that protects anybody belongs here; such an attribute works, or is refused.

use super::super::NotServed;
use super::super::attribute::Constant::{Bool, Null, Text as Word};
use super::super::attribute::keeps;
use super::super::kept::KeptKind::{self, Count, TextLike};
use super::super::parts::Part::{AdminOrganization, Organization};

/// Where runs are carried out.
const EXECUTION_MODE: KeptKind = TextLike(check_execution_mode);

pub(crate) const RUN_SETTINGS: NotServed = NotServed {
    feature: "Settings of workspaces, runs and policies",
    reason: "kept and given back, without effect until this registry has workspaces and runs",
    attributes: &[
        keeps(
            Organization,
            "cost-estimation-enabled",
            KeptKind::Bool,
            Bool(false),
        ),
        keeps(
            Organization,
            "send-passing-statuses-for-untriggered-speculative-plans",
            KeptKind::Bool,
            Bool(false),
        ),
        keeps(
            Organization,
            "aggregated-commit-status-enabled",
            KeptKind::Bool,
            Bool(true),
        ),
        keeps(
            Organization,
            "speculative-plan-management-enabled",
            KeptKind::Bool,
            Bool(true),
        ),
        keeps(
            Organization,
            "allow-force-delete-workspaces",
            KeptKind::Bool,
            Bool(false),
        ),
        keeps(
            Organization,
            "assessments-enforced",
            KeptKind::Bool,
            Bool(false),
        ),
        keeps(Organization, "stacks-enabled", KeptKind::Bool, Bool(false)),
        keeps(
            Organization,
            "default-execution-mode",
            EXECUTION_MODE,
            Word("remote"),
        ),
        keeps(
            AdminOrganization,
            "terraform-worker-sudo-enabled",
            KeptKind::Bool,
            Bool(false),
        ),
        keeps(
            AdminOrganization,
            "terraform-build-worker-apply-timeout",
            KeptKind::Text,
            Null,
        ),
        keeps(
            AdminOrganization,
            "terraform-build-worker-plan-timeout",
            KeptKind::Text,
            Null,
        ),
        keeps(AdminOrganization, "apply-timeout", KeptKind::Text, Null),
        keeps(AdminOrganization, "plan-timeout", KeptKind::Text, Null),
        keeps(AdminOrganization, "workspace-limit", Count, Null),
    ],
};

pub(crate) const REPOSITORY_SETTINGS: NotServed = NotServed {
    feature: "Settings of publishing from repositories",
    reason: "kept and given back, without effect until this registry publishes from repositories",
    attributes: &[keeps(
        Organization,
        "registry-monorepo-support-enabled",
        KeptKind::Bool,
        Bool(false),
    )],
};

pub(crate) const BETA_TOOLS: NotServed = NotServed {
    feature: "Features under trial",
    reason: "kept and given back, without effect until this registry has features under trial",
    attributes: &[keeps(
        AdminOrganization,
        "access-beta-tools",
        KeptKind::Bool,
        Bool(false),
    )],
};

pub(crate) const TEAMS_OF_SIGN_ON: NotServed = NotServed {
    feature: "Names that a single sign-on gives to teams",
    reason: "kept and given back, without effect until people can sign in through another service",
    attributes: &[keeps(
        Organization,
        "owners-team-saml-role-id",
        KeptKind::Text,
        Null,
    )],
};

/// Refuses every mode but `remote` and `local`.
fn check_execution_mode(mode: &str) -> Result<(), &'static str> {
    match mode {
        "remote" | "local" => Ok(()),
        "agent" => Err(
            "a default agent pool must be specified when using 'agent' execution mode, and this \
             registry has no agent pools: use `remote` or `local`",
        ),
        _ => Err("the execution modes here are `remote` and `local`"),
    }
}
