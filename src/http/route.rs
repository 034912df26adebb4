//! Routes as a table: one line per endpoint, read by the router and by the role matrix test.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{FromRequest, Handler, HttpResponse, Responder};

use super::access::Access;
use super::operation::Operation;

/// One endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The HTTP method. `GET` answers `HEAD` too; actix-web then leaves the body out.
    pub method: &'static str,
    /// The path, with `{parameters}` and perhaps a last `{*one}` for all remaining segments,
    /// without a trailing slash.
    pub path: &'static str,
    /// What a caller needs.
    pub access: Access,
    /// The function that answers a request.
    pub endpoint: Endpoint,
    /// The description for the `OpenAPI` document; `None` for pages.
    pub operation: Option<Operation>,
}

/// A handler of any signature, with its parameters extracted from the request.
pub type Endpoint = fn(ServiceRequest) -> Answer;

/// The future of the answer.
pub type Answer = Pin<Box<dyn Future<Output = Result<ServiceResponse, actix_web::Error>>>>;

/// Wraps a handler so that it answers a request.
pub fn answered<F, Args>(handler: F, request: ServiceRequest) -> Answer
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Box::pin(async move {
        let (request, mut payload) = request.into_parts();
        let response = match Args::from_request(&request, &mut payload).await {
            Ok(parameters) => {
                let output = handler.call(parameters).await;
                output.respond_to(&request).map_into_boxed_body()
            }
            Err(error) => HttpResponse::from_error(error.into()),
        };
        Ok(ServiceResponse::new(request, response))
    })
}

/// Declares a wing's endpoints as its `TABLE`. The paths are relative to where the server mounts
/// it.
///
/// The line of an endpoint for programs also holds its description for the `OpenAPI` document: a
/// comment, the query parameters that it reads, the body that it takes, and the body that it
/// returns.
///
/// ```text
/// routes! {
///     GET "/" => home [Access::Page],
///     /// Lists the modules that the caller may see.
///     GET "/v1/modules" => list [Access::Listing] query(Filter, Paging) -> 200 ModuleList,
///     /// Creates a module.
///     POST "/v1/modules" => create [Access::Publish] takes(NewModule) -> 201 Module,
/// }
/// ```
#[macro_export]
macro_rules! routes {
    ($(
        $(#[doc = $summary:literal])*
        $method:ident $path:literal => $handler:path [$access:expr]
        $(query($($query:ty),+))? $(takes($takes:ty))? $(-> $status:literal $($gives:ty)?)?
    ),+ $(,)?) => {
        /// Every endpoint of this wing, in the order of the public documentation.
        pub const TABLE: &[$crate::http::route::Route] = &[
            $($crate::http::route::Route {
                method: stringify!($method),
                path: $path,
                access: $access,
                endpoint: |request| $crate::http::route::answered($handler, request),
                operation: $crate::operation! {
                    concat!($($summary),*), concat!(module_path!(), "::", stringify!($handler)),
                    [$($($query),+)?] [$($takes)?] [$($status $($gives)?)?]
                },
            }),+
        ];
    };
}

/// Builds the description of an endpoint from its line of `routes!`; `None` for a line without one.
#[doc(hidden)]
#[macro_export]
macro_rules! operation {
    ($summary:expr, $handler:expr, [] [] []) => {
        None
    };
    (
        $summary:expr, $handler:expr,
        [$($query:ty),*] [$($takes:ty)?] [$status:literal $($gives:ty)?]
    ) => {
        Some($crate::http::operation::Operation {
            summary: $summary,
            handler: $handler,
            query: &[$(<$query as $crate::http::operation::DescribeBody>::describe),*],
            takes: $crate::operation!(@content $($takes)?),
            gives: ($status, $crate::operation!(@content $($gives)?)),
        })
    };
    (@content) => {
        None
    };
    (@content $content:ty) => {
        Some(<$content as $crate::http::operation::DescribeBody>::describe)
    };
}
