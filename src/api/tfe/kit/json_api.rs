//! The JSON:API envelope: documents, lists, pagination, and answers with its media type.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::MEDIA_TYPE;

/// Which state of the API clients may expect (`tests/fixtures/contracts/json-api.toml#versions`).
pub(crate) const API_VERSION: (&str, &str) = ("tfp-api-version", "2.6");

const DEFAULT_PAGE_SIZE: usize = 20;
const MAX_PAGE_SIZE: usize = 100;

/// Answers with a JSON:API document.
pub(crate) fn answer(status: StatusCode, document: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)))
        .insert_header(API_VERSION)
        .insert_header(("cache-control", "no-store"))
        .json(document)
}

/// `?page[number]=…&page[size]=…`; what cannot be read counts as absent.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct PageQuery {
    /// The number of the page, from 1.
    #[serde(rename = "page[number]")]
    number: Option<String>,
    /// How many resources a page has: 20, or up to 100.
    #[serde(rename = "page[size]")]
    size: Option<String>,
    #[serde(skip)]
    whole: Option<usize>,
}

impl PageQuery {
    /// The same, or one page of all `total` where neither a number nor a size was asked for.
    pub(crate) fn or_whole(self, total: usize) -> Self {
        let is_asked = self.number.is_some() || self.size.is_some();
        Self {
            whole: (!is_asked).then_some(total.max(DEFAULT_PAGE_SIZE)),
            ..self
        }
    }

    /// The page's number, from 1.
    pub(crate) fn number(&self) -> usize {
        let asked = self.number.as_deref().and_then(|text| text.parse().ok());
        asked.unwrap_or(1).max(1)
    }

    /// How many resources a page has: 1 to 100, or all of them.
    pub(crate) fn size(&self) -> usize {
        if let Some(whole) = self.whole {
            return whole;
        }
        let asked = self.size.as_deref().and_then(|text| text.parse().ok());
        asked.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE)
    }

    /// How many resources come before the page.
    pub(crate) fn offset(&self) -> usize {
        self.number().saturating_sub(1).saturating_mul(self.size())
    }
}

/// A document of one resource.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{R}Document")]
pub(crate) struct Document<R> {
    pub(crate) data: R,
    /// Resources that are shown beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) included: Option<Vec<Value>>,
}

impl<R> Document<R> {
    pub(crate) fn of(data: R) -> Self {
        Self {
            data,
            included: None,
        }
    }
}

/// Answers with a document of one resource.
pub(crate) fn answer_one<R: Serialize>(status: StatusCode, resource: R) -> HttpResponse {
    answer(status, &Document::of(resource))
}

/// All resources of a list that has no pages.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{R}List")]
pub(crate) struct Unpaged<R> {
    pub(crate) data: Vec<R>,
}

/// A page of resources, as a document.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{R}Page")]
pub(crate) struct Page<R> {
    data: Vec<R>,
    links: PageLinks,
    pub(crate) meta: PageMeta,
    /// Resources that were asked for beside these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) included: Option<Vec<Value>>,
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

/// The place of a page among the others.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PageMeta {
    pagination: Pagination,
    /// Of memberships: how many of them are of which status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status_counts: Option<StatusCounts>,
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

/// How many memberships there are of which status.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StatusCounts {
    pub(crate) total: usize,
    pub(crate) active: usize,
    pub(crate) invited: usize,
}

/// A page of resources; `here` is the absolute address of the list.
pub(crate) fn page<R>(resources: Vec<R>, query: &PageQuery, total: usize, here: &str) -> Page<R> {
    let (number, size) = (query.number(), query.size());
    let pages = total.div_ceil(size).max(1);
    let join = if here.contains('?') { '&' } else { '?' };
    let link =
        |number: usize| format!("{here}{join}page%5Bnumber%5D={number}&page%5Bsize%5D={size}");
    let previous = (number > 1).then(|| (number - 1).min(pages));
    let next = (number < pages).then(|| number.saturating_add(1));
    Page {
        data: resources,
        links: PageLinks {
            itself: link(number),
            first: link(1),
            prev: previous.map(link),
            next: next.map(link),
            last: link(pages),
        },
        meta: PageMeta {
            pagination: Pagination {
                current_page: number,
                page_size: size,
                prev_page: previous,
                next_page: next,
                total_pages: pages,
                total_count: total,
            },
            status_counts: None,
        },
        included: None,
    }
}

/// The resources of an `included`, whatever they are.
pub(crate) fn included<R: Serialize>(resources: &[R]) -> Vec<Value> {
    let written = resources.iter().map(serde_json::to_value);
    written.filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(number: &str, size: &str) -> PageQuery {
        PageQuery {
            number: Some(number.to_owned()),
            size: Some(size.to_owned()),
            whole: None,
        }
    }

    #[test]
    fn t23_pages_beyond_the_end_are_empty_and_keep_their_number() {
        let document: Page<Value> = page(Vec::new(), &query("9", "2"), 5, "https://r/x");
        let pagination = &document.meta.pagination;
        assert_eq!(pagination.current_page, 9);
        assert_eq!(pagination.prev_page, Some(3));
        assert_eq!(pagination.next_page, None);
        assert_eq!(pagination.total_pages, 3);
        for (number, size, expected) in [
            ("0", "0", (1, 1)),
            ("-1", "1000", (1, 100)),
            ("18446744073709551615", "100", (usize::MAX, 100)),
        ] {
            let query = query(number, size);
            assert_eq!((query.number(), query.size()), expected);
        }
    }
}
