//! The private CA and the server's certificate, made on the first start.
//!
//! Terraform speaks HTTPS only. So that it works in the first minute, the data directory gets a CA
//! of its own and a certificate for all names of the server. Users trust the CA once; the server
//! renews the certificate with it when its end is near or the names change.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};

use super::StartupError;
use crate::domain::{Sha256, Timestamp};
use crate::storage::{OpenError, remove_secret_sum, write_secret_sum};
use crate::ui::setup::OwnCa;

const CA_DAYS: i64 = 3650;
/// The lifetime of a certificate, in days: clients refuse more than 398.
const CERTIFICATE_DAYS: i64 = 397;
const RENEW_DAYS_BEFORE: i64 = 60;
/// How many days before its end the CA is reported: all users have to trust a new CA, which takes
/// time.
const CA_WARN_DAYS_BEFORE: i64 = 365;
const DAY_SECONDS: i64 = 86_400;

/// The paths of the CA and the certificate in a data directory.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    dir: PathBuf,
}

/// The names that the current certificate was issued for, and when it and the CA expire.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Issued {
    names: Vec<String>,
    expires_at: Timestamp,
    ca_expires_at: Timestamp,
}

impl CertificateFiles {
    /// Returns the paths in a data directory.
    pub fn of(data_dir: &Path) -> Self {
        Self {
            dir: data_dir.join("secrets"),
        }
    }

    /// Returns the path of the CA's certificate, which users trust.
    pub fn ca(&self) -> PathBuf {
        self.dir.join("ca.pem")
    }

    /// Returns the SHA-256 of the CA's certificate, in the form that other tools show.
    pub fn ca_fingerprint(&self) -> Result<String, StartupError> {
        let path = self.ca();
        let certificate =
            CertificateDer::from_pem_file(&path).map_err(|error| StartupError::Certificate {
                path,
                reason: error.to_string(),
            })?;
        let sum = Sha256::of(&certificate);
        let pairs: Vec<String> = sum
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        Ok(pairs.join(":"))
    }

    /// Returns the facts about the CA that the setup page shows.
    pub(super) fn own_ca(&self) -> Result<OwnCa, StartupError> {
        let path = self.ca();
        let pem = fs::read_to_string(&path).map_err(|source| StartupError::File {
            action: "read",
            path,
            source,
        })?;
        Ok(OwnCa {
            pem: Some(pem),
            fingerprint: self.ca_fingerprint()?,
        })
    }

    /// Returns the path of the CA's private key.
    pub(super) fn ca_key(&self) -> PathBuf {
        self.dir.join("ca.key")
    }

    /// Returns the path of the server's certificate.
    pub fn certificate(&self) -> PathBuf {
        self.dir.join("server.pem")
    }

    /// Returns the path of the server's private key.
    pub fn key(&self) -> PathBuf {
        self.dir.join("server.key")
    }

    /// Returns the path of the file that says what the certificate was issued for.
    pub(super) fn issued(&self) -> PathBuf {
        self.dir.join("server.json")
    }

    /// Creates the files that are missing, near their end or for other names; returns whether it
    /// created any.
    pub fn make(&self, names: &[String], now: Timestamp) -> Result<bool, StartupError> {
        if self.is_current(names, now) {
            return Ok(false);
        }
        make_dir(&self.dir)?;
        if self.ca().exists() && !self.ca_key().exists() {
            return Err(StartupError::Certificate {
                path: self.ca_key(),
                reason: format!(
                    "the private key of the CA is missing; restore it from a backup, or remove \
                     `{}` for a new CA, which all clients have to trust",
                    self.ca().display()
                ),
            });
        }
        let ca_key = read_or_make(&self.ca_key(), || {
            Ok(new_key()?.serialize_pem().into_bytes())
        })?;
        let ca_key = String::from_utf8_lossy(&ca_key);
        let ca_key =
            KeyPair::from_pem(&ca_key).map_err(|error| unusable(&self.ca_key(), &error))?;
        let ca = authority(now);
        let kept = self.ca().exists().then(|| self.read_issued()).flatten();
        let ca_expires_at = kept.map_or_else(
            || now.plus_seconds(CA_DAYS * DAY_SECONDS),
            |issued| issued.ca_expires_at,
        );
        read_or_make(&self.ca(), || {
            let certificate = ca
                .self_signed(&ca_key)
                .map_err(|error| unusable(&self.ca(), &error))?;
            Ok(certificate.pem().into_bytes())
        })?;
        let issuer = Issuer::new(ca, ca_key);
        let key = new_key()?;
        let certificate = server(names, now)
            .and_then(|params| params.signed_by(&key, &issuer))
            .map_err(|error| unusable(&self.certificate(), &error))?;
        // `server.json` is written last: a pair without it is issued again at the next start.
        write_secret(&self.key(), key.serialize_pem().as_bytes())?;
        write_secret(&self.certificate(), certificate.pem().as_bytes())?;
        let expires_at = now.plus_seconds(CERTIFICATE_DAYS * DAY_SECONDS);
        let made_for = Issued {
            names: names.to_vec(),
            expires_at,
            ca_expires_at,
        };
        let document = serde_json::to_vec(&made_for).map_err(crate::registry::Error::internal)?;
        write_secret(&self.issued(), &document)?;
        Ok(true)
    }

    /// Returns when the CA's own certificate expires; `None` unless that is soon. Only people can
    /// replace it.
    pub(super) fn ca_ends_soon(&self, now: Timestamp) -> Option<Timestamp> {
        let soon = now.plus_seconds(CA_WARN_DAYS_BEFORE * DAY_SECONDS);
        let end = self.read_issued()?.ca_expires_at;
        (end < soon).then_some(end)
    }

