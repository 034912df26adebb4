//! The addresses of the archives of modules, for callers with a signed address.

use super::provider_file::segment;
use crate::registry::SignedArchive;

/// The end of the name of an archive.
pub const ENDING: &str = ".tar.gz";

/// Returns the path and query of an archive, which clients resolve against the address they
/// requested.
pub fn location(signed: &SignedArchive) -> String {
    let address = &signed.version.address;
    let file = segment(&address.version.to_string());
    format!(
        "/archives/modules/{}/{file}{ENDING}?archive=tar.gz&checksum=sha256:{}&expires={}&signature={}",
        address.module, signed.sha256, signed.expires, signed.signature
    )
}
