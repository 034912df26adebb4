//! Sends a stored archive: entity tag, ranges, HEAD, and a file name.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    HeaderValue, IF_RANGE, RANGE,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use futures_util::Stream;

use super::App;
use super::document::{is_known, is_other};
use super::uncopied_body::{PendingWrite, UncopiedBody};
use crate::domain::Sha256;
use crate::registry::{ArchiveBytes, Error};

/// How many bytes the connection gets at a time; bounds the memory of a slow reader.
const PIECE_BYTES: u64 = 128 << 10;

/// What to send and under which name.
#[derive(Debug)]
pub struct Attachment {
    /// The bytes, whose checksum has been verified.
    pub bytes: ArchiveBytes,
    /// Their checksum, which is also the entity tag.
    pub sha256: Sha256,
    /// The file name that clients save them under.
    pub file_name: String,
}

/// Answers with an archive, whole or in part.
pub fn attachment(
    app: &App,
    request: &HttpRequest,
    sent: Attachment,
) -> Result<HttpResponse, Error> {
    let etag = HeaderValue::from_str(&format!("\"{}\"", sent.sha256)).map_err(Error::internal)?;
    if is_other(request, &etag) {
        return Ok(HttpResponse::PreconditionFailed().finish());
    }
    if is_known(request, &etag) {
        let mut answer = HttpResponse::NotModified();
        return Ok(headers(&mut answer, &etag, &sent.file_name).finish());
    }
    let size = sent.bytes.size();
    let (status, from, to) = match wanted_range(request, &etag, size) {
        RequestedRange::All => (StatusCode::OK, 0, size),
        RequestedRange::Part { from, to } => (StatusCode::PARTIAL_CONTENT, from, to),
        RequestedRange::Beyond => {
            let mut answer = HttpResponse::RangeNotSatisfiable();
            return Ok(answer
                .insert_header((CONTENT_RANGE, format!("bytes */{size}")))
                .finish());
        }
    };
    let mut answer = HttpResponseBuilder::new(status);
    headers(&mut answer, &etag, &sent.file_name);
    if status == StatusCode::PARTIAL_CONTENT {
        let last = to.saturating_sub(1);
        answer.insert_header((CONTENT_RANGE, format!("bytes {from}-{last}/{size}")));
    }
    let limits = app.limits();
    let length = to.saturating_sub(from);
    let deadline = Instant::now() + limits.body_grace + limits.time_for(length);
    let outbox = request.conn_data::<PendingWrite>();
    match (&sent.bytes, outbox) {
        // The archive is small enough for one write: no pieces, no deadline.
        (ArchiveBytes::Memory(held), _) if size <= PIECE_BYTES => {
            Ok(answer.body(held.bytes().slice(place(from)..place(to))))
        }
        // An answer to HEAD has no body to write.
        (ArchiveBytes::Memory(held), Some(outbox)) if request.method() == Method::GET => {
            let part = place(from)..place(to);
            let body = UncopiedBody::new(outbox.clone(), Arc::clone(held), part, deadline);
            Ok(answer.no_chunking(length).body(body))
        }
        (ArchiveBytes::Memory(_) | ArchiveBytes::File(_), _) => Ok(answer.body(Pieces {
            bytes: sent.bytes,
            at: from,
            end: to,
            deadline,
            size: length,
            reading: None,
        })),
    }
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

fn headers<'a>(
    answer: &'a mut HttpResponseBuilder,
    etag: &HeaderValue,
    file_name: &str,
) -> &'a mut HttpResponseBuilder {
    answer
        .insert_header((ETAG, etag.clone()))
        .insert_header((ACCEPT_RANGES, HeaderValue::from_static("bytes")))
        // Not `application/gzip` with a content encoding: Go's client would undo it.
        .insert_header((
            CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file_name}\""),
        ))
        .insert_header((
            CACHE_CONTROL,
            HeaderValue::from_static("private, max-age=31536000, immutable"),
        ))
}

enum RequestedRange {
    All,
    Part { from: u64, to: u64 },
    Beyond,
}

