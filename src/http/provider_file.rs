//! Where the files of providers are, for whoever has a signature for one.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::ProviderVersionAddress;
use crate::registry::SignedFile;

/// What stays as it is in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A text as a segment of a path.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The path and query of a file, to be resolved against the public URL.
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
