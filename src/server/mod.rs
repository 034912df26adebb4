//! The running program: connects all parts, and is the only place that knows all wings.

mod certificates;
pub mod description;
mod error;
mod first_steps;
pub mod health;
mod logging;
mod open;
mod open_files;
mod own_keys;
mod reload;
mod routes;
mod running;
mod settings;
mod signals;
mod site;
mod tasks;
mod tls;
mod without_tls;

pub use certificates::CertificateFiles;
pub use error::StartupError;
pub use first_steps::{FirstSteps, take_first_steps};
pub use logging::{LogHandle, start_logging};
pub use open::open_registry;
pub use own_keys::own_key_faults;
pub use reload::Reload;
pub use routes::route_table;
pub use running::Server;
pub use settings::{registry_settings, store_options};
