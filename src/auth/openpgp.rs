//! OpenPGP as terraform needs it: one public key, and detached signatures of lists of checksums.
//!
//! Source: `tests/fixtures/contracts/provider-registry-protocol.toml#signature`,
//! `tests/fixtures/contracts/threats.toml#T17`. A private key is refused before it is read: nothing
//! of its text is stored or shown.

use std::io::Cursor;

use pgp::composed::{ArmorOptions, Deserializable, SignedPublicKey};
use pgp::packet::{Packet, PacketParser, Signature, SignatureType};
use pgp::types::{KeyDetails, KeyVersion, PublicParams, Tag};

use crate::domain::KeyId;

/// The most bytes of an armored key, since it must fit into a row.
const MAX_KEY_BYTES: usize = 24 * 1024;
/// The most bytes of a signature.
pub const MAX_SIGNATURE_BYTES: usize = 4 * 1024;

const BEGIN: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
const END: &str = "-----END PGP PUBLIC KEY BLOCK-----";
/// The most characters of a line of armor.
const ARMOR_LINE: usize = 76;

/// Why a text is not a public key that providers can be signed with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is a private key. Whoever sent it must learn that it has left their machine.
    #[error(
        "this is a private key; it was not stored, but consider it known to others. Send the public one: gpg --armor --export KEY-ID"
    )]
    Private,
    /// The text is not armored.
    #[error(
        "this is not an armored public key; it begins with `{BEGIN}`, as `gpg --armor --export KEY-ID` prints it"
    )]
    NotArmored,
    /// There is other text before or after the key.
    #[error(
        "there is other text before or after the key; send only what lies between `{BEGIN}` and `{END}`, with these two lines"
    )]
    OtherText,
    /// The text holds more than one key.
    #[error("there are several keys in this text; send one at a time: gpg --armor --export KEY-ID")]
    Several,
    /// The key has too many bytes.
    #[error(
        "this key is larger than {MAX_KEY_BYTES} bytes; send it without the signatures of others: gpg --armor --export-options export-minimal --export KEY-ID"
    )]
    TooLarge,
    /// The key cannot be read.
    #[error("this key cannot be read; export it again with `gpg --armor --export KEY-ID`")]
    Malformed,
    /// The key has a version that clients do not read.
    #[error(
        "terraform reads OpenPGP keys of version 4 only; make an RSA key: gpg --quick-gen-key NAME rsa4096"
    )]
    Version,
}

/// Why a signature of a list of checksums is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The signature is armored text instead of bytes.
    #[error(
        "the signature is armored, which terraform does not read; make a binary one: gpg --detach-sign, without --armor"
    )]
    Armored,
    /// The bytes are not a signature, or more than one.
    #[error(
        "this is not one detached OpenPGP signature; make it with gpg --detach-sign FILE_SHA256SUMS"
    )]
    Malformed,
    /// The signature is one of text, which ignores line endings.
    #[error(
        "the signature was made in text mode; make one of the bytes: gpg --detach-sign, without --textmode"
    )]
    TextMode,
    /// The signature is by another key.
    #[error("the signature is by the key {found}, and this version is bound to the key {expected}")]
    OtherKey {
        /// The key that made the signature.
        found: String,
        /// The key that should have made it.
        expected: KeyId,
    },
    /// The signature is by this key, but of other content.
    #[error(
        "the signature by the key {0} does not fit this SHA256SUMS; sign the very file that you send"
    )]
    Wrong(KeyId),
}

/// A public key with its subkeys.
#[derive(Debug, Clone)]
pub struct PublicKey(SignedPublicKey);

impl PublicKey {
    /// Reads an armored public key. The text is one that every client reads as it is: it may have
    /// line breaks of Windows, headers, and empty lines around it, but no other text.
    pub fn parse(armored: &str) -> Result<Self, KeyError> {
        if armored.contains("PRIVATE KEY") {
            return Err(KeyError::Private);
        }
        if armored.len() > MAX_KEY_BYTES {
            return Err(KeyError::TooLarge);
        }
        let text = armored.trim();
        if !text.starts_with(BEGIN) {
            return Err(KeyError::NotArmored);
        }
        if text.matches("-----BEGIN").count() != 1 {
            return Err(KeyError::Several);
        }
        if !text.ends_with(END) {
            return Err(KeyError::OtherText);
        }
        if !is_plain_armor(text) {
            return Err(KeyError::Malformed);
        }
        let (mut keys, _) =
            SignedPublicKey::from_string_many(text).map_err(|_| KeyError::Malformed)?;
        let key = keys.next().ok_or(KeyError::Malformed)?;
        match keys.next() {
            None => {}
            Some(Ok(_)) => return Err(KeyError::Several),
            Some(Err(_)) => return Err(KeyError::Malformed),
        }
        drop(keys);
        let key = key.map_err(|_| KeyError::Malformed)?;
        if key.primary_key.version() != KeyVersion::V4 {
            return Err(KeyError::Version);
        }
        let read = Self(key);
        if !read.is_signed_by_itself() {
            return Err(KeyError::Malformed);
        }
        Ok(read)
    }

    /// Returns whether the key has a valid signature by itself. Go's readers require one, and a
    /// damaged key has none.
    fn is_signed_by_itself(&self) -> bool {
        let (primary, details) = (&self.0.primary_key, &self.0.details);
        details.users.iter().any(|user| {
            let mut signatures = user.signatures.iter();
            signatures.any(|it| {
                it.verify_certification(primary, Tag::UserId, &user.id)
                    .is_ok()
            })
        })
    }

