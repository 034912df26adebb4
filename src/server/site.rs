//! The application that answers requests, and its listeners: with TLS and without.

use std::future::ready;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpServiceBuilder, Protocol, Request, Response};
use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_service, map_config,
};
use actix_tls::accept::TlsError;
use actix_tls::accept::rustls_0_23::{Acceptor, TlsStream};
use actix_web::App as ActixApp;
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Server, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::web::Data;
use rustls::ServerConfig;

use super::{CertificateFiles, StartupError, open_files, routes, without_tls};
use crate::config::{Config, TlsMode};
use crate::http::admission::Admission;
use crate::http::openapi::OpenApi;
use crate::http::router::Router;
use crate::http::uncopied_body::PlainConnection;
use crate::http::watched_stream::{Places, WatchedStream};
use crate::http::{App, connection, middleware};
use crate::ui::setup::OwnCa;

/// What clients and servers call HTTP/2 during the TLS handshake.
const HTTP_2: &[u8] = b"h2";
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
#[derive(Clone)]
struct ConnectionLimits {
    workers: usize,
    /// How many connections each worker has at most.
    connections: usize,
    places: Arc<Places>,
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
        mut tls: ServerConfig,
    ) -> io::Result<Server> {
        let limits = ConnectionLimits::of(config);
        let address = listener.local_addr()?;
        let (builder, stopping) = limits.server();
        tls.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
        let mut acceptor = Acceptor::new(tls);
        acceptor.set_handshake_timeout(TLS_HANDSHAKE);
        let service = move || {
            let application = self.application().into_factory();
            let answering = application.map_err(|error| error.error_response());
            let (stall, places) = (limits.stall, Arc::clone(&limits.places));
            let (admission, app) = (self.admission.clone(), self.app.clone());
            let http = limits.http(address, &stopping).secure();
            let http = http
                .on_connect_ext(move |connection: &TlsStream<WatchedStream>, data| {
                    data.insert(connection.get_ref().0.activity());
                })
                .finish(map_config(answering, |()| AppConfig::default()));
            fn_service(move |stream: TcpStream| {
                connection::prepare(&stream, stall);
                let mut watched = WatchedStream::new(stream, &places);
                let (admission, app) = (admission.clone(), app.clone());
                async move {
                    match without_tls::begins_tls(&mut watched).await {
                        Some(true) => return Ok(watched),
                        Some(false) => {
                            without_tls::send_to_https(watched, &admission, app.public_url()).await;
                        }
                        None => {}
                    }
                    Err(TlsError::Timeout)
                }
            })
            .and_then(acceptor.clone().map_err(TlsError::into_service_error))
            .and_then(|stream: TlsStream<WatchedStream>| {
                let (watched, session) = stream.get_ref();
                let peer = watched.stream().peer_addr().ok();
                let protocol = if session.alpn_protocol() == Some(HTTP_2) {
                    watched.activity().speaks_http2();
                    Protocol::Http2
                } else {
                    Protocol::Http1
                };
                ready(Ok((stream, protocol, peer)))
            })
            .and_then(http.map_err(TlsError::Service))
        };
        Ok(builder.listen("secure", listener, service)?.run())
    }

    /// Listens without TLS, on connections that write large bodies themselves.
    pub(super) fn listen_plain(self, config: &Config, listener: TcpListener) -> io::Result<Server> {
        let limits = ConnectionLimits::of(config);
        let address = listener.local_addr()?;
        let (builder, stopping) = limits.server();
        let service = move || {
            let application = self.application().into_factory();
            let answering = application.map_err(|error| error.error_response());
            let (stall, places) = (limits.stall, Arc::clone(&limits.places));
            let http = limits.http(address, &stopping);
            let http = http
                .on_connect_ext(move |connection: &PlainConnection, data| {
                    data.insert(connection.stream().activity());
                    data.insert(connection.outbox());
                })
                .h1(map_config(answering, |()| AppConfig::default()));
            fn_service(move |stream: TcpStream| {
                connection::prepare(&stream, stall);
                let peer = stream.peer_addr().ok();
                let watched = WatchedStream::new(stream, &places);
                ready(Ok::<_, DispatchError>((
                    PlainConnection::new(watched),
                    peer,
                )))
            })
            .and_then(http)
        };
        Ok(builder.listen("plain", listener, service)?.run())
    }
}

impl ConnectionLimits {
    fn of(config: &Config) -> Self {
        let limits = &config.limits;
        let (head, idle) = (&limits.head_timeout, &limits.idle_timeout);
        let (head, idle) = (head.as_duration(), idle.as_duration());
        let workers = config.server.worker_count();
        let connections = open_files::connections_of_worker(config);
        Self {
            workers,
            connections,
            places: Arc::new(Places::new(connections.saturating_mul(workers), head, idle)),
            head,
            idle,
            stall: limits.response_stall.as_duration(),
            stop_seconds: config.server.stop_timeout.as_seconds(),
        }
    }

    /// Begins a server, which sets up what [`HttpServer`](actix_web::HttpServer) does; that offers
    /// no choice of the kind of connection. Also returns the signal that it stops.
    fn server(&self) -> (ServerBuilder, GracefulShutdownSignal) {
        let builder = Server::build()
            .workers(self.workers)
            .worker_max_blocking_threads(BLOCKING_THREADS)
            .max_concurrent_connections(self.connections)
            .shutdown_timeout(self.stop_seconds)
            .disable_signals();
        let stopping = builder.graceful_shutdown_signal();
        (builder, stopping)
    }

    /// Begins the service that speaks HTTP on connections of one kind.
    fn http<T, S>(
        &self,
        address: SocketAddr,
        stopping: &GracefulShutdownSignal,
    ) -> HttpServiceBuilder<T, S>
    where
        S: ServiceFactory<Request, Config = ()>,
        S::Error: Into<Response<BoxBody>> + 'static,
        S::InitError: std::fmt::Debug,
        <S::Service as Service<Request>>::Future: 'static,
    {
        let stopping = stopping.clone();
        HttpServiceBuilder::default()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .client_request_timeout(self.head)
            .client_disconnect_timeout(DISCONNECT)
            .keep_alive(self.idle)
            .local_addr(address)
    }
}

/// Returns the facts about the CA that users have to trust, if the server made it itself.
fn own_ca(config: &Config) -> Result<OwnCa, StartupError> {
    if config.tls.mode != TlsMode::Auto {
        return Ok(OwnCa::default());
    }
    CertificateFiles::of(&config.storage.data_dir).own_ca()
}
