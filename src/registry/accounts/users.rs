//! Creating, listing and changing users.

use super::names;
use crate::auth::{
    AdministerSite, Caller, Credential, Grant, ReadMembers, hash_password, random_bits,
};
use crate::domain::{EmailAddress, ShortText, TokenId, User, UserId, Username};
use crate::registry::base::{Error, Registry};
use crate::registry::organizations::{id_for_new_user, take_invitations};
use crate::storage::tables::accounts;

/// The settings of a new user.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: Username,
    /// Their email address; may be empty.
    pub email: ShortText,
    /// A password to sign in with; with `None` the user has only tokens.
    pub password: Option<String>,
    /// Whether they administer the whole registry.
    pub site_admin: bool,
}

/// A change of a user; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Another name.
    pub username: Option<Username>,
    /// Their email address. It is in force at once, and an address that waits is forgotten.
    pub email: Option<ShortText>,
    /// A new password.
    pub password: Option<String>,
    /// Whether they administer the whole registry.
    pub site_admin: Option<bool>,
    /// Whether they are suspended: neither their password nor any of their tokens is accepted.
    pub suspended: Option<bool>,
}

/// The user or token that makes a call.
#[derive(Debug, Clone)]
pub enum Account {
    /// A user.
    User(User),
    /// A token that belongs to an organization or a team: its id and its owner's name.
    Service(TokenId, String),
}

impl Registry {
    /// Returns the user or token that makes a call.
    pub fn account(&self, caller: &Caller) -> Result<Account, Error> {
        let holder = match caller {
            Caller::Anonymous(fault) => return Err(Error::Unauthenticated(*fault)),
            Caller::Operator => {
                return Err(Error::NotFound("an account of the operator".to_owned()));
            }
            Caller::Token(holder) => holder,
        };
        match (&holder.user, &holder.credential) {
            (Some(user), _) => accounts::user_by_id(&self.store, user)?
                .map(Account::User)
                .ok_or_else(|| Error::NotFound("this account".to_owned())),
            (None, Credential::Token(token)) => {
                Ok(Account::Service(token.clone(), holder.name.clone()))
            }
            (None, Credential::Session(_)) => {
                Err(Error::internal("a session that belongs to no user"))
            }
        }
    }

    /// Creates a user, who takes the invitations of their address and their name.
    pub fn create_user(&self, grant: &Grant<AdministerSite>, new: NewUser) -> Result<User, Error> {
        check_address(&new.email)?;
        let mut user = User {
            id: UserId::from_random(random_bits()),
            username: new.username,
            email: new.email,
            unconfirmed_email: None,
            password_hash: new.password.as_deref().map(hash_password).transpose()?,
            site_admin: new.site_admin,
            suspended: false,
            created_at: self.now(),
        };
        self.write(&grant.actor(), "create user", |tx| {
            if accounts::user_named(tx, &user.username)?.is_some() {
                return Err(Error::AlreadyExists(format!(
                    "the user `{}`",
                    user.username
                )));
            }
            user.id = id_for_new_user(tx, user.email.as_str(), &user.username)?;
            accounts::insert_user(tx, &user)?;
            for folded in [folded(&user.email), user.username.folded()] {
                take_invitations(tx, &user.id, &folded)?;
            }
            Ok(())
        })?;
        Ok(user)
    }

    /// Returns a user whom the caller may see: callers see themselves and the users of
    /// organizations whose members they may see, and administrators see everybody.
    pub fn visible_user(&self, caller: &Caller, id: &UserId) -> Result<User, Error> {
        let missing = || Error::NotFound(format!("the user `{id}`"));
        self.require_authenticated(caller)?;
        let user = accounts::user_by_id(&self.store, id)?.ok_or_else(missing)?;
        if caller.user() == Some(id) || self.site_grant(caller).is_ok() {
            return Ok(user);
        }
        let memberships = accounts::memberships_by_user(&self.store, id)?;
        let is_seen = memberships.iter().any(|membership| {
            let organization = membership.organization.as_str();
            self.grant::<ReadMembers>(caller, organization).is_ok()
        });
        if is_seen { Ok(user) } else { Err(missing()) }
    }

    /// Returns every user, by name.
    pub fn list_users(&self, _grant: &Grant<AdministerSite>) -> Result<Vec<User>, Error> {
        let mut users = accounts::all_users(&self.store).collect::<Result<Vec<_>, _>>()?;
        users.sort_by_key(|user| user.username.folded());
        Ok(users)
    }

    /// Changes a user. The last administrator who is not suspended cannot lose that right. A user
    /// who is given an address takes its invitations.
    pub fn update_user(
        &self,
        grant: &Grant<AdministerSite>,
        username: &Username,
        change: UserChange,
    ) -> Result<User, Error> {
        let password_hash = change.password.as_deref().map(hash_password).transpose()?;
        let signs_in_anew = password_hash.is_some();
        self.write(&grant.actor(), "update user", |tx| {
            let mut user = accounts::user_named(tx, username)?
                .ok_or_else(|| Error::NotFound(format!("the user `{username}`")))?;
            let was_administrator = user.site_admin && !user.suspended;
            if let Some(name) = change.username {
                names::give(tx, &mut user, name)?;
            }
            let takes_address = change.email.is_some();
            if let Some(email) = change.email {
                if email != user.email {
                    check_address(&email)?;
                }
                user.email = email;
                user.unconfirmed_email = None;
            }
            user.password_hash = password_hash.or(user.password_hash);
            user.site_admin = change.site_admin.unwrap_or(user.site_admin);
            user.suspended = change.suspended.unwrap_or(user.suspended);
            let is_administrator = user.site_admin && !user.suspended;
            if was_administrator
                && !is_administrator
                && !accounts::other_administrator(tx, &user.id)?
            {
                let reason = "this is the last administrator; make another one first";
                return Err(Error::Conflict(reason.to_owned()));
            }
            if signs_in_anew || user.suspended {
                super::sessions::end_all(tx, &user)?;
            }
            accounts::update_user(tx, &user)?;
            if takes_address {
                take_invitations(tx, &user.id, &folded(&user.email))?;
            }
            Ok(user)
        })
    }

    /// Returns the user with a name.
    pub(in crate::registry) fn user_named(&self, username: &Username) -> Result<User, Error> {
        accounts::user_by_name(&self.store, username)?
            .ok_or_else(|| Error::NotFound(format!("the user `{username}`")))
    }
}

/// Refuses a text that is neither empty nor an email address.
pub(super) fn check_address(email: &ShortText) -> Result<(), Error> {
    if email.as_str().is_empty() {
        return Ok(());
    }
    let checked = email.as_str().parse::<EmailAddress>();
    checked.map_err(|error| Error::invalid("email", error))?;
    Ok(())
}

/// Returns an address in lower case, by which invitations are found.
pub(super) fn folded(email: &ShortText) -> String {
    email.as_str().to_ascii_lowercase()
}
