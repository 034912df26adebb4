//! Parses the query of an address leniently: clients of every generation write it in their own way,
//! and a query alone must not decide about a request before its caller is known.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

/// Returns the parameters that `T` names. Of a repeated one, the last counts; if `T` cannot be
/// parsed for another reason, the result is that of an empty query.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Default> Query<T> {
    /// Parses a query, without its question mark.
    pub fn read(query: &str) -> Self {
        let read = web::Query::from_query(query)
            .or_else(|_| web::Query::from_query(&without_repeats(query)));
        Self(read.map(web::Query::into_inner).unwrap_or_default())
    }
}

impl<T: DeserializeOwned + Default> FromRequest for Query<T> {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::read(request.query_string())))
    }
}

fn without_repeats(query: &str) -> String {
    let last: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(last)
        .finish()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Filter {
        q: Option<String>,
        size: Option<u8>,
    }

    #[test]
    fn t23_a_query_is_read_as_far_as_it_can_be() {
        let filter = |q: Option<&str>, size| Filter {
            q: q.map(str::to_owned),
            size,
        };
        for (query, expected) in [
            ("", filter(None, None)),
            ("q=a%20b&size=3&other=x", filter(Some("a b"), Some(3))),
            ("q=a&q=b", filter(Some("b"), None)),
            ("size=x&q=a&size=7", filter(Some("a"), Some(7))),
            ("size=x", filter(None, None)),
            ("q=%ff%&&=&q", filter(Some(""), None)),
        ] {
            assert_eq!(Query::<Filter>::read(query).0, expected, "{query}");
        }
    }
}
