//! Answers that the registry did not give: those of a proxy before it, or of something else at its
//! address.

use super::shortened;
use crate::config::PublicUrl;

/// The most characters of a foreign answer that are shown.
const SHOWN_CHARACTERS: usize = 200;

/// Returns what an error answer without the registry's error document means.
pub(super) fn in_words(status: u16, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let answered = format!("something before the registry answered with status {status}");
    let answered = match title(&text) {
        Some(title) => format!("{answered} and the page {title:?}"),
        None if is_html(&text) => format!("{answered} and a page in HTML"),
        None => match shortened(text.trim(), SHOWN_CHARACTERS) {
            empty if empty.is_empty() => answered,
            shown => format!("{answered}: {shown}"),
        },
    };
    match hint(status) {
        Some(hint) => format!("{answered}; {hint}"),
        None => answered,
    }
}

/// Returns what it means that an answer without errors is no JSON.
pub(super) fn instead_of_json(url: &PublicUrl, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if !is_html(&text) {
        return format!("{url} did not answer with JSON; is it a registry?");
    }
    let page = title(&text).map_or_else(
        || "a page in HTML".to_owned(),
        |it| format!("the page {it:?}"),
    );
    format!(
        "{url} answered with {page} instead of JSON: the address is not that of the registry, or a proxy \
         before it wants a sign-in of its own"
    )
}

/// Returns what to do at the proxy.
fn hint(status: u16) -> Option<&'static str> {
    Some(match status {
        400 => {
            "if the URL begins with http://, the port may speak HTTPS only; otherwise a proxy did not \
             understand the request"
        }
        401 | 403 => {
            "a proxy wants a sign-in of its own, or forbids this request: let it pass everything on to \
             the registry, which has its own tokens"
        }
        404 => "the URL leads to another server, or a proxy does not pass this path on",
        405 | 501 => "a proxy does not pass this method on: allow GET, POST, PUT, PATCH and DELETE",
        407 => "the proxy of HTTPS_PROXY wants a user and a password: write them into its address",
        408 | 504 => "a proxy did not wait long enough: raise its timeout for the registry",
        411 | 413 => {
            "a proxy takes no upload of this size: raise its limit (nginx: client_max_body_size 0; \
             Apache: LimitRequestBody 0)"
        }
        421 => "a proxy does not know this host: check the URL",
        429 => "a proxy lets fewer requests pass: try again later, or raise its limit",
        502 | 503 => {
            "a proxy does not reach the registry: check that it runs, and the address at which the proxy \
             looks for it"
        }
        _ => return None,
    })
}

fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(15).collect();
    let start = start.to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

/// Returns the title of a page; `None` if it has none.
fn title(text: &str) -> Option<String> {
    if !is_html(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let length = lower.get(start..)?.find("</title>")?;
    let title = text.get(start..start + length)?.trim();
    let title = shortened(title, SHOWN_CHARACTERS);
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_a_proxy_is_told_as_such_with_what_to_set() {
        let page = b"<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>";
        let text = in_words(413, page);
        assert!(
            text.starts_with("something before the registry answered with status 413 and the page \"413 Request Entity Too Large\"; "),
            "{text}"
        );
        assert!(text.contains("client_max_body_size"), "{text}");
        assert!(!text.contains('<'), "{text}");
        for status in [
            400, 401, 403, 404, 405, 407, 411, 413, 421, 429, 502, 503, 504,
        ] {
            assert!(in_words(status, b"").contains("; "), "{status}");
        }
    }

    #[test]
    fn what_is_no_page_is_shown_in_part_and_harmlessly() {
        assert_eq!(
            in_words(418, b"tea\x1b[2J"),
            "something before the registry answered with status 418: tea\\u{1b}[2J"
        );
        let long = "x".repeat(1000);
        assert!(in_words(500, long.as_bytes()).len() < 300);
        let odd = "<!DOCTYPE html><p>İİİ</p><title>Sign in</title>";
        assert!(in_words(500, odd.as_bytes()).contains("\"Sign in\""));
    }

    #[test]
    fn a_page_instead_of_json_is_no_registry() {
        let url = "https://registry.example.com".parse().unwrap();
        let text = instead_of_json(&url, b"<!DOCTYPE html><title>Sign in</title>");
        assert!(
            text.contains("the page \"Sign in\" instead of JSON"),
            "{text}"
        );
        assert!(instead_of_json(&url, b"OK").ends_with("is it a registry?"));
    }
}
