//! The HTTP client of the command line: JSON to and from a running registry, and uploads.
//!
//! It follows no redirects, so that a token is sent only to the registry that the user named.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use reqwest::{Certificate, Method, RequestBuilder, Response, redirect};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};
use zeroize::Zeroizing;

use super::error::{CliError, Exit};
use super::text::printable;
use crate::config::PublicUrl;
use crate::files::read_file;

const CONNECT: Duration = Duration::from_secs(10);
/// How long a request for a document may take, from its start to the end of its answer.
const DOCUMENT: Duration = Duration::from_secs(60);
/// How long an empty upload may take; more is added for its bytes.
const UPLOAD: Duration = Duration::from_secs(300);
/// The slowest rate of an upload before it times out.
const UPLOAD_BYTES_PER_SECOND: u64 = 16 * 1024;
/// How long a backup may take: the registry reads every stored file before it answers.
const BACKUP: Duration = Duration::from_secs(24 * 3600);
const PIECE_BYTES: usize = 64 * 1024;
/// The most bytes of a file of certificates.
const CERTIFICATES_BYTES: u64 = 4 << 20;
/// The most bytes of a document that a registry answers with.
const DOCUMENT_BYTES: usize = 64 << 20;
/// The most bytes that are read of the answer with an error.
const ERROR_BYTES: usize = 64 << 10;
/// The most characters of the messages in an error document that are shown.
const MESSAGE_CHARACTERS: usize = 4000;
/// How many characters of an answer that is not a known document an error shows.
const SHOWN_CHARACTERS: usize = 300;

/// The registry, the certificates to trust for it, and the caller's token.
pub(super) struct ClientOptions {
    /// The address of the registry.
    pub(super) url: PublicUrl,
    /// Certificates to trust in addition to those of the system.
    pub(super) ca_files: Vec<PathBuf>,
    /// The token to send; `None` for no token.
    pub(super) token: Option<Zeroizing<String>>,
}

/// A client of one registry.
pub(super) struct Client {
    runtime: Runtime,
    http: reqwest::Client,
    url: PublicUrl,
    token: Option<Zeroizing<String>>,
}

/// Returns how long an upload of `size` bytes may take.
fn time_for(size: u64) -> Duration {
    UPLOAD + Duration::from_secs(size / UPLOAD_BYTES_PER_SECOND)
}

impl Client {
    /// Creates a client; it sends nothing yet.
    pub(super) fn new(options: ClientOptions) -> Result<Self, CliError> {
        let failed = |what: &str| CliError::new(Exit::Failed, what);
        let mut roots = Vec::new();
        for path in &options.ca_files {
            roots.extend(certificates(path)?);
        }
        let mut http = reqwest::Client::builder();
        if goes_directly(&options.url) {
            http = http.no_proxy();
        }
        let http = http
            .user_agent(concat!("terrakeep/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .tls_certs_merge(roots)
            .build()
            .map_err(|error| failed("cannot set up the HTTP client").because(error))?;
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed("cannot set up the HTTP client").because(error))?;
        Ok(Self {
            runtime,
            http,
            url: options.url,
            token: options.token,
        })
    }

    /// Returns the address of the registry.
    pub(super) fn url(&self) -> &PublicUrl {
        &self.url
    }

    /// Returns the JSON document at a path.
    pub(super) fn get(&self, path: &str) -> Result<Value, CliError> {
        let request = self.request(Method::GET, path).timeout(DOCUMENT);
        self.document(request)
    }

    /// Returns the text at a path.
    pub(super) fn text(&self, path: &str) -> Result<String, CliError> {
        let request = self.request(Method::GET, path).timeout(DOCUMENT);
        self.runtime.block_on(async {
            let response = self.answer(request).await?;
            let body = self.body(response, DOCUMENT_BYTES).await?;
            String::from_utf8(body).map_err(|error| {
                let message = format!("{} did not answer with text; is it a registry?", self.url);
                CliError::new(Exit::Failed, message).because(error)
            })
        })
    }

    /// Sends a JSON document and returns the answer.
    pub(super) fn post(&self, path: &str, document: &impl Serialize) -> Result<Value, CliError> {
        let request = self.request(Method::POST, path).timeout(DOCUMENT);
        self.document(request.json(document))
    }

    /// Like [`Self::post`], for a request that the registry answers only after long work: the
    /// timeout is a day.
    pub(super) fn post_patiently(
        &self,
        path: &str,
        document: &impl Serialize,
    ) -> Result<Value, CliError> {
        let request = self.request(Method::POST, path).timeout(BACKUP);
        self.document(request.json(document))
    }

    /// Returns the header `name` of the answer to a path; `None` if the answer has none.
    pub(super) fn header(&self, path: &str, name: &str) -> Result<Option<String>, CliError> {
        let request = self.request(Method::GET, path).timeout(DOCUMENT);
        let response = self.runtime.block_on(self.answer(request))?;
        let value = response.headers().get(name);
        Ok(value
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned))
    }

