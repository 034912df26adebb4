//! Request body → JSON value of a known shape, within limits of size, depth and time.

use std::fmt::Display;

use actix_web::web;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::App;
use crate::registry::Error;

/// How deep a document may nest; far beyond what any client sends.
const MAX_DEPTH: usize = 64;

/// The most bytes that are read from an unauthenticated caller: enough for a name, a password and a
/// few words.
const SMALL_BYTES: usize = 4096;

/// The bytes of a body, and the permit for its part of the memory that all bodies share.
pub(super) struct Body<'a> {
    pub(super) bytes: BytesMut,
    _room: SemaphorePermit<'a>,
}

/// Reads the body as a JSON document of at most the configured size.
///
/// # Errors
///
/// [`Error::TooLarge`] for a larger body; [`Error::Incomplete`] for one that ends early or does
/// not arrive within the grace period; [`Error::Unavailable`] if the memory for documents is in
/// use; [`Error::Invalid`] for anything but JSON of the expected shape.
pub async fn document<T: DeserializeOwned>(app: &App, payload: web::Payload) -> Result<T, Error> {
    read(app, payload, app.limits().json_body_bytes).await
}

/// Like [`document`]; an empty body or `null` gives the default.
pub async fn document_if_any<T: DeserializeOwned + Default>(
    app: &App,
    payload: web::Payload,
) -> Result<T, Error> {
    let limit = app.limits().json_body_bytes;
    let document: Option<T> = read_or(app, payload, limit, Some(b"null")).await?;
    Ok(document.unwrap_or_default())
}

/// Reads the body as a JSON document of at most 4 KiB, from a caller who has sent no token.
pub async fn small_document<T: DeserializeOwned>(
    app: &App,
    payload: web::Payload,
) -> Result<T, Error> {
    read(app, payload, SMALL_BYTES.min(app.limits().json_body_bytes)).await
}

async fn read<T: DeserializeOwned>(
    app: &App,
    payload: web::Payload,
    limit_bytes: usize,
) -> Result<T, Error> {
    read_or(app, payload, limit_bytes, None).await
}

/// Reads the body as JSON; an empty body is read as `otherwise`, if that is given.
async fn read_or<T: DeserializeOwned>(
    app: &App,
    payload: web::Payload,
    limit_bytes: usize,
    otherwise: Option<&[u8]>,
) -> Result<T, Error> {
    // Documents are small: a body that has not arrived by then is too slow, whatever its rate.
    let body = timeout(
        app.limits().body_grace,
        gather(payload, limit_bytes, app.json_room()),
    );
    let body = body
        .await
        .map_err(|_| Error::Incomplete("it arrived too slowly".to_owned()))??;
    if nests_deeper_than(&body.bytes, MAX_DEPTH) {
        return Err(Error::invalid(
            "body",
            format!("the JSON nests deeper than {MAX_DEPTH}"),
        ));
    }
    let bytes = match otherwise {
        Some(otherwise) if body.bytes.is_empty() => otherwise,
        Some(_) | None => &body.bytes,
    };
    serde_json::from_slice(bytes).map_err(|error| {
        Error::invalid(
            "body",
            format!("the JSON is not what is expected here: {error}"),
        )
    })
}

/// Joins the pieces of a body. Memory is reserved as they arrive, so that a body that is only
/// announced takes none.
pub(super) async fn gather<E: Display>(
    mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    limit_bytes: usize,
    room: &Semaphore,
) -> Result<Body<'_>, Error> {
    let mut taken = take(room, 0)?;
    let mut bytes = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| Error::Incomplete(error.to_string()))?;
        if bytes.len().saturating_add(piece.len()) > limit_bytes {
            return Err(Error::TooLarge {
                what: "the document",
                limit_bytes: u64::try_from(limit_bytes).unwrap_or(u64::MAX),
            });
        }
        taken.merge(take(room, piece.len())?);
        bytes.extend_from_slice(&piece);
    }
    Ok(Body {
        bytes,
        _room: taken,
    })
}

fn take(room: &Semaphore, bytes: usize) -> Result<SemaphorePermit<'_>, Error> {
    u32::try_from(bytes)
        .ok()
        .and_then(|bytes| room.try_acquire_many(bytes).ok())
        .ok_or_else(|| Error::Unavailable {
            reason: "too many documents are being received".to_owned(),
            retry_after_seconds: 1,
        })
}

fn nests_deeper_than(body: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;
    use crate::registry::Kind;

    /// A body in two pieces.
    fn pieces(bytes: usize) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin {
        let piece = |bytes| Ok(Bytes::from(vec![b' '; bytes]));
        stream::iter([piece(bytes / 2), piece(bytes - bytes / 2)])
    }

    #[actix_web::test]
    async fn a_body_is_read_up_to_its_limit() {
        let room = Semaphore::new(100);
        let body = gather(pieces(10), 10, &room).await.expect("a body");
        assert_eq!(body.bytes.len(), 10);
        let refused = gather(pieces(11), 10, &room).await.err();
        assert_eq!(refused.map(|error| error.kind()), Some(Kind::TooLarge));
    }

    #[actix_web::test]
    async fn all_bodies_together_have_only_so_much_room() {
        let room = Semaphore::new(100);
        let first = gather(pieces(60), 60, &room).await.expect("a body");
        let refused = gather(pieces(60), 60, &room).await.err();
        assert_eq!(refused.map(|error| error.kind()), Some(Kind::Unavailable));
        assert_eq!(room.available_permits(), 40, "what was refused keeps none");
        drop(first);
        assert!(gather(pieces(60), 60, &room).await.is_ok());
    }

    #[test]
    fn t13_depth_is_counted_outside_of_strings() {
        assert!(!nests_deeper_than(br#"{"a": "[[[[[[\"[[["}"#, 2));
        assert!(nests_deeper_than(&[b'['; 65], 64));
        assert!(!nests_deeper_than(&[b'['; 64], 64));
    }
}
