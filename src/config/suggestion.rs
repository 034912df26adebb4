//! "Did you mean …?": the known name that is nearest to an unknown one.

/// Returns the candidate that `text` most likely stands for; `None` if none is similar.
pub(super) fn nearest<'c>(text: &str, candidates: &[&'c str]) -> Option<&'c str> {
    // A key in a wrong section, or without one, is more likely than a typing error.
    let name = |path: &str| path.rsplit('.').next().map(str::to_owned);
    let mut namesakes = candidates.iter().filter(|path| name(path) == name(text));
    if let Some(first) = namesakes.next()
        && (namesakes.next().is_none() || !text.contains('.'))
    {
        return Some(first);
    }
    // At most a third of the letters may be wrong; otherwise any two words are similar.
    let most = (text.chars().count() / 3).max(1);
    candidates
        .iter()
        .map(|candidate| (distance(text, candidate), *candidate))
        .min()
        .filter(|(distance, _)| *distance <= most)
        .map(|(_, candidate)| candidate)
}

/// Computes the Levenshtein distance: the number of letters to insert, delete or replace.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((b, pair), j) in other.iter().zip(row.windows(2)).zip(0..) {
            let [diagonal, above] = pair else { continue };
            let left = next.get::<usize>(j).copied().unwrap_or(usize::MAX - 1);
            let changed = diagonal + usize::from(a != *b);
            next.push(changed.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_levenshtein_s() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("listn", "listen", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn slips_and_wrong_sections_are_recognised() {
        let keys = [
            "server.listen",
            "metrics.listen",
            "limits.burst",
            "limits.url",
        ];
        assert_eq!(nearest("server.listn", &keys), Some("server.listen"));
        assert_eq!(nearest("burst", &keys), Some("limits.burst"));
        assert_eq!(nearest("listen", &keys), Some("server.listen"));
        assert_eq!(nearest("server.burst", &keys), Some("limits.burst"));
        assert_eq!(nearest("unheard.of", &keys), None);
    }
}
