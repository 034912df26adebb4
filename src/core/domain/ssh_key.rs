//! SSH keys that an organization stores for access to repositories. The private key is a secret and
//! not here.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use super::{OrganizationId, ShortText, SshKeyId, Timestamp};

/// An SSH key without its private part, which is in a file of its own; see `storage::secrets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SshKey {
    /// The id.
    pub id: SshKeyId,
    /// The organization that the key belongs to.
    pub organization: OrganizationId,
    /// The name.
    pub name: ShortText,
    /// Why ssh cannot read the private key; `None` if it can.
    #[serde(default)]
    pub defect: Option<SshKeyDefect>,
    /// When the key was stored.
    pub created_at: Timestamp,
}

/// Why ssh cannot use a text as a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SshKeyDefect {
    /// It is the public part of a key.
    #[error("this is a public key, and ssh needs the private one")]
    Public,
    /// It is no private key in PEM or OpenSSH format.
    #[error(
        "this is no private key in a form that ssh can read: it is a text from `-----BEGIN … PRIVATE KEY-----` to `-----END … PRIVATE KEY-----`"
    )]
    NotAKey,
    /// It can only be read with a passphrase.
    #[error("this key has a passphrase, for which ssh asks in vain here: store a key without one")]
    Passphrase,
}

impl SshKeyDefect {
    /// Returns why ssh cannot use `text` as a private key; `None` if it looks like one that it can
    /// use. Only the form is checked: which server takes the key is not known here.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_public = [
            "ssh-",
            "ecdsa-",
            "sk-ssh-",
            "sk-ecdsa-",
            "---- BEGIN SSH2 PUBLIC",
        ];
        if is_public.iter().any(|start| text.starts_with(start)) || text.contains("PUBLIC KEY-----")
        {
            return Some(Self::Public);
        }
        let mut lines = text.lines().map(str::trim_end);
        let label = lines.next().and_then(|line| {
            let label = line.strip_prefix("-----BEGIN ")?.strip_suffix("-----")?;
            label.ends_with("PRIVATE KEY").then_some(label)
        });
        let Some(label) = label else {
            return Some(Self::NotAKey);
        };
        let (mut body, mut is_closed, mut has_passphrase) = (String::new(), false, false);
        for line in lines {
            if line
                .strip_prefix("-----END ")
                .and_then(|end| end.strip_suffix("-----"))
                == Some(label)
            {
                is_closed = true;
            } else if line.contains(':') {
                has_passphrase |= line.contains("ENCRYPTED");
            } else {
                body.push_str(line);
            }
        }
        let Ok(bytes) = BASE64.decode(body.as_bytes()) else {
            return Some(Self::NotAKey);
        };
        if !is_closed || bytes.is_empty() {
            return Some(Self::NotAKey);
        }
        if label == "OPENSSH PRIVATE KEY" {
            return Self::of_openssh(&bytes);
        }
        (has_passphrase || label.starts_with("ENCRYPTED")).then_some(Self::Passphrase)
    }

    /// Looks at the beginning of a key in the format of OpenSSH: its mark, and the name of the
    /// cipher, which is `none` without a passphrase.
    fn of_openssh(bytes: &[u8]) -> Option<Self> {
        let Some(rest) = bytes.strip_prefix(b"openssh-key-v1\0") else {
            return Some(Self::NotAKey);
        };
        if rest.starts_with(b"\0\0\0\x04none") {
            None
        } else {
            Some(Self::Passphrase)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(label: &str, body: &str) -> String {
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    }

    #[test]
    fn what_ssh_cannot_read_is_found() {
        let openssh = |cipher: &str| {
            let mut bytes = b"openssh-key-v1\0\0\0\0".to_vec();
            bytes.push(u8::try_from(cipher.len()).expect("a short name"));
            bytes.extend(cipher.as_bytes());
            pem("OPENSSH PRIVATE KEY", &BASE64.encode(&bytes))
        };
        let plain = openssh("none");
        let old = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nc2VjcmV0";
        for (text, expected) in [
            (plain.clone(), None),
            (plain.replace('\n', "\r\n"), None),
            (format!("\n{}", plain.trim()), None),
            (pem("RSA PRIVATE KEY", "c2VjcmV0"), None),
            (pem("PRIVATE KEY", "c2Vj\ncmV0"), None),
            (openssh("aes256-ctr"), Some(SshKeyDefect::Passphrase)),
            (pem("RSA PRIVATE KEY", old), Some(SshKeyDefect::Passphrase)),
            (
                pem("ENCRYPTED PRIVATE KEY", "c2VjcmV0"),
                Some(SshKeyDefect::Passphrase),
            ),
            (
                "ssh-ed25519 AAAA me@here".to_owned(),
                Some(SshKeyDefect::Public),
            ),
            (pem("PUBLIC KEY", "c2VjcmV0"), Some(SshKeyDefect::Public)),
            ("SSH-KEY-CONTENT".to_owned(), Some(SshKeyDefect::NotAKey)),
            (
                pem("OPENSSH PRIVATE KEY", "c2VjcmV0"),
                Some(SshKeyDefect::NotAKey),
            ),
            (
                pem("RSA PRIVATE KEY", "not base64!"),
                Some(SshKeyDefect::NotAKey),
            ),
            (pem("RSA PRIVATE KEY", ""), Some(SshKeyDefect::NotAKey)),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0".to_owned(),
                Some(SshKeyDefect::NotAKey),
            ),
        ] {
            assert_eq!(SshKeyDefect::of(&text), expected, "{text}");
        }
    }
}
