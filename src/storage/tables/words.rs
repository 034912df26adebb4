//! Keys for people: what a row of the journal is about.

use super::modules::{ModuleVersions, Tombstones};
use super::provider_docs::ProviderDocsArchives;
use super::provider_packages::{ProviderPackages, ProviderTombstones};
use super::providers::ProviderVersions;
use crate::domain::Version;
use crate::storage::{KeyReader, Table};

/// What a key names, as in `acme/vpc/aws 1.0.0`; empty where it is nothing to read, as a hash.
pub fn key_in_words(table: &str, key: &[u8]) -> String {
    const OF_PROVIDERS: [&str; 4] = [
        ProviderVersions::NAME,
        ProviderPackages::NAME,
        ProviderTombstones::NAME,
        ProviderDocsArchives::NAME,
    ];
    let words = if [ModuleVersions::NAME, Tombstones::NAME].contains(&table) {
        version(key, 3)
    } else if OF_PROVIDERS.contains(&table) {
        version(key, 2)
    } else {
        texts(key)
    };
    words.unwrap_or_default()
}

/// An address of so many parts, a version, and what may follow it.
fn version(key: &[u8], parts: usize) -> Option<String> {
    let mut reader = KeyReader::new(key);
    let address = (0..parts)
        .map(|_| reader.str())
        .collect::<Option<Vec<_>>>()?;
    let version: Version = reader.version()?;
    let words = format!("{} {version}", address.join("/"));
    Some(match reader.str() {
        Some(platform) => format!("{words} {platform}"),
        None => words,
    })
}

fn texts(key: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(key).ok()?;
    let parts = text.split('\0').filter(|part| !part.is_empty());
    let words = parts.collect::<Vec<_>>().join("/");
    (!words.contains(char::is_control)).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Sha256;
    use crate::storage::{Key, KeyWriter};

    #[test]
    fn keys_name_what_they_stand_for() {
        let version: Version = "1.2.0-rc.1".parse().expect("a version");
        let mut key = KeyWriter::new();
        key.text("acme").text("vpc").text("aws");
        assert_eq!(key_in_words("modules", key.as_bytes()), "acme/vpc/aws");
        key.version(&version);
        let words = key_in_words("module_versions", key.as_bytes());
        assert_eq!(words, "acme/vpc/aws 1.2.0-rc.1");
        let mut key = KeyWriter::new();
        key.text("acme").text("widget").version(&version);
        let words = key_in_words("provider_versions", key.as_bytes());
        assert_eq!(words, "acme/widget 1.2.0-rc.1");
        let words = key_in_words("provider_packages", key.text("linux_amd64").as_bytes());
        assert_eq!(words, "acme/widget 1.2.0-rc.1 linux_amd64");
        let hash = Sha256::of(b"a secret").to_bytes();
        assert_eq!(key_in_words("tokens", &hash), "");
    }
}
