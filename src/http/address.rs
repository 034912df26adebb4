//! Normalizes the request's path to the form that routes are written in: no doubled slash and none
//! at the end. Clients of every generation send both
//! (`tests/fixtures/contracts/json-api.toml#slashes`).

use actix_web::dev::ServiceRequest;
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;

/// Removes doubled and trailing slashes from the path. Nearly every path has none.
pub(super) fn normalise(request: &mut ServiceRequest) {
    let Some(path) = normal(request.path()) else {
        return;
    };
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = request.uri().clone().into_parts();
    // A valid target stays valid when slashes are removed.
    let Ok(target) = target.parse::<PathAndQuery>() else {
        return;
    };
    parts.path_and_query = Some(target);
    if let Ok(uri) = Uri::from_parts(parts) {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
}

/// Returns the normal form; `None` if the path already has it.
fn normal(path: &str) -> Option<String> {
    let closing = path.len() > 1 && path.ends_with('/');
    if !closing && !path.contains("//") {
        return None;
    }
    let mut normal = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        normal.push('/');
        normal.push_str(segment);
    }
    if normal.is_empty() {
        normal.push('/');
    }
    Some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_are_forgiven() {
        for (path, expected) in [
            ("/", None),
            ("/a/b", None),
            ("/a/b/", Some("/a/b")),
            ("//a///b//", Some("/a/b")),
            ("//", Some("/")),
            ("/a/%2F/b", None),
        ] {
            assert_eq!(normal(path).as_deref(), expected, "{path}");
        }
    }
}
