//! Opaque identifiers with a prefix that names their kind, in the form of the TFE API.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The error for a text that is not an identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id of this kind is written `{prefix}-` and 16 letters or digits")]
pub struct IdError {
    prefix: &'static str,
}

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const RANDOM_CHARACTERS: usize = 16;

fn letters(seed: u128) -> String {
    let base = u128::from(u8::try_from(ALPHABET.len()).unwrap_or(58));
    let mut rest = seed;
    (0..RANDOM_CHARACTERS)
        .map(|_| {
            let digit = usize::try_from(rest % base).unwrap_or(0);
            rest /= base;
            char::from(ALPHABET.get(digit).copied().unwrap_or(b'1'))
        })
        .collect()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The prefix of all identifiers of this kind.
            pub const PREFIX: &'static str = $prefix;

            /// Makes an identifier from 128 random bits.
            pub fn from_random(bits: u128) -> Self {
                Self(format!("{}-{}", $prefix, letters(bits)))
            }

            /// Returns the identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let rest = text
                    .strip_prefix(concat!($prefix, "-"))
                    .ok_or(IdError { prefix: $prefix })?;
                if rest.len() == RANDOM_CHARACTERS && rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { prefix: $prefix })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(/** An organization's external id. */ OrganizationId, "org");
id!(/** A user's id. */ UserId, "user");
id!(/** A team's id. */ TeamId, "team");
id!(/** The id of one user's membership of one organization. */ MembershipId, "ou");
id!(/** A token's public id, which is not secret. */ TokenId, "at");
id!(/** The public id of somebody's being signed in, which is not secret. */ SessionId, "ses");
id!(/** A module's id. */ ModuleId, "mod");
id!(/** The id of one version of a module. */ ModuleVersionId, "modver");
id!(/** The id of an SSH key. */ SshKeyId, "sshkey");
id!(/** The id of a tag of a module. */ TagBindingId, "tb");
id!(/** A project's id. */ ProjectId, "prj");
id!(/** A provider's id. */ ProviderId, "prov");
id!(/** The id of one version of a provider. */ ProviderVersionId, "provver");
id!(/** The id of a version's package for one platform. */ ProviderPackageId, "provpltfrm");
id!(/** The id of a key that providers are signed with. */ GpgKeyId, "gpgkey");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_and_keep_their_kinds_apart() {
        let id = UserId::from_random(u128::MAX);
        assert_eq!(id.as_str().parse::<UserId>().as_ref(), Ok(&id));
        assert!(id.as_str().parse::<TeamId>().is_err());
        assert_ne!(UserId::from_random(1), UserId::from_random(2));
        assert!("user-short".parse::<UserId>().is_err());
    }
}
