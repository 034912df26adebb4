//! The fields of the index, and the worth of a match in each.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use super::MatchReasonKind;
use super::tokens::{Terms, identifier_terms, prose_terms};

/// The number must grow when fields, terms or their meaning change: an index of another format is
/// rebuilt.
pub(super) const FORMAT: &str = "terrakeep search index 2\n";

/// The bit of `flags` for deprecated modules. The bit before it has had another meaning.
pub(super) const DEPRECATED: u8 = 2;
/// The bit of `flags` for modules without a published version.
pub(super) const UNPUBLISHED: u8 = 4;

const IDENTIFIERS: &str = "identifiers";
const PROSE: &str = "prose";

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// Name, namespace and system, folded: identifies the document that is replaced or removed.
    pub(super) key: Field,
    /// The address as written; stored, not searched.
    pub(super) address: Field,
    /// The id of the owning organization.
    pub(super) organization: Field,
    /// The namespace, folded.
    pub(super) namespace: Field,
    /// The system.
    pub(super) system: Field,
    /// The name.
    pub(super) name: Field,
    /// Other names it is known by, such as `terraform_aws_vpc`, each one term.
    pub(super) alias: Field,
    /// Sources of the providers it needs, one on each line.
    pub(super) providers: Field,
    /// Types of resources, one value each.
    pub(super) resources: Field,
    /// Names of inputs, one on each line.
    pub(super) inputs: Field,
    /// Names of outputs, one on each line.
    pub(super) outputs: Field,
    /// The description.
    pub(super) description: Field,
    /// The beginning of the README.
    pub(super) readme: Field,
    /// The downloads.
    pub(super) downloads: Field,
    /// When it was published, in microseconds.
    pub(super) published: Field,
    /// [`DEPRECATED`] and [`UNPUBLISHED`].
    pub(super) flags: Field,
    /// The sources of the modules that it calls, each one term.
    pub(super) calls: Field,
    /// A number that tells whether the document is up to date.
    pub(super) fingerprint: Field,
}

/// Makes the schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = SchemaBuilder::new();
    let fields = Fields {
        key: builder.add_text_field("key", STRING | FAST),
        address: builder.add_text_field("address", FAST),
        organization: builder.add_text_field("organization", FAST),
        namespace: builder.add_text_field("namespace", terms(IDENTIFIERS) | FAST),
        system: builder.add_text_field("system", terms(IDENTIFIERS) | FAST),
        name: builder.add_text_field("name", terms(IDENTIFIERS)),
        alias: builder.add_text_field("alias", terms("raw")),
        providers: builder.add_text_field("providers", terms(IDENTIFIERS) | STORED),
        resources: builder.add_text_field("resources", terms(IDENTIFIERS) | STORED | FAST),
        inputs: builder.add_text_field("inputs", terms(IDENTIFIERS) | STORED),
        outputs: builder.add_text_field("outputs", terms(IDENTIFIERS) | STORED),
        description: builder.add_text_field("description", terms(PROSE) | STORED | FAST),
        readme: builder.add_text_field("readme", terms(PROSE) | STORED),
        downloads: builder.add_u64_field("downloads", FAST),
        published: builder.add_i64_field("published", FAST),
        flags: builder.add_u64_field("flags", FAST),
        calls: builder.add_text_field("calls", terms("raw")),
        fingerprint: builder.add_u64_field("fingerprint", FAST),
    };
    (builder.build(), fields)
}

/// Returns the tokenizers that the schema names.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(IDENTIFIERS, Terms(identifier_terms));
    tokenizers.register(PROSE, Terms(prose_terms));
    tokenizers
}

/// A field that words are looked up in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Searched {
    /// The field.
    pub(super) field: Field,
    /// The kind of match that it gives.
    pub(super) kind: MatchReasonKind,
    /// How its terms are matched.
    pub(super) matching: Matching,
    /// The worth of a whole word.
    pub(super) exact: u8,
    /// The worth of the beginning of a word.
    pub(super) prefix: u8,
    /// The worth of a word with a typo.
    pub(super) typo: u8,
}

/// How the terms of a field are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matching {
    /// Identifiers match whole, by runs of parts, by prefix, and with typos.
    Identifier,
    /// Single terms match only as they are.
    Exact,
    /// Words of prose match whole and by prefix.
    Prose,
}

impl Fields {
    /// Returns the fields with names, which are searched first.
    pub(super) fn names(&self) -> [Searched; 2] {
        let searched = |field, kind, matching, worth| searched(field, kind, matching, worth);
        [
            searched(
                self.name,
                MatchReasonKind::Name,
                Matching::Identifier,
                (40, 30, 5),
            ),
            searched(
                self.alias,
                MatchReasonKind::Name,
                Matching::Exact,
                (40, 0, 0),
            ),
        ]
    }

    /// Returns all other fields that words are looked up in.
    pub(super) fn others(&self) -> [Searched; 8] {
        use Matching::{Identifier, Prose};
        [
            searched(
                self.resources,
                MatchReasonKind::Resource,
                Identifier,
                (32, 22, 4),
            ),
            searched(
                self.namespace,
                MatchReasonKind::Namespace,
                Identifier,
                (30, 20, 4),
            ),
            searched(
                self.system,
                MatchReasonKind::System,
                Identifier,
                (30, 20, 4),
            ),
            searched(self.inputs, MatchReasonKind::Input, Identifier, (28, 18, 3)),
            searched(
                self.outputs,
                MatchReasonKind::Output,
                Identifier,
                (28, 18, 3),
            ),
            searched(
                self.description,
                MatchReasonKind::Description,
                Prose,
                (24, 14, 0),
            ),
            searched(
                self.providers,
                MatchReasonKind::Provider,
                Identifier,
                (20, 12, 2),
            ),
            searched(self.readme, MatchReasonKind::Readme, Prose, (16, 6, 0)),
        ]
    }
}

fn searched(
    field: Field,
    kind: MatchReasonKind,
    matching: Matching,
    (exact, prefix, typo): (u8, u8, u8),
) -> Searched {
    Searched {
        field,
        kind,
        matching,
        exact,
        prefix,
        typo,
    }
}

/// Returns the options of a field whose terms have no frequencies, positions and norms: a search
/// only needs to know which documents have a term.
fn terms(tokenizer: &str) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    )
}
