//! How long something lasts: a number of seconds, or of calendar years.

use super::Timestamp;

/// How long something lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// So many seconds.
    Seconds(i64),
    /// So many calendar years: to the same day and time of a later year, or to February 28 where
    /// that year has no February 29.
    Years(u32),
}

impl Lifetime {
    /// Returns when something ends that began at `begin`: a whole second.
    pub fn end_after(self, begin: Timestamp) -> Timestamp {
        let end = match self {
            Self::Seconds(seconds) => begin.plus_seconds(seconds),
            Self::Years(years) => begin.plus_years(years),
        };
        end.whole_second()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_calendar_years_and_ends_are_whole_seconds() {
        for (begin, lifetime, end) in [
            (
                "2026-11-25T08:30:00.700Z",
                Lifetime::Years(2),
                "2028-11-25T08:30:00.000Z",
            ),
            (
                "2024-02-29T12:00:00Z",
                Lifetime::Years(1),
                "2025-02-28T12:00:00.000Z",
            ),
            (
                "2027-03-01T00:00:00Z",
                Lifetime::Years(2),
                "2029-03-01T00:00:00.000Z",
            ),
            (
                "2026-11-25T08:30:00.700Z",
                Lifetime::Seconds(60),
                "2026-11-25T08:31:00.000Z",
            ),
        ] {
            let begin: Timestamp = begin.parse().expect("a time");
            assert_eq!(lifetime.end_after(begin).to_string(), end);
        }
    }
}
