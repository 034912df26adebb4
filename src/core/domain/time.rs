//! Points in time and calendar days, both in UTC.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The error for a text that is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a time is written as in 2026-11-25T08:30:00Z")]
pub struct TimestampError;

/// A point in time in microseconds since 1970-01-01T00:00:00Z.
///
/// Written as RFC 3339 in UTC with a literal `Z`, which clients of the TFE API require.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

impl Timestamp {
    /// Returns the point `micros` microseconds after 1970-01-01T00:00:00Z.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the microseconds since 1970-01-01T00:00:00Z.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// Returns the whole seconds since 1970-01-01T00:00:00Z.
    pub fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Returns the point `seconds` later; the last point there is, if that would be later still.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Returns the point `milliseconds` later; the last point there is, if that would be later still.
    #[must_use]
    pub fn plus_milliseconds(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds.saturating_mul(1000)))
    }

    /// Returns the same time of the same day in UTC, so many calendar years later; the last point
    /// there is, if that would be later still.
    #[must_use]
    pub fn plus_years(self, years: u32) -> Self {
        let begin = self.in_jiff().to_zoned(jiff::tz::TimeZone::UTC);
        let span = jiff::Span::new().try_years(i64::from(years));
        let end = span.and_then(|span| begin.checked_add(span));
        end.map_or(Self(i64::MAX), |end| Self(end.timestamp().as_microsecond()))
    }

    /// Returns the whole second that this point lies in.
    #[must_use]
    pub fn whole_second(self) -> Self {
        Self(self.0 - self.0.rem_euclid(1_000_000))
    }

    /// Returns the UTC day that this point lies in.
    pub fn day(self) -> Day {
        Day(u32::try_from(self.as_seconds().div_euclid(86_400)).unwrap_or(0))
    }

    fn in_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }
}

impl fmt::Display for Timestamp {
    /// Writes milliseconds, as in `2026-11-25T08:30:00.120Z`, which is the precision of TFE's
    /// answers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.in_jiff())
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| TimestampError)?;
        Ok(Self(parsed.as_microsecond()))
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;

    fn try_from(text: String) -> Result<Self, TimestampError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    /// Writes microseconds, so that stored times lose nothing.
    fn from(time: Timestamp) -> Self {
        format!("{:.6}", time.in_jiff())
    }
}

/// A calendar day in UTC, counted from 1970-01-01.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Day(pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_a_literal_z() {
        let time = Timestamp::from_micros(1_764_030_600_123_456);
        assert_eq!(time.to_string(), "2025-11-25T00:30:00.123Z");
        assert_eq!(String::from(time).parse(), Ok(time));
        assert_eq!(
            "2025-11-25T01:30:00+01:00"
                .parse::<Timestamp>()
                .map(|t| t.to_string()),
            Ok("2025-11-25T00:30:00.000Z".to_owned())
        );
    }
}
