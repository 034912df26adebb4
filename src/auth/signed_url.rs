//! Signed archive addresses: terraform sends no token when it fetches an archive, so the address
//! itself carries the permission and its end.
//!
//! The signature covers the claim, not the text of the query, since clients reorder the query and
//! remove parameters. It is valid for GET and HEAD alike, which read the same archive.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};

use crate::domain::{ModuleVersionAddress, OrganizationId, Sha256, Timestamp};

type HmacSha256 = Hmac<sha2::Sha256>;

/// The permission in a signed address: to read one archive until a point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveClaim<'a> {
    /// The organization that owns the module.
    pub organization: &'a OrganizationId,
    /// The version that the archive belongs to.
    pub address: &'a ModuleVersionAddress,
    /// The checksum of the archive.
    pub sha256: &'a Sha256,
    /// When the permission ends, in whole seconds since 1970-01-01T00:00:00Z.
    pub expires: i64,
}

const ARCHIVE: &str = "read archive";

impl ArchiveClaim<'_> {
    fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n{}\n{}",
            self.organization,
            self.address.module.folded(),
            self.address.version,
            self.sha256,
            self.expires
        )
    }
}

/// Signs claims and checks signatures. It stores the key as the HMAC state derived from it.
#[derive(Clone)]
pub struct UrlSigner {
    keyed: HmacSha256,
}

impl std::fmt::Debug for UrlSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UrlSigner(***)")
    }
}

impl UrlSigner {
    /// Makes a signer with this key.
    ///
    /// # Panics
    ///
    /// Never: HMAC takes keys of any length.
    pub fn new(key: &[u8; 32]) -> Self {
        let keyed = HmacSha256::new_from_slice(key).expect("HMAC takes keys of any length");
        Self { keyed }
    }

    /// Returns the HMAC state over a purpose and a claim. No claim for one purpose is valid for
    /// another.
    fn mac(&self, purpose: &str, claim: &str) -> HmacSha256 {
        let mut mac = self.keyed.clone();
        mac.update(purpose.as_bytes());
        mac.update(b"\n");
        mac.update(claim.as_bytes());
        mac
    }

    /// Returns the signature of a claim, in characters that are safe in a query.
    pub fn sign(&self, claim: &ArchiveClaim<'_>) -> String {
        self.sign_text(ARCHIVE, &claim.text())
    }

    /// Checks in constant time that the signature is of this claim, and that the claim has not
    /// expired.
    pub fn accepts(&self, claim: &ArchiveClaim<'_>, signature: &str, now: Timestamp) -> bool {
        self.accepts_text(ARCHIVE, &claim.text(), signature) && now.as_seconds() < claim.expires
    }

    /// Returns the signature of a claim for another purpose.
    pub fn sign_text(&self, purpose: &str, claim: &str) -> String {
        BASE64URL_NOPAD.encode(&self.mac(purpose, claim).finalize().into_bytes())
    }

    /// Checks in constant time that the signature is of this claim for this purpose.
    pub fn accepts_text(&self, purpose: &str, claim: &str, signature: &str) -> bool {
        let given = BASE64URL_NOPAD.decode(signature.as_bytes());
        given.is_ok_and(|given| self.mac(purpose, claim).verify_slice(&given).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t38_no_flipped_bit_is_accepted() {
        let signer = UrlSigner::new(&[7; 32]);
        let organization = OrganizationId::from_random(1);
        let address = ModuleVersionAddress {
            module: "acme/vpc/aws".parse().expect("an address"),
            version: "1.0.0".parse().expect("a version"),
        };
        let sha256 = Sha256::of(b"archive");
        let claim = ArchiveClaim {
            organization: &organization,
            address: &address,
            sha256: &sha256,
            expires: 1000,
        };
        let now = Timestamp::from_micros(999_000_000);
        let good = signer.sign(&claim);
        assert!(signer.accepts(&claim, &good, now));
        assert!(!signer.accepts(&claim, &good, now.plus_seconds(1)));
        assert!(!UrlSigner::new(&[8; 32]).accepts(&claim, &good, now));
        let later = ArchiveClaim {
            expires: 2000,
            ..claim.clone()
        };
        assert!(!signer.accepts(&later, &good, now));
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            assert!(!signer.accepts(&claim, &changed, now), "{changed}");
        }
    }
}
