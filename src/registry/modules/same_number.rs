//! Refuses the number of a module's version that clients do not tell apart from another one.

use crate::domain::{ModuleVersionAddress, NumberStanding, Organization};
use crate::registry::base::{Error, refuse_same_number};
use crate::storage::Tx;
use crate::storage::tables::modules;

/// Refuses the number of a new version if clients would take it for a version that is published,
/// announced or deleted.
///
/// A number that has a tombstone of its own is not refused here: only the bytes that it had may come
/// back, and publishing checks that.
pub(super) fn refuse_new(
    tx: &Tx<'_>,
    organization: &Organization,
    address: &ModuleVersionAddress,
) -> Result<(), Error> {
    if modules::tombstone_in_tx(tx, address)?.is_some() {
        return Ok(());
    }
    refuse(tx, organization, address, true)
}

/// Refuses to publish other bytes under a number that clients would take for a version that is
/// published or deleted. Of several that were announced before this rule, one can be published.
pub(super) fn refuse_publication(
    tx: &Tx<'_>,
    organization: &Organization,
    address: &ModuleVersionAddress,
) -> Result<(), Error> {
    refuse(tx, organization, address, false)
}

fn refuse(
    tx: &Tx<'_>,
    organization: &Organization,
    address: &ModuleVersionAddress,
    announced_counts: bool,
) -> Result<(), Error> {
    let (versions, tombstones) = modules::same_precedence_in_tx(tx, address)?;
    let here = versions.into_iter().map(|version| {
        let standing = NumberStanding::of_known(version.archive.is_some());
        (version.address.version, standing)
    });
    let deleted = tombstones
        .into_iter()
        .filter(|_| !organization.allow_version_reuse)
        .map(|tombstone| (tombstone.address.version, NumberStanding::Deleted));
    refuse_same_number(&address.version, here.chain(deleted), announced_counts)
}
