//! Values with a unit: sizes, durations and rates.
//!
//! Each type is written the way it is read, so the output of `config show` can be pasted into the
//! file. A number without a unit is refused, since the unit would be a guess; only `0` needs none.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::setting::text_setting;

/// Why a text is not a value with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The text does not begin with a whole number.
    #[error("it does not begin with a whole number")]
    Number,
    /// The text is a number without a unit.
    #[error("the unit is missing")]
    NoUnit,
    /// The unit is not known.
    #[error("the unit is not known")]
    Unit,
    /// The value is too large.
    #[error("the number is too large")]
    TooLarge,
}

const BYTES: &[(&str, u64)] = &[
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];

const MILLISECONDS: &[(&str, u64)] = &[
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// A number of bytes, written as in `64 MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(u64);

impl ByteSize {
    /// Makes a size of `bytes` bytes.
    pub const fn bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Makes a size of `kibibytes` times 1024 bytes.
    pub const fn kibibytes(kibibytes: u64) -> Self {
        Self(kibibytes << 10)
    }

    /// Makes a size of `mebibytes` times 1024 kibibytes.
    pub const fn mebibytes(mebibytes: u64) -> Self {
        Self(mebibytes << 20)
    }

    /// Returns the number of bytes.
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// Returns the number of bytes as a `usize`; the largest `usize` if it does not fit.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl FromStr for ByteSize {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse(text, BYTES).map(Self)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = largest_unit(self.0, BYTES);
        if unit.is_empty() {
            write!(f, "{number}")
        } else {
            write!(f, "{number} {unit}")
        }
    }
}

/// A duration, written as in `30s`, `10m` or `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HumanDuration(Duration);

impl HumanDuration {
    /// Makes a duration of `seconds` seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// Makes a duration of `minutes` minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self::seconds(minutes * 60)
    }

    /// Makes a duration of `hours` hours.
    pub const fn hours(hours: u64) -> Self {
        Self::minutes(hours * 60)
    }

    /// Returns the duration as a type of the standard library.
    pub const fn as_duration(self) -> Duration {
        self.0
    }

    /// Returns the whole seconds.
    pub const fn as_seconds(self) -> u64 {
        self.0.as_secs()
    }

    /// Returns whether the duration is zero, which many keys read as "off".
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl From<HumanDuration> for Duration {
    fn from(duration: HumanDuration) -> Self {
        duration.0
    }
}

impl FromStr for HumanDuration {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse(text, MILLISECONDS).map(|millis| Self(Duration::from_millis(millis)))
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        let (number, unit) = largest_unit(millis, MILLISECONDS);
        write!(f, "{number}{unit}")
    }
}

/// A number of bytes per second, written as in `1 KiB/s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteRate(ByteSize);

impl ByteRate {
    /// Makes a rate of `size` per second.
    pub const fn per_second(size: ByteSize) -> Self {
        Self(size)
    }

    /// Returns whether the rate is 0, which stands for any rate.
    pub const fn is_unbounded(self) -> bool {
        self.bytes_per_second() == 0
    }

    /// Returns the number of bytes per second.
    pub const fn bytes_per_second(self) -> u64 {
        self.0.as_u64()
    }
}

impl FromStr for ByteRate {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        if text == "0" {
            return Ok(Self(ByteSize(0)));
        }
        let size = text.strip_suffix("/s").ok_or(UnitError::NoUnit)?;
        size.trim_end().parse().map(Self)
    }
}

impl fmt::Display for ByteRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.as_u64() == 0 {
            return f.write_str("0");
        }
        write!(f, "{}/s", self.0)
    }
}

