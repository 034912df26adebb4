//! Request documents, which carry the bodies of requests. Unknown members are ignored, and `type`
//! is not checked, since clients leave it empty
//! (`tests/fixtures/contracts/json-api.toml#type-not-checked`).

use schemars::JsonSchema;
use serde::Deserialize;

use crate::registry::Error;

/// A request document: `{"data": {"attributes": …}}`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body<A> {
    data: Data<A>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Data<A> {
    attributes: A,
}

impl<A> Body<A> {
    pub(crate) fn attributes(self) -> A {
        self.data.attributes
    }
}

/// A request document for calls to which clients also send `null`, a document without attributes,
/// or no body at all. All of these give the default attributes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct OptionalBody<A> {
    data: Option<OptionalData<A>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OptionalData<A> {
    attributes: Option<A>,
}

impl<A: Default> OptionalBody<A> {
    pub(crate) fn attributes(self) -> A {
        let attributes = self.data.and_then(|data| data.attributes);
        attributes.unwrap_or_default()
    }
}

/// Reads an attribute that must be there.
pub(crate) fn parse<T>(field: &'static str, text: Option<&str>) -> Result<T, Error>
where
    T: std::str::FromStr,
    T::Err: ToString,
{
    text.ok_or_else(|| Error::invalid(field, format!("`{field}` can't be blank")))?
        .parse()
        .map_err(|error: T::Err| Error::invalid(field, error))
}

/// Reads an attribute that may be left out.
pub(crate) fn parse_if_any<T>(field: &'static str, text: Option<&str>) -> Result<Option<T>, Error>
where
    T: std::str::FromStr,
    T::Err: ToString,
{
    text.map(|text| parse(field, Some(text))).transpose()
}
