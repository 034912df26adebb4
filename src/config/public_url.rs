//! The URL that clients use to reach the server. Every link that the server hands out begins with
//! it.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use url::{Host, Url};

use super::HostName;
use super::machine::Machine;
use super::setting::text_setting;

/// A scheme, a host and, if needed, a port: `https://registry.example.com`, without a final slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    host: HostName,
    port: u16,
    secure: bool,
}

/// Why a text cannot be the public URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// The text is not a URL.
    #[error("it is not a URL")]
    Grammar,
    /// There is a host, perhaps with a port, but nothing in front of it.
    #[error("it has no scheme: write `https://` in front of it")]
    NoScheme,
    /// The scheme is neither http nor https.
    #[error("its scheme is neither https nor http")]
    Scheme,
    /// The host is neither a DNS name nor an address.
    #[error("its host is neither a DNS name nor an IP address")]
    Host,
    /// There is more than scheme, host and port.
    #[error("it has a user, a path, a query or a fragment")]
    TooMuch,
}

impl PublicUrl {
    /// Makes the URL of a server that listens on `address` of a machine. One that listens on every
    /// address has the URL that clients on other machines most likely reach.
    pub(super) fn of_listener(address: SocketAddr, secure: bool, machine: &Machine) -> Self {
        let host = if address.ip().is_unspecified() {
            machine.host()
        } else {
            HostName::from(address.ip())
        };
        Self::new(host, address.port(), secure)
    }

    fn new(host: HostName, port: u16, secure: bool) -> Self {
        let (scheme, usual_port) = if secure { ("https", 443) } else { ("http", 80) };
        let shown_host = match host.ip_address() {
            Some(address) if address.is_ipv6() => format!("[{address}]"),
            Some(_) | None => host.to_string(),
        };
        let text = if port == usual_port {
            format!("{scheme}://{shown_host}")
        } else {
            format!("{scheme}://{shown_host}:{port}")
        };
        Self {
            text,
            host,
            port,
            secure,
        }
    }

    /// Returns the URL without a final slash, so that a path can be appended.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the host.
    pub fn host(&self) -> HostName {
        self.host.clone()
    }

    /// Returns the port; the scheme's default port if the URL names none.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns whether the scheme is https.
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        if !text.contains("://") {
            // Perhaps it was typed as into a browser: `10.0.0.5:8443`.
            let is_host = format!("https://{text}").parse::<Self>().is_ok();
            return Err(if is_host {
                PublicUrlError::NoScheme
            } else {
                PublicUrlError::Grammar
            });
        }
        let url = Url::parse(text).map_err(|_| PublicUrlError::Grammar)?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(PublicUrlError::Scheme),
        };
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(PublicUrlError::TooMuch);
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.parse().map_err(|_| PublicUrlError::Host)?,
            Some(Host::Ipv4(address)) => HostName::from(std::net::IpAddr::from(address)),
            Some(Host::Ipv6(address)) => HostName::from(std::net::IpAddr::from(address)),
            None => return Err(PublicUrlError::Host),
        };
        let port = url.port_or_known_default().ok_or(PublicUrlError::Scheme)?;
        Ok(Self::new(host, port, secure))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

text_setting!(
    PublicUrl,
    r#"a scheme, a host and perhaps a port, such as "https://registry.example.com""#
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scheme_host_and_port_are_accepted() {
        let same = [
            (
                "https://registry.example.com",
                "https://registry.example.com",
            ),
            (
                "https://Registry.Example.com:443/",
                "https://registry.example.com",
            ),
            ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
            ("https://[::1]:8443", "https://[::1]:8443"),
        ];
        for (text, expected) in same {
            let url = text.parse::<PublicUrl>().map(|url| url.to_string());
            assert_eq!(url.as_deref(), Ok(expected));
        }
        let refused = [
            ("registry.example.com", PublicUrlError::NoScheme),
            ("https://", PublicUrlError::Grammar),
            ("ftp://example.com", PublicUrlError::Scheme),
            ("registry.example.com:8443", PublicUrlError::NoScheme),
            ("127.0.0.1:8443", PublicUrlError::NoScheme),
            ("a b", PublicUrlError::Grammar),
            ("https://example.com/registry", PublicUrlError::TooMuch),
            ("https://example.com/?a", PublicUrlError::TooMuch),
            ("https://example.com/#a", PublicUrlError::TooMuch),
            ("https://user@example.com", PublicUrlError::TooMuch),
            ("https://:pass@example.com", PublicUrlError::TooMuch),
            ("https://a_b.example.com", PublicUrlError::Host),
        ];
        for (text, expected) in refused {
            assert_eq!(text.parse::<PublicUrl>(), Err(expected), "{text}");
        }
    }
}
