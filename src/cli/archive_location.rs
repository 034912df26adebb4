//! The address of a version's archive, as the registry gives it to terraform.

use std::fmt::Display;

use url::form_urlencoded;

use super::client::Client;
use super::error::CliError;
use crate::domain::Sha256;

/// The header with the address.
const LOCATION: &str = "x-terraform-get";

/// Asks for the address of the archive of a version; `None` if the answer has none. The module is
/// written as in `acme/vpc/aws`.
pub(super) fn archive_location(
    client: &Client,
    module: impl Display,
    version: impl Display,
) -> Result<Option<String>, CliError> {
    let path = format!("/api/registry/v1/modules/{module}/{version}/download");
    client.header(&path, LOCATION)
}

/// Returns the checksum in the address of an archive.
pub(super) fn checksum(location: &str) -> Option<Sha256> {
    let (_, query) = location.split_once('?')?;
    let mut values = form_urlencoded::parse(query.as_bytes());
    let (_, value) = values.find(|(key, _)| key == "checksum")?;
    value.strip_prefix("sha256:")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_read_from_the_address() {
        let sum = Sha256::of(b"archive");
        for address in [
            format!("/archives/x.tar.gz?archive=tar.gz&checksum=sha256:{sum}&expires=1"),
            format!("https://r.example.com/a.tar.gz?archive=tar.gz&checksum=sha256%3A{sum}&sig=x"),
        ] {
            assert_eq!(checksum(&address), Some(sum), "{address}");
        }
        for without in [
            "/archives/x.tar.gz",
            "/x?checksum=md5:00",
            "/x?checksum=sha256:00",
            "https://r.example.com/a.tar.gz",
            "https://r.example.com/a.tar.gz?checksum=md5:ab",
            "https://r.example.com/a.tar.gz?checksum=sha256:ab",
            "/a.tar.gz",
        ] {
            assert_eq!(checksum(without), None, "{without}");
        }
    }
}
