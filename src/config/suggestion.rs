//! "Did you mean …?": the known name that is nearest to an unknown one.

/// The candidate that `text` most likely stands for, if any is near.
pub(super) fn nearest<'c>(text: &str, candidates: &[&'c str]) -> Option<&'c str> {
    // A key under the wrong section, or under none, is more likely than a slip of the pen.
    let name = |path: &str| path.rsplit('.').next().map(str::to_owned);
    let mut namesakes = candidates.iter().filter(|path| name(path) == name(text));
    if let Some(first) = namesakes.next()
        && (namesakes.next().is_none() || !text.contains('.'))
    {
        return Some(first);
    }
    // Up to a third of the letters may be wrong, or else anything resembles anything.
    let most = (text.chars().count() / 3).max(1);
    candidates
        .iter()
        .map(|candidate| (distance(text, candidate), *candidate))
        .min()
        .filter(|(distance, _)| *distance <= most)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance: how many letters must be put in, taken out or changed.
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
