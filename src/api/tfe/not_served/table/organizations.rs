//! Features about organizations as a whole.

use super::super::NotServed;
use super::super::attribute::Constant::Bool;
use super::super::attribute::{shows, shows_and_refuses};
use super::super::parts::Part::{Organization, OrganizationPermissions};

pub(crate) const OWN_KEYS: NotServed = NotServed {
    feature: "Encryption with keys of an organization",
    reason: "this registry encrypts nothing with a key of an organization: encrypt the disk that its data is on",
    attributes: &[shows_and_refuses(Organization, "enforce-hyok", Bool(false))],
};

pub(crate) const AUDIT_TRAILS: NotServed = NotServed {
    feature: "Settings of the audit log",
    reason: "the audit log is always kept, and nobody chooses what is in it",
    attributes: &[shows(
        OrganizationPermissions,
        "can-manage-auditing",
        Bool(false),
    )],
};

pub(crate) const RETENTION: NotServed = NotServed {
    feature: "Policies about how long data is kept",
    reason: "this registry has no runs and states for such a policy to delete, and modules are kept until somebody deletes them",
    attributes: &[],
};
