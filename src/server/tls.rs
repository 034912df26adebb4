//! TLS 1.2 and 1.3, with a certificate that can be replaced while the server runs.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use zeroize::Zeroizing;

use super::StartupError;
use crate::files::{LocalFileError, read_file};

/// The most bytes of a file with certificates or a key.
const PEM_BYTES: u64 = 4 << 20;

/// The certificate that new connections get, and the files that it comes from.
#[derive(Debug)]
pub(super) struct CurrentCertificate {
    current: ArcSwap<CertifiedKey>,
    files: Mutex<(PathBuf, PathBuf)>,
    seen: Mutex<Option<Stamp>>,
}

/// The modification times and inodes of a pair of files, which show that it was replaced.
type Stamp = [(i64, i64, u64); 2];

impl CurrentCertificate {
    /// Loads the certificate and key in these files.
    pub(super) fn load(certificate: PathBuf, key: PathBuf) -> Result<Arc<Self>, StartupError> {
        let loaded = read_pair(&certificate, &key)?;
        let seen = stamp(&certificate, &key);
        Ok(Arc::new(Self {
            current: ArcSwap::from_pointee(loaded),
            files: Mutex::new((certificate, key)),
            seen: Mutex::new(seen),
        }))
    }

    /// Sets the files that the next reload reads.
    pub(super) fn set_files(&self, certificate: PathBuf, key: PathBuf) {
        *self.files.lock().unwrap_or_else(PoisonError::into_inner) = (certificate, key);
    }

    /// Reads the files again if they were replaced; keeps the last good pair if they are not valid.
    ///
    /// Returns whether there is a new certificate.
    pub(super) fn reload_if_changed(&self) -> Result<bool, StartupError> {
        let (certificate, key) = self
            .files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let now = stamp(&certificate, &key);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if now.is_none() || *seen == now {
            return Ok(false);
        }
        // The stamp is stored before reading, so that a bad pair is reported once, not at every
        // check.
        *seen = now;
        self.current.store(Arc::new(read_pair(&certificate, &key)?));
        Ok(true)
    }

    /// Returns the TLS settings of the server.
    pub(super) fn server_config(self: &Arc<Self>) -> Result<ServerConfig, StartupError> {
        let versions = [&rustls::version::TLS13, &rustls::version::TLS12];
        let current = Arc::clone(self);
        let resolver: Arc<dyn ResolvesServerCert> = current;
        ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&versions)
            .map(|config| config.with_no_client_auth().with_cert_resolver(resolver))
            .map_err(|error| crate::registry::Error::internal(error).into())
    }
}

impl ResolvesServerCert for CurrentCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

fn stamp(certificate: &Path, key: &Path) -> Option<Stamp> {
    let of = |path: &Path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.mtime(), metadata.mtime_nsec(), metadata.ino()))
    };
    Some([of(certificate)?, of(key)?])
}

/// Reads a certificate with its issuers and its key; fails if they do not fit together.
pub(super) fn read_pair(certificate: &Path, key: &Path) -> Result<CertifiedKey, StartupError> {
    let bad = |path: &Path, reason: String| StartupError::Certificate {
        path: path.to_owned(),
        reason,
    };
    let read = |path: &Path| {
        read_file(path, PEM_BYTES)
            .map(Zeroizing::new)
            .map_err(|error| bad(path, reason_of(&error)))
    };
    let text = read(certificate)?;
    let chain = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| bad(certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(bad(
            certificate,
            "it holds no certificate in PEM form".to_owned(),
        ));
    }
    let mode = std::fs::metadata(key)
        .map_err(|source| StartupError::File {
            action: "read",
            path: key.to_owned(),
            source,
        })?
        .mode();
    if mode & 0o007 != 0 {
        return Err(StartupError::ReadableKey {
            path: key.to_owned(),
        });
    }
    let secret =
        PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|error| bad(key, error.to_string()))?;
    CertifiedKey::from_der(chain, secret, &aws_lc_rs::default_provider())
        .map_err(|error| bad(key, error.to_string()))
}

fn reason_of(error: &LocalFileError) -> String {
    match error {
        LocalFileError::Read { source, .. } => source.to_string(),
        LocalFileError::NotAFile { .. }
        | LocalFileError::TooLarge { .. }
        | LocalFileError::NotText { .. } => error.to_string(),
    }
}
