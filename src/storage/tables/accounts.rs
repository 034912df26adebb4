//! Users and teams, with the index tables that find them. Memberships are in a file of their own.

pub use super::memberships::{
    MembershipIds, Memberships, MembershipsByUser, all_memberships, fill_membership_ids,
    membership, membership_of, memberships_by_user, memberships_by_user_in, memberships_in,
    memberships_of, place_of, put_membership, remove_membership, user_of_membership_in,
};
use crate::domain::{OWNERS_TEAM, OrganizationId, Team, TeamId, TeamName, User, UserId, Username};
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

/// User ids by the folded names that users had before: a name stays theirs.
#[derive(Debug)]
pub enum FormerUsernames {}

impl Table for FormerUsernames {
    const ID: u8 = 86;
    const NAME: &'static str = "former_usernames";
    const OWNER: Ownership = Ownership::User;
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

/// Returns whether any user has this email address; upper and lower case are equal.
pub fn has_email(tx: &Tx<'_>, email: &str) -> Result<bool, StoreError> {
    for entry in tx.scan::<Users>(&Prefix::all()) {
        let (_, user) = entry?;
        if user.email.as_str().eq_ignore_ascii_case(email) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds a user; the caller has checked that the name is free. Nobody else had it before any more.
pub fn insert_user(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    tx.remove::<FormerUsernames>(&user.username.folded())?;
    tx.put::<Usernames>(&user.username.folded(), &user.id)?;
    update_user(tx, user)
}

/// Gives a user another name; the caller has checked that it is free. The old one stays theirs.
pub fn rename_user(tx: &mut Tx<'_>, user: &mut User, name: Username) -> Result<(), StoreError> {
    let old = user.username.folded();
    tx.remove::<Usernames>(&old)?;
    if old != name.folded() {
        tx.put::<FormerUsernames>(&old, &user.id)?;
    }
    user.username = name;
    insert_user(tx, user)
}

/// Returns who had a name before, as the running write sees it; `None` if nobody had.
pub fn former_owner(tx: &Tx<'_>, name: &Username) -> Result<Option<UserId>, StoreError> {
    tx.get::<FormerUsernames>(&name.folded())
}

/// Changes a user; the name must stay the same.
pub fn update_user(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    tx.put::<Users>(&user.id.to_string(), user)
}

/// Removes a user; the caller has removed their memberships.
pub fn remove_user(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    let mut former = Vec::new();
    for entry in tx.scan::<FormerUsernames>(&Prefix::all()) {
        former.extend(entry.map(|(name, id)| (id == user.id).then_some(name))?);
    }
    for name in &former {
        tx.remove::<FormerUsernames>(name)?;
    }
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
