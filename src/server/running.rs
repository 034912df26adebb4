//! The server from its start to its stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpServer, web};
use sd_notify::NotifyState;

use super::reload::Reload;
use super::settings::{http_limits, names, rate};
use super::signals::Signals;
use super::site::Site;
use super::tls::CurrentCertificate;
use super::{CertificateFiles, StartupError, health, signals, tasks};
use crate::auth::random_bytes;
use crate::config::{Config, TlsMode};
use crate::http::App;
use crate::http::admission::{Admission, AdmissionSettings};
use crate::registry::Registry;

const BACKLOG: u32 = 2048;

/// A server that is listening.
pub struct Server {
    main: actix_web::dev::Server,
    metrics: Option<actix_web::dev::Server>,
    app: Data<App>,
    admission: Data<Admission>,
    certificate: Option<Arc<CurrentCertificate>>,
    config: Config,
    address: SocketAddr,
    signals: Signals,
}

impl Server {
    /// Starts to listen for a registry as the configuration says. It must be called inside an actix
    /// runtime.
    pub fn start(config: &Config, registry: Registry) -> Result<Self, StartupError> {
        // Signal handlers come first: whoever learns that the server runs may stop it at once.
        let signals = Signals::receive().map_err(StartupError::Signals)?;
        let certificate = certificate(config, &registry)?;
        let listener = listen(config.server.listen)?;
        let address = listener
            .local_addr()
            .map_err(|source| StartupError::Listen {
                address: config.server.listen,
                source,
            })?;
        let public_url = config.public_url_at(address);
        let app = Data::new(App::new(
            Arc::new(registry),
            public_url.as_str().to_owned(),
            http_limits(config),
            usize::try_from(config.limits.concurrent_uploads).unwrap_or(usize::MAX),
        ));
        let settings = AdmissionSettings {
            hosts: names(config),
            trusted_proxies: config.server.trusted_proxies.clone(),
            https: public_url.is_secure(),
            url_bytes: config.limits.url.as_usize(),
            rate: rate(config),
        };
        let admission = Data::new(Admission::new(settings, u32::from_be_bytes(random_bytes())));
        let site = Site::new(config, &app, &admission)?;
        let main = main_server(config, site, certificate.as_ref(), listener)?;
        let metrics = config
            .metrics
            .listen
            .map(|at| metrics_server(at, &app, &admission))
            .transpose()?;
        Ok(Self {
            main,
            metrics,
            app,
            admission,
            certificate,
            config: config.clone(),
            address,
            signals,
        })
    }

    /// Creates the runtime that a server runs in.
    pub fn runtime() -> actix_web::rt::SystemRunner {
        actix_web::rt::System::new()
    }

    /// Returns the registry that the server serves.
    pub fn registry(&self) -> &Registry {
        &self.app.registry
    }

    /// Returns the address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address that users know.
    pub fn public_url(&self) -> &str {
        self.app.public_url()
    }

    /// Returns the path of the server's own CA; `None` if the certificate comes from elsewhere.
    pub fn ca_file(&self) -> Option<PathBuf> {
        if self.config.tls.mode != TlsMode::Auto {
            return None;
        }
        let ca = CertificateFiles::of(&self.config.storage.data_dir).ca();
        // The path is absolute because its reader may be in another directory.
        Some(std::path::absolute(&ca).unwrap_or(ca))
    }

