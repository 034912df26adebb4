//! Whether a version keeps what its number promises to callers, where its organization wants that.
//!
//! Only broken promises are refused: a change that breaks callers and is no major release, or
//! before 1.0 no minor one. Pre-releases promise nothing, and revoked versions count for nothing.

use crate::compare::{Change, Difference, Verdict, compare, version_step};
use crate::domain::{
    Lifecycle, ModuleVersion, ModuleVersionAddress, ModuleVersionId, ModuleVersionStatus,
    Organization, Version,
};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::modules;
use crate::storage::{IncomingBlob, Tx};

/// How many changes that break callers are told.
const MOST_TOLD: usize = 10;

/// How much of one change is told, in characters.
const MOST_CHARACTERS: usize = 200;

/// A version that keeps its promise, as far as this one is concerned.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ComparedWith {
    since: Option<ModuleVersionId>,
}

impl Registry {
    /// Compares an upload with the release before it; gives nothing where nobody asks for it.
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
        // What is published already is decided by its bytes alone.
        if versions.iter().any(published) {
            return Ok(None);
        }
        let before = before(&versions, new);
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

/// Refuses a version whose comparison was with another release than the one that is there now.
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
    let since = before(&versions, &address.version).map(|version| version.id.clone());
    if kept == Some(&ComparedWith { since }) {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "something else changed while `{address}` was compared with the version before it; send it again"
    )))
}

/// The release whose callers the new version promises something.
fn before<'a>(versions: &'a [ModuleVersion], new: &Version) -> Option<&'a ModuleVersion> {
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

/// The number that may break callers of `old`.
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

/// What breaks, as much of it as fits an error message.
fn describe_breaks(difference: &Difference) -> String {
    let all = difference.breaking().count();
    let words = difference.breaking().take(MOST_TOLD).map(in_words);
    let mut words: Vec<String> = words.collect();
    if all > MOST_TOLD {
        words.push(format!("and {} more", all - MOST_TOLD));
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
