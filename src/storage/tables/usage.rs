//! How much each organization stores: sums that change together with the rows that name files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::Namespace;
use crate::storage::{Ownership, Store, StoreError, Table, Tx};

/// Usage by the folded name of the organization. An organization that stores nothing has no row.
#[derive(Debug)]
pub enum Usages {}

impl Table for Usages {
    const ID: u8 = 71;
    const NAME: &'static str = "usage";
    const OWNER: Ownership = Ownership::Site;
    type Key = String;
    type Row = Usage;
}

/// The sizes of the files that the rows of an organization name, in bytes. A file counts once for
/// each row that names it, whether or not other rows name it, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// The files of published versions.
    pub published: u64,
    /// The files of provider versions that are not published yet.
    pub staged: u64,
}

impl Usage {
    /// Returns the size of all files.
    pub fn total(self) -> u64 {
        self.published.saturating_add(self.staged)
    }
}

/// Returns the usage of an organization.
pub fn of(store: &Store, organization: &Namespace) -> Result<Usage, StoreError> {
    Ok(store
        .get::<Usages>(&organization.folded())?
        .unwrap_or_default())
}

/// Returns the usage of an organization, as the running write sees it.
pub fn in_tx(tx: &Tx<'_>, organization: &Namespace) -> Result<Usage, StoreError> {
    Ok(tx
        .get::<Usages>(&organization.folded())?
        .unwrap_or_default())
}

/// Sets the usage of organizations that have been counted.
pub fn fill(tx: &mut Tx<'_>, counted: &BTreeMap<String, Usage>) -> Result<(), StoreError> {
    for (organization, usage) in counted {
        tx.put::<Usages>(organization, usage)?;
    }
    Ok(())
}

/// Changes the usage of an organization.
pub(super) fn change(
    tx: &mut Tx<'_>,
    organization: &Namespace,
    change: impl FnOnce(&mut Usage),
) -> Result<(), StoreError> {
    let before = in_tx(tx, organization)?;
    let mut after = before;
    change(&mut after);
    if after == before {
        return Ok(());
    }
    if after == Usage::default() {
        tx.remove::<Usages>(&organization.folded())?;
        return Ok(());
    }
    tx.put::<Usages>(&organization.folded(), &after)
}

/// Replaces `before` bytes of a sum by `after` bytes.
pub(super) fn replace(sum: &mut u64, before: u64, after: u64) {
    *sum = sum.saturating_sub(before).saturating_add(after);
}
