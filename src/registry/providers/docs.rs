//! The documentation of providers: an archive of pages for each version, read page by page.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use super::read::{no_version, provider_organization};
use crate::archive::{self, ArchiveLimits};
use crate::auth::{Grant, PublishProviders, ReadProviders};
use crate::domain::{DocsCategory, DocsPage, ProviderDocs, ProviderVersionAddress, Sha256};
use crate::inspect::{DocsHead, MATTER_BYTES, docs_pages, page_of, without_matter};
use crate::registry::base::{Error, Registry, disk_error};
use crate::storage::tables::{provider_docs, providers};
use crate::storage::{IncomingBlob, Tx};

/// The longest text of a page that is shown, in bytes; the rest is left out.
pub(super) const PAGE_BYTES: u64 = 512 * 1024;

/// How many bytes of each page, behind its front matter, are searched for its title.
const HEADING_BYTES: usize = 4 * 1024;

/// The most pages of one version.
const MOST_PAGES: usize = 10_000;

/// Documentation that was checked: its row, the archive that will be served, and how many pages it
/// has.
pub(super) struct CheckedDocs {
    pub(super) row: ProviderDocs,
    pub(super) served: IncomingBlob,
    pages: usize,
}

/// The documentation of a version.
#[derive(Debug, Clone)]
pub struct DocsOf {
    pub(in crate::registry) sum: Sha256,
    /// Its pages, in the order of a table of contents.
    pub pages: Arc<Vec<DocsPage>>,
}

impl DocsOf {
    /// Returns the page with a name in a category.
    pub fn page(&self, category: DocsCategory, slug: &str) -> Option<&DocsPage> {
        let mut pages = self.pages.iter();
        pages.find(|page| page.category == category && page.slug == slug)
    }
}

impl Registry {
    /// Stores the documentation of a version, or replaces it; returns its row and the number of
    /// pages.
    pub fn put_provider_docs(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        upload: IncomingBlob,
    ) -> Result<(ProviderDocs, usize), Error> {
        let organization = provider_organization(grant, &address.provider)?;
        let checked = self.check_docs(grant, address, upload)?;
        let (docs, before) = self.store_blob_then(checked.served, || {
            self.write(&grant.actor(), "take provider documentation", |tx| {
                self.within_budget(tx, &organization.id, |tx| put_docs(tx, checked.row))
            })
        })?;
        self.collect_blobs(before.as_slice());
        Ok((docs, checked.pages))
    }

    /// Checks the documentation of a version and repacks it.
    pub(super) fn check_docs(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        upload: IncomingBlob,
    ) -> Result<CheckedDocs, Error> {
        provider_organization(grant, &address.provider)?;
        let refused = |error| Error::invalid("docs", error);
        let limits = &self.settings().archive_limits;
        let examined = upload.reader().map_err(disk_error)?;
        let examined = archive::examine_files(examined, limits)?;
        let served = self.repacked(upload, &examined)?.served;
        let pages = list_pages(served.reader().map_err(disk_error)?)?;
        if pages.is_empty() {
            return Err(refused(
                "there is no page in this archive; pages are Markdown files such as docs/index.md and docs/resources/NAME.md, or website/docs/r/NAME.html.markdown",
            ));
        }
        if pages.len() > MOST_PAGES {
            return Err(refused("there are more than 10000 pages in this archive"));
        }
        Ok(CheckedDocs {
            row: ProviderDocs {
                version: address.clone(),
                sha256: served.sha256(),
                size: served.len(),
                uploaded_at: self.now(),
                uploaded_by: grant.actor(),
            },
            served,
            pages: pages.len(),
        })
    }

    /// Returns the documentation of a published version; `None` if it has none.
    pub fn provider_docs(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderVersionAddress,
    ) -> Result<Option<DocsOf>, Error> {
        provider_organization(grant, &address.provider)?;
        let Some(docs) = provider_docs::find(&self.store, address)? else {
            return Ok(None);
        };
        let sum = docs.sha256;
        let index = &self.state.providers.docs_index;
        if let Some(pages) = index.recent.get(&sum, &()) {
            return Ok(Some(DocsOf { sum, pages }));
        }
        let pages = Arc::new(self.read_pages(&sum)?);
        index.recent.put(sum, (), Arc::clone(&pages));
        Ok(Some(DocsOf { sum, pages }))
    }

    /// Returns the Markdown of a page.
    pub fn docs_text(&self, docs: &DocsOf, page: &DocsPage) -> Result<String, Error> {
        let text = self.docs_file(docs, &page.path, PAGE_BYTES)?;
        let text = text.unwrap_or_default();
        Ok(without_matter(&String::from_utf8_lossy(&text)).to_owned())
    }

    /// Returns the first `max_bytes` of any file beside the pages; `None` if there is no such file.
    pub fn docs_file(
        &self,
        docs: &DocsOf,
        path: &str,
        max_bytes: u64,
    ) -> Result<Option<Vec<u8>>, Error> {
        let archive = self.docs_archive(&docs.sum)?;
        let none = ArchiveLimits::none();
        Ok(archive::read_file(archive, path, max_bytes, &none)?)
    }

    fn read_pages(&self, sum: &Sha256) -> Result<Vec<DocsPage>, Error> {
        if let Some(pages) = self.state.providers.docs_index.files.get(sum) {
            return Ok(pages);
        }
        let pages = list_pages(self.docs_archive(sum)?)?;
        self.state.providers.docs_index.files.put(sum, &pages);
        Ok(pages)
    }

    /// Opens the archive that pages are read from.
    pub(super) fn docs_archive(&self, sum: &Sha256) -> Result<Box<dyn Read>, Error> {
        let missing = || Error::NotFound("the documentation".to_owned());
        self.stored(sum)?.ok_or_else(missing)
    }

    /// Removes the list of pages of an archive that is no longer stored.
    pub(in crate::registry) fn forget_docs(&self, sum: &Sha256) {
        self.state.providers.docs_index.forget(sum);
    }
}

/// Writes the row of documentation, as part of a write; returns it with the organization's own
/// spelling, and the checksum of the documentation that it replaced.
pub(super) fn put_docs(
    tx: &mut Tx<'_>,
    docs: ProviderDocs,
) -> Result<(ProviderDocs, Option<Sha256>), Error> {
    let version = providers::version_in_tx(tx, &docs.version)?;
    let version = version.ok_or_else(|| no_version(&docs.version))?;
    let docs = ProviderDocs {
        version: version.address,
        ..docs
    };
    let before = provider_docs::in_tx(tx, &docs.version)?.map(|before| before.sha256);
    if before != Some(docs.sha256) {
        provider_docs::put(tx, &docs)?;
    }
    Ok((docs, before))
}

fn list_pages(archive: impl Read) -> Result<Vec<DocsPage>, Error> {
    let mut heads = BTreeMap::new();
    // Files below any top folder are selected: which folder has the documentation is known only
    // after all were seen.
    let wanted = |path: &str| {
        let below = path.rsplit("docs/").next().unwrap_or(path);
        page_of(below).map(|_| u64::try_from(MATTER_BYTES + HEADING_BYTES).unwrap_or(u64::MAX))
    };
    archive::each_file(archive, wanted, &ArchiveLimits::none(), |path, head| {
        if heads.len() <= MOST_PAGES {
            heads.insert(path.to_owned(), DocsHead::read(head));
        }
    })?;
    Ok(docs_pages(heads))
}
