//! Upload links of pending versions that are shown again. The link of the announcement has a secret
//! of which only a hash is stored, so a later link is a signed claim instead, as those of providers
//! are: showing it writes nothing.

use data_encoding::BASE64URL_NOPAD;

use crate::auth::{Grant, PublishModules};
use crate::domain::ModuleVersion;
use crate::registry::base::{Error, Registry, organization_for};
use crate::storage::tables::uploads::UploadTicket;

const PURPOSE: &str = "upload module archive";

impl Registry {
    /// Returns the last segment of an upload link for the archive of a pending version. It is valid
    /// as long as the link of an announcement, and only while the caller may publish.
    pub fn module_upload_link(
        &self,
        grant: &Grant<PublishModules>,
        version: &ModuleVersion,
    ) -> Result<String, Error> {
        let organization = organization_for(grant, &version.address.module)?;
        let ticket = UploadTicket {
            organization: organization.id.clone(),
            address: version.address.clone(),
            version: version.id.clone(),
            publisher: grant.actor(),
            expires_at: self.now().plus_seconds(self.settings().upload_url_seconds),
        };
        let claim = serde_json::to_vec(&ticket).map_err(Error::internal)?;
        let claim = BASE64URL_NOPAD.encode(&claim);
        let signature = self.signer.sign_text(PURPOSE, &claim);
        Ok(format!("{claim}.{signature}"))
    }

    /// Returns the ticket that a signed link carries; `None` if the link is not one of a module.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the link is no longer valid.
    pub(in crate::registry) fn redeem_module_link(
        &self,
        link: &str,
    ) -> Result<Option<UploadTicket>, Error> {
        let Some((claim, signature)) = link.split_once('.') else {
            return Ok(None);
        };
        if !self.signer.accepts_text(PURPOSE, claim, signature) {
            return Ok(None);
        }
        let claim = BASE64URL_NOPAD
            .decode(claim.as_bytes())
            .map_err(Error::internal)?;
        let ticket: UploadTicket = serde_json::from_slice(&claim).map_err(Error::internal)?;
        self.check_ticket(&ticket)?;
        Ok(Some(ticket))
    }
}