    fn read_issued(&self) -> Option<Issued> {
        let text = fs::read(self.issued()).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn is_current(&self, names: &[String], now: Timestamp) -> bool {
        self.read_issued().is_some_and(|issued| {
            issued.names == names
                && issued.expires_at > now.plus_seconds(RENEW_DAYS_BEFORE * DAY_SECONDS)
                // One that ends later was issued while the clock was wrong, and is not valid yet.
                && issued.expires_at <= now.plus_seconds((CERTIFICATE_DAYS + 1) * DAY_SECONDS)
                && self.ca().exists()
        })
    }
}

fn unusable(path: &Path, error: &rcgen::Error) -> StartupError {
    StartupError::Certificate {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

fn new_key() -> Result<KeyPair, StartupError> {
    KeyPair::generate().map_err(|error| unusable(Path::new("a new key"), &error))
}

/// Returns the parameters of the CA. The same parameters and key give the same issuer, so the
/// certificate itself is never read.
fn authority(now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named("Terrakeep private CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid(&mut params, now, CA_DAYS);
    params
}

fn server(names: &[String], now: Timestamp) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = named("Terrakeep");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    valid(&mut params, now, CERTIFICATE_DAYS);
    Ok(params)
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// Sets the validity: it starts a day early, for clients whose clock is slow.
fn valid(params: &mut CertificateParams, now: Timestamp, days: i64) {
    let date = |at: Timestamp| {
        let date = jiff::Timestamp::from_second(at.as_seconds())
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        date_time_ymd(i32::from(date.year()), month, day)
    };
    params.not_before = date(now.plus_seconds(-DAY_SECONDS));
    params.not_after = date(now.plus_seconds(days * DAY_SECONDS));
}

/// Returns the content of a secret file, and creates the file if it is missing.
pub(super) fn read_or_make(
    path: &Path,
    make: impl FnOnce() -> Result<Vec<u8>, StartupError>,
) -> Result<Vec<u8>, StartupError> {
    match fs::read(path) {
        Ok(content) => Ok(content),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let content = make()?;
            write_secret(path, &content)?;
            Ok(content)
        }
        Err(source) => Err(StartupError::File {
            action: "read",
            path: path.to_owned(),
            source,
        }),
    }
}

fn make_dir(path: &Path) -> Result<(), StartupError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| StartupError::File {
            action: "create",
            path: path.to_owned(),
            source,
        })
}

/// Writes a file that only its owner can read, atomically.
fn write_secret(path: &Path, content: &[u8]) -> Result<(), StartupError> {
    let fail = |source| StartupError::File {
        action: "write",
        path: path.to_owned(),
        source,
    };
    let part = path.with_extension("part");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&part).map_err(fail)?;
    file.write_all(content)
        .and_then(|()| file.sync_all())
        .map_err(fail)?;
    remove_secret_sum(path).map_err(OpenError::from)?;
    fs::rename(&part, path).map_err(fail)?;
    let dir = path.parent().unwrap_or(path);
    fs::File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(fail)?;
    Ok(write_secret_sum(path, content).map_err(OpenError::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_once_and_again_for_other_names_or_near_its_end() {
        let dir = tempfile::tempdir().expect("a directory");
        let files = CertificateFiles::of(dir.path());
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let now = Timestamp::from_micros(1_764_030_600_000_000);
        let read = |path: PathBuf| fs::read(path).expect("a file");
        assert!(files.make(&names, now).expect("made"));
        let (ca, first) = (read(files.ca()), read(files.certificate()));
        assert!(!files.make(&names, now).expect("kept"));
        assert_eq!(read(files.certificate()), first);
        let other = vec!["registry.example".to_owned()];
        assert!(files.make(&other, now).expect("made for other names"));
        let later = now.plus_seconds((CERTIFICATE_DAYS - RENEW_DAYS_BEFORE) * DAY_SECONDS);
        assert!(files.make(&other, later).expect("renewed"));
        assert_eq!(read(files.ca()), ca);
    }

    #[test]
    fn the_end_of_the_ca_is_known_over_renewals_and_a_new_one_begins_anew() {
        let dir = tempfile::tempdir().expect("a directory");
        let files = CertificateFiles::of(dir.path());
        let names = vec!["localhost".to_owned()];
        let now = Timestamp::from_micros(1_764_030_600_000_000);
        files.make(&names, now).expect("made");
        assert_eq!(files.ca_ends_soon(now), None);
        let late = now.plus_seconds((CA_DAYS - 100) * DAY_SECONDS);
        assert!(files.make(&names, late).expect("renewed"));
        let end = now.plus_seconds(CA_DAYS * DAY_SECONDS);
        assert_eq!(files.ca_ends_soon(late), Some(end));
        fs::remove_file(files.ca()).expect("removed");
        assert!(files.make(&names, late).expect("a new CA"));
        assert_eq!(files.ca_ends_soon(late), None);
    }

    #[test]
    fn the_fingerprint_is_that_of_the_certificate_s_bytes() {
        let dir = tempfile::tempdir().expect("a directory");
        let files = CertificateFiles::of(dir.path());
        let pem = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";
        fs::create_dir_all(dir.path().join("secrets")).expect("made");
        fs::write(files.ca(), pem).expect("written");
        let shown = files.ca_fingerprint().expect("a fingerprint");
        let plain = shown.replace(':', "").to_lowercase();
        assert_eq!(plain, Sha256::of(&[0, 1, 2]).to_string());
    }
}
