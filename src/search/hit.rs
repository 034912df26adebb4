//! Makes the hit of a position, with the reasons why it was found.

use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value};

use super::matching::MatchedWord;
use super::reasons::Reasons;
use super::snapshot::Snapshot;
use super::{Hit, MatchReason, MatchReasonKind, SearchError};
use crate::domain::ModuleAddress;

/// Makes the hit of a position. Its reasons explain the `matched` words; without words it has none.
pub(super) fn describe_hit(
    snapshot: &Snapshot,
    position: usize,
    matched: &[MatchedWord],
) -> Result<Hit, SearchError> {
    let address = snapshot.address(position)?;
    let reasons = if matched.is_empty() {
        Vec::new()
    } else {
        let document = snapshot.document(position)?;
        reasons(snapshot, &address, &document, matched)
    };
    Ok(Hit {
        description: snapshot.description(position)?,
        address,
        reasons,
    })
}

fn reasons(
    snapshot: &Snapshot,
    address: &ModuleAddress,
    document: &TantivyDocument,
    matched: &[MatchedWord],
) -> Vec<MatchReason> {
    let fields = &snapshot.fields;
    let mut reasons = Reasons::new(matched);
    reasons.add(MatchReasonKind::Name, address.name.as_str());
    for resource_type in document.get_all(fields.resources) {
        let resource_type = resource_type.as_str().unwrap_or_default();
        reasons.add(MatchReasonKind::Resource, resource_type);
    }
    reasons.add_lines(MatchReasonKind::Input, text(document, fields.inputs));
    reasons.add_lines(MatchReasonKind::Output, text(document, fields.outputs));
    reasons.add(MatchReasonKind::Namespace, address.namespace.as_str());
    reasons.add(MatchReasonKind::System, address.system.as_str());
    reasons.add_prose(
        MatchReasonKind::Description,
        text(document, fields.description),
    );
    reasons.add_lines(MatchReasonKind::Provider, text(document, fields.providers));
    if !reasons.explain_all() {
        reasons.add_prose(MatchReasonKind::Readme, text(document, fields.readme));
    }
    reasons.best()
}

fn text(document: &TantivyDocument, field: Field) -> &str {
    document
        .get_first(field)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
}
