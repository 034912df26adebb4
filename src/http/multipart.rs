//! `multipart/form-data`, as browsers send it: part by part, never whole in memory.
//!
//! actix-multipart parses it. This module is stricter: no preamble, no nesting, few parts, short
//! fields. The name of a file is chosen by its sender: it is only handed on, without its folders,
//! and never becomes a path.

use std::fmt::Display;
use std::io;

use actix_multipart::{Field, MultipartError};
use actix_web::error::PayloadError;
use actix_web::{HttpMessage, HttpRequest};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use crate::registry::Error;

/// The most parts that a form may have, unless its endpoint allows more.
const MOST_PARTS: usize = 16;
/// The most bytes of a field that is not a file.
const FIELD_BYTES: usize = 4 * 1024;
/// The most bytes of the boundary between parts (RFC 2046).
const BOUNDARY_BYTES: usize = 70;

/// A multipart form that is being received.
pub struct Multipart {
    form: actix_multipart::Multipart,
    /// The part that is being read; `None` before the first one.
    field: Option<Field>,
    parts: usize,
    most_parts: usize,
}

/// The names of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The file name that the sender gave, without folders: `None` if the part is not a file, empty
    /// if no file was chosen.
    pub file_name: Option<String>,
}

impl Multipart {
    /// Starts to read the body of a request whose content type is `multipart/form-data`.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for another content type, and later for a malformed form or one with too
    /// many parts; [`Error::Incomplete`] for a form that ends early.
    pub fn new<P, E>(request: &HttpRequest, payload: P) -> Result<Self, Error>
    where
        P: Stream<Item = Result<Bytes, E>> + 'static,
        E: Display + 'static,
    {
        let boundary =
            boundary(request).ok_or_else(|| malformed("a form with a file is expected here"))?;
        let payload = beginning_with(format!("--{boundary}"), payload);
        Ok(Self {
            form: actix_multipart::Multipart::new(request.headers(), payload),
            field: None,
            parts: 0,
            most_parts: MOST_PARTS,
        })
    }

    /// Sets the most parts that the form may have.
    #[must_use]
    pub fn with_parts(mut self, most: usize) -> Self {
        self.most_parts = most;
        self
    }

    /// Returns the next part, once the one before it has been read to its end; `None` after the
    /// last.
    pub async fn part(&mut self) -> Result<Option<Part>, Error> {
        while self.piece().await?.is_some() {}
        let Some(field) = self.form.next().await else {
            return Ok(None);
        };
        let field = field.map_err(refused)?;
        self.parts += 1;
        if self.parts > self.most_parts {
            return Err(malformed("the form has too many parts"));
        }
        let part = Part {
            name: field.name().unwrap_or_default().to_owned(),
            file_name: file_name(&field),
        };
        self.field = Some(field);
        Ok(Some(part))
    }

    /// Returns the next bytes of this part; `None` at its end.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(field) = &mut self.field else {
            return Ok(None);
        };
        let piece = field.next().await.transpose().map_err(refused)?;
        if piece.is_none() {
            self.field = None;
        }
        Ok(piece)
    }

    /// Returns all of this part; `None` if it has more than `most` bytes.
    pub async fn whole(&mut self, most: usize) -> Result<Option<Vec<u8>>, Error> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.piece().await? {
            if bytes.len() + piece.len() > most {
                return Ok(None);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Some(bytes))
    }

    /// Returns all of this part as text, which must be short.
    pub async fn text(&mut self) -> Result<String, Error> {
        let text = self.whole(FIELD_BYTES).await?;
        let text = text.ok_or_else(|| malformed("a field of the form is too long"))?;
        String::from_utf8(text).map_err(|_| malformed("a field of the form is not UTF-8"))
    }
}

fn malformed(reason: &str) -> Error {
    Error::invalid("body", reason)
}

/// Returns the boundary of a request's body; `None` if it is not a multipart form.
fn boundary(request: &HttpRequest) -> Option<String> {
    let kind = request.mime_type().ok()??;
    let boundary = kind.get_param("boundary")?.as_str();
    let fits = (1..=BOUNDARY_BYTES).contains(&boundary.len());
    (kind.essence_str() == "multipart/form-data" && fits).then(|| boundary.to_owned())
}

/// Refuses a body that does not begin with its boundary: actix-multipart would skip whatever comes
/// before it.
fn beginning_with<P, E>(
    start: String,
    payload: P,
) -> impl Stream<Item = Result<Bytes, PayloadError>>
where
    P: Stream<Item = Result<Bytes, E>>,
    E: Display,
{
    let mut awaited = Bytes::from(start);
    payload.map(move |piece| {
        let piece = piece.map_err(|error| io::Error::other(error.to_string()))?;
        let begun = awaited.split_to(awaited.len().min(piece.len()));
        if piece.starts_with(&begun) {
            Ok(piece)
        } else {
            Err(io::Error::from(io::ErrorKind::InvalidData).into())
        }
    })
}

