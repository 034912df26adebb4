//! Finds the positions that a caller may see.

use super::document::key_term;
use super::snapshot::{Snapshot, index};
use super::{SearchError, Visible};

/// Returns 1 for each position that the caller may see, and 0 for all others.
pub(super) fn eligible(snapshot: &Snapshot, visible: &Visible) -> Result<Vec<u16>, SearchError> {
    let columns = &snapshot.columns;
    let (organizations, modules) = match visible {
        Visible::All => {
            return Ok(columns
                .alive
                .iter()
                .map(|alive| u16::from(*alive))
                .collect());
        }
        Visible::Only {
            organizations,
            modules,
        } => (organizations, modules),
    };
    let mut seen = vec![false; snapshot.organizations.len()];
    for organization in organizations {
        let number = snapshot.organizations.number(organization.as_str());
        if let Some(seen) = number.and_then(|number| seen.get_mut(index(number))) {
            *seen = true;
        }
    }
    let mut eligible: Vec<u16> = columns
        .alive
        .iter()
        .zip(&columns.organization)
        .map(|(alive, organization)| {
            let seen = seen.get(index(*organization)).copied().unwrap_or(false);
            u16::from(*alive && seen)
        })
        .collect();
    for module in modules {
        let key = key_term(&snapshot.fields, module);
        for segment in &snapshot.segments {
            for position in segment.positions_of(&segment.keys, &key)? {
                if columns.alive.get(position).copied().unwrap_or(false)
                    && let Some(slot) = eligible.get_mut(position)
                {
                    *slot = 1;
                }
            }
        }
    }
    Ok(eligible)
}
