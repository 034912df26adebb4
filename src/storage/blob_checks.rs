//! Reads blobs and compares their content with their names.

use std::io;

use crate::domain::Sha256;

use super::blob_files::{blob_path, hash_with};
use super::{Blobs, Pace, StoreError, StoreFault};

impl Blobs {
    /// Reads a whole blob; returns whether its content matches its name, or `None` if it is not
    /// there.
    pub fn verify(&self, sum: &Sha256) -> Result<Option<bool>, StoreError> {
        self.verify_with(sum, |_| Ok(()))
    }

    /// Reads a whole blob at a pace; returns what [`Self::verify`] does.
    pub fn verify_slowly(&self, sum: &Sha256, pace: &mut Pace) -> Result<Option<bool>, StoreError> {
        self.verify_with(sum, |bytes| pace.keep(bytes))
    }

    fn verify_with(
        &self,
        sum: &Sha256,
        each: impl FnMut(u64) -> io::Result<()>,
    ) -> Result<Option<bool>, StoreError> {
        match self.open(sum)? {
            None => Ok(None),
            Some(mut blob) => hash_with(&mut blob.file, each)
                .map(|found| Some(found == *sum))
                .map_err(|error| StoreError::io("read", &blob_path(self.data_dir(), sum), error)),
        }
    }

    /// Makes the fault of a blob that a row needs and that is not there, or not whole.
    pub fn missing(&self, sum: &Sha256) -> StoreFault {
        let text = "a row needs this file, and it is missing or damaged; restore it from a backup, \
                    or delete the version";
        StoreFault::new(blob_path(self.data_dir(), sum), text)
    }
}
