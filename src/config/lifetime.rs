//! A lifetime in the configuration: a duration as in `90d`, or calendar years as in `2y`.

use std::fmt;
use std::str::FromStr;

use super::setting::text_setting;
use super::{HumanDuration, UnitError};
use crate::domain::Lifetime;

/// More years than this are refused as a mistake.
const MOST_YEARS: u32 = 1000;

/// A lifetime; 0 stands for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifetimeSetting {
    /// A duration.
    Duration(HumanDuration),
    /// A number of calendar years.
    Years(u32),
}

impl LifetimeSetting {
    /// No lifetime.
    pub const NONE: Self = Self::Duration(HumanDuration::seconds(0));

    /// Returns the lifetime; `None` for 0.
    pub fn lifetime(self) -> Option<Lifetime> {
        match self {
            Self::Duration(duration) if duration.is_zero() => None,
            Self::Duration(duration) => {
                let seconds = i64::try_from(duration.as_seconds()).unwrap_or(i64::MAX);
                Some(Lifetime::Seconds(seconds))
            }
            Self::Years(years) => Some(Lifetime::Years(years)),
        }
    }
}

impl FromStr for LifetimeSetting {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let Some(years) = text.strip_suffix('y') else {
            return text.parse().map(Self::Duration);
        };
        let years: u32 = years.trim_end().parse().map_err(|_| UnitError::Number)?;
        match years {
            0 => Ok(Self::NONE),
            1..=MOST_YEARS => Ok(Self::Years(years)),
            _ => Err(UnitError::TooLarge),
        }
    }
}

impl fmt::Display for LifetimeSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duration(duration) => duration.fmt(f),
            Self::Years(years) => write!(f, "{years}y"),
        }
    }
}

text_setting!(
    LifetimeSetting,
    r#"a duration such as "90d", in s, m, h or d, or calendar years such as "2y""#
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_and_written_and_zero_is_none() {
        for (text, lifetime, written) in [
            ("2y", Some(Lifetime::Years(2)), "2y"),
            ("90d", Some(Lifetime::Seconds(90 * 86_400)), "90d"),
            ("0", None, "0"),
            ("0y", None, "0"),
        ] {
            let read: LifetimeSetting = text.parse().expect("a lifetime");
            assert_eq!(
                (read.lifetime(), read.to_string()),
                (lifetime, written.to_owned())
            );
        }
        for text in ["y", "2.5y", "2000y", "-1y", "2 years"] {
            assert!(text.parse::<LifetimeSetting>().is_err(), "{text}");
        }
    }
}
