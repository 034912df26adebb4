//! Finds the changes between two states of one folder.

use crate::domain::FolderDocs;

use super::constraint::{Constraint, Step};
use super::{
    Change, ChangeKind, Impact, Subject, calls, inputs, outputs, providers, resources, source_text,
};

/// Returns the changes from `old` to `new`.
pub(super) fn changes(old: &FolderDocs, new: &FolderDocs) -> Vec<Change> {
    let mut changes = inputs::changes(old, new);
    changes.extend(outputs::changes(old, new));
    changes.extend(resources::changes(old, new));
    changes.extend(providers::changes(old, new));
    changes.extend(required_version(old, new));
    changes.extend(calls::changes(old, new));
    changes
}

/// Returns the change of the version constraint on Terraform itself.
///
/// A new release of the same major version is an upgrade that Terraform keeps compatible, so
/// requiring one does not break; before 1.0, each minor version counts as a major one.
fn required_version(old: &FolderDocs, new: &FolderDocs) -> Option<Change> {
    let joined =
        |folder: &FolderDocs| source_text::on_one_line(&folder.required_versions.join(", "));
    let (was, is) = (joined(old), joined(new));
    let step = Constraint::parse(&was).step_to(&Constraint::parse(&is));
    let (impact, warning, why) = match step {
        Step::Same => return None,
        Step::LineLost => (
            Impact::Breaking,
            false,
            "callers on an excluded release fail",
        ),
        Step::Raised => (
            Impact::Compatible,
            true,
            "callers on an older release must upgrade",
        ),
        Step::Narrowed => (Impact::Compatible, true, "some releases are excluded now"),
        Step::Widened => (Impact::Compatible, false, "more releases are allowed"),
        Step::Unknown => (Impact::Compatible, true, "the allowed releases changed"),
    };
    let change = Change::new(
        (Subject::RequiredVersion, "terraform"),
        ChangeKind::Version,
        impact,
        format!("required version of Terraform changed: {why}"),
    );
    let change = change.showing(Some(&was), Some(&is));
    Some(if warning { change.warn() } else { change })
}
