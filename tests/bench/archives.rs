//! Makes module archives of a given size, and many different ones of the same size.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::failure::Failure;

/// Makes the smallest module that is possible; its content differs with `mark`.
pub(crate) fn tiny(mark: &str) -> Result<Vec<u8>, Failure> {
    let mut archive = Builder::new(Compression::fast());
    archive.file(
        "main.tf",
        format!("output \"mark\" {{\n  value = \"{mark}\"\n}}\n").as_bytes(),
    )?;
    archive.finish()
}

/// Makes a module of HCL whose archive has about `bytes` bytes.
pub(crate) fn of_configuration(bytes: usize) -> Result<Vec<u8>, Failure> {
    let mut archive = Builder::new(Compression::default());
    let mut noise = Noise(bytes.try_into()?);
    let mut number = 0;
    // The compressor buffers less than the last file.
    while archive.len() < bytes {
        let mut text = String::new();
        while text.len() < 8000 {
            text.push_str(&noise.variable());
        }
        archive.file(&format!("part_{number}.tf"), text.as_bytes())?;
        number += 1;
    }
    archive.finish()
}

/// Makes a module with a file that does not compress, of about `bytes` bytes.
pub(crate) fn of_noise(bytes: usize) -> Result<Vec<u8>, Failure> {
    let mut archive = Builder::new(Compression::none());
    let mut noise = Noise(bytes.try_into()?);
    let content: Vec<u8> = std::iter::repeat_with(|| noise.next().to_le_bytes())
        .take(bytes / 8)
        .flatten()
        .collect();
    archive.file("main.tf", b"# a large module\n")?;
    archive.file("noise.bin", &content)?;
    archive.finish()
}

/// Returns the same archive with different bytes: the modification time in a gzip header is free to
/// choose.
pub(crate) fn restamped(archive: &[u8], stamp: u32) -> Vec<u8> {
    let mut copy = archive.to_vec();
    if let Some(time) = copy.get_mut(4..8) {
        time.copy_from_slice(&stamp.to_le_bytes());
    }
    copy
}

pub(crate) struct Builder(tar::Builder<GzEncoder<Vec<u8>>>);

impl Builder {
    pub(crate) fn new(compression: Compression) -> Self {
        Self(tar::Builder::new(GzEncoder::new(Vec::new(), compression)))
    }

    fn len(&self) -> usize {
        self.0.get_ref().get_ref().len()
    }

    pub(crate) fn file(&mut self, path: &str, content: &[u8]) -> Result<(), Failure> {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_mtime(1_700_000_000);
        header.set_size(content.len().try_into()?);
        Ok(self.0.append_data(&mut header, path, content)?)
    }

    pub(crate) fn finish(self) -> Result<Vec<u8>, Failure> {
        let mut gzip = self.0.into_inner()?;
        gzip.flush()?;
        Ok(gzip.finish()?)
    }
}

/// A random number generator (xorshift): the same seed gives the same bytes, and different seeds
/// give different ones.
pub(crate) struct Noise(u64);

impl Noise {
    /// Makes the generator for a seed.
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 |= 1 << 40;
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn variable(&mut self) -> String {
        let (name, about) = (self.next(), self.next());
        format!(
            "variable \"setting_{name:x}\" {{\n  type        = string\n  \
             description = \"What {about:x} is called in the account\"\n  default     = null\n}}\n\n"
        )
    }
}
