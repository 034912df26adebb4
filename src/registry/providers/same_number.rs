//! Refuses the number of a provider's version that clients do not tell apart from another one.

use crate::domain::{
    NumberStanding, OriginAddress, ProviderVersion, ProviderVersionAddress, Version,
};
use crate::registry::base::{Error, refuse_same_number};
use crate::storage::Tx;
use crate::storage::tables::{mirrored, provider_packages, providers};

/// Refuses the number of a new version if clients would take it for a version that is published,
/// announced or deleted.
///
/// A number with tombstones of its own is not refused: only the packages that it had may come back.
pub(super) fn refuse_new(tx: &Tx<'_>, address: &ProviderVersionAddress) -> Result<(), Error> {
    refuse(tx, address, true)
}

/// Refuses to publish a version if clients would take its number for a version that is published or
/// deleted. Of several that were announced before this rule, one can be published.
pub(super) fn refuse_publication(tx: &Tx<'_>, version: &ProviderVersion) -> Result<(), Error> {
    refuse(tx, &version.address, false)
}

/// Refuses a package of another registry if a version is here that clients would take for its own.
pub(super) fn refuse_import(
    tx: &Tx<'_>,
    address: &OriginAddress,
    version: &Version,
) -> Result<(), Error> {
    let other = mirrored::same_precedence_in_tx(tx, address, version)?;
    let other = other.map(|other| (other, NumberStanding::Published));
    refuse_same_number(version, other, true)
}

fn refuse(
    tx: &Tx<'_>,
    address: &ProviderVersionAddress,
    announced_counts: bool,
) -> Result<(), Error> {
    let number = &address.version;
    let deleted = provider_packages::deleted_of_precedence_in_tx(tx, address)?;
    if deleted.contains(number) {
        return Ok(());
    }
    let versions = providers::same_precedence_in_tx(tx, address)?;
    let here = versions.into_iter().map(|version| {
        let standing = NumberStanding::of_known(version.publication.is_some());
        (version.address.version, standing)
    });
    let deleted = deleted.into_iter().map(|it| (it, NumberStanding::Deleted));
    refuse_same_number(number, here.chain(deleted), announced_counts)
}
