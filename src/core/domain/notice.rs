//! Why a version should not be used any more: what its owner says, and who said so.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Actor, Timestamp};

/// The longest reason, in bytes.
const MAX_REASON_BYTES: usize = 1000;

/// The longest link, in bytes.
const MAX_LINK_BYTES: usize = 2000;

/// Why a text is not a reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// Nothing in it.
    #[error("a reason is needed: say why, and what to use instead")]
    Empty,
    /// Too many bytes.
    #[error("a reason must not be longer than {MAX_REASON_BYTES} bytes")]
    TooLong,
    /// Control characters, or such as turn text around.
    #[error("a reason is plain text, without control characters")]
    Control,
}

/// Why a text is not a link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Too many bytes.
    #[error("a link must not be longer than {MAX_LINK_BYTES} bytes")]
    TooLong,
    /// Not an address that a browser should follow from a page of ours.
    #[error("a link is a web address such as `https://example.com/why`")]
    NotWeb,
}

/// Why, in the words of whoever decided it: not empty, several lines at the most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

/// Where to read more: an address of the web, and of nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebLink(String);

/// What is said of a version that is deprecated or revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Why.
    pub reason: Reason,
    /// Where to read more.
    #[serde(default)]
    pub link: Option<WebLink>,
    /// Since when.
    pub at: Timestamp,
    /// Who decided it.
    pub by: Actor,
}

impl Reason {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl WebLink {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reason {
    type Err = ReasonError;

    fn from_str(text: &str) -> Result<Self, ReasonError> {
        // Forms send line breaks of two characters.
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() {
            return Err(ReasonError::Empty);
        }
        if text.len() > MAX_REASON_BYTES {
            return Err(ReasonError::TooLong);
        }
        // It is shown in terminals, too.
        let harmful = |c: char| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        if text.contains(harmful) {
            return Err(ReasonError::Control);
        }
        Ok(Self(text))
    }
}

impl FromStr for WebLink {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.len() > MAX_LINK_BYTES {
            return Err(LinkError::TooLong);
        }
        let (scheme, rest) = text.split_once("://").ok_or(LinkError::NotWeb)?;
        let is_web = ["http", "https"]
            .iter()
            .any(|web| scheme.eq_ignore_ascii_case(web));
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let odd = |c: char| {
            c.is_control() || c.is_whitespace() || "\"<>\\^`{|}".contains(c) || !c.is_ascii()
        };
        // A name before an `@` would look like the host to a reader.
        if !is_web || host.is_empty() || host.contains('@') || text.contains(odd) {
            return Err(LinkError::NotWeb);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Reason {
    type Error = ReasonError;

    fn try_from(text: String) -> Result<Self, ReasonError> {
        text.parse()
    }
}

impl TryFrom<String> for WebLink {
    type Error = LinkError;

    fn try_from(text: String) -> Result<Self, LinkError> {
        text.parse()
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}

impl From<WebLink> for String {
    fn from(link: WebLink) -> Self {
        link.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for WebLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_plain_text() {
        let reason: Reason = " It leaks.\r\nUse 1.1.0. ".parse().expect("a reason");
        assert_eq!(reason.as_str(), "It leaks.\nUse 1.1.0.");
        for (text, expected) in [
            (" \n", ReasonError::Empty),
            ("a\u{1b}[2J", ReasonError::Control),
            ("a\u{202e}b", ReasonError::Control),
            (&"x".repeat(MAX_REASON_BYTES + 1), ReasonError::TooLong),
        ] {
            assert_eq!(text.parse::<Reason>(), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn t31_a_link_leads_to_the_web_and_nowhere_else() {
        for good in [
            "https://www.hashicorp.com/",
            "HTTP://127.0.0.1:8080/a?b=c#d",
            "https://example.com",
        ] {
            assert!(good.parse::<WebLink>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "www.example.com",
            "javascript://example.com/%0aalert(1)",
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.com",
            "https://",
            "https:///path",
            "https://good.example@evil.example/",
            "https://example.com/a b",
            "https://example.com/\"onclick=",
            "https://example.com/\u{202e}",
        ] {
            assert_eq!(bad.parse::<WebLink>(), Err(LinkError::NotWeb), "{bad}");
        }
    }
}
