//! Signed archive addresses: terraform sends no token when it fetches an archive, so the address
//! itself says what it is good for, and until when.
//!
//! The signature covers the claim, not the text of the query: clients reorder the query and take
//! parameters out of it. It holds for GET and HEAD alike, which read the same thing.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};

use crate::domain::{ModuleVersionAddress, OrganizationId, Sha256, Timestamp};

type HmacSha256 = Hmac<sha2::Sha256>;

/// What a signed address allows: to read one archive until a point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveClaim<'a> {
    /// The organization that owns it.
    pub organization: &'a OrganizationId,
    /// The version it belongs to.
    pub address: &'a ModuleVersionAddress,
    /// The bytes.
    pub sha256: &'a Sha256,
    /// From when on it is refused, in whole seconds since 1970.
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

/// Signs claims and checks signatures. It holds the key as the state that HMAC makes of it.
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
    /// A signer with this key.
    ///
    /// # Panics
    ///
    /// Never: HMAC takes keys of any length.
    pub fn new(key: &[u8; 32]) -> Self {
        let keyed = HmacSha256::new_from_slice(key).expect("HMAC takes keys of any length");
        Self { keyed }
    }

    /// The state over a purpose and what is claimed for it: no claim of one purpose is one of
    /// another.
    fn mac(&self, purpose: &str, claim: &str) -> HmacSha256 {
        let mut mac = self.keyed.clone();
        mac.update(purpose.as_bytes());
        mac.update(b"\n");
        mac.update(claim.as_bytes());
        mac
    }

    /// The signature of a claim, safe in a query.
    pub fn sign(&self, claim: &ArchiveClaim<'_>) -> String {
        self.sign_text(ARCHIVE, &claim.text())
    }

    /// Whether the signature is this claim's and the claim is still good; in constant time.
    pub fn accepts(&self, claim: &ArchiveClaim<'_>, signature: &str, now: Timestamp) -> bool {
        self.accepts_text(ARCHIVE, &claim.text(), signature) && now.as_seconds() < claim.expires
    }

    /// The signature of a claim for another purpose.
    pub fn sign_text(&self, purpose: &str, claim: &str) -> String {
        BASE64URL_NOPAD.encode(&self.mac(purpose, claim).finalize().into_bytes())
    }

    /// Whether the signature is that of this claim for this purpose; in constant time.
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
