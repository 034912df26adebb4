//! The key with which the registry signs providers for publishers who have no key of their own.
//!
//! The key is RSA, since clients before Terraform 1.6 read nothing newer
//! (`tests/fixtures/contracts/provider-registry-protocol.toml#algorithms`).

use pgp::composed::{
    Deserializable, DetachedSignature, KeyDetails, KeyType, SecretKeyParamsBuilder, SignedSecretKey,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Features, KeyFlags, SecretKey, UserId};
use pgp::ser::Serialize;
use pgp::types::{PacketHeaderVersion, Password};
use rand::rngs::OsRng;
use zeroize::Zeroizing;

use super::PublicKey;

/// The length of a new key, in bits.
const BITS: u32 = 4096;

/// An error with a signing key. It is never a caller's fault.
#[derive(Debug, thiserror::Error)]
#[error("the registry's signing key cannot be {what}")]
pub struct SigningKeyError {
    what: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

fn cannot<E: std::error::Error + Send + Sync + 'static>(
    what: &'static str,
) -> impl Fn(E) -> SigningKeyError {
    move |error| SigningKeyError {
        what,
        source: Box::new(error),
    }
}

/// A private key that belongs to nobody yet. It can be made before anybody needs it, which takes
/// some seconds of processor time; all that follows takes a moment.
pub struct UnnamedKey(SecretKey);

impl std::fmt::Debug for UnnamedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UnnamedKey(***)")
    }
}

impl UnnamedKey {
    /// Generates a new key, which takes some seconds of processor time.
    pub fn generate() -> Result<Self, SigningKeyError> {
        let mut parameters = SecretKeyParamsBuilder::default();
        parameters.key_type(KeyType::Rsa(BITS));
        let parameters = parameters.build().map_err(cannot("made"))?;
        let key = parameters.generate(OsRng).map_err(cannot("made"))?;
        Ok(Self(key.primary_key))
    }

    /// Makes it the key of the owner that `user_id` names.
    #[expect(
        clippy::default_trait_access,
        reason = "the type is of a crate that is no dependency of this one"
    )]
    pub fn named(self, user_id: &str) -> Result<SigningKey, SigningKeyError> {
        let user = UserId::from_str(PacketHeaderVersion::default(), user_id);
        let mut flags = KeyFlags::default();
        flags.set_certify(true);
        flags.set_sign(true);
        let mut features = Features::default();
        features.set_seipd_v1(true);
        let details = KeyDetails::new(
            Some(user.map_err(cannot("made"))?),
            Vec::new(),
            Vec::new(),
            flags,
            features,
            Default::default(),
            Default::default(),
            Default::default(),
            Default::default(),
        );
        let (key, password) = (self.0, Password::empty());
        let details = details.sign(OsRng, &key, key.public_key(), &password);
        let details = details.map_err(cannot("made"))?;
        let signed = SignedSecretKey::new(key, details, Vec::new(), Vec::new());
        Ok(SigningKey(signed))
    }
}

/// The private key that the registry signs with.
pub struct SigningKey(SignedSecretKey);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

impl SigningKey {
    /// Reads a key from the bytes that [`SigningKey::to_bytes`] returned.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SigningKeyError> {
        SignedSecretKey::from_bytes(bytes)
            .map(Self)
            .map_err(cannot("read"))
    }

    /// Returns the key as bytes, to be stored as a secret.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, SigningKeyError> {
        self.0
            .to_bytes()
            .map(Zeroizing::new)
            .map_err(cannot("written"))
    }

    /// Returns the public part.
    pub fn public(&self) -> PublicKey {
        PublicKey::of(self.0.to_public_key())
    }

    /// Makes a binary detached signature of `data`.
    pub fn sign(&self, data: &[u8]) -> Result<Vec<u8>, SigningKeyError> {
        let (key, password) = (&self.0.primary_key, Password::empty());
        let made =
            DetachedSignature::sign_binary_data(OsRng, key, &password, HashAlgorithm::Sha256, data);
        let signature = made.map_err(cannot("used"))?;
        signature.to_bytes().map_err(cannot("used"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{KeyError, SignatureError};

    #[test]
    fn t17_what_the_registry_signs_verifies_and_nothing_else_does() {
        let key = UnnamedKey::generate().expect("made");
        let key = key.named("A test <test@example.com>").expect("named");
        let key = SigningKey::from_bytes(&key.to_bytes().expect("written")).expect("read");
        let signature = key.sign(b"sums").expect("signed");
        let armored = key.public().armored().expect("a text");
        let public = PublicKey::parse(&armored).expect("its public part is one");
        assert_eq!(public.verify(b"sums", &signature), Ok(()));
        let id = public.key_id();
        assert_eq!(
            public.verify(b"other", &signature),
            Err(SignatureError::Wrong(id.clone()))
        );
        assert!(public.is_for_all_clients());
        assert!(public.fingerprint().ends_with(id.as_str()));
        for bytes in [&b""[..], b"garbage", &signature.repeat(2)] {
            assert_eq!(
                public.verify(b"sums", bytes),
                Err(SignatureError::Malformed)
            );
        }
        let text = b"-----BEGIN PGP SIGNATURE-----\n";
        assert_eq!(public.verify(b"sums", text), Err(SignatureError::Armored));
        let parse = |text: &str| PublicKey::parse(text).map(|key| key.key_id());
        assert_eq!(
            parse(&format!("{armored}\n{armored}")),
            Err(KeyError::Several)
        );
        let private = armored.replace("PUBLIC", "PRIVATE");
        assert_eq!(parse(&private), Err(KeyError::Private));
        assert_eq!(
            parse("-----BEGIN CERTIFICATE-----"),
            Err(KeyError::NotArmored)
        );
        assert_eq!(parse(&armored.replace('a', "b")), Err(KeyError::Malformed));
        let huge = format!("{armored}{}", " ".repeat(MAX));
        assert_eq!(parse(&huge), Err(KeyError::TooLarge));
    }

    const MAX: usize = 24 * 1024;
}
