//! The documentation of published versions: read from the archive once, and kept until the archive
//! is removed.

use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::archive::{
    ArchiveLimits, FileSelection, FoundFiles, ModuleTree, TreeLimits, find_files, read_file,
};
use crate::domain::{ModuleDocs, ModuleOutline, ModuleVersion, Sha256};
use crate::inspect::{InspectLimits, inspect, summary};
use crate::registry::base::{Error, Registry, disk_error, lock};
use crate::storage::IncomingBlob;
use crate::storage::tables::modules;

/// The longest time that a processor may work on the inspection of one archive. Time in which other
/// programs had the processor does not count: documentation must not depend on how busy a machine is.
const INSPECTION: Duration = Duration::from_secs(2);

impl Registry {
    /// Returns the documentation of a published version; waits for the disk, and inspects the
    /// archive if that has not been done.
    pub fn module_docs(&self, version: &ModuleVersion) -> Result<Arc<ModuleDocs>, Error> {
        let sum = archive_of(version)?;
        if let Some(docs) = self.state.modules.documentation.recent.get(&sum, &()) {
            return Ok(docs);
        }
        let docs = self.module_docs_uncached(version)?;
        self.state
            .modules
            .documentation
            .recent
            .put(sum, (), Arc::clone(&docs));
        Ok(docs)
    }

    /// Returns the documentation of a published version without putting it into the cache: a caller
    /// that goes through many modules would drive out of it what people look at.
    pub(in crate::registry) fn module_docs_uncached(
        &self,
        version: &ModuleVersion,
    ) -> Result<Arc<ModuleDocs>, Error> {
        let sum = archive_of(version)?;
        if let Some(docs) = self.state.modules.documentation.recent.get(&sum, &()) {
            return Ok(docs);
        }
        if let Some(docs) = self.state.modules.documentation.docs.get(&sum) {
            return Ok(Arc::new(docs));
        }
        let _inspecting = lock(&self.state.modules.documentation.inspecting);
        let docs = match self.state.modules.documentation.docs.get(&sum) {
            Some(docs) => docs,
            None => self.inspect_archive(version, &sum)?,
        };
        Ok(Arc::new(docs))
    }

    /// Returns the outline of a version; `None` if the version is not inspected yet.
    pub fn cached_outline(&self, version: &ModuleVersion) -> Option<Arc<ModuleOutline>> {
        let sum = archive_of(version).ok()?;
        let documentation = &self.state.modules.documentation;
        if let Some(outline) = documentation.recent_outlines.get(&sum, &()) {
            return Some(outline);
        }
        let outline = Arc::new(documentation.outlines.get(&sum)?);
        let recent = &documentation.recent_outlines;
        recent.put(sum, (), Arc::clone(&outline));
        Some(outline)
    }

    /// Returns the outline of a version for a list, and inspects the version if that has not been
    /// done; `None` if its archive cannot be read.
    ///
    /// A list waits for the inspection, so that its first answer is like all later ones. One
    /// damaged archive does not keep the others from being listed.
    pub(super) fn outline_for_list(&self, version: &ModuleVersion) -> Option<Arc<ModuleOutline>> {
        let outline = self.module_outline(version);
        outline
            .inspect_err(|error| {
                tracing::debug!(version = %version.address, %error, "a version could not be read");
            })
            .ok()
    }

    /// Returns the outline of a version; inspects the version if that has not been done.
    pub fn module_outline(&self, version: &ModuleVersion) -> Result<Arc<ModuleOutline>, Error> {
        if let Some(outline) = self.cached_outline(version) {
            return Ok(outline);
        }
        let docs = self.module_docs_uncached(version)?;
        let outline = outline_of(&docs);
        self.state
            .modules
            .documentation
            .outlines
            .put(&archive_of(version)?, &outline);
        Ok(Arc::new(outline))
    }

    /// Returns the files of a published version, and the beginnings of those that `wanted` selects.
    pub fn files_of(
        &self,
        version: &ModuleVersion,
        wanted: &FileSelection<impl Fn(&str) -> bool>,
    ) -> Result<FoundFiles, Error> {
        let archive = self.stored_archive(version)?;
        Ok(find_files(archive, wanted, &ArchiveLimits::none())?)
    }

