//! The flag that says how long something is valid.

use crate::config::HumanDuration;

/// Reads a time such as `90d`.
pub(super) fn lifetime(text: &str) -> Result<HumanDuration, String> {
    text.parse().map_err(|error| {
        format!("{error}; write a number with d (days), h (hours) or m (minutes), as in 90d")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_lifetime_says_how_to_write_one() {
        assert_eq!(lifetime("90d"), Ok("90d".parse().unwrap()));
        for bad in ["90", "90 days", "90x", "soon"] {
            let error = lifetime(bad).unwrap_err();
            assert!(error.ends_with("as in 90d"), "{bad}: {error}");
        }
    }
}
