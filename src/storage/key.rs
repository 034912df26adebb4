//! Keys as bytes that sort in the order of the keys.
//!
//! A key is a sequence of segments, written by a [`KeyWriter`] and read back by a [`KeyReader`].
//! The end of every segment is known (a text ends with a zero byte, a number has a fixed width), so
//! a scan for `acme` never includes `acme2`, and tuples sort field by field. Nothing here folds
//! case: a table that compares names without case writes them folded.

use crate::domain::{Day, Sha256, Timestamp, Version};

use super::version_key;

/// The byte that ends a text segment; no stored text contains it.
const END: u8 = 0;

/// A key of a table's rows.
pub trait Key: Sized {
    /// Writes the key's segments.
    fn encode(&self, to: &mut KeyWriter);

    /// Reads the key's segments; `None` if these are not the bytes of such a key.
    fn decode(from: &mut KeyReader<'_>) -> Option<Self>;

    /// Returns the key's bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let mut writer = KeyWriter::new();
        self.encode(&mut writer);
        writer.bytes
    }

    /// Returns the key with exactly these bytes; `None` if they are no such key.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = KeyReader::new(bytes);
        let key = Self::decode(&mut reader)?;
        reader.is_at_end().then_some(key)
    }
}

/// Writes a key or its beginning, segment by segment.
#[derive(Debug, Clone, Default)]
pub struct KeyWriter {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl KeyWriter {
    /// Makes an empty writer, with room for a key of usual length.
    pub fn new() -> Self {
        Self {
            bytes: Vec::with_capacity(96),
            ends: Vec::with_capacity(8),
        }
    }

    /// Writes a text. A zero byte in it, which no name can contain, is left out.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for part in text.as_bytes().split(|byte| *byte == END) {
            self.bytes.extend_from_slice(part);
        }
        self.bytes.push(END);
        self.end_segment()
    }

    /// Writes a 32-bit number.
    pub fn u32(&mut self, number: u32) -> &mut Self {
        self.raw(&number.to_be_bytes())
    }

    /// Writes a 64-bit number.
    pub fn u64(&mut self, number: u64) -> &mut Self {
        self.raw(&number.to_be_bytes())
    }

    /// Writes a signed 64-bit number with its sign bit inverted, so that negative ones come first.
    pub fn i64(&mut self, number: i64) -> &mut Self {
        let mut bytes = number.to_be_bytes();
        if let Some(first) = bytes.first_mut() {
            *first ^= 0x80;
        }
        self.raw(&bytes)
    }

    /// Writes a checksum.
    pub fn sha256(&mut self, sum: &Sha256) -> &mut Self {
        self.raw(sum.as_bytes())
    }

    /// Writes a point in time.
    pub fn timestamp(&mut self, time: Timestamp) -> &mut Self {
        self.i64(time.as_micros())
    }

    /// Writes a day.
    pub fn day(&mut self, day: Day) -> &mut Self {
        self.u32(day.0)
    }

    /// Writes a version: the order of the bytes is the order of precedence.
    pub fn version(&mut self, version: &Version) -> &mut Self {
        version_key::encode(version, &mut self.bytes);
        self.end_segment()
    }

    /// Returns the bytes written so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the bytes of the first `segments` segments; `None` if there are fewer.
    pub(super) fn leading(&self, segments: usize) -> Option<&[u8]> {
        let end = match segments.checked_sub(1) {
            None => 0,
            Some(last) => *self.ends.get(last)?,
        };
        self.bytes.get(..end)
    }

    fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self.end_segment()
    }

    fn end_segment(&mut self) -> &mut Self {
        self.ends.push(self.bytes.len());
        self
    }
}

/// Reads a key's segments in the order they were written.
#[derive(Debug, Clone)]
pub struct KeyReader<'a> {
    rest: &'a [u8],
}

impl<'a> KeyReader<'a> {
    /// Makes a reader at the beginning of a key.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Reads a text as a part of the key. Like the other readers, it returns `None` if there is
    /// none.
    pub fn str(&mut self) -> Option<&'a str> {
        let end = self.rest.iter().position(|byte| *byte == END)?;
        let (text, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(1..)?;
        std::str::from_utf8(text).ok()
    }

    /// Reads a text and parses it.
    pub fn text<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.str()?.parse().ok()
    }

    /// Reads a 32-bit number.
    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// Reads a 64-bit number.
    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// Reads a signed 64-bit number.
    pub fn i64(&mut self) -> Option<i64> {
        let mut bytes: [u8; 8] = self.array()?;
        if let Some(first) = bytes.first_mut() {
            *first ^= 0x80;
        }
        Some(i64::from_be_bytes(bytes))
    }

    /// Reads a checksum.
    pub fn sha256(&mut self) -> Option<Sha256> {
        self.array().map(Sha256::from_bytes)
    }

    /// Reads a point in time.
    pub fn timestamp(&mut self) -> Option<Timestamp> {
        self.i64().map(Timestamp::from_micros)
    }

    /// Reads a day.
    pub fn day(&mut self) -> Option<Day> {
        self.u32().map(Day)
    }

    /// Reads a version.
    pub fn version(&mut self) -> Option<Version> {
        let (version, rest) = version_key::decode(self.rest)?;
        self.rest = rest;
        Some(version)
    }

    /// Returns whether everything has been read.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*bytes)
    }
}

