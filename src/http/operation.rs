//! What the description of the API says of an endpoint, as its line in a `routes!` table has it.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// What is said of an endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// What it does, for people: the comment above its line.
    pub summary: &'static str,
    /// The handler with the path of its module.
    pub handler: &'static str,
    /// The parameters in its query, by struct.
    pub query: &'static [BodyDescription],
    /// The body that it takes.
    pub takes: Option<BodyDescription>,
    /// The status of success, and the body of such an answer.
    pub gives: (u16, Option<BodyDescription>),
}

/// Names the media type of a body, or none where it is the one of its API, and describes it.
pub type BodyDescription = fn(&mut SchemaGenerator) -> (Option<&'static str>, Schema);

/// What bodies consist of.
pub trait DescribeBody {
    /// Says so.
    fn describe(generator: &mut SchemaGenerator) -> (Option<&'static str>, Schema);
}

impl<T: JsonSchema> DescribeBody for T {
    fn describe(generator: &mut SchemaGenerator) -> (Option<&'static str>, Schema) {
        (None, generator.subschema_for::<T>())
    }
}

/// Bodies that are no JSON.
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
    /// A tar archive, packed by gzip.
    Archive: "application/gzip";
    /// The package of a provider.
    Package: "application/zip";
    /// Words for people.
    Text: "text/plain";
    /// Measurements for Prometheus.
    Metrics: "application/openmetrics-text";
}
