//! SHA256SUMS: the list of the files of a provider's version, with their checksums.
//!
//! Source: `tests/fixtures/contracts/provider-registry-protocol.toml#checksums`: one `HEX
//! FILENAME` in each line and nothing else, since clients ignore the whole list if one line has
//! another form. `tests/fixtures/contracts/threats.toml#T16`.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Sha256;

/// The most bytes that a list may have, since it is stored in a row.
pub const MAX_CHECKSUMS_BYTES: usize = 16 * 1024;

/// Why a text is not a list of checksums.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChecksumsError {
    /// The bytes are not text, or there are none.
    #[error(
        "this is not a SHA256SUMS file: it is a text with `HEX  FILENAME` in each line, as `sha256sum *.zip` prints it"
    )]
    NotText,
    /// The list has too many bytes.
    #[error("SHA256SUMS has at most {MAX_CHECKSUMS_BYTES} bytes")]
    TooLarge,
    /// One line has another form.
    #[error(
        "line {line} of SHA256SUMS is not `HEX  FILENAME`: 64 hexadecimal digits, two spaces and a file name without a folder"
    )]
    Line {
        /// The number of the line, counted from 1.
        line: usize,
    },
    /// A file is listed twice.
    #[error("line {line} of SHA256SUMS names a file again; each is listed once")]
    Twice {
        /// The number of the second line, counted from 1.
        line: usize,
    },
}

/// The checksums of some files, by file name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checksums(BTreeMap<String, Sha256>);

impl Checksums {
    /// Reads a list.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChecksumsError> {
        if bytes.len() > MAX_CHECKSUMS_BYTES {
            return Err(ChecksumsError::TooLarge);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ChecksumsError::NotText)?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        if text.is_empty() {
            return Err(ChecksumsError::NotText);
        }
        let mut sums = BTreeMap::new();
        for (number, text) in text.split('\n').enumerate() {
            let line = number + 1;
            let (sum, name) = parse_line(text).ok_or(ChecksumsError::Line { line })?;
            if sums.insert(name.to_owned(), sum).is_some() {
                return Err(ChecksumsError::Twice { line });
            }
        }
        Ok(Self(sums))
    }

    /// Returns the checksum of a file; `None` if it is not listed.
    pub fn of(&self, name: &str) -> Option<Sha256> {
        self.0.get(name).copied()
    }

    /// Iterates over all files and their checksums, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Sha256)> {
        self.0.iter().map(|(name, sum)| (name.as_str(), *sum))
    }

    /// Writes the list as text.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (name, sum) in &self.0 {
            // Writing to a `String` cannot fail.
            let _written = writeln!(text, "{sum}  {name}");
        }
        text
    }
}

impl FromIterator<(String, Sha256)> for Checksums {
    fn from_iter<T: IntoIterator<Item = (String, Sha256)>>(sums: T) -> Self {
        Self(sums.into_iter().collect())
    }
}

fn parse_line(line: &str) -> Option<(Sha256, &str)> {
    let (sum, name) = line.split_at_checked(64)?;
    let name = name.strip_prefix("  ")?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+~".contains(&byte);
    let fits = name.bytes().all(is_plain) && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let sum = sum.parse().ok()?;
    (fits && name.len() <= 255).then_some((sum, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t16_a_list_is_lines_of_sums_and_names_and_nothing_else() {
        let sum = Sha256::of(b"x");
        let good = format!("{sum}  b.zip\n{sum}  a_1.0.0+b.zip\n");
        let sums = Checksums::parse(good.as_bytes()).expect("a list");
        assert_eq!(sums.of("b.zip"), Some(sum));
        assert_eq!(sums.of("c.zip"), None);
        assert_eq!(sums.to_text().lines().count(), 2);
        assert!(Checksums::parse(good.trim_end().as_bytes()).is_ok());
        for bad in [
            String::new(),
            "\n".to_owned(),
            format!("{sum} a.zip\n"),
            format!("{sum} *a.zip\n"),
            format!("{sum}  ../a.zip\n"),
            format!("{sum}  dist/a.zip\n"),
            format!("{sum}  \n"),
            format!("{sum}  a.zip\r\n"),
            format!("{sum}  a.zip\n\n"),
            format!("# sums\n{sum}  a.zip\n"),
            format!("{sum}  a.zip\n{sum}  a.zip\n"),
            format!("{}  a.zip\n", "ab".repeat(20)),
            format!("{sum}  a b.zip\n"),
        ] {
            assert!(Checksums::parse(bad.as_bytes()).is_err(), "{bad:?}");
        }
        assert_eq!(Checksums::parse(&[0xff; 80]), Err(ChecksumsError::NotText));
        let long = vec![b'a'; MAX_CHECKSUMS_BYTES + 1];
        assert_eq!(Checksums::parse(&long), Err(ChecksumsError::TooLarge));
    }
}
