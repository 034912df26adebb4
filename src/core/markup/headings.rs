//! The headings of a text: their ids and the table of contents.

use std::collections::{HashMap, HashSet};

use super::links::ID_PREFIX;

/// One line of a table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The level on the page, from 2 to 6.
    pub level: u8,
    /// The text, without markup and not escaped.
    pub text: String,
    /// The id of the heading on the page.
    pub id: String,
}

/// A heading that is still open. Its id is made from its text once that is complete.
#[derive(Debug)]
pub(super) struct Draft {
    /// The level on the page.
    pub(super) level: u8,
    /// The HTML before the id.
    pub(super) start: String,
    /// The id that its author wrote; `None` where there is none.
    pub(super) wanted_id: Option<String>,
    /// Its text so far.
    pub(super) text: String,
    /// The HTML before the heading.
    pub(super) before: String,
}

/// The most characters of an id; longer ones are cut.
const MAX_ID: usize = 120;

/// The ids of a page, each of which is given out once.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: HashSet<String>,
    next: HashMap<String, usize>,
}

impl Ids {
    /// Reserves an id that the author wrote; `None` if it is taken already.
    pub(super) fn reserve(&mut self, wanted: &str) -> Option<String> {
        let wanted = wanted.strip_prefix(ID_PREFIX).unwrap_or(wanted);
        let is_id = !wanted.is_empty()
            && wanted.chars().take(MAX_ID + 1).count() <= MAX_ID
            && !wanted.contains(|found: char| found.is_whitespace() || found.is_control());
        let id = format!("{ID_PREFIX}{wanted}");
        (is_id && self.taken.insert(id.clone())).then_some(id)
    }

    /// Makes the id of a heading from its text, by the rule that READMEs are written for.
    pub(super) fn of_heading(&mut self, text: &str) -> String {
        let slug: String = text
            .trim()
            .chars()
            .filter_map(|found| match found {
                ' ' => Some('-'),
                '-' | '_' => Some(found),
                letter if letter.is_alphanumeric() => Some(letter),
                _ => None,
            })
            .take(MAX_ID)
            .flat_map(char::to_lowercase)
            .collect();
        let base = format!("{ID_PREFIX}{slug}");
        let next = self.next.entry(base.clone()).or_default();
        loop {
            let id = match *next {
                0 => base.clone(),
                number => format!("{base}-{number}"),
            };
            *next = next.saturating_add(1);
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_given_once() {
        let mut ids = Ids::default();
        assert_eq!(
            ids.of_heading("How to: use `x_y`?"),
            "user-content-how-to-use-x_y"
        );
        assert_eq!(
            ids.reserve("usage-1").as_deref(),
            Some("user-content-usage-1")
        );
        assert_eq!(ids.of_heading("Usage"), "user-content-usage");
        assert_eq!(ids.of_heading("Usage"), "user-content-usage-2");
        assert_eq!(ids.reserve("usage"), None);
        assert_eq!(ids.reserve("user-content-usage"), None);
        assert_eq!(ids.reserve("a b"), None);
        assert_eq!(ids.of_heading(""), "user-content-");
    }
}
