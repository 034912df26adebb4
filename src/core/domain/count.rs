//! Writes counts the way people read them.

/// Writes `count` with commas between the thousands.
pub fn number(count: impl TryInto<u64>) -> String {
    let digits = count.try_into().unwrap_or(u64::MAX).to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(at);
        if at > 0 && left.is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Writes `count` and its noun, such as `1 variable` or `1,000 variables`.
pub fn counted(count: impl TryInto<u64>, one: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {one}{plural}", number(count))
}

/// Formats a number of bytes: `1.5 KiB`, `10.0 MiB`, `2.0 GiB`.
pub fn bytes_in_words(count: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    const GIB: u64 = MIB * KIB;
    let tenths = |unit: u64| {
        let (whole, rest) = (count / unit, count % unit);
        // The rest is less than a gibibyte, so ten times the rest is no overflow.
        format!("{whole}.{}", rest * 10 / unit)
    };
    match count {
        0..KIB => format!("{count} B"),
        KIB..MIB => format!("{} KiB", tenths(KIB)),
        MIB..GIB => format!("{} MiB", tenths(MIB)),
        _ => format!("{} GiB", tenths(GIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        let numbers = [0, 999, 1_000, 12_345, 1_234_567_u64].map(number);
        assert_eq!(numbers, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(counted(0_u64, "input"), "0 inputs");
        assert_eq!(counted(1_u64, "input"), "1 input");
        assert_eq!(counted(1_000_usize, "input"), "1,000 inputs");
    }

    #[test]
    fn bytes_are_short() {
        let table = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1_600, "1.5 KiB"),
            (10 << 20, "10.0 MiB"),
            ((1 << 30) - 1, "1023.9 MiB"),
            (3 << 29, "1.5 GiB"),
            (u64::MAX, "17179869183.9 GiB"),
        ];
        for (count, expected) in table {
            assert_eq!(bytes_in_words(count), expected);
        }
    }
}
