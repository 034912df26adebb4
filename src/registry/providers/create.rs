//! The first steps of publishing a provider: creating its row, announcing a version, and announcing
//! packages.

use super::read::{no_provider, no_version, provider_organization};
use super::same_number;
use crate::auth::{Grant, PublishProviders, random_bits};
use crate::domain::{
    AnnouncedText, KeyName, Namespace, Platform, ProtocolVersion, Provider, ProviderAddress,
    ProviderId, ProviderPackage, ProviderPackageId, ProviderType, ProviderVersion,
    ProviderVersionAddress, ProviderVersionId, Sha256, Timestamp,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{provider_packages, providers};

/// An announced package.
#[derive(Debug, Clone)]
pub struct NewPackage {
    /// The platform that the package runs on.
    pub platform: Platform,
    /// The name of its file.
    pub file_name: AnnouncedText,
    /// The checksum of its file.
    pub checksum: AnnouncedText,
}

impl Registry {
    /// Creates a provider without versions.
    pub fn create_provider(
        &self,
        grant: &Grant<PublishProviders>,
        name: ProviderType,
    ) -> Result<Provider, Error> {
        let namespace = organization_of(grant)?.name.clone();
        let room = self.require_room();
        self.expect_first_key(grant)?;
        let address = ProviderAddress { namespace, name };
        let now = self.now();
        self.write(&grant.actor(), "create provider", |tx| {
            if providers::in_tx(tx, &address)?.is_some() {
                return Err(Error::AlreadyExists(format!("the provider `{address}`")));
            }
            room?;
            provider_in(tx, &address, now)
        })
    }

    /// Announces a version. It will be signed with the key whose id is named, or, if the name is
    /// no id, with any key of the organization.
    pub fn create_provider_version(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        key: KeyName,
        protocols: Vec<ProtocolVersion>,
    ) -> Result<ProviderVersion, Error> {
        provider_organization(grant, &address.provider)?;
        check_protocols(&protocols)?;
        let room = self.require_room();
        let now = self.now();
        self.write(&grant.actor(), "announce provider version", |tx| {
            let provider = providers::in_tx(tx, &address.provider)?
                .ok_or_else(|| no_provider(&address.provider))?;
            if providers::version_in_tx(tx, address)?.is_some() {
                let reason = format!("version `{}` has already been taken", address.version);
                return Err(Error::invalid("version", reason));
            }
            room?;
            let address = ProviderVersionAddress {
                provider: provider.address,
                version: address.version.clone(),
            };
            same_number::refuse_new(tx, &address)?;
            let mut version = pending_version(address, protocols, now);
            version.key_id = key.key_id();
            version.announced_key = Some(key);
            providers::put_version(tx, &version)?;
            Ok(version)
        })
    }

    /// Announces a package of a version. Its name and its checksum are checked once its file or the
    /// list of checksums is there.
    pub fn create_provider_package(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        new: &NewPackage,
    ) -> Result<(ProviderVersion, ProviderPackage), Error> {
        provider_organization(grant, &address.provider)?;
        let room = self.require_room();
        let now = self.now();
        self.write(&grant.actor(), "announce provider package", |tx| {
            let version =
                providers::version_in_tx(tx, address)?.ok_or_else(|| no_version(address))?;
            let platform = &new.platform;
            if provider_packages::in_tx(tx, address, platform)?.is_some() {
                let reason = format!("the platform `{platform}` has already been taken");
                return Err(Error::invalid("os", reason));
            }
            room?;
            if let Some(sha256) = new.checksum.sha256() {
                refuse_other_bytes(tx, &version.address, platform, sha256)?;
            }
            let package = ProviderPackage {
                id: ProviderPackageId::from_random(random_bits()),
                version: version.address.clone(),
                platform: platform.clone(),
                file_name: new.file_name.to_string(),
                announced: new.checksum.clone(),
                file: None,
                created_at: now,
            };
            provider_packages::put(tx, &package)?;
            Ok((version, package))
        })
    }
}

/// Returns the provider at an address, and creates it if it does not exist.
pub(super) fn provider_in(
    tx: &mut Tx<'_>,
    address: &ProviderAddress,
    now: Timestamp,
) -> Result<Provider, Error> {
    if let Some(provider) = providers::in_tx(tx, address)? {
        return Ok(provider);
    }
    check_namespace(&address.namespace)?;
    let provider = Provider {
        id: ProviderId::from_random(random_bits()),
        address: address.clone(),
        tags: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    providers::put(tx, &provider)?;
    Ok(provider)
}

/// Refuses more protocols than a row has room for; two are in use.
pub(super) fn check_protocols(protocols: &[ProtocolVersion]) -> Result<(), Error> {
    const MOST: usize = 16;
    if protocols.len() <= MOST {
        return Ok(());
    }
    let reason = format!("a version speaks at most {MOST} protocols");
    Err(Error::invalid("protocols", reason))
}

/// Refuses organizations whose providers terraform cannot install: it would take parts of such
/// names for names of hosts (`tests/fixtures/contracts/provider-registry-protocol.toml#names`).
fn check_namespace(namespace: &Namespace) -> Result<(), Error> {
    let text = namespace.as_str();
    if text.contains('_') || text.contains("--") {
        let reason = format!(
            "terraform cannot install providers of `{namespace}`: in their addresses the name of an organization has letters, digits and single `-` only; publish providers in another organization"
        );
        return Err(Error::invalid("namespace", reason));
    }
    Ok(())
}

pub(super) fn pending_version(
    address: ProviderVersionAddress,
    protocols: Vec<ProtocolVersion>,
    now: Timestamp,
) -> ProviderVersion {
    ProviderVersion {
        id: ProviderVersionId::from_random(random_bits()),
        address,
        key_id: None,
        announced_key: None,
        protocols,
        checksums: None,
        signature: None,
        publication: None,
        created_at: now,
        updated_at: now,
    }
}

/// Refuses a file name that differs from the one that clients, mirrors and lists of checksums
/// expect.
pub(super) fn check_name(package: &ProviderPackage) -> Result<(), Error> {
    let expected = package.version.package_name(&package.platform);
    if package.file_name == expected {
        return Ok(());
    }
    let shown = package.file_name.escape_debug();
    let reason = format!(
        "the package for `{}` is called `{expected}`, not `{shown}`; delete the platform, and announce it with this name",
        package.platform
    );
    Err(Error::invalid("filename", reason))
}

/// Returns the checksum that a package was announced with; refuses a text that is none.
pub(super) fn announced_sum(package: &ProviderPackage) -> Result<Sha256, Error> {
    package.announced.sha256().ok_or_else(|| {
        let shown = package.announced.as_str().escape_debug();
        let reason = format!(
            "the package for `{}` was announced with `{shown}`, which is no SHA-256; delete the platform, and announce it with the checksum of its file",
            package.platform
        );
        Error::invalid("shasum", reason)
    })
}

/// Refuses other bytes for a package that was published and deleted.
pub(super) fn refuse_other_bytes(
    tx: &Tx<'_>,
    version: &ProviderVersionAddress,
    platform: &Platform,
    sha256: Sha256,
) -> Result<(), Error> {
    match provider_packages::tombstone_in_tx(tx, version, platform)? {
        Some(tombstone) if tombstone.sha256 != sha256 => Err(Error::Conflict(format!(
            "`{version}` was published for {platform} with other content and deleted; its number is not used again, so publish a new version"
        ))),
        _ => Ok(()),
    }
}