    pub(super) fn of(key: SignedPublicKey) -> Self {
        Self(key)
    }

    /// Returns the key id.
    ///
    /// # Panics
    ///
    /// Never: eight bytes are sixteen digits.
    pub fn key_id(&self) -> KeyId {
        let digits = hex(self.0.primary_key.legacy_key_id().as_ref());
        digits.parse().expect("eight bytes are sixteen digits")
    }

    /// Returns the fingerprint, in upper-case hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        hex(self.0.primary_key.fingerprint().as_bytes())
    }

    /// Returns the algorithm and length of the key, such as `RSA 4096`.
    pub fn algorithm(&self) -> String {
        match self.0.primary_key.public_params() {
            PublicParams::RSA(_) => "RSA".to_owned(),
            PublicParams::DSA(_) => "DSA".to_owned(),
            PublicParams::EdDSALegacy(_) | PublicParams::Ed25519(_) => "Ed25519".to_owned(),
            PublicParams::ECDSA(_) => "ECDSA".to_owned(),
            PublicParams::ECDH(_)
            | PublicParams::Elgamal(_)
            | PublicParams::X25519(_)
            | PublicParams::X448(_)
            | PublicParams::Ed448(_)
            | PublicParams::Unknown { .. } => format!("{:?}", self.0.primary_key.algorithm()),
        }
    }

    /// Returns whether clients before Terraform 1.6 read the key: they know RSA and DSA only, and
    /// fail at the first key that they do not know.
    pub fn is_for_all_clients(&self) -> bool {
        let subkeys = self
            .0
            .public_subkeys
            .iter()
            .map(|it| it.key.public_params());
        let mut all = subkeys.chain([self.0.primary_key.public_params()]);
        all.all(|it| {
            matches!(
                it,
                PublicParams::RSA(_) | PublicParams::DSA(_) | PublicParams::Elgamal(_)
            )
        })
    }

    /// Returns the key as armored text; `None` if it cannot be written.
    pub fn armored(&self) -> Option<String> {
        self.0.to_armored_string(ArmorOptions::default()).ok()
    }

    /// Checks that `signature` is a binary detached signature of `data` by this key, or by one of
    /// its subkeys that may sign.
    pub fn verify(&self, data: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let signature = read_signature(signature)?;
        let primary = &self.0.primary_key;
        if signature.verify(primary, data).is_ok() {
            return Ok(());
        }
        let mut ids = vec![hex(primary.legacy_key_id().as_ref())];
        for subkey in &self.0.public_subkeys {
            ids.push(hex(subkey.key.legacy_key_id().as_ref()));
            let may_sign = subkey.signatures.iter().any(|it| it.key_flags().sign());
            if may_sign
                && subkey.verify_bindings(primary).is_ok()
                && signature.verify(&subkey.key, data).is_ok()
            {
                return Ok(());
            }
        }
        match issuer(&signature) {
            Some(found) if !ids.contains(&found) => Err(SignatureError::OtherKey {
                found,
                expected: self.key_id(),
            }),
            _ => Err(SignatureError::Wrong(self.key_id())),
        }
    }
}

/// Returns whether all lines of an armored text have the form that every client reads: headers with
/// a name and a value, an empty line, and lines of base 64.
fn is_plain_armor(text: &str) -> bool {
    let mut lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let is_begin = lines.next().is_some_and(|line| line.trim_end() == BEGIN);
    let is_header = |line: &str| {
        let line = line.trim();
        !line.is_empty() && line.contains(": ")
    };
    let headers = lines.clone().take_while(|line| is_header(line)).count();
    let mut lines = lines.skip(headers);
    let is_empty = lines.next().is_some_and(|line| line.trim().is_empty());
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    let is_body = |line: &str| {
        line == END || ((1..=ARMOR_LINE).contains(&line.len()) && line.bytes().all(is_digit))
    };
    is_begin && is_empty && lines.all(is_body)
}

/// Returns the id of the key that a signature names as its maker; `None` if it names none.
pub fn signer(signature: &[u8]) -> Result<Option<KeyId>, SignatureError> {
    let signature = read_signature(signature)?;
    Ok(issuer(&signature).and_then(|id| id.parse().ok()))
}

fn issuer(signature: &Signature) -> Option<String> {
    let id = signature.issuer_key_id().first().map(|id| hex(id.as_ref()));
    id.or_else(|| {
        let fingerprint = signature.issuer_fingerprint();
        let digits = hex(fingerprint.first()?.as_bytes());
        digits
            .get(digits.len().checked_sub(16)?..)
            .map(str::to_owned)
    })
}

/// Reads the one signature that these bytes hold.
fn read_signature(bytes: &[u8]) -> Result<Signature, SignatureError> {
    if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
        return Err(SignatureError::Armored);
    }
    if bytes.len() > MAX_SIGNATURE_BYTES {
        return Err(SignatureError::Malformed);
    }
    let mut packets = PacketParser::new(Cursor::new(bytes));
    let (first, second) = (packets.next(), packets.next());
    let (Some(Ok(Packet::Signature(signature))), None) = (first, second) else {
        return Err(SignatureError::Malformed);
    };
    match signature.typ() {
        Some(SignatureType::Binary) => Ok(signature),
        Some(SignatureType::Text) => Err(SignatureError::TextMode),
        _ => Err(SignatureError::Malformed),
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXUPPER.encode(bytes)
}