    /// Serves until SIGTERM or SIGINT; then finishes the running requests and closes the store.
    pub async fn run(self, reload: Option<Reload>) -> Result<(), StartupError> {
        let registry = Arc::clone(&self.app.registry);
        // It may be on a slow disk, and nobody has to wait for it.
        drop(actix_web::rt::task::spawn_blocking(move || {
            registry.remove_interrupted_backups();
        }));
        let tasks = tasks::start(
            &self.config,
            &self.app,
            &self.admission,
            self.certificate.clone(),
        );
        let servers = std::iter::once(&self.main)
            .chain(&self.metrics)
            .map(actix_web::dev::Server::handle)
            .collect();
        let (app, admission, certificate) = (self.app.clone(), self.admission, self.certificate);
        let signals = actix_web::rt::spawn(signals::handle(self.signals, servers, move || {
            if let Some(reload) = &reload {
                reload.run(&app, &admission, certificate.as_ref());
            }
        }));
        signals::notify_service_manager(&[NotifyState::Ready]);
        if let Some(metrics) = self.metrics {
            actix_web::rt::spawn(metrics);
        }
        let served = self.main.await.map_err(StartupError::Stopped);
        signals::notify_service_manager(&[NotifyState::Stopping]);
        signals.abort();
        drop(tasks);
        let closed = self.app.run(Registry::close).await;
        tracing::info!("stopped");
        served?;
        Ok(closed?)
    }
}

fn certificate(
    config: &Config,
    registry: &Registry,
) -> Result<Option<Arc<CurrentCertificate>>, StartupError> {
    match (config.tls.mode, &config.tls.cert_file, &config.tls.key_file) {
        (TlsMode::Off, ..) => Ok(None),
        (TlsMode::Files, Some(certificate), Some(key)) => {
            CurrentCertificate::load(certificate.clone(), key.clone()).map(Some)
        }
        (TlsMode::Files | TlsMode::Auto, ..) => {
            let files = CertificateFiles::of(&config.storage.data_dir);
            make_certificate(&files, config, registry)?;
            CurrentCertificate::load(files.certificate(), files.key()).map(Some)
        }
    }
}

/// Makes the certificate, or a new one near its end. If that fails, as on a full or read-only disk,
/// an old certificate is used on.
fn make_certificate(
    files: &CertificateFiles,
    config: &Config,
    registry: &Registry,
) -> Result<(), StartupError> {
    match files.make(&names(config), registry.now()) {
        Err(error) if files.certificate().exists() => {
            tracing::error!(
                %error,
                cause = ?std::error::Error::source(&error),
                "the server's certificate could not be renewed; the old one is used"
            );
            Ok(())
        }
        made => made.map(drop),
    }
}

fn listen(address: SocketAddr) -> Result<std::net::TcpListener, StartupError> {
    use socket2::{Domain, Protocol, Socket, Type};
    let open = || {
        let socket = Socket::new(
            Domain::for_address(address),
            Type::STREAM,
            Some(Protocol::TCP),
        )?;
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(i32::try_from(BACKLOG).unwrap_or(i32::MAX))?;
        socket.set_nonblocking(true)?;
        Ok(socket.into())
    };
    open().map_err(|source: std::io::Error| {
        let is_refused = source.kind() == std::io::ErrorKind::PermissionDenied;
        if is_refused && address.port() < 1024 {
            StartupError::PrivilegedPort { address, source }
        } else {
            StartupError::Listen { address, source }
        }
    })
}

fn main_server(
    config: &Config,
    site: Site,
    certificate: Option<&Arc<CurrentCertificate>>,
    listener: std::net::TcpListener,
) -> Result<actix_web::dev::Server, StartupError> {
    let address = config.server.listen;
    let bound = match certificate {
        Some(certificate) => site.listen_secure(config, listener, certificate.server_config()?),
        None => site.listen_plain(config, listener),
    };
    bound.map_err(|source| StartupError::Listen { address, source })
}

fn metrics_server(
    address: SocketAddr,
    app: &Data<App>,
    admission: &Data<Admission>,
) -> Result<actix_web::dev::Server, StartupError> {
    let (app, admission) = (app.clone(), admission.clone());
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(app.clone())
            .app_data(admission.clone())
            .route("/metrics", web::get().to(health::metrics_for_all))
    });
    let bound = server.workers(1).disable_signals().bind(address);
    Ok(bound
        .map_err(|source| StartupError::Listen { address, source })?
        .run())
}
