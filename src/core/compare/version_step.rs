//! The step between two version numbers, and the changes that it allows under semver.

use serde::Serialize;

use crate::domain::Version;

use super::Verdict;

/// The kind of step from one version to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionStep {
    /// A major release; anything may change: `1.x` → `2.0`, also `0.x` → `1.0`.
    Major,
    /// A minor release; there may be new things, and calls keep working: `1.1` → `1.2`.
    Minor,
    /// A patch release; it only repairs: `1.1.1` → `1.1.2`.
    Patch,
    /// Before 1.0, a release that may break: `0.1` → `0.2`, and `0.0.1` → `0.0.2`.
    InitialMinor,
    /// Before 1.0, a release that must not break: `0.1.1` → `0.1.2`.
    InitialPatch,
    /// One of the two is a pre-release, which allows any change.
    PreRelease,
    /// Only the build metadata differs, or nothing does.
    Rebuild,
    /// The new version is below the old one, so any change is allowed.
    Backwards,
}

/// Returns the kind of step from `old` to `new`.
pub fn version_step(old: &Version, new: &Version) -> VersionStep {
    let (from, to) = (old.parts(), new.parts());
    if from.cmp_precedence(to).is_eq() {
        return VersionStep::Rebuild;
    }
    if new < old {
        return VersionStep::Backwards;
    }
    if old.is_prerelease() || new.is_prerelease() {
        return VersionStep::PreRelease;
    }
    let is_initial = from.major == 0;
    if from.major != to.major {
        VersionStep::Major
    } else if from.minor != to.minor {
        if is_initial {
            VersionStep::InitialMinor
        } else {
            VersionStep::Minor
        }
    } else if !is_initial {
        VersionStep::Patch
    } else if from.minor == 0 {
        VersionStep::InitialMinor
    } else {
        VersionStep::InitialPatch
    }
}

impl VersionStep {
    /// Returns whether a release with this step may have changes with this verdict.
    pub fn allows(self, verdict: Verdict) -> bool {
        match self {
            VersionStep::Major
            | VersionStep::InitialMinor
            | VersionStep::PreRelease
            | VersionStep::Backwards => true,
            VersionStep::Minor | VersionStep::InitialPatch => verdict <= Verdict::Compatible,
            VersionStep::Patch | VersionStep::Rebuild => verdict <= Verdict::Patch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(old: &str, new: &str) -> VersionStep {
        let version = |text: &str| text.parse().expect("a test writes valid versions");
        version_step(&version(old), &version(new))
    }

    #[test]
    fn version_numbers_promise_what_semver_says() {
        let steps = [
            ("1.2.3", "2.0.0", VersionStep::Major),
            ("0.9.0", "1.0.0", VersionStep::Major),
            ("1.2.3", "1.3.0", VersionStep::Minor),
            ("1.2.3", "1.2.9", VersionStep::Patch),
            ("0.1.0", "0.2.0", VersionStep::InitialMinor),
            ("0.0.1", "0.0.2", VersionStep::InitialMinor),
            ("0.1.0", "0.1.1", VersionStep::InitialPatch),
            ("1.0.0", "1.0.1-rc.1", VersionStep::PreRelease),
            ("2.0.0-rc.1", "2.0.0", VersionStep::PreRelease),
            ("1.0.0+a", "1.0.0+b", VersionStep::Rebuild),
            ("1.0.0+b", "1.0.0+a", VersionStep::Rebuild),
            ("2.0.0", "1.9.9", VersionStep::Backwards),
        ];
        for (old, new, expected) in steps {
            assert_eq!(step(old, new), expected, "{old} → {new}");
        }
    }

    #[test]
    fn a_step_allows_what_it_promises() {
        assert!(VersionStep::Major.allows(Verdict::Breaking));
        assert!(VersionStep::InitialMinor.allows(Verdict::Breaking));
        assert!(!VersionStep::InitialPatch.allows(Verdict::Breaking));
        assert!(!VersionStep::Minor.allows(Verdict::Breaking));
        assert!(VersionStep::Minor.allows(Verdict::Compatible));
        assert!(!VersionStep::Patch.allows(Verdict::Compatible));
        assert!(VersionStep::Patch.allows(Verdict::Patch));
        assert!(VersionStep::Rebuild.allows(Verdict::Nothing));
    }
}
