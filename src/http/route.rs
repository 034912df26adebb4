//! Routes as a table: one line per endpoint, read by the server and by the role matrix test.

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

/// Declares a wing's endpoints: `TABLE` for whoever reads it and `configure` for
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

        /// Mounts the endpoints.
        pub fn configure(config: &mut actix_web::web::ServiceConfig) {
            $(config.route($path, $crate::routes!(@$method).to($handler));)+
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
