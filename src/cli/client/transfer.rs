//! Files: sent to a running registry, and received from it.

use std::fs::File;
use std::io::{Read, Write};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::Value;

use super::{BACKUP, Client};
use crate::cli::error::{CliError, Exit};
use crate::cli::hashed::Hashed;
use crate::domain::Sha256;

/// How long an empty upload may take; more is added for its bytes.
const UPLOAD: Duration = Duration::from_secs(300);
/// The slowest rate of an upload before it times out.
const UPLOAD_BYTES_PER_SECOND: u64 = 16 * 1024;
const PIECE_BYTES: usize = 64 * 1024;

/// Returns how long an upload of `size` bytes may take.
fn time_for(size: u64) -> Duration {
    UPLOAD + Duration::from_secs(size / UPLOAD_BYTES_PER_SECOND)
}

impl Client {
    /// Sends `size` bytes of a file to an upload link, which is itself the secret: no token goes
    /// with it. `sent` receives the length of each piece.
    pub(in crate::cli) fn upload(
        &self,
        link: &str,
        file: File,
        size: u64,
        sent: impl Fn(u64) + Send + Sync + 'static,
    ) -> Result<(), CliError> {
        self.check(
            link,
            "the registry gave an upload link that is not HTTPS; nothing was sent",
        )?;
        let request = self
            .http
            .put(link)
            .timeout(time_for(size))
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_LENGTH, size)
            .body(reqwest::Body::wrap_stream(pieces(file, size, sent)));
        self.runtime.block_on(self.answer(request)).map(drop)
    }

    /// Writes the file behind a link to `file`, and returns its size and its SHA-256. The link is itself the secret: no token goes with it.
    pub(in crate::cli) fn download(
        &self,
        link: &str,
        file: &mut File,
    ) -> Result<(u64, Sha256), CliError> {
        self.check(
            link,
            "the registry gave a link that is not HTTPS; nothing was downloaded",
        )?;
        let request = self.http.get(link).timeout(BACKUP);
        self.runtime.block_on(async {
            let mut response = self.answer(request).await?;
            let mut hashed = Hashed::new(file);
            loop {
                let piece = response.chunk().await;
                let Some(piece) = piece.map_err(|error| self.unreachable(error))? else {
                    break;
                };
                hashed.write_all(&piece).map_err(|error| {
                    CliError::new(Exit::Failed, "the file cannot be written").because(error)
                })?;
            }
            Ok(hashed.finish())
        })
    }

    /// Sends `size` bytes of a file to a path and returns the answer. `sent` receives the length of
    /// each piece.
    pub(in crate::cli) fn put(
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

    /// Refuses a link without TLS from a registry with it.
    fn check(&self, link: &str, refusal: &str) -> Result<(), CliError> {
        if self.url.is_secure() && !link.starts_with("https://") {
            return Err(CliError::new(Exit::Failed, refusal));
        }
        Ok(())
    }
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
