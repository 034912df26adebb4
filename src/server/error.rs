//! Errors that keep the program from starting: for the operator, with the way out.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::registry::Error;
use crate::storage::OpenError;

/// An error that keeps the program from starting.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// The data directory cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file of the data directory cannot be read or written.
    #[error("cannot {action} `{path}`")]
    File {
        /// What the program tried to do, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A certificate or a key is not valid.
    #[error("`{path}` cannot be used for TLS: {reason}")]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Everybody on this machine can read a private key.
    #[error("`{path}` is readable by everybody on this machine; run `chmod o-rwx {path}`")]
    ReadableKey {
        /// The file.
        path: PathBuf,
    },
    /// The address is in use or does not belong to this machine.
    #[error("cannot listen on {address}; choose another with server.listen or --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The port is one that the system keeps for privileged programs.
    #[error(
        "cannot listen on {address}: ports below 1024 need root or the capability \
         CAP_NET_BIND_SERVICE; choose another port with server.listen or --listen, such as 8443"
    )]
    PrivilegedPort {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
    /// Two endpoints differ in the names of their parameters only.
    #[error("endpoints cannot be told apart: {0}")]
    Routes(matchit::InsertError),
    /// Logging could not be set up.
    #[error("cannot set up logging: {0}")]
    Logging(String),
    /// An operation of the registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
    /// The handlers of signals could not be installed.
    #[error("signals cannot be received")]
    Signals(#[source] std::io::Error),
    /// The server stopped without a signal.
    #[error("the server stopped")]
    Stopped(#[source] std::io::Error),
}
