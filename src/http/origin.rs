//! Checks whether a browser's request comes from a page of this site.

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, HeaderName, ORIGIN};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Returns whether the browser says that a page of this site sends the request.
///
/// A browser that says nothing is refused like one that names another site. `Sec-Fetch-Site` is
/// checked first: a page that hides its address from other sites has the `Origin` `null`.
pub fn is_own(request: &HttpRequest, public_url: &str) -> bool {
    let header = |name: HeaderName| {
        let value = request.headers().get(name)?;
        Some(value.to_str().unwrap_or_default())
    };
    if let Some(site) = header(SEC_FETCH_SITE) {
        return site == "same-origin";
    }
    let Some(origin) = header(ORIGIN) else {
        return false;
    };
    // The site may have more host names than the one in its public URL; admission allows only
    // these.
    let host = request
        .uri()
        .authority()
        .map(actix_web::http::uri::Authority::as_str)
        .or_else(|| header(HOST));
    let of_host = |scheme: &str| {
        origin
            .strip_prefix(scheme)
            .zip(host)
            .is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
    };
    let scheme = if public_url.starts_with("https://") {
        "https://"
    } else {
        "http://"
    };
    origin.eq_ignore_ascii_case(public_url) || of_host(scheme)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn t46_only_the_site_s_own_pages_send_forms() {
        let own = |headers: &[(&'static str, &str)]| {
            let mut request = TestRequest::post().insert_header((HOST, "alias.example:8443"));
            for (name, value) in headers {
                request = request.insert_header((*name, *value));
            }
            is_own(&request.to_http_request(), "https://registry.example")
        };
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null")
        ]));
        assert!(own(&[("origin", "https://registry.example")]));
        assert!(own(&[("origin", "https://alias.example:8443")]));
        assert!(!own(&[]));
        for site in ["cross-site", "same-site", "none", ""] {
            let headers = [
                ("sec-fetch-site", site),
                ("origin", "https://registry.example"),
            ];
            assert!(!own(&headers), "{site}");
        }
        for origin in [
            "null",
            "",
            "https://evil.example",
            "https://registry.example.evil.example",
            "https://registry.example:1",
            "https://alias.example",
            "http://alias.example:8443",
            "file://alias.example:8443",
        ] {
            assert!(!own(&[("origin", origin)]), "{origin}");
        }
    }
}
