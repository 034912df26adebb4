//! Why the program does not start: for the operator, with what to do.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::registry::Error;
use crate::storage::OpenError;

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// The data directory cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file of the data directory cannot be read or written.
    #[error("cannot {action} `{path}`")]
    File {
        /// What was being done, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A certificate or a key is not what it should be.
    #[error("`{path}` cannot be used for TLS: {reason}")]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A private key that others can read.
    #[error("`{path}` is readable by everybody on this machine; run `chmod o-rwx {path}`")]
    ReadableKey {
        /// The file.
        path: PathBuf,
    },
    /// The address is taken or not this machine's.
    #[error("cannot listen on {address}; choose another with server.listen or --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// Two endpoints differ in the names of their parameters only.
    #[error("endpoints cannot be told apart: {0}")]
    Routes(matchit::InsertError),
    /// The logger could not be set up.
    #[error("cannot set up logging: {0}")]
    Logging(String),
    /// The registry's first steps failed.
    #[error(transparent)]
    Registry(#[from] Error),
    /// Signals cannot be received.
    #[error("signals cannot be received")]
    Signals(#[source] std::io::Error),
    /// The server stopped by itself.
    #[error("the server stopped")]
    Stopped(#[source] std::io::Error),
}
