//! What Terraform Enterprise has and this registry does not: one table, from which the attributes
//! and entitlements in responses, the refusals, and their descriptions for `OpenAPI` are made.
//!
//! | file | what |
//! |---|---|
//! | `table/` | the features, each with its reason and the attributes that belong to it |
//! | `attribute.rs` | an attribute as the table writes it, and what happens to other values |
//! | `parts.rs` | the parts of documents that have such attributes |
//! | `constants.rs` | these attributes in responses, always with the same value |
//! | `kept.rs` | which values are kept, and why others are refused |
//! | `kept_answers.rs` | the kept attributes in responses |
//! | `kept_requests.rs` | the kept attributes that a request names |
//! | `requests.rs` | refuses a request that asks for another value |

mod attribute;
mod constants;
mod kept;
mod kept_answers;
mod kept_requests;
mod parts;
mod requests;
mod table;

pub(crate) use constants::Constants;
pub(crate) use kept_answers::KeptAnswer;
pub(crate) use kept_requests::KeptRequest;
pub(crate) use parts::{Part, part};
pub(crate) use requests::{check, describe};
pub use table::NOT_SERVED;
pub(crate) use table::{PUBLIC_PROVIDER_KEYS, REPOSITORIES, RETENTION};

use attribute::{Attribute, OtherValues};
use kept::KeptKind;

use serde_json::{Value, json};

use crate::registry::Error;

/// A feature that this registry does not have.
#[derive(Debug)]
pub struct NotServed {
    /// Its name in words, as the documentation lists it.
    pub feature: &'static str,
    /// Why it is not here, and what to do instead: the text of a refusal.
    pub reason: &'static str,
    attributes: &'static [Attribute],
}

impl NotServed {
    /// Returns the refusal of a request that asks for this feature in `field`.
    pub(crate) fn refuse(&self, field: &'static str) -> Error {
        Error::invalid(field, self.reason)
    }

    /// Returns the attributes of this feature that are kept and given back: the part of a document,
    /// the path in it, and the default as JSON.
    pub fn kept_attributes(&self) -> impl Iterator<Item = (String, &'static str, Value)> {
        let kept = |it: &&Attribute| matches!(it.other_values, OtherValues::Stored(_));
        let all = self.attributes.iter().filter(kept);
        all.map(|it| (format!("{:?}", it.part), it.path, json!(it.is)))
    }
}

/// Returns the attributes of a part that are kept and given back, each with its feature and its kind.
fn kept_of(part: Part) -> impl Iterator<Item = (&'static NotServed, &'static Attribute, KeptKind)> {
    attributes_of(part).filter_map(|(feature, attribute)| match attribute.other_values {
        OtherValues::Stored(kind) => Some((feature, attribute, kind)),
        OtherValues::Refused | OtherValues::Never => None,
    })
}

/// Returns the attributes of a part, each with its feature.
fn attributes_of(part: Part) -> impl Iterator<Item = (&'static NotServed, &'static Attribute)> {
    let all = NOT_SERVED.iter();
    let all = all.flat_map(|feature| feature.attributes.iter().map(move |it| (*feature, it)));
    all.filter(move |(_, attribute)| attribute.part == part)
}
