//! Names of each kind. Each kind has its own type and grammar, so a value of the type is valid.
//!
//! The grammars are Terraform's own (module registry protocol, and the organization rules of the
//! Terraform Enterprise API). A name keeps the case that it was created with; look-ups ignore case
//! by the form for keys, which [`Namespace::folded`] and its siblings return.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest name, in bytes; Terraform's own limit for each part of a module address.
pub(super) const MAX_NAME_BYTES: usize = 64;

/// Why a text is not a valid name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The text is empty.
    #[error("{what} must not be empty")]
    Empty {
        /// The kind of name, in words.
        what: &'static str,
    },
    /// The text has too many bytes.
    #[error("{what} must not be longer than {MAX_NAME_BYTES} characters")]
    TooLong {
        /// The kind of name, in words.
        what: &'static str,
    },
    /// The text has characters outside the grammar.
    #[error("{what} `{shown}` may contain only {grammar}")]
    Grammar {
        /// The kind of name, in words.
        what: &'static str,
        /// The refused text, escaped for display.
        shown: String,
        /// The allowed characters, in words.
        grammar: &'static str,
    },
    /// The text is a word that the URL space uses itself.
    #[error("the organization name `{0}` is reserved for pages of the registry")]
    Reserved(String),
}

const WORD: &str = "letters, digits, `-` and `_`, beginning and ending with a letter or digit";
const LOWER: &str = "lower-case letters and digits";
const DASHED: &str = "lower-case letters, digits and single `-` between them, and not begin with `terraform-`: `widget` rather than `terraform-provider-widget`";

/// Words that no new organization may have as its name: pages or an API would hide its own pages.
///
/// An organization that had such a name before the word was reserved keeps it.
///
/// `tests/it/routes.rs` checks the list against the route table.
pub const RESERVED_NAMESPACES: &[&str] = &[
    "_archivist",
    "actions",
    "api",
    "app",
    "archives",
    "assets",
    "docs",
    "healthz",
    "login",
    "logout",
    "metrics",
    "mirror",
    "modules",
    "oauth",
    "openid",
    "organizations",
    "providers",
    "publish",
    "readyz",
    "robots.txt",
    "saml",
    "search",
    "settings",
    "setup",
    "show",
    "static",
    "terrareg",
    "v1",
    "v2",
    "webhooks",
    "well-known",
];

fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    edge(bytes.first())
        && edge(bytes.last())
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn is_lower(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Returns whether `text` is the name of a provider.
///
/// Terraform lower-cases such a name itself, and refuses what is outside this grammar
/// (`tests/fixtures/contracts/provider-registry-protocol.toml#names`).
fn is_provider_type(text: &str) -> bool {
    is_word(text)
        && is_lower(&text.replace('-', ""))
        && !text.contains("--")
        && !text.starts_with("terraform-")
}

fn accept(
    text: &str,
    what: &'static str,
    grammar: &'static str,
    fits: fn(&str) -> bool,
) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty { what });
    }
    if text.len() > MAX_NAME_BYTES {
        return Err(NameError::TooLong { what });
    }
    if !fits(text) {
        let shown = text.escape_debug().to_string();
        return Err(NameError::Grammar {
            what,
            shown,
            grammar,
        });
    }
    Ok(())
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $grammar:expr, $fits:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the name as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Returns whether both are the same name, ignoring case.
            pub fn is_same(&self, other: &Self) -> bool {
                self.0.eq_ignore_ascii_case(&other.0)
            }

            /// Returns the name in the form that keys and comparisons use: ASCII lower case.
            pub fn folded(&self) -> String {
                self.0.to_ascii_lowercase()
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                accept(text, $what, $grammar, $fits)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// The owner part of an address, which is the name of an organization.
    Namespace, "an organization name", WORD, is_word
);
name!(
    /// The second part of a module address.
    ModuleName, "a module name", WORD, is_word
);
name!(
    /// The third part of a module address; the TFE API calls it `provider`.
    System, "a provider name", LOWER, is_lower
);
name!(
    /// The second part of a provider address.
    ProviderType, "the name of a provider", DASHED, is_provider_type
);
name!(
    /// The name that a user signs in with.
    Username, "a username", WORD, is_word
);

impl Namespace {
    /// Returns the form in which similar-looking names are equal: lower case, with `_` written as
    /// `-`.
    ///
    /// Two organizations may not share it, so that `acme-corp` and `acme_corp` cannot both exist.
    pub fn skeleton(&self) -> String {
        self.folded().replace('_', "-")
    }

    /// Returns an error if no new organization may have this name.
    pub fn check_unreserved(&self) -> Result<(), NameError> {
        let is_self = |word: &&str| word.eq_ignore_ascii_case(self.as_str());
        if RESERVED_NAMESPACES.iter().any(is_self) {
            return Err(NameError::Reserved(self.as_str().to_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_terraform_s_grammar() {
        for good in ["a", "A1", "acme-corp", "a_b", &"x".repeat(64)] {
            assert!(good.parse::<Namespace>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "-a",
            "a-",
            "_a",
            "a b",
            "a/b",
            "ä",
            "a.b",
            "a\0",
            &"x".repeat(65),
        ] {
            assert!(bad.parse::<Namespace>().is_err(), "{bad:?}");
        }
        assert!("aws".parse::<System>().is_ok());
        assert!("AWS".parse::<System>().is_err());
        assert!("a-b".parse::<System>().is_err());
    }

    #[test]
    fn reserved_words_are_refused_in_any_case_for_new_organizations() -> Result<(), NameError> {
        let old: Namespace = "Search".parse()?;
        assert_eq!(
            old.check_unreserved(),
            Err(NameError::Reserved("Search".into()))
        );
        "searches".parse::<Namespace>()?.check_unreserved()
    }

    #[test]
    fn look_alikes_share_a_skeleton() -> Result<(), NameError> {
        let (dash, under): (Namespace, Namespace) = ("Acme-Corp".parse()?, "acme_corp".parse()?);
        assert_eq!(dash.skeleton(), under.skeleton());
        Ok(())
    }
}
