//! Counts what each organization stores, from all rows that name files.

use std::collections::{BTreeMap, HashMap};

use crate::domain::{ModuleVersionAddress, Namespace, ProviderVersionAddress};
use crate::registry::base::Error;
use crate::storage::Store;
use crate::storage::tables::unpublished::StagedVersion;
use crate::storage::tables::usage::Usage;
use crate::storage::tables::{modules, provider_docs, provider_packages, providers};

/// What was counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// The usage of each organization that stores anything, by its folded name.
    pub(super) usage: BTreeMap<String, Usage>,
    /// The versions of modules that wait for their archive.
    pub(super) modules: Vec<ModuleVersionAddress>,
    /// The versions of providers that are not published yet.
    pub(super) providers: Vec<StagedVersion>,
}

impl Counted {
    /// Counts all rows of a store.
    pub(super) fn of(store: &Store) -> Result<Self, Error> {
        let mut counted = Self::default();
        for version in modules::all_versions(store) {
            let version = version?;
            match version.archive {
                Some(archive) => {
                    counted
                        .usage_of(&version.address.module.namespace)
                        .published += archive.size;
                }
                None => counted.modules.push(version.address),
            }
        }
        let mut staged: HashMap<(String, String), StagedVersion> = HashMap::new();
        for version in providers::all_versions(store) {
            let version = version?;
            if version.publication.is_none() {
                let address = version.address;
                staged.insert(key(&address), StagedVersion { address, bytes: 0 });
            }
        }
        for package in provider_packages::all(store) {
            let package = package?;
            let bytes = package.file.map_or(0, |file| file.size);
            counted.add(&mut staged, &package.version, bytes);
        }
        for docs in provider_docs::all(store) {
            let docs = docs?;
            counted.add(&mut staged, &docs.version, docs.size);
        }
        counted.providers = staged.into_values().collect();
        counted.usage.retain(|_, usage| *usage != Usage::default());
        Ok(counted)
    }

    fn usage_of(&mut self, organization: &Namespace) -> &mut Usage {
        self.usage.entry(organization.folded()).or_default()
    }

    fn add(
        &mut self,
        staged: &mut HashMap<(String, String), StagedVersion>,
        version: &ProviderVersionAddress,
        bytes: u64,
    ) {
        let usage = self.usage_of(&version.provider.namespace);
        match staged.get_mut(&key(version)) {
            Some(staged) => {
                staged.bytes += bytes;
                usage.staged += bytes;
            }
            None => usage.published += bytes,
        }
    }
}

fn key(version: &ProviderVersionAddress) -> (String, String) {
    (version.provider.folded(), version.version.to_string())
}
