//! Features about modules, and about the keys of providers.

use super::super::NotServed;
use super::super::attribute::Constant::{Bool, Null, Text};
use super::super::attribute::{keeps, refuses, shows};
use super::super::kept::KeptKind;
use super::super::parts::Part::{
    EntitlementSet, Key, Module, ModuleVersion, OrganizationPermissions,
};

pub(crate) const REPOSITORIES: NotServed = NotServed {
    feature: "Publishing from repositories",
    reason: "this registry does not publish from repositories: create the module without one, and upload its versions",
    attributes: &[
        // One client fails on a `vcs-repo` of null, so responses have none.
        refuses(Module, "vcs-repo", Null),
        refuses(Module, "initial-version", Null),
        shows(ModuleVersion, "branch", Null),
        shows(OrganizationPermissions, "can-update-oauth", Bool(false)),
        shows(EntitlementSet, "vcs-integrations", Bool(false)),
        shows(EntitlementSet, "private-vcs", Bool(false)),
    ],
};

pub(crate) const MODULE_TESTS: NotServed = NotServed {
    feature: "Tests of modules",
    reason: "this registry runs no tests of modules: run `terraform test` where the module is developed",
    attributes: &[
        refuses(Module, "test-config/tests-enabled", Bool(false)),
        refuses(Module, "test-config/agent-execution-mode", Text("remote")),
        refuses(Module, "test-config/agent-pool-id", Null),
        shows(EntitlementSet, "module-tests-generation", Bool(false)),
    ],
};

pub(crate) const NO_CODE: NotServed = NotServed {
    feature: "No-code provisioning",
    reason: "kept and given back, without effect until this registry deploys what modules describe",
    attributes: &[
        keeps(Module, "no-code", KeptKind::Bool, Bool(false)),
        shows(
            OrganizationPermissions,
            "can-deploy-no-code-modules",
            Bool(false),
        ),
        shows(
            OrganizationPermissions,
            "can-manage-no-code-modules",
            Bool(false),
        ),
    ],
};

pub(crate) const PUBLIC_PROVIDER_KEYS: NotServed = NotServed {
    feature: "Keys of public providers",
    reason: "keys are kept for private providers only: ask under /api/registry/private/v2",
    attributes: &[],
};

pub(crate) const KEY_ORIGINS: NotServed = NotServed {
    feature: "The origin of keys",
    reason: "this registry does not follow a key to the page that it comes from",
    attributes: &[shows(Key, "source-url", Null)],
};
