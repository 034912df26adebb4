//! The semver check: where an organization enforces it, a version that breaks callers must say so
//! by its number.
//!
//! A breaking change is refused unless it is a major release, or before 1.0 a minor one.
//! Pre-releases are not checked, and revoked versions are not compared with.

use crate::compare::{Change, Difference, Verdict, compare, version_step};
use crate::domain::{
    Lifecycle, ModuleVersion, ModuleVersionAddress, ModuleVersionId, ModuleVersionStatus,
    Organization, Version,
};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::modules;
use crate::storage::{IncomingBlob, Tx};

/// How many breaking changes the error message lists.
const MOST_CHANGES: usize = 10;

/// How much of one change the error message shows, in characters.
const MOST_CHARACTERS: usize = 200;

/// The result of a comparison that found nothing to refuse: the release that was compared with,
/// `None` if there was none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ComparedWith {
    since: Option<ModuleVersionId>,
}

impl Registry {
    /// Compares an upload with the release before it, and refuses it if it breaks callers and its
    /// number does not say so. Returns `None` if nothing has to be compared: the organization does
    /// not enforce this, or the version is published already.
    pub(super) fn check_semver(
        &self,
        organization: &Organization,
        address: &ModuleVersionAddress,
        served: &IncomingBlob,
    ) -> Result<Option<ComparedWith>, Error> {
        if !organization.enforce_semver {
            return Ok(None);
        }
        let new = &address.version;
        let versions = modules::versions(&self.store, &address.module);
        let versions = versions.collect::<Result<Vec<_>, _>>()?;
        let published = |version: &ModuleVersion| {
            version.address.version == *new && version.status() == ModuleVersionStatus::Ok
        };
        // For a version that is published already, only its bytes matter.
        if versions.iter().any(published) {
            return Ok(None);
        }
        let before = release_before(&versions, new);
        let kept = ComparedWith {
            since: before.map(|version| version.id.clone()),
        };
        let Some(before) = before else {
            return Ok(Some(kept));
        };
        let old = &before.address.version;
        if version_step(old, new).allows(Verdict::Breaking) {
            return Ok(Some(kept));
        }
        let docs = [
            self.module_docs(before)?,
            self.inspect_upload(served)?.into(),
        ];
        let difference = compare(&docs[0], &docs[1]);
        if difference.is_incomplete() {
            let mut whys = docs.iter().filter_map(|docs| docs.incomplete.as_deref());
            let why = whys.next().unwrap_or_default();
            return Err(refused(format!(
                "`{address}` cannot be compared with {old} ({why}), so it has to be {}",
                next_number(old)
            )));
        }
        if difference.verdict() == Verdict::Breaking {
            return Err(refused(format!(
                "`{address}` breaks callers of {old}, so it has to be {}: {}",
                next_number(old),
                describe_breaks(&difference)
            )));
        }
        Ok(Some(kept))
    }
}

/// Refuses a version that was not compared with the release that now comes before it.
pub(super) fn recheck_semver(
    tx: &Tx<'_>,
    organization: &Organization,
    address: &ModuleVersionAddress,
    kept: Option<&ComparedWith>,
) -> Result<(), Error> {
    if !organization.enforce_semver {
        return Ok(());
    }
    let versions = modules::versions_in_tx(tx, &address.module)?;
    let since = release_before(&versions, &address.version).map(|version| version.id.clone());
    if kept == Some(&ComparedWith { since }) {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "something else changed while `{address}` was compared with the version before it; send it again"
    )))
}

/// Returns the release before `new`: the highest published one that is no pre-release and is not
/// revoked.
fn release_before<'a>(versions: &'a [ModuleVersion], new: &Version) -> Option<&'a ModuleVersion> {
    let released = versions.iter().filter(|version| {
        version.status() == ModuleVersionStatus::Ok
            && version.lifecycle() != Lifecycle::Revoked
            && !version.address.version.is_prerelease()
            && version.address.version < *new
    });
    released.max_by_key(|version| &version.address.version)
}

fn refused(reason: String) -> Error {
    Error::invalid("version", reason)
}

/// Returns, in words, the lowest number for a version that breaks callers of `old`.
fn next_number(old: &Version) -> String {
    let parts = old.parts();
    if parts.major == 0 {
        let minor = parts.minor.saturating_add(1);
        format!("a new minor version, 0.{minor}.0 or higher")
    } else {
        let major = parts.major.saturating_add(1);
        format!("a new major version, {major}.0.0 or higher")
    }
}

/// Returns the breaking changes in words, as many as fit an error message.
fn describe_breaks(difference: &Difference) -> String {
    let all = difference.breaking().count();
    let words = difference.breaking().take(MOST_CHANGES).map(in_words);
    let mut words: Vec<String> = words.collect();
    if all > MOST_CHANGES {
        words.push(format!("and {} more", all - MOST_CHANGES));
    }
    words.join("; ")
}

fn in_words((folder, change): (&str, &Change)) -> String {
    let text = if folder.is_empty() {
        change.reason.clone()
    } else {
        format!("{folder}: {}", change.reason)
    };
    if text.chars().count() <= MOST_CHARACTERS {
        return text;
    }
    let mut short: String = text.chars().take(MOST_CHARACTERS).collect();
    short.push('…');
    short
}
