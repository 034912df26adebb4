//! Makes keys of publishers, who sign their releases themselves.

use pgp::composed::{
    ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedSecretKey,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, Password};
use rand::rngs::OsRng;

/// A publisher with a key.
pub(crate) struct Signer(SignedSecretKey);

impl Signer {
    /// Makes a publisher with an RSA key, which every client reads.
    pub(crate) fn rsa() -> Self {
        Self::of(KeyType::Rsa(2048))
    }

    /// Makes a publisher with an Ed25519 key, which older clients do not read.
    pub(crate) fn ed25519() -> Self {
        Self::of(KeyType::Ed25519Legacy)
    }

    fn of(kind: KeyType) -> Self {
        let mut parameters = SecretKeyParamsBuilder::default();
        parameters
            .key_type(kind)
            .can_certify(true)
            .can_sign(true)
            .primary_user_id("A publisher <publisher@example.com>".to_owned());
        let parameters = parameters.build().expect("parameters of a key");
        Self(parameters.generate(OsRng).expect("a key"))
    }

    /// Returns the id of the key.
    pub(crate) fn id(&self) -> String {
        let id = self.0.primary_key.legacy_key_id();
        data_encoding::HEXUPPER.encode(id.as_ref())
    }

    /// Returns the public key, armored.
    pub(crate) fn public(&self) -> String {
        let key = self.0.to_public_key();
        key.to_armored_string(ArmorOptions::default())
            .expect("a text")
    }

    /// Returns the private key, armored, which nobody may paste into a form.
    pub(crate) fn private(&self) -> String {
        let armored = self.0.to_armored_string(ArmorOptions::default());
        armored.expect("a text")
    }

    fn detached(&self, data: &[u8]) -> DetachedSignature {
        let (key, password) = (&self.0.primary_key, Password::empty());
        let sha256 = HashAlgorithm::Sha256;
        DetachedSignature::sign_binary_data(OsRng, key, &password, sha256, data)
            .expect("a signature")
    }

    /// Makes a binary detached signature.
    pub(crate) fn sign(&self, data: &[u8]) -> Vec<u8> {
        self.detached(data).to_bytes().expect("bytes")
    }

    /// Makes an armored detached signature, which clients do not read.
    pub(crate) fn sign_armored(&self, data: &[u8]) -> Vec<u8> {
        let signature = self.detached(data);
        let armored = signature.to_armored_bytes(ArmorOptions::default());
        armored.expect("a text")
    }
}
