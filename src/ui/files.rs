//! Files of `static/`, compiled in: no request ever names a path of the file system.
//!
//! An address names a file's content by its hash, so a browser may keep it for good.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use flate2::Compression;
use rust_embed::RustEmbed;

use crate::domain::Sha256;
use crate::http::access::Access;
use crate::http::{PlainProblem, page};
use crate::registry::Error;
use crate::routes;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

routes! {
    GET "/robots.txt" => robots [Access::Open],
    GET "/static/{hash}/{asset}" => file [Access::Open],
}

/// How many characters of the hash an address contains.
const HASH_LETTERS: usize = 16;

/// A file, ready to be sent.
struct Asset {
    content_type: String,
    plain: Bytes,
    zipped: Option<Bytes>,
    hash: String,
}

/// All files of `static/` by name, compressed once.
static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let names = Files::iter();
    names
        .filter_map(|name| Some((name.to_string(), asset(&name)?)))
        .collect()
});

fn asset(name: &str) -> Option<Asset> {
    let file = Files::get(name)?;
    let kind = file.metadata.mimetype();
    let is_text = kind.starts_with("text/") || kind.contains("javascript") || kind.contains("svg");
    let zipped = is_text.then(|| page::gzip(&file.data, Compression::best()));
    let content_type = if is_text {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_owned()
    };
    let sum = Sha256::of(&file.data).to_string();
    Some(Asset {
        content_type,
        zipped: zipped.flatten().map(Bytes::from),
        hash: sum.get(..HASH_LETTERS)?.to_owned(),
        plain: Bytes::from(file.data.into_owned()),
    })
}

/// Returns the address of a file of `static/`.
pub fn address(name: &str) -> String {
    let hash = ASSETS.get(name).map_or("missing", |asset| &asset.hash);
    format!("/static/{hash}/{name}")
}

async fn robots(request: HttpRequest) -> Result<HttpResponse, PlainProblem> {
    send(&request, "robots.txt", None, "public, max-age=3600")
}

async fn file(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PlainProblem> {
    let (hash, name) = path.into_inner();
    let for_good = "public, max-age=31536000, immutable";
    send(&request, &name, Some(&hash), for_good)
}

fn send(
    request: &HttpRequest,
    name: &str,
    hash: Option<&str>,
    cache: &'static str,
) -> Result<HttpResponse, PlainProblem> {
    let asset = ASSETS
        .get(name)
        .filter(|asset| hash.is_none_or(|hash| hash == asset.hash))
        .ok_or_else(|| Error::NotFound("the address".to_owned()))?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, asset.content_type.as_str()))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((VARY, "Accept-Encoding"));
    let zipped = asset.zipped.as_ref();
    Ok(match zipped.filter(|_| page::takes_gzip(request)) {
        Some(zipped) => answer
            .insert_header((CONTENT_ENCODING, "gzip"))
            .body(zipped.clone()),
        None => answer.body(asset.plain.clone()),
    })
}
