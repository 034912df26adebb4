//! Secrets that people see once: API tokens and upload tickets.
//!
//! A token is written `tkp_`, then 52 letters and digits (256 random bits), then 7 more as a
//! checksum. A scanner can so recognise a leaked token, and a mistyped one is refused without a
//! look-up. Only the SHA-256 of a secret is stored; no salt is needed, because the secret is
//! random.

use std::fmt;
use std::sync::LazyLock;

use data_encoding::{BASE64URL_NOPAD, Encoding, Specification};
use zeroize::Zeroizing;

use crate::domain::Sha256;

const TOKEN_PREFIX: &str = "tkp_";

/// The error for a text that is not a secret of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a token of this registry; a token begins with `{TOKEN_PREFIX}`")]
pub struct SecretError;

/// Lower-case base 32: its letters can be read aloud, and a double click selects all of them.
static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification
        .encoding()
        .expect("the alphabet has 32 distinct symbols")
});

/// Returns random bytes from the operating system.
///
/// # Panics
///
/// If the operating system cannot give any: no secret could be made then.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Returns 128 random bits, for identifiers.
pub fn random_bits() -> u128 {
    u128::from_be_bytes(random_bytes())
}

/// The secret of an API token.
#[derive(Clone)]
pub struct TokenSecret(Zeroizing<String>);

impl TokenSecret {
    /// Makes a new secret.
    pub fn generate() -> Self {
        let body = BASE32.encode(&random_bytes::<32>());
        let check = BASE32.encode(&crc32c::crc32c(body.as_bytes()).to_be_bytes());
        Self(Zeroizing::new(format!("{TOKEN_PREFIX}{body}{check}")))
    }

    /// Reads a secret from a text; refuses a wrong form or checksum.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let rest = text.strip_prefix(TOKEN_PREFIX).ok_or(SecretError)?;
        let (body, check) = rest.split_at_checked(52).ok_or(SecretError)?;
        let expected = BASE32.encode(&crc32c::crc32c(body.as_bytes()).to_be_bytes());
        if check == expected {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(SecretError)
        }
    }

    /// Returns the hash of the secret, which is all that is stored.
    pub fn hash(&self) -> Sha256 {
        Sha256::of(self.0.as_bytes())
    }

    /// Returns the secret itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The secret in an upload link: whoever has the link may upload the archive of one version.
#[derive(Clone)]
pub struct UploadTicketSecret(Zeroizing<String>);

impl UploadTicketSecret {
    /// Makes a new secret of 256 random bits.
    pub fn generate() -> Self {
        Self(Zeroizing::new(
            BASE64URL_NOPAD.encode(&random_bytes::<32>()),
        ))
    }

    /// Reads a secret from a path segment; `None` if it has another form.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == 32).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// Returns the hash of the secret, which is all that is stored.
    pub fn hash(&self) -> Sha256 {
        Sha256::of(self.0.as_bytes())
    }

    /// Returns the secret itself, for the link.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UploadTicketSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t49_a_token_is_recognisable_and_checks_itself() {
        let secret = TokenSecret::generate();
        let text = secret.reveal().to_owned();
        assert_eq!(text.len(), 63);
        assert!(TokenSecret::parse(&text).is_ok());
        for at in 4..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(bytes).expect("still ASCII");
            assert!(TokenSecret::parse(&changed).is_err(), "{at}");
        }
        assert_eq!(format!("{secret:?}"), "***");
        assert!(TokenSecret::parse("").is_err());
        assert!(TokenSecret::parse("tkp_äääääääääääääääääääääääääääääääääääääääääää").is_err());
    }
}
