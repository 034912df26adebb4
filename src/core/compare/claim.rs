//! What two version numbers promise under semver, and whether a verdict keeps the promise.

use serde::Serialize;

use crate::domain::Version;

use super::Verdict;

/// What the step from one version to the next promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// Anything may change: `1.x` → `2.0`, also `0.x` → `1.0`.
    Major,
    /// New things, and calls go on working: `1.1` → `1.2`.
    Minor,
    /// Only repairs: `1.1.1` → `1.1.2`.
    Patch,
    /// Before 1.0, the step that may break: `0.1` → `0.2`, and `0.0.1` → `0.0.2`.
    InitialMinor,
    /// Before 1.0, the step that must not break: `0.1.1` → `0.1.2`.
    InitialPatch,
    /// One of the two is a pre-release, which promises nothing.
    PreRelease,
    /// Only the build metadata differs, or nothing does.
    Rebuild,
    /// The new version is below the old one, so nothing is promised in this direction.
    Backwards,
}

/// What the step from `old` to `new` promises.
pub fn claim(old: &Version, new: &Version) -> Claim {
    let (from, to) = (old.parts(), new.parts());
    if from.cmp_precedence(to).is_eq() {
        return Claim::Rebuild;
    }
    if new < old {
        return Claim::Backwards;
    }
    if old.is_prerelease() || new.is_prerelease() {
        return Claim::PreRelease;
    }
    let is_initial = from.major == 0;
    if from.major != to.major {
        Claim::Major
    } else if from.minor != to.minor {
        if is_initial {
            Claim::InitialMinor
        } else {
            Claim::Minor
        }
    } else if !is_initial {
        Claim::Patch
    } else if from.minor == 0 {
        Claim::InitialMinor
    } else {
        Claim::InitialPatch
    }
}

/// Whether changes that come to `verdict` keep what `claim` promises.
pub fn honest(verdict: Verdict, claim: Claim) -> bool {
    match claim {
        Claim::Major | Claim::InitialMinor | Claim::PreRelease | Claim::Backwards => true,
        Claim::Minor | Claim::InitialPatch => verdict <= Verdict::Compatible,
        Claim::Patch | Claim::Rebuild => verdict <= Verdict::Patch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(old: &str, new: &str) -> Claim {
        let version = |text: &str| text.parse().expect("a test writes valid versions");
        claim(&version(old), &version(new))
    }

    #[test]
    fn version_numbers_promise_what_semver_says() {
        let steps = [
            ("1.2.3", "2.0.0", Claim::Major),
            ("0.9.0", "1.0.0", Claim::Major),
            ("1.2.3", "1.3.0", Claim::Minor),
            ("1.2.3", "1.2.9", Claim::Patch),
            ("0.1.0", "0.2.0", Claim::InitialMinor),
            ("0.0.1", "0.0.2", Claim::InitialMinor),
            ("0.1.0", "0.1.1", Claim::InitialPatch),
            ("1.0.0", "1.0.1-rc.1", Claim::PreRelease),
            ("2.0.0-rc.1", "2.0.0", Claim::PreRelease),
            ("1.0.0+a", "1.0.0+b", Claim::Rebuild),
            ("1.0.0+b", "1.0.0+a", Claim::Rebuild),
            ("2.0.0", "1.9.9", Claim::Backwards),
        ];
        for (old, new, expected) in steps {
            assert_eq!(step(old, new), expected, "{old} → {new}");
        }
    }

    #[test]
    fn only_what_the_claim_allows_is_honest() {
        assert!(honest(Verdict::Breaking, Claim::Major));
        assert!(honest(Verdict::Breaking, Claim::InitialMinor));
        assert!(!honest(Verdict::Breaking, Claim::InitialPatch));
        assert!(!honest(Verdict::Breaking, Claim::Minor));
        assert!(honest(Verdict::Compatible, Claim::Minor));
        assert!(!honest(Verdict::Compatible, Claim::Patch));
        assert!(honest(Verdict::Patch, Claim::Patch));
        assert!(honest(Verdict::Nothing, Claim::Rebuild));
    }
}
