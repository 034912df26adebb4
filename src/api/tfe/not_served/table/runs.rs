//! Features around workspaces and runs, and the plans that they are billed by.

use super::super::NotServed;
use super::super::attribute::Constant::{Bool, Null, Number, Text};
use super::super::attribute::{ignores, shows, shows_and_ignores, shows_and_refuses};
use super::super::parts::Part::{
    AdminOrganization, EntitlementSet, Organization, OrganizationAccess, OrganizationPermissions,
    Team,
};

pub(crate) const RUNS: NotServed = NotServed {
    feature: "Workspaces, projects, runs and policies",
    reason: "this registry has no workspaces, projects, runs and policies: it keeps modules and providers",
    attributes: &[
        shows_and_ignores(Organization, "cost-estimation-enabled", Bool(false)),
        shows_and_ignores(
            Organization,
            "send-passing-statuses-for-untriggered-speculative-plans",
            Bool(false),
        ),
        shows_and_ignores(
            Organization,
            "aggregated-commit-status-enabled",
            Bool(false),
        ),
        shows_and_ignores(
            Organization,
            "speculative-plan-management-enabled",
            Bool(false),
        ),
        shows_and_ignores(Organization, "allow-force-delete-workspaces", Bool(false)),
        shows_and_ignores(Organization, "assessments-enforced", Bool(false)),
        shows_and_ignores(Organization, "stacks-enabled", Bool(false)),
        shows_and_ignores(Organization, "default-execution-mode", Text("remote")),
        shows(Organization, "fair-run-queuing-enabled", Bool(false)),
        ignores(Team, "organization-access/manage-policies", Bool(false)),
        ignores(
            Team,
            "organization-access/manage-policy-overrides",
            Bool(false),
        ),
        ignores(
            Team,
            "organization-access/delegate-policy-overrides",
            Bool(false),
        ),
        ignores(Team, "organization-access/manage-workspaces", Bool(false)),
        ignores(Team, "organization-access/manage-run-tasks", Bool(false)),
        ignores(Team, "organization-access/read-workspaces", Bool(false)),
        ignores(Team, "organization-access/manage-agent-pools", Bool(false)),
        shows(OrganizationAccess, "manage-policies", Bool(false)),
        shows(OrganizationAccess, "manage-policy-overrides", Bool(false)),
        shows(OrganizationAccess, "delegate-policy-overrides", Bool(false)),
        shows(OrganizationAccess, "manage-workspaces", Bool(false)),
        shows(OrganizationAccess, "manage-run-tasks", Bool(false)),
        shows(OrganizationAccess, "read-workspaces", Bool(false)),
        shows(OrganizationAccess, "manage-agent-pools", Bool(false)),
        shows(OrganizationPermissions, "can-create-project", Bool(false)),
        shows(OrganizationPermissions, "can-create-workspace", Bool(false)),
        shows(
            OrganizationPermissions,
            "can-create-workspace-migration",
            Bool(false),
        ),
        shows(OrganizationPermissions, "can-enable-stacks", Bool(false)),
        shows(OrganizationPermissions, "can-manage-run-tasks", Bool(false)),
        shows(OrganizationPermissions, "can-manage-tags", Bool(false)),
        shows(OrganizationPermissions, "can-manage-varsets", Bool(false)),
        shows(OrganizationPermissions, "can-read-run-tasks", Bool(false)),
        shows(OrganizationPermissions, "can-read-varsets", Bool(false)),
        shows(
            OrganizationPermissions,
            "can-update-agent-pools",
            Bool(false),
        ),
        shows(OrganizationPermissions, "can-update-sentinel", Bool(false)),
        shows(EntitlementSet, "agents", Bool(false)),
        shows(EntitlementSet, "configuration-designer", Bool(false)),
        shows(EntitlementSet, "cost-estimation", Bool(false)),
        shows(EntitlementSet, "global-run-tasks", Bool(false)),
        shows(EntitlementSet, "operations", Bool(false)),
        shows(EntitlementSet, "policy-enforcement", Bool(false)),
        shows(EntitlementSet, "private-policy-agents", Bool(false)),
        shows(EntitlementSet, "private-run-tasks", Bool(false)),
        shows(EntitlementSet, "run-tasks", Bool(false)),
        shows(EntitlementSet, "sentinel", Bool(false)),
        shows(EntitlementSet, "state-storage", Bool(false)),
        shows(EntitlementSet, "policy-limit", Number(0)),
        shows(
            EntitlementSet,
            "policy-mandatory-enforcement-limit",
            Number(0),
        ),
        shows(EntitlementSet, "policy-set-limit", Number(0)),
        shows(EntitlementSet, "run-task-limit", Number(0)),
        shows(
            EntitlementSet,
            "run-task-mandatory-enforcement-limit",
            Number(0),
        ),
        shows(EntitlementSet, "run-task-workspace-limit", Number(0)),
        shows(EntitlementSet, "versioned-policy-set-limit", Number(0)),
        shows_and_refuses(
            AdminOrganization,
            "terraform-worker-sudo-enabled",
            Bool(false),
        ),
        shows_and_refuses(
            AdminOrganization,
            "terraform-build-worker-apply-timeout",
            Null,
        ),
        shows_and_refuses(
            AdminOrganization,
            "terraform-build-worker-plan-timeout",
            Null,
        ),
        shows_and_refuses(AdminOrganization, "apply-timeout", Null),
        shows_and_refuses(AdminOrganization, "plan-timeout", Null),
        shows_and_refuses(AdminOrganization, "workspace-limit", Null),
    ],
};

pub(crate) const PLANS: NotServed = NotServed {
    feature: "Plans and their billing",
    reason: "nothing is billed here: every organization can use all that this registry has",
    attributes: &[
        shows(Organization, "plan-expired", Bool(false)),
        shows(Organization, "plan-is-trial", Bool(false)),
        shows(Organization, "plan-is-enterprise", Bool(false)),
        shows(Organization, "is-unified", Bool(false)),
        shows(Organization, "plan-expires-at", Null),
        shows(Organization, "plan-identifier", Text("terrakeep")),
        shows(
            OrganizationPermissions,
            "can-manage-subscription",
            Bool(false),
        ),
        shows(OrganizationPermissions, "can-start-trial", Bool(false)),
        shows(EntitlementSet, "self-serve-billing", Bool(false)),
        shows(EntitlementSet, "usage-reporting", Bool(false)),
        // There is no limit, but clients expect a number.
        shows(EntitlementSet, "user-limit", Number(i32::MAX)),
        shows(Team, "is-unified", Bool(false)),
    ],
};

pub(crate) const BETA_TOOLS: NotServed = NotServed {
    feature: "Features under trial",
    reason: "this registry has no features that are under trial",
    attributes: &[shows_and_refuses(
        AdminOrganization,
        "access-beta-tools",
        Bool(false),
    )],
};