    /// Sends `size` bytes of a file to an upload link, which is itself the secret: no token goes
    /// with it. `sent` receives the length of each piece.
    pub(super) fn upload(
        &self,
        link: &str,
        file: File,
        size: u64,
        sent: impl Fn(u64) + Send + Sync + 'static,
    ) -> Result<(), CliError> {
        if self.url.is_secure() && !link.starts_with("https://") {
            let message = "the registry gave an upload link that is not HTTPS; nothing was sent";
            return Err(CliError::new(Exit::Failed, message));
        }
        let request = self
            .http
            .put(link)
            .timeout(time_for(size))
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_LENGTH, size)
            .body(reqwest::Body::wrap_stream(pieces(file, size, sent)));
        self.runtime.block_on(self.answer(request)).map(drop)
    }

    /// Writes the file behind a link to `file`, and returns its size and its SHA-256 in hexadecimal. The
    /// link is itself the secret: no token goes with it.
    pub(super) fn download(&self, link: &str, file: &mut File) -> Result<(u64, String), CliError> {
        if self.url.is_secure() && !link.starts_with("https://") {
            let message = "the registry gave a link that is not HTTPS; nothing was downloaded";
            return Err(CliError::new(Exit::Failed, message));
        }
        let request = self.http.get(link).timeout(BACKUP);
        self.runtime.block_on(async {
            let mut response = self.answer(request).await?;
            let (mut size, mut sum) = (0, Sha256::new());
            loop {
                let piece = response.chunk().await;
                let Some(piece) = piece.map_err(|error| self.unreachable(error))? else {
                    break;
                };
                size += u64::try_from(piece.len()).unwrap_or(0);
                sum.update(&piece);
                file.write_all(&piece).map_err(|error| {
                    CliError::new(Exit::Failed, "the file cannot be written").because(error)
                })?;
            }
            Ok((size, HEXLOWER.encode(&sum.finalize())))
        })
    }

    /// Sends `size` bytes of a file to a path and returns the answer. `sent` receives the length of
    /// each piece.
    pub(super) fn put(
        &self,
        path: &str,
        file: File,
        size: u64,
        sent: impl Fn(u64) + Send + Sync + 'static,
    ) -> Result<Value, CliError> {
        let request = self
            .request(Method::PUT, path)
            .timeout(time_for(size))
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_LENGTH, size)
            .body(reqwest::Body::wrap_stream(pieces(file, size, sent)));
        self.document(request)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token.as_str()),
            None => request,
        }
    }

    fn document(&self, request: RequestBuilder) -> Result<Value, CliError> {
        self.runtime.block_on(async {
            let response = self.answer(request).await?;
            let body = self.body(response, DOCUMENT_BYTES).await?;
            if body.is_empty() {
                return Ok(Value::Null);
            }
            serde_json::from_slice(&body).map_err(|error| {
                let message = format!("{} did not answer with JSON; is it a registry?", self.url);
                CliError::new(Exit::Failed, message).because(error)
            })
        })
    }

    /// Sends a request and returns the answer.
    ///
    /// # Errors
    ///
    /// Fails if the registry cannot be reached, redirects, or answers with an error status.
    async fn answer(&self, request: RequestBuilder) -> Result<Response, CliError> {
        let response = request
            .send()
            .await
            .map_err(|error| self.unreachable(error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        if status.is_redirection() {
            let to = response.headers().get(LOCATION);
            let to = to
                .and_then(|to| to.to_str().ok())
                .unwrap_or("another address");
            let message = format!(
                "{} redirects to {}, and a token is sent to no other host; give the final address \
                 as --url",
                self.url,
                shortened(to, SHOWN_CHARACTERS)
            );
            return Err(CliError::new(Exit::Failed, message));
        }
        let body = beginning(response, ERROR_BYTES).await.unwrap_or_default();
        let message = message(status.as_u16(), &body);
        Err(CliError::new(Exit::of_status(status.as_u16()), message))
    }

    /// Reads the body of an answer.
    ///
    /// # Errors
    ///
    /// Fails if it has more than `limit` bytes, or does not arrive.
    async fn body(&self, response: Response, limit: usize) -> Result<Vec<u8>, CliError> {
        let body = beginning(response, limit.saturating_add(1)).await;
        let body = body.map_err(|error| self.unreachable(error))?;
        if body.len() > limit {
            let message = format!(
                "{} answered with more than {limit} bytes; is it a registry?",
                self.url
            );
            return Err(CliError::new(Exit::Failed, message));
        }
        Ok(body)
    }

    fn unreachable(&self, error: reqwest::Error) -> CliError {
        let trust = causes(&error).contains("UnknownIssuer");
        let message = if trust {
            format!(
                "the certificate of {} is not trusted here; give its CA with --ca-file or \
                 TERRAKEEP_CA_FILE (`terrakeep tls trust` shows it)",
                self.url
            )
        } else {
            format!("{} cannot be reached", self.url)
        };
        // The error is shown without its URL: an upload link is a secret.
        CliError::new(Exit::Unavailable, message).because(error.without_url())
    }
}

/// Reads the first `limit` bytes of an answer; the rest is not waited for.
async fn beginning(mut response: Response, limit: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut read = Vec::new();
    while let Some(piece) = response.chunk().await? {
        let room = limit.saturating_sub(read.len());
        read.extend_from_slice(piece.get(..room.min(piece.len())).unwrap_or_default());
        if read.len() >= limit {
            break;
        }
    }
    Ok(read)
}

/// Returns whether to bypass the proxy of the environment: without TLS a proxy would read the
/// token, and a request to this machine needs none.
fn goes_directly(url: &PublicUrl) -> bool {
    let host = url.host();
    let local = host.as_str() == "localhost"
        || host
            .ip_address()
            .is_some_and(|address| address.to_canonical().is_loopback());
    local || !url.is_secure()
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, CliError> {
    let refused = || {
        let message = format!("`{}` is not a file of PEM certificates", path.display());
        CliError::new(Exit::Failed, message)
    };
    let pem = read_file(path, CERTIFICATES_BYTES)?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| refused().because(error))?;
    if found.is_empty() {
        return Err(refused());
    }
    Ok(found)
}

/// Returns the file in pieces, up to `size` bytes. Reading blocks, which is harmless: nothing else
/// runs meanwhile.
fn pieces(
    file: File,
    size: u64,
    sent: impl Fn(u64) + Send + Sync + 'static,
) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    let state = (file.take(size), sent);
    futures_util::stream::unfold(state, |(mut file, sent)| async move {
        let mut piece = vec![0; PIECE_BYTES];
        match file.read(&mut piece) {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                sent(u64::try_from(length).unwrap_or(0));
                Some((Ok(Bytes::from(piece)), (file, sent)))
            }
            Err(error) => Some((Err(error), (file, sent))),
        }
    })
}

