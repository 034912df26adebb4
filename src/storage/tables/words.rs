//! Keys as text for people: names what a row of the journal is about.

use crate::domain::Version;
use crate::storage::KeyReader;

/// The parts that a table's keys consist of.
#[derive(Debug, Clone, Copy)]
enum KeyShape {
    /// Names and ids.
    Texts,
    /// This many texts and a version; at most one more text follows.
    Version(usize),
    /// This many texts, a version and a day.
    VersionAndDay(usize),
    /// A hash, which is not readable text.
    Hash,
}

/// The shape of the keys of every table.
const SHAPES: &[(&str, KeyShape)] = &[
    ("organizations", KeyShape::Texts),
    ("organization_names", KeyShape::Texts),
    ("users", KeyShape::Texts),
    ("usernames", KeyShape::Texts),
    ("teams", KeyShape::Texts),
    ("team_names", KeyShape::Texts),
    ("memberships", KeyShape::Texts),
    ("memberships_by_user", KeyShape::Texts),
    ("membership_ids", KeyShape::Texts),
    ("tokens", KeyShape::Hash),
    ("tokens_by_owner", KeyShape::Texts),
    ("token_ids", KeyShape::Texts),
    ("token_uses", KeyShape::Texts),
    ("modules", KeyShape::Texts),
    ("module_versions", KeyShape::Version(3)),
    ("module_tombstones", KeyShape::Version(3)),
    ("upload_tickets", KeyShape::Hash),
    ("blobs", KeyShape::Hash),
    ("freed_blobs", KeyShape::Hash),
    ("downloads", KeyShape::VersionAndDay(3)),
    ("sessions", KeyShape::Hash),
    ("sessions_by_user", KeyShape::Texts),
    ("module_ids", KeyShape::Texts),
    ("migrations", KeyShape::Texts),
    ("ssh_keys", KeyShape::Texts),
    ("projects", KeyShape::Texts),
    ("project_names", KeyShape::Texts),
    ("public_modules", KeyShape::Texts),
    ("providers", KeyShape::Texts),
    ("provider_ids", KeyShape::Texts),
    ("provider_versions", KeyShape::Version(2)),
    ("provider_packages", KeyShape::Version(2)),
    ("provider_tombstones", KeyShape::Version(2)),
    ("gpg_keys", KeyShape::Texts),
    ("public_providers", KeyShape::Texts),
    ("mirrored_packages", KeyShape::Version(3)),
    ("provider_docs", KeyShape::Version(2)),
    ("provider_downloads", KeyShape::VersionAndDay(2)),
    ("usage", KeyShape::Texts),
    ("unpublished_module_versions", KeyShape::Version(1)),
    ("unpublished_provider_versions", KeyShape::Version(1)),
    ("invitations", KeyShape::Texts),
    ("invitations_by_invitee", KeyShape::Texts),
    ("former_usernames", KeyShape::Texts),
    ("login_codes", KeyShape::Hash),
];

/// Returns what a key names, such as `acme/vpc/aws 1.0.0`; empty if the key is not readable text,
/// such as a hash.
pub fn key_in_words(table: &str, key: &[u8]) -> String {
    let shape = SHAPES.iter().find(|(name, _)| *name == table);
    let words = match shape {
        Some((_, KeyShape::Version(texts))) => version(key, *texts, true),
        Some((_, KeyShape::VersionAndDay(texts))) => version(key, *texts, false),
        Some((_, KeyShape::Hash)) => None,
        Some((_, KeyShape::Texts)) | None => texts(key),
    };
    words.unwrap_or_default()
}

/// Reads an address of `parts` parts, a version, and with `with_text` the text that may follow it.
fn version(key: &[u8], parts: usize, with_text: bool) -> Option<String> {
    let mut reader = KeyReader::new(key);
    let address = (0..parts)
        .map(|_| reader.str())
        .collect::<Option<Vec<_>>>()?;
    let version: Version = reader.version()?;
    let words = format!("{} {version}", address.join("/"));
    Some(match reader.str().filter(|_| with_text) {
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
    use crate::domain::{Day, Sha256};
    use crate::storage::tables::TABLES;
    use crate::storage::{Key, KeyWriter};

    #[test]
    fn the_keys_of_every_table_have_a_shape() {
        let shapes: Vec<_> = SHAPES.iter().map(|(name, _)| *name).collect();
        let tables: Vec<_> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!(shapes, tables);
    }

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
        let mut key = KeyWriter::new();
        key.text("registry.example.com").text("acme").text("widget");
        key.version(&version).text("linux_amd64");
        assert_eq!(
            key_in_words("mirrored_packages", key.as_bytes()),
            "registry.example.com/acme/widget 1.2.0-rc.1 linux_amd64"
        );
        let mut key = KeyWriter::new();
        key.text("acme").text("vpc").text("aws").version(&version);
        let words = key_in_words("downloads", key.day(Day(20_000)).as_bytes());
        assert_eq!(words, "acme/vpc/aws 1.2.0-rc.1");
        let hash = Sha256::of(b"a secret").to_bytes();
        assert_eq!(key_in_words("tokens", &hash), "");
    }
}
