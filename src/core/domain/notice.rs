//! The notice on a deprecated or revoked version: why it should not be used, and who decided so.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Actor, Timestamp};

/// The longest reason, in bytes.
const MAX_REASON_BYTES: usize = 1000;

/// The longest link, in bytes.
const MAX_LINK_BYTES: usize = 2000;

/// Why a text is not a valid reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// The text is empty.
    #[error("a reason is needed: say why, and what to use instead")]
    Empty,
    /// The text has too many bytes.
    #[error("a reason must not be longer than {MAX_REASON_BYTES} bytes")]
    TooLong,
    /// The text has control characters, or characters that reverse the direction of text.
    #[error("a reason is plain text, without control characters")]
    Control,
}

/// Why a text is not a valid link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The text has too many bytes.
    #[error("a link must not be longer than {MAX_LINK_BYTES} bytes")]
    TooLong,
    /// The text is not an http or https URL.
    #[error("a link is a web address such as `https://example.com/why`")]
    NotWeb,
}

/// A reason in the words of the person who decided; plain text of one or several lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

/// The web address of a page with more about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebLink(String);

/// The notice on a deprecated or revoked version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Why the version should not be used.
    pub reason: Reason,
    /// A page with more about it; `None` if there is none.
    #[serde(default)]
    pub link: Option<WebLink>,
    /// When it was decided.
    pub at: Timestamp,
    /// Who decided it.
    pub by: Actor,
}

impl Reason {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl WebLink {
    /// Returns the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reason {
    type Err = ReasonError;

    fn from_str(text: &str) -> Result<Self, ReasonError> {
        // Browsers send CRLF line breaks from forms.
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() {
            return Err(ReasonError::Empty);
        }
        if text.len() > MAX_REASON_BYTES {
            return Err(ReasonError::TooLong);
        }
        // The text is also shown in terminals.
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
        // A reader would take a user name before an `@` for the host.
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
