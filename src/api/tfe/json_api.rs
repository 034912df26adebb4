//! The JSON:API envelope: documents, lists, pagination, and answers with its media type.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Which state of the API clients may expect (tfe-clients.md §1).
pub(super) const API_VERSION: (&str, &str) = ("tfp-api-version", "2.6");

const DEFAULT_PAGE_SIZE: usize = 20;
const MAX_PAGE_SIZE: usize = 100;

/// Answers with a JSON:API document.
pub(super) fn answer(status: StatusCode, document: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((
            CONTENT_TYPE,
            HeaderValue::from_static("application/vnd.api+json"),
        ))
        .insert_header(API_VERSION)
        .insert_header(("cache-control", "no-store"))
        .json(document)
}

/// `?page[number]=…&page[size]=…`; what cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageQuery {
    #[serde(rename = "page[number]")]
    number: Option<String>,
    #[serde(rename = "page[size]")]
    size: Option<String>,
    #[serde(skip)]
    whole: Option<usize>,
}

impl PageQuery {
    /// The same, or one page of all `total` where neither a number nor a size was asked for.
    pub(super) fn or_whole(self, total: usize) -> Self {
        let is_asked = self.number.is_some() || self.size.is_some();
        Self {
            whole: (!is_asked).then_some(total.max(DEFAULT_PAGE_SIZE)),
            ..self
        }
    }

    /// The page's number, from 1.
    pub(super) fn number(&self) -> usize {
        let asked = self.number.as_deref().and_then(|text| text.parse().ok());
        asked.unwrap_or(1).max(1)
    }

    /// How many resources a page has: 1 to 100, or all of them.
    pub(super) fn size(&self) -> usize {
        if let Some(whole) = self.whole {
            return whole;
        }
        let asked = self.size.as_deref().and_then(|text| text.parse().ok());
        asked.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE)
    }

    /// How many resources come before the page.
    pub(super) fn offset(&self) -> usize {
        self.number().saturating_sub(1).saturating_mul(self.size())
    }
}

/// A page of resources, as a document.
#[derive(Debug, Serialize)]
pub(super) struct Page<R> {
    data: Vec<R>,
    links: Value,
    /// The place of the page among the others; some lists say more here.
    pub(super) meta: Value,
    /// The resources that were asked for beside these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) included: Option<Value>,
}

/// A page of resources; `here` is the absolute address of the list.
pub(super) fn page<R>(resources: Vec<R>, query: &PageQuery, total: usize, here: &str) -> Page<R> {
    let (number, size) = (query.number(), query.size());
    let pages = total.div_ceil(size).max(1);
    let join = if here.contains('?') { '&' } else { '?' };
    let link =
        |number: usize| format!("{here}{join}page%5Bnumber%5D={number}&page%5Bsize%5D={size}");
    let previous = (number > 1).then(|| (number - 1).min(pages));
    let next = (number < pages).then(|| number.saturating_add(1));
    Page {
        data: resources,
        links: json!({
            "self": link(number),
            "first": link(1),
            "prev": previous.map(link),
            "next": next.map(link),
            "last": link(pages),
        }),
        meta: json!({
            "pagination": {
                "current-page": number,
                "page-size": size,
                "prev-page": previous,
                "next-page": next,
                "total-pages": pages,
                "total-count": total,
            },
        }),
        included: None,
    }
}

/// Puts the resources that were asked for beside a document's own.
pub(super) fn say_included(document: &mut Value, included: Option<Value>) {
    if let (Some(included), Some(members)) = (included, document.as_object_mut()) {
        members.insert("included".to_owned(), included);
    }
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
        let pagination = &document.meta["pagination"];
        assert_eq!(pagination["current-page"], 9);
        assert_eq!(pagination["prev-page"], 3);
        assert_eq!(pagination["next-page"], Value::Null);
        assert_eq!(pagination["total-pages"], 3);
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
