//! Routes as a table: one line per endpoint, read by the server and by the role matrix test.

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::access::Access;

/// One endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with `{parameters}`, without a trailing slash.
    pub path: &'static str,
    /// What a caller needs.
    pub access: Access,
}

/// The endpoints of all wings that share a base: one resource for each path, with all its methods.
#[derive(Default)]
pub struct Mount {
    resources: Vec<(&'static str, Vec<(&'static str, actix_web::Route)>)>,
}

impl std::fmt::Debug for Mount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mount").finish_non_exhaustive()
    }
}

/// What a base answers where it has nothing: the documents of its API, or pages.
#[derive(Debug, Clone, Copy)]
pub struct Nothing {
    /// To an address that it does not have.
    pub here: fn(&HttpRequest) -> HttpResponse,
    /// To a method that an address does not have, with the header `Allow` left to be set.
    pub by_this_method: fn(&HttpRequest) -> HttpResponse,
}

impl Mount {
    /// Adds an endpoint. Where paths overlap, the one with a fixed word is asked before the one
    /// with a parameter in its place.
    pub fn add(&mut self, method: &'static str, path: &'static str, route: actix_web::Route) {
        let known = self.resources.iter_mut().find(|(other, _)| *other == path);
        match known {
            Some((_, routes)) => routes.push((method, route)),
            None => self.resources.push((path, vec![(method, route)])),
        }
    }

    /// Hands all resources to the server.
    pub fn configure(mut self, config: &mut ServiceConfig, nothing: Nothing) {
        self.resources
            .sort_by_cached_key(|(path, _)| generality(path));
        for (path, routes) in self.resources {
            let allowed = allowed(routes.iter().map(|(method, _)| *method));
            let mut resource = web::resource(path);
            for (_, route) in routes {
                resource = resource.route(route);
            }
            let refused = move |request: HttpRequest| {
                let mut answer = (nothing.by_this_method)(&request);
                answer.headers_mut().insert(ALLOW, allowed.clone());
                std::future::ready(answer)
            };
            config.service(resource.default_service(web::to(refused)));
        }
    }
}

/// What paths are sorted by: for each segment whether it is a word, a parameter, or all the rest.
pub fn generality(path: &str) -> Vec<u8> {
    let of_segment = |segment: &str| match segment {
        _ if !segment.starts_with('{') => 0,
        _ if segment.contains(":.*") => 2,
        _ => 1,
    };
    path.split('/').map(of_segment).collect()
}

/// The value of `Allow`.
fn allowed(methods: impl Iterator<Item = &'static str>) -> HeaderValue {
    let mut all: Vec<&str> = methods.collect();
    if all.contains(&"GET") {
        all.push("HEAD");
    }
    HeaderValue::from_str(&all.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

/// Declares a wing's endpoints: `TABLE` for whoever reads it and `mount` for
/// the server. The paths are relative to where the server mounts it.
///
/// ```text
/// routes! {
///     GET "/v1/modules" => list [Access::Listing],
/// }
/// ```
#[macro_export]
macro_rules! routes {
    ($($method:ident $path:literal => $handler:path [$access:expr]),+ $(,)?) => {
        /// Every endpoint of this wing, in the order of the public documentation.
        pub const TABLE: &[$crate::http::route::Route] = &[
            $($crate::http::route::Route {
                method: stringify!($method),
                path: $path,
                access: $access,
            }),+
        ];

        /// Adds the endpoints to those of their base.
        pub fn mount(mount: &mut $crate::http::route::Mount) {
            $(mount.add(stringify!($method), $path, $crate::routes!(@$method).to($handler));)+
        }
    };
    // A route for GET answers HEAD too; actix-web then leaves the body out.
    (@GET) => {
        actix_web::web::route().guard(
            actix_web::guard::Any(actix_web::guard::Get()).or(actix_web::guard::Head()),
        )
    };
    (@POST) => { actix_web::web::post() };
    (@PUT) => { actix_web::web::put() };
    (@PATCH) => { actix_web::web::patch() };
    (@DELETE) => { actix_web::web::delete() };
}
