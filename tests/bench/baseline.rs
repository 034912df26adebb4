//! The server that the registry is compared with: a bare actix-web server that answers from memory.
//!
//! It is this same program, started again with an argument that people do not type, so that it has
//! a process of its own, as the registry does. It ends when its standard input is closed.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use actix_web::http::header::ContentType;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use bytes::Bytes;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::client::Target;
use crate::corpus::Corpus;
use crate::failure::{Failure, failure};
use crate::process::Process;
use crate::server::{certificates, workers};

const LARGEST_BODY: usize = 16 << 20;
const VERSIONS: &str = "versions.json";
const ARCHIVE: &str = "archive.tar.gz";

/// The settings of a baseline, passed as command line arguments.
#[derive(Default)]
pub(crate) struct BaselineSettings {
    /// The files of a certificate and its key; `None` to speak without TLS.
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    /// The folder of a module to answer terraform with; `None` where no terraform asks.
    module: Option<PathBuf>,
}

/// A running baseline, as the measuring process sees it.
pub(crate) struct Baseline {
    /// The address that it answers at.
    pub(crate) target: Target,
    _process: Process,
}

impl BaselineSettings {
    /// The argument that makes the program a baseline.
    pub(crate) const ARGUMENT: &str = "--serve-baseline";

    /// Reads what follows [`Self::ARGUMENT`].
    pub(crate) fn from_arguments(
        mut arguments: impl Iterator<Item = String>,
    ) -> Result<Self, Failure> {
        let mut settings = Self::default();
        while let (Some(name), Some(value)) = (arguments.next(), arguments.next()) {
            match name.as_str() {
                "--certificate" => settings.certificate = Some(value.into()),
                "--key" => settings.key = Some(value.into()),
                "--module" => settings.module = Some(value.into()),
                _ => return Err(failure(format!("{name} is not known"))),
            }
        }
        Ok(settings)
    }
}

impl Baseline {
    /// Starts a baseline without TLS.
    pub(crate) fn plain() -> Result<Self, Failure> {
        let (process, address) = start(&[])?;
        Ok(Self {
            target: Target::plain(address).of_process(process.id()),
            _process: process,
        })
    }

    /// Starts a baseline with the registry's own certificate, which answers terraform with the
    /// module that is in the folder.
    pub(crate) fn secure(corpus: &Corpus, module: &Path) -> Result<Self, Failure> {
        let files = certificates(corpus);
        let (certificate, key) = (files.certificate(), files.key());
        let arguments = [
            ["--certificate".as_ref(), certificate.as_path()],
            ["--key".as_ref(), key.as_path()],
            ["--module".as_ref(), module],
        ];
        let (process, address) = start(arguments.as_flattened())?;
        Ok(Self {
            target: Target::secure(address, &files.ca())?.of_process(process.id()),
            _process: process,
        })
    }
}

/// Writes a module into a folder where the baseline finds it.
pub(crate) fn write_module(folder: &Path, versions: &[u8], archive: &[u8]) -> Result<(), Failure> {
    std::fs::write(folder.join(VERSIONS), versions)?;
    Ok(std::fs::write(folder.join(ARCHIVE), archive)?)
}

fn start(arguments: &[&Path]) -> Result<(Process, SocketAddr), Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(BaselineSettings::ARGUMENT).args(arguments);
    let mut process = Process::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
    let said = process
        .child()
        .stdout
        .take()
        .ok_or_else(|| failure("no output"))?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    Ok((process, line.trim().parse()?))
}

/// Answers requests until the process that started this one is gone.
pub(crate) fn serve(settings: &BaselineSettings) -> Result<(), Failure> {
    let zeros = Data::new(Bytes::from(vec![0; LARGEST_BODY]));
    let module = settings.module.as_deref().map(Module::read).transpose()?;
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(zeros.clone())
                .route("/bytes/{length}", web::get().to(body))
                .route(
                    "/nothing",
                    web::get().to(|| async { HttpResponse::NoContent().finish() }),
                )
                .configure(|config| module.iter().for_each(|module| module.routes(config)))
        })
        .workers(workers());
        let server = match (&settings.certificate, &settings.key) {
            (Some(certificate), Some(key)) => {
                server.bind_rustls_0_23("127.0.0.1:0", tls(certificate, key)?)?
            }
            _ => server.bind("127.0.0.1:0")?,
        };
        let address = server
            .addrs()
            .first()
            .copied()
            .ok_or_else(|| failure("no address"))?;
        writeln!(std::io::stdout(), "{address}")?;
        let server = server.run();
        let handle = server.handle();
        std::thread::spawn(move || {
            drop(std::io::stdin().read_to_end(&mut Vec::new()));
            drop(handle.stop(false));
        });
        Ok(server.await?)
    })
}

async fn body(zeros: Data<Bytes>, length: web::Path<usize>) -> HttpResponse {
    let body = zeros.slice(..(*length).min(LARGEST_BODY));
    HttpResponse::Ok()
        .content_type(ContentType::octet_stream())
        .body(body)
}

fn tls(certificate: &Path, key: &Path) -> Result<ServerConfig, Failure> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    Ok(ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)?)
}

/// The one version of one module that every request is answered with.
#[derive(Clone)]
struct Module {
    versions: Bytes,
    archive: Bytes,
}

impl Module {
    fn read(folder: &Path) -> Result<Self, Failure> {
        let read = |name| std::fs::read(folder.join(name)).map(Bytes::from);
        Ok(Self {
            versions: read(VERSIONS)?,
            archive: read(ARCHIVE)?,
        })
    }

    fn routes(&self, config: &mut ServiceConfig) {
        let fixed = |kind: ContentType, body: Bytes| {
            web::get().to(move || {
                let answer = HttpResponse::Ok()
                    .content_type(kind.clone())
                    .body(body.clone());
                async { answer }
            })
        };
        let mut location = String::new();
        // Writing into a String cannot fail.
        write!(location, "/{ARCHIVE}?archive=tar.gz").unwrap_or_default();
        let download = web::get().to(move || {
            let mut answer = HttpResponse::NoContent();
            let answer = answer
                .insert_header(("X-Terraform-Get", location.clone()))
                .finish();
            async { answer }
        });
        let archive = ContentType::octet_stream();
        let discovery = Bytes::from_static(br#"{"modules.v1":"/modules/"}"#);
        config
            .route(
                "/.well-known/terraform.json",
                fixed(ContentType::json(), discovery),
            )
            .route(
                "/modules/{n}/{m}/{s}/versions",
                fixed(ContentType::json(), self.versions.clone()),
            )
            .route("/modules/{n}/{m}/{s}/{v}/download", download)
            .route(&format!("/{ARCHIVE}"), fixed(archive, self.archive.clone()))
            .route(&format!("/{ARCHIVE}"), web::head().to(HttpResponse::Ok));
    }
}
