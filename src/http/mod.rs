//! The parts of the HTTP layer that every wing uses; it knows no API family.

pub mod accept;
pub mod access;
mod address;
pub mod admission;
pub mod caller;
pub mod connection;
pub mod content;
pub mod cookie;
pub mod document;
pub mod form_body;
pub mod json_body;
pub mod metrics;
pub mod middleware;
pub mod multipart;
pub mod openapi;
pub mod operation;
pub mod origin;
pub mod page;
pub mod paging;
pub mod path;
mod plain_problem;
pub mod provider_file;
pub mod query;
pub mod rate;
pub mod receive;
mod refusal_statuses;
pub mod route;
pub mod router;
pub mod send;
pub mod state;
pub mod status;
pub mod uncopied_body;

pub use caller::RequestCaller;
pub use plain_problem::{PLAIN_REFUSALS, PlainProblem};
pub use query::Query;
pub use state::{App, BodyLimits};
