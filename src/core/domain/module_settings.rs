//! Settings of a module as a whole: its tags, and what is kept for later features.
//!
//! Rows of earlier programs also have a repository, a test configuration and a flag for use without
//! code. Nothing ever used them, so they are not read.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml`.

use serde::{Deserialize, Serialize};

use super::{KeptAttributes, ShortText, TagBindingId};

/// The most tags that a module can have.
pub const MOST_TAGS: usize = 50;

/// Why settings are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SettingsError {
    /// The field that is wrong, named as in the API.
    pub field: &'static str,
    /// What is wrong, and what to do instead.
    pub reason: &'static str,
}

/// The settings of a module as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModuleSettings {
    /// The tags, by key.
    pub tags: Vec<TagBinding>,
    /// Settings for features that are not here yet.
    #[serde(skip_serializing_if = "KeptAttributes::is_empty")]
    pub kept: KeptAttributes,
}

/// A tag of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagBinding {
    /// The id.
    pub id: TagBindingId,
    /// The key.
    pub key: ShortText,
    /// The value; may be empty.
    pub value: ShortText,
}

/// Makes the tags that replace `old` ones. Each key is given once; a key that stays keeps its id.
pub fn replace_tags(
    before: &[TagBinding],
    wanted: Vec<(ShortText, ShortText)>,
    mut new_id: impl FnMut() -> TagBindingId,
) -> Result<Vec<TagBinding>, SettingsError> {
    let refused = |reason| SettingsError {
        field: "/relationships/tag-bindings",
        reason,
    };
    if wanted.len() > MOST_TAGS {
        return Err(refused("a module has at most 50 tags"));
    }
    let mut tags: Vec<TagBinding> = Vec::with_capacity(wanted.len());
    for (key, value) in wanted {
        if key.as_str().is_empty() {
            return Err(refused("each tag needs a key"));
        }
        if tags.iter().any(|tag| tag.key == key) {
            return Err(refused("each key is given once"));
        }
        let known = before.iter().find(|tag| tag.key == key);
        let id = known.map_or_else(&mut new_id, |tag| tag.id.clone());
        tags.push(TagBinding { id, key, value });
    }
    tags.sort_by(|one, other| one.key.as_str().cmp(other.key.as_str()));
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> ShortText {
        text.parse().expect("a short text")
    }

    #[test]
    fn a_tag_that_stays_keeps_its_id() {
        let mut made = 0;
        let mut new_id = || {
            made += 1;
            TagBindingId::from_random(made)
        };
        let pair = |key: &str, value: &str| (text(key), text(value));
        let first = replace_tags(&[], vec![pair("b", "1"), pair("a", "2")], &mut new_id);
        let first = first.expect("tags");
        assert_eq!(first[0].key, text("a"));
        let second = replace_tags(&first, vec![pair("b", "3")], &mut new_id).expect("tags");
        assert_eq!(second[0].id, first[1].id);
        assert!(replace_tags(&[], vec![pair("", "1")], &mut new_id).is_err());
        assert!(replace_tags(&[], vec![pair("a", "1"), pair("a", "2")], &mut new_id).is_err());
        let many = (0..=MOST_TAGS)
            .map(|n| pair(&n.to_string(), ""))
            .collect::<Vec<_>>();
        assert!(replace_tags(&[], many, &mut new_id).is_err());
    }
}
