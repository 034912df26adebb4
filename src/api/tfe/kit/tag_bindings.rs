//! Tags of projects, modules and providers: how requests give them, how responses show them, and
//! the filter of lists.
//!
//! Source: `tests/fixtures/contracts/projects.toml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{BASE, Problem, Reference, RelatedLink, check_type, parse_if_any};
use crate::domain::{ShortText, TagBinding};

/// A tag as a key and a value.
type Pair = (ShortText, ShortText);

const TYPES: &[&str] = &["tag-bindings"];

/// The field of a request that has tags.
const FIELD: &str = "/relationships/tag-bindings";

/// The relationships of a change whose only relationship are tags.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub(crate) struct TagRelationships {
    #[serde(alias = "tag_bindings")]
    tag_bindings: Option<TagBindingsIfAny>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindingsIfAny {
    data: Option<Vec<TagBindingBody>>,
}

impl TagRelationships {
    /// Returns all tags that there are to be; `None` if the request does not name any, so that they
    /// stay as they are.
    pub(crate) fn pairs(self) -> Result<Option<Vec<Pair>>, Problem> {
        let tags = self.tag_bindings.and_then(|tags| tags.data);
        let pairs = tags.map(|tags| all_pairs(tags, "/data/relationships/tag-bindings/data"));
        pairs.transpose()
    }
}

/// A document of tags.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct TagBindingsBody {
    data: Vec<TagBindingBody>,
}

impl TagBindingsBody {
    /// Returns keys and values.
    pub(crate) fn pairs(self) -> Result<Vec<Pair>, Problem> {
        all_pairs(self.data, "/data")
    }
}

/// Returns keys and values of the tags that the document has at `pointer`.
fn all_pairs(tags: Vec<TagBindingBody>, pointer: &str) -> Result<Vec<Pair>, Problem> {
    let numbered = tags.into_iter().enumerate();
    let pairs = numbered.map(|(number, tag)| tag.pair(&format!("{pointer}/{number}/type")));
    pairs.collect()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindingBody {
    #[serde(rename = "type", default)]
    #[schemars(with = "Option<String>")]
    kind: Value,
    attributes: TagBindingAttributes,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindingAttributes {
    key: Option<String>,
    value: Option<String>,
}

impl TagBindingBody {
    fn pair(self, pointer: &str) -> Result<Pair, Problem> {
        check_type(Some(&self.kind), TYPES, pointer)?;
        let key = parse_if_any(FIELD, self.attributes.key.as_deref())?;
        let value = parse_if_any(FIELD, self.attributes.value.as_deref())?;
        Ok((key.unwrap_or_default(), value.unwrap_or_default()))
    }
}

/// A tag.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TagBindingResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: TagAttributes<'a>,
}

/// The key and the value of a tag.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TagAttributes<'a> {
    key: &'a str,
    value: &'a str,
}

impl<'a> TagAttributes<'a> {
    pub(crate) fn of(tag: &'a TagBinding) -> Self {
        Self {
            key: tag.key.as_str(),
            value: tag.value.as_str(),
        }
    }
}

/// Returns the resource object of a tag.
pub(crate) fn tag_binding(tag: &TagBinding) -> TagBindingResource<'_> {
    TagBindingResource {
        id: tag.id.as_str(),
        kind: "tag-bindings",
        attributes: TagAttributes::of(tag),
    }
}

/// A relationship to tags, with the address of their list.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ToTags {
    data: Vec<Reference>,
    links: RelatedLink,
}

impl ToTags {
    /// Makes the relationship of something at `path` to tags of this type.
    pub(crate) fn of(kind: &'static str, path: &str, tags: &[TagBinding]) -> Self {
        Self {
            data: tags
                .iter()
                .map(|tag| Reference::to(kind, &tag.id))
                .collect(),
            links: RelatedLink {
                related: format!("{BASE}/{path}/{kind}"),
            },
        }
    }
}

/// `filter[tagged][0][key]=…&filter[tagged][0][value]=…`: the tags that each item of a list must
/// have. A filter without a value takes every value.
#[derive(Debug, Default)]
pub(crate) struct TagFilter(Vec<(String, Option<String>)>);

impl TagFilter {
    /// Reads the filter out of the query of a request.
    pub(crate) fn of(query: &str) -> Self {
        let mut numbered = BTreeMap::<String, (String, Option<String>)>::new();
        for (name, text) in url::form_urlencoded::parse(query.as_bytes()) {
            let Some(rest) = name.strip_prefix("filter[tagged][") else {
                continue;
            };
            if let Some(number) = rest.strip_suffix("][key]") {
                numbered.entry(number.to_owned()).or_default().0 = text.into_owned();
            } else if let Some(number) = rest.strip_suffix("][value]") {
                numbered.entry(number.to_owned()).or_default().1 =
                    Some(text.into_owned()).filter(|text| !text.is_empty());
            }
        }
        Self(numbered.into_values().collect())
    }

    /// Returns whether every item matches, since nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether something with these tags matches.
    pub(crate) fn matches(&self, tags: &[TagBinding]) -> bool {
        let has = |(key, value): &(String, Option<String>)| {
            let is_it = |text: &str| value.as_deref().is_none_or(|value| value == text);
            let mut tags = tags.iter();
            tags.any(|tag| tag.key.as_str() == key && is_it(tag.value.as_str()))
        };
        self.0.iter().all(has)
    }
}

/// The parameters of [`TagFilter`], for the description of a list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct TagQuery {
    /// The key of a tag that each item has; further ones have the numbers 1, 2 and so on.
    #[serde(rename = "filter[tagged][0][key]")]
    _key: Option<String>,
    /// The value of that tag; every value where it is left out.
    #[serde(rename = "filter[tagged][0][value]")]
    _value: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_a_filter_are_read_by_their_numbers() {
        let filter = TagFilter::of(
            "page%5Bsize%5D=3&filter%5Btagged%5D%5B0%5D%5Bkey%5D=a&filter[tagged][1][key]=b\
             &filter[tagged][1][value]=c&filter[tagged][2][value]=",
        );
        let expected = [("a", None), ("b", Some("c")), ("", None)];
        let found: Vec<_> = filter
            .0
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_deref()))
            .collect();
        assert_eq!(found, expected);
    }
}
