//! The HTTP client of the command line: JSON to and from a running registry, and files in
//! `transfer.rs`.
//!
//! It follows no redirects, so that a token is sent only to the registry that the user named.

mod foreign_answer;
mod proxy;
mod tls_failure;
mod transfer;
mod trust;

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::{Method, RequestBuilder, Response, redirect};
use serde::Serialize;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use zeroize::Zeroizing;

use super::error::{CliError, Exit};
use super::text::printable;
use crate::config::PublicUrl;
use proxy::EnvironmentProxy;
pub(in crate::cli) use proxy::of_environment as environment_proxy;

const CONNECT: Duration = Duration::from_secs(10);
/// How long a request for a document may take, from its start to the end of its answer.
const DOCUMENT: Duration = Duration::from_secs(60);
/// How long a backup may take: the registry reads every stored file before it answers.
const BACKUP: Duration = Duration::from_secs(24 * 3600);
/// The most bytes of a document that a registry answers with.
const DOCUMENT_BYTES: usize = 64 << 20;
/// The most bytes that are read of the answer with an error.
const ERROR_BYTES: usize = 64 << 10;
/// The most characters of the messages in an error document that are shown.
const MESSAGE_CHARACTERS: usize = 4000;
/// How many characters of an answer that is not a known document an error shows.
const SHOWN_CHARACTERS: usize = 300;

/// The registry, the certificates to trust for it, and the caller's token.
pub(in crate::cli) struct ClientOptions {
    /// The address of the registry.
    pub(in crate::cli) url: PublicUrl,
    /// Certificates to trust in addition to those of the system.
    pub(in crate::cli) ca_files: Vec<PathBuf>,
    /// The token to send; `None` for no token.
    pub(in crate::cli) token: Option<Zeroizing<String>>,
}

/// A client of one registry.
pub(in crate::cli) struct Client {
    runtime: Runtime,
    http: reqwest::Client,
    url: PublicUrl,
    proxy: Option<EnvironmentProxy>,
    token: Option<Zeroizing<String>>,
}

impl Client {
    /// Creates a client; it sends nothing yet.
    pub(in crate::cli) fn new(options: ClientOptions) -> Result<Self, CliError> {
        let failed = |what: &str| CliError::new(Exit::Failed, what);
        let proxy = proxy::of_environment(&options.url)?;
        let mut http = reqwest::Client::builder().no_proxy();
        if let Some(proxy) = &proxy {
            http = http.proxy(proxy.for_requests()?);
        }
        let http = http
            .user_agent(concat!("terrakeep/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .tls_backend_preconfigured(trust::tls_config(&options.ca_files)?)
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
            proxy,
            token: options.token,
        })
    }

    /// Returns the address of the registry.
    pub(in crate::cli) fn url(&self) -> &PublicUrl {
        &self.url
    }

    /// Returns the JSON document at a path.
    pub(in crate::cli) fn get(&self, path: &str) -> Result<Value, CliError> {
        let request = self.request(Method::GET, path).timeout(DOCUMENT);
        self.document(request)
    }

    /// Returns the text at a path.
    pub(in crate::cli) fn text(&self, path: &str) -> Result<String, CliError> {
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

    /// Asks a path for a sentence about its state; returns whether its status is a success, and the
    /// sentence.
    pub(in crate::cli) fn state(&self, path: &str) -> Result<(bool, String), CliError> {
        let request = self.request(Method::GET, path).timeout(DOCUMENT);
        self.runtime.block_on(async {
            let response = request.send().await;
            let response = response.map_err(|error| self.unreachable(error))?;
            let is_success = response.status().is_success();
            let body = self.body(response, ERROR_BYTES).await?;
            let sentence = String::from_utf8_lossy(&body).into_owned();
            Ok((is_success, sentence))
        })
    }

    /// Deletes what is at a path.
    pub(in crate::cli) fn delete(&self, path: &str) -> Result<(), CliError> {
        let request = self.request(Method::DELETE, path).timeout(DOCUMENT);
        self.document(request).map(drop)
    }

    /// Sends a JSON document and returns the answer.
    pub(in crate::cli) fn post(
        &self,
        path: &str,
        document: &impl Serialize,
    ) -> Result<Value, CliError> {
        let request = self.request(Method::POST, path).timeout(DOCUMENT);
        self.document(request.json(document))
    }

    /// Like [`Self::post`], for a request that the registry answers only after long work: the
    /// timeout is a day.
    pub(in crate::cli) fn post_patiently(
        &self,
        path: &str,
        document: &impl Serialize,
    ) -> Result<Value, CliError> {
        let request = self.request(Method::POST, path).timeout(BACKUP);
        self.document(request.json(document))
    }

    /// Returns the header `name` of the answer to a path; `None` if the answer has none.
    pub(in crate::cli) fn header(
        &self,
        path: &str,
        name: &str,
    ) -> Result<Option<String>, CliError> {
        let request = self.request(Method::GET, path).timeout(DOCUMENT);
        let response = self.runtime.block_on(self.answer(request))?;
        let value = response.headers().get(name);
        Ok(value
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned))
    }

    /// Returns whether the certificate of the registry is trusted, which its answer shows.
    pub(in crate::cli) fn is_trusted(&self) -> Result<bool, CliError> {
        let request = self.request(Method::GET, "/healthz").timeout(DOCUMENT);
        match self.runtime.block_on(async { request.send().await }) {
            Ok(_) => Ok(true),
            Err(error) if tls_failure::is_distrust(&error) => Ok(false),
            Err(error) => Err(self.unreachable(error)),
        }
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
                let message = foreign_answer::instead_of_json(&self.url, &body);
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
        let tls = tls_failure::in_words(&error, &self.url);
        let message = match (tls, &self.proxy) {
            (Some(message), _) => message,
            (None, Some(proxy)) => {
                format!("{} cannot be reached through {proxy}", self.url)
            }
            (None, None) => format!("{} cannot be reached", self.url),
        };
        // Only the last cause tells people something, and it has no URL: an upload link is a secret.
        CliError::new(Exit::Unavailable, message).because(root_cause(&error.without_url()))
    }
}

/// Returns the text of the error that all the others came from.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
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
    foreign_answer::in_words(status, body)
}

/// Returns the first characters of a text, in a form that does nothing to a terminal.
fn shortened(text: &str, characters: usize) -> String {
    let shown: String = text.chars().take(characters).collect();
    printable(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn error_documents_are_read_in_both_shapes() {
        let plain = json!({ "errors": ["the module was not found"] }).to_string();
        assert_eq!(message(404, plain.as_bytes()), "the module was not found");
        let detailed = json!({ "errors": [
            { "status": "422", "title": "invalid attribute", "detail": "too \u{1b}[2J long" },
        ] });
        let shown = message(422, detailed.to_string().as_bytes());
        assert_eq!(shown, "too \\u{1b}[2J long");
    }
}
