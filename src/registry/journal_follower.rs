//! What the search index does not know yet.
//!
//! The index keeps with its data up to which place of the journal it knows the modules. Whatever
//! was written behind that place, in this run or before a stop, is read from there. Only an index
//! that knows no place of this journal is compared with every module: that costs the memory of
//! all their rows, which the store keeps.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use super::indexing::lock;
use super::{Error, Registry};
use crate::domain::{Lifecycle, Module, ModuleAddress, ModuleVersion, Sha256};
use crate::storage::JournalPosition;
use crate::storage::tables::{downloads, modules};

/// So many records may be read again at a start before their end is noted, though none of them
/// changed anything that is indexed.
const RECORDS_BEFORE_SAVE: u64 = 10_000;

/// Up to where the journal has been read.
#[derive(Default)]
pub(super) struct JournalFollower(Mutex<FollowedTo>);

#[derive(Default)]
struct FollowedTo {
    /// All modules that were written up to there have been noted.
    read: Option<JournalPosition>,
    /// The store's revision then: while it is the same, nothing was written.
    revision: u64,
    /// What is kept with the index.
    saved: Option<JournalPosition>,
    /// Modules with more downloads than the index may know.
    downloaded: BTreeSet<ModuleAddress>,
}

impl JournalFollower {
    /// Up to where everything has been noted.
    pub(super) fn read(&self) -> Option<JournalPosition> {
        self.lock().read
    }

    /// What is kept with the index.
    pub(super) fn saved(&self) -> Option<JournalPosition> {
        self.lock().saved
    }

    /// Notes what is kept with the index now.
    pub(super) fn save(&self, place: JournalPosition) {
        self.lock().saved = Some(place);
    }

    /// Whether so much was read that it should not be read again.
    pub(super) fn needs_save(&self) -> bool {
        let place = self.lock();
        let sequence = |place: Option<JournalPosition>| place.map_or(0, |place| place.sequence());
        sequence(place.read) > sequence(place.saved) + RECORDS_BEFORE_SAVE
    }

    fn lock(&self) -> MutexGuard<'_, FollowedTo> {
        lock(&self.0)
    }
}

impl Registry {
    /// Notes every module that has changed since this was last asked, across stops.
    pub(super) fn note_changes(&self) -> Result<(), Error> {
        let mut place = self.indexing.follower.lock();
        // Before the journal is read: what is written meanwhile is read the next time.
        let revision = self.store.row_revision();
        match place.read {
            Some(_) if place.revision == revision => return Ok(()),
            Some(read) => self.read_journal(&mut place, read)?,
            None => self.start_following(&mut place)?,
        }
        place.revision = revision;
        Ok(())
    }

    /// Reads on where the index ends, if that is a place of this journal.
    fn start_following(&self, place: &mut FollowedTo) -> Result<(), Error> {
        let note = self.indexing.index()?.note()?;
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
        self.indexing.note(changed);
        place.read = Some(read);
        Ok(())
    }

    /// Notes every module of which something else is indexed than should be; returns how many.
    fn compare(&self) -> Result<usize, Error> {
        let mut indexed = self.indexing.index()?.fingerprints()?;
        let mut noted = Vec::new();
        for module in modules::list(&self.store, None) {
            let module = module?;
            if indexed.remove(&module.address.folded()) != Some(self.fingerprint(&module)?) {
                noted.push(module.address);
            }
        }
        noted.extend(indexed.keys().filter_map(|gone| gone.parse().ok()));
        let count = noted.len();
        self.indexing.note(noted);
        Ok(count)
    }

    /// Notes the modules that were downloaded so much more often that it should be known; returns
    /// how many.
    pub fn note_downloads(&self) -> Result<usize, Error> {
        let downloaded = std::mem::take(&mut self.indexing.follower.lock().downloaded);
        if downloaded.is_empty() {
            return Ok(0);
        }
        let indexed = self.indexing.index()?.fingerprints()?;
        let mut noted = Vec::new();
        for address in downloaded {
            if let Some(module) = modules::find(&self.store, &address)?
                && indexed.get(&module.address.folded()) != Some(&self.fingerprint(&module)?)
            {
                noted.push(address);
            }
        }
        let count = noted.len();
        self.indexing.note(noted);
        Ok(count)
    }

    fn fingerprint(&self, module: &Module) -> Result<u64, Error> {
        let latest = self.latest_of(module)?;
        let downloads = downloads::of_module(&self.store, &module.address)?;
        Ok(fingerprint(module, latest.as_ref(), downloads))
    }
}

/// A number that differs where what is indexed of a module may differ.
///
/// Downloads only break ties: a module is indexed anew when they have grown by half.
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

/// Whether a search says that it should not be used any more.
pub(super) fn is_deprecated(version: &ModuleVersion) -> bool {
    version.lifecycle() != Lifecycle::Supported
}
