//! Keys as readable text, as the journal and the checkpoints write them.
//!
//! A key is bytes. Bytes outside of `A-Z a-z 0-9 _ - .` are percent-encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.');

/// Returns a key's bytes as text.
pub(super) fn key_text(key: &[u8]) -> String {
    percent_encode(key, PLAIN).to_string()
}

/// Returns the bytes of a key that [`key_text`] wrote.
pub(super) fn key_bytes(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_are_readable() {
        assert_eq!(key_text(b"acme\0my-vpc\0"), "acme%00my-vpc%00");
    }

    proptest! {
        #[test]
        fn keys_read_back_as_written(key in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(key_bytes(&key_text(&key)), key);
        }
    }
}
