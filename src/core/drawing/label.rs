//! What is written in a box: texts, shortened to fit, and how wide they are.

/// How wide a character of the fixed-width font is, in tenths.
const CHARACTER: i64 = 73;
/// How wide a part of a label may be, in characters.
const MAX_CHARACTERS: usize = 30;

/// `text`, shortened in the middle: the ends of Terraform's names are what tells them apart.
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

/// How wide `text` is.
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
