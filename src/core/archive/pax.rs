//! PAX extended headers: the records `<length> <key>=<value>\n`, read strictly.
//!
//! Only path, linkpath and size are used. Records that change what an entry is, or that readers
//! interpret in different ways, are refused; the others (times, owners, comments) are checked and
//! dropped.

use super::{ArchiveError, EscapedName};

/// The records of one extended header that describe the entry after it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Records {
    /// The name of the entry.
    pub(super) path: Option<Vec<u8>>,
    /// The target of the link.
    pub(super) link: Option<Vec<u8>>,
    /// The size of the content in bytes.
    pub(super) size: Option<u64>,
}

/// Reads the extended header before one entry.
pub(super) fn local(body: &[u8], entry: u64) -> Result<Records, ArchiveError> {
    let malformed = |reason| ArchiveError::MetadataMalformed { entry, reason };
    let mut records = Records::default();
    for (key, value) in split_records(body).map_err(malformed)? {
        check_record(key, value, entry)?;
        match key {
            b"path" => records.path = Some(value.to_owned()),
            b"linkpath" => records.link = Some(value.to_owned()),
            b"size" => records.size = Some(decimal(value).ok_or_else(|| malformed("a size"))?),
            _ => {}
        }
    }
    Ok(records)
}

/// Checks a global header. It applies to all entries after it, so it must not name one.
pub(super) fn global(body: &[u8], entry: u64) -> Result<(), ArchiveError> {
    let malformed = |reason| ArchiveError::MetadataMalformed { entry, reason };
    for (key, value) in split_records(body).map_err(malformed)? {
        check_record(key, value, entry)?;
        if matches!(key, b"path" | b"linkpath" | b"size") {
            return Err(refused(key, entry));
        }
    }
    Ok(())
}

type Record<'b> = (&'b [u8], &'b [u8]);

fn split_records(mut body: &[u8]) -> Result<Vec<Record<'_>>, &'static str> {
    let mut records: Vec<Record<'_>> = Vec::new();
    while !body.is_empty() {
        let space = body.iter().position(|byte| *byte == b' ');
        let (digits, _) = body.split_at(space.ok_or("a record without a length")?);
        let length = decimal(digits).and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or("the length of a record is no number")?;
        let record = body
            .get(digits.len() + 1..length)
            .ok_or("a record with a wrong length")?;
        let Some((b'\n', record)) = record.split_last() else {
            return Err("a record with a wrong length");
        };
        let equals = record.iter().position(|byte| *byte == b'=');
        let (key, value) = record.split_at(equals.ok_or("a record without `=`")?);
        let value = value.strip_prefix(b"=").unwrap_or(value);
        if key.is_empty() || key.contains(&0) || std::str::from_utf8(key).is_err() {
            return Err("the key of a record is no text");
        }
        records.push((key, value));
        body = body.get(length..).unwrap_or_default();
    }
    // Readers use the first or the last of two equal keys. Sorting a copy keeps the check fast.
    let mut keys: Vec<_> = records.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err("one key twice");
    }
    Ok(records)
}

fn check_record(key: &[u8], value: &[u8], entry: u64) -> Result<(), ArchiveError> {
    let malformed = |reason| Err(ArchiveError::MetadataMalformed { entry, reason });
    match key {
        b"hdrcharset" | b"SCHILY.realsize" | b"SCHILY.filetype" => Err(refused(key, entry)),
        key if key.starts_with(b"GNU.sparse.") => {
            Err(ArchiveError::Sparse(EscapedName::bytes(key)))
        }
        key if key.starts_with(b"GNU.volume.") || key == b"GNU.dumpdir" => Err(refused(key, entry)),
        b"path" | b"linkpath" if value.is_empty() => malformed("an empty path"),
        b"path" | b"linkpath" | b"uname" | b"gname" if value.contains(&0) => {
            malformed("a NUL byte in a path or name")
        }
        b"uid" | b"gid" if !is_integer(value) => malformed("an owner that is no number"),
        b"mtime" | b"atime" | b"ctime" if !is_time(value) => malformed("a time that is no number"),
        _ => Ok(()),
    }
}

fn refused(key: &[u8], entry: u64) -> ArchiveError {
    ArchiveError::PaxRecord {
        entry,
        key: EscapedName::bytes(key),
    }
}

/// Reads a decimal number without sign or leading zero.
fn decimal(digits: &[u8]) -> Option<u64> {
    if matches!(digits, [b'0', _, ..]) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn is_integer(value: &[u8]) -> bool {
    let text = std::str::from_utf8(value).unwrap_or_default();
    !text.starts_with('+') && text.parse::<i64>().is_ok()
}

fn is_time(value: &[u8]) -> bool {
    let dot = value.iter().position(|byte| *byte == b'.');
    let (seconds, fraction) = value.split_at(dot.unwrap_or(value.len()));
    let fraction = fraction.strip_prefix(b".").unwrap_or(fraction);
    is_integer(seconds) && fraction.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the record `key=value`; the lengths in these tests stay between 10 and 99.
    fn record(key: &str, value: &str) -> Vec<u8> {
        let length = key.len() + value.len() + 5;
        assert!((10..100).contains(&length));
        format!("{length} {key}={value}\n").into_bytes()
    }

    #[test]
    fn records_are_read_and_unimportant_ones_dropped() {
        let body = [
            &*record("path", "main.tf"),
            &record("size", "123456"),
            &record("mtime", "-1763860464.847298394"),
            b"23 SCHILY.xattr.a=\xff\0=x\n",
        ];
        let records = local(&body.concat(), 1).expect("well-formed records");
        assert_eq!(records.path.as_deref(), Some(&b"main.tf"[..]));
        assert_eq!((records.size, records.link), (Some(123_456), None));
    }

    #[test]
    fn t04_malformed_records_are_refused() {
        for bad in [
            &b"16 path=main.t"[..],
            b"17 path=main.tf\n",
            b"15 path=main.tf\n",
            b"016 path=main.tf\n",
            b"+16 path=main.tf\n",
            b"0 path=main.tf\n",
            b"3 a\n",
            b"99999999999999999999 a=b\n",
            b"9 path=a\n9 path=b\n",
            b"5 =b\n",
            b"8 path=\n",
            b"path=main.tf\n",
            b"\0\0\0\0",
        ] {
            assert!(local(bad, 1).is_err(), "{}", bad.escape_ascii());
        }
        for (key, value) in [
            ("path", "main\0.tf"),
            ("linkpath", ""),
            ("gname", "wheel\0"),
            ("size", "-12345"),
            ("size", "012345"),
            ("size", "12345 "),
            ("uid", "1x00000"),
            ("gid", "+1000000"),
            ("mtime", "."),
            ("mtime", "12345.x"),
            ("a\0key", "value"),
        ] {
            let error = local(&record(key, value), 1).expect_err(key);
            assert_eq!(error.code(), "metadata-malformed", "{key}={value}");
        }
    }

    #[test]
    fn t04_records_that_change_entries_are_refused() {
        for (key, code) in [
            ("hdrcharset", "pax-record"),
            ("SCHILY.realsize", "pax-record"),
            ("GNU.volume.label", "pax-record"),
            ("GNU.sparse.major", "sparse"),
        ] {
            let error = local(&record(key, "1"), 1).expect_err(key);
            assert_eq!(error.code(), code);
        }
        assert!(global(&record("comment", "x"), 1).is_ok());
        for key in ["path", "linkpath", "size"] {
            assert!(local(&record(key, "12345"), 1).is_ok());
            assert!(global(&record(key, "12345"), 1).is_err());
        }
    }
}
