//! Features around workspaces and runs, and the plans that they are billed by.

use super::super::NotServed;
use super::super::attribute::Constant::{Bool, Null, Number, Text};
use super::super::attribute::shows;
use super::super::parts::Part::{EntitlementSet, Organization, OrganizationPermissions, Team};

pub(crate) const RUNS: NotServed = NotServed {
    feature: "Workspaces, runs and policies",
    reason: "this registry has no workspaces, runs and policies: it keeps modules and providers",
    attributes: &[
        shows(Organization, "fair-run-queuing-enabled", Bool(false)),
        // Nothing is limited, and clients want a number above 1.
        shows(Organization, "remaining-testable-count", Number(i32::MAX)),
        shows(OrganizationPermissions, "can-create-workspace", Bool(false)),
        shows(
            OrganizationPermissions,
            "can-create-workspace-migration",
            Bool(false),
        ),
        shows(OrganizationPermissions, "can-enable-stacks", Bool(false)),
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
