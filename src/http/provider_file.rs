//! The addresses of the files of providers, for callers with a signed address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::ProviderVersionAddress;
use crate::registry::SignedFile;

/// The characters that are not escaped in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Escapes a text as a segment of a path.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Returns the path and query of a file, which clients resolve against the public URL.
pub fn location(version: &ProviderVersionAddress, signed: &SignedFile) -> String {
    format!(
        "/archives/providers/{}/{}/{}?expires={}&signature={}",
        version.provider,
        segment(&version.version.to_string()),
        segment(&signed.name),
        signed.expires,
        signed.signature
    )
}
