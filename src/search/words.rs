//! Cuts the text of a query into the words that must match.

use super::tokens;
use super::{MAX_QUERY_BYTES, SearchError};

/// The most words of a query; further ones are ignored.
pub(super) const MAX_WORDS: usize = 12;

/// Words that describe no module; they are ignored if other words remain.
const NOISE: &[&str] = &[
    "a",
    "an",
    "and",
    "by",
    "for",
    "from",
    "has",
    "in",
    "is",
    "module",
    "modules",
    "of",
    "on",
    "one",
    "or",
    "terraform",
    "that",
    "the",
    "to",
    "which",
    "with",
];

/// The words of a query, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The words that must match, each once.
    pub(super) required: Vec<String>,
    /// The whole text as one identifier: `s3 bucket` may be the name `s3-bucket`.
    pub(super) joined: String,
}

impl Words {
    /// Cuts a query's text into words; refuses a text that is too long.
    pub(super) fn parse(text: &str) -> Result<Self, SearchError> {
        if text.len() > MAX_QUERY_BYTES {
            return Err(SearchError::QueryTooLong);
        }
        let all: Vec<String> = tokens::words(text)
            .map(|range| tokens::fold(text.get(range).unwrap_or_default()))
            .collect();
        let says_something = |word: &String| !NOISE.contains(&word.as_str());
        let only_noise = !all.iter().any(says_something);
        let mut required: Vec<String> = Vec::new();
        for word in &all {
            if (only_noise || says_something(word)) && !required.contains(word) {
                required.push(word.clone());
            }
        }
        required.truncate(MAX_WORDS);
        Ok(Self {
            required,
            joined: all.join("_"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn required(text: &str) -> Vec<String> {
        Words::parse(text).expect("a short query").required
    }

    #[test]
    fn queries_are_cut_into_distinct_words() {
        assert_eq!(required("a a a a a"), ["a"]);
        assert_eq!(
            required(" Acme/S3-bucket \"kms_key\" acme "),
            ["acme", "s3_bucket", "kms_key"]
        );
        assert_eq!(required("a module for the VPC"), ["vpc"]);
        assert_eq!(required("%%% --- __"), Vec::<String>::new());
        assert_eq!(required("b c d e f g h i j k l m n o p").len(), MAX_WORDS);
        let joined = Words::parse("S3 bucket").expect("a short query").joined;
        assert_eq!(joined, "s3_bucket");
        assert!(matches!(
            Words::parse(&"x".repeat(257)),
            Err(SearchError::QueryTooLong)
        ));
    }
}
