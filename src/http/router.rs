//! Finds the endpoint that answers a request.
//!
//! The router is built once and shared by all workers: actix-web's own router is built for each
//! worker, compares a path with one pattern after the other, and takes 4 MiB for some 150 of them.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use matchit::InsertError;

use super::PLAIN_REFUSALS;
use super::operation::BodyDescription;
use super::route::{Answer, Route};

/// The endpoints that share the beginning of their addresses.
#[derive(Debug, Clone, Copy)]
pub struct Base {
    /// The common beginning; empty, or with a leading slash and none at the end.
    pub address: &'static str,
    /// The tables of its wings: a wing, or a folder of one, has a table for each of its files.
    pub wings: &'static [&'static [&'static [Route]]],
    /// The media type of its documents, unless they name their own.
    pub media: &'static str,
    /// How it refuses requests that reach no endpoint.
    pub refusals: Refusals,
}

impl Base {
    /// Returns all of its endpoints.
    pub fn routes(&self) -> impl Iterator<Item = &'static Route> + use<> {
        self.wings.iter().copied().flatten().copied().flatten()
    }
}

/// How a base refuses requests that reach none of its endpoints: with documents of its API, or
/// pages.
#[derive(Debug, Clone, Copy)]
pub struct Refusals {
    /// Answers a request for an address that does not exist.
    pub missing: fn(&HttpRequest) -> HttpResponse,
    /// Answers any other refusal, with the reason; the router adds the headers.
    pub refused: fn(&HttpRequest, StatusCode, &str) -> HttpResponse,
    /// The schema of a refusal for the `OpenAPI` document; `None` if there is none.
    pub described: Option<BodyDescription>,
}

/// All endpoints. A request is compared with the bases in their order, and with the endpoints of
/// one base only. Where paths overlap, a fixed word takes precedence over a parameter in its place.
pub struct Router(Vec<MountedBase>);

struct MountedBase {
    address: &'static str,
    resources: matchit::Router<Resource>,
    refusals: Refusals,
}

/// All endpoints of one path.
struct Resource {
    parameters: Vec<&'static str>,
    routes: Vec<Route>,
    allowed: HeaderValue,
}

impl std::fmt::Debug for Router {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Router").finish_non_exhaustive()
    }
}

impl Router {
    /// Mounts all bases.
    ///
    /// # Errors
    ///
    /// Fails if two paths of one base differ in the names of their parameters only.
    pub fn new(bases: &[Base]) -> Result<Self, InsertError> {
        bases
            .iter()
            .map(MountedBase::new)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Passes the request to the endpoint that it names.
    pub fn answer(&self, mut request: ServiceRequest) -> Answer {
        let Some((base, rest)) = self.base_of(request.match_info().as_str()) else {
            return ready(request, PLAIN_REFUSALS.missing);
        };
        let Ok(found) = base.resources.at(rest) else {
            return ready(request, base.refusals.missing);
        };
        let resource = found.value;
        let Some(route) = resource.route_for(request.method()) else {
            let reason = format!("this address does not take {}", request.method());
            let status = StatusCode::METHOD_NOT_ALLOWED;
            let mut answer = (base.refusals.refused)(request.request(), status, &reason);
            let allowed = resource.allowed.clone();
            answer.headers_mut().insert(ALLOW, allowed);
            return ready(request, |_| answer);
        };
        let values: Vec<String> = found
            .params
            .iter()
            .map(|(_, value)| value.to_owned())
            .collect();
        for (name, value) in resource.parameters.iter().zip(values) {
            request.match_info_mut().add_static(*name, value);
        }
        (route.endpoint)(request)
    }

    /// Refuses a request that admission refused, in the form of its base.
    pub fn refuse(&self, request: &HttpRequest, status: StatusCode, reason: &str) -> HttpResponse {
        let base = self.base_of(request.match_info().as_str());
        let refusals = base.map_or(PLAIN_REFUSALS, |(base, _)| base.refusals);
        (refusals.refused)(request, status, reason)
    }

    /// Returns the base of a path, and the path below it.
    fn base_of<'path>(&self, path: &'path str) -> Option<(&MountedBase, &'path str)> {
        let mut bases = self.0.iter();
        bases.find_map(|base| Some((base, base.rest_of(path)?)))
    }
}

impl MountedBase {
    fn new(base: &Base) -> Result<Self, InsertError> {
        let mut by_path: Vec<(&'static str, Vec<Route>)> = Vec::new();
        for route in base.routes() {
            match by_path.iter_mut().find(|(path, _)| *path == route.path) {
                Some((_, routes)) => routes.push(*route),
                None => by_path.push((route.path, vec![*route])),
            }
        }
        let mut resources = matchit::Router::new();
        for (path, routes) in by_path {
            resources.insert(or_root(path), Resource::new(path, routes))?;
        }
        Ok(Self {
            address: base.address,
            resources,
            refusals: base.refusals,
        })
    }

    /// Returns the path below this base; `None` if it is not below it.
    fn rest_of<'path>(&self, path: &'path str) -> Option<&'path str> {
        let rest = path.strip_prefix(self.address)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| or_root(rest))
    }
}

