//! What the archives of published versions say of themselves: read once, kept until they go.

use std::io::{BufReader, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Error, Registry, RevisionCache, disk_error};
use crate::archive::{
    ArchiveLimits, FileSelection, FoundFiles, ModuleTree, TreeLimits, find_files, read_file,
};
use crate::domain::{ModuleDocs, ModuleOutline, ModuleVersion, Sha256};
use crate::inspect::{InspectLimits, inspect, summary};
use crate::storage::{DataDir, DerivedFiles, IncomingBlob, StoreError};

/// The form of what is kept. A new number makes everything be read again: raise it whenever
/// inspection finds more or something else.
const FORM: u32 = 1;

/// How long one archive may be read.
const INSPECTION: Duration = Duration::from_secs(2);

/// How much unpacked documentation is kept in memory, in bytes of the code it came from.
const KEPT_BYTES: usize = 8 * 1024 * 1024;

/// How many short forms are kept in memory, in bytes: each answer about a module looks at one.
const KEPT_DIGEST_BYTES: usize = 1024 * 1024;

/// Documentation, by the archive it was read from.
#[derive(Debug)]
pub(super) struct Documentation {
    docs: DerivedFiles,
    digests: DerivedFiles,
    // What a hash stands for never changes, so neither needs a revision.
    recent: RevisionCache<Sha256, (), ModuleDocs>,
    recent_outlines: RevisionCache<Sha256, (), ModuleOutline>,
    // One at a time: whoever waits for the same archive finds it read, and hostile ones cannot
    // take all processors.
    inspecting: Mutex<()>,
}

impl Documentation {
    pub(super) fn open(dir: &DataDir) -> Result<Self, StoreError> {
        Ok(Self {
            docs: DerivedFiles::open(dir, "module-docs", FORM)?,
            digests: DerivedFiles::open(dir, "module-digests", FORM)?,
            recent: RevisionCache::weighed(KEPT_BYTES, weight),
            recent_outlines: RevisionCache::weighed(KEPT_DIGEST_BYTES, outline_weight),
            inspecting: Mutex::default(),
        })
    }

    /// Forgets an archive that is not needed any more.
    pub(super) fn forget(&self, sum: &Sha256) {
        self.recent.remove(sum);
        self.recent_outlines.remove(sum);
        self.docs.remove(sum);
        self.digests.remove(sum);
    }
}

/// About how many bytes of memory a module's documentation takes.
fn weight(docs: &ModuleDocs) -> usize {
    let folders = std::iter::once(&docs.root)
        .chain(&docs.submodules)
        .chain(&docs.examples);
    let named = |folder: &crate::domain::FolderDocs| {
        let readme = folder.readme.as_ref().map_or(0, |readme| readme.text.len());
        let things = folder.inputs.len() + folder.outputs.len() + folder.resources.len();
        readme + 500 * things + 100 * folder.references.len()
    };
    folders.map(named).sum()
}

/// About how many bytes of memory its short form takes.
fn outline_weight(digest: &ModuleOutline) -> usize {
    let needs = std::iter::once(&digest.root).chain(&digest.submodules);
    let needed: usize = needs
        .map(|needs| 1 + needs.providers.len() + needs.modules.len())
        .sum();
    digest.summary.len() + 200 * needed
}

impl Registry {
    /// What a published version says of itself; waits for the disk.
    pub fn module_docs(&self, version: &ModuleVersion) -> Result<Arc<ModuleDocs>, Error> {
        let sum = archive_of(version)?;
        if let Some(docs) = self.documentation.recent.get(&sum, &()) {
            return Ok(docs);
        }
        let docs = self.module_docs_uncached(version)?;
        self.documentation.recent.put(sum, (), Arc::clone(&docs));
        Ok(docs)
    }

    /// The same for whoever goes through many modules: it is not kept in memory, where it would
    /// drive out what people look at.
    pub(super) fn module_docs_uncached(
        &self,
        version: &ModuleVersion,
    ) -> Result<Arc<ModuleDocs>, Error> {
        let sum = archive_of(version)?;
        if let Some(docs) = self.documentation.recent.get(&sum, &()) {
            return Ok(docs);
        }
        if let Some(docs) = self.documentation.docs.get(&sum) {
            return Ok(Arc::new(docs));
        }
        let turn = &self.documentation.inspecting;
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let docs = match self.documentation.docs.get(&sum) {
            Some(docs) => docs,
            None => self.inspect_archive(version, &sum)?,
        };
        Ok(Arc::new(docs))
    }

    /// The short of it, if that version has been inspected.
    pub fn cached_outline(&self, version: &ModuleVersion) -> Option<Arc<ModuleOutline>> {
        let sum = archive_of(version).ok()?;
        let documentation = &self.documentation;
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
            self.inspection_queue.push(&version.address);
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
        self.documentation
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
        let turn = &self.documentation.inspecting;
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let archive = BufReader::new(served.reader().map_err(disk_error)?);
        Ok(inspected(&tree_in(archive)?))
    }

    fn inspect_archive(&self, version: &ModuleVersion, sum: &Sha256) -> Result<ModuleDocs, Error> {
        let docs = match self.stored_archive(version).and_then(tree_in) {
            Ok(tree) => inspected(&tree),
            // Published by an older program with other limits; it is still served.
            Err(error) if error.kind() == super::Kind::Invalid => ModuleDocs {
                incomplete: Some(format!("this module could not be analysed: {error}")),
                ..ModuleDocs::default()
            },
            Err(error) => return Err(error),
        };
        self.documentation.docs.put(sum, &docs);
        self.documentation.digests.put(sum, &outline_of(&docs));
        Ok(docs)
    }

    fn stored_archive(&self, version: &ModuleVersion) -> Result<Box<dyn Read>, Error> {
        let stored = self.stored(&archive_of(version)?)?;
        stored.ok_or_else(|| gone(version))
    }

    /// The bytes of an archive, after its checksum was verified. They do not come into the memory
    /// that archives are served from: reading each module once would drive out what is asked for.
    pub(super) fn stored(&self, sum: &Sha256) -> Result<Option<Box<dyn Read>>, Error> {
        if let Some(held) = self.archives.bytes(sum) {
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
