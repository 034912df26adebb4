//! `ip-ranges`: the addresses that this registry connects to others from. It connects to nobody,
//! and clients know its own address, which they have just called.

use std::time::UNIX_EPOCH;

use actix_web::http::header::{CACHE_CONTROL, HttpDate, IF_MODIFIED_SINCE, LAST_MODIFIED};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Serialize;

use crate::http::access::Access;
use crate::routes;

routes! {
    /// Lists the addresses from which this registry connects to others: none.
    GET "/api/meta/ip-ranges" => show [Access::Open] -> 200 IpRanges,
}

/// The networks that a part of the service connects from.
#[derive(Default, Serialize, JsonSchema)]
struct IpRanges {
    api: [&'static str; 0],
    notifications: [&'static str; 0],
    sentinel: [&'static str; 0],
    vcs: [&'static str; 0],
}

async fn show(request: HttpRequest) -> HttpResponse {
    let since = request.headers().get(IF_MODIFIED_SINCE);
    let since = since.and_then(|value| value.to_str().ok()?.parse::<HttpDate>().ok());
    // The document has never changed: the date that it names is the earliest that can be written.
    let known = since.is_some_and(|since| since >= HttpDate::from(UNIX_EPOCH));
    let mut answer = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((LAST_MODIFIED, HttpDate::from(UNIX_EPOCH)))
        .insert_header((CACHE_CONTROL, "no-cache"));
    if known {
        return answer.finish();
    }
    answer.json(IpRanges::default())
}
