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
}
