//! The texts in boxes: shortens them and computes their width.

/// The width of a character of the fixed-width font, in tenths.
const CHARACTER: i64 = 73;
/// The most characters of a part of a label.
const MAX_CHARACTERS: usize = 30;

/// Shortens `text` in the middle, since the ends of Terraform's names distinguish them.
pub(super) fn shortened(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let over = characters.len() > MAX_CHARACTERS;
    if !over {
        return text.to_owned();
    }
    let kept = MAX_CHARACTERS.saturating_sub(1);
    let tail = kept / 2;
    let head = kept.saturating_sub(tail);
    let head = characters.iter().take(head);
    let tail = characters
        .iter()
        .skip(characters.len().saturating_sub(tail));
    head.chain(&['…']).chain(tail).collect()
}

/// Returns the width of `text`.
pub(super) fn width(text: &str) -> i64 {
    let characters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    characters.saturating_mul(CHARACTER) / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(shortened("short"), "short");
        let long = shortened("default_network_acl_ingress_rules_of_the_vpc");
        assert_eq!(long, "default_network…les_of_the_vpc");
        assert_eq!(long.chars().count(), MAX_CHARACTERS);
    }
}
