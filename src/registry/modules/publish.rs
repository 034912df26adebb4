//! Publishing in two steps: a version is announced, then its archive is uploaded. A published
//! version never changes.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use super::same_number;
use super::upload_checks::{Passed, recheck_demands};
use crate::archive;
use crate::auth::{Grant, PublishModules, UploadTicketSecret, random_bits};
use crate::domain::{
    Actor, Module, ModuleVersion, ModuleVersionAddress, ModuleVersionId, Organization, PrivateFile,
    PublishedArchive, Sha256, Timestamp,
};
use crate::registry::base::{Error, Registry, UploadLimit, disk_error, organization_for};
use crate::storage::tables::uploads::UploadTicket;
use crate::storage::tables::{modules, organizations, uploads};
use crate::storage::{IncomingBlob, Tx};

/// An upload that passed the archive gate: the repacked file that will be served, and facts about
/// the upload.
pub(in crate::registry) struct Checked {
    pub(in crate::registry) served: IncomingBlob,
    uploaded_sha256: Sha256,
    notes: Vec<String>,
    private_files: BTreeMap<String, PrivateFile>,
}

impl Checked {
    /// Returns the archive row that the upload becomes when `by` publishes it at `at`.
    pub(in crate::registry) fn archive(&self, at: Timestamp, by: &Actor) -> PublishedArchive {
        PublishedArchive {
            sha256: self.served.sha256(),
            size: self.served.len(),
            uploaded_sha256: self.uploaded_sha256,
            notes: self.notes.clone(),
            private_files: self.private_files.clone(),
            published_at: at,
            published_by: by.clone(),
        }
    }
}

impl Registry {
    /// Announces a version and returns an upload ticket for its archive.
    ///
    /// A version that was announced before, but whose archive never came, gets a new ticket.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the module does not exist, and [`Error::Invalid`] if the version is
    /// published already, or if its number differs from another one in build metadata only.
    pub fn create_pending_version(
        &self,
        grant: &Grant<PublishModules>,
        address: ModuleVersionAddress,
        commit_sha: Option<String>,
    ) -> Result<(Module, ModuleVersion, UploadTicketSecret), Error> {
        let organization = organization_for(grant, &address.module)?.clone();
        let room = self.require_room();
        let (now, id) = (self.now(), ModuleVersionId::from_random(random_bits()));
        let secret = UploadTicketSecret::generate();
        let expires_at = now.plus_seconds(self.settings().upload_url_seconds);
        let (module, version) = self.write(&grant.actor(), "announce module version", |tx| {
            let module = modules::in_tx(tx, &address.module)?
                .ok_or_else(|| Error::NotFound(format!("the module `{}`", address.module)))?;
            let address = ModuleVersionAddress {
                module: module.address.clone(),
                ..address
            };
            let version = match modules::version_in_tx(tx, &address)? {
                Some(version) if version.archive.is_some() => {
                    let reason = format!("version `{}` has already been taken", address.version);
                    return Err(Error::invalid("version", reason));
                }
                // It is announced again, so it does not expire soon.
                Some(pending) => ModuleVersion {
                    updated_at: now,
                    ..pending
                },
                None => {
                    same_number::refuse_new(tx, &organization, &address)?;
                    room?;
                    pending_version(id, address, commit_sha, now)
                }
            };
            let ticket = UploadTicket {
                organization: organization.id,
                address: version.address.clone(),
                version: version.id.clone(),
                publisher: grant.actor(),
                expires_at,
            };
            modules::put_version(tx, &version)?;
            uploads::insert(tx, &secret.hash(), &ticket)?;
            Ok((module, version))
        })?;
        Ok((module, version, secret))
    }

    /// Returns the ticket that an upload link carries.
    ///
    /// A ticket is valid until it expires, and only while the user or token that announced the
    /// version may still publish it: losing the token or the right makes unfinished uploads fail.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the ticket is unknown or no longer valid.
    pub fn redeem_ticket(&self, secret: &UploadTicketSecret) -> Result<UploadTicket, Error> {
        let ticket = uploads::by_hash(&self.store, &secret.hash())?.ok_or_else(ticket_is_gone)?;
        self.check_ticket(&ticket)?;
        Ok(ticket)
    }

