//! What the archives of published versions say of themselves: read once, kept until they go.

use std::io::{BufReader, Cursor, Read};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::archive::{
    ArchiveLimits, FileSelection, FoundFiles, ModuleTree, TreeLimits, find_files, read_file,
};
use crate::domain::{ModuleDocs, ModuleOutline, ModuleVersion, Sha256};
use crate::inspect::{InspectLimits, inspect, summary};
use crate::registry::base::{Error, Registry, disk_error};
use crate::storage::IncomingBlob;
use crate::storage::tables::modules;

/// How long one archive may be read.
const INSPECTION: Duration = Duration::from_secs(2);

impl Registry {
    /// What a published version says of itself; waits for the disk.
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

    /// The same for whoever goes through many modules: it is not kept in memory, where it would
    /// drive out what people look at.
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
        let turn = &self.state.modules.documentation.inspecting;
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let docs = match self.state.modules.documentation.docs.get(&sum) {
            Some(docs) => docs,
            None => self.inspect_archive(version, &sum)?,
        };
        Ok(Arc::new(docs))
    }

    /// The short of it, if that version has been inspected.
    pub fn cached_outline(&self, version: &ModuleVersion) -> Option<Arc<ModuleOutline>> {
        let sum = archive_of(version).ok()?;
        let documentation = &self.state.modules.documentation;
        if let Some(digest) = documentation.recent_outlines.get(&sum, &()) {
            return Some(digest);
        }
        let digest = Arc::new(documentation.digests.get(&sum)?);
        let recent = &documentation.recent_outlines;
        recent.put(sum, (), Arc::clone(&digest));
        Some(digest)
    }

    /// The same; has the version inspected in a moment, if it has not been.
    pub(super) fn outline_or_enqueue(&self, version: &ModuleVersion) -> Option<Arc<ModuleOutline>> {
        let digest = self.cached_outline(version);
        if digest.is_none() {
            self.state.modules.inspection_queue.push(&version.address);
        }
        digest
    }

    /// The short of it; inspects the version if nobody has.
    pub fn module_outline(&self, version: &ModuleVersion) -> Result<Arc<ModuleOutline>, Error> {
        if let Some(digest) = self.cached_outline(version) {
            return Ok(digest);
        }
        let docs = self.module_docs_uncached(version)?;
        let digest = outline_of(&docs);
        self.state
            .modules
            .documentation
            .digests
            .put(&archive_of(version)?, &digest);
        Ok(Arc::new(digest))
    }

    /// The files of a published version, and the beginnings of those that are wanted.
    pub fn files_of(
        &self,
        version: &ModuleVersion,
        wanted: &FileSelection<impl Fn(&str) -> bool>,
    ) -> Result<FoundFiles, Error> {
        let archive = self.stored_archive(version)?;
        Ok(find_files(archive, wanted, &ArchiveLimits::none())?)
    }

    /// The first `max_bytes` of one file of a published version; `None` if there is no such file.
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

    /// What an archive says of itself that has passed the gate and is not published; nothing of it
    /// is kept.
    pub(super) fn inspect_upload(&self, served: &IncomingBlob) -> Result<ModuleDocs, Error> {
        let turn = &self.state.modules.documentation.inspecting;
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let archive = BufReader::new(served.reader().map_err(disk_error)?);
        Ok(inspected(&tree_in(archive)?))
    }

    fn inspect_archive(&self, version: &ModuleVersion, sum: &Sha256) -> Result<ModuleDocs, Error> {
        let docs = match self.stored_archive(version).and_then(tree_in) {
            Ok(tree) => inspected(&tree),
            // Published by an older program with other limits; it is still served.
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
            .digests
            .put(sum, &outline_of(&docs));
        Ok(docs)
    }

    fn stored_archive(&self, version: &ModuleVersion) -> Result<Box<dyn Read>, Error> {
        let stored = self.stored(&archive_of(version)?)?;
        stored.ok_or_else(|| gone(version))
    }

    /// The bytes of an archive, after its checksum was verified. They do not come into the memory
    /// that archives are served from: reading each module once would drive out what is asked for.
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
                // It was deleted meanwhile, or is damaged; whoever reads it gets the error.
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
    let started = Instant::now();
    inspect(tree, &InspectLimits::default(), &|| {
        started.elapsed() > INSPECTION
    })
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
