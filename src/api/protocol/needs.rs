//! What lists and details of modules both say: deprecation, called modules, needed providers.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::{ModuleCall, ModuleVersion, ProviderRequirement, WebLink};

/// Why a version is deprecated, in the form that HCP documents. No client shows it to its user.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Deprecation<'a> {
    reason: &'a str,
    link: Option<&'a str>,
}

impl<'a> Deprecation<'a> {
    pub(super) fn of(version: &'a ModuleVersion) -> Option<Self> {
        version.deprecation.as_ref().map(|notice| Self {
            reason: notice.reason.as_str(),
            link: notice.link.as_ref().map(WebLink::as_str),
        })
    }
}

/// A call of a module from elsewhere.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Dependency<'a> {
    name: &'a str,
    source: &'a str,
    version: &'a str,
}

impl<'a> Dependency<'a> {
    pub(super) fn of(call: &'a ModuleCall) -> Self {
        Self {
            name: &call.name,
            source: &call.source,
            version: call.version.as_deref().unwrap_or_default(),
        }
    }
}

/// A provider that a folder needs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProviderDependency<'a> {
    name: &'a str,
    namespace: &'a str,
    source: &'a str,
    version: &'a str,
}

impl<'a> ProviderDependency<'a> {
    pub(super) fn of(requirement: &'a ProviderRequirement) -> Self {
        let source = requirement.source.as_deref().unwrap_or_default();
        // The source is `hashicorp/aws`, or has a host before it; without a namespace it is
        // HashiCorp's.
        let namespace = source.rsplit('/').nth(1).unwrap_or("hashicorp");
        Self {
            name: &requirement.name,
            namespace,
            source,
            version: requirement.version.as_deref().unwrap_or_default(),
        }
    }
}