    pub(super) fn check_ticket(&self, ticket: &UploadTicket) -> Result<(), Error> {
        let caller = self.caller_of(&ticket.publisher)?;
        let may_publish = self
            .module_grant::<PublishModules>(&caller, &ticket.address.module)
            .is_ok();
        let longest = self.settings().upload_url_seconds;
        let latest = self.now().plus_seconds(longest);
        if may_publish && !self.has_passed(ticket.expires_at) && ticket.expires_at <= latest {
            Ok(())
        } else {
            Err(ticket_is_gone())
        }
    }

    /// Returns how large the archive may be that is sent with a ticket.
    pub fn archive_limit(&self, ticket: &UploadTicket) -> Result<UploadLimit, Error> {
        let most = self.settings().archive_bytes;
        let version = modules::find_version(&self.store, &ticket.address)?;
        let organization = organizations::by_id(&self.store, &ticket.organization)?;
        match organization {
            Some(organization) if version.is_none_or(|version| version.archive.is_none()) => {
                Ok(self.budget(&organization)?.upload_limit(most, false))
            }
            // The archive may be sent again, which adds nothing.
            _ => Ok(UploadLimit::of(most)),
        }
    }

    /// Publishes the archive that was sent with a ticket.
    ///
    /// The same bytes may be sent again, also for a version that was deleted; other bytes are
    /// refused. Once this has returned, the version survives a power loss.
    ///
    /// # Errors
    ///
    /// [`Error::Archive`] if the archive gate refuses the upload, [`Error::Invalid`] if the version
    /// breaks callers and its number does not say so, or has code that cannot be read where the
    /// organization refuses this; [`Error::OverBudget`] if the organization would store more than it
    /// may, [`Error::Conflict`] if the version was published with other
    /// bytes, and [`Error::NotFound`] if the ticket is no longer valid.
    pub fn publish_module_version(
        &self,
        ticket: &UploadTicket,
        upload: IncomingBlob,
    ) -> Result<ModuleVersion, Error> {
        self.publish_sent(ticket, upload, false)
    }

    /// Publishes the archive that was sent with a ticket, if all of its code can be read.
    ///
    /// # Errors
    ///
    /// Those of [`publish_module_version`](Self::publish_module_version), and [`Error::Invalid`]
    /// if some of the code cannot be read. Nothing of a refused upload is kept.
    pub fn publish_module_version_strictly(
        &self,
        ticket: &UploadTicket,
        upload: IncomingBlob,
    ) -> Result<ModuleVersion, Error> {
        self.publish_sent(ticket, upload, true)
    }

    fn publish_sent(
        &self,
        ticket: &UploadTicket,
        upload: IncomingBlob,
        strict: bool,
    ) -> Result<ModuleVersion, Error> {
        let checked = self.check(upload)?;
        let gone = || Error::NotFound(format!("the module version `{}`", ticket.address));
        let organization =
            organizations::by_id(&self.store, &ticket.organization)?.ok_or_else(gone)?;
        let passed = self.check_demands(&organization, &ticket.address, &checked.served, strict)?;
        let archive = checked.archive(self.now(), &ticket.publisher);
        // Receiving the upload may have taken a while, and the right or the ticket may have been
        // withdrawn meanwhile.
        self.check_ticket(ticket)?;
        let version = self.store_blob_then(checked.served, || {
            self.write(&ticket.publisher, "publish module version", |tx| {
                self.within_budget(tx, &ticket.organization, |tx| {
                    publish(tx, ticket, archive, &passed)
                })
            })
        })?;
        self.state
            .modules
            .inspection_queue
            .push_published(&version.address, Instant::now());
        Ok(version)
    }

    /// Examines an upload at the archive gate and repacks it.
    pub(in crate::registry) fn check(&self, upload: IncomingBlob) -> Result<Checked, Error> {
        let settings = self.settings();
        let limits = &settings.archive_limits;
        let examined = archive::examine(upload.reader().map_err(disk_error)?, limits)?;
        self.repacked(upload, &examined)
    }

