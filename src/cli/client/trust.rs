//! Which certificates the client takes: those that a trusted CA vouches for, and those that are
//! trusted themselves.
//!
//! `openssl req -x509` makes a certificate that is its own issuer and says that it is a CA. Terraform
//! takes such a certificate from a server if the very same one is trusted, and so does this client.
//!
//! Source: <https://pkg.go.dev/crypto/x509#Certificate.Verify>

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use crate::cli::error::{CliError, Exit};
use crate::files::read_file;

/// The most bytes of a file of certificates.
const CERTIFICATES_BYTES: u64 = 4 << 20;

/// The verifier of the system, and the certificates that are trusted themselves.
#[derive(Debug)]
struct Trust {
    system: Verifier,
    given: Vec<CertificateDer<'static>>,
}

/// Returns the TLS settings of a client that trusts the system's certificates and those in `files`.
///
/// # Errors
///
/// Fails if a file cannot be read or holds no certificates, or if nothing at all is trusted.
pub(super) fn tls_config(files: &[PathBuf]) -> Result<ClientConfig, CliError> {
    let mut given = Vec::new();
    for path in files {
        given.extend(certificates(path)?);
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let trust = Trust::new(given, Arc::clone(&provider)).map_err(|error| unusable(files, error))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(files, error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(trust))
        .with_no_client_auth();
    Ok(config)
}

fn unusable(files: &[PathBuf], error: Error) -> CliError {
    let message = match files.first() {
        Some(path) => format!("the certificates in `{}` cannot be used", path.display()),
        None => "this system has no certificates that it trusts; install its package \
                 ca-certificates, or give --ca-file"
            .to_owned(),
    };
    CliError::new(Exit::Failed, message).because(error)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, CliError> {
    let refused = || {
        let message = format!("`{}` is not a file of PEM certificates", path.display());
        CliError::new(Exit::Failed, message)
    };
    let pem = read_file(path, CERTIFICATES_BYTES)?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| refused().because(error))?;
    if found.is_empty() {
        return Err(refused());
    }
    Ok(found)
}

impl Trust {
    fn new(
        given: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        Ok(Self {
            system: Verifier::new_with_extra_roots(given.iter().cloned(), provider)?,
            given,
        })
    }

    /// Returns whether the certificate itself, and not only its issuer, is among the trusted ones.
    fn trusts_itself(&self, certificate: &CertificateDer<'_>) -> bool {
        // The system's are read only here, since most certificates never come here.
        self.given.iter().any(|it| it == certificate)
            || rustls_native_certs::load_native_certs()
                .certs
                .iter()
                .any(|it| it == certificate)
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.system.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            Err(error) if is_about_the_issuer(&error) && self.trusts_itself(end_entity) => {
                let parsed = ParsedCertificate::try_from(end_entity)?;
                verify_server_name(&parsed, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

/// Returns whether a certificate was refused only for who issued it. Its dates were in order then: they
/// are looked at before the issuer.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "rustls adds errors in minor versions; all but these are about something else"
)]
pub(super) fn is_about_the_issuer(error: &Error) -> bool {
    match error {
        // A bad signature is that of an issuer with the same name as one that is trusted.
        Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        ) => true,
        Error::InvalidCertificate(CertificateError::Other(OtherError(reason))) => {
            let reason = reason.downcast_ref::<webpki::Error>();
            reason == Some(&webpki::Error::CaUsedAsEndEntity)
        }
        _ => false,
    }
}
