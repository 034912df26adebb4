//! Bringing the search index up to date with what is published.
//!
//! A moment after a module has changed, its entry in the index is made again from the store.
//! `journal_follower` reads from the journal which modules have changed. Only the background work
//! does this. A search writes nothing: `awaiting` lets it wait for that work, within bounds.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::journal_follower::{fingerprint, is_deprecated};
use crate::domain::{FolderDocs, Module, ModuleAddress, ModuleDocs, ModuleVersion};
use crate::inspect::summary;
use crate::markup::{MarkupLimits, readable};
use crate::registry::base::{Error, Registry, lock};
use crate::search::{IndexChange, SearchDocument, distrust};
use crate::storage::JournalPosition;
use crate::storage::tables::{downloads, modules};

/// How long the background work waits after an error before it tries again.
const PAUSE: Duration = Duration::from_secs(10);

/// How many times as long as it worked the background work then rests. A change of the index costs
/// some tens of milliseconds however small it is; with this rest it takes at most a tenth of one
/// processor.
const REST: u32 = 9;

/// How long a step may take while searches wait for it.
const LONG: Duration = Duration::from_secs(3);

/// How many modules one step indexes for a caller who waits for all of them.
const AT_ONCE: usize = 500;

impl Registry {
    /// Indexes up to `most` of the modules that have changed, unless it still rests after the last
    /// time; returns how many. It rests less if a search waits.
    pub fn index_changes(&self, most: usize) -> Result<usize, Error> {
        let search = &self.state.search;
        let mut rests_until = lock(&search.rests_until);
        let is_awaited = search.is_awaited.swap(false, Ordering::SeqCst);
        let may_rest = !is_awaited || search.fails.load(Ordering::SeqCst);
        if may_rest && rests_until.is_some_and(|until| Instant::now() < until) {
            return Ok(0);
        }
        let started = Instant::now();
        let indexed = self
            .note_changes()
            .and_then(|revision| Ok((revision, self.index_waiting(most)?)));
        search.fails.store(indexed.is_err(), Ordering::SeqCst);
        let took = started.elapsed();
        let (revision, indexed) = match indexed {
            Ok(done) => done,
            Err(error) => {
                *rests_until = Instant::now().checked_add(PAUSE);
                return Err(error);
            }
        };
        if search.behind() == 0 {
            search.followed.store(revision + 1, Ordering::SeqCst);
        }
        if indexed > 0 {
            search.is_slow.store(took > LONG, Ordering::SeqCst);
            *rests_until = Instant::now().checked_add(took * REST);
        }
        Ok(indexed)
    }

    /// Indexes every module that has changed up to now, however long it takes.
    pub fn catch_up(&self) -> Result<(), Error> {
        self.note_changes()?;
        self.index_all_waiting()
    }

    fn index_all_waiting(&self) -> Result<(), Error> {
        // Another holder of this lock applies changes that it has taken already.
        let _working = lock(&self.state.search.rests_until);
        while self.index_waiting(AT_ONCE)? > 0 {}
        Ok(())
    }

    fn index_waiting(&self, most: usize) -> Result<usize, Error> {
        // Read before the modules are taken: every change up to this place is among them, or
        // indexed.
        let read = self.state.search.follower.read();
        let (changed, all) = self.state.search.take(most);
        if changed.is_empty() && !self.state.search.follower.needs_save() {
            return Ok(0);
        }
        let place = if all {
            read
        } else {
            self.state.search.follower.saved()
        };
        let applied = self.index_modules(&changed, place);
        let indexed = changed.len();
        if applied.is_err() {
            // Whatever is wrong with the index, the next start makes it again.
            distrust(&self.state.search.folder);
        }
        self.state.search.give_back(if applied.is_err() {
            changed
        } else {
            Vec::new()
        });
        applied.map(|()| indexed)
    }

    /// Indexes modules, and saves with them the place in the journal up to which all modules are
    /// indexed.
    fn index_modules(
        &self,
        addresses: &[ModuleAddress],
        place: Option<JournalPosition>,
    ) -> Result<(), Error> {
        let changes: Vec<IndexChange> = addresses
            .iter()
            .map(|address| {
                Ok(match modules::find(&self.store, address)? {
                    Some(module) => IndexChange::Put(Box::new(self.search_document(&module)?)),
                    None => IndexChange::Remove(address.clone()),
                })
            })
            .collect::<Result<_, Error>>()?;
        // While the outcome of a write is open, its rows are hidden, and the place may be behind
        // it. Without a place, the next start compares all modules.
        let place = place.filter(|_| self.store.is_read_only().is_none());
        let note = place.map(|place| place.to_string());
        self.state
            .search
            .index()?
            .apply(&changes, note.as_deref())?;
        if let Some(place) = place {
            self.state.search.follower.save(place);
        }
        Ok(())
    }

    fn search_document(&self, module: &Module) -> Result<SearchDocument, Error> {
        let latest = self.latest_of(module)?;
        let downloads = downloads::of_module(&self.store, &module.address)?;
        let docs = latest.as_ref().map(|latest| self.docs_to_index(latest));
        let docs = docs.unwrap_or_default();
        let readme = docs.root.readme.as_ref().map(|readme| readme.text.clone());
        let readme = readme.unwrap_or_default();
        let mut description = module.description.clone();
        if description.is_empty() {
            description = summary(&readme).unwrap_or_default();
        }
        // What readers see, so that no address of a badge is found, and excerpts can be read.
        let readme = readable(&readme, MarkupLimits::default());
        let published = latest.as_ref().and_then(|latest| latest.archive.as_ref());
        let root = &docs.root;
        Ok(SearchDocument {
            address: module.address.clone(),
            organization: module.organization.clone(),
            deprecated: latest.as_ref().is_some_and(is_deprecated),
            unpublished: latest.is_none(),
            description,
            readme,
            inputs: root.inputs.iter().map(|it| it.name.clone()).collect(),
            outputs: root.outputs.iter().map(|it| it.name.clone()).collect(),
            resource_types: resource_types(&docs),
            providers: root
                .provider_requirements
                .iter()
                .map(|it| it.source.clone().unwrap_or_else(|| it.name.clone()))
                .collect(),
            calls: calls(&docs),
            downloads,
            published_at: published.map_or(module.created_at, |archive| archive.published_at),
            fingerprint: fingerprint(module, latest.as_ref(), downloads),
        })
    }

    /// Returns the documentation of a version; an empty one where the archive cannot be read.
    /// Readers of the documentation get that error.
    fn docs_to_index(&self, version: &ModuleVersion) -> Arc<ModuleDocs> {
        self.module_docs_uncached(version).unwrap_or_else(|error| {
            tracing::debug!(version = %version.address, %error, "a version could not be read");
            Arc::default()
        })
    }
}

/// Returns the folders that callers use: the root and the submodules.
fn used_folders(docs: &ModuleDocs) -> impl Iterator<Item = &FolderDocs> {
    std::iter::once(&docs.root).chain(&docs.submodules)
}

fn resource_types(docs: &ModuleDocs) -> Vec<String> {
    let types: BTreeSet<&String> = used_folders(docs)
        .flat_map(|folder| &folder.resources)
        .map(|resource| &resource.resource_type)
        .collect();
    types.into_iter().cloned().collect()
}

fn calls(docs: &ModuleDocs) -> Vec<String> {
    let sources: BTreeSet<String> = used_folders(docs)
        .flat_map(FolderDocs::outside_calls)
        .filter_map(crate::domain::ModuleCall::registry_source)
        .collect();
    sources.into_iter().collect()
}
