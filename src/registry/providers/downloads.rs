//! Download counts of providers: packages, for all platforms together.

use super::read::provider_organization;
use crate::auth::{Grant, ReadProviders};
use crate::domain::{ProviderAddress, ProviderVersionAddress};
use crate::registry::base::{Error, Registry};
use crate::registry::modules::DownloadCounts;
use crate::storage::tables::provider_downloads;

impl Registry {
    /// Returns the downloads of a provider's packages, for all platforms together.
    pub fn provider_download_counts(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderAddress,
    ) -> Result<DownloadCounts, Error> {
        provider_organization(grant, address)?;
        let counted = provider_downloads::by_version_and_day(&self.store, address)?;
        Ok(DownloadCounts::of(self.now().day(), counted))
    }

    /// Counts one download of a package of a version.
    pub fn count_provider_download(&self, version: &ProviderVersionAddress) {
        let counter = provider_downloads::counter(version, self.now().day());
        self.store.count(&counter, 1);
    }
}
