//! The first password of a user who signed in by a link and has none.

use crate::auth::{Caller, SessionSecret, hash_password};
use crate::domain::User;
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{accounts, sessions};

impl Registry {
    /// Returns whether the user of a session may set a password without typing the present one:
    /// there is none, and they signed in by a link not long ago.
    pub fn may_set_first_password(&self, secret: &SessionSecret) -> Result<bool, Error> {
        let Some(session) = sessions::by_hash(&self.store, &secret.hash())? else {
            return Ok(false);
        };
        let user = accounts::user_by_id(&self.store, &session.user)?;
        let has_none = user.is_some_and(|user| user.password_hash.is_none());
        Ok(has_none && session.may_set_first_password(self.now()))
    }

    /// Gives the calling user a first password, and ends all of their sessions.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if they may not set one so, or if the password is too short.
    pub fn set_first_password(
        &self,
        (caller, secret): (&Caller, &SessionSecret),
        new: &str,
    ) -> Result<User, Error> {
        let actor = Self::actor_of(caller)?;
        let id = caller.user().filter(|_| caller.is_authenticated());
        let id = id.ok_or_else(refused)?;
        if !self.may_set_first_password(secret)? {
            return Err(refused());
        }
        let password_hash = hash_password(new)?;
        self.write(&actor, "set first password", |tx| {
            let mut user = accounts::user_in(tx, id)?.ok_or_else(refused)?;
            // An administrator may have set one meanwhile.
            if user.password_hash.is_some() {
                return Err(refused());
            }
            user.password_hash = Some(password_hash);
            accounts::update_user(tx, &user)?;
            super::sessions::end_all(tx, &user)?;
            Ok(user)
        })
    }
}

fn refused() -> Error {
    let reason = "a first password can be set for an hour after the sign-in by a link; an \
                  administrator of this registry can set one as well";
    Error::invalid("new", reason)
}
