//! The description of an endpoint for the `OpenAPI` document, from its line in a `routes!` table.

use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// The description of one endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// What the endpoint does, for people: the doc comment above its line.
    pub summary: &'static str,
    /// The name of the handler with its module path.
    pub handler: &'static str,
    /// The structs of its query parameters.
    pub query: &'static [BodyDescription],
    /// The request body; `None` if the endpoint reads none.
    pub takes: Option<BodyDescription>,
    /// The status of success, and the body of that answer, if it has one. An endpoint that refuses
    /// every request has the status of the refusal.
    pub gives: (u16, Option<BodyDescription>),
}

/// Returns the media type of a body (`None` for the one of its API) and its schema.
pub type BodyDescription = fn(&mut SchemaGenerator) -> (Option<&'static str>, Schema);

/// A type that can describe itself as a body.
pub trait DescribeBody {
    /// Returns the media type and the schema.
    fn describe(generator: &mut SchemaGenerator) -> (Option<&'static str>, Schema);
}

impl<T: JsonSchema> DescribeBody for T {
    fn describe(generator: &mut SchemaGenerator) -> (Option<&'static str>, Schema) {
        (None, generator.subschema_for::<T>())
    }
}

/// A JSON document in a form of its own, in an API that has a media type for its documents.
#[derive(Debug)]
pub struct PlainJson<T>(PhantomData<T>);

impl<T: JsonSchema> DescribeBody for PlainJson<T> {
    fn describe(generator: &mut SchemaGenerator) -> (Option<&'static str>, Schema) {
        (Some("application/json"), generator.subschema_for::<T>())
    }
}

/// The fields of a form, as a browser would send them.
#[derive(Debug)]
pub struct FormFields<T>(PhantomData<T>);

impl<T: JsonSchema> DescribeBody for FormFields<T> {
    fn describe(generator: &mut SchemaGenerator) -> (Option<&'static str>, Schema) {
        let media = "application/x-www-form-urlencoded";
        (Some(media), generator.subschema_for::<T>())
    }
}

/// Declares types that describe bodies other than JSON.
macro_rules! media {
    ($(#[doc = $doc:literal] $name:ident: $media:literal;)+) => { $(
        #[doc = $doc]
        #[derive(Debug)]
        pub struct $name;

        impl DescribeBody for $name {
            fn describe(_: &mut SchemaGenerator) -> (Option<&'static str>, Schema) {
                (Some($media), json_schema!({}))
            }
        }
    )+ };
}

media! {
    /// A tar archive, compressed with gzip.
    Archive: "application/gzip";
    /// The package of a provider: a zip archive.
    Package: "application/zip";
    /// Plain text for people.
    Text: "text/plain";
    /// Measurements for Prometheus.
    Metrics: "application/openmetrics-text";
}
