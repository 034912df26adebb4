//! Numbers that clients do not tell apart.
//!
//! `version = "1.0.0"` also accepts `1.0.0+a`: build metadata has no part in the comparison of
//! versions. So a second version that differs in build metadata only would move pins to other
//! packages. A registry from before this rule may have such versions; they go on being served.

use crate::domain::{
    NumberStanding, OriginAddress, ProviderVersion, ProviderVersionAddress, SameNumber, Version,
};
use crate::registry::base::Error;
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
    match other {
        None => Ok(()),
        Some(other) => Err(refused(version, other, NumberStanding::Published)),
    }
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
        let standing = match version.publication {
            Some(_) => NumberStanding::Published,
            None => NumberStanding::Pending,
        };
        (version.address.version, standing)
    });
    let here =
        here.filter(|(_, standing)| announced_counts || *standing != NumberStanding::Pending);
    let deleted = deleted.into_iter().map(|it| (it, NumberStanding::Deleted));
    match here.chain(deleted).next() {
        None => Ok(()),
        Some((other, standing)) => Err(refused(number, other, standing)),
    }
}

fn refused(version: &Version, other: Version, standing: NumberStanding) -> Error {
    let same = SameNumber {
        version: version.clone(),
        other,
        standing,
    };
    Error::invalid("version", same)
}
