//! Host names, as certificates and requests name them.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::setting::text_setting;

/// The most bytes of a host name in the DNS.
const MAX_NAME_BYTES: usize = 253;
/// The most bytes of a label, the part between two dots.
const MAX_LABEL_BYTES: usize = 63;

/// A DNS name in lower case, or an IP address without brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostName(String);

/// Why a text is not a valid host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostNameError {
    /// The text is neither a DNS name nor an address.
    #[error("it is neither a DNS name nor an IP address")]
    Grammar,
    /// The text is a DNS name with too many bytes.
    #[error("it is longer than a DNS name may be")]
    TooLong,
}

impl HostName {
    /// Returns `localhost`, the name that every machine has for itself.
    pub(super) fn localhost() -> Self {
        Self("localhost".to_owned())
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the IP address; `None` if the name is a DNS name.
    pub fn ip_address(&self) -> Option<IpAddr> {
        self.0.parse().ok()
    }
}

impl From<IpAddr> for HostName {
    fn from(address: IpAddr) -> Self {
        Self(address.to_string())
    }
}

impl FromStr for HostName {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, HostNameError> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::from(address));
        }
        if text.len() > MAX_NAME_BYTES {
            return Err(HostNameError::TooLong);
        }
        // `10.0.0` or `300.1.1.1` is a mistyped address; no top-level domain is a number.
        let last = text.rsplit('.').next().unwrap_or_default();
        let numeric = last.bytes().all(|b| b.is_ascii_digit());
        if numeric || !text.split('.').all(is_label) {
            return Err(HostNameError::Grammar);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_setting!(
    HostName,
    r#"a list of names such as ["registry.example.com", "10.0.0.5"], without scheme and port"#
);

fn is_label(label: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    !label.is_empty()
        && label.len() <= MAX_LABEL_BYTES
        && label.bytes().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_accepted_and_nothing_else() {
        for good in [
            "localhost",
            "Registry.Example.com",
            "a-1.b",
            "10.0.0.5",
            "::1",
            "xn--bcher-kva.example",
        ] {
            assert!(good.parse::<HostName>().is_ok(), "{good}");
        }
        let long = format!("{}.com", "a".repeat(64));
        let longest = "a.".repeat(126) + "aa";
        for bad in [
            "",
            ".",
            "a..b",
            "-a",
            "a-",
            "a_b",
            "a:443",
            "https://a",
            "*.example.com",
            "[::1]",
            "10.0.0",
            "300.1.1.1",
            "a b",
            "b\u{fc}cher.example",
            &long,
            &longest,
        ] {
            assert!(bad.parse::<HostName>().is_err(), "{bad}");
        }
        assert_eq!(
            "A.B".parse::<HostName>().map(|h| h.to_string()),
            Ok("a.b".to_owned())
        );
    }
}
