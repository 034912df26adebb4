//! The table of contents that stands beside a long text.

use super::headings::Heading;

/// A line of a table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsLine {
    /// How deep the heading lies, from 1.
    pub depth: u8,
    /// The heading, not escaped.
    pub text: String,
    /// The id of the heading on the page.
    pub id: String,
}

/// The fewest headings that get a table of contents; a shorter text needs none.
const FEWEST: usize = 4;
/// The number of heading levels that are listed.
const DEEPEST: u8 = 3;

/// Returns the lines for a text's headings; an empty list if there are too few of them.
///
/// A single title above all other headings repeats the page's title, so it is left out.
pub fn contents(headings: &[Heading]) -> Vec<ContentsLine> {
    let listed = match headings.split_first() {
        Some((title, rest)) if rest.iter().all(|heading| heading.level > title.level) => rest,
        Some(_) | None => headings,
    };
    let top = listed.iter().map(|heading| heading.level).min();
    let depth = |heading: &Heading| heading.level - top.unwrap_or(heading.level) + 1;
    let lines: Vec<ContentsLine> = listed
        .iter()
        .filter(|heading| depth(heading) <= DEEPEST)
        .map(|heading| ContentsLine {
            depth: depth(heading),
            text: heading.text.clone(),
            id: heading.id.clone(),
        })
        .collect();
    if lines.len() < FEWEST {
        Vec::new()
    } else {
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(levels: &[u8]) -> Vec<Heading> {
        let heading = |level: &u8| Heading {
            level: *level,
            text: format!("at {level}"),
            id: "x".to_owned(),
        };
        levels.iter().map(heading).collect()
    }

    fn depths(levels: &[u8]) -> Vec<u8> {
        let lines = contents(&headings(levels));
        lines.iter().map(|line| line.depth).collect()
    }

    #[test]
    fn the_title_is_left_out_and_three_levels_are_listed() {
        assert_eq!(depths(&[2, 3, 4, 5, 6, 3]), [1, 2, 3, 1]);
        assert_eq!(depths(&[3, 3, 2, 3]), [2, 2, 1, 2]);
        assert_eq!(depths(&[4, 4, 4, 4]), [1, 1, 1, 1]);
    }

    #[test]
    fn a_short_text_needs_none() {
        assert!(depths(&[]).is_empty());
        assert!(depths(&[2, 3, 3, 3]).is_empty());
        assert!(depths(&[2, 2, 2]).is_empty());
    }
}
