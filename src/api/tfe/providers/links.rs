//! Links of a provider's versions and platforms: download links for the files that exist, and
//! upload links for those that are missing, if the caller may publish.

use super::view::{May, PlatformLinks, VersionLinks};
use crate::api::tfe::kit::Call;
use crate::api::tfe::meta::uploads;
use crate::auth::{Grant, PublishProviders, ReadProviders};
use crate::domain::{Provider, ProviderAddress, ProviderPackage, ProviderVersion};
use crate::http::provider_file;
use crate::registry::{Error, ProviderPart};

/// The provider and the caller's grants, from which its links are made.
pub(super) struct Links {
    pub(super) provider: Provider,
    pub(super) may: May,
    call: Call,
    reading: Grant<ReadProviders>,
    publishing: Option<Grant<PublishProviders>>,
}

impl Links {
    /// Prepares the links of a provider that the caller may have.
    pub(super) async fn of(call: &Call, address: &ProviderAddress) -> Result<Self, Error> {
        let namespace = address.namespace.as_str();
        let reading = call.grant(namespace)?;
        let (grant, asked) = (call.grant(namespace)?, address.clone());
        let provider = call.run(move |registry| registry.provider(&grant, &asked));
        Ok(Self {
            provider: provider.await?,
            may: May::of(call, namespace),
            publishing: call.grant(namespace).ok(),
            call: call.clone(),
            reading,
        })
    }

    /// Makes the links of a version.
    pub(super) fn version(&self, version: &ProviderVersion) -> Result<VersionLinks, Error> {
        let sums = version.address.checksums_name();
        let mut links = VersionLinks::default();
        if version.checksums.is_some() {
            links.shasums_download = Some(self.download(version, sums.clone())?);
        } else {
            links.shasums_upload = self.upload(version, ProviderPart::Checksums)?;
        }
        if version.signature.is_some() {
            links.shasums_sig_download = Some(self.download(version, format!("{sums}.sig"))?);
        } else {
            links.shasums_sig_upload = self.upload(version, ProviderPart::Signature)?;
        }
        Ok(links)
    }

    /// Makes the links of a package.
    pub(super) fn platform(
        &self,
        version: &ProviderVersion,
        package: &ProviderPackage,
    ) -> Result<PlatformLinks, Error> {
        let mut links = PlatformLinks::default();
        if package.file.is_some() {
            let name = package.file_name.clone();
            links.provider_binary_download = Some(self.download(version, name)?);
        } else {
            let part = ProviderPart::Package(package.platform.clone());
            links.provider_binary_upload = self.upload(version, part)?;
        }
        Ok(links)
    }

    fn download(&self, version: &ProviderVersion, name: String) -> Result<String, Error> {
        let (app, address) = (&self.call.app, &version.address);
        let signed = app
            .registry
            .sign_provider_file(&self.reading, address, name)?;
        let location = provider_file::location(address, &signed);
        Ok(format!("{}{location}", app.public_url()))
    }

    fn upload(
        &self,
        version: &ProviderVersion,
        part: ProviderPart,
    ) -> Result<Option<String>, Error> {
        let Some(grant) = &self.publishing else {
            return Ok(None);
        };
        let app = &self.call.app;
        let link = app.registry.provider_upload_link(grant, version, part)?;
        Ok(Some(uploads::link_to(app.public_url(), &link)))
    }
}
