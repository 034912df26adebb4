//! The name of a team at the versions that it published. It follows the team: where a team gets
//! another name, they show that one, and where it becomes secret, they stop naming it.

use super::organization::organization_in;
use crate::domain::{Actor, Team};
use crate::registry::base::Error;
use crate::storage::Tx;
use crate::storage::tables::modules;

/// Writes the new name of a team's tokens at the versions that were published with them. The tokens
/// may be gone, so the versions are found by the former name; those of secret teams have none.
pub(super) fn rename_publisher(tx: &mut Tx<'_>, before: &Team, after: &Team) -> Result<(), Error> {
    let (old, new) = (before.name_of_tokens(), after.name_of_tokens());
    if old == new || before.is_secret() {
        return Ok(());
    }
    let namespace = organization_in(tx, &after.organization)?.name;
    for module in modules::all_in_tx(tx, &namespace)? {
        for mut version in modules::versions_in_tx(tx, &module.address)? {
            let archive = version.archive.as_mut();
            if let Some(archive) = archive
                && let Actor::Token {
                    user: None, name, ..
                } = &mut archive.published_by
                && *name == old
            {
                name.clone_from(&new);
                modules::put_version(tx, &version)?;
            }
        }
    }
    Ok(())
}
