//! Checks the keys of the server itself, which lie in `secrets/` and belong to no row.

use std::path::{Path, PathBuf};

use super::CertificateFiles;
use super::open::URL_SIGNING_KEY;
use super::tls::read_pair;
use crate::storage::StoreFault;

/// Returns what is wrong with the keys of the server: each is there, can be read, and fits its
/// certificate. What was never made is no fault.
pub fn own_key_faults(data_dir: &Path) -> Vec<StoreFault> {
    let files = CertificateFiles::of(data_dir);
    let mut faults = Vec::new();
    // The pair of the server is complete when this file is there.
    if files.issued().exists() {
        faults.extend(pair_fault(&files.ca(), files.ca_key()));
        faults.extend(pair_fault(&files.certificate(), files.key()));
    }
    let path = data_dir.join("secrets").join(URL_SIGNING_KEY);
    match std::fs::read(&path) {
        Ok(key) if key.len() == 32 => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Ok(_) => faults.push(StoreFault::new(
            path,
            "the key that signs archive addresses must have 32 bytes; remove the file for a new one",
        )),
        Err(error) => faults.push(unreadable(path, &error)),
    }
    faults
}

/// Returns what is wrong with a certificate and its key; `None` if nothing is.
fn pair_fault(certificate: &Path, key: PathBuf) -> Option<StoreFault> {
    for path in [certificate, &key] {
        if let Err(error) = std::fs::read(path) {
            return Some(unreadable(path.to_owned(), &error));
        }
    }
    let error = read_pair(certificate, &key).err()?;
    let text = format!(
        "it is not usable together with `{}` ({error}); restore both from a backup",
        certificate.display()
    );
    Some(StoreFault::new(key, text))
}

fn unreadable(path: PathBuf, error: &std::io::Error) -> StoreFault {
    let text = if error.kind() == std::io::ErrorKind::NotFound {
        "it is missing; restore it from a backup".to_owned()
    } else {
        format!("it cannot be read ({error})")
    };
    StoreFault::new(path, text)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn p9_a_key_that_is_missing_or_does_not_fit_is_named() {
        let (one, other) = (tempfile::tempdir(), tempfile::tempdir());
        let (one, other) = (one.expect("a directory"), other.expect("a directory"));
        assert!(own_key_faults(one.path()).is_empty(), "none were made");
        let now = Timestamp::from_micros(1_764_030_600_000_000);
        let make = |dir: &Path| {
            let files = CertificateFiles::of(dir);
            files.make(&["localhost".to_owned()], now).expect("made");
            files
        };
        let (files, foreign) = (make(one.path()), make(other.path()));
        assert!(own_key_faults(one.path()).is_empty());
        for (path, from) in [
            (files.key(), foreign.key()),
            (files.ca_key(), foreign.ca_key()),
        ] {
            let before = fs::read(&path).expect("a key");
            fs::copy(from, &path).expect("copied");
            let found = own_key_faults(one.path());
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].path, path);
            fs::write(&path, before).expect("whole again");
            let aside = path.with_extension("aside");
            fs::rename(&path, &aside).expect("moved");
            let found = own_key_faults(one.path());
            assert!(found[0].text.contains("missing"), "{found:?}");
            fs::rename(&aside, &path).expect("moved back");
        }
        fs::write(one.path().join("secrets").join(URL_SIGNING_KEY), "short").expect("written");
        let found = own_key_faults(one.path());
        assert!(found[0].text.contains("32 bytes"), "{found:?}");
    }
}
