//! Changes that users make of their own names and addresses.

use super::names;
use super::users::{Account, check_address, folded};
use crate::auth::Caller;
use crate::domain::{ShortText, TokenScope, Username};
use crate::registry::base::{Error, Registry};
use crate::registry::organizations::take_invitations;
use crate::storage::tables::accounts;

/// A change of one's own account; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct OwnAccountChange {
    /// Another name.
    pub username: Option<Username>,
    /// Another email address.
    pub email: Option<ShortText>,
}

impl Registry {
    /// Changes the calling user's name or email address.
    ///
    /// People are invited by their addresses. So an address is in force at once only if an
    /// administrator changes their own; that of another user waits until an administrator confirms
    /// it, and the present one cancels that.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a name that is not free and for a text that is no address;
    /// [`Error::Forbidden`] for a token that may not do everything that its user may.
    pub fn update_own_account(
        &self,
        caller: &Caller,
        change: OwnAccountChange,
    ) -> Result<Account, Error> {
        let user = match self.account(caller)? {
            Account::User(user) => user,
            Account::Service(..) => return Err(Error::NotFound("a user of this token".to_owned())),
        };
        let name = change.username.filter(|name| *name != user.username);
        let is_other = |email: &ShortText| *email != user.email || user.unconfirmed_email.is_some();
        let email = change.email.filter(is_other);
        if name.is_none() && email.is_none() {
            return Ok(Account::User(user));
        }
        if caller.scope() != TokenScope::Admin || caller.is_restricted() {
            let reason = "this token may not change the account of its user; use one of the scope \
                          `admin` that is not limited to an organization or a module";
            return Err(Error::Forbidden(reason.to_owned()));
        }
        if let Some(email) = email.as_ref().filter(|email| **email != user.email) {
            if email.as_str().is_empty() {
                let reason = "an email address cannot be taken away; give another one";
                return Err(Error::invalid("email", reason));
            }
            check_address(email)?;
        }
        let confirms = self.site_grant(caller).is_ok();
        let action = match (&name, &email) {
            (Some(_), _) => "rename own account",
            (None, _) => "change own address",
        };
        self.write(&Self::actor_of(caller)?, action, |tx| {
            let mut user = accounts::user_in(tx, &user.id)?
                .ok_or_else(|| Error::NotFound("this account".to_owned()))?;
            if let Some(name) = name {
                if confirms {
                    names::give(tx, &mut user, name)?;
                } else {
                    names::take(tx, &mut user, name)?;
                }
            }
            match email {
                None => {}
                Some(email) if confirms || email == user.email => {
                    user.email = email;
                    user.unconfirmed_email = None;
                }
                Some(email) => {
                    let address = email.as_str().parse();
                    let address = address.map_err(|error| Error::invalid("email", error))?;
                    user.unconfirmed_email = Some(address);
                }
            }
            accounts::update_user(tx, &user)?;
            if confirms {
                take_invitations(tx, &user.id, &folded(&user.email))?;
            }
            Ok(Account::User(user))
        })
    }
}
