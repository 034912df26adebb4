//! Failures of TLS, in words, with what to do about them.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

use super::trust::is_about_the_issuer;
use crate::config::PublicUrl;

/// Returns what went wrong with TLS; `None` if the error is about something else.
pub(super) fn in_words(error: &reqwest::Error, url: &PublicUrl) -> Option<String> {
    let error = rustls_error(error)?;
    Some(describe(error, url))
}

/// Returns whether a certificate was refused because nobody who is trusted vouches for it.
pub(super) fn is_distrust(error: &reqwest::Error) -> bool {
    rustls_error(error).is_some_and(is_about_the_issuer)
}

/// Returns the error of TLS that lies behind another. An [`io::Error`] hides its inner one from
/// [`source`](StdError::source).
fn rustls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<Error>() {
            return Some(found);
        }
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "rustls adds errors in minor versions; those without words of their own are shown as they are"
)]
fn describe(error: &Error, url: &PublicUrl) -> String {
    match error {
        distrust if is_about_the_issuer(distrust) => untrusted(url),
        Error::InvalidCertificate(reason) => of_certificate(reason, url),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => format!(
            "{url} answers without TLS: another program uses this port, or the registry runs with \
             tls.mode = \"off\" and its proxy has another address"
        ),
        Error::AlertReceived(
            AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion,
        )
        | Error::PeerIncompatible(_) => format!(
            "{url} and this program have no way of TLS in common; this program speaks TLS 1.2 and 1.3"
        ),
        _ => format!("the connection to {url} could not be secured"),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "rustls adds errors in minor versions; those without words of their own are shown as they are"
)]
fn of_certificate(reason: &CertificateError, url: &PublicUrl) -> String {
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => format!(
            "the certificate of {url} has expired: renew it there, or set this machine's clock if \
             that is wrong"
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => format!(
            "the certificate of {url} is not valid yet: set this machine's clock, or look at when \
             the certificate begins"
        ),
        CertificateError::NotValidForName => other_name(url, &[]),
        CertificateError::NotValidForNameContext { presented, .. } => other_name(url, presented),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            other_purpose(url)
        }
        // rustls has no public name for this one.
        CertificateError::Other(reason) if format!("{reason:?}").contains("EkuError") => {
            other_purpose(url)
        }
        CertificateError::BadEncoding => format!(
            "the certificate of {url} cannot be read; its name must stand in subjectAltName, and its \
             version must be 3"
        ),
        CertificateError::Revoked => {
            format!("the certificate of {url} was revoked; the registry needs another")
        }
        _ => format!("the certificate of {url} cannot be used"),
    }
}

fn untrusted(url: &PublicUrl) -> String {
    format!(
        "the certificate of {url} is not trusted here; give its CA, or the certificate itself if it has \
         none, with --ca-file or TERRAKEEP_CA_FILE (`terrakeep tls trust` shows it)"
    )
}

fn other_purpose(url: &PublicUrl) -> String {
    format!(
        "the certificate of {url} is not for servers; make one with the extended key usage serverAuth"
    )
}

/// Says for which names a certificate is. Terraform, too, looks only at subjectAltName.
fn other_name(url: &PublicUrl, presented: &[String]) -> String {
    let host = url.host();
    let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
    if names.is_empty() {
        return format!(
            "the certificate of {url} is not for `{host}`: it has no name in subjectAltName, which is \
             the only place that clients look at (openssl req -addext \"subjectAltName=DNS:{host}\")"
        );
    }
    format!(
        "the certificate of {url} is for {}, and not for `{host}`: use one of its names in the URL, or \
         make a certificate for this one",
        names.join(", ")
    )
}

/// Returns the name in what webpki calls `DnsName("registry.example.com")`.
fn bare(presented: &str) -> &str {
    let inner = presented
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'))
        .unwrap_or(presented);
    inner.trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_tls_is_found_behind_others() {
        let inner = io::Error::other(Error::DecryptError);
        let outer = io::Error::other(inner);
        assert_eq!(rustls_error(&outer), Some(&Error::DecryptError));
        assert_eq!(rustls_error(&io::Error::other("no")), None);
    }

    #[test]
    fn names_are_shown_without_their_kind() {
        for (presented, expected) in [
            ("DnsName(\"registry.example.com\")", "registry.example.com"),
            ("IpAddress(10.0.0.5)", "10.0.0.5"),
            ("registry.example.com", "registry.example.com"),
        ] {
            assert_eq!(bare(presented), expected);
        }
    }
}
