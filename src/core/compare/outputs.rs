//! Judges changes of outputs.

use crate::domain::{FolderDocs, Output};

use super::inputs::{deprecated, description};
use super::pair::{Pair, pairs};
use super::{Change, ChangeKind, Impact, Subject, source_text};

/// Returns the changes of all outputs.
pub(super) fn changes(old: &FolderDocs, new: &FolderDocs) -> Vec<Change> {
    let pairs = pairs(&old.outputs, &new.outputs, |output| output.name.as_str());
    pairs
        .flat_map(|(name, pair)| match pair {
            Pair::Removed(output) => vec![change(
                output,
                ChangeKind::Removed,
                Impact::Breaking,
                format!("output `{name}` is gone: callers that use it fail"),
            )],
            Pair::Added(output) => vec![change(
                output,
                ChangeKind::Added,
                Impact::Compatible,
                format!("new output `{name}`"),
            )],
            Pair::InBoth(old, new) => changes_between(old, new),
        })
        .collect()
}

fn change(output: &Output, kind: ChangeKind, impact: Impact, reason: String) -> Change {
    Change::new((Subject::Output, &output.name), kind, impact, reason)
}

fn changes_between(old: &Output, new: &Output) -> Vec<Change> {
    let thing = (Subject::Output, new.name.as_str());
    let changes = [
        sensitive(old, new),
        ephemeral(old, new),
        value(old, new),
        deprecated(thing, old.deprecated.as_deref(), new.deprecated.as_deref()),
        description(
            thing,
            old.description.as_deref(),
            new.description.as_deref(),
        ),
    ];
    changes.into_iter().flatten().collect()
}

/// Returns the change of the `sensitive` flag.
///
/// Terraform refuses an output of the root module that holds a sensitive value without the flag
/// `sensitive`, and a `for_each` over a sensitive value: callers that have one of these fail once
/// the value is sensitive.
fn sensitive(old: &Output, new: &Output) -> Option<Change> {
    let name = &new.name;
    let (impact, reason) = match (old.sensitive, new.sensitive) {
        (true, true) | (false, false) => return None,
        (false, true) => (
            Impact::Breaking,
            format!(
                "output `{name}` is sensitive now: callers that export it without saying so fail"
            ),
        ),
        (true, false) => (
            Impact::Compatible,
            format!("output `{name}` is not sensitive any more: plans show its value"),
        ),
    };
    let mut change = change(new, ChangeKind::Sensitive, impact, reason);
    change.warning = impact == Impact::Compatible;
    Some(change)
}

fn ephemeral(old: &Output, new: &Output) -> Option<Change> {
    let name = &new.name;
    let (impact, reason) = match (old.ephemeral, new.ephemeral) {
        (true, true) | (false, false) => return None,
        (false, true) => (
            Impact::Breaking,
            format!("output `{name}` is ephemeral now: callers that use it in lasting places fail"),
        ),
        (true, false) => (
            Impact::Compatible,
            format!("output `{name}` is not ephemeral any more"),
        ),
    };
    Some(change(new, ChangeKind::Ephemeral, impact, reason))
}

/// Returns the change of the value's expression.
///
/// The value of the new expression is not known here; usually it is the same object with a new
/// name.
fn value(old: &Output, new: &Output) -> Option<Change> {
    let written = |output: &Output| output.value.clone().unwrap_or_default();
    let (was, is) = (written(old), written(new));
    if source_text::same(&was, &is) {
        return None;
    }
    let reason = format!(
        "the expression of output `{}` changed: its value may differ",
        new.name
    );
    let change = change(new, ChangeKind::Value, Impact::Patch, reason);
    let (was, is) = (
        source_text::on_one_line(&was),
        source_text::on_one_line(&is),
    );
    Some(change.showing(Some(&was), Some(&is)).warn())
}
