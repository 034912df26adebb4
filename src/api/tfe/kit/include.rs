//! `include` in a query: the related resources that a response is to bring along.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::registry::Error;

/// `?include=…`: the relationships whose resources are included, with commas between them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct IncludeQuery {
    /// The names of relationships, with commas between them; their resources are in `included`.
    include: Option<String>,
}

/// The relationships that a request includes.
#[derive(Debug)]
pub(crate) struct Included(Vec<&'static str>);

impl IncludeQuery {
    /// Returns the relationships that are to be included, of those that exist here.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] for any other name; one client looks for the words `include parameter`
    /// (`tests/fixtures/contracts/json-api.toml#include-refused`).
    pub(crate) fn parse(&self, known: &[&'static str]) -> Result<Included, Error> {
        let names = self.include.as_deref().unwrap_or_default().split(',');
        let names = names.map(str::trim).filter(|name| !name.is_empty());
        let found = names.map(|name| {
            let is_it = |it: &&&str| it.replace('-', "_") == name.replace('-', "_");
            known.iter().find(is_it).copied().ok_or_else(|| {
                let name: String = name.chars().take(60).collect();
                let all = known.join("`, `");
                Error::Malformed(format!(
                    "`{name}` is no value of the include parameter here; it takes `{all}`"
                ))
            })
        });
        Ok(Included(found.collect::<Result<_, _>>()?))
    }
}

impl Included {
    /// Returns whether nothing is to be included, so that the response has no such member.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a relationship is to be included.
    pub(crate) fn has(&self, relationship: &str) -> bool {
        self.0.contains(&relationship)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_include_that_does_not_exist_is_refused_in_the_words_that_clients_look_for() {
        let parse = |include: &str| {
            let query = IncludeQuery {
                include: Some(include.to_owned()),
            };
            query.parse(&["user", "entitlement_set"])
        };
        for (include, expected) in [
            ("", Some(0)),
            (" , ", Some(0)),
            ("user", Some(1)),
            ("user, entitlement-set", Some(2)),
            ("users", None),
            ("user,teams", None),
        ] {
            let found = parse(include).ok().map(|it| it.0.len());
            assert_eq!(found, expected, "{include}");
        }
        let refused = parse("users")
            .expect_err("no such relationship")
            .to_string();
        assert!(refused.contains("include parameter"), "{refused}");
    }
}
