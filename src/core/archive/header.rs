//! One tar header block of 512 bytes, read strictly: a field that two readers could interpret in
//! different ways is an error. The blocks around it do not matter here.

use std::ops::Range;

use super::{ArchiveError, EscapedName};

/// The size of a tar block in bytes.
pub(super) const BLOCK: usize = 512;

const NAME: Range<usize> = 0..100;
const MODE: Range<usize> = 100..108;
const UID: Range<usize> = 108..116;
const GID: Range<usize> = 116..124;
const SIZE: Range<usize> = 124..136;
const MTIME: Range<usize> = 136..148;
const CHECKSUM: Range<usize> = 148..156;
const TYPE: usize = 156;
const LINK: Range<usize> = 157..257;
const MAGIC: Range<usize> = 257..265;
const DEVICE_MAJOR: Range<usize> = 329..337;
const DEVICE_MINOR: Range<usize> = 337..345;
const PREFIX: Range<usize> = 345..500;
const AFTER_USTAR: Range<usize> = 500..512;
const AFTER_GNU: Range<usize> = 345..512;

/// The type flags that are accepted: files (two flags), folders, symbolic links; PAX, global PAX,
/// GNU long name and long link.
const ALLOWED_TYPES: &[u8] = b"0\x0052xgLK";

const POSIX: &[u8] = b"ustar\x0000";
const GNU: &[u8] = b"ustar  \x00";

/// The fields of a header block.
pub(super) struct Header {
    /// The type flag.
    pub(super) type_flag: u8,
    /// The name, including the ustar prefix.
    pub(super) name: Vec<u8>,
    /// The target of a link.
    pub(super) link: Vec<u8>,
    /// The size of the content in bytes; `None` if it is not written in octal digits.
    pub(super) size: Option<u64>,
    /// The permissions and, in some archives, the bits of the file type above them.
    pub(super) mode: u64,
}

impl Header {
    /// Reads `block`, the header of the entry with the given number.
    pub(super) fn parse(block: &[u8; BLOCK], entry: u64) -> Result<Self, ArchiveError> {
        let magic = field(block, &MAGIC);
        let written = octal(field(block, &CHECKSUM));
        if written != Some(checksum(block)) {
            let is_tar = entry > 1 || magic == POSIX || magic == GNU;
            return Err(if is_tar {
                ArchiveError::HeaderChecksum { entry }
            } else {
                ArchiveError::NotTar
            });
        }
        // Sparse entries use the header's bytes in their own ways, so the type is checked first.
        let type_flag = block[TYPE];
        if !ALLOWED_TYPES.contains(&type_flag) {
            let name = field(block, &NAME);
            let end = name.iter().position(|byte| *byte == 0);
            let name = name.get(..end.unwrap_or(name.len()));
            return Err(refused_type(type_flag, name.unwrap_or_default()));
        }
        Self::parse_fields(block, magic)
            .map_err(|reason| ArchiveError::HeaderAmbiguous { entry, reason })
    }

    fn parse_fields(block: &[u8; BLOCK], magic: &[u8]) -> Result<Self, &'static str> {
        let prefix = match magic {
            // Star has other fields there, GNU tar has times and sparse maps of incremental dumps;
            // some readers append them to the name.
            POSIX if !is_zero(field(block, &AFTER_USTAR)) => return Err("star fields"),
            GNU if !is_zero(field(block, &AFTER_GNU)) => return Err("incremental dump fields"),
            POSIX => text(field(block, &PREFIX))?,
            GNU => &[],
            _ => return Err("it is neither POSIX nor GNU tar"),
        };
        // Common tools write large user ids and old times in binary, and no reader takes a name or
        // a size from them.
        for range in [UID, GID, MTIME] {
            let number = field(block, &range);
            // Binary numbers come from GNU tar, which writes times before 1970 as negative ones.
            let is_past = magic == GNU && range == MTIME && is_negative_binary(number);
            if !is_blank(number) && octal(number).is_none() && !is_binary(number) && !is_past {
                return Err("a number is malformed");
            }
        }
        for range in [DEVICE_MAJOR, DEVICE_MINOR] {
            let number = field(block, &range);
            if !is_blank(number) && octal(number).is_none() {
                return Err("a device number is malformed");
            }
        }
        let mode = field(block, &MODE);
        let mode = if is_blank(mode) { Some(0) } else { octal(mode) };
        let name = text(field(block, &NAME))?;
        let joined = match prefix {
            [] => name.to_owned(),
            prefix => [prefix, name].join(&b'/'),
        };
        Ok(Self {
            type_flag: block[TYPE],
            name: joined,
            link: text(field(block, &LINK))?.to_owned(),
            size: octal(field(block, &SIZE)),
            mode: mode.ok_or("its mode is malformed")?,
        })
    }
}

