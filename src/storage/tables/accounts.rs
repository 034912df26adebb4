//! Users, teams and memberships, with the index tables that find them.

use crate::domain::{
    Membership, MembershipId, OWNERS_TEAM, OrganizationId, Team, TeamId, TeamName, User, UserId,
    Username,
};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Users by id.
#[derive(Debug)]
pub enum Users {}

impl Table for Users {
    const ID: u8 = 3;
    const NAME: &'static str = "users";
    const OWNER: Ownership = Ownership::User;
    type Key = String;
    type Row = User;
}

/// User ids by folded username.
#[derive(Debug)]
pub enum Usernames {}

impl Table for Usernames {
    const ID: u8 = 4;
    const NAME: &'static str = "usernames";
    const OWNER: Ownership = Ownership::Index;
    type Key = String;
    type Row = UserId;
}

/// Teams by id.
#[derive(Debug)]
pub enum Teams {}

impl Table for Teams {
    const ID: u8 = 5;
    const NAME: &'static str = "teams";
    const OWNER: Ownership = Ownership::Organization;
    type Key = String;
    type Row = Team;
}

/// Team ids by organization id and folded team name.
#[derive(Debug)]
pub enum TeamNames {}

impl Table for TeamNames {
    const ID: u8 = 6;
    const NAME: &'static str = "team_names";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, String);
    type Row = TeamId;
}

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

/// Returns the user with an id.
pub fn user_by_id(store: &Store, id: &UserId) -> Result<Option<User>, StoreError> {
    store.get::<Users>(&id.to_string())
}

/// Returns the user with an id, as the running write sees them.
pub fn user_in(tx: &Tx<'_>, id: &UserId) -> Result<Option<User>, StoreError> {
    tx.get::<Users>(&id.to_string())
}

/// Returns the user with a name; upper and lower case are equal.
pub fn user_by_name(store: &Store, name: &Username) -> Result<Option<User>, StoreError> {
    match store.get::<Usernames>(&name.folded())? {
        Some(id) => user_by_id(store, &id),
        None => Ok(None),
    }
}

