//! Finding and listing providers, their versions, and the packages that clients may fetch.

use crate::auth::{Action, Caller, Grant, ReadProviders};
use crate::domain::{
    Checksums, GpgKey, Namespace, Organization, PackageFile, Platform, Provider, ProviderAddress,
    ProviderId, ProviderPackage, ProviderVersion, ProviderVersionAddress,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::{gpg_keys, provider_packages, providers};

/// A published version with those of its packages that clients may fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedProvider {
    /// The version.
    pub version: ProviderVersion,
    /// Its packages, by platform.
    pub packages: Vec<PublishedPackage>,
}

/// A package that its version's list of checksums lists with exactly its name and checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPackage {
    /// The package.
    pub package: ProviderPackage,
    /// Its file.
    pub file: PackageFile,
}

impl PublishedProvider {
    /// Returns the package for a platform.
    pub fn package(&self, platform: &Platform) -> Option<&PublishedPackage> {
        self.packages
            .iter()
            .find(|it| it.package.platform == *platform)
    }
}

impl PublishedProvider {
    /// Returns the hashes that `terraform providers lock` finds: the content hash of each package,
    /// and the checksum in every line of the signed list.
    pub fn lock_hashes(&self) -> Vec<String> {
        let contents = self
            .packages
            .iter()
            .filter_map(|it| it.file.h1.first().cloned());
        let sums = listed(&self.version);
        let listed = sums.iter().map(|(_, sum)| format!("zh:{sum}"));
        contents.chain(listed).collect()
    }
}

impl Registry {
    /// Returns the provider at an address.
    pub fn provider(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderAddress,
    ) -> Result<Provider, Error> {
        provider_organization(grant, address)?;
        providers::find(&self.store, address)?.ok_or_else(|| no_provider(address))
    }

    /// Refuses an address that no provider has. A wing calls this before it judges the body of a
    /// request about the provider.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such provider.
    pub fn require_provider<A: Action>(
        &self,
        grant: &Grant<A>,
        address: &ProviderAddress,
    ) -> Result<(), Error> {
        provider_organization(grant, address)?;
        let found = providers::find(&self.store, address)?;
        found.map(|_| ()).ok_or_else(|| no_provider(address))
    }

    /// Refuses an address that no version has, published or not, as [`Registry::require_provider`]
    /// does for providers.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such version.
    pub fn require_provider_version<A: Action>(
        &self,
        grant: &Grant<A>,
        address: &ProviderVersionAddress,
    ) -> Result<(), Error> {
        provider_organization(grant, &address.provider)?;
        let found = providers::find_version(&self.store, address)?;
        found.map(|_| ()).ok_or_else(|| no_version(address))
    }

    /// Returns the address of the provider with an id; `None` if there is none.
    pub fn provider_address(&self, id: &ProviderId) -> Result<Option<ProviderAddress>, Error> {
        Ok(providers::address(&self.store, id)?)
    }

    /// Returns the providers of an organization, by name.
    pub fn providers_of(&self, grant: &Grant<ReadProviders>) -> Result<Vec<Provider>, Error> {
        let namespace = &organization_of(grant)?.name;
        Ok(providers::list(&self.store, Some(namespace)).collect::<Result<_, _>>()?)
    }

    /// Returns the providers of all organizations that the caller may read, by address.
    pub fn visible_providers(&self, caller: &Caller) -> Result<Vec<Provider>, Error> {
        let mut visible = Vec::new();
        let mut last: Option<(Namespace, bool)> = None;
        for provider in providers::list(&self.store, None) {
            let provider = provider?;
            let namespace = &provider.address.namespace;
            let is_seen = match &last {
                Some((name, is_seen)) if name == namespace => *is_seen,
                _ => self
                    .grant::<ReadProviders>(caller, namespace.as_str())
                    .is_ok(),
            };
            last = Some((namespace.clone(), is_seen));
            if is_seen {
                visible.push(provider);
            }
        }
        Ok(visible)
    }

