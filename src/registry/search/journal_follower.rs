//! The journal follower of the search index: which modules have changed since they were indexed.
//!
//! With its data, the index saves the place in the journal up to which all modules are indexed.
//! What was written behind that place, in this run or before a stop, is read from the journal. Only
//! an index without a place in this journal is compared with every module: that costs the memory of
//! all their rows, which the store keeps.

use std::collections::BTreeSet;

use crate::domain::{Lifecycle, Module, ModuleVersion, Sha256};
use crate::registry::base::state::FollowedTo;
use crate::registry::base::{Error, Registry};
use crate::storage::JournalPosition;
use crate::storage::tables::{downloads, modules};

impl Registry {
    /// Adds every module that has changed since the last call to those that have to be indexed,
    /// also across stops; returns the revision of the store up to which this was done.
    pub(super) fn note_changes(&self) -> Result<u64, Error> {
        let mut place = self.state.search.follower.lock();
        // Taken before the journal is read: what is written meanwhile is read the next time.
        let revision = self.store.row_revision();
        match place.read {
            Some(_) if place.revision == revision => return Ok(revision),
            Some(read) => self.read_journal(&mut place, read)?,
            None => self.start_following(&mut place)?,
        }
        place.revision = revision;
        Ok(revision)
    }

    /// Reads the journal from the place that is saved with the index; if that is no place of this
    /// journal, compares every module.
    fn start_following(&self, place: &mut FollowedTo) -> Result<(), Error> {
        let note = self.state.search.index()?.note()?;
        let kept = note.and_then(|note| note.parse().ok());
        if let Some(kept) = kept
            && self.store.has_place(kept)?
        {
            place.saved = Some(kept);
            match self.read_journal(place, kept) {
                Ok(()) => return Ok(()),
                Err(error) => tracing::debug!(%error, "the index follows another journal"),
            }
        }
        let read = self.store.place();
        let noted = self.compare()?;
        if noted > 0 {
            tracing::info!(modules = noted, "modules go into the search index");
        }
        place.read = Some(read);
        Ok(())
    }

    fn read_journal(&self, place: &mut FollowedTo, from: JournalPosition) -> Result<(), Error> {
        let mut changed = BTreeSet::new();
        let read = self.store.changes_since(from, |table, key| {
            changed.extend(modules::changed(table, key));
            place.downloaded.extend(downloads::changed(table, key));
        })?;
        self.state.search.note(changed);
        place.read = Some(read);
        Ok(())
    }

    /// Adds every module whose entry in the index differs from its rows to those that have to be
    /// indexed; returns how many.
    fn compare(&self) -> Result<usize, Error> {
        let mut indexed = self.state.search.index()?.fingerprints()?;
        let mut noted = Vec::new();
        for module in modules::list(&self.store, None) {
            let module = module?;
            if indexed.remove(&module.address.folded()) != Some(self.fingerprint(&module)?) {
                noted.push(module.address);
            }
        }
        noted.extend(indexed.keys().filter_map(|gone| gone.parse().ok()));
        let count = noted.len();
        self.state.search.note(noted);
        Ok(count)
    }

    /// Adds modules whose downloads have grown enough to matter to those that have to be indexed;
    /// returns how many.
    pub fn note_downloads(&self) -> Result<usize, Error> {
        let downloaded = std::mem::take(&mut self.state.search.follower.lock().downloaded);
        if downloaded.is_empty() {
            return Ok(0);
        }
        let indexed = self.state.search.index()?.fingerprints()?;
        let mut noted = Vec::new();
        for address in downloaded {
            if let Some(module) = modules::find(&self.store, &address)?
                && indexed.get(&module.address.folded()) != Some(&self.fingerprint(&module)?)
            {
                noted.push(address);
            }
        }
        let count = noted.len();
        self.state.search.note(noted);
        Ok(count)
    }

    fn fingerprint(&self, module: &Module) -> Result<u64, Error> {
        let latest = self.latest_of(module)?;
        let downloads = downloads::of_module(&self.store, &module.address)?;
        Ok(fingerprint(module, latest.as_ref(), downloads))
    }
}

/// Returns a number that changes when the entry of a module in the index has to change.
///
/// Downloads only break ties, so a module is indexed again only when they have grown by about half.
pub(super) fn fingerprint(module: &Module, latest: Option<&ModuleVersion>, downloads: u64) -> u64 {
    let version = latest.map(|latest| &latest.address.version);
    let archive = latest.and_then(|latest| latest.archive.as_ref());
    let bits = u64::BITS - downloads.leading_zeros();
    let digits = downloads >> bits.saturating_sub(2);
    let text = format!(
        "{} {} {:?} {:?} {} {bits}.{digits} {}",
        module.organization,
        module.address,
        version.map(ToString::to_string),
        archive.map(|archive| archive.sha256.to_string()),
        latest.is_some_and(is_deprecated),
        module.description
    );
    let sum = Sha256::of(text.as_bytes());
    let (first, _) = sum.as_bytes().split_first_chunk().unwrap_or((&[0; 8], &[]));
    u64::from_le_bytes(*first)
}

/// Tells whether searches show a version as one that should no longer be used.
pub(super) fn is_deprecated(version: &ModuleVersion) -> bool {
    version.lifecycle() != Lifecycle::Supported
}
