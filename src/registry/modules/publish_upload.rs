//! Publishing in one call, for a caller that has the archive: without an announcement and an upload
//! link.

use std::collections::BTreeMap;
use std::time::Instant;

use super::publish::{pending_version, publish};
use super::same_number;
use super::settings::new_module;
use crate::archive;
use crate::auth::{Grant, PublishModules, random_bits};
use crate::domain::{
    ModuleSettings, ModuleVersion, ModuleVersionAddress, ModuleVersionId, PrivateFile,
    describe_private_files,
};
use crate::registry::base::{Error, Registry, disk_error, organization_for};
use crate::storage::tables::modules;
use crate::storage::tables::uploads::UploadTicket;
use crate::storage::{IncomingBlob, Tx};

/// What becomes of an archive with files that are often published by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateFiles {
    /// The archive is refused.
    Refused,
    /// It is published with them, since its publisher says that they are meant.
    Meant,
}

impl Registry {
    /// Publishes an archive, and creates the module if it does not exist.
    ///
    /// It does all of this or nothing: an archive that is refused leaves no trace. The same bytes
    /// may be sent again; other bytes are refused. With [`PrivateFiles::Refused`], an archive is
    /// refused that holds what is often published by mistake.
    ///
    /// # Errors
    ///
    /// [`Error::Archive`] if the archive gate refuses the upload, [`Error::Invalid`] if it holds
    /// private files, if the version breaks callers and its number does not say so or differs from
    /// another number in build metadata only, or if it has code that cannot be read where the
    /// organization refuses this, and [`Error::Conflict`] if the version was
    /// published with other bytes.
    pub fn publish_upload(
        &self,
        grant: &Grant<PublishModules>,
        address: ModuleVersionAddress,
        upload: IncomingBlob,
        private: PrivateFiles,
    ) -> Result<ModuleVersion, Error> {
        let organization = organization_for(grant, &address.module)?;
        let limits = &self.settings().archive_limits;
        let reader = || upload.reader().map_err(disk_error);
        let examined = archive::examine(reader()?, limits)?;
        if private == PrivateFiles::Refused {
            refuse_private(&archive::private_files(reader()?, &examined, limits)?)?;
        }
        let checked = self.repacked(upload, &examined)?;
        let passed = self.check_demands(organization, &address, &checked.served, false)?;
        let (now, actor) = (self.now(), grant.actor());
        let archive = checked.archive(now, &actor);
        let new_id = ModuleVersionId::from_random(random_bits());
        let write = |tx: &mut Tx<'_>| {
            let module = match modules::in_tx(tx, &address.module)? {
                Some(module) => module,
                None => new_module(
                    organization,
                    address.module.clone(),
                    ModuleSettings::default(),
                    now,
                ),
            };
            modules::put(tx, &module)?;
            let address = ModuleVersionAddress {
                module: module.address,
                version: address.version,
            };
            let version = if let Some(version) = modules::version_in_tx(tx, &address)? {
                version
            } else {
                same_number::refuse_new(tx, organization, &address)?;
                pending_version(new_id, address.clone(), None, now)
            };
            modules::put_version(tx, &version)?;
            let ticket = UploadTicket {
                organization: organization.id.clone(),
                address,
                version: version.id,
                publisher: actor.clone(),
                expires_at: now,
            };
            publish(tx, &ticket, archive, &passed)
        };
        let published = self.store_blob_then(checked.served, || {
            self.write(&actor, "publish module version", |tx| {
                self.within_budget(tx, &organization.id, write)
            })
        })?;
        self.state
            .modules
            .inspection_queue
            .push_published(&published.address, Instant::now());
        Ok(published)
    }
}

fn refuse_private(found: &BTreeMap<String, PrivateFile>) -> Result<(), Error> {
    let refused: Vec<(&String, &PrivateFile)> = found
        .iter()
        .filter(|(path, kind)| kind.needs_consent(path))
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    let reason = format!(
        "the archive holds what is often published by mistake: {}; a published version never changes, so take it out, or say below that it is meant",
        describe_private_files(refused)
    );
    Err(Error::invalid("archive", reason))
}
