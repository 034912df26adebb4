//! Public modules: what an organization recommends of a registry for everybody. Only that it does
//! is kept here, and nothing of the module.

use serde::{Deserialize, Serialize};

use super::{ModuleAddress, ModuleId, OrganizationId, Timestamp};

/// A module of a public registry in the list of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicModule {
    /// The id of this record.
    pub id: ModuleId,
    /// Whose list it is in.
    pub organization: OrganizationId,
    /// Its address in the public registry, whose namespaces are not organizations here.
    pub address: ModuleAddress,
    /// Whether it may be used without writing code.
    pub no_code: bool,
    /// When it was added.
    pub created_at: Timestamp,
}
