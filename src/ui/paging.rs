//! Cuts a list into pages, with the links to the one before and the one after.

use url::form_urlencoded;

/// How many rows a page shows.
const ROWS: usize = 50;

/// A page of a list.
#[derive(Debug)]
pub(super) struct Paged<T> {
    pub(super) rows: Vec<T>,
    /// How many rows all pages have.
    pub(super) total: usize,
    /// The link to the page before; `None` on the first one.
    pub(super) previous: Option<String>,
    /// The link to the page after; `None` on the last one.
    pub(super) next: Option<String>,
}

impl<T> Paged<T> {
    /// Cuts the page with a number, as sent, out of all rows; the first one if it is no number, and
    /// the last one if there are fewer pages. `query` is what the rows were found by; the links keep
    /// it.
    pub(super) fn new(all: Vec<T>, number: &str, query: &str) -> Self {
        let total = all.len();
        let last = total.div_ceil(ROWS).max(1);
        let number = number.parse::<usize>().unwrap_or(1).clamp(1, last);
        let link = |number: usize| {
            let mut pairs = form_urlencoded::Serializer::new(String::new());
            if !query.is_empty() {
                pairs.append_pair("q", query);
            }
            format!(
                "?{}",
                pairs.append_pair("page", &number.to_string()).finish()
            )
        };
        Self {
            rows: all
                .into_iter()
                .skip((number - 1) * ROWS)
                .take(ROWS)
                .collect(),
            total,
            previous: (number > 1).then(|| link(number - 1)),
            next: (number < last).then(|| link(number + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_on_one_page_and_each_link_leads_to_a_page_that_is_there() {
        for total in [0, 1, ROWS, ROWS + 1, 3 * ROWS] {
            let mut seen = Vec::new();
            let mut number = 1;
            loop {
                let page = Paged::new((0..total).collect(), &number.to_string(), "a b");
                assert_eq!(page.total, total);
                assert_eq!(page.previous.is_some(), number > 1);
                seen.extend(page.rows);
                let Some(next) = page.next else { break };
                number += 1;
                assert_eq!(next, format!("?q=a+b&page={number}"));
            }
            assert_eq!(seen, (0..total).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_number_that_no_page_has_shows_the_nearest_one() {
        let rows = |number: &str| Paged::new((0..120).collect(), number, "").rows;
        assert_eq!(rows(""), rows("1"));
        assert_eq!(rows("0"), rows("1"));
        assert_eq!(rows("-7"), rows("1"));
        assert_eq!(rows("99"), rows("3"));
        assert_eq!(rows("3").len(), 20);
    }
}
