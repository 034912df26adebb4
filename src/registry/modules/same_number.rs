//! Numbers that clients do not tell apart.
//!
//! `version = "1.0.0"` also accepts `1.0.0+a`: build metadata has no part in the comparison of
//! versions. So a second version that differs in build metadata only would move pins to other bytes.
//! A registry from before this rule may have such versions; they go on being served.

use crate::domain::{ModuleVersionAddress, NumberStanding, Organization, SameNumber};
use crate::registry::base::Error;
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
        let standing = match version.archive {
            Some(_) => NumberStanding::Published,
            None => NumberStanding::Pending,
        };
        (version.address.version, standing)
    });
    let here =
        here.filter(|(_, standing)| announced_counts || *standing != NumberStanding::Pending);
    let deleted = tombstones
        .into_iter()
        .filter(|_| !organization.allow_version_reuse)
        .map(|tombstone| (tombstone.address.version, NumberStanding::Deleted));
    match here.chain(deleted).next() {
        None => Ok(()),
        Some((other, standing)) => Err(Error::invalid(
            "version",
            SameNumber {
                version: address.version.clone(),
                other,
                standing,
            },
        )),
    }
}
