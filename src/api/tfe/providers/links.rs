//! Links of versions and platforms: to send what is missing, by whoever may, and to get the rest.

use super::registry_providers::may;
use super::view::{May, PlatformLinks, VersionLinks};
use crate::api::tfe::kit::Problem;
use crate::api::tfe::meta::uploads;
use crate::auth::{Caller, Grant, PublishProviders, ReadModules};
use crate::domain::{Provider, ProviderAddress, ProviderPackage, ProviderVersion};
use crate::http::{App, provider_file};
use crate::registry::{Error, ProviderPart};

/// What links of one provider are made with.
pub(super) struct Links {
    pub(super) provider: Provider,
    pub(super) may: May,
    reading: Grant<ReadModules>,
    publishing: Option<Grant<PublishProviders>>,
}

impl Links {
    /// For a provider, as the caller may have them.
    pub(super) fn of(
        app: &App,
        caller: &Caller,
        address: &ProviderAddress,
    ) -> Result<Self, Problem> {
        let namespace = address.namespace.as_str();
        let reading = app.registry.grant(caller, namespace)?;
        Ok(Self {
            provider: app.registry.provider(&reading, address)?,
            may: may(app, caller, namespace),
            publishing: app.registry.grant(caller, namespace).ok(),
            reading,
        })
    }

    /// Those of a version.
    pub(super) fn version(
        &self,
        app: &App,
        version: &ProviderVersion,
    ) -> Result<VersionLinks, Problem> {
        let sums = version.address.checksums_name();
        let mut links = VersionLinks::default();
        if version.checksums.is_some() {
            links.shasums_download = Some(self.download(app, version, sums.clone())?);
        } else {
            links.shasums_upload = self.upload(app, version, ProviderPart::Checksums)?;
        }
        if version.signature.is_some() {
            links.shasums_sig_download =
                Some(self.download(app, version, format!("{sums}.sig"))?);
        } else {
            links.shasums_sig_upload = self.upload(app, version, ProviderPart::Signature)?;
        }
        Ok(links)
    }

    /// Those of a package.
    pub(super) fn platform(
        &self,
        app: &App,
        version: &ProviderVersion,
        package: &ProviderPackage,
    ) -> Result<PlatformLinks, Problem> {
        let mut links = PlatformLinks::default();
        if package.file.is_some() {
            let name = package.file_name.clone();
            links.provider_binary_download = Some(self.download(app, version, name)?);
        } else {
            let part = ProviderPart::Package(package.platform.clone());
            links.provider_binary_upload = self.upload(app, version, part)?;
        }
        Ok(links)
    }

    fn download(
        &self,
        app: &App,
        version: &ProviderVersion,
        name: String,
    ) -> Result<String, Error> {
        let address = &version.address;
        let signed = app
            .registry
            .sign_provider_file(&self.reading, address, name)?;
        let location = provider_file::location(address, &signed);
        Ok(format!("{}{location}", app.public_url()))
    }

    fn upload(
        &self,
        app: &App,
        version: &ProviderVersion,
        part: ProviderPart,
    ) -> Result<Option<String>, Error> {
        let Some(grant) = &self.publishing else {
            return Ok(None);
        };
        let link = app.registry.provider_upload_link(grant, version, part)?;
        Ok(Some(uploads::link_to(app.public_url(), &link)))
    }
}