/// Returns every user.
pub fn all_users(store: &Store) -> impl Iterator<Item = Result<User, StoreError>> + use<> {
    store
        .scan::<Users>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the user with a name, as the running write sees them.
pub fn user_named(tx: &Tx<'_>, name: &Username) -> Result<Option<User>, StoreError> {
    match tx.get::<Usernames>(&name.folded())? {
        Some(id) => tx.get::<Users>(&id.to_string()),
        None => Ok(None),
    }
}

/// Returns whether anybody but `user` administers the site and is not suspended.
pub fn other_administrator(tx: &Tx<'_>, user: &UserId) -> Result<bool, StoreError> {
    for entry in tx.scan::<Users>(&Prefix::all()) {
        let (_, other) = entry?;
        if other.id != *user && other.site_admin && !other.suspended {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds a user; the caller has checked that the name is free.
pub fn insert_user(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    tx.put::<Usernames>(&user.username.folded(), &user.id)?;
    update_user(tx, user)
}

/// Changes a user; the name must stay the same.
pub fn update_user(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    tx.put::<Users>(&user.id.to_string(), user)
}

/// Removes a user; the caller has removed their memberships.
pub fn remove_user(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    tx.remove::<Usernames>(&user.username.folded())?;
    tx.remove::<Users>(&user.id.to_string())?;
    Ok(())
}

/// Returns the team with an id.
pub fn team_by_id(store: &Store, id: &TeamId) -> Result<Option<Team>, StoreError> {
    store.get::<Teams>(&id.to_string())
}

/// Returns the team with an id, as the running write sees it.
pub fn team_in(tx: &Tx<'_>, id: &TeamId) -> Result<Option<Team>, StoreError> {
    tx.get::<Teams>(&id.to_string())
}

/// Returns an organization's teams, sorted by name.
pub fn teams_of(store: &Store, organization: &OrganizationId) -> Result<Vec<Team>, StoreError> {
    let mut teams = Vec::new();
    for entry in store.scan::<TeamNames>(&Prefix::of(|key| key.text(organization.as_str()))) {
        let (_, id) = entry?;
        teams.extend(team_by_id(store, &id)?);
    }
    Ok(teams)
}

/// Returns an organization's teams, as the running write sees them.
pub fn teams_in(tx: &Tx<'_>, organization: &OrganizationId) -> Result<Vec<Team>, StoreError> {
    let mut teams = Vec::new();
    for entry in tx.scan::<TeamNames>(&Prefix::of(|key| key.text(organization.as_str()))) {
        let (_, id) = entry?;
        teams.extend(team_in(tx, &id)?);
    }
    Ok(teams)
}

/// Returns the team with a name in an organization.
pub fn team_by_name(
    store: &Store,
    organization: &OrganizationId,
    name: &TeamName,
) -> Result<Option<Team>, StoreError> {
    match store.get::<TeamNames>(&(organization.to_string(), name.folded()))? {
        Some(id) => team_by_id(store, &id),
        None => Ok(None),
    }
}

/// Returns the team with a name in an organization, as the running write sees it.
pub fn team_named(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    name: &TeamName,
) -> Result<Option<Team>, StoreError> {
    match tx.get::<TeamNames>(&(organization.to_string(), name.folded()))? {
        Some(id) => tx.get::<Teams>(&id.to_string()),
        None => Ok(None),
    }
}

/// Returns an organization's team `owners`, as the running write sees it.
pub fn owners_team(tx: &Tx<'_>, organization: &OrganizationId) -> Result<Option<Team>, StoreError> {
    match OWNERS_TEAM.parse() {
        Ok(name) => team_named(tx, organization, &name),
        Err(_) => Ok(None),
    }
}

/// Adds a team; the caller has checked that the name is free in its organization.
pub fn insert_team(tx: &mut Tx<'_>, team: &Team) -> Result<(), StoreError> {
    tx.put::<TeamNames>(
        &(team.organization.to_string(), team.name.folded()),
        &team.id,
    )?;
    tx.put::<Teams>(&team.id.to_string(), team)
}

/// Removes a team; the caller has removed its members.
pub fn remove_team(tx: &mut Tx<'_>, team: &Team) -> Result<(), StoreError> {
    tx.remove::<TeamNames>(&(team.organization.to_string(), team.name.folded()))?;
    tx.remove::<Teams>(&team.id.to_string())?;
    Ok(())
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

/// Returns the membership with an id.
pub fn membership_by_id(
    store: &Store,
    id: &MembershipId,
) -> Result<Option<Membership>, StoreError> {
    match store.get::<MembershipIds>(&id.to_string())? {
        Some((organization, user)) => membership_of(store, &organization, &user),
        None => Ok(None),
    }
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
        put_membership_id(tx, membership)?;
    }
    Ok(())
}

fn put_membership_id(tx: &mut Tx<'_>, membership: &Membership) -> Result<(), StoreError> {
    let key = membership.id.to_string();
    if tx.contains::<MembershipIds>(&key)? {
        return Ok(());
    }
    let place = (membership.organization.clone(), membership.user.clone());
    tx.put::<MembershipIds>(&key, &place)
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
    put_membership_id(tx, membership)?;
    tx.put::<MembershipsByUser>(&(user.to_string(), organization.to_string()), organization)?;
    tx.put::<Memberships>(&member_key(organization, user), membership)
}

/// Removes a membership.
pub fn remove_membership(tx: &mut Tx<'_>, membership: &Membership) -> Result<(), StoreError> {
    let (organization, user) = (&membership.organization, &membership.user);
    tx.remove::<MembershipIds>(&membership.id.to_string())?;
    tx.remove::<MembershipsByUser>(&(user.to_string(), organization.to_string()))?;
    tx.remove::<Memberships>(&member_key(organization, user))?;
    Ok(())
}
