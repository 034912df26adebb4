//! Judges changes of variables.

use crate::domain::{DefaultValue, FolderDocs, Input, Validation};

use super::pair::{Pair, pairs};
use super::type_expression::{TypeExpression, TypeStep};
use super::{Change, ChangeKind, Impact, Subject, source_text};

/// Returns the changes of all inputs.
pub(super) fn changes(old: &FolderDocs, new: &FolderDocs) -> Vec<Change> {
    let pairs = pairs(&old.inputs, &new.inputs, |input| input.name.as_str());
    pairs
        .flat_map(|(_, pair)| match pair {
            Pair::Removed(input) => vec![removed(input)],
            Pair::Added(input) => vec![added(input)],
            Pair::InBoth(old, new) => changes_between(old, new),
        })
        .collect()
}

fn change(input: &Input, kind: ChangeKind, impact: Impact, reason: String) -> Change {
    Change::new((Subject::Input, &input.name), kind, impact, reason)
}

fn removed(input: &Input) -> Change {
    let reason = format!("input `{}` is gone: callers that set it fail", input.name);
    change(input, ChangeKind::Removed, Impact::Breaking, reason)
}

fn added(input: &Input) -> Change {
    let name = &input.name;
    let (impact, reason) = if input.is_required() {
        let reason = format!("new input `{name}` has no default: all callers must set it");
        (Impact::Breaking, reason)
    } else {
        (
            Impact::Compatible,
            format!("new input `{name}` with a default"),
        )
    };
    change(input, ChangeKind::Added, impact, reason)
}

fn changes_between(old: &Input, new: &Input) -> Vec<Change> {
    let changes = [
        type_expression(old, new),
        default(old, new),
        sensitive(old, new),
        nullable(old, new),
        ephemeral(old, new),
        deprecated(
            (Subject::Input, &new.name),
            old.deprecated.as_deref(),
            new.deprecated.as_deref(),
        ),
        description(
            (Subject::Input, &new.name),
            old.description.as_deref(),
            new.description.as_deref(),
        ),
        validations(old, new),
    ];
    changes.into_iter().flatten().collect()
}

fn type_expression(old: &Input, new: &Input) -> Option<Change> {
    let (was, is) = (
        old.type_expression.as_deref(),
        new.type_expression.as_deref(),
    );
    let step = TypeExpression::read(was).step_to(&TypeExpression::read(is));
    let one_line = |written: Option<&str>| source_text::on_one_line(written.unwrap_or("any"));
    let (was, is) = (one_line(was), one_line(is));
    let name = &new.name;
    let (impact, reason) = match step {
        TypeStep::Same => return None,
        TypeStep::Widened => (
            Impact::Compatible,
            format!("the type of input `{name}` accepts more values than before"),
        ),
        TypeStep::Other => (
            Impact::Breaking,
            format!("the type of input `{name}` changed: callers' values may not fit any more"),
        ),
    };
    let change = change(new, ChangeKind::Type, impact, reason);
    Some(change.showing(Some(&was), Some(&is)))
}

fn default(old: &Input, new: &Input) -> Option<Change> {
    let name = &new.name;
    let one_line = |default: &DefaultValue| source_text::on_one_line(&default.source);
    let (kind, impact, reason) = match (&old.default, &new.default) {
        (None, None) => return None,
        (Some(was), Some(is)) if same_default(was, is) => return None,
        (Some(_), None) => (
            ChangeKind::MadeRequired,
            Impact::Breaking,
            format!("input `{name}` became required: callers that leave it out fail"),
        ),
        (None, Some(_)) => (
            ChangeKind::MadeOptional,
            Impact::Compatible,
            format!("input `{name}` has a default now: callers may leave it out"),
        ),
        (Some(_), Some(_)) => (
            ChangeKind::Default,
            Impact::Compatible,
            format!(
                "the default of input `{name}` changed: plans of callers that leave it out may change"
            ),
        ),
    };
    let (was, is) = (
        old.default.as_ref().map(one_line),
        new.default.as_ref().map(one_line),
    );
    let mut change = change(new, kind, impact, reason).showing(was.as_deref(), is.as_deref());
    change.warning = kind == ChangeKind::Default;
    Some(change)
}

fn same_default(one: &DefaultValue, other: &DefaultValue) -> bool {
    match (&one.value, &other.value) {
        (Some(one), Some(other)) => one == other,
        (None, _) | (_, None) => source_text::same(&one.source, &other.source),
    }
}