/// Returns whether all of `bytes` are zero.
pub(super) fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// Returns the refusal of an entry with this type.
pub(super) fn refused_type(type_flag: u8, name: &[u8]) -> ArchiveError {
    let entry = EscapedName::bytes(name);
    let kind = match type_flag {
        b'1' => return ArchiveError::HardLink(entry),
        b'S' => return ArchiveError::Sparse(entry),
        b'3' => "a character device",
        b'4' => "a block device",
        b'6' => "a named pipe",
        b'7' => "a contiguous file",
        b'D' => "a folder of an incremental dump",
        b'M' => "the rest of a file from another volume",
        b'V' => "a volume label",
        other => {
            return ArchiveError::EntryType {
                entry,
                kind: format!("of the unknown type `{}`", other.escape_ascii()),
            };
        }
    };
    ArchiveError::EntryType {
        entry,
        kind: kind.to_owned(),
    }
}

fn field<'b>(block: &'b [u8; BLOCK], range: &Range<usize>) -> &'b [u8] {
    block.get(range.clone()).unwrap_or_default()
}

/// Computes the sum of all bytes, with the checksum field itself counted as spaces.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    sum(block) - sum(field(block, &CHECKSUM)) + 8 * u64::from(b' ')
}

/// Returns the text before the padding; refuses other bytes than NUL after a NUL.
fn text(field: &[u8]) -> Result<&[u8], &'static str> {
    let end = field.iter().position(|byte| *byte == 0);
    let (text, padding) = field.split_at(end.unwrap_or(field.len()));
    if is_zero(padding) {
        Ok(text)
    } else {
        Err("a name holds a NUL byte")
    }
}

fn is_blank(field: &[u8]) -> bool {
    field.iter().all(|byte| matches!(byte, 0 | b' '))
}

/// Reads the number in an octal field: spaces, digits, then only spaces and NULs.
fn octal(field: &[u8]) -> Option<u64> {
    let start = field.iter().position(|byte| *byte != b' ')?;
    let digits = field.get(start..)?;
    let end = digits
        .iter()
        .position(|byte| !matches!(byte, b'0'..=b'7'))
        .unwrap_or(digits.len());
    let (digits, padding) = digits.split_at(end);
    if digits.is_empty() || !is_blank(padding) {
        return None;
    }
    // Twelve octal digits are 36 bits: no overflow.
    Some(
        digits
            .iter()
            .fold(0, |sum, digit| sum * 8 + u64::from(digit - b'0')),
    )
}

/// Returns whether `field` is a number in base 256 that is not negative and fits in 63 bits.
fn is_binary(field: &[u8]) -> bool {
    let Some((0x80, digits)) = field.split_first() else {
        return false;
    };
    let (high, low) = digits.split_at(digits.len().saturating_sub(8));
    is_zero(high) && (digits.len() < 8 || low.first().is_none_or(|byte| *byte < 0x80))
}

/// Returns whether `field` is a negative number in base 256 that fits in 64 bits.
fn is_negative_binary(field: &[u8]) -> bool {
    let (high, low) = field.split_at(field.len().saturating_sub(8));
    high.iter().all(|byte| *byte == 0xff) && low.first().is_some_and(|byte| *byte >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_digits_and_padding() {
        for (field, number) in [
            (&b"0000644\0"[..], Some(0o644)),
            (b"000644 \0", Some(0o644)),
            (b"  644 \0\0", Some(0o644)),
            (b"77777777", Some(0o77_777_777)),
            (b"\0\0\0\0\0\0\0\0", None),
            (b"        ", None),
            (b"0000648\0", None),
            (b"-000644\0", None),
            (b"64\x004\0\0\0\0", None),
            (b"0o644\0\0\0", None),
            (b"\x80\0\0\0\0\0\0\x01", None),
        ] {
            assert_eq!(octal(field), number, "{field:?}");
        }
    }

    #[test]
    fn binary_numbers_are_neither_negative_nor_huge() {
        assert!(is_binary(b"\x80\0\0\0\x7f\xff\xff\xff"));
        assert!(is_binary(b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"));
        assert!(!is_binary(b"\x80\0\0\0\x80\0\0\0\0\0\0\0"));
        assert!(!is_binary(b"\x80\0\0\x01\0\0\0\0\0\0\0\0"));
        assert!(!is_binary(b"\xff\xff\xff\xff\xff\xff\xff\xff"));
        assert!(is_negative_binary(&[0xff; 12]));
        assert!(is_negative_binary(b"\xff\xff\xff\xff\x80\0\0\0\0\0\0\0"));
        assert!(!is_negative_binary(b"\xff\xff\xff\xff\x7f\0\0\0\0\0\0\0"));
        assert!(!is_negative_binary(b"\x80\xff\xff\xff\x80\0\0\0\0\0\0\0"));
    }

    #[test]
    fn nothing_follows_a_nul_in_a_name() {
        assert_eq!(text(b"main.tf\0\0"), Ok(&b"main.tf"[..]));
        assert_eq!(text(b"main.tf"), Ok(&b"main.tf"[..]));
        assert!(text(b"main\0.tf").is_err());
    }
}
