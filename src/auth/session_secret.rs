//! The secret in a browser's session cookie, and the form tokens that are derived from it.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256 as HashOfMac;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::secret::random_bytes;
use crate::domain::Sha256;

const SECRET_BYTES: usize = 32;
const NONCE_BYTES: usize = 16;

/// A secret of 256 random bits that a browser keeps for as long as the user is signed in there.
#[derive(Clone)]
pub struct SessionSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl SessionSecret {
    /// Makes a new secret.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random_bytes()))
    }

    /// Reads a secret from a cookie's value; `None` if it has another form.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        bytes
            .try_into()
            .ok()
            .map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// Returns the hash of the secret, which is all that is stored.
    pub fn hash(&self) -> Sha256 {
        Sha256::of(&*self.0)
    }

    /// Returns the secret itself, for the cookie.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(&*self.0))
    }

    /// Returns the token for the forms of the page at `address`.
    ///
    /// Each address has a token of its own that never changes, so a page can be revalidated instead
    /// of sent again. If an attacker adds text to an address to measure compressed responses, the
    /// token changes, too.
    pub fn form_token(&self, address: &str) -> String {
        let nonce = self.mac(b"nonce", address.as_bytes());
        let nonce = nonce.get(..NONCE_BYTES).unwrap_or_default();
        let mut token = nonce.to_vec();
        token.extend(self.mac(b"form", nonce));
        BASE64URL_NOPAD.encode(&token)
    }

    /// Checks that a form's token was made with this secret, for any page.
    pub fn verifies_form_token(&self, token: &str) -> bool {
        let Ok(bytes) = BASE64URL_NOPAD.decode(token.as_bytes()) else {
            return false;
        };
        let Some((nonce, shown)) = bytes.split_at_checked(NONCE_BYTES) else {
            return false;
        };
        self.mac(b"form", nonce).ct_eq(shown).into()
    }

    fn mac(&self, purpose: &[u8], text: &[u8]) -> Vec<u8> {
        let mut mac = <Hmac<HashOfMac> as KeyInit>::new_from_slice(&*self.0)
            .expect("HMAC takes keys of any length");
        mac.update(purpose);
        mac.update(&[0]);
        mac.update(text);
        mac.finalize().into_bytes().to_vec()
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t46_a_form_token_is_good_for_its_own_session_only() {
        let (mine, other) = (SessionSecret::generate(), SessionSecret::generate());
        let token = mine.form_token("/settings/tokens");
        assert!(mine.verifies_form_token(&token));
        assert_eq!(token, mine.form_token("/settings/tokens"));
        assert_ne!(token, mine.form_token("/settings/tokens?q=a"));
        assert!(!other.verifies_form_token(&token));
        for bad in ["", "A", "AAAA", &token[1..], &format!("{token}AAAA")] {
            assert!(!mine.verifies_form_token(bad), "{bad:?}");
        }
    }

    #[test]
    fn t54_a_secret_reads_back_and_is_not_shown() {
        let secret = SessionSecret::generate();
        let again = SessionSecret::parse(&secret.reveal()).expect("its own form");
        assert_eq!(again.hash(), secret.hash());
        assert_eq!(secret.reveal().len(), 43);
        assert_eq!(format!("{secret:?}"), "***");
        for bad in ["", "AAAA", &"A".repeat(44)] {
            assert!(SessionSecret::parse(bad).is_none(), "{bad}");
        }
    }
}
