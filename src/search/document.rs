//! The part of a module that is indexed, and how it becomes a document of the index.

use std::collections::BTreeSet;

use tantivy::{TantivyDocument, Term};

use super::schema::{DEPRECATED, Fields, UNPUBLISHED};
use super::tokens::{cut, fold};
use crate::domain::{ModuleAddress, OrganizationId, Timestamp};

/// READMEs are indexed up to here: they describe the module's purpose at their beginning, and the
/// tables at their end repeat inputs and outputs, which have fields of their own.
const MAX_README_BYTES: usize = 16 * 1024;
const MAX_DESCRIPTION_BYTES: usize = 1024;
/// No module that anybody uses has more inputs, outputs, resource types or providers.
const MAX_IDENTIFIERS: usize = 1000;
const MAX_IDENTIFIER_BYTES: usize = 128;

/// The part of a module and of its latest version that is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchDocument {
    /// The module's address.
    pub address: ModuleAddress,
    /// The organization that owns it; callers that may see the organization see the module.
    pub organization: OrganizationId,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Whether it has no published version; if so, the fields below are empty.
    pub unpublished: bool,
    /// One sentence that describes it; may be empty.
    pub description: String,
    /// The README; the first 16 KiB are indexed.
    pub readme: String,
    /// Names of inputs.
    pub inputs: Vec<String>,
    /// Names of outputs.
    pub outputs: Vec<String>,
    /// Types of resources and data sources; repeated ones are indexed once.
    pub resource_types: Vec<String>,
    /// Sources of the providers it needs, such as `hashicorp/aws`.
    pub providers: Vec<String>,
    /// Sources of the modules it calls; [`SearchIndex::callers`](super::SearchIndex::callers) finds
    /// the module by them.
    pub calls: Vec<String>,
    /// The number of its downloads.
    pub downloads: u64,
    /// When the latest version was published.
    pub published_at: Timestamp,
    /// A number that changes whenever one of the fields above changes; see
    /// [`SearchIndex::fingerprints`](super::SearchIndex::fingerprints).
    pub fingerprint: u64,
}

/// A change of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexChange {
    /// Adds a module, or replaces its document.
    Put(Box<SearchDocument>),
    /// Removes a module, if it is there.
    Remove(ModuleAddress),
}

impl IndexChange {
    /// Returns the address of the module that changes.
    pub fn address(&self) -> &ModuleAddress {
        match self {
            Self::Put(document) => &document.address,
            Self::Remove(address) => address,
        }
    }
}

/// Returns the term that only this module's document has. Terms sort by name, namespace and system.
pub(super) fn key_term(fields: &Fields, address: &ModuleAddress) -> Term {
    Term::from_field_text(fields.key, &key(address))
}

impl SearchDocument {
    /// Returns the document for the index.
    pub(super) fn document(&self, fields: &Fields) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(fields.key, key(&self.address));
        document.add_text(fields.address, self.address.to_string());
        document.add_text(fields.organization, self.organization.as_str());
        document.add_text(fields.namespace, self.address.namespace.folded());
        document.add_text(fields.system, self.address.system.folded());
        document.add_text(fields.name, self.address.name.as_str());
        for alias in aliases(&self.address) {
            document.add_text(fields.alias, alias);
        }
        for resource_type in resource_types(&self.resource_types) {
            document.add_text(fields.resources, resource_type);
        }
        for source in self.calls.iter().take(MAX_IDENTIFIERS) {
            document.add_text(fields.calls, source.to_ascii_lowercase());
        }
        document.add_text(fields.providers, lines(&self.providers));
        document.add_text(fields.inputs, lines(&self.inputs));
        document.add_text(fields.outputs, lines(&self.outputs));
        let description = cut(&self.description, MAX_DESCRIPTION_BYTES);
        document.add_text(fields.description, description);
        document.add_text(fields.readme, cut(&self.readme, MAX_README_BYTES));
        document.add_u64(fields.downloads, self.downloads);
        document.add_i64(fields.published, self.published_at.as_micros());
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        let flags = flag(self.deprecated, DEPRECATED) | flag(self.unpublished, UNPUBLISHED);
        document.add_u64(fields.flags, u64::from(flags));
        document.add_u64(fields.fingerprint, self.fingerprint);
        document
    }
}

fn key(address: &ModuleAddress) -> String {
    // A space sorts before every character of a name, so `vpc` comes before `vpc-peering`.
    format!(
        "{} {} {}",
        address.name.folded(),
        address.namespace.folded(),
        address.system.folded()
    )
}

/// Returns what people type for a module besides its name: repositories have names such as
/// `terraform-aws-vpc`.
fn aliases(address: &ModuleAddress) -> [String; 5] {
    let namespace = fold(address.namespace.as_str());
    let name = fold(address.name.as_str());
    let system = fold(address.system.as_str());
    [
        format!("{system}_{name}"),
        format!("terraform_{system}_{name}"),
        format!("{name}_{system}"),
        format!("{namespace}_{name}"),
        format!("{namespace}_{name}_{system}"),
    ]
}

fn lines(identifiers: &[String]) -> String {
    let kept: Vec<&str> = identifiers
        .iter()
        .take(MAX_IDENTIFIERS)
        .map(|identifier| cut(identifier, MAX_IDENTIFIER_BYTES))
        .collect();
    kept.join("\n")
}

fn resource_types(types: &[String]) -> BTreeSet<String> {
    types
        .iter()
        .filter(|resource_type| !resource_type.is_empty())
        .map(|resource_type| cut(resource_type, MAX_IDENTIFIER_BYTES).to_ascii_lowercase())
        .take(MAX_IDENTIFIERS)
        .collect()
}