impl Resource {
    fn new(path: &'static str, routes: Vec<Route>) -> Self {
        Self {
            parameters: parameters(path).collect(),
            allowed: allowed(&routes),
            routes,
        }
    }

    fn route_for(&self, method: &Method) -> Option<&Route> {
        let method = if method == Method::HEAD {
            "GET"
        } else {
            method.as_str()
        };
        self.routes.iter().find(|route| route.method == method)
    }
}

fn or_root(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

/// Returns the names of a path's parameters, from left to right.
pub(super) fn parameters(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|segment| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        Some(name.trim_start_matches('*'))
    })
}

/// Returns the value of the `Allow` header.
fn allowed(routes: &[Route]) -> HeaderValue {
    let mut all: Vec<&str> = routes.iter().map(|route| route.method).collect();
    if all.contains(&"GET") {
        all.push("HEAD");
    }
    HeaderValue::from_str(&all.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

fn ready(request: ServiceRequest, answer: impl FnOnce(&HttpRequest) -> HttpResponse) -> Answer {
    let answer = answer(request.request());
    Box::pin(std::future::ready(Ok(request.into_response(answer))))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use actix_web::{body, web};

    use super::*;
    use crate::http::access::Access;
    use crate::http::route::answered;

    async fn word() -> &'static str {
        "word"
    }

    async fn parameter(path: web::Path<(String, String)>) -> String {
        let (first, second) = path.into_inner();
        format!("{first}+{second}")
    }

    async fn rest(path: web::Path<String>) -> String {
        path.into_inner()
    }

    macro_rules! route {
        ($method:literal $path:literal $handler:path) => {
            Route {
                method: $method,
                path: $path,
                access: Access::Open,
                endpoint: |request| answered($handler, request),
                operation: None,
            }
        };
    }

    const BASES: &[Base] = &[
        Base {
            address: "/api",
            wings: &[&[
                &[route!("GET" "" word), route!("DELETE" "/{a}/{b}" parameter)],
                &[
                    route!("GET" "/{a}/word" rest),
                    route!("PUT" "/{a}/{b}" parameter),
                ],
            ]],
            media: "application/json",
            refusals: PLAIN_REFUSALS,
        },
        Base {
            address: "",
            wings: &[&[&[
                route!("GET" "/{b}/{a}" parameter),
                route!("GET" "/x/word" word),
                route!("GET" "/x/all/{*rest}" rest),
            ]]],
            media: "application/json",
            refusals: PLAIN_REFUSALS,
        },
    ];

    async fn ask(method: &str, path: &str) -> (StatusCode, String, String) {
        let method = method.parse().expect("a method");
        let request = TestRequest::with_uri(path).method(method).to_srv_request();
        let router = Router::new(BASES).expect("no two paths are the same");
        let answer = router.answer(request).await.expect("an answer");
        let allowed = answer.headers().get(ALLOW).map(HeaderValue::to_str);
        let allowed = allowed.transpose().expect("words").unwrap_or_default();
        let (status, allowed) = (answer.status(), allowed.to_owned());
        let body = body::to_bytes(answer.into_body()).await;
        let body = body.unwrap_or_default().to_vec();
        (status, allowed, String::from_utf8(body).expect("text"))
    }

    #[actix_web::test]
    async fn a_path_finds_its_endpoint_and_a_word_goes_before_a_parameter() {
        for (method, path, expected) in [
            ("GET", "/api", "word"),
            ("HEAD", "/api", "word"),
            ("GET", "/api/one/word", "one"),
            ("PUT", "/api/one/two", "one+two"),
            ("GET", "/apix/two", "apix+two"),
            ("GET", "/x/word", "word"),
            ("GET", "/x/words", "x+words"),
            ("GET", "/x/w%C3%B6rd%2F", "x+wörd/"),
            ("GET", "/x/all/of/it", "of/it"),
            ("GET", "/x/all", "x+all"),
        ] {
            let (status, _, body) = ask(method, path).await;
            assert_eq!(
                (status, body.as_str()),
                (StatusCode::OK, expected),
                "{path}"
            );
        }
    }

    #[actix_web::test]
    async fn what_is_not_there_is_told() {
        // The search never continues in another base.
        let (status, ..) = ask("GET", "/api/one").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let (status, allowed, _) = ask("POST", "/api/one/two").await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(allowed, "DELETE, PUT");
        let (status, allowed, _) = ask("POST", "/api").await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(allowed, "GET, HEAD");
    }

    #[test]
    fn paths_that_cannot_be_told_apart_are_refused() {
        let base = Base {
            wings: &[&[&[route!("GET" "/{a}" rest), route!("PUT" "/{b}" rest)]]],
            ..BASES[0]
        };
        assert!(Router::new(&[base]).is_err());
    }
}
