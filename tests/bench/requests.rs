//! The requests that the benchmark makes, as bytes.

use serde_json::json;

use crate::corpus::Published;

/// Makes a `GET` request for a path, with a token or without.
pub(crate) fn get(path: &str, token: Option<&str>) -> Vec<u8> {
    let authorization = authorization(token);
    let head = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{authorization}\r\n");
    head.into_bytes()
}

/// Makes a `DELETE` request for a path.
pub(crate) fn delete(path: &str, token: &str) -> Vec<u8> {
    with_body("DELETE", path, Some(token), &[])
}

/// Makes a request for the versions of a module.
pub(crate) fn versions(module: &str, token: &str) -> Vec<u8> {
    get(
        &format!("/api/registry/v1/modules/{module}/versions"),
        Some(token),
    )
}

/// Makes a request for the download address of a version's archive.
pub(crate) fn download(published: &Published, token: &str) -> Vec<u8> {
    let Published { module, version } = published;
    get(
        &format!("/api/registry/v1/modules/{module}/{version}/download"),
        Some(token),
    )
}

/// Makes a request that announces a version of `acme/NAME/SYSTEM`.
pub(crate) fn announce(module: &str, version: &str, token: &str) -> Vec<u8> {
    let body = json!({ "data": {
        "type": "registry-module-versions", "attributes": { "version": version },
    }});
    let path = format!("/api/v2/organizations/acme/registry-modules/private/{module}/versions");
    with_body("POST", &path, Some(token), body.to_string().as_bytes())
}

/// Makes a request that sends an archive to an upload link, which needs no token.
pub(crate) fn upload(link: &str, archive: &[u8]) -> Vec<u8> {
    let after_scheme = link.split_once("://").map_or(link, |(_, rest)| rest);
    let path = after_scheme
        .find('/')
        .and_then(|slash| after_scheme.get(slash..));
    with_body("PUT", path.unwrap_or("/"), None, archive)
}

fn with_body(method: &str, path: &str, token: Option<&str>, body: &[u8]) -> Vec<u8> {
    let authorization = authorization(token);
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{authorization}\
         content-type: application/vnd.api+json\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn authorization(token: Option<&str>) -> String {
    token.map_or_else(String::new, |token| {
        format!("authorization: Bearer {token}\r\n")
    })
}
