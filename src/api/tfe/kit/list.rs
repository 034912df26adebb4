//! Lists: the page that a query asks for, and its document.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json_api::answer;

const DEFAULT_PAGE_SIZE: usize = 20;
const MAX_PAGE_SIZE: usize = 100;

/// `?page[number]=…&page[size]=…`: the page that is asked for. A value that is not a number counts
/// as absent.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct PageQuery {
    /// The number of the page, from 1.
    #[serde(rename = "page[number]")]
    number: Option<String>,
    /// How many resources a page has: 20, or up to 100.
    #[serde(rename = "page[size]")]
    size: Option<String>,
}

impl PageQuery {
    /// Returns the page's number, from 1.
    pub(crate) fn number(&self) -> usize {
        let asked = self.number.as_deref().and_then(|text| text.parse().ok());
        asked.unwrap_or(1).max(1)
    }

    /// Returns how many resources a page has: 1 to 100.
    pub(crate) fn size(&self) -> usize {
        let asked = self.size.as_deref().and_then(|text| text.parse().ok());
        asked.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE)
    }

    /// Returns how many resources come before the page.
    pub(crate) fn offset(&self) -> usize {
        self.number().saturating_sub(1).saturating_mul(self.size())
    }

    /// Returns the requested page of `all`.
    pub(crate) fn cut<T>(&self, all: Vec<T>) -> Cut<T> {
        let total = all.len();
        let items = all.into_iter().skip(self.offset()).take(self.size());
        self.cut_already(items.collect(), total)
    }

    /// Returns the requested page of `all`; everything on one page if the query gives neither a
    /// number nor a size.
    pub(crate) fn cut_or_all<T>(&self, all: Vec<T>) -> Cut<T> {
        if self.number.is_some() || self.size.is_some() {
            return self.cut(all);
        }
        Cut {
            number: 1,
            size: all.len().max(DEFAULT_PAGE_SIZE),
            total: all.len(),
            items: all,
        }
    }

    /// Returns the requested page from `items`, which an operation that reads by pages returned for
    /// it; the whole list has `total` resources.
    pub(crate) fn cut_already<T>(&self, items: Vec<T>, total: usize) -> Cut<T> {
        Cut {
            items,
            total,
            number: self.number(),
            size: self.size(),
        }
    }
}

/// The items on one page of a list, and the page's place in the list.
#[derive(Debug)]
pub(crate) struct Cut<T> {
    pub(crate) items: Vec<T>,
    total: usize,
    number: usize,
    size: usize,
}

impl<T> Cut<T> {
    /// Replaces each item of this page by another value, such as one that is looked up for it.
    pub(crate) fn try_map<U, E>(self, to: impl FnMut(T) -> Result<U, E>) -> Result<Cut<U>, E> {
        let (total, number, size) = (self.total, self.number, self.size);
        Ok(Cut {
            items: self.items.into_iter().map(to).collect::<Result<_, _>>()?,
            total,
            number,
            size,
        })
    }

    /// Makes the document of this page: a resource for each item. `here` is the absolute address of
    /// the list.
    pub(crate) fn page<'a, R>(&'a self, here: &str, to: impl FnMut(&'a T) -> R) -> Page<R> {
        self.with(self.items.iter().map(to).collect())
            .into_page(here)
    }

    /// Makes the document of this page with a function that may fail.
    pub(crate) fn try_page<'a, R, E>(
        &'a self,
        here: &str,
        to: impl FnMut(&'a T) -> Result<R, E>,
    ) -> Result<Page<R>, E> {
        let resources = self.items.iter().map(to).collect::<Result<_, _>>()?;
        Ok(self.with(resources).into_page(here))
    }

    fn with<U>(&self, items: Vec<U>) -> Cut<U> {
        Cut {
            items,
            total: self.total,
            number: self.number,
            size: self.size,
        }
    }
}

