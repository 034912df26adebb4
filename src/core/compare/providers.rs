//! Judges changes of provider requirements.

use crate::domain::{FolderDocs, ProviderRequirement};

use super::constraint::{Constraint, Step};
use super::pair::{Pair, pairs};
use super::{Change, ChangeKind, Impact, Subject};

/// Returns the changes of all provider requirements.
pub(super) fn changes(old: &FolderDocs, new: &FolderDocs) -> Vec<Change> {
    let key = |one: &ProviderRequirement| one.name.clone();
    let pairs = pairs(&old.provider_requirements, &new.provider_requirements, key);
    pairs
        .flat_map(|(_, pair)| match pair {
            Pair::Removed(provider) => vec![removed(provider)],
            Pair::Added(provider) => vec![added(provider)],
            Pair::InBoth(old, new) => changes_between(old, new),
        })
        .collect()
}

fn change(
    provider: &ProviderRequirement,
    kind: ChangeKind,
    impact: Impact,
    reason: String,
) -> Change {
    Change::new((Subject::Provider, &provider.name), kind, impact, reason)
}

fn removed(provider: &ProviderRequirement) -> Change {
    let name = &provider.name;
    let (impact, reason) = if provider.aliases.is_empty() {
        (
            Impact::Patch,
            format!("provider `{name}` is not needed any more"),
        )
    } else {
        let reason = format!(
            "provider `{name}` is not needed any more: callers that pass its configurations fail"
        );
        (Impact::Breaking, reason)
    };
    change(provider, ChangeKind::Removed, impact, reason)
}

/// Returns the change for a new requirement.
///
/// A new provider is installed automatically, but it may need a configuration.
fn added(provider: &ProviderRequirement) -> Change {
    let name = &provider.name;
    if provider.aliases.is_empty() {
        let reason = format!("new provider `{name}`: callers may have to configure it");
        return change(provider, ChangeKind::Added, Impact::Compatible, reason).warn();
    }
    let reason = format!("new provider `{name}`: callers must pass its configurations");
    change(provider, ChangeKind::Added, Impact::Breaking, reason)
}

fn changes_between(old: &ProviderRequirement, new: &ProviderRequirement) -> Vec<Change> {
    let changes = [source(old, new), version(old, new), aliases(old, new)];
    changes.into_iter().flatten().collect()
}

fn source(old: &ProviderRequirement, new: &ProviderRequirement) -> Option<Change> {
    if address(old) == address(new) {
        return None;
    }
    let reason = format!(
        "the source of provider `{}` changed: callers that configure or pass the old one fail",
        new.name
    );
    let change = change(new, ChangeKind::Source, Impact::Breaking, reason);
    Some(change.showing(Some(&address(old)), Some(&address(new))))
}

/// Returns the source address with the parts that Terraform adds if it is short or not given.
fn address(provider: &ProviderRequirement) -> String {
    let implied = || format!("hashicorp/{}", provider.name);
    let written = provider.source.as_deref().map(str::to_lowercase);
    let address = written.unwrap_or_else(implied);
    match address.split('/').count() {
        1 => format!("hashicorp/{address}"),
        _ => ["registry.terraform.io/", "registry.opentofu.org/"]
            .iter()
            .find_map(|host| address.strip_prefix(host))
            .map_or_else(|| address.clone(), str::to_owned),
    }
}

/// Returns the change of the version constraint.
///
/// A caller uses one version of a provider for all its modules. If a whole major version is not
/// allowed any more, a caller that another module binds to it fails; a newer release of the same
/// major version only needs `terraform init -upgrade`.
fn version(old: &ProviderRequirement, new: &ProviderRequirement) -> Option<Change> {
    let (was, is) = (old.version.as_deref(), new.version.as_deref());
    let parse = |written: Option<&str>| Constraint::parse(written.unwrap_or_default());
    let (impact, warning, why) = match parse(was).step_to(&parse(is)) {
        Step::Same => return None,
        Step::LineLost => (
            Impact::Breaking,
            false,
            "callers on an excluded major version fail",
        ),
        Step::Raised => (
            Impact::Compatible,
            true,
            "callers on an older release must upgrade it",
        ),
        Step::Narrowed => (Impact::Compatible, true, "some releases are excluded now"),
        Step::Widened => (Impact::Compatible, false, "more releases are allowed"),
        Step::Unknown => (Impact::Compatible, true, "the allowed releases changed"),
    };
    let reason = format!(
        "version constraint of provider `{}` changed: {why}",
        new.name
    );
    let mut change = change(new, ChangeKind::Version, impact, reason).showing(was, is);
    change.warning = warning;
    Some(change)
}

/// Returns the change of the configurations that callers must pass.
///
/// Terraform refuses a call that does not pass a required configuration, and one that passes a
/// configuration that is not required.
fn aliases(old: &ProviderRequirement, new: &ProviderRequirement) -> Option<Change> {
    let sorted = |provider: &ProviderRequirement| {
        let mut aliases = provider.aliases.clone();
        aliases.sort();
        aliases
    };
    let (was, is) = (sorted(old), sorted(new));
    if was == is {
        return None;
    }
    let reason = format!(
        "the configurations of provider `{}` that callers must pass changed",
        new.name
    );
    let change = change(new, ChangeKind::Aliases, Impact::Breaking, reason);
    Some(change.showing(Some(&was.join(", ")), Some(&is.join(", "))))
}
