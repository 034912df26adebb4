//! Invitations by organization and user id, and by the invited address or name.
//!
//! An invitation has its place in the index tables of memberships, too: its id becomes that of the
//! membership, and its user id that of the user.

use super::memberships;
use crate::domain::{Invitation, OrganizationId, UserId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Invitations by organization id and the id of the user who does not exist yet.
#[derive(Debug)]
pub enum Invitations {}

impl Table for Invitations {
    const ID: u8 = 84;
    const NAME: &'static str = "invitations";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, String);
    type Row = Invitation;
}

/// User ids by the folded address or name, and organization id.
#[derive(Debug)]
pub enum InvitationsByInvitee {}

impl Table for InvitationsByInvitee {
    const ID: u8 = 85;
    const NAME: &'static str = "invitations_by_invitee";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, String);
    type Row = UserId;
}

fn key(organization: &OrganizationId, user: &UserId) -> (String, String) {
    (organization.to_string(), user.to_string())
}

fn invitee_key(invitation: &Invitation) -> (String, String) {
    let organization = invitation.organization.to_string();
    (invitation.invitee.folded(), organization)
}

/// Returns every invitation.
pub fn all(store: &Store) -> Result<Vec<Invitation>, StoreError> {
    store
        .scan::<Invitations>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns an organization's invitations.
pub fn of(store: &Store, organization: &OrganizationId) -> Result<Vec<Invitation>, StoreError> {
    store
        .scan::<Invitations>(&Prefix::of(|key| key.text(organization.as_str())))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns an organization's invitations, as the running write sees them.
pub fn of_in(tx: &Tx<'_>, organization: &OrganizationId) -> Result<Vec<Invitation>, StoreError> {
    tx.scan::<Invitations>(&Prefix::of(|key| key.text(organization.as_str())))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns the invitation of a user id to an organization.
pub fn by_place(
    store: &Store,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Invitation>, StoreError> {
    store.get::<Invitations>(&key(organization, user))
}

/// Returns the invitation of a user id to an organization, as the running write sees it.
pub fn by_place_in(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Invitation>, StoreError> {
    tx.get::<Invitations>(&key(organization, user))
}

/// Returns the invitations with a user id.
pub fn by_user(store: &Store, user: &UserId) -> Result<Vec<Invitation>, StoreError> {
    let mut found = Vec::new();
    for organization in memberships::organizations_of_user(store, user)? {
        found.extend(by_place(store, &organization, user)?);
    }
    Ok(found)
}

/// Returns the invitations with a user id, as the running write sees them.
pub fn by_user_in(tx: &Tx<'_>, user: &UserId) -> Result<Vec<Invitation>, StoreError> {
    let mut found = Vec::new();
    for organization in memberships::organizations_of_user_in(tx, user)? {
        found.extend(by_place_in(tx, &organization, user)?);
    }
    Ok(found)
}

/// Returns the invitations of a folded address or name, as the running write sees them.
pub fn by_invitee_in(tx: &Tx<'_>, folded: &str) -> Result<Vec<Invitation>, StoreError> {
    let places = tx
        .scan::<InvitationsByInvitee>(&Prefix::of(|key| key.text(folded)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for ((_, organization), user) in places {
        found.extend(tx.get::<Invitations>(&(organization, user.to_string()))?);
    }
    Ok(found)
}

/// Adds or changes an invitation.
pub fn put(tx: &mut Tx<'_>, invitation: &Invitation) -> Result<(), StoreError> {
    let (organization, user) = (&invitation.organization, &invitation.user);
    memberships::put_place(tx, &invitation.id, (organization, user))?;
    tx.put::<InvitationsByInvitee>(&invitee_key(invitation), user)?;
    tx.put::<Invitations>(&key(organization, user), invitation)
}

/// Removes an invitation.
pub fn remove(tx: &mut Tx<'_>, invitation: &Invitation) -> Result<(), StoreError> {
    let (organization, user) = (&invitation.organization, &invitation.user);
    memberships::remove_place(tx, &invitation.id, (organization, user))?;
    tx.remove::<InvitationsByInvitee>(&invitee_key(invitation))?;
    tx.remove::<Invitations>(&key(organization, user))?;
    Ok(())
}