/// The leading segments that the keys of a scan share.
///
/// ```
/// use terrakeep::storage::Prefix;
///
/// let all = Prefix::all();
/// let namespace = Prefix::of(|key| key.text("acme"));
/// let module = Prefix::of(|key| key.text("acme").text("vpc").text("aws"));
/// # assert!(module.as_bytes().starts_with(namespace.as_bytes()) && all.as_bytes().is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Prefix(KeyWriter);

impl Prefix {
    /// Makes the prefix of every key of a table.
    pub fn all() -> Self {
        Self::default()
    }

    /// Makes the prefix that `write` writes.
    pub fn of(write: impl FnOnce(&mut KeyWriter) -> &mut KeyWriter) -> Self {
        let mut writer = KeyWriter::new();
        write(&mut writer);
        Self(writer)
    }

    /// Makes the prefix of the keys that begin with `key` and go on with a version that has the
    /// precedence of `version`: the numbers of these versions differ in build metadata only.
    pub fn precedence<K: Key>(key: &K, version: &Version) -> Self {
        let mut writer = KeyWriter::new();
        key.encode(&mut writer);
        version_key::encode_precedence(version, &mut writer.bytes);
        Self(writer)
    }

    /// Makes the prefix of all of `key`'s segments.
    pub fn key<K: Key>(key: &K) -> Self {
        let mut writer = KeyWriter::new();
        key.encode(&mut writer);
        Self(writer)
    }

    /// Returns the prefix's bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(super) fn leading(&self, segments: usize) -> Option<&[u8]> {
        self.0.leading(segments)
    }
}

/// The key of a table with a single row.
impl Key for () {
    fn encode(&self, _to: &mut KeyWriter) {}

    fn decode(_from: &mut KeyReader<'_>) -> Option<Self> {
        Some(())
    }
}

macro_rules! simple_key {
    ($type:ty, |$key:ident, $to:ident| $write:expr, |$from:ident| $read:expr) => {
        impl Key for $type {
            fn encode(&self, $to: &mut KeyWriter) {
                let $key = self;
                $write;
            }

            fn decode($from: &mut KeyReader<'_>) -> Option<Self> {
                $read
            }
        }
    };
}

simple_key!(String, |key, to| to.text(key), |from| from
    .str()
    .map(str::to_owned));
simple_key!(u32, |key, to| to.u32(*key), |from| from.u32());
simple_key!(u64, |key, to| to.u64(*key), |from| from.u64());
simple_key!(i64, |key, to| to.i64(*key), |from| from.i64());
simple_key!(Sha256, |key, to| to.sha256(key), |from| from.sha256());
simple_key!(Timestamp, |key, to| to.timestamp(*key), |from| from
    .timestamp());
simple_key!(Day, |key, to| to.day(*key), |from| from.day());
simple_key!(Version, |key, to| to.version(key), |from| from.version());

macro_rules! tuple_key {
    ($($part:ident $index:tt),+) => {
        impl<$($part: Key),+> Key for ($($part,)+) {
            fn encode(&self, to: &mut KeyWriter) {
                $(self.$index.encode(to);)+
            }

            fn decode(from: &mut KeyReader<'_>) -> Option<Self> {
                Some(($($part::decode(from)?,)+))
            }
        }
    };
}

tuple_key!(A 0, B 1);
tuple_key!(A 0, B 1, C 2);
tuple_key!(A 0, B 1, C 2, D 3);
tuple_key!(A 0, B 1, C 2, D 3, E 4);

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;
    use std::fmt::Debug;

    use proptest::prelude::*;

    use super::*;

    fn check<K: Key + Ord + Debug>(a: &K, b: &K) -> Ordering {
        let (left, right) = (a.to_bytes(), b.to_bytes());
        assert_eq!(K::from_bytes(&left).as_ref(), Some(a));
        assert_eq!(left.cmp(&right), a.cmp(b), "{a:?} and {b:?}");
        left.cmp(&right)
    }

    fn name() -> impl Strategy<Value = String> {
        "[A-Za-z0-9_-]{0,6}"
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn bytes_sort_as_what_they_stand_for(
            a in (name(), any::<i64>(), any::<u32>(), name()),
            b in (name(), any::<i64>(), any::<u32>(), name()),
        ) {
            check(&a, &b);
            check(&(a.0.clone(), a.1), &(a.0.clone(), b.1));
            check(&(a.0.clone(), a.3), &(a.0, b.3));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Some(key) = <(String, Version, u32)>::from_bytes(&bytes) {
                prop_assert_eq!(key.to_bytes(), bytes);
            }
        }
    }

    #[test]
    fn a_prefix_ends_with_its_last_segment() {
        let prefix = Prefix::of(|key| key.text("acme"));
        let with = ("acme".to_owned(), "vpc".to_owned()).to_bytes();
        let without = ("acme2".to_owned(), "vpc".to_owned()).to_bytes();
        assert!(with.starts_with(prefix.as_bytes()));
        assert!(!without.starts_with(prefix.as_bytes()));
    }

    #[test]
    fn leading_segments_are_whole_ones() {
        let mut writer = KeyWriter::new();
        writer.text("acme").u32(7).text("x");
        assert_eq!(writer.leading(0), Some(&b""[..]));
        assert_eq!(writer.leading(1), Some(&b"acme\0"[..]));
        assert_eq!(writer.leading(2), Some(&b"acme\0\0\0\0\x07"[..]));
        assert_eq!(writer.leading(4), None);
    }
}
