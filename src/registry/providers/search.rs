//! Finding providers by their addresses.

use crate::auth::Caller;
use crate::domain::Provider;
use crate::registry::base::{Error, Registry};

impl Registry {
    /// Returns the providers that the caller may see and whose addresses have all of the words,
    /// those with the newest versions first.
    pub fn find_providers(&self, caller: &Caller, words: &str) -> Result<Vec<Provider>, Error> {
        let words = words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let mut found = self.visible_providers(caller)?;
        found.retain(|provider| {
            let address = provider.address.folded();
            words.iter().all(|word| address.contains(word))
        });
        found.sort_by(|a, b| {
            let newest = b.updated_at.cmp(&a.updated_at);
            newest.then_with(|| a.address.cmp(&b.address))
        });
        Ok(found)
    }
}
