//! Removes versions that were announced or staged and never published.

use super::delete::Deleting;
use crate::domain::{Actor, ProviderVersionAddress, Timestamp};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{provider_docs, provider_packages, providers, unpublished};
use crate::storage::{StoreError, Tx};

/// How many versions one journal record removes.
const AT_ONCE: usize = 100;

impl Registry {
    /// Removes versions to which nothing was sent for longer than they may stay unpublished;
    /// returns how many.
    pub fn expire_staged_versions(&self) -> Result<usize, Error> {
        let Some(limit) = self.expiry() else {
            return Ok(0);
        };
        let mut waiting = Vec::new();
        for version in unpublished::providers(&self.store) {
            let address = version?.address;
            // If the version's own row is young, nothing else is looked at.
            let version = providers::find_version(&self.store, &address)?;
            if version.is_some_and(|version| version.updated_at < limit) {
                waiting.push(address);
            }
        }
        let mut removed = 0;
        for some in waiting.chunks(AT_ONCE) {
            removed += self.remove_staged(some, limit)?;
        }
        Ok(removed)
    }

    fn remove_staged(
        &self,
        versions: &[ProviderVersionAddress],
        limit: Timestamp,
    ) -> Result<usize, Error> {
        let mut freed = Vec::new();
        let mut deleting = Deleting {
            actor: &Actor::System,
            now: self.now(),
            freed: &mut freed,
        };
        let removed = self.write(&Actor::System, "remove staged provider versions", |tx| {
            let mut removed = 0;
            for address in versions {
                let version = providers::version_in_tx(tx, address)?;
                let version = version.filter(|version| version.publication.is_none());
                if let Some(version) = version
                    && last_change(tx, address, version.updated_at)? < limit
                {
                    deleting.version(tx, &version)?;
                    removed += 1;
                }
            }
            Ok::<_, Error>(removed)
        })?;
        self.collect_blobs(&freed);
        Ok(removed)
    }
}

/// Returns when a version was last changed, or something was last sent to it.
fn last_change(
    tx: &Tx<'_>,
    version: &ProviderVersionAddress,
    changed: Timestamp,
) -> Result<Timestamp, StoreError> {
    let packages = provider_packages::list_in_tx(tx, version)?;
    let docs = provider_docs::in_tx(tx, version)?;
    let sent = packages.iter().map(|package| package.created_at);
    let sent = sent.chain(docs.iter().map(|docs| docs.uploaded_at));
    Ok(sent.fold(changed, Timestamp::max))
}