/// Converts an error in a form to an error of the registry.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the others have one answer, also those that are still to come"
)]
fn refused(error: MultipartError) -> Error {
    match error {
        MultipartError::Incomplete => Error::Incomplete("the form ends too early".to_owned()),
        MultipartError::Payload(PayloadError::Io(error))
            if error.kind() == io::ErrorKind::InvalidData =>
        {
            malformed("the form does not begin with its boundary")
        }
        MultipartError::Payload(PayloadError::Overflow) => {
            malformed("the header of a part is too long")
        }
        MultipartError::Payload(error) => Error::Incomplete(error.to_string()),
        MultipartError::ContentDispositionMissing
        | MultipartError::ContentDispositionNameMissing => {
            malformed("a part of the form has no name")
        }
        _ => malformed("a part of the form cannot be read"),
    }
}

/// Returns the file name that the sender gave, without its folders.
fn file_name(field: &Field) -> Option<String> {
    let name = field.content_disposition()?.get_filename()?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use actix_web::http::header::CONTENT_TYPE;
    use actix_web::test::TestRequest;
    use futures_util::stream;

    use super::*;

    /// How many bytes of a form actix-multipart buffers: the longest header of a part.
    const HEADER_BYTES: usize = 64 * 1024;

    type Fields = Vec<(String, Option<String>, Vec<u8>)>;

    async fn read(body: &[u8], piece: usize) -> Result<Fields, Error> {
        let request = TestRequest::default()
            .insert_header((CONTENT_TYPE, "multipart/form-data; boundary=\"xYz\""))
            .to_http_request();
        let pieces: Vec<Result<Bytes, Infallible>> = body
            .chunks(piece)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        // Each piece has to be waited for.
        let pieces = stream::iter(pieces).then(|piece| async {
            tokio::task::yield_now().await;
            piece
        });
        let mut form = Multipart::new(&request, pieces)?;
        let mut fields = Vec::new();
        while let Some(part) = form.part().await? {
            let mut content = Vec::new();
            while let Some(piece) = form.piece().await? {
                content.extend_from_slice(&piece);
            }
            fields.push((part.name, part.file_name, content));
        }
        Ok(fields)
    }

    const GOOD: &[u8] = b"--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n\
        --xYz\r\ncontent-disposition: form-data; name=\"f\"; filename=\"../../x\"\r\n\
        Content-Type: application/gzip\r\n\r\n\r\n--xY\r\n--x\r\n\r\n--xYz--\r\n";

    #[actix_web::test]
    async fn t14_parts_are_read_however_they_arrive() {
        for piece in 1..GOOD.len() {
            let fields = read(GOOD, piece).await.expect("a form");
            let file = b"\r\n--xY\r\n--x\r\n".to_vec();
            let expected = [
                ("a".to_owned(), None, b"one".to_vec()),
                ("f".to_owned(), Some("x".to_owned()), file),
            ];
            assert_eq!(fields, expected, "in pieces of {piece}");
        }
    }

    #[actix_web::test]
    async fn t14_what_is_no_form_is_refused() {
        for cut in 0..GOOD.len() - 4 {
            assert!(read(&GOOD[..cut], 7).await.is_err(), "cut at {cut}");
        }
        let part = "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        let end = "--xYz--\r\n";
        let enough = part.repeat(MOST_PARTS) + end;
        assert_eq!(read(enough.as_bytes(), 50).await.expect("a form").len(), 16);
        for bad in [
            part.repeat(MOST_PARTS + 1) + end,
            format!("preamble\r\n{part}{end}"),
            format!("--xYz\r\nX-Long: {}\r\n\r\n{end}", "x".repeat(HEADER_BYTES)),
            format!("--xYz\r\nContent-Type: text/plain\r\n\r\n1\r\n{end}"),
        ] {
            assert!(read(bad.as_bytes(), 50).await.is_err(), "{bad:.60}");
        }
    }

    #[actix_web::test]
    async fn t12_a_file_full_of_what_looks_like_its_end_is_read_soon() {
        for near in ["\r\n--", "\r\n--xY", "\r", "\n--xYz"] {
            let start = "--xYz\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n";
            let file = near.repeat((1 << 20) / near.len());
            let body = [start, &file, "\r\n--xYz--\r\n"].concat();
            let started = std::time::Instant::now();
            let fields = read(body.as_bytes(), 32 * 1024).await.expect("a form");
            assert!(
                fields == [("f".to_owned(), None, file.into_bytes())],
                "{near:?}"
            );
            assert!(started.elapsed().as_secs() < 10, "{near:?}");
        }
    }
}
