//! The publisher's own list of checksums and its signature: which files they are, and whether they
//! fit the packages and the key, before anything is sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::files::SMALL_BYTES;
use crate::auth::PublicKey;
use crate::cli::error::{CliError, Exit};
use crate::cli::hashed::size_and_sum;
use crate::cli::key::KEY_BYTES;
use crate::domain::{Checksums, Platform, ProviderVersionAddress, Sha256};
use crate::files::{LocalFileError, file_name, open_file, read_file, read_text};

/// The lists of checksums and the signatures among the files of a release.
#[derive(Debug, Default)]
pub(super) struct SignatureFiles {
    pub(super) lists: Vec<PathBuf>,
    pub(super) signatures: Vec<PathBuf>,
    /// Whether the command line names both, so that their names do not matter.
    are_named: bool,
}

/// Who signs a version.
#[derive(Debug)]
pub(super) enum Signing {
    /// The publisher did, with this list and this signature.
    Publisher {
        /// The content of the list.
        list: String,
        /// The signature of the list.
        signature: Vec<u8>,
        /// The armored public key, to be added to those of the organization; `None` if the
        /// registry knows it.
        key: Option<String>,
    },
    /// The registry does.
    Registry,
}

/// What the command line says about the signature.
#[derive(Debug, Clone, Copy)]
pub(super) struct SigningArguments<'a> {
    /// The file with the publisher's public key.
    pub(super) key: Option<&'a Path>,
    /// Whether the registry signs, whatever lies in the folder.
    pub(super) sign_here: bool,
}

impl SignatureFiles {
    /// Uses this list and this signature, whatever their names are.
    pub(super) fn take_only(&mut self, list: &Path, signature: &Path) {
        self.lists = vec![list.to_owned()];
        self.signatures = vec![signature.to_owned()];
        self.are_named = true;
    }

    /// Decides who signs.
    ///
    /// # Errors
    ///
    /// Fails if there is half of a list and its signature, or a key without them, since the
    /// registry would sign in place of the publisher then; and if the list does not fit the
    /// packages, or the signature does not fit the list or the key.
    pub(super) fn signing(
        &self,
        address: &ProviderVersionAddress,
        packages: &BTreeMap<Platform, PathBuf>,
        arguments: SigningArguments<'_>,
    ) -> Result<Signing, CliError> {
        let list = self.list(address)?;
        if let Some(list) = list {
            check_packages(list, address, packages, arguments.sign_here)?;
        }
        if arguments.sign_here {
            return Ok(Signing::Registry);
        }
        let Some(list) = list else {
            return match (self.signatures.first(), arguments.key) {
                (None, None) => Ok(Signing::Registry),
                (Some(signature), _) => Err(refused(format!(
                    "{} is a signature, and the list that it signs is not here; add \
                     SHA256SUMS, or let the registry sign with --sign-here",
                    signature.display()
                ))),
                (None, Some(_)) => Err(refused(
                    "--key is the key of your own signature, and there is no SHA256SUMS with its \
                     signature here; give the folder with both, or --shasums and --signature, or \
                     leave --key out and the registry signs"
                        .to_owned(),
                )),
            };
        };
        let Some(signature) = self.signature_of(list)? else {
            if arguments.key.is_none() && self.signatures.is_empty() {
                return Ok(Signing::Registry);
            }
            return Err(refused(format!(
                "{} has no signature of its own here; make it with `gpg --detach-sign {}`, or let \
                 the registry sign with --sign-here",
                list.display(),
                file_name(list)
            )));
        };
        let text = read_text(list, SMALL_BYTES)?;
        let bytes = read_file(signature, SMALL_BYTES)?;
        let key = match arguments.key {
            None => None,
            Some(path) => Some(checked_key(path, &text, &bytes)?),
        };
        Ok(Signing::Publisher {
            list: text,
            signature: bytes,
            key,
        })
    }

    /// Returns the list of the version: the one that is named after it, or the only one.
    fn list(&self, address: &ProviderVersionAddress) -> Result<Option<&PathBuf>, CliError> {
        let exact = format!(
            "terraform-provider-{}_{}_SHA256SUMS",
            address.provider.name, address.version
        );
        let named = self.lists.iter().find(|path| file_name(path) == exact);
        match (named, self.lists.as_slice()) {
            (None, []) => Ok(None),
            (Some(list), _) | (None, [list]) => Ok(Some(list)),
            (None, [first, second, ..]) => Err(refused(format!(
                "{} and {} are both lists of checksums; name the right one with --shasums, and \
                 its signature with --signature",
                first.display(),
                second.display()
            ))),
        }
    }

    /// Returns the signature of a list: `LIST.sig`, or the only other one.
    fn signature_of(&self, list: &Path) -> Result<Option<&PathBuf>, CliError> {
        let start = format!("{}.", file_name(list));
        let is_its = |path: &&PathBuf| self.are_named || file_name(path).starts_with(&start);
        let own: Vec<&PathBuf> = self.signatures.iter().filter(is_its).collect();
        let exact = format!("{start}sig");
        let named = own.iter().find(|path| file_name(path) == exact);
        match (named, own.as_slice()) {
            (None, []) => Ok(None),
            (Some(signature), _) | (None, [signature]) => Ok(Some(*signature)),
            (None, [first, second, ..]) => Err(refused(format!(
                "{} and {} are both signatures of the list; name the right one with --signature, \
                 and the list with --shasums",
                first.display(),
                second.display()
            ))),
        }
    }
}

/// Refuses a list that does not list each package with its checksum. A list in a form that is not
/// read counts for nothing if the registry signs.
fn check_packages(
    list: &Path,
    address: &ProviderVersionAddress,
    packages: &BTreeMap<Platform, PathBuf>,
    sign_here: bool,
) -> Result<(), CliError> {
    let shown = list.display();
    let sums = match Checksums::parse(&read_file(list, SMALL_BYTES)?) {
        Ok(sums) => sums,
        Err(_) if sign_here => return Ok(()),
        Err(error) => return Err(refused(format!("{shown}: {error}"))),
    };
    for (platform, path) in packages {
        let name = address.package_name(platform);
        let own = sum_of(path)?;
        match sums.of(&name) {
            Some(listed) if listed == own => {}
            Some(listed) => {
                return Err(refused(format!(
                    "{shown} lists {name} with {listed}, but its checksum is {own}; make the list \
                     again, or copy the package again"
                )));
            }
            None => {
                return Err(refused(format!(
                    "{shown} does not list {name}; make the list of all packages again"
                )));
            }
        }
    }
    Ok(())
}

fn sum_of(path: &Path) -> Result<Sha256, CliError> {
    let (file, _) = open_file(path)?;
    let (_, sum) = size_and_sum(file).map_err(LocalFileError::reading(path))?;
    Ok(sum)
}

/// Returns the text of a public key if the signature of the list is by that key.
fn checked_key(path: &Path, list: &str, signature: &[u8]) -> Result<String, CliError> {
    let armor = read_text(path, KEY_BYTES)?;
    let within = |error: &dyn std::fmt::Display| refused(format!("{}: {error}", path.display()));
    let key = PublicKey::parse(&armor).map_err(|error| within(&error))?;
    key.verify(list.as_bytes(), signature)
        .map_err(|error| within(&error))?;
    Ok(armor)
}

fn refused(message: String) -> CliError {
    CliError::new(Exit::Refused, message)
}