/// Returns the change of the `sensitive` flag.
///
/// An input's `sensitive` flag reaches callers only through outputs, and those must have the flag
/// themselves, so a change breaks nothing.
fn sensitive(old: &Input, new: &Input) -> Option<Change> {
    let name = &new.name;
    let (warning, reason) = match (old.sensitive, new.sensitive) {
        (false, true) => (
            false,
            format!("input `{name}` is sensitive now: plans hide its value"),
        ),
        (true, false) => (
            true,
            format!("input `{name}` is not sensitive any more: plans show its value"),
        ),
        (true, true) | (false, false) => return None,
    };
    let mut change = change(new, ChangeKind::Sensitive, Impact::Compatible, reason);
    change.warning = warning;
    Some(change)
}

/// Returns the change of the `nullable` flag.
///
/// If there is a default, passing `null` is never an error: the default replaces it if null is not
/// allowed. Only without a default do callers that pass `null` fail.
fn nullable(old: &Input, new: &Input) -> Option<Change> {
    let name = &new.name;
    let (impact, reason) = match (old.nullable, new.nullable) {
        (true, true) | (false, false) => return None,
        (true, false) if new.is_required() => (
            Impact::Breaking,
            format!("input `{name}` must not be null any more: callers that pass null fail"),
        ),
        (true, false) => (
            Impact::Compatible,
            format!("input `{name}` takes its default in place of null: plans may change"),
        ),
        (false, true) => (
            Impact::Compatible,
            format!("input `{name}` may be null now: null is not replaced by the default any more"),
        ),
    };
    let change = change(new, ChangeKind::Nullable, impact, reason);
    Some(if impact == Impact::Breaking {
        change
    } else {
        change.warn()
    })
}

fn ephemeral(old: &Input, new: &Input) -> Option<Change> {
    let name = &new.name;
    let (impact, reason) = match (old.ephemeral, new.ephemeral) {
        (true, true) | (false, false) => return None,
        (false, true) => (
            Impact::Compatible,
            format!("input `{name}` takes ephemeral values now"),
        ),
        (true, false) => (
            Impact::Breaking,
            format!(
                "input `{name}` takes no ephemeral values any more: callers that pass one fail"
            ),
        ),
    };
    Some(change(new, ChangeKind::Ephemeral, impact, reason))
}

/// Returns the change of the deprecation of an input or an output; under semver, a new deprecation
/// needs a minor release.
pub(super) fn deprecated(
    (subject, name): (Subject, &str),
    old: Option<&str>,
    new: Option<&str>,
) -> Option<Change> {
    let (impact, reason) = match (old, new) {
        _ if old == new => return None,
        (None, _) => (
            Impact::Compatible,
            format!("`{name}` is deprecated now: callers that use it get a warning"),
        ),
        (Some(_), None) => (
            Impact::Patch,
            format!("`{name}` is not deprecated any more"),
        ),
        (Some(_), Some(_)) => (
            Impact::Patch,
            format!("the deprecation message of `{name}` changed"),
        ),
    };
    let change = Change::new((subject, name), ChangeKind::Deprecated, impact, reason);
    Some(change.showing(old, new))
}

/// Returns the change of the description of an input or an output.
pub(super) fn description(
    (subject, name): (Subject, &str),
    old: Option<&str>,
    new: Option<&str>,
) -> Option<Change> {
    let words = |text: Option<&str>| -> Vec<String> {
        let words = text.unwrap_or_default().split_whitespace();
        words.map(str::to_owned).collect()
    };
    if words(old) == words(new) {
        return None;
    }
    let reason = format!("the description of `{name}` changed");
    let thing = (subject, name);
    let change = Change::new(thing, ChangeKind::Description, Impact::Patch, reason);
    Some(change.showing(old, new))
}

/// Returns the change of the validation rules.
///
/// A new rule may refuse a value that was accepted. Nearly always that value would have failed
/// later anyway, so this is a warning and not breaking.
fn validations(old: &Input, new: &Input) -> Option<Change> {
    let conditions = |rules: &[Validation]| -> Vec<String> {
        let rules = rules.iter();
        let mut conditions: Vec<_> = rules
            .map(|rule| source_text::on_one_line(&rule.condition))
            .collect();
        conditions.sort();
        conditions
    };
    if old.validations == new.validations {
        return None;
    }
    let name = &new.name;
    let (was, is) = (conditions(&old.validations), conditions(&new.validations));
    if was == is {
        let reason = format!("the error message of a validation of input `{name}` changed");
        return Some(change(new, ChangeKind::Validations, Impact::Patch, reason));
    }
    let is_stricter = is.iter().any(|condition| !was.contains(condition));
    let reason = if is_stricter {
        format!("input `{name}` is validated by other rules: values that passed may be refused")
    } else {
        format!("input `{name}` is validated by fewer rules")
    };
    let mut change = change(new, ChangeKind::Validations, Impact::Compatible, reason);
    change.warning = is_stricter;
    Some(change.showing(Some(&was.join("\n")), Some(&is.join("\n"))))
}
