//! The application that answers requests, and its listeners: with TLS and without.

use std::future::ready;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::{
    IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config,
};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Server, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpServer};
use rustls::ServerConfig;

use super::{CertificateFiles, StartupError, routes};
use crate::config::{Config, TlsMode};
use crate::http::admission::Admission;
use crate::http::openapi::OpenApi;
use crate::http::router::Router;
use crate::http::uncopied_body::PlainConnection;
use crate::http::{App, connection, middleware};
use crate::ui::setup::OwnCa;

const TLS_HANDSHAKE: Duration = Duration::from_secs(10);
const DISCONNECT: Duration = Duration::from_secs(5);
/// The threads of each worker that may wait for the disk: each upload and each write occupies one.
/// actix-web's own default is for the whole machine, and leaves few to each of many workers.
const BLOCKING_THREADS: usize = 128;

/// The application data of each worker.
#[derive(Clone)]
pub(super) struct Site {
    app: Data<App>,
    admission: Data<Admission>,
    ca: Data<OwnCa>,
    openapi: Data<OpenApi>,
    router: Arc<Router>,
}

/// The configured limits of connections.
struct ConnectionLimits {
    workers: usize,
    connections: usize,
    head: Duration,
    idle: Duration,
    stall: Duration,
    stop_seconds: u64,
}

impl Site {
    pub(super) fn new(
        config: &Config,
        app: &Data<App>,
        admission: &Data<Admission>,
    ) -> Result<Self, StartupError> {
        Ok(Self {
            app: app.clone(),
            admission: admission.clone(),
            ca: Data::new(own_ca(config)?),
            openapi: Data::new(routes::openapi(app.public_url())),
            router: routes::router()?,
        })
    }

    fn application(
        &self,
    ) -> ActixApp<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        > + use<>,
    > {
        ActixApp::new()
            .app_data(self.app.clone())
            .app_data(self.admission.clone())
            .app_data(self.ca.clone())
            .app_data(self.openapi.clone())
            .wrap(from_fn(middleware::around))
            .configure(|config| routes::configure(config, &self.router))
    }

    /// Listens with TLS.
    pub(super) fn listen_secure(
        self,
        config: &Config,
        listener: TcpListener,
        tls: ServerConfig,
    ) -> io::Result<Server> {
        let limits = ConnectionLimits::of(config);
        let stall = limits.stall;
        let server = HttpServer::new(move || self.application())
            .workers(limits.workers)
            .worker_max_blocking_threads(BLOCKING_THREADS)
            .max_connections(limits.connections)
            .client_request_timeout(limits.head)
            .client_disconnect_timeout(DISCONNECT)
            .keep_alive(limits.idle)
            .tls_handshake_timeout(TLS_HANDSHAKE)
            .shutdown_timeout(limits.stop_seconds)
            .on_connect(move |connection, _| connection::prepare(connection, stall))
            .disable_signals();
        Ok(server.listen_rustls_0_23(listener, tls)?.run())
    }

    /// Listens without TLS, on connections that write large bodies themselves. It sets up what
    /// [`HttpServer`] does, which offers no choice of the kind of connection.
    pub(super) fn listen_plain(self, config: &Config, listener: TcpListener) -> io::Result<Server> {
        let limits = ConnectionLimits::of(config);
        let address = listener.local_addr()?;
        let builder = Server::build()
            .workers(limits.workers)
            .worker_max_blocking_threads(BLOCKING_THREADS)
            .max_concurrent_connections(limits.connections)
            .shutdown_timeout(limits.stop_seconds)
            .disable_signals();
        let stopping = builder.graceful_shutdown_signal();
        let service = move || {
            let application = self.application().into_factory();
            let answering = application.map_err(|error| error.error_response());
            let (stall, stopping) = (limits.stall, stopping.clone());
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .client_request_timeout(limits.head)
                .client_disconnect_timeout(DISCONNECT)
                .keep_alive(limits.idle)
                .local_addr(address)
                .on_connect_ext(move |connection: &PlainConnection, data| {
                    connection::prepare(connection.stream(), stall);
                    data.insert(connection.outbox());
                })
                .h1(map_config(answering, |()| AppConfig::default()));
            fn_service(|stream: TcpStream| {
                let peer = stream.peer_addr().ok();
                ready(Ok::<_, DispatchError>((PlainConnection::new(stream), peer)))
            })
            .and_then(http)
        };
        Ok(builder.listen("plain", listener, service)?.run())
    }
}

impl ConnectionLimits {
    fn of(config: &Config) -> Self {
        let limits = &config.limits;
        Self {
            workers: config.server.worker_count(),
            connections: usize::try_from(config.server.max_connections).unwrap_or(usize::MAX),
            head: limits.head_timeout.as_duration(),
            idle: limits.idle_timeout.as_duration(),
            stall: limits.response_stall.as_duration(),
            stop_seconds: config.server.stop_timeout.as_seconds(),
        }
    }
}

/// Returns the facts about the CA that users have to trust, if the server made it itself.
fn own_ca(config: &Config) -> Result<OwnCa, StartupError> {
    if config.tls.mode != TlsMode::Auto {
        return Ok(OwnCa::default());
    }
    CertificateFiles::of(&config.storage.data_dir).own_ca()
}
