//! Request body → [`IncomingBlob`] or [`IncomingPackage`], within its limits of size and time.

use std::io::Write;
use std::pin::{Pin, pin};
use std::time::Instant;

use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::future::join;
use futures_util::{Stream, StreamExt};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout_at;

use super::App;
use crate::registry::{Error, IncomingBlob, IncomingPackage, PackageReader, ReadAhead, Registry};

/// How many bytes are gathered before they go to the writing thread: to wake it for each of the
/// small frames of HTTP/2 would take longer than all the rest.
const BATCH_BYTES: usize = 128 * 1024;
/// How many batches may wait for the disk. With the batch size, it bounds the memory of one upload.
const BATCHES_WAITING: usize = 3;

/// Receives the body of `request` into a file that nobody can see yet.
///
/// # Errors
///
/// [`Error::TooLarge`] for a body that is announced as or turns out to be larger than
/// `limit_bytes`; [`Error::Incomplete`] for one that arrives more slowly than the configured rate
/// or ends early; [`Error::Unavailable`] if too many uploads are under way. On every error the
/// file is removed.
pub async fn body(
    app: &App,
    request: &HttpRequest,
    payload: web::Payload,
    limit_bytes: u64,
) -> Result<IncomingBlob, Error> {
    whole(app, (request, payload), limit_bytes, Registry::incoming).await
}

/// Receives the package of a provider under the same conditions, and parses it while it arrives.
pub async fn package(
    app: &App,
    request: &HttpRequest,
    payload: web::Payload,
    limit_bytes: u64,
) -> Result<IncomingPackage, Error> {
    let (open, reader) = open_package();
    let received = whole(app, (request, payload), limit_bytes, open);
    let (received, ahead) = join(received, read_along(app, reader)).await;
    Ok(IncomingPackage::new(received?, ahead?))
}

/// Receives a package that is one part of a form; returns its length in bytes, too.
pub async fn package_stream(
    app: &App,
    bytes: impl Stream<Item = Result<Bytes, Error>>,
    limit_bytes: u64,
) -> Result<(u64, IncomingPackage), Error> {
    let (open, reader) = open_package();
    let received = arrive(app, bytes, limit_bytes, open);
    let (received, ahead) = join(received, read_along(app, reader)).await;
    let (length, file) = received?;
    Ok((length, IncomingPackage::new(file, ahead?)))
}

/// Returns a function that opens a file for a package, and a channel that delivers its reader. The
/// reader comes once the writing thread runs, so that no reader takes a thread from it.
fn open_package() -> (
    impl FnOnce(&Registry) -> Result<IncomingBlob, Error> + Send + 'static,
    oneshot::Receiver<PackageReader>,
) {
    let (ready, reader) = oneshot::channel();
    let open = move |registry: &Registry| {
        let (file, reader) = registry.incoming_package()?;
        // The receiver is gone if the client has disconnected.
        drop(ready.send(reader));
        Ok(file)
    };
    (open, reader)
}

/// Parses a package while it arrives.
async fn read_along(
    app: &App,
    reader: oneshot::Receiver<PackageReader>,
) -> Result<ReadAhead, Error> {
    match reader.await {
        Ok(reader) => app.run(move |_| Ok(reader.read())).await,
        // The upload got no place or no file; its own error says why.
        Err(_) => Ok(ReadAhead::default()),
    }
}

async fn whole(
    app: &App,
    (request, payload): (&HttpRequest, web::Payload),
    limit_bytes: u64,
    open: impl FnOnce(&Registry) -> Result<IncomingBlob, Error> + Send + 'static,
) -> Result<IncomingBlob, Error> {
    let announced = announced_length(request);
    if announced.is_some_and(|length| length > limit_bytes) {
        return Err(too_large(limit_bytes));
    }
    let payload = payload.map(|piece| piece.map_err(|error| Error::Incomplete(error.to_string())));
    let (length, incoming) = arrive(app, payload, limit_bytes, open).await?;
    if announced.is_some_and(|announced| announced != length) {
        return Err(Error::Incomplete(
            "it ended before its announced length".to_owned(),
        ));
    }
    Ok(incoming)
}

/// Receives bytes into a file that nobody can see yet, under the same conditions; returns their
/// number, too.
pub async fn stream(
    app: &App,
    bytes: impl Stream<Item = Result<Bytes, Error>>,
    limit_bytes: u64,
) -> Result<(u64, IncomingBlob), Error> {
    arrive(app, bytes, limit_bytes, Registry::incoming).await
}

async fn arrive(
    app: &App,
    bytes: impl Stream<Item = Result<Bytes, Error>>,
    limit_bytes: u64,
    open: impl FnOnce(&Registry) -> Result<IncomingBlob, Error> + Send + 'static,
) -> Result<(u64, IncomingBlob), Error> {
    let _place = app.upload_place()?;
    let (batches, received) = mpsc::channel(BATCHES_WAITING);
    let writer = app.run(move |registry| write_all(open(registry)?, received));
    let bytes = pin!(bytes);
    let reader = read_all(app, bytes, batches, limit_bytes);
    let (written, read) = join(writer, reader).await;
    let (length, incoming) = (read?, written?);
    Ok((length, incoming))
}

fn too_large(limit_bytes: u64) -> Error {
    Error::TooLarge {
        what: "the archive",
        limit_bytes,
    }
}

fn announced_length(request: &HttpRequest) -> Option<u64> {
    request
        .headers()
        .get(CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn write_all(
    mut incoming: IncomingBlob,
    mut received: mpsc::Receiver<Bytes>,
) -> Result<IncomingBlob, Error> {
    while let Some(piece) = received.blocking_recv() {
        incoming
            .write_all(&piece)
            .map_err(crate::registry::disk_error)?;
    }
    incoming.arrived();
    Ok(incoming)
}

/// Passes the pieces to the writer in batches, and returns their total length in bytes.
///
/// The deadline is the grace period plus the time that the bytes so far would have taken at the
/// lowest acceptable rate: a client that keeps up moves it forward, one that trickles does not.
async fn read_all(
    app: &App,
    mut bytes: Pin<&mut impl Stream<Item = Result<Bytes, Error>>>,
    batches: mpsc::Sender<Bytes>,
    limit_bytes: u64,
) -> Result<u64, Error> {
    let started = Instant::now();
    let (mut length, mut batch) = (0, BytesMut::new());
    loop {
        let limits = app.limits();
        let deadline = started + limits.body_grace + limits.time_for(length);
        let next = timeout_at(deadline.into(), bytes.next())
            .await
            .map_err(|_| Error::Incomplete("it arrived too slowly".to_owned()))?;
        let piece = next.transpose()?;
        if let Some(piece) = &piece {
            length = length.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            if length > limit_bytes {
                return Err(too_large(limit_bytes));
            }
            batch.extend_from_slice(piece);
        }
        if piece.is_none() || batch.len() >= BATCH_BYTES {
            // If the writer has stopped, its own error says why.
            let is_taken = batches.send(batch.split().freeze()).await.is_ok();
            if piece.is_none() || !is_taken {
                return Ok(length);
            }
        }
    }
}
