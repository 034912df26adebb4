//! The proxy of the environment, by the rules of terraform, so that a command goes the way that
//! terraform goes.
//!
//! Source: <https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config>

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use url::Url;

use crate::cli::error::{CliError, Exit};
use crate::config::PublicUrl;

/// A proxy that a variable names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct EnvironmentProxy {
    address: Url,
    variable: &'static str,
}

/// Returns the proxy that requests to a registry go through; `None` if they go there directly.
///
/// A registry without TLS is always reached directly: a proxy would read the token.
///
/// # Errors
///
/// Fails if the variable holds no address of an HTTP proxy.
pub(in crate::cli) fn of_environment(
    registry: &PublicUrl,
) -> Result<Option<EnvironmentProxy>, CliError> {
    from(registry, |name| std::env::var(name).ok())
}

fn from(
    registry: &PublicUrl,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<EnvironmentProxy>, CliError> {
    let first = |names: [&'static str; 2]| {
        names.into_iter().find_map(|name| {
            let value = variable(name).filter(|value| !value.trim().is_empty())?;
            Some((name, value))
        })
    };
    let Some((name, address)) = first(["HTTPS_PROXY", "https_proxy"]) else {
        return Ok(None);
    };
    let exceptions = first(["NO_PROXY", "no_proxy"]).map(|(_, value)| value);
    let exceptions = exceptions.unwrap_or_default();
    if !registry.is_secure() || is_direct(registry, &exceptions) {
        return Ok(None);
    }
    let address = proxy_address(address.trim()).ok_or_else(|| {
        // The value may hold a password, so it is not shown.
        let message = format!(
            "{name} is not the address of an HTTP proxy; write it as in http://proxy.example.com:3128, \
             or name the registry in NO_PROXY"
        );
        CliError::new(Exit::Usage, message)
    })?;
    Ok(Some(EnvironmentProxy {
        address,
        variable: name,
    }))
}

/// Reads an address; one without a scheme is meant as HTTP.
fn proxy_address(text: &str) -> Option<Url> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let address = Url::parse(&with_scheme).ok()?;
    let is_http = matches!(address.scheme(), "http" | "https");
    (is_http && address.has_host()).then_some(address)
}

/// Returns whether a registry is reached without a proxy: it is on this machine, or an exception.
fn is_direct(registry: &PublicUrl, exceptions: &str) -> bool {
    let host = registry.host();
    let address = host.ip_address().map(|address| address.to_canonical());
    if host.as_str().eq_ignore_ascii_case("localhost")
        || address.is_some_and(|address| address.is_loopback())
    {
        return true;
    }
    exceptions
        .split(',')
        .map(|exception| exception.trim().to_ascii_lowercase())
        .any(|exception| excepts(&exception, host.as_str(), address, registry.port()))
}

/// Returns whether one exception is about a host: `*`, a network, an address or a name, the last two
/// with or without a port.
fn excepts(exception: &str, host: &str, address: Option<IpAddr>, port: u16) -> bool {
    if exception == "*" {
        return true;
    }
    if let Ok(network) = exception.parse::<IpNet>() {
        return address.is_some_and(|address| network.contains(&address));
    }
    let (name, wanted) = name_and_port(exception);
    if wanted.is_some_and(|wanted| wanted != port) || name.is_empty() {
        return false;
    }
    if let Ok(excepted) = name.parse::<IpAddr>() {
        return address == Some(excepted.to_canonical());
    }
    // `.example.com` and `*.example.com` are about what lies below; `example.com` is about itself, too.
    match name.strip_prefix('*').unwrap_or(name).strip_prefix('.') {
        Some(parent) => is_below(host, parent),
        None => host.eq_ignore_ascii_case(name) || is_below(host, name),
    }
}

fn name_and_port(exception: &str) -> (&str, Option<u16>) {
    let split = exception.rsplit_once(':').and_then(|(name, port)| {
        // An IPv6 address without brackets has colons, and no port.
        let is_whole = !name.contains(':') || name.ends_with(']');
        is_whole.then_some((name, port.parse().ok()?))
    });
    let (name, port) = match split {
        Some((name, port)) => (name, Some(port)),
        None => (exception, None),
    };
    (name.trim_matches(['[', ']']), port)
}

fn is_below(host: &str, parent: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host.strip_suffix(parent)
        .is_some_and(|below| below.ends_with('.'))
}

