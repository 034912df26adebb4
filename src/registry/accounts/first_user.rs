//! A registry without users: nobody can sign in, and only its operator can change that.

use crate::domain::shell_word;
use crate::registry::base::{Error, Registry};
use crate::storage::tables::accounts;

impl Registry {
    /// Returns the command that makes the first user while the registry is stopped; `None` if there
    /// is a user already.
    pub fn first_user_command(&self) -> Result<Option<String>, Error> {
        if accounts::all_users(&self.store)
            .next()
            .transpose()?
            .is_some()
        {
            return Ok(None);
        }
        let root = self.blobs.data_dir().root();
        // Whoever types it may be in another directory.
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let root = shell_word(&root.display().to_string());
        Ok(Some(format!(
            "terrakeep user create NAME --admin --data-dir {root}"
        )))
    }
}
