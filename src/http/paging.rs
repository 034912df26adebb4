//! Paging parameters of the registry protocol: `offset` and `limit`.

use schemars::JsonSchema;
use serde::Deserialize;

/// The page size when the request names none, as in the public registry.
const DEFAULT_LIMIT: usize = 15;
const MAX_LIMIT: usize = 100;

/// The query `?offset=…&limit=…`; a value that cannot be parsed counts as absent, as in the public
/// registry.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct OffsetQuery {
    /// How many entries to skip.
    offset: Option<String>,
    /// How many entries to return: 1 to 100; 15 if absent.
    limit: Option<String>,
}

impl OffsetQuery {
    /// Returns how many entries to skip.
    pub fn offset(&self) -> usize {
        self.offset
            .as_deref()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    }

    /// Returns how many entries to give at most: 1 to 100.
    pub fn limit(&self) -> usize {
        let asked = self.limit.as_deref().and_then(|text| text.parse().ok());
        asked.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t23_odd_paging_is_tamed() {
        let query = |offset: &str, limit: &str| OffsetQuery {
            offset: Some(offset.to_owned()),
            limit: Some(limit.to_owned()),
        };
        for (offset, limit, expected) in [
            ("0", "0", (0, 1)),
            ("-1", "-1", (0, 15)),
            (
                "99999999999999999999999",
                "99999999999999999999999",
                (0, 15),
            ),
            ("18446744073709551615", "101", (usize::MAX, 100)),
            ("x", "", (0, 15)),
        ] {
            let asked = query(offset, limit);
            assert_eq!(
                (asked.offset(), asked.limit()),
                expected,
                "{offset} {limit}"
            );
        }
    }
}
