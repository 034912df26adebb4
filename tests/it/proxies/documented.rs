//! The configurations in the documentation, adapted to the ports and files of a test.

use std::path::Path;

const PAGE: &str = include_str!("../../../assets/docs/proxies.md");

/// Where the proxy listens, what it passes on to, and the folder with its certificate.
pub(super) struct Places<'a> {
    pub(super) port: u16,
    pub(super) registry: &'a str,
    pub(super) folder: &'a Path,
}

/// Returns the documented configuration of a proxy.
///
/// # Panics
///
/// If the page has none.
pub(super) fn configuration(name: &str, places: &Places<'_>) -> String {
    let start = format!("```{name}\n");
    let (_, rest) = PAGE.split_once(&start).expect("a configuration");
    let (text, _) = rest.split_once("\n```").expect("its end");
    let folder = format!("{}/", places.folder.display());
    let address = format!("127.0.0.1:{}", places.port);
    text.replace("/etc/ssl/registry/", &folder)
        .replace("127.0.0.1:8080", places.registry)
        .replace("registry.example.com {", &format!("https://{address} {{"))
        .replace("registry.example.com", "127.0.0.1")
        .replace("listen 443", &format!("listen {address}"))
        .replace("*:443", &address)
        .replace("bind :443", &format!("bind {address}"))
}
