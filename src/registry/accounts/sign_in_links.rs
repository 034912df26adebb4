//! Links that sign a user in once, without a password. They are kept in memory only, so that none
//! is left after a restart.

use crate::auth::{AdministerSite, Grant, SessionSecret, SignInSecret};
use crate::domain::{User, Username};
use crate::registry::base::state::SignInLink;
use crate::registry::base::{Error, Registry, lock};
use crate::storage::tables::accounts;

/// How long a link works, in seconds.
const LIFETIME_SECONDS: i64 = 15 * 60;

impl Registry {
    /// Makes the secret of a link for a user. An earlier link of this user does not work any more.
    pub fn create_sign_in_link(
        &self,
        _grant: &Grant<AdministerSite>,
        username: &Username,
    ) -> Result<SignInSecret, Error> {
        let user = self.user_named(username)?.id;
        let expires_at = self.now().plus_seconds(LIFETIME_SECONDS);
        let secret = SignInSecret::generate();
        let mut links = lock(&self.state.accounts.sign_in_links);
        links.retain(|_, link| link.user != user && link.expires_at > self.now());
        links.insert(secret.hash(), SignInLink { user, expires_at });
        Ok(secret)
    }

    /// Returns the user whom a link signs in; `None` if it was used, has expired or is not known. It
    /// can still be used afterwards.
    pub fn sign_in_link_user(&self, secret: &SignInSecret) -> Result<Option<User>, Error> {
        let link = lock(&self.state.accounts.sign_in_links)
            .get(&secret.hash())
            .cloned();
        self.user_of_link(link)
    }

    /// Uses a link up, and begins a session of its user; `None` if it does not work any more.
    pub fn sign_in_by_link(&self, secret: &SignInSecret) -> Result<Option<SessionSecret>, Error> {
        // Of several that use it at the same time, one finds it.
        let link = lock(&self.state.accounts.sign_in_links).remove(&secret.hash());
        match self.user_of_link(link)? {
            Some(user) => self.begin_session_by_link(&user).map(Some),
            None => Ok(None),
        }
    }

    fn user_of_link(&self, link: Option<SignInLink>) -> Result<Option<User>, Error> {
        let Some(link) = link.filter(|link| link.expires_at > self.now()) else {
            return Ok(None);
        };
        let user = accounts::user_by_id(&self.store, &link.user)?;
        Ok(user.filter(|user| !user.suspended))
    }
}