impl<R> Cut<R> {
    /// Makes the document of this page, whose items are resources already.
    pub(crate) fn into_page(self, here: &str) -> Page<R> {
        let (number, size) = (self.number, self.size);
        // A list without resources has no page (`tests/fixtures/contracts/json-api.toml#pages`), but
        // its first and its last address are those of page 1.
        let pages = self.total.div_ceil(size);
        let join = if here.contains('?') { '&' } else { '?' };
        let link =
            |number: usize| format!("{here}{join}page%5Bnumber%5D={number}&page%5Bsize%5D={size}");
        let previous = (number > 1).then(|| (number - 1).min(pages.max(1)));
        let next = (number < pages).then(|| number.saturating_add(1));
        Page {
            data: self.items,
            links: PageLinks {
                itself: link(number),
                first: link(1),
                prev: previous.map(link),
                next: next.map(link),
                last: link(pages.max(1)),
            },
            meta: PageMeta {
                pagination: Pagination {
                    current_page: number,
                    page_size: size,
                    prev_page: previous,
                    next_page: next,
                    total_pages: pages,
                    total_count: self.total,
                },
                status_counts: None,
            },
            included: None,
        }
    }
}

/// A page of resources, as a document.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{R}Page")]
pub(crate) struct Page<R> {
    data: Vec<R>,
    links: PageLinks,
    meta: PageMeta,
    /// Further resources that the request asked for in `include`; `None` leaves the member out.
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<Vec<Value>>,
}

impl<R: Serialize> Page<R> {
    /// Adds further resources as `included`; `None` leaves the member out.
    pub(crate) fn including(mut self, included: Option<Vec<Value>>) -> Self {
        self.included = included;
        self
    }

    /// Adds the number of memberships of each status.
    pub(crate) fn counting(mut self, counts: StatusCounts) -> Self {
        self.meta.status_counts = Some(counts);
        self
    }

    /// Makes the response with this document.
    pub(crate) fn answer(&self) -> HttpResponse {
        answer(StatusCode::OK, self)
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct PageLinks {
    #[serde(rename = "self")]
    itself: String,
    first: String,
    prev: Option<String>,
    next: Option<String>,
    last: String,
}

/// The place of a page in its list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct PageMeta {
    pagination: Pagination,
    /// The number of memberships of each status; `None` in lists of other resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_counts: Option<StatusCounts>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Pagination {
    current_page: usize,
    page_size: usize,
    prev_page: Option<usize>,
    next_page: Option<usize>,
    total_pages: usize,
    total_count: usize,
}

/// The number of memberships of each status.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StatusCounts {
    pub(crate) total: usize,
    pub(crate) active: usize,
    pub(crate) invited: usize,
}

/// Returns whether one of `texts` contains `q`, without regard to case; true if `q` is `None`.
pub(crate) fn matches_part(q: Option<&str>, texts: &[&str]) -> bool {
    let part = q.unwrap_or_default().trim().to_ascii_lowercase();
    texts
        .iter()
        .any(|text| text.to_ascii_lowercase().contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(number: &str, size: &str) -> PageQuery {
        PageQuery {
            number: Some(number.to_owned()),
            size: Some(size.to_owned()),
        }
    }

    #[test]
    fn t23_pages_beyond_the_end_are_empty_and_keep_their_number() {
        let cut = query("9", "2").cut(vec![Value::Null; 5]);
        let document: Page<Value> = cut.page("https://r/x", Value::clone);
        assert!(document.data.is_empty());
        let pagination = &document.meta.pagination;
        assert_eq!(pagination.current_page, 9);
        assert_eq!(pagination.prev_page, Some(3));
        assert_eq!(pagination.next_page, None);
        assert_eq!(pagination.total_pages, 3);
        let none = query("1", "20").cut(Vec::<Value>::new());
        let document = none.page("https://r/x", Value::clone);
        assert_eq!(document.meta.pagination.total_pages, 0);
        assert_eq!(document.meta.pagination.next_page, None);
        assert_eq!(document.links.last, document.links.first);
        for (number, size, expected) in [
            ("0", "0", (1, 1)),
            ("-1", "1000", (1, 100)),
            ("18446744073709551615", "100", (usize::MAX, 100)),
        ] {
            let query = query(number, size);
            assert_eq!((query.number(), query.size()), expected);
        }
    }

    #[test]
    fn everything_is_on_one_page_unless_pages_are_asked_for() {
        let all = || (0..150).collect::<Vec<usize>>();
        let whole = PageQuery::default().cut_or_all(all());
        assert_eq!((whole.items.len(), whole.size), (150, 150));
        let second = query("2", "100").cut_or_all(all());
        assert_eq!(second.items, (100..150).collect::<Vec<usize>>());
        assert_eq!((second.total, second.number, second.size), (150, 2, 100));
        assert_eq!(PageQuery::default().cut(all()).items.len(), 20);
    }
}
