//! Request body → JSON value of a known shape, within its limits of size, depth and time.

use std::time::Instant;

use actix_web::web;
use bytes::BytesMut;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use tokio::time::timeout_at;

use super::App;
use crate::registry::Error;

/// How deep a document may nest; far beyond what any client sends.
const MAX_DEPTH: usize = 64;

/// Reads the whole body. An empty one, which some clients send with POST, is empty.
pub async fn bytes(app: &App, mut payload: web::Payload) -> Result<BytesMut, Error> {
    let limits = app.limits();
    let started = Instant::now();
    let mut body = BytesMut::new();
    loop {
        let received = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let deadline = started + limits.body_grace + limits.time_for(received);
        let next = timeout_at(deadline.into(), payload.next())
            .await
            .map_err(|_| Error::Incomplete("it came too slowly".to_owned()))?;
        let Some(piece) = next else { return Ok(body) };
        let piece = piece.map_err(|error| Error::Incomplete(error.to_string()))?;
        if body.len().saturating_add(piece.len()) > limits.json_body_bytes {
            let limit_bytes = u64::try_from(limits.json_body_bytes).unwrap_or(u64::MAX);
            return Err(Error::TooLarge {
                what: "the document",
                limit_bytes,
            });
        }
        body.extend_from_slice(&piece);
    }
}

/// Reads the body as a JSON document.
pub async fn document<T: DeserializeOwned>(app: &App, payload: web::Payload) -> Result<T, Error> {
    let body = bytes(app, payload).await?;
    if nests_deeper_than(&body, MAX_DEPTH) {
        return Err(Error::invalid(
            "body",
            format!("the JSON nests deeper than {MAX_DEPTH}"),
        ));
    }
    serde_json::from_slice(&body).map_err(|error| {
        Error::invalid(
            "body",
            format!("the JSON is not what is expected here: {error}"),
        )
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
    use super::*;

    #[test]
    fn t13_depth_is_counted_outside_of_strings() {
        assert!(!nests_deeper_than(br#"{"a": "[[[[[[\"[[["}"#, 2));
        assert!(nests_deeper_than(&[b'['; 65], 64));
        assert!(!nests_deeper_than(&[b'['; 64], 64));
    }
}