    /// Returns the published versions of a provider with their packages, highest precedence first.
    pub fn published_providers(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderAddress,
    ) -> Result<Vec<PublishedProvider>, Error> {
        let versions = self
            .published_provider_versions(grant, address)?
            .into_iter();
        versions
            .map(|version| self.with_packages(version))
            .collect()
    }

    /// Returns the published versions of a provider without their packages, highest precedence
    /// first.
    pub fn published_provider_versions(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderAddress,
    ) -> Result<Vec<ProviderVersion>, Error> {
        let (_, mut versions) = self.provider_versions(grant, address)?;
        versions.retain(|version| version.publication.is_some());
        Ok(versions)
    }

    /// Returns one published version with its packages.
    pub fn published_provider(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderVersionAddress,
    ) -> Result<PublishedProvider, Error> {
        provider_organization(grant, &address.provider)?;
        let version = providers::find_version(&self.store, address)?
            .filter(|version| version.publication.is_some())
            .ok_or_else(|| no_version(address))?;
        self.with_packages(version)
    }

    /// Returns one version with all its packages, published or not, for those who publish it.
    pub fn provider_version(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderVersionAddress,
    ) -> Result<(ProviderVersion, Vec<ProviderPackage>), Error> {
        provider_organization(grant, &address.provider)?;
        let version =
            providers::find_version(&self.store, address)?.ok_or_else(|| no_version(address))?;
        let packages =
            provider_packages::list(&self.store, address).collect::<Result<Vec<_>, _>>()?;
        Ok((version, packages))
    }

    /// Returns a provider with all its versions, published or not, highest precedence first.
    pub fn provider_versions(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderAddress,
    ) -> Result<(Provider, Vec<ProviderVersion>), Error> {
        let provider = self.provider(grant, address)?;
        let versions = providers::versions(&self.store, address).rev();
        Ok((provider, versions.collect::<Result<_, _>>()?))
    }

    /// Returns the key that a published version is signed with.
    pub fn key_of(
        &self,
        grant: &Grant<ReadProviders>,
        version: &ProviderVersion,
    ) -> Result<Option<GpgKey>, Error> {
        let organization = provider_organization(grant, &version.address.provider)?;
        match &version.key_id {
            Some(key_id) => Ok(gpg_keys::find(&self.store, &organization.id, key_id)?),
            None => Ok(None),
        }
    }

    fn with_packages(&self, version: ProviderVersion) -> Result<PublishedProvider, Error> {
        let sums = listed(&version);
        let mut packages = Vec::new();
        for package in provider_packages::list(&self.store, &version.address) {
            let package = package?;
            if let Some(file) = usable(&package, &sums) {
                packages.push(PublishedPackage { package, file });
            }
        }
        Ok(PublishedProvider { version, packages })
    }
}

/// Returns the list of a version's checksums, which was checked when it was stored.
pub(super) fn listed(version: &ProviderVersion) -> Checksums {
    let text = version.checksums.as_deref().unwrap_or_default();
    Checksums::parse(text.as_bytes()).unwrap_or_default()
}

/// Returns the file of a package, if it is stored and listed with exactly its name and checksum.
pub(super) fn usable(package: &ProviderPackage, sums: &Checksums) -> Option<PackageFile> {
    let file = package.file.as_ref()?;
    (sums.of(&package.file_name) == Some(file.sha256)).then(|| file.clone())
}

/// Returns the organization of a grant that is used for a provider.
pub(super) fn provider_organization<'a, A: Action>(
    grant: &'a Grant<A>,
    address: &ProviderAddress,
) -> Result<&'a Organization, Error> {
    let organization = organization_of(grant)?;
    if organization.name.is_same(&address.namespace) && grant.module().is_none() {
        Ok(organization)
    } else {
        Err(Error::internal(
            "a grant was used for a provider of another organization than it was given for",
        ))
    }
}

pub(super) fn no_provider(address: &ProviderAddress) -> Error {
    Error::NotFound(format!("the provider `{address}`"))
}

pub(super) fn no_version(address: &ProviderVersionAddress) -> Error {
    Error::NotFound(format!("the provider version `{address}`"))
}
