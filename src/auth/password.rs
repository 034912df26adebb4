//! Password hashes: argon2id, with at most two computations at a time.
//!
//! Each computation takes 19 MiB (OWASP's setting); the limit keeps a flood of sign-ins from using
//! up the machine's memory. Do not call these functions on async threads: they wait and they
//! compute.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use super::secret::random_bytes;

/// How many hashes are computed at a time.
pub const HASHES_AT_ONCE: usize = 2;
const MIN_CHARACTERS: usize = 10;
const MAX_BYTES: usize = 1024;

static RUNNING: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// Why a password is refused.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The password is too easy to guess.
    #[error("a password needs at least {MIN_CHARACTERS} characters")]
    TooShort,
    /// The password is so long that hashing it would be an attack.
    #[error("a password must not be longer than {MAX_BYTES} bytes")]
    TooLong,
    /// The hash could not be computed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

/// A permit to compute one hash; it is returned when dropped.
struct HashPermit;

impl HashPermit {
    fn take() -> Self {
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut running = ENDED
            .wait_while(running, |running| *running >= HASHES_AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        *running += 1;
        Self
    }
}

impl Drop for HashPermit {
    fn drop(&mut self) {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        *running = running.saturating_sub(1);
        ENDED.notify_one();
    }
}

fn argon2id() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(19 * 1024, 2, 1, None)
        .map_err(|error| PasswordError::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Computes the hash to store for a new password, in PHC form.
pub fn hash_password(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < MIN_CHARACTERS {
        return Err(PasswordError::TooShort);
    }
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    let salt: [u8; 16] = random_bytes();
    let _turn = HashPermit::take();
    argon2id()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError::Hash(error.to_string()))
}

/// Checks a password against its hash.
///
/// Without a hash (an unknown user, or one without a password) the same work is done, so that the
/// time taken does not reveal which users exist.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    if password.len() > MAX_BYTES {
        return false;
    }
    let _turn = HashPermit::take();
    let Ok(argon2) = argon2id() else { return false };
    if let Some(parsed) = hash.and_then(|hash| PasswordHash::new(hash).ok()) {
        argon2.verify_password(password.as_bytes(), &parsed).is_ok()
    } else {
        let spent = argon2.hash_password_with_salt(password.as_bytes(), &[0; 16]);
        drop(spent);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_password_and_no_other() -> Result<(), PasswordError> {
        let hash = hash_password("correct horse battery")?;
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(verify_password("correct horse battery", Some(&hash)));
        assert!(!verify_password("correct horse batterY", Some(&hash)));
        assert!(!verify_password("correct horse battery", None));
        assert!(matches!(
            hash_password("short"),
            Err(PasswordError::TooShort)
        ));
        Ok(())
    }
}
