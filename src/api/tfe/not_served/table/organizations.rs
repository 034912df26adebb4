//! Features about organizations as a whole.

use super::super::NotServed;
use super::super::attribute::Constant::{Bool, Null};
use super::super::attribute::{refuses, shows, shows_and_refuses};
use super::super::parts::Part::{AuditConfiguration, Organization};

pub(crate) const OWN_KEYS: NotServed = NotServed {
    feature: "Encryption with keys of an organization",
    reason: "this registry encrypts nothing with a key of an organization: encrypt the disk that its data is on",
    attributes: &[shows_and_refuses(Organization, "enforce-hyok", Bool(false))],
};

pub(crate) const AUDIT_TRAILS: NotServed = NotServed {
    feature: "Settings of the audit log",
    reason: "the audit log is always kept, with everything in it, and is sent to no other service: fetch it at `/api/v2/organization/audit-trail`",
    attributes: &[
        shows(
            AuditConfiguration,
            "can-enable-hcp-audit-log-streaming",
            Bool(false),
        ),
        shows(
            AuditConfiguration,
            "can-set-hcp-audit-log-streaming-organization-id",
            Bool(false),
        ),
        shows(
            AuditConfiguration,
            "can-use-default-audit-log-streaming-organization",
            Bool(false),
        ),
        refuses(AuditConfiguration, "audit-trails/enabled", Bool(true)),
        refuses(
            AuditConfiguration,
            "hcp-audit-log-streaming/enabled",
            Bool(false),
        ),
        refuses(
            AuditConfiguration,
            "hcp-audit-log-streaming/organization-id",
            Null,
        ),
        refuses(
            AuditConfiguration,
            "hcp-audit-log-streaming/use-default-organization",
            Bool(false),
        ),
    ],
};

pub(crate) const RETENTION: NotServed = NotServed {
    feature: "Policies about how long data is kept",
    reason: "this registry has no runs and states for such a policy to delete, and modules are kept until somebody deletes them",
    attributes: &[],
};
