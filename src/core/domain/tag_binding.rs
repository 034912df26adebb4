//! Tags of projects, modules and providers: pairs of a key and a value.
//!
//! Source: `tests/fixtures/contracts/projects.toml`.

use serde::{Deserialize, Serialize};

use super::{ShortText, TagBindingId};

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagBinding {
    /// The id.
    pub id: TagBindingId,
    /// The key.
    pub key: ShortText,
    /// The value; may be empty.
    pub value: ShortText,
}

/// Why tags are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// There are more than may be. Clients compare the text.
    #[error("cannot exceed {0} bindings per resource")]
    TooMany(usize),
    /// A key is empty.
    #[error("each tag needs a key")]
    NoKey,
    /// A key is there twice.
    #[error("each key is given once")]
    Twice,
}

/// Makes the tags that replace those `before`, at most `most`, sorted by key. Each key is given
/// once; a key that stays keeps its id.
pub fn replace_tags(
    before: &[TagBinding],
    wanted: Vec<(ShortText, ShortText)>,
    most: usize,
    mut new_id: impl FnMut() -> TagBindingId,
) -> Result<Vec<TagBinding>, TagError> {
    if wanted.len() > most {
        return Err(TagError::TooMany(most));
    }
    let mut tags: Vec<TagBinding> = Vec::with_capacity(wanted.len());
    for (key, value) in wanted {
        if key.as_str().is_empty() {
            return Err(TagError::NoKey);
        }
        if tags.iter().any(|tag| tag.key == key) {
            return Err(TagError::Twice);
        }
        let known = before.iter().find(|tag| tag.key == key);
        let id = known.map_or_else(&mut new_id, |tag| tag.id.clone());
        tags.push(TagBinding { id, key, value });
    }
    tags.sort_by(|one, other| one.key.as_str().cmp(other.key.as_str()));
    Ok(tags)
}

/// Returns the pairs of the tags `before` together with `added` ones, which give their keys a new
/// value.
pub fn with_tags(
    before: &[TagBinding],
    added: Vec<(ShortText, ShortText)>,
) -> Vec<(ShortText, ShortText)> {
    let stays = |tag: &&TagBinding| added.iter().all(|(key, _)| *key != tag.key);
    let stay = before.iter().filter(stays);
    let mut all: Vec<_> = stay
        .map(|tag| (tag.key.clone(), tag.value.clone()))
        .collect();
    all.extend(added);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 10;

    fn pair(key: &str, value: &str) -> (ShortText, ShortText) {
        let text = |text: &str| text.parse().expect("a short text");
        (text(key), text(value))
    }

    fn replace(
        before: &[TagBinding],
        wanted: &[(&str, &str)],
    ) -> Result<Vec<TagBinding>, TagError> {
        let wanted = wanted.iter().map(|(key, value)| pair(key, value));
        let mut made = 100 * u128::try_from(before.len()).expect("few");
        replace_tags(before, wanted.collect(), MOST, || {
            made += 1;
            TagBindingId::from_random(made)
        })
    }

    #[test]
    fn a_tag_that_stays_keeps_its_id() {
        let first = replace(&[], &[("b", "1"), ("a", "2")]).expect("tags");
        assert_eq!(first[0].key.as_str(), "a");
        let second = replace(&first, &[("b", "3")]).expect("tags");
        assert_eq!(second[0].id, first[1].id);
        assert_eq!(second[0].value.as_str(), "3");
    }

    #[test]
    fn tags_have_keys_once_and_are_not_too_many() {
        assert_eq!(replace(&[], &[("", "1")]), Err(TagError::NoKey));
        assert_eq!(
            replace(&[], &[("a", "1"), ("a", "2")]),
            Err(TagError::Twice)
        );
        let keys: Vec<String> = (0..=MOST).map(|number| number.to_string()).collect();
        let many: Vec<_> = keys.iter().map(|key| (key.as_str(), "")).collect();
        assert_eq!(replace(&[], &many), Err(TagError::TooMany(MOST)));
        assert!(replace(&[], &many[1..]).is_ok());
    }

    #[test]
    fn added_tags_come_to_those_that_are_there() {
        let before = replace(&[], &[("a", "1"), ("b", "2")]).expect("tags");
        let all = with_tags(&before, vec![pair("c", "3"), pair("a", "4")]);
        assert_eq!(all, [pair("b", "2"), pair("c", "3"), pair("a", "4")]);
    }
}
