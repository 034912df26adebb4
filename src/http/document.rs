//! Rendered JSON documents: cached while their rows are unchanged, and served with entity tags.

use std::sync::Arc;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use serde::Serialize;

use crate::domain::Sha256;
use crate::registry::{Error, RevisionCache};

/// A rendered JSON document and its entity tag.
#[derive(Debug, Clone)]
pub struct Document {
    body: Bytes,
    etag: HeaderValue,
}

/// A cache of rendered documents by what they show, each under the revision of its rows.
pub type Documents = RevisionCache<String, u64, Document>;

/// The approximate size of a cached document beside its body, in bytes.
const OVERHEAD_BYTES: usize = 256;

/// Creates a cache with room for documents of this many bytes together.
pub fn room_for_documents(bytes: usize) -> Documents {
    Documents::weighed(bytes, |document| document.body.len() + OVERHEAD_BYTES)
}

impl Document {
    /// Renders a view as JSON.
    pub fn render(view: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(view).map_err(Error::internal)?;
        let sum = Sha256::of(&body).to_string();
        let short = sum.get(..32).unwrap_or(&sum);
        let etag = HeaderValue::from_str(&format!("\"{short}\"")).map_err(Error::internal)?;
        Ok(Self {
            body: Bytes::from(body),
            etag,
        })
    }

    /// Returns the document cached under `key`, or the one that `make` renders now.
    ///
    /// The caller must have read `revision` before `make` reads any row.
    pub fn remembered(
        documents: &Documents,
        key: &str,
        revision: u64,
        make: impl FnOnce() -> Result<Self, Error>,
    ) -> Result<Arc<Self>, Error> {
        if let Some(document) = documents.get(key, &revision) {
            return Ok(document);
        }
        let document = Arc::new(make()?);
        documents.put(key.to_owned(), revision, Arc::clone(&document));
        Ok(document)
    }

    /// Answers with the document, with 304 if the client already has it, or with 412 if it asks for
    /// another one.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        if is_other(request, &self.etag) {
            return HttpResponse::PreconditionFailed().finish();
        }
        let known = is_known(request, &self.etag);
        let mut answer = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        answer
            .insert_header((ETAG, self.etag.clone()))
            .insert_header((VARY, HeaderValue::from_static("Authorization")))
            .insert_header((CACHE_CONTROL, HeaderValue::from_static("private, no-cache")));
        if known {
            return answer.finish();
        }
        answer
            .insert_header((CONTENT_TYPE, HeaderValue::from_static("application/json")))
            .body(self.body.clone())
    }
}

/// Returns whether `If-None-Match` names the entity tag.
pub fn is_known(request: &HttpRequest, etag: &HeaderValue) -> bool {
    let Some(header) = request.headers().get(IF_NONE_MATCH) else {
        return false;
    };
    let (Ok(header), Ok(etag)) = (header.to_str(), etag.to_str()) else {
        return false;
    };
    header
        .split(',')
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == "*" || tag == etag)
}

/// Returns whether `If-Match` asks for other entity tags than this one.
pub fn is_other(request: &HttpRequest, etag: &HeaderValue) -> bool {
    let mut asked = request.headers().get_all(IF_MATCH).peekable();
    asked.peek().is_some()
        && !asked
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| tag.trim() == "*" || tag.trim().as_bytes() == etag.as_bytes())
}
