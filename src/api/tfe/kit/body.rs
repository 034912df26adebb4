//! Request documents, which carry the bodies of requests: `{"data": {"type": …, "attributes": …}}`.
//!
//! Unknown members are ignored. An absent or empty `type` is taken, since clients send it, and any
//! word but those of the resource gets 409
//! (`tests/fixtures/contracts/json-api.toml#request-type`). Attributes that ask for something that
//! this registry does not do are refused by the table in `not_served/`.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Problem;
use crate::api::tfe::not_served::{self, Part};
use crate::registry::Error;

/// The attributes of a request about resources of one type.
pub(crate) trait RequestAttributes: DeserializeOwned {
    /// The words that `data.type` may have: the one of responses, and others that clients send.
    const TYPES: &'static [&'static str];
    /// The part of the documents of that type in the table of what is not served; `None` if nothing
    /// of that table is about it.
    const PART: Option<Part> = None;
}

/// A request document with these attributes, and these relationships if it has any.
#[derive(Debug)]
pub(crate) struct Body<A, R = Nothing>(PhantomData<(A, R)>);

/// A request document for calls to which clients also send `null`, a document without attributes,
/// or no body at all. All of these give the default attributes.
#[derive(Debug)]
pub(crate) struct OptionalBody<A>(PhantomData<A>);

/// The relationships of a request that reads none.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct Nothing {}

/// A document as it was sent, before anything in it is judged.
pub(super) type Sent = Map<String, Value>;

/// Returns the attributes and the relationships of a document.
pub(super) fn parse_resource<A, R>(mut sent: Sent) -> Result<(A, R), Problem>
where
    A: RequestAttributes,
    R: DeserializeOwned + Default,
{
    let Some(Value::Object(data)) = sent.remove("data") else {
        let reason = r#"the document needs `data`, an object: {"data": {"attributes": {…}}}"#;
        return Err(Error::invalid("body", reason).into());
    };
    parse_data(data)
}

/// The attributes of one resource, or those of each of a list.
pub(crate) enum OneOrList<A, I> {
    One(A),
    List(Vec<I>),
}

/// Returns the attributes of a document whose `data` is one resource, or a list of others.
pub(super) fn parse_one_or_list<A, I>(mut sent: Sent) -> Result<OneOrList<A, I>, Problem>
where
    A: RequestAttributes,
    I: RequestAttributes,
{
    let list = sent.get_mut("data").and_then(Value::as_array_mut);
    let Some(list) = list.map(std::mem::take) else {
        let (attributes, Nothing {}) = parse_resource(sent)?;
        return Ok(OneOrList::One(attributes));
    };
    let attributes = |item: Value| {
        let Value::Object(data) = item else {
            return Err(Error::invalid("body", "`data` is a list of objects here").into());
        };
        parse_data(data).map(|(attributes, Nothing {})| attributes)
    };
    let all = list.into_iter().map(attributes);
    Ok(OneOrList::List(all.collect::<Result<_, _>>()?))
}

/// Returns the attributes of a document that may have no `data`, or null.
pub(super) fn parse_resource_if_any<A: RequestAttributes + Default>(
    sent: Sent,
) -> Result<A, Problem> {
    match sent.get("data") {
        None | Some(Value::Null) => Ok(A::default()),
        Some(_) => parse_resource::<A, Nothing>(sent).map(|(attributes, _)| attributes),
    }
}

fn parse_data<A, R>(mut data: Sent) -> Result<(A, R), Problem>
where
    A: RequestAttributes,
    R: DeserializeOwned + Default,
{
    check_type(data.get("type"), A::TYPES, "/data/type")?;
    let attributes = match data.remove("attributes") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(attributes)) => attributes,
        Some(_) => return Err(Error::invalid("/attributes", "it must be an object").into()),
    };
    if let Some(part) = A::PART {
        not_served::check(part, &attributes)?;
    }
    let relationships = match data.remove("relationships") {
        None | Some(Value::Null) => R::default(),
        Some(relationships) => parse_member("/relationships", relationships)?,
    };
    Ok((
        parse_member("/attributes", Value::Object(attributes))?,
        relationships,
    ))
}

fn parse_member<T: DeserializeOwned>(field: &'static str, value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| {
        let reason = format!("the JSON is not what is expected here: {error}");
        Error::invalid(field, reason)
    })
}

/// Refuses a `type` that is none of `types`, with 409. An absent one and the empty text are taken.
/// `pointer` is its place in the document.
pub(crate) fn check_type(
    sent: Option<&Value>,
    types: &'static [&'static str],
    pointer: &str,
) -> Result<(), Problem> {
    let sent = match sent {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(text)) if text.is_empty() || types.contains(&text.as_str()) => {
            return Ok(());
        }
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let right = types.first().copied().unwrap_or_default();
    Err(Problem::wrong_type(&sent, right, pointer))
}

impl<A: RequestAttributes + JsonSchema, R: JsonSchema> JsonSchema for Body<A, R> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Document", A::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let relationships = generator.subschema_for::<R>();
        let data = data_schema::<A>(generator, Some(relationships));
        json_schema!({
            "type": "object", "properties": { "data": data }, "required": ["data"],
        })
    }
}

impl<A: RequestAttributes + JsonSchema> JsonSchema for OptionalBody<A> {
    fn schema_name() -> Cow<'static, str> {
        format!("Optional{}Document", A::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut data = data_schema::<A>(generator, None);
        data.insert("type".to_owned(), json!(["object", "null"]));
        json_schema!({ "type": ["object", "null"], "properties": { "data": data } })
    }
}

fn data_schema<A: RequestAttributes + JsonSchema>(
    generator: &mut SchemaGenerator,
    relationships: Option<Schema>,
) -> Map<String, Value> {
    let mut attributes = A::json_schema(generator);
    if let (Some(part), Some(members)) = (A::PART, attributes.as_object_mut()) {
        let properties = members.entry("properties").or_insert_with(|| json!({}));
        if let Some(properties) = properties.as_object_mut() {
            not_served::describe(part, properties);
        }
    }
    let mut properties = Map::new();
    properties.insert("type".to_owned(), type_schema(A::TYPES));
    properties.insert("attributes".to_owned(), attributes.to_value());
    if let Some(relationships) = relationships {
        properties.insert("relationships".to_owned(), relationships.to_value());
    }
    let mut data = Map::new();
    data.insert("type".to_owned(), json!("object"));
    data.insert("properties".to_owned(), Value::Object(properties));
    data
}

/// Returns the schema of a request's `type`, which may also be empty.
pub(super) fn type_schema(types: &[&str]) -> Value {
    let words = types.iter().map(|word| json!(word));
    let words: Vec<Value> = words.chain([json!(""), Value::Null]).collect();
    json!({ "enum": words })
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
