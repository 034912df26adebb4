//! Secrets: a key that is never shown, and reading secrets from files that only their owner can
//! read.

use std::fmt;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::str::FromStr;

use data_encoding::HEXLOWER_PERMISSIVE;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::raw::Raw;
use super::setting::{Setting, quoted};
use crate::files::{LocalFileError, open_file};

/// The most bytes of a secret. A larger file is not a secret.
const MAX_SECRET_BYTES: u64 = 1 << 20;

/// 32 secret bytes, written as 64 hexadecimal digits, displayed as `***` and wiped when dropped.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

/// The error for a text that is not 64 hexadecimal digits. The text itself is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not 64 hexadecimal digits")]
pub struct SecretKeyError;

impl SecretKey {
    /// Returns the bytes, to sign with.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for SecretKey {
    type Err = SecretKeyError;

    fn from_str(text: &str) -> Result<Self, SecretKeyError> {
        let mut key = Zeroizing::new([0; 32]);
        // The length is checked first, because decoding writes to the end of its buffer.
        if text.len() != 2 * key.len() {
            return Err(SecretKeyError);
        }
        HEXLOWER_PERMISSIVE
            .decode_mut(text.as_bytes(), key.as_mut_slice())
            .map_err(|_| SecretKeyError)?;
        Ok(Self(key))
    }
}

impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Setting for SecretKey {
    const EXPECTED: &'static str = "64 hexadecimal digits, such as `openssl rand -hex 32` prints";

    fn read(raw: &Raw) -> Result<Self, String> {
        let text = raw.text().ok_or("it is not text")?;
        text.parse()
            .map_err(|error: SecretKeyError| error.to_string())
    }

    fn written(&self) -> Option<String> {
        Some(quoted("***"))
    }
}

/// Who may read a secret file besides its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Only the owner.
    OwnerOnly,
    /// The file's group, which is usual for TLS keys that several services share.
    OwnerAndGroup,
}

/// Why a secret file is refused.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// The file cannot be read.
    #[error("{path} cannot be read")]
    Read {
        /// The file.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The path leads to something else than a file.
    #[error(transparent)]
    NotAFile(LocalFileError),
    /// Too many users can read the file.
    #[error("{path} can be read by others (mode {mode:04o})")]
    TooOpen {
        /// The file.
        path: String,
        /// The permission bits.
        mode: u32,
    },
    /// The file is too large for a secret.
    #[error("{path} is larger than a secret can be")]
    TooLarge {
        /// The file.
        path: String,
    },
}

/// Reads a secret from a file. Refuses a file that others than `readers` could read, too.
pub fn read_secret_file(
    path: &Path,
    readers: Readers,
) -> Result<Zeroizing<Vec<u8>>, SecretFileError> {
    let shown = path.display().to_string();
    let unreadable = |source| SecretFileError::Read {
        path: path.display().to_string(),
        source,
    };
    // The open file is checked, so that nobody can replace it between check and reading.
    let (file, metadata) = open_file(path).map_err(|error| match error {
        LocalFileError::Read { source, .. } => unreadable(source),
        other @ (LocalFileError::NotAFile { .. }
        | LocalFileError::TooLarge { .. }
        | LocalFileError::NotText { .. }) => SecretFileError::NotAFile(other),
    })?;
    let mode = metadata.permissions().mode() & 0o7777;
    let forbidden = match readers {
        Readers::OwnerOnly => 0o077,
        Readers::OwnerAndGroup => 0o027,
    };
    if mode & forbidden != 0 {
        return Err(SecretFileError::TooOpen { path: shown, mode });
    }
    if metadata.len() > MAX_SECRET_BYTES {
        return Err(SecretFileError::TooLarge { path: shown });
    }
    // The buffer has room for everything from the start, so that growing it leaves no copy behind.
    let room = usize::try_from(metadata.len()).unwrap_or_default();
    let mut secret = Zeroizing::new(Vec::with_capacity(room + 1));
    file.take(MAX_SECRET_BYTES)
        .read_to_end(&mut secret)
        .map_err(unreadable)?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t33_a_key_never_shows() {
        let text = "0123456789abcdef".repeat(4);
        let key: SecretKey = text.parse().unwrap();
        assert_eq!(key.expose()[..2], [0x01, 0x23]);
        assert_eq!(format!("{key:?}"), "***");
        assert_eq!(key.written().as_deref(), Some("\"***\""));
        for bad in [
            "",
            "00",
            &text[1..],
            &text.replace('0', "g"),
            &format!("{text}00"),
        ] {
            assert_eq!(bad.parse::<SecretKey>(), Err(SecretKeyError));
        }
        let refused = SecretKey::read(&Raw::bare("hunter2")).unwrap_err();
        assert!(!refused.contains("hunter2"));
    }

    #[test]
    fn t57_a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "secret").unwrap();
        let readable = |mode, readers| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            read_secret_file(&path, readers).is_ok()
        };
        assert!(readable(0o600, Readers::OwnerOnly));
        assert!(readable(0o400, Readers::OwnerOnly));
        for mode in [0o640, 0o604, 0o620, 0o644, 0o601] {
            assert!(!readable(mode, Readers::OwnerOnly), "{mode:o}");
        }
        assert!(readable(0o640, Readers::OwnerAndGroup));
        for mode in [0o660, 0o644, 0o602] {
            assert!(!readable(mode, Readers::OwnerAndGroup), "{mode:o}");
        }
        assert!(read_secret_file(&folder.path().join("none"), Readers::OwnerOnly).is_err());
    }
}
