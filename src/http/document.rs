//! Rendered JSON documents: kept while what they show is unchanged, and asked for conditionally.

use std::sync::Arc;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use serde::Serialize;

use crate::domain::Sha256;
use crate::registry::{Error, RevisionCache};

/// A rendered document.
#[derive(Debug, Clone)]
pub struct Document {
    body: Bytes,
    etag: HeaderValue,
}

/// Rendered documents by what they show, each under the revision of its rows.
pub type Documents = RevisionCache<String, u64, Document>;

/// About how many bytes a kept document takes beside its body.
const OVERHEAD_BYTES: usize = 256;

/// Room for documents of this many bytes together.
pub fn room_for_documents(bytes: usize) -> Documents {
    Documents::weighed(bytes, |document| document.body.len() + OVERHEAD_BYTES)
}

impl Document {
    /// Renders a view.
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

    /// The document kept under `key`, or the one that `make` makes now.
    ///
    /// `revision` must have been read before whatever `make` reads.
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

    /// Answers with the document, or with 304 to a client that has it.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
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

/// Whether `If-None-Match` names the entity tag.
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
