//! The secret in a link that signs a user in once, and in the code that a program gets for a token.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

use super::secret::random_bytes;
use crate::domain::Sha256;

const SECRET_BYTES: usize = 32;

/// A secret of 256 random bits: whoever has it may sign in once as one user.
#[derive(Clone)]
pub struct SignInSecret(Zeroizing<String>);

impl SignInSecret {
    /// Makes a new secret.
    pub fn generate() -> Self {
        let bytes = Zeroizing::new(random_bytes::<SECRET_BYTES>());
        Self(Zeroizing::new(BASE64URL_NOPAD.encode(&*bytes)))
    }

    /// Reads a secret from a link; `None` if it has another form.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
        (bytes.len() == SECRET_BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// Returns the hash of the secret, which is all that is kept.
    pub fn hash(&self) -> Sha256 {
        Sha256::of(self.0.as_bytes())
    }

    /// Returns the secret itself, for the link.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SignInSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_secret_reads_back_and_is_not_shown() {
        let secret = SignInSecret::generate();
        let again = SignInSecret::parse(secret.reveal()).expect("its own form");
        assert_eq!(again.hash(), secret.hash());
        assert_eq!(format!("{secret:?}"), "***");
        for bad in ["", "AAAA", &"A".repeat(44), &"ä".repeat(21)] {
            assert!(SignInSecret::parse(bad).is_none(), "{bad}");
        }
    }
}
