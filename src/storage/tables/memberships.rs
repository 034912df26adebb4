//! Memberships of users in organizations, with the index tables that find them. Invitations have
//! their place in the index tables, too.

use crate::domain::{Membership, MembershipId, OrganizationId, UserId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Memberships by organization id and user id.
#[derive(Debug)]
pub enum Memberships {}

impl Table for Memberships {
    const ID: u8 = 7;
    const NAME: &'static str = "memberships";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, String);
    type Row = Membership;
}

/// Organization ids by user id and organization id: the organizations that each user is a member
/// of.
#[derive(Debug)]
pub enum MembershipsByUser {}

impl Table for MembershipsByUser {
    const ID: u8 = 8;
    const NAME: &'static str = "memberships_by_user";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, String);
    type Row = OrganizationId;
}

/// Organization ids and user ids by membership id.
#[derive(Debug)]
pub enum MembershipIds {}

impl Table for MembershipIds {
    const ID: u8 = 74;
    const NAME: &'static str = "membership_ids";
    const OWNER: Ownership = Ownership::Index;
    type Key = String;
    type Row = (OrganizationId, UserId);
}

fn member_key(organization: &OrganizationId, user: &UserId) -> (String, String) {
    (organization.to_string(), user.to_string())
}

/// Returns a user's memberships.
pub fn memberships_by_user(store: &Store, user: &UserId) -> Result<Vec<Membership>, StoreError> {
    let mut memberships = Vec::new();
    for entry in store.scan::<MembershipsByUser>(&Prefix::of(|key| key.text(user.as_str()))) {
        let (_, organization) = entry?;
        memberships.extend(store.get::<Memberships>(&member_key(&organization, user))?);
    }
    Ok(memberships)
}

/// Returns a user's memberships, as the running write sees them.
pub fn memberships_by_user_in(tx: &Tx<'_>, user: &UserId) -> Result<Vec<Membership>, StoreError> {
    let mut memberships = Vec::new();
    for entry in tx.scan::<MembershipsByUser>(&Prefix::of(|key| key.text(user.as_str()))) {
        let (_, organization) = entry?;
        memberships.extend(membership(tx, &organization, user)?);
    }
    Ok(memberships)
}

/// Returns an organization's memberships.
pub fn memberships_of(
    store: &Store,
    organization: &OrganizationId,
) -> Result<Vec<Membership>, StoreError> {
    store
        .scan::<Memberships>(&Prefix::of(|key| key.text(organization.as_str())))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns an organization's memberships, as the running write sees them.
pub fn memberships_in(
    tx: &Tx<'_>,
    organization: &OrganizationId,
) -> Result<Vec<Membership>, StoreError> {
    tx.scan::<Memberships>(&Prefix::of(|key| key.text(organization.as_str())))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns a user's membership of an organization.
pub fn membership_of(
    store: &Store,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Membership>, StoreError> {
    store.get::<Memberships>(&member_key(organization, user))
}

/// Returns the organization and the user of the membership or the invitation with an id.
pub fn place_of(
    store: &Store,
    id: &MembershipId,
) -> Result<Option<(OrganizationId, UserId)>, StoreError> {
    store.get::<MembershipIds>(&id.to_string())
}

/// Returns the user of the membership or the invitation with an id in an organization, as the
/// running write sees it.
pub fn user_of_membership_in(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    id: &MembershipId,
) -> Result<Option<UserId>, StoreError> {
    let place = tx.get::<MembershipIds>(&id.to_string())?;
    Ok(place
        .filter(|(of, _)| of == organization)
        .map(|(_, user)| user))
}

/// Returns the organizations that a user belongs to or is invited to, as the running write sees
/// them.
pub(super) fn organizations_of_user_in(
    tx: &Tx<'_>,
    user: &UserId,
) -> Result<Vec<OrganizationId>, StoreError> {
    tx.scan::<MembershipsByUser>(&Prefix::of(|key| key.text(user.as_str())))
        .map(|entry| entry.map(|(_, organization)| organization))
        .collect()
}

/// Returns the organizations that a user belongs to or is invited to.
pub(super) fn organizations_of_user(
    store: &Store,
    user: &UserId,
) -> Result<Vec<OrganizationId>, StoreError> {
    store
        .scan::<MembershipsByUser>(&Prefix::of(|key| key.text(user.as_str())))
        .map(|entry| entry.map(|(_, organization)| organization))
        .collect()
}

/// Returns every membership.
pub fn all_memberships(
    store: &Store,
) -> impl Iterator<Item = Result<Membership, StoreError>> + use<> {
    store
        .scan::<Memberships>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Adds the ids of memberships that were written before the table of ids existed.
pub fn fill_membership_ids(tx: &mut Tx<'_>, memberships: &[Membership]) -> Result<(), StoreError> {
    for membership in memberships {
        let place = (&membership.organization, &membership.user);
        put_membership_id(tx, &membership.id, place)?;
    }
    Ok(())
}

fn put_membership_id(
    tx: &mut Tx<'_>,
    id: &MembershipId,
    (organization, user): (&OrganizationId, &UserId),
) -> Result<(), StoreError> {
    let key = id.to_string();
    if tx.contains::<MembershipIds>(&key)? {
        return Ok(());
    }
    tx.put::<MembershipIds>(&key, &(organization.clone(), user.clone()))
}

/// Adds the index rows of a membership or an invitation: its id, and its organization by user.
pub(super) fn put_place(
    tx: &mut Tx<'_>,
    id: &MembershipId,
    (organization, user): (&OrganizationId, &UserId),
) -> Result<(), StoreError> {
    put_membership_id(tx, id, (organization, user))?;
    tx.put::<MembershipsByUser>(&(user.to_string(), organization.to_string()), organization)
}

/// Removes the index rows of a membership or an invitation.
pub(super) fn remove_place(
    tx: &mut Tx<'_>,
    id: &MembershipId,
    (organization, user): (&OrganizationId, &UserId),
) -> Result<(), StoreError> {
    tx.remove::<MembershipIds>(&id.to_string())?;
    tx.remove::<MembershipsByUser>(&(user.to_string(), organization.to_string()))?;
    Ok(())
}

/// Returns a user's membership of an organization, as the running write sees it.
pub fn membership(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Membership>, StoreError> {
    tx.get::<Memberships>(&member_key(organization, user))
}

/// Adds or changes a membership.
pub fn put_membership(tx: &mut Tx<'_>, membership: &Membership) -> Result<(), StoreError> {
    let (organization, user) = (&membership.organization, &membership.user);
    put_place(tx, &membership.id, (organization, user))?;
    tx.put::<Memberships>(&member_key(organization, user), membership)
}

/// Removes a membership.
pub fn remove_membership(tx: &mut Tx<'_>, membership: &Membership) -> Result<(), StoreError> {
    let (organization, user) = (&membership.organization, &membership.user);
    remove_place(tx, &membership.id, (organization, user))?;
    tx.remove::<Memberships>(&member_key(organization, user))?;
    Ok(())
}
