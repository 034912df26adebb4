//! Keys for people: what a row of the journal is about.

use super::modules::{ModuleVersions, Tombstones};
use crate::domain::Version;
use crate::storage::{KeyReader, Table};

/// What a key names, as in `acme/vpc/aws 1.0.0`; empty where it is nothing to read, as a hash.
pub fn key_in_words(table: &str, key: &[u8]) -> String {
    let words = if [ModuleVersions::NAME, Tombstones::NAME].contains(&table) {
        version(key)
    } else {
        texts(key)
    };
    words.unwrap_or_default()
}

fn version(key: &[u8]) -> Option<String> {
    let mut reader = KeyReader::new(key);
    let [namespace, name, system] = [reader.str()?, reader.str()?, reader.str()?];
    let version: Version = reader.version()?;
    Some(format!("{namespace}/{name}/{system} {version}"))
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
        let hash = Sha256::of(b"a secret").to_bytes();
        assert_eq!(key_in_words("tokens", &hash), "");
    }
}
