//! One record as bytes: a line of text with its length, checksum and place in the chain.
//!
//! ```text
//! 00000115 8c1f0a3e 0000000000000042 0000000000000041 <64 hexadecimal digits> {"at":…}
//! length   CRC-32C  sequence         synced           SHA-256 of the line before JSON
//! ```
//!
//! `length` counts the bytes of the JSON; the CRC-32C covers the rest of the line, its length
//! included. `synced` is the last record known to be on the disk when this one was written: if a
//! later record says that a damaged one was synced, it has been acknowledged, and is not an
//! unfinished write that a power loss interrupted. The JSON is not interpreted here.

use crate::domain::Sha256;

/// The number of bytes before the JSON.
pub(in crate::storage) const HEADER_BYTES: usize = 8 + 1 + 8 + 1 + 16 + 1 + 16 + 1 + 64 + 1;

/// The most bytes of JSON in one record; a larger write is refused.
pub(in crate::storage) const MAX_JSON_BYTES: usize = 64 * 1024 * 1024;

/// Returns the hash that stands in the first record for the line before it.
pub(in crate::storage) fn genesis() -> Sha256 {
    Sha256::of(b"terrakeep journal 1")
}

/// A record with a correct checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) struct Record<'a> {
    /// The sequence number; the first record has 1.
    pub(in crate::storage) sequence: u64,
    /// The sequence number of the last record that was known to be on the disk.
    pub(in crate::storage) synced: u64,
    /// The SHA-256 of the line before.
    pub(in crate::storage) previous: Sha256,
    /// The changes, as JSON.
    pub(in crate::storage) json: &'a str,
}

/// The reason why bytes are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::storage) enum RecordFault {
    /// The bytes end before the record does.
    #[error("the record is cut off")]
    CutOff,
    /// The bytes do not have the form of a record.
    #[error("this is not a record")]
    Form,
    /// The checksum does not match: something was changed.
    #[error("the checksum is wrong")]
    Checksum,
}

impl Record<'_> {
    /// Returns the record as a line.
    pub(in crate::storage) fn to_line(self) -> Vec<u8> {
        let mut line = self.header(0).into_bytes();
        line.extend_from_slice(self.json.as_bytes());
        line.push(b'\n');
        let header = self.header(checksum(&line)).into_bytes();
        line.splice(..HEADER_BYTES.min(line.len()), header);
        line
    }

    fn header(self, checksum: u32) -> String {
        format!(
            "{:08} {checksum:08x} {:016} {:016} {} ",
            self.json.len(),
            self.sequence,
            self.synced,
            self.previous
        )
    }
}

impl<'a> Record<'a> {
    /// Reads the record at the beginning of `bytes`; returns it and the bytes of its line.
    pub(in crate::storage) fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), RecordFault> {
        let length = json_length(bytes)?;
        let line = bytes
            .get(..HEADER_BYTES + length + 1)
            .ok_or(RecordFault::CutOff)?;
        let (header, rest) = line
            .split_at_checked(HEADER_BYTES)
            .ok_or(RecordFault::CutOff)?;
        let (json, end) = rest.split_at_checked(length).ok_or(RecordFault::CutOff)?;
        let header_text = std::str::from_utf8(header).map_err(|_| RecordFault::Form)?;
        let mut fields = header_text.split(' ').skip(1);
        let mut field = || fields.next().ok_or(RecordFault::Form);
        let found = u32::from_str_radix(field()?, 16).map_err(|_| RecordFault::Form)?;
        let record = Self {
            sequence: field()?.parse().map_err(|_| RecordFault::Form)?,
            synced: field()?.parse().map_err(|_| RecordFault::Form)?,
            previous: field()?.parse().map_err(|_| RecordFault::Form)?,
            json: std::str::from_utf8(json).map_err(|_| RecordFault::Checksum)?,
        };
        // A number can be written in several ways (`A` for `a`): only ours is accepted.
        if end != b"\n" || record.header(found) != header_text {
            return Err(RecordFault::Form);
        }
        if checksum(line) != found {
            return Err(RecordFault::Checksum);
        }
        Ok((record, line))
    }
}

/// Reads the length of the JSON of the record that `bytes` begin with.
pub(in crate::storage) fn json_length(bytes: &[u8]) -> Result<usize, RecordFault> {
    let digits = bytes.get(..8).ok_or(RecordFault::CutOff)?;
    if bytes.get(8).is_some_and(|byte| *byte != b' ') {
        return Err(RecordFault::Form);
    }
    std::str::from_utf8(digits)
        .ok()
        .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
        .filter(|length| *length <= MAX_JSON_BYTES)
        .ok_or(RecordFault::Form)
}

/// Returns the checksum of a line: of everything except the checksum itself.
fn checksum(line: &[u8]) -> u32 {
    let length = crc32c::crc32c(line.get(..8).unwrap_or_default());
    crc32c::crc32c_append(length, line.get(17..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(json: &str) -> Record<'_> {
        Record {
            sequence: 42,
            synced: 41,
            previous: genesis(),
            json,
        }
    }

    #[test]
    fn a_record_is_a_line_that_a_person_can_read() {
        let line = String::from_utf8(record(r#"{"at":"now"}"#).to_line()).expect("it is text");
        assert!(line.starts_with("00000012 "), "{line}");
        assert!(
            line.contains(" 0000000000000042 0000000000000041 "),
            "{line}"
        );
        assert!(line.ends_with("{\"at\":\"now\"}\n"), "{line}");
    }

    #[test]
    fn each_flipped_bit_is_found() {
        let line = record(r#"{"at":"now","puts":[["modules","acme",{"a":1}]]}"#).to_line();
        assert!(Record::parse(&line).is_ok());
        for bit in 0..line.len() * 8 {
            let mut changed = line.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(Record::parse(&changed).is_err(), "bit {bit}");
        }
        for length in 0..line.len() {
            assert_eq!(Record::parse(&line[..length]), Err(RecordFault::CutOff));
        }
    }

    proptest! {
        #[test]
        fn records_read_back_as_written(json in "\\PC{0,80}", rest in "\\PC{0,20}") {
            let mut bytes = record(&json).to_line();
            let line = bytes.clone();
            bytes.extend_from_slice(rest.as_bytes());
            prop_assert_eq!(Record::parse(&bytes), Ok((record(&json), &line[..])));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Record::parse(&bytes).is_err());
        }
    }
}