    /// Repacks an upload that has passed the archive gate into the file that will be served.
    pub(in crate::registry) fn repacked(
        &self,
        upload: IncomingBlob,
        examined: &archive::Examined,
    ) -> Result<Checked, Error> {
        let settings = self.settings();
        let limits = &settings.archive_limits;
        let uploaded_sha256 = upload.sha256();
        let notes = the_first_of(examined.notes());
        let private_files = private_files_in(examined);
        let Some(plan) = examined.plan() else {
            return Ok(Checked {
                served: upload,
                uploaded_sha256,
                notes,
                private_files,
            });
        };
        let mut served = self.incoming()?;
        archive::repack(
            upload.reader().map_err(disk_error)?,
            plan,
            limits,
            &mut served,
        )?;
        served.flush().map_err(disk_error)?;
        Ok(Checked {
            served,
            uploaded_sha256,
            notes,
            private_files,
        })
    }
}

/// Returns the private files of an archive by their names, as many as a row has room for.
fn private_files_in(examined: &archive::Examined) -> BTreeMap<String, PrivateFile> {
    const MOST_FILES: usize = 20;
    let mut found = BTreeMap::new();
    for file in examined.files() {
        if let Some((path, kind)) = PrivateFile::of_path(file.path.as_str())
            && found.len() < MOST_FILES
        {
            found.insert(path.to_owned(), kind);
        }
    }
    found
}

/// Returns as many notes as a row has room for, and how many more there are.
fn the_first_of(notes: &[String]) -> Vec<String> {
    const MOST_BYTES: usize = 8 * 1024;
    let mut bytes = 0;
    let mut kept: Vec<String> = notes
        .iter()
        .take_while(|note| {
            bytes += note.len();
            bytes <= MOST_BYTES
        })
        .cloned()
        .collect();
    if kept.len() < notes.len() {
        kept.push(format!("and {} more changes", notes.len() - kept.len()));
    }
    kept
}

pub(super) fn ticket_is_gone() -> Error {
    Error::NotFound("the upload link (it may have expired, or been withdrawn)".to_owned())
}

pub(super) fn pending_version(
    id: ModuleVersionId,
    address: ModuleVersionAddress,
    commit_sha: Option<String>,
    now: Timestamp,
) -> ModuleVersion {
    ModuleVersion {
        id,
        address,
        commit_sha,
        archive: None,
        deprecation: None,
        revocation: None,
        created_at: now,
        updated_at: now,
    }
}

/// Publishes a version as part of a write. Writes run one after another, so exactly one of several
/// uploads is published.
pub(super) fn publish(
    tx: &mut Tx<'_>,
    ticket: &UploadTicket,
    archive: PublishedArchive,
    passed: &Passed,
) -> Result<ModuleVersion, Error> {
    let address = &ticket.address;
    let gone = || Error::NotFound(format!("the module version `{address}`"));
    let mut version = modules::version_in_tx(tx, address)?
        .filter(|version| version.id == ticket.version)
        .ok_or_else(gone)?;
    if let Some(published) = &version.archive {
        if is_same(published.sha256, published.uploaded_sha256, &archive) {
            return Ok(version);
        }
        return Err(Error::Conflict(format!(
            "`{address}` is already published with other content; published versions never change, so publish a new version"
        )));
    }
    let organization = organizations::in_tx(tx, &ticket.organization)?.ok_or_else(gone)?;
    if !returns(tx, &organization, address, &archive)? {
        same_number::refuse_publication(tx, &organization, address)?;
    }
    recheck_demands(tx, &organization, address, passed)?;
    let mut module = modules::in_tx(tx, &address.module)?.ok_or_else(gone)?;
    module.updated_at = archive.published_at;
    version.updated_at = archive.published_at;
    version.archive = Some(archive);
    modules::put(tx, &module)?;
    modules::put_version(tx, &version)?;
    Ok(version)
}

/// Tells whether a deleted version comes back with the bytes that it had. Refuses other bytes for
/// its number, unless the organization allows them.
fn returns(
    tx: &Tx<'_>,
    organization: &Organization,
    address: &ModuleVersionAddress,
    archive: &PublishedArchive,
) -> Result<bool, Error> {
    let Some(tombstone) = modules::tombstone_in_tx(tx, address)? else {
        return Ok(false);
    };
    if is_same(tombstone.sha256, tombstone.uploaded_sha256, archive) {
        return Ok(true);
    }
    if organization.allow_version_reuse {
        return Ok(false);
    }
    Err(Error::Conflict(format!(
        "`{address}` was published with other content and deleted; its number is not used again, so publish a new version"
    )))
}

fn is_same(served: Sha256, uploaded: Sha256, archive: &PublishedArchive) -> bool {
    archive.uploaded_sha256 == uploaded || archive.sha256 == served
}