    /// Returns the first `max_bytes` of one file of a published version; `None` if there is no such
    /// file.
    pub fn file_of(
        &self,
        version: &ModuleVersion,
        path: &str,
        max_bytes: u64,
    ) -> Result<Option<Vec<u8>>, Error> {
        let archive = self.stored_archive(version)?;
        let limits = ArchiveLimits::none();
        Ok(read_file(archive, path, max_bytes, &limits)?)
    }

    /// Returns the documentation of an archive that has passed the archive gate and is not
    /// published yet; keeps none of it.
    pub(super) fn inspect_upload(&self, served: &IncomingBlob) -> Result<ModuleDocs, Error> {
        let _inspecting = lock(&self.state.modules.documentation.inspecting);
        let archive = BufReader::new(served.reader().map_err(disk_error)?);
        Ok(inspected(&tree_in(archive)?))
    }

    fn inspect_archive(&self, version: &ModuleVersion, sum: &Sha256) -> Result<ModuleDocs, Error> {
        let docs = match self.stored_archive(version).and_then(tree_in) {
            Ok(tree) => inspected(&tree),
            // An older program with other limits published this version; it is still served.
            Err(error) if error.kind() == crate::registry::base::Kind::Invalid => ModuleDocs {
                incomplete: Some(format!("this module could not be analysed: {error}")),
                ..ModuleDocs::default()
            },
            Err(error) => return Err(error),
        };
        self.state.modules.documentation.docs.put(sum, &docs);
        self.state
            .modules
            .documentation
            .outlines
            .put(sum, &outline_of(&docs));
        Ok(docs)
    }

    fn stored_archive(&self, version: &ModuleVersion) -> Result<Box<dyn Read>, Error> {
        let stored = self.stored(&archive_of(version)?)?;
        stored.ok_or_else(|| gone(version))
    }

    /// Opens an archive after verifying its checksum; `None` if the file does not exist. It is not
    /// put into the archive cache: reading each module once would drive out what clients fetch.
    pub(in crate::registry) fn stored(&self, sum: &Sha256) -> Result<Option<Box<dyn Read>>, Error> {
        if let Some(held) = self.state.modules.archives.bytes(sum) {
            return Ok(Some(Box::new(Cursor::new(held.bytes().clone()))));
        }
        match self.blobs.verify(sum)? {
            Some(true) => {}
            Some(false) => return Err(self.put_aside(sum)),
            None => return Ok(None),
        }
        let Some(blob) = self.blobs.open(sum)? else {
            return Ok(None);
        };
        Ok(Some(Box::new(BufReader::new(blob.file))))
    }

    /// Inspects versions of the queue for about `at_most`; does nothing while a burst of publishing
    /// goes on.
    pub fn inspect_pending(&self, at_most: Duration) -> Result<(), Error> {
        let started = Instant::now();
        if !self.state.modules.inspection_queue.begin(started) {
            return Ok(());
        }
        while started.elapsed() < at_most
            && let Some(address) = self.state.modules.inspection_queue.take_one()
        {
            let Some(version) = modules::find_version(&self.store, &address)? else {
                continue;
            };
            if let Err(error) = self.module_outline(&version) {
                // The version was deleted meanwhile, or is damaged; readers of its documentation
                // get the error.
                tracing::debug!(version = %address, %error, "a version could not be read");
            }
        }
        Ok(())
    }
}

fn tree_in(archive: impl Read) -> Result<ModuleTree, Error> {
    let (archive_limits, limits) = (ArchiveLimits::none(), TreeLimits::default());
    Ok(ModuleTree::read(archive, &archive_limits, &limits)?)
}

fn inspected(tree: &ModuleTree) -> ModuleDocs {
    let started = processor_time();
    inspect(tree, &InspectLimits::default(), &|| {
        processor_time().saturating_sub(started) > INSPECTION
    })
}

/// Returns how long a processor has worked on this thread.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // The kernel never says a negative time.
    Duration::try_from(time).unwrap_or_default()
}

fn outline_of(docs: &ModuleDocs) -> ModuleOutline {
    let readme = docs.root.readme.as_ref();
    ModuleOutline::new(docs, readme.and_then(|readme| summary(&readme.text)))
}

fn archive_of(version: &ModuleVersion) -> Result<Sha256, Error> {
    let archive = version.archive.as_ref().ok_or_else(|| gone(version))?;
    Ok(archive.sha256)
}

fn gone(version: &ModuleVersion) -> Error {
    Error::NotFound(format!("the module version `{}`", version.address))
}
