//! Email addresses, which are checked for their form: no mail is ever sent to one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ShortText, ShortTextError};

/// Why a text is not an email address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailAddressError {
    /// The text has not the form of an email address.
    #[error("an email address has the form `name@example.com`")]
    Form,
    /// The text is too long, or has line breaks.
    #[error(transparent)]
    Text(#[from] ShortTextError),
}

/// An email address: a name, one `@` and a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(ShortText);

impl EmailAddress {
    /// Returns the address as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the address in lower case: upper and lower case are equal.
    pub fn folded(&self) -> String {
        self.0.as_str().to_ascii_lowercase()
    }
}

impl FromStr for EmailAddress {
    type Err = EmailAddressError;

    fn from_str(text: &str) -> Result<Self, EmailAddressError> {
        let short: ShortText = text.parse()?;
        let (name, host) = text.split_once('@').ok_or(EmailAddressError::Form)?;
        let is_plain = |c: char| !c.is_whitespace() && !r#"@,;:<>()[]\""#.contains(c);
        let is_label = |label: &str| {
            let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let inside = |c: char| c.is_alphanumeric() || c == '-';
            edge(label.chars().next()) && edge(label.chars().last()) && label.chars().all(inside)
        };
        let is_address =
            !name.is_empty() && name.chars().all(is_plain) && host.split('.').all(is_label);
        if is_address {
            Ok(Self(short))
        } else {
            Err(EmailAddressError::Form)
        }
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailAddressError;

    fn try_from(text: String) -> Result<Self, EmailAddressError> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0.into()
    }
}

impl From<EmailAddress> for ShortText {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_host() {
        for good in [
            "a@b",
            "ada.lovelace+tf@example.com",
            "o'brien@mail.example",
            "ä@bücher.example",
            "x@10.0.0.1",
        ] {
            assert!(good.parse::<EmailAddress>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "notamailaddress",
            "@example.com",
            "a@",
            "a@@example.com",
            "a@b@example.com",
            "a b@example.com",
            "a@example..com",
            "a@.example.com",
            "a@-example.com",
            "a@example.com,b@example.com",
            "A <a@example.com>",
            "a@exa mple.com",
            "a@example.com\n",
        ] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_address_keeps_its_case_and_is_found_in_any() {
        let address: EmailAddress = "Ada@Example.com".parse().expect("an address");
        assert_eq!(address.as_str(), "Ada@Example.com");
        assert_eq!(address.folded(), "ada@example.com");
    }
}