/// Returns the messages of an error document, which has one of two shapes.
fn message(status: u16, body: &[u8]) -> String {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let errors = document.get("errors").and_then(Value::as_array);
    let texts: Vec<&str> = errors
        .into_iter()
        .flatten()
        .filter_map(|error| error.as_str().or_else(|| error.get("detail")?.as_str()))
        .collect();
    if !texts.is_empty() {
        return shortened(&texts.join("; "), MESSAGE_CHARACTERS);
    }
    let text = String::from_utf8_lossy(body);
    let shown = shortened(text.trim(), SHOWN_CHARACTERS);
    if shown.is_empty() {
        format!("the registry answered with status {status}")
    } else {
        format!("the registry answered with status {status}: {shown}")
    }
}

/// Returns the first characters of a text, in a form that does nothing to a terminal.
fn shortened(text: &str, characters: usize) -> String {
    let shown: String = text.chars().take(characters).collect();
    printable(&shown)
}

fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{error:?}");
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_proxy_sees_only_what_tls_protects_on_its_way_elsewhere() {
        for (url, expected) in [
            ("http://127.0.0.1:8080", true),
            ("http://registry.example.com", true),
            ("https://localhost:8443", true),
            ("https://127.0.0.2:8443", true),
            ("https://[::1]:8443", true),
            ("https://registry.example.com", false),
            ("https://10.0.0.5:8443", false),
        ] {
            assert_eq!(goes_directly(&url.parse().unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn error_documents_are_read_in_both_shapes() {
        let plain = json!({ "errors": ["the module was not found"] }).to_string();
        assert_eq!(message(404, plain.as_bytes()), "the module was not found");
        let detailed = json!({ "errors": [
            { "status": "422", "title": "invalid attribute", "detail": "too \u{1b}[2J long" },
        ] });
        let shown = message(422, detailed.to_string().as_bytes());
        assert_eq!(shown, "too \\u{1b}[2J long");
        let page = message(502, b"<html>Bad Gateway</html>");
        assert_eq!(
            page,
            "the registry answered with status 502: <html>Bad Gateway</html>"
        );
        assert_eq!(message(500, b""), "the registry answered with status 500");
    }
}