text_setting!(
    ByteSize,
    r#"a size such as "64 MiB", in B, KiB, MiB, GiB or TiB"#
);
text_setting!(
    HumanDuration,
    r#"a length of time such as "30s", in ms, s, m, h or d"#
);
text_setting!(ByteRate, r#"a rate such as "1 KiB/s""#);

/// Reads `number unit` and returns the value in the smallest unit.
fn parse(text: &str, units: &[(&str, u64)]) -> Result<u64, UnitError> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return Err(UnitError::Number);
    }
    // Only digits are left, so the number can only be too large.
    let number: u64 = digits.parse().map_err(|_| UnitError::TooLarge)?;
    let unit = rest.trim_start_matches(' ');
    if unit.is_empty() {
        return if number == 0 {
            Ok(0)
        } else {
            Err(UnitError::NoUnit)
        };
    }
    let (_, factor) = units
        .iter()
        .find(|(name, _)| *name == unit)
        .ok_or(UnitError::Unit)?;
    number.checked_mul(*factor).ok_or(UnitError::TooLarge)
}

/// Returns the value in the largest unit in which it is a whole number; zero has no unit.
fn largest_unit(value: u64, units: &[(&'static str, u64)]) -> (u64, &'static str) {
    if value == 0 {
        return (0, "");
    }
    units
        .iter()
        .find(|(_, factor)| value.is_multiple_of(*factor))
        .map_or((value, ""), |(name, factor)| (value / factor, name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!("64 MiB".parse(), Ok(ByteSize::mebibytes(64)));
        assert_eq!("8KiB".parse(), Ok(ByteSize::kibibytes(8)));
        assert_eq!("0".parse(), Ok(ByteSize::bytes(0)));
        assert_eq!("64".parse::<ByteSize>(), Err(UnitError::NoUnit));
        assert_eq!("64 MB".parse::<ByteSize>(), Err(UnitError::Unit));
        assert_eq!("64 mib".parse::<ByteSize>(), Err(UnitError::Unit));
        assert_eq!("-1 B".parse::<ByteSize>(), Err(UnitError::Number));
        assert_eq!("1.5 GiB".parse::<ByteSize>(), Err(UnitError::Unit));
        assert_eq!("".parse::<ByteSize>(), Err(UnitError::Number));
        assert_eq!("16777216 TiB".parse::<ByteSize>(), Err(UnitError::TooLarge));
        assert_eq!(
            "99999999999999999999 B".parse::<ByteSize>(),
            Err(UnitError::TooLarge)
        );
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        assert_eq!("30s".parse(), Ok(HumanDuration::seconds(30)));
        assert_eq!("10 m".parse(), Ok(HumanDuration::minutes(10)));
        assert_eq!("7d".parse(), Ok(HumanDuration::hours(7 * 24)));
        assert_eq!("5".parse::<HumanDuration>(), Err(UnitError::NoUnit));
        assert_eq!("5 weeks".parse::<HumanDuration>(), Err(UnitError::Unit));
        assert_eq!(HumanDuration::hours(24).to_string(), "1d");
        assert_eq!(HumanDuration::seconds(90).to_string(), "90s");
    }

    #[test]
    fn a_rate_needs_its_per_second() {
        let slow = ByteRate::per_second(ByteSize::kibibytes(1));
        assert_eq!("1 KiB/s".parse(), Ok(slow));
        assert_eq!(slow.to_string(), "1 KiB/s");
        assert_eq!("1 KiB".parse::<ByteRate>(), Err(UnitError::NoUnit));
        assert_eq!(
            "0".parse::<ByteRate>().map(|r| r.to_string()),
            Ok("0".to_owned())
        );
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(number: u64, text in ".{0,12}") {
            let size = ByteSize(number);
            prop_assert_eq!(size.to_string().parse(), Ok(size));
            let duration = HumanDuration(Duration::from_millis(number));
            prop_assert_eq!(duration.to_string().parse(), Ok(duration));
            let rate = ByteRate(size);
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
            if let Ok(size) = text.parse::<ByteSize>() {
                prop_assert_eq!(size.to_string().parse(), Ok(size));
            }
        }
    }
}
