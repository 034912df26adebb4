//! How much an organization stores and may store: for its members to see, and for administrators to
//! set.

use crate::auth::{AdministerSite, Grant, ReadMembers};
use crate::domain::Namespace;
use crate::registry::base::{Budget, Error, Registry, organization_of};
use crate::storage::tables::organizations;

impl Registry {
    /// Returns what an organization stores and may store.
    pub fn organization_budget(&self, grant: &Grant<ReadMembers>) -> Result<Budget, Error> {
        self.budget(organization_of(grant)?)
    }

    /// Sets the most bytes that an organization may store; `None` for the limit of the registry.
    /// What it stores already stays.
    pub fn set_organization_budget(
        &self,
        grant: &Grant<AdministerSite>,
        name: &Namespace,
        bytes: Option<u64>,
    ) -> Result<Budget, Error> {
        let missing = || Error::NotFound(format!("the organization `{name}`"));
        let organization = self.organization(name.as_str())?.ok_or_else(missing)?;
        let organization = self.write(&grant.actor(), "set organization budget", |tx| {
            let mut organization =
                organizations::in_tx(tx, &organization.id)?.ok_or_else(missing)?;
            organization.storage_limit = bytes;
            organizations::update(tx, &organization)?;
            Ok::<_, Error>(organization)
        })?;
        self.budget(&organization)
    }
}
