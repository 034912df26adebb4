//! Finds the modules that call a module.

use std::collections::BTreeSet;

use tantivy::Term;

use super::hit::describe_hit;
use super::snapshot::Snapshot;
use super::visible::eligible;
use super::{Hit, SearchError, Visible};

/// Finds the visible modules that call one of these sources: at most `most`, sorted by address.
pub(super) fn find_callers(
    snapshot: &Snapshot,
    sources: &[String],
    visible: &Visible,
    most: usize,
) -> Result<Vec<Hit>, SearchError> {
    let eligible = eligible(snapshot, visible)?;
    let mut found = BTreeSet::new();
    for source in sources {
        let term = Term::from_field_text(snapshot.fields.calls, &source.to_ascii_lowercase());
        for segment in &snapshot.segments {
            for position in segment.positions_of(&segment.calls, &term)? {
                if eligible.get(position).is_some_and(|seen| *seen != 0) {
                    found.insert((snapshot.address(position)?, position));
                }
            }
        }
    }
    found
        .into_iter()
        .take(most)
        .map(|(_, position)| describe_hit(snapshot, position, &[]))
        .collect()
}
