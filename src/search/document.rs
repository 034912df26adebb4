//! What is indexed of a module, and how it becomes a document.

use std::collections::BTreeSet;

use tantivy::{TantivyDocument, Term};

use super::schema::{DEPRECATED, Fields, UNPUBLISHED, VERIFIED};
use super::tokens::{cut, fold};
use crate::domain::{ModuleAddress, OrganizationId, Timestamp};

/// READMEs are indexed up to here: what a module is for stands at their beginning, and the tables
/// at their end repeat inputs and outputs, which are indexed as such.
const MAX_README_BYTES: usize = 16 * 1024;
const MAX_DESCRIPTION_BYTES: usize = 1024;
/// No module that anybody uses has more inputs, outputs, resource types or providers.
const MAX_IDENTIFIERS: usize = 1000;
const MAX_IDENTIFIER_BYTES: usize = 128;

/// What is indexed of a module: it and its latest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchDocument {
    /// The address.
    pub address: ModuleAddress,
    /// The organization that owns it; decides who sees it.
    pub organization: OrganizationId,
    /// Whether it is verified.
    pub verified: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Whether it has no published version, and so nothing below.
    pub unpublished: bool,
    /// One sentence about it; may be empty.
    pub description: String,
    /// The README; the first 16 KiB are indexed.
    pub readme: String,
    /// Names of inputs.
    pub inputs: Vec<String>,
    /// Names of outputs.
    pub outputs: Vec<String>,
    /// Types of resources and data sources; each is kept once.
    pub resource_types: Vec<String>,
    /// Sources of the providers it needs, such as `hashicorp/aws`.
    pub providers: Vec<String>,
    /// Sources of the modules it calls, as [`SearchIndex::callers`](super::SearchIndex::callers)
    /// asks for them.
    pub calls: Vec<String>,
    /// How often it was downloaded.
    pub downloads: u64,
    /// When the latest version was published.
    pub published_at: Timestamp,
    /// Differs where any of the above may differ; see
    /// [`SearchIndex::fingerprints`](super::SearchIndex::fingerprints).
    pub fingerprint: u64,
}

/// A change of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexChange {
    /// Adds a module, or replaces what is indexed of it.
    Put(Box<SearchDocument>),
    /// Removes a module, if it is there.
    Remove(ModuleAddress),
}

impl IndexChange {
    /// The module that changes.
    pub fn address(&self) -> &ModuleAddress {
        match self {
            Self::Put(document) => &document.address,
            Self::Remove(address) => address,
        }
    }
}

/// The term that only the document of this module has; sorts by name, namespace and system.
pub(super) fn key_term(fields: &Fields, address: &ModuleAddress) -> Term {
    Term::from_field_text(fields.key, &key(address))
}

impl SearchDocument {
    /// Makes the document.
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
        let flags = flag(self.verified, VERIFIED)
            | flag(self.deprecated, DEPRECATED)
            | flag(self.unpublished, UNPUBLISHED);
        document.add_u64(fields.flags, u64::from(flags));
        document.add_u64(fields.fingerprint, self.fingerprint);
        document
    }
}

fn key(address: &ModuleAddress) -> String {
    // A space sorts before everything a name may have, so `vpc` comes before `vpc-peering`.
    format!(
        "{} {} {}",
        address.name.folded(),
        address.namespace.folded(),
        address.system.folded()
    )
}

/// What people type for a module besides its name: repositories are called `terraform-aws-vpc`.
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
