//! Version constraints as ranges, as far as needed to decide whether one allows less than another.

/// The three numbers of a version in a constraint; numbers that are left out are 0.
type Release = [u64; 3];

/// The releases that a constraint allows: from `lowest` to just below `end`, except for some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Constraint {
    lowest: Release,
    /// The first release that is too high; `None` if there is no upper bound.
    end: Option<Release>,
    /// The clauses that are not ranges, such as `!= 1.2.3`, sorted.
    excluded: Vec<String>,
    /// A clause that could not be interpreted; `None` if there is none.
    unclear: Option<String>,
}

/// The change from the releases of one constraint to those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The same releases are allowed.
    Same,
    /// A whole major version (before 1.0: a minor version) is not allowed any more.
    LineLost,
    /// The lowest release is a newer one of the same major version.
    Raised,
    /// Fewer releases of the same major versions are allowed.
    Narrowed,
    /// More releases are allowed, and none fewer.
    Widened,
    /// One of the two constraints could not be interpreted.
    Unknown,
}

impl Constraint {
    /// Reads a constraint such as `>= 1.2, < 3.0`; an empty one allows everything.
    pub(super) fn parse(written: &str) -> Self {
        let mut constraint = Self {
            lowest: [0; 3],
            end: None,
            excluded: Vec::new(),
            unclear: None,
        };
        for clause in written.split(',').map(str::trim) {
            if !clause.is_empty() && constraint.add(clause).is_none() {
                constraint.unclear = Some(written.split_whitespace().collect());
            }
        }
        constraint.excluded.sort();
        constraint.excluded.dedup();
        constraint
    }

    /// Returns how the releases that `new` allows differ from those of `self`.
    pub(super) fn step_to(&self, new: &Self) -> Step {
        if self == new {
            return Step::Same;
        }
        if self.unclear.is_some() || new.unclear.is_some() {
            return Step::Unknown;
        }
        let end = |end: Option<Release>| end.unwrap_or([u64::MAX; 3]);
        let (old_end, new_end) = (end(self.end), end(new.end));
        if compatible_line(new.lowest) > compatible_line(self.lowest)
            || last_line(new_end) < last_line(old_end)
        {
            Step::LineLost
        } else if new.lowest > self.lowest {
            Step::Raised
        } else if new_end < old_end || new.excluded.iter().any(|one| !self.excluded.contains(one)) {
            Step::Narrowed
        } else {
            Step::Widened
        }
    }

    fn add(&mut self, clause: &str) -> Option<()> {
        let digits = clause.find(|c: char| c.is_ascii_digit() || c == 'v')?;
        let (operator, version) = clause.split_at_checked(digits)?;
        let (release, given) = release(version)?;
        match operator.trim() {
            "" | "=" => {
                self.at_least(release);
                self.below(after(release));
            }
            ">=" => self.at_least(release),
            ">" => self.at_least(after(release)),
            "<" => self.below(release),
            "<=" => self.below(after(release)),
            "~>" => {
                self.at_least(release);
                let [major, minor, _] = release;
                // The last number that is given may increase; a single number has no upper bound.
                match given {
                    3 => self.below([major, minor.saturating_add(1), 0]),
                    2 => self.below([major.saturating_add(1), 0, 0]),
                    _ => {}
                }
            }
            "!=" => self.excluded.push(version.trim().to_owned()),
            _ => return None,
        }
        Some(())
    }

    fn at_least(&mut self, release: Release) {
        self.lowest = self.lowest.max(release);
    }

    fn below(&mut self, release: Release) {
        self.end = Some(self.end.map_or(release, |end| end.min(release)));
    }
}

/// Reads a release and how many of its numbers are given; what follows a `-` is ignored.
fn release(version: &str) -> Option<(Release, usize)> {
    let bare = version.trim().trim_start_matches('v');
    let core = bare.split(['-', '+']).next()?;
    let parts: Vec<u64> = core
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let mut given = parts.iter().copied();
    let release = [
        given.next()?,
        given.next().unwrap_or(0),
        given.next().unwrap_or(0),
    ];
    given.next().is_none().then_some((release, parts.len()))
}

fn after([major, minor, patch]: Release) -> Release {
    [major, minor, patch.saturating_add(1)]
}

/// Returns the numbers that stay the same in compatible releases: the major version, before 1.0
/// also the minor one.
fn compatible_line([major, minor, _]: Release) -> (u64, u64) {
    (major, if major == 0 { minor } else { 0 })
}

/// Returns the compatible line of the last release below `end`.
fn last_line(end: Release) -> (u64, u64) {
    match end {
        [major, 0, 0] if major > 1 => (major.saturating_sub(1), 0),
        // Before 1.0 there is no last minor version: all of them are below the end.
        [1, 0, 0] => (0, u64::MAX),
        [0, minor, 0] => (0, minor.saturating_sub(1)),
        other => compatible_line(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_between_constraints() {
        let steps = [
            (">= 5.0", ">=5.0.0", Step::Same),
            ("~> 5.0", ">= 5.0, < 6.0", Step::Same),
            ("5.0.0", "= 5.0.0", Step::Same),
            (">= 5.0", ">= 6.0", Step::LineLost),
            (">= 5.0", ">= 5.79", Step::Raised),
            ("", ">= 1.0", Step::LineLost),
            (">= 5.0", ">= 5.0, < 6.0", Step::LineLost),
            (">= 5.0, < 6.0", ">= 5.0", Step::Widened),
            (">= 5.0", ">= 4.0", Step::Widened),
            ("~> 5.1", "~> 5.1.0", Step::Narrowed),
            (">= 5.0", ">= 5.0, != 5.3.1", Step::Narrowed),
            (">= 0.12", ">= 0.13", Step::LineLost),
            (">= 0.12.6", ">= 0.12.20", Step::Raised),
            (">= 1.0", ">= 1.5.7", Step::Raised),
            (">= 0.13.1", ">= 1.0", Step::LineLost),
            ("~> 0.13", "~> 0.13.0", Step::LineLost),
            ("~> 1", ">= 1", Step::Same),
            (">= 1.0", "roughly 1.0", Step::Unknown),
            ("~> 1.x", "~> 1.x", Step::Same),
            ("~> 1.x", "~> 2.x", Step::Unknown),
        ];
        for (old, new, expected) in steps {
            let step = Constraint::parse(old).step_to(&Constraint::parse(new));
            assert_eq!(step, expected, "{old} → {new}");
        }
    }
}