impl EnvironmentProxy {
    /// Returns the proxy for the HTTP client.
    pub(super) fn for_requests(&self) -> Result<reqwest::Proxy, CliError> {
        reqwest::Proxy::https(self.address.as_str()).map_err(|error| {
            let message = format!("the proxy of {} cannot be used", self.variable);
            CliError::new(Exit::Failed, message).because(error.without_url())
        })
    }
}

impl fmt::Display for EnvironmentProxy {
    /// Shows the address without the user and the password that may stand in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.address.host_str().unwrap_or_default();
        write!(f, "the proxy {host}")?;
        if let Some(port) = self.address.port_or_known_default() {
            write!(f, ":{port}")?;
        }
        write!(f, " of {}", self.variable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(registry: &str, variables: &[(&str, &str)]) -> Result<Option<String>, CliError> {
        let variable = |name: &str| {
            let pair = variables.iter().find(|(known, _)| *known == name)?;
            Some(pair.1.to_owned())
        };
        let proxy = from(&registry.parse().unwrap(), variable)?;
        Ok(proxy.map(|proxy| proxy.to_string()))
    }

    #[test]
    fn a_proxy_sees_only_what_tls_protects_on_its_way_elsewhere() {
        for (url, expected) in [
            ("http://127.0.0.1:8080", false),
            ("http://registry.example.com", false),
            ("https://localhost:8443", false),
            ("https://127.0.0.2:8443", false),
            ("https://[::1]:8443", false),
            ("https://registry.example.com", true),
            ("https://10.0.0.5:8443", true),
        ] {
            let variables = [("HTTPS_PROXY", "http://proxy.example.com:3128")];
            let proxy = through(url, &variables).unwrap();
            assert_eq!(proxy.is_some(), expected, "{url}");
        }
    }

    #[test]
    fn exceptions_are_those_of_terraform() {
        for (exceptions, expected) in [
            ("registry.example.com", true),
            ("REGISTRY.example.com", true),
            ("example.com", true),
            (".example.com", true),
            ("*.example.com", true),
            ("*", true),
            ("other.com, example.com", true),
            ("example.com:8443", true),
            ("example.com:443", false),
            ("ample.com", false),
            (".registry.example.com", false),
            ("10.0.0.0/8", false),
            ("", false),
            (":8443", false),
        ] {
            let url = "https://registry.example.com:8443".parse().unwrap();
            assert_eq!(is_direct(&url, exceptions), expected, "{exceptions}");
        }
        for (exceptions, expected) in [
            ("10.0.0.0/8", true),
            ("10.0.0.5", true),
            ("10.0.0.5:443", true),
            ("10.0.0.5:8443", false),
            ("10.0.0.6", false),
            ("fd00::/8", false),
        ] {
            let url = "https://10.0.0.5".parse().unwrap();
            assert_eq!(is_direct(&url, exceptions), expected, "{exceptions}");
        }
        for exceptions in ["fd00::5", "[fd00::5]:443", "fd00::/8"] {
            let url = "https://[fd00::5]".parse().unwrap();
            assert!(is_direct(&url, exceptions), "{exceptions}");
        }
    }

    #[test]
    fn the_variable_in_capitals_wins_and_no_password_is_shown() {
        let url = "https://registry.example.com";
        let both = [("HTTPS_PROXY", "a:1"), ("https_proxy", "b:2")];
        let proxy = through(url, &both).unwrap();
        assert_eq!(proxy.as_deref(), Some("the proxy a:1 of HTTPS_PROXY"));
        let secret = [("https_proxy", "http://user:secret@proxy.example.com")];
        let proxy = through(url, &secret).unwrap();
        assert_eq!(
            proxy.as_deref(),
            Some("the proxy proxy.example.com:80 of https_proxy")
        );
        let empty = [("HTTPS_PROXY", " "), ("https_proxy", "b:2")];
        assert!(through(url, &empty).unwrap().is_some());
    }

    #[test]
    fn a_proxy_of_another_kind_is_refused_without_showing_it() {
        for bad in ["socks5://secret@host:1080", "http://", "::::"] {
            let error =
                through("https://registry.example.com", &[("HTTPS_PROXY", bad)]).unwrap_err();
            assert_eq!(error.exit(), Exit::Usage);
            assert!(!error.to_string().contains("secret"), "{error}");
            // Whoever does not go through it is not kept from working.
            let direct = [("HTTPS_PROXY", bad), ("NO_PROXY", "example.com")];
            assert_eq!(
                through("https://registry.example.com", &direct).unwrap(),
                None
            );
        }
    }
}
