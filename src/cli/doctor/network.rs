//! The steps before the first byte of HTTP: address, name, connection.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::finding::Finding;
use crate::cli::client::environment_proxy;
use crate::config::PublicUrl;

/// How long a connection to one address may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Looks at the address as terraform would.
pub(super) fn address(url: &PublicUrl) -> Finding {
    let host = url.host();
    if !url.is_secure() {
        let detail = format!("{url}: terraform speaks HTTPS only; give the address with https://");
        return Finding::warning("address", detail);
    }
    if host.ip_address().is_none() && !host.as_str().contains('.') {
        let detail = format!(
            "{url}: terraform wants a dot in the host of a source; use a name with one, or an address"
        );
        return Finding::warning("address", detail);
    }
    Finding::fine("address", url.as_str())
}

/// Looks at the way to the registry: its name and a connection, or the proxy of the environment, which
/// does both itself.
pub(super) fn way(url: &PublicUrl) -> Vec<Finding> {
    match environment_proxy(url) {
        Err(error) => vec![Finding::failed("proxy", error.to_string())],
        Ok(Some(proxy)) => {
            let detail = format!("requests go through {proxy}, as those of terraform do");
            vec![Finding::fine("proxy", detail)]
        }
        Ok(None) => {
            let (name, addresses) = resolve(url);
            vec![name, connect(&addresses)]
        }
    }
}

/// Asks the system for the addresses of the host.
fn resolve(url: &PublicUrl) -> (Finding, Vec<SocketAddr>) {
    let host = url.host();
    let found = match host.ip_address() {
        Some(address) => Ok(vec![SocketAddr::new(address, url.port())]),
        None => (host.as_str(), url.port())
            .to_socket_addrs()
            .map(Iterator::collect),
    };
    match found {
        Ok(addresses) if !addresses.is_empty() => {
            let texts: Vec<String> = addresses.iter().map(|it| it.ip().to_string()).collect();
            let detail = format!("{} is {}", host.as_str(), texts.join(", "));
            (Finding::fine("name", detail), addresses)
        }
        Ok(_) => (unknown(host.as_str(), "no address"), Vec::new()),
        Err(error) => (unknown(host.as_str(), &error.to_string()), Vec::new()),
    }
}

fn unknown(host: &str, reason: &str) -> Finding {
    let detail = format!(
        "{host} has no address here ({reason}); check the name, DNS, or the file /etc/hosts"
    );
    Finding::failed("name", detail)
}

/// Opens a connection to the first address that answers.
fn connect(addresses: &[SocketAddr]) -> Finding {
    let mut reasons = Vec::new();
    for address in addresses {
        match TcpStream::connect_timeout(address, CONNECT) {
            Ok(_) => return Finding::fine("connection", format!("{address} answers")),
            Err(error) => reasons.push(format!("{address}: {error}")),
        }
    }
    if reasons.is_empty() {
        return Finding::failed("connection", "there is no address to connect to");
    }
    let detail = format!(
        "nothing answers ({}); is the registry running, and does a firewall let this port through?",
        reasons.join("; ")
    );
    Finding::failed("connection", detail)
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn what_terraform_refuses_is_said() {
        for (url, expected) in [
            ("https://registry.example.com", State::Fine),
            ("https://127.0.0.1:8443", State::Fine),
            ("https://localhost:8443", State::Warning),
            ("http://registry.example.com", State::Warning),
        ] {
            assert_eq!(address(&url.parse().unwrap()).state, expected, "{url}");
        }
    }

    #[test]
    fn a_port_that_nobody_listens_on_fails() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let open = listener.local_addr().unwrap();
        assert_eq!(connect(&[open]).state, State::Fine);
        drop(listener);
        assert_eq!(connect(&[open]).state, State::Failed);
        assert_eq!(connect(&[]).state, State::Failed);
    }
}
