//! The keys that providers are signed with. Only their public parts are here; for the private ones
//! see `storage::secrets`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{GpgKeyId, KeyNote, OrganizationId, Timestamp};

/// The error for a text that is not a key id.
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
    /// Returns the id as text.
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

/// Who holds the private part of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyHolder {
    /// The publisher who added the key; they sign their releases themselves.
    Publisher,
    /// This registry, which signs releases with it.
    Registry,
    /// Nobody any more: the registry has replaced this key by a newer one.
    Retired,
}

/// The public part of a key that signs the providers of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GpgKey {
    /// The id of this record.
    pub id: GpgKeyId,
    /// The organization that the key belongs to.
    pub organization: OrganizationId,
    /// The OpenPGP key id.
    pub key_id: KeyId,
    /// The fingerprint, in hexadecimal digits.
    pub fingerprint: String,
    /// The algorithm and the length, such as `RSA 4096`.
    pub algorithm: String,
    /// Whether clients before Terraform 1.6 can read the key.
    pub for_all_clients: bool,
    /// Where the key comes from, in its publisher's words; may be empty.
    #[serde(default)]
    pub source: KeyNote,
    /// Who vouches for the key, in its publisher's words: the name is that of the API, and nothing
    /// checks it. May be empty.
    #[serde(default)]
    pub trust_signature: KeyNote,
    /// The public key, armored: byte for byte as its publisher sent it.
    pub armor: String,
    /// Who holds the private part.
    pub holder: KeyHolder,
    /// When the key was added.
    pub created_at: Timestamp,
    /// When the record was last changed.
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
