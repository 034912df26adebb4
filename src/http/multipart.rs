//! `multipart/form-data`, as browsers send it: part by part, never whole in memory.
//!
//! Strict: no preamble, no nesting, few parts, short headers. The name of a file is what its sender
//! says: it is only handed on, without its folders, and never becomes a path.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};
use bytes::{Buf, Bytes, BytesMut};
use futures_util::StreamExt;

use crate::registry::Error;

/// How many parts a form has at the most, unless it says otherwise.
const MOST_PARTS: usize = 16;
const HEADER_BYTES: usize = 8 * 1024;
const FIELD_BYTES: usize = 4 * 1024;
const BOUNDARY_BYTES: usize = 70;

/// A form with files on its way in.
pub struct Multipart<P = web::Payload> {
    payload: P,
    /// Line break, two hyphens and the boundary: what ends each part.
    delimiter: Vec<u8>,
    buffer: BytesMut,
    parts: usize,
    most_parts: usize,
    in_part: bool,
}

/// What a part is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// What its sender calls the file, where it is one; without folders, and empty where none was
    /// chosen.
    pub file_name: Option<String>,
}

impl<P, E> Multipart<P>
where
    P: futures_util::Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    /// Reads the body of a request that says it is such a form.
    pub fn new(request: &HttpRequest, payload: P) -> Result<Self, Error> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let boundary = content_type
            .and_then(|value| value.to_str().ok())
            .and_then(boundary)
            .ok_or_else(|| malformed("a form with a file is expected here"))?;
        let mut buffer = BytesMut::new();
        // As if a part before the first one ended here.
        buffer.extend_from_slice(b"\r\n");
        Ok(Self {
            payload,
            delimiter: format!("\r\n--{boundary}").into_bytes(),
            buffer,
            parts: 0,
            most_parts: MOST_PARTS,
            in_part: false,
        })
    }

    /// Takes so many parts instead of the usual few.
    #[must_use]
    pub fn with_parts(mut self, most: usize) -> Self {
        self.most_parts = most;
        self
    }

    /// The next part, once the one before it has been read to its end.
    pub async fn part(&mut self) -> Result<Option<Part>, Error> {
        while self.in_part {
            self.piece().await?;
        }
        if self.parts == 0 {
            self.fill(self.delimiter.len()).await?;
            if !self.buffer.starts_with(&self.delimiter) {
                return Err(malformed("the form does not begin with its boundary"));
            }
            self.buffer.advance(self.delimiter.len());
        }
        self.fill(2).await?;
        if self.buffer.starts_with(b"--") {
            return Ok(None);
        }
        self.parts += 1;
        if self.parts > self.most_parts {
            return Err(malformed("the form has too many parts"));
        }
        let header = self.header().await?;
        self.in_part = true;
        part(&header).map(Some)
    }

    /// The next bytes of this part.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if !self.in_part {
                return Ok(None);
            }
            match find(&self.buffer, &self.delimiter) {
                Some(0) => {
                    self.buffer.advance(self.delimiter.len());
                    self.in_part = false;
                }
                Some(end) => return Ok(Some(self.buffer.split_to(end).freeze())),
                None => {
                    // The end may be the beginning of the delimiter.
                    let safe = (self.buffer.len() + 1).saturating_sub(self.delimiter.len());
                    if safe > 0 {
                        return Ok(Some(self.buffer.split_to(safe).freeze()));
                    }
                    self.more().await?;
                }
            }
        }
    }

    /// All of this part, unless it has more than `most` bytes.
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

    /// All of this part, which is a short text.
    pub async fn text(&mut self) -> Result<String, Error> {
        let text = self.whole(FIELD_BYTES).await?;
        let text = text.ok_or_else(|| malformed("a field of the form is too long"))?;
        String::from_utf8(text).map_err(|_| malformed("a field of the form is not UTF-8"))
    }

    async fn header(&mut self) -> Result<String, Error> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                let header = self.buffer.split_to(end + 4);
                return String::from_utf8(header.to_vec())
                    .map_err(|_| malformed("the header of a part is not UTF-8"));
            }
            if self.buffer.len() > HEADER_BYTES {
                return Err(malformed("the header of a part is too long"));
            }
            self.more().await?;
        }
    }

    async fn fill(&mut self, bytes: usize) -> Result<(), Error> {
        while self.buffer.len() < bytes {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> Result<(), Error> {
        let cut_off = || Error::Incomplete("the form ends before its end".to_owned());
        let piece = self.payload.next().await.ok_or_else(cut_off)?;
        let piece = piece.map_err(|error| Error::Incomplete(error.to_string()))?;
        self.buffer.extend_from_slice(&piece);
        Ok(())
    }
}

fn malformed(reason: &str) -> Error {
    Error::invalid("body", reason)
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';');
    let kind = parameters.next()?.trim();
    if !kind.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters
        .filter_map(|parameter| parameter.trim().split_once('='))
        .find_map(|(name, value)| name.eq_ignore_ascii_case("boundary").then_some(value))?;
    let boundary = boundary.trim_matches('"');
    let fits = (1..=BOUNDARY_BYTES).contains(&boundary.len());
    fits.then_some(boundary)
}

/// The name in `Content-Disposition: form-data; name="…"; filename="…"`.
fn part(header: &str) -> Result<Part, Error> {
    let disposition = header
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find_map(|(name, value)| {
            name.eq_ignore_ascii_case("content-disposition")
                .then_some(value.trim())
        })
        .ok_or_else(|| malformed("a part of the form has no name"))?;
    // Browsers write the name first and escape its quotation marks, so the first one ends it.
    let name = disposition
        .strip_prefix("form-data; name=\"")
        .and_then(|rest| rest.split_once('"'));
    let (name, rest) = name.ok_or_else(|| malformed("a part of the form has no name"))?;
    Ok(Part {
        name: name.to_owned(),
        file_name: file_name(rest),
    })
}

/// The name in `; filename="…"`; browsers escape quotation marks in it as well.
fn file_name(rest: &str) -> Option<String> {
    let (_, value) = rest.split_once("filename")?;
    let quoted = value.split('"').nth(1).unwrap_or_default();
    let name = quoted.rsplit(['/', '\\']).next().unwrap_or_default();
    Some(name.to_owned())
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    let first = *pattern.first()?;
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(pattern) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use actix_web::test::TestRequest;
    use futures_util::stream;

    use super::*;

    type Fields = Vec<(String, Option<String>, Vec<u8>)>;

    async fn read(body: &[u8], piece: usize) -> Result<Fields, Error> {
        let request = TestRequest::default()
            .insert_header((CONTENT_TYPE, "multipart/form-data; boundary=\"xYz\""))
            .to_http_request();
        let pieces: Vec<Result<Bytes, Infallible>> = body
            .chunks(piece)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        let mut form = Multipart::new(&request, stream::iter(pieces))?;
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
}
