//! The registry that is measured: the optimised program, serving the corpus.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use terrakeep::server::CertificateFiles;

use crate::client::Target;
use crate::corpus::Corpus;
use crate::failure::{Failure, failure};
use crate::process::{Process, free_address};
use crate::requests;

/// The path of the built program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_terrakeep");

/// The rate limit: it is in force and never reached, since all requests come from one address.
const NEVER_REACHED: &str = "10000000";

/// A running registry.
pub(crate) struct Server {
    /// The process.
    pub(crate) process: Process,
    /// The address that it answers at.
    pub(crate) target: Target,
    /// The time from the start of the program to the first answer.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Starts a registry without TLS, and waits until it returns the versions of a module.
    pub(crate) fn plain(corpus: &Corpus) -> Result<Self, Failure> {
        Self::start(corpus, false)
    }

    /// Starts a registry with TLS, whose certificate it makes itself.
    pub(crate) fn secure(corpus: &Corpus) -> Result<Self, Failure> {
        Self::start(corpus, true)
    }

    fn start(corpus: &Corpus, secure: bool) -> Result<Self, Failure> {
        let address = free_address()?;
        let folder = corpus.data_dir.parent().unwrap_or(&corpus.data_dir);
        let log = folder.join("server.log");
        let mut command = Command::new(PROGRAM);
        command
            .env_clear()
            .env("TERRAKEEP__TLS__MODE", if secure { "auto" } else { "off" })
            .env("TERRAKEEP__SERVER__WORKERS", workers().to_string())
            .env("TERRAKEEP__LIMITS__REQUESTS_PER_SECOND", NEVER_REACHED)
            .env("TERRAKEEP__LIMITS__BURST", NEVER_REACHED)
            .args(["serve", "--listen", &address.to_string(), "--data-dir"])
            .arg(&corpus.data_dir)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?);
        let started = Instant::now();
        let mut process = Process::start(&mut command)?;
        let mut ready = || -> Result<(Target, Duration), Failure> {
            let target = if secure {
                Target::secure(address, &appears(&certificates(corpus).ca()))?
            } else {
                Target::plain(address)
            };
            let request = requests::versions(&corpus.of_many.module, &corpus.token);
            let started_in = process.answers(&target, &request, started)?;
            Ok((target, started_in))
        };
        let (target, started_in) = ready().map_err(|error| {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            failure(format!("the registry did not start: {error}\n{said}"))
        })?;
        Ok(Self {
            target: target.of_process(process.id()),
            process,
            started_in,
        })
    }
}

/// Returns the files of the certificates that a registry on this corpus makes for itself.
pub(crate) fn certificates(corpus: &Corpus) -> CertificateFiles {
    CertificateFiles::of(&corpus.data_dir)
}

/// Returns how many threads a server answers with: one for each core.
pub(crate) fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Waits for a file that is about to be written. If it never appears, the code that reads it fails.
fn appears(path: &Path) -> PathBuf {
    let until = Instant::now() + Duration::from_secs(10);
    while !path.exists() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    path.to_owned()
}
