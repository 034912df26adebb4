//! The keys that providers are signed with. Only public parts are here; see `storage::secrets`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{GpgKeyId, OrganizationId, Timestamp};

/// A text that is not a key id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the id of a key; it is written as 16 hexadecimal digits, as in 51852D87348FFC4C"
)]
pub struct KeyIdError(String);

/// The id of an OpenPGP key: the last 64 bits of a version 4 fingerprint, 16 digits in upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

impl KeyId {
    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        if text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(KeyIdError(text.escape_debug().to_string()))
        }
    }
}

impl TryFrom<String> for KeyId {
    type Error = KeyIdError;

    fn try_from(text: String) -> Result<Self, KeyIdError> {
        text.parse()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who has the private part of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyHolder {
    /// Whoever added the key, and signs elsewhere.
    Publisher,
    /// This registry, which signs with it.
    Registry,
    /// Nobody any more: another took its place.
    Retired,
}

/// The public part of a key, in the organization whose providers it signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GpgKey {
    /// Its id among the objects of this registry.
    pub id: GpgKeyId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its id in the words of OpenPGP.
    pub key_id: KeyId,
    /// Its fingerprint, in hexadecimal digits.
    pub fingerprint: String,
    /// What kind of key it is, in words: `RSA 4096`.
    pub algorithm: String,
    /// Whether clients before Terraform 1.6 can read it.
    pub for_all_clients: bool,
    /// The public key, armored.
    pub armor: String,
    /// Who has the private part.
    pub holder: KeyHolder,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_ids_are_sixteen_digits_in_upper_case() {
        let id: KeyId = "51852d87348ffc4c".parse().expect("an id");
        assert_eq!(id.as_str(), "51852D87348FFC4C");
        for bad in [
            "",
            "51852D87348FFC4",
            "0x51852D87348FFC",
            "51852D87348FFC4G",
        ] {
            assert!(bad.parse::<KeyId>().is_err(), "{bad:?}");
        }
    }
}