/// Parses the range of a request. One range is honoured; several, or an invalid one, get the whole
/// (RFC 9110 allows it).
fn wanted_range(request: &HttpRequest, etag: &HeaderValue, size: u64) -> RequestedRange {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if header(IF_RANGE).is_some_and(|tag| tag.as_bytes() != etag.as_bytes()) {
        return RequestedRange::All;
    }
    let Some(range) = header(RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
        return RequestedRange::All;
    };
    parse_range(range, size)
}

fn parse_range(range: &str, size: u64) -> RequestedRange {
    let Some((first, last)) = range.split_once('-') else {
        return RequestedRange::All;
    };
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), _) if first >= size => RequestedRange::Beyond,
        (Ok(first), Ok(last)) if last >= first => RequestedRange::Part {
            from: first,
            to: last.saturating_add(1).min(size),
        },
        (Ok(first), Err(_)) if last.is_empty() => RequestedRange::Part {
            from: first,
            to: size,
        },
        (Err(_), Ok(0)) if first.is_empty() => RequestedRange::Beyond,
        (Err(_), Ok(suffix)) if first.is_empty() => RequestedRange::Part {
            from: size.saturating_sub(suffix),
            to: size,
        },
        _ => RequestedRange::All,
    }
}

type Reading = Pin<Box<dyn Future<Output = Result<Bytes, Error>>>>;

/// Returns the bytes in pieces, until the deadline.
struct Pieces {
    bytes: ArchiveBytes,
    at: u64,
    end: u64,
    size: u64,
    deadline: Instant,
    reading: Option<Reading>,
}

impl Pieces {
    fn next_piece(&self) -> Reading {
        let (at, length) = (self.at, PIECE_BYTES.min(self.end.saturating_sub(self.at)));
        match &self.bytes {
            ArchiveBytes::Memory(held) => {
                let piece = held
                    .bytes()
                    .slice(place(at)..place(at.saturating_add(length)));
                Box::pin(std::future::ready(Ok(piece)))
            }
            ArchiveBytes::File(file) => {
                let file = Arc::clone(file);
                Box::pin(async move {
                    actix_web::web::block(move || file.read_at(at, length))
                        .await
                        .map_err(Error::internal)?
                })
            }
        }
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.at >= self.end {
            return Poll::Ready(None);
        }
        if Instant::now() > self.deadline {
            // The connection is closed without the rest: the client sees a short body.
            return Poll::Ready(Some(Err(Error::Incomplete(
                "the client reads too slowly".to_owned(),
            ))));
        }
        let mut reading = match self.reading.take() {
            Some(reading) => reading,
            None => self.next_piece(),
        };
        match reading.as_mut().poll(context) {
            Poll::Pending => {
                self.reading = Some(reading);
                Poll::Pending
            }
            Poll::Ready(Ok(piece)) => {
                self.at = self
                    .at
                    .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(error))),
        }
    }
}

impl MessageBody for Pieces {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.size)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Stream::poll_next(self, context).map_err(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t15_ranges_are_honoured_only_where_they_make_sense() {
        let part = |range: &str| match parse_range(range, 100) {
            RequestedRange::All => None,
            RequestedRange::Part { from, to } => Some((from, to)),
            RequestedRange::Beyond => Some((0, 0)),
        };
        assert_eq!(part("0-9"), Some((0, 10)));
        assert_eq!(part("90-"), Some((90, 100)));
        assert_eq!(part("-10"), Some((90, 100)));
        assert_eq!(part("-1000"), Some((0, 100)));
        assert_eq!(part("50-18446744073709551615"), Some((50, 100)));
        assert_eq!(part("100-"), Some((0, 0)));
        assert_eq!(part("-0"), Some((0, 0)));
        for whole in [
            "",
            "-",
            "9-1",
            "a-b",
            "0-1,3-4",
            "18446744073709551616-",
            "--1",
        ] {
            assert_eq!(part(whole), None, "{whole}");
        }
    }
}
