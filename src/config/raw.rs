//! A value that has not been read into its key's type: TOML from the file, plain text from
//! elsewhere.

use std::borrow::Cow;
use std::fmt;

use toml::de::DeValue;
use zeroize::Zeroizing;

use super::problem::Origin;

/// A value as it was given. Texts are wiped when dropped, since any of them may be a secret.
#[derive(Clone)]
pub(super) enum Raw {
    /// A text from the environment or a flag; its key decides the type.
    Bare(Zeroizing<String>),
    /// A TOML string.
    Text(Zeroizing<String>),
    /// A TOML integer.
    Integer(i128),
    /// A TOML boolean.
    Boolean(bool),
    /// A TOML array.
    List(Vec<Raw>),
    /// A TOML type that no key has: float, date or table.
    Other(&'static str),
}

/// A value with its key and its origin.
pub(super) struct Given {
    /// The key, such as `limits.archive`. It may be unknown.
    pub(super) key: String,
    /// The value.
    pub(super) raw: Raw,
    /// The place to name if the value is wrong.
    pub(super) origin: Origin,
}

impl Raw {
    /// Makes a value of the environment or a flag.
    pub(super) fn bare(text: &str) -> Self {
        Self::Bare(Zeroizing::new(text.to_owned()))
    }

    /// Makes a value of the file.
    pub(super) fn from_toml(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(Zeroizing::new(text.to_string())),
            DeValue::Boolean(yes) => Self::Boolean(*yes),
            DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
                .map_or(Self::Other("a number too large"), Self::Integer),
            DeValue::Array(items) => {
                let items = items.iter().map(|item| Self::from_toml(item.get_ref()));
                Self::List(items.collect())
            }
            DeValue::Float(_) => Self::Other("a number with a fraction"),
            DeValue::Datetime(_) => Self::Other("a date"),
            DeValue::Table(_) => Self::Other("a table"),
        }
    }

    /// Returns the text; `None` if the value is not text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Bare(text) | Self::Text(text) => Some(text),
            Self::Integer(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// Returns a text, or a number as text: `5` is then refused for its missing unit, not for its
    /// type.
    pub(super) fn scalar(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Integer(number) => Some(Cow::Owned(number.to_string())),
            Self::Bare(_) | Self::Text(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => {
                self.text().map(Cow::Borrowed)
            }
        }
    }

    /// Returns the whole number; `None` if the value is not one.
    pub(super) fn integer(&self) -> Option<i128> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Bare(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// Returns the items of a list; outside the file they are separated by commas, or written as in it.
    pub(super) fn list(&self) -> Option<Vec<Raw>> {
        match self {
            Self::List(items) => Some(items.clone()),
            Self::Bare(text) => {
                let text = text.trim();
                let inner = text
                    .strip_prefix('[')
                    .and_then(|rest| rest.strip_suffix(']'));
                let (text, quotes) = match inner.filter(|inner| inner.contains('"')) {
                    Some(inner) => (inner, &['"', ' '][..]),
                    None => (text, &[' '][..]),
                };
                let items = text
                    .split(',')
                    .map(|item| item.trim_matches(quotes))
                    .filter(|item| !item.is_empty());
                Some(items.map(Self::bare).collect())
            }
            Self::Text(_) | Self::Integer(_) | Self::Boolean(_) | Self::Other(_) => None,
        }
    }
}

impl fmt::Display for Raw {
    /// Writes the value as it would be in the file, with control characters escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(text) | Self::Text(text) => write!(f, "{:?}", text.as_str()),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Boolean(yes) => write!(f, "{yes}"),
            Self::List(_) => f.write_str("a list"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_the_environment_is_written_with_commas_or_as_in_the_file() {
        for text in [
            "10.0.0.0/8, 192.168.1.5",
            "[\"10.0.0.0/8\", \"192.168.1.5\"]",
            " [ \"10.0.0.0/8\",\"192.168.1.5\", ] ",
        ] {
            let items = Raw::bare(text).list().unwrap();
            let items: Vec<_> = items.iter().filter_map(Raw::text).collect();
            assert_eq!(items, ["10.0.0.0/8", "192.168.1.5"], "{text}");
        }
        let host = Raw::bare("[::1]").list().unwrap();
        assert_eq!(host.first().and_then(Raw::text), Some("[::1]"));
    }
}
