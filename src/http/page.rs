//! Sends HTML pages: entity tag, compression, and headers that limit what a browser may do.
//!
//! A wing hands over the text; the rest is the same for all pages and is done when the answer
//! leaves, where the request and its id are available.

use std::io::Write;

use actix_web::HttpResponseBuilder;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderMap, HeaderValue, REFERRER_POLICY, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::LocalBoxFuture;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::cookie;
use super::document::is_known;
use crate::domain::Sha256;

/// The placeholder in a page for the request's id.
pub const REQUEST_ID: &str = "%REQUEST-ID%";

/// The placeholder in a page for the address of the request, as a value in a query.
pub const HERE: &str = "%HERE%";

/// The placeholder in a page for the links that depend on who is signed in.
pub const ACCOUNT: &str = "%ACCOUNT%";

/// Renders the links that depend on who is signed in, for a page that was made without knowing it.
pub type AccountLinks = fn(HttpRequest) -> LocalBoxFuture<'static, String>;

/// The cookie with the theme that the user has chosen.
pub const THEME: &str = "terrakeep-theme";
/// The values of that cookie; without one, the page follows the theme of the system.
pub const THEMES: [&str; 2] = ["light", "dark"];

/// The size in bytes below which compression costs more than it saves.
const WORTH_COMPRESSING: usize = 1024;

/// The content security policy: scripts and styles of this site, forms to this site, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page that is waiting to be sent.
struct Page {
    html: String,
    secret: bool,
    /// What replaces [`ACCOUNT`]; `None` for a page that does not have it.
    account: Option<AccountLinks>,
}

/// Answers with a page.
pub fn answer(status: StatusCode, html: String) -> HttpResponse {
    put(&mut HttpResponseBuilder::new(status), html)
}

/// Answers with a page that no cache may keep, since it shows a secret.
pub fn secret(html: String) -> HttpResponse {
    let page = Page {
        html,
        secret: true,
        account: None,
    };
    let mut answer = HttpResponse::Ok();
    answer.extensions_mut().insert(page);
    answer.finish()
}

/// Puts a page into an answer whose status and headers are set.
pub fn put(answer: &mut HttpResponseBuilder, html: String) -> HttpResponse {
    put_page(answer, html, None)
}

/// Puts a page into an answer whose status and headers are set; `account` makes what stands in it
/// for [`ACCOUNT`].
pub fn put_for_anybody(
    answer: &mut HttpResponseBuilder,
    html: String,
    account: AccountLinks,
) -> HttpResponse {
    put_page(answer, html, Some(account))
}

fn put_page(
    answer: &mut HttpResponseBuilder,
    html: String,
    account: Option<AccountLinks>,
) -> HttpResponse {
    let page = Page {
        html,
        secret: false,
        account,
    };
    answer.extensions_mut().insert(page);
    answer.finish()
}

/// Returns whether the client accepts gzip.
pub fn takes_gzip(request: &HttpRequest) -> bool {
    let values = request.headers().get_all(ACCEPT_ENCODING);
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = quality
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.parse() == Ok(0.0));
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        })
}

/// Compresses `text` with gzip; `None` if that would not save anything.
pub fn gzip(text: &[u8], level: Compression) -> Option<Vec<u8>> {
    if text.len() < WORTH_COMPRESSING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(text).ok()?;
    encoder
        .finish()
        .ok()
        .filter(|zipped| zipped.len() < text.len())
}

/// Sends the page that an answer holds, if it holds one.
pub(super) async fn finish(
    mut response: ServiceResponse<BoxBody>,
    id: &str,
    https: bool,
) -> ServiceResponse<BoxBody> {
    let page = response.response_mut().extensions_mut().remove::<Page>();
    let Some(mut page) = page else {
        return response;
    };
    if let Some(account) = page.account {
        let links = account(response.request().clone()).await;
        page.html = page.html.replacen(ACCOUNT, &links, 1);
    }
    let (request, response) = response.into_parts();
    let response = send(&request, response, page, id, https);
    ServiceResponse::new(request, response)
}

fn send(
    request: &HttpRequest,
    mut response: HttpResponse<BoxBody>,
    page: Page,
    id: &str,
    https: bool,
) -> HttpResponse<BoxBody> {
    let final_status = response.status();
    let html = themed(page.html, theme(request, https));
    let html = if final_status.is_success() {
        html
    } else {
        html.replace(REQUEST_ID, id).replace(HERE, &here(request))
    };
    restrict(response.headers_mut(), https);
    let lasting = final_status == StatusCode::OK && !page.secret;
    let headers = response.headers_mut();
    let cache = if lasting {
        "private, no-cache"
    } else {
        "no-store"
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(VARY, HeaderValue::from_static("Cookie, Accept-Encoding"));
    if let Some(etag) = tag(&html).filter(|_| lasting) {
        let known = is_known(request, &etag);
        // The tag is weak, since the bytes of a compressed page differ.
        let weak = format!("W/{}", etag.to_str().unwrap_or_default());
        if let Ok(weak) = HeaderValue::from_str(&weak) {
            headers.insert(ETAG, weak);
        }
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
    }
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(CONTENT_TYPE, content_type);
    let zipped = takes_gzip(request)
        .then(|| gzip(html.as_bytes(), Compression::fast()))
        .flatten();
    match zipped {
        Some(zipped) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            response.set_body(BoxBody::new(zipped))
        }
        None => response.set_body(BoxBody::new(html)),
    }
}

/// Returns the theme that the user has chosen; `None` if they have not.
fn theme(request: &HttpRequest, https: bool) -> Option<&'static str> {
    let chosen = cookie::value(request, &cookie::name(THEME, https))?;
    THEMES.into_iter().find(|theme| *theme == chosen)
}

/// Returns the page in that theme.
fn themed(html: String, theme: Option<&str>) -> String {
    match theme {
        Some(theme) => html.replacen("<html", &format!("<html data-theme=\"{theme}\""), 1),
        None => html,
    }
}

/// Returns the address that a browser can come back to, escaped for a query: the request's own, or
/// `/` if the request was not a plain read.
fn here(request: &HttpRequest) -> String {
    let address = request.uri().path_and_query();
    let address = address
        .filter(|_| request.method().is_safe())
        .map_or("/", |address| address.as_str());
    utf8_percent_encode(address, NON_ALPHANUMERIC).to_string()
}

fn tag(html: &str) -> Option<HeaderValue> {
    let sum = Sha256::of(html.as_bytes()).to_string();
    HeaderValue::from_str(&format!("\"{}\"", sum.get(..32)?)).ok()
}

fn restrict(headers: &mut HeaderMap, https: bool) {
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if !https {
        // Without TLS, browsers name the source of a form only in `Origin`, and write `null` there
        // under `no-referrer`. Other sites learn nothing by this policy either.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let takes = |header: &str| {
            let request = TestRequest::default().insert_header((ACCEPT_ENCODING, header));
            takes_gzip(&request.to_http_request())
        };
        for yes in ["gzip", "br, GZIP;q=0.5", "deflate, gzip"] {
            assert!(takes(yes), "{yes}");
        }
        for no in ["", "br", "gzip;q=0", "gzip; q=0.000", "xgzip"] {
            assert!(!takes(no), "{no}");
        }
    }
}
