//! Requests without TLS on the port for TLS: they are sent on to the address with HTTPS.
//!
//! People type `registry.example.com:8443`, and browsers take that for HTTP.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use url::Url;

use crate::http::admission::Admission;
use crate::http::watched_stream::WatchedStream;

/// The first byte of each record of TLS that begins a connection.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc8446#section-5.1> (`ContentType.handshake`).
const HANDSHAKE: u8 = 22;
/// How long a client may take for its first byte, and for the head of a request without TLS.
const FIRST_BYTES: Duration = Duration::from_secs(10);
/// The most bytes of the head of a request that are read.
const HEAD_BYTES: usize = 16 << 10;
const HEADERS: usize = 100;

/// Returns whether a connection begins as TLS does; `None` if it ends or sends nothing.
pub(super) async fn begins_tls(stream: &mut WatchedStream) -> Option<bool> {
    let first = timeout(FIRST_BYTES, stream.first_byte()).await.ok()??;
    Some(first == HANDSHAKE)
}

/// Reads the head of a request, answers it, and closes the connection. What is no request of HTTP gets no
/// answer.
pub(super) async fn send_to_https(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    admission: &Admission,
    public_url: &str,
) {
    let answered = timeout(FIRST_BYTES, async {
        let head = read_head(&mut stream).await?;
        let answer = answer(&head, admission, public_url)?;
        stream.write_all(answer.as_bytes()).await.ok()?;
        stream.shutdown().await.ok()
    });
    if answered.await.is_err() {
        tracing::debug!("a request without TLS on the port for TLS did not come to its end");
    }
}

/// Reads until the empty line behind the headers; `None` if it does not come.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    while head.len() < HEAD_BYTES {
        let read = stream.read_buf(&mut head).await.ok()?;
        if read == 0 {
            return None;
        }
        if head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
            return Some(head);
        }
    }
    None
}

fn answer(head: &[u8], admission: &Admission, public_url: &str) -> Option<String> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(head).ok()?;
    let header = |name: &str| {
        let headers = request.headers.iter();
        let mut found = headers.filter(|header| header.name.eq_ignore_ascii_case(name));
        std::str::from_utf8(found.next()?.value).ok()
    };
    if header("authorization").is_some() {
        let text = "{\"errors\":[\"this port speaks HTTPS, and the request came without it: its token \
                    travelled in the open, so revoke it, make another, and use https://\"]}\n";
        return Some(document("400 Bad Request", "application/json", "", text));
    }
    let host = header("host").filter(|host| admission.answers_for(host));
    let origin = host.map_or_else(|| public_url.to_owned(), |host| format!("https://{host}"));
    // What stands in a header is written by the URL's own rules, not as it was sent.
    let url = Url::parse(&origin).ok()?.join(request.path?).ok()?;
    let same = Url::parse(&origin).ok()?.origin() == url.origin();
    if !same {
        return None;
    }
    let text = format!("This port speaks HTTPS: {url}\n");
    let location = format!("Location: {url}\r\n");
    let plain = "text/plain; charset=utf-8";
    Some(document("308 Permanent Redirect", plain, &location, &text))
}

fn document(status: &str, media_type: &str, header: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{header}Content-Type: {media_type}\r\nContent-Length: {}\r\n\
         X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::admission::AdmissionSettings;

    fn answer_to(head: &str) -> Option<String> {
        let settings = AdmissionSettings {
            hosts: vec!["registry.example.com".to_owned()],
            trusted_proxies: Vec::new(),
            https: true,
            url_bytes: 8192,
            rate: None,
        };
        let admission = Admission::new(settings, 1);
        answer(
            head.as_bytes(),
            &admission,
            "https://registry.example.com:8443",
        )
    }

    fn location(head: &str) -> Option<String> {
        let answer = answer_to(head)?;
        let line = answer.lines().find(|line| line.starts_with("Location: "))?;
        assert!(answer.starts_with("HTTP/1.1 308 "), "{answer}");
        line.strip_prefix("Location: ").map(str::to_owned)
    }

    #[test]
    fn a_request_goes_on_to_the_same_path_with_https() {
        for (head, expected) in [
            (
                "GET /modules?q=a%20b HTTP/1.1\r\nHost: registry.example.com:8443\r\n\r\n",
                "https://registry.example.com:8443/modules?q=a%20b",
            ),
            (
                "GET / HTTP/1.1\r\nhost: 127.0.0.1:9443\r\n\r\n",
                "https://127.0.0.1:9443/",
            ),
            (
                "GET /x HTTP/1.1\r\nHost: evil.example.org\r\n\r\n",
                "https://registry.example.com:8443/x",
            ),
            (
                "GET /x HTTP/1.0\r\n\r\n",
                "https://registry.example.com:8443/x",
            ),
        ] {
            assert_eq!(location(head).as_deref(), Some(expected), "{head}");
        }
    }

    #[test]
    fn nobody_is_sent_to_another_host() {
        for path in [
            "//evil.example.org/",
            "http://evil.example.org/",
            "\\\\evil.example.org",
        ] {
            let head = format!("GET {path} HTTP/1.1\r\nHost: registry.example.com\r\n\r\n");
            let to = location(&head);
            let is_ours = |to: &String| to.starts_with("https://registry.example.com/");
            assert!(to.as_ref().is_none_or(is_ours), "{path}: {to:?}");
        }
    }

    #[test]
    fn a_token_in_the_open_is_told() {
        let answer = answer_to("GET / HTTP/1.1\r\nAuthorization: Bearer tkp_x\r\n\r\n").unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(
            answer.contains("revoke it") && !answer.contains("tkp_x"),
            "{answer}"
        );
        let body = answer.split("\r\n\r\n").nth(1).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(body).is_ok());
    }

    #[test]
    fn what_is_no_http_gets_no_answer() {
        for head in ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "\r\n\r\n", "GET\r\n\r\n"] {
            assert_eq!(answer_to(head), None, "{head}");
        }
    }
}
