//! Reads a cookie of a request and writes a `Set-Cookie` line.

use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HeaderValue};

use crate::registry::Error;

/// Returns the value of a cookie; `None` if the request has none of this name.
pub fn value<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    // HTTP/2 may send each cookie in a header line of its own.
    let lines = request.headers().get_all(COOKIE);
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// Returns the name that a cookie has on the wire. Over HTTPS, browsers accept a name with this
/// prefix only from the site itself, so that no neighbouring host can plant one.
pub fn name(word: &str, https: bool) -> String {
    let prefix = if https { "__Host-" } else { "" };
    format!("{prefix}{word}")
}

/// Returns the `Set-Cookie` line for a value that lasts until the browser is closed and that is
/// hidden from scripts and other sites.
pub fn set(word: &str, value: &str, https: bool) -> Result<HeaderValue, Error> {
    line(word, value, https, "")
}

/// Returns the `Set-Cookie` line for a value that the browser keeps for a year.
pub fn keep(word: &str, value: &str, https: bool) -> Result<HeaderValue, Error> {
    line(word, value, https, "; Max-Age=31536000")
}

/// Returns the `Set-Cookie` line that removes a cookie.
pub fn remove(word: &str, https: bool) -> Result<HeaderValue, Error> {
    line(word, "", https, "; Max-Age=0")
}

fn line(word: &str, value: &str, https: bool, end: &str) -> Result<HeaderValue, Error> {
    let secure = if https { "; Secure" } else { "" };
    let name = name(word, https);
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}");
    HeaderValue::from_str(&line).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn t54_a_cookie_is_for_this_site_alone() {
        let set = |https| set("terrakeep", "abc", https).expect("a line");
        assert_eq!(
            set(true),
            "__Host-terrakeep=abc; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(set(false), "terrakeep=abc; Path=/; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let request = TestRequest::default()
            .append_header((COOKIE, "a=1; terrakeep-form=x"))
            .append_header((COOKIE, "terrakeep=y=z"))
            .to_http_request();
        assert_eq!(value(&request, "terrakeep"), Some("y=z"));
        assert_eq!(value(&request, "a"), Some("1"));
        assert_eq!(value(&request, "keep"), None);
    }
}
