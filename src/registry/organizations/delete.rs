//! Deleting an organization with everything in it.
//!
//! Published versions leave tombstones. If somebody takes the name again, the addresses that people
//! have in their configurations still never lead to other bytes.

use super::administration::end_sharing_with;
use crate::auth::{Grant, ManageOrganization};
use crate::domain::{Actor, Namespace, OrganizationId, Timestamp, TokenOwner};
use crate::registry::base::{Error, Registry, organization_of};
use crate::registry::modules::delete_whole;
use crate::registry::providers::Deleting;
use crate::storage::Tx;
use crate::storage::tables::{
    accounts, credentials, downloads, gpg_keys, invitations, modules, organizations, projects,
    providers, public_modules, public_providers, ssh_keys, uploads,
};

/// How many versions one journal record deletes at most, about. The record takes half a kilobyte
/// for each, and nobody else can write meanwhile.
const VERSIONS_AT_ONCE: usize = 20_000;

impl Registry {
    /// Deletes an organization: its modules, providers, keys, teams, memberships, invitations, tokens and upload
    /// links.
    ///
    /// One journal record does it. Only if there are very many versions, whole modules are deleted
    /// before, in records of their own; if this is interrupted, another call deletes the rest.
    /// Files are removed a moment later.
    pub fn delete_organization(&self, grant: &Grant<ManageOrganization>) -> Result<(), Error> {
        let organization = organization_of(grant)?;
        let (id, name) = (organization.id.clone(), organization.name.clone());
        let (actor, now) = (grant.actor(), self.now());
        // Counters written later would be rows of modules that no longer exist.
        self.write_counters()?;
        let mut secrets = Vec::new();
        loop {
            let is_gone = self.write(&actor, "delete organization", |tx| {
                organizations::in_tx(tx, &id)?
                    .ok_or_else(|| Error::NotFound(format!("the organization `{name}`")))?;
                let all = delete_modules(tx, &name, (&actor, now))?;
                if all {
                    delete_people(tx, &id)?;
                    uploads::remove_of(tx, &id)?;
                    for key in ssh_keys::of_organization_in(tx, &id)? {
                        ssh_keys::remove(tx, &key.id)?;
                        secrets.push(key.id.to_string());
                    }
                    for project in projects::ids_in_tx(tx, &id)? {
                        projects::remove(tx, &project)?;
                    }
                    for module in public_modules::list_in(tx, &id)? {
                        public_modules::remove(tx, &module)?;
                    }
                    for provider in public_providers::list_in(tx, &id)? {
                        public_providers::remove(tx, &provider)?;
                    }
                    let mut deleting = Deleting {
                        actor: &actor,
                        now,
                        freed: &mut Vec::new(),
                    };
                    for provider in providers::all_in_tx(tx, &name)? {
                        deleting.provider(tx, &provider)?;
                    }
                    for key in gpg_keys::list_in_tx(tx, &id)? {
                        gpg_keys::remove(tx, &key)?;
                        secrets.push(key.id.to_string());
                    }
                    end_sharing_with(tx, &id)?;
                    organizations::remove(tx, &id, &name)?;
                }
                Ok::<_, Error>(all)
            })?;
            if is_gone {
                break;
            }
        }
        for id in &secrets {
            self.forget_secret(id);
        }
        Ok(())
    }
}

/// Deletes modules of a namespace; returns whether none is left.
fn delete_modules(
    tx: &mut Tx<'_>,
    namespace: &Namespace,
    (actor, now): (&Actor, Timestamp),
) -> Result<bool, Error> {
    let mut deleted = 0;
    for module in modules::all_in_tx(tx, namespace)? {
        if deleted >= VERSIONS_AT_ONCE {
            return Ok(false);
        }
        deleted += delete_whole(tx, &module, actor, now)?.len();
        downloads::remove_of(tx, &module.address)?;
    }
    Ok(true)
}

/// Deletes teams, memberships, invitations, and the tokens of the organization and of its teams; users stay.
fn delete_people(tx: &mut Tx<'_>, id: &OrganizationId) -> Result<(), Error> {
    for membership in accounts::memberships_in(tx, id)? {
        accounts::remove_membership(tx, &membership)?;
    }
    for invitation in invitations::of_in(tx, id)? {
        invitations::remove(tx, &invitation)?;
    }
    for team in accounts::teams_in(tx, id)? {
        credentials::revoke_all_of(tx, &TokenOwner::Team(team.id.clone()))?;
        accounts::remove_team(tx, &team)?;
    }
    credentials::revoke_all_of(tx, &TokenOwner::Organization(id.clone()))?;
    Ok(())
}
