//! Commands about users, for administrators of the registry.

use serde::{Deserialize, Serialize};

use super::Password;
use super::outcome::Outcome;
use crate::auth::{AdministerSite, Caller, Grant};
use crate::domain::{ShortText, TokenScope, Username};
use crate::registry::accounts::{NewToken, NewUser, UserChange};
use crate::registry::base::{Error, Registry};

/// A command about users.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum UserCommand {
    /// Creates a user, with a first token whose secret is shown once.
    Create {
        /// The name to sign in with.
        username: Username,
        /// Their email address.
        #[serde(default)]
        email: ShortText,
        /// A password to sign in with; with `None` the user has only tokens.
        #[serde(default)]
        password: Option<Password>,
        /// Whether they administer the registry.
        #[serde(default)]
        site_admin: bool,
    },
    /// Lists all users.
    List,
    /// Shows a user with their organizations.
    Show {
        /// The user's name.
        username: Username,
    },
    /// Deletes a user with their memberships and tokens.
    Delete {
        /// The user's name.
        username: Username,
    },
    /// Gives a user another name.
    Rename {
        /// The user's name.
        username: Username,
        /// The new name.
        new_name: Username,
    },
    /// Changes a user; what is absent stays as it is.
    Update {
        /// The user's name.
        username: Username,
        /// Their email address.
        #[serde(default)]
        email: Option<ShortText>,
        /// Their new password.
        #[serde(default)]
        password: Option<Password>,
        /// Whether they administer the registry.
        #[serde(default)]
        site_admin: Option<bool>,
        /// Whether they are suspended: neither their password nor any of their tokens is accepted.
        #[serde(default)]
        suspended: Option<bool>,
    },
}

pub(super) fn carry_out(
    registry: &Registry,
    caller: &Caller,
    command: UserCommand,
) -> Result<Outcome, Error> {
    let grant = registry.site_grant(caller)?;
    match command {
        UserCommand::Create {
            username,
            email,
            password,
            site_admin,
        } => {
            let password = password.map(|password| password.reveal().to_owned());
            let new = NewUser {
                username,
                email,
                password,
                site_admin,
            };
            create(registry, caller, &grant, new)
        }
        UserCommand::Show { username } => {
            let user = registry.user_named(&username)?;
            let organizations = registry.organizations_of_user(&grant, &user.id)?;
            Ok(Outcome::UserDetails(user, organizations))
        }
        UserCommand::List => registry.list_users(&grant).map(Outcome::Users),
        UserCommand::Delete { username } => registry
            .delete_user(&grant, &username)
            .map(|()| Outcome::Done(format!("the user {username} is deleted"))),
        UserCommand::Rename { username, new_name } => {
            let change = UserChange {
                username: Some(new_name),
                ..UserChange::default()
            };
            registry
                .update_user(&grant, &username, change)
                .map(Outcome::User)
        }
        UserCommand::Update {
            username,
            email,
            password,
            site_admin,
            suspended,
        } => {
            let password = password.map(|password| password.reveal().to_owned());
            let change = UserChange {
                username: None,
                email,
                password,
                site_admin,
                suspended,
            };
            registry
                .update_user(&grant, &username, change)
                .map(Outcome::User)
        }
    }
}

/// Creates a user with a first token.
fn create(
    registry: &Registry,
    caller: &Caller,
    grant: &Grant<AdministerSite>,
    new: NewUser,
) -> Result<Outcome, Error> {
    let created = registry.create_user(grant, new)?;
    let first = NewToken {
        description: Some("first token".parse().map_err(Error::internal)?),
        scope: TokenScope::Admin,
        restriction: None,
        end: None,
    };
    let (_, secret) = registry.create_user_token(grant, caller, &created.username, first)?;
    Ok(Outcome::NewUser(created, secret))
}
