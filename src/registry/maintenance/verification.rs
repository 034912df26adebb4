//! `terrakeep verify`: checks, beside the files themselves, that the blob of each row exists.

use crate::domain::Sha256;
use crate::storage::tables::mirrored::MirroredPackages;
use crate::storage::tables::modules::ModuleVersions;
use crate::storage::tables::provider_docs::ProviderDocsArchives;
use crate::storage::tables::provider_packages::ProviderPackages;
use crate::storage::{
    self, DataDir, Disk, JournalRows, Prefix, Progress, StoreError, StoreOptions, VerifyReport,
};

/// Checks everything in the data directory of a stopped registry.
pub fn verify(
    dir: &DataDir,
    disk: &dyn Disk,
    options: StoreOptions,
    progress: impl FnMut(Progress),
) -> Result<VerifyReport, StoreError> {
    storage::verify(dir, disk, options, &references, progress)
}

/// Returns the blobs that rows need, each with its row in words.
fn references(rows: &JournalRows) -> Result<Vec<(String, Sha256)>, StoreError> {
    let mut needed = Vec::new();
    for row in rows.scan::<ModuleVersions>(&Prefix::all()) {
        let (_, version) = row?;
        if let Some(archive) = &version.archive {
            needed.push((
                format!("the module version `{}`", version.address),
                archive.sha256,
            ));
        }
    }
    for row in rows.scan::<ProviderPackages>(&Prefix::all()) {
        let (_, package) = row?;
        if let Some(file) = &package.file {
            let words = format!(
                "the package `{}` of `{}`",
                package.platform, package.version
            );
            needed.push((words, file.sha256));
        }
    }
    for row in rows.scan::<MirroredPackages>(&Prefix::all()) {
        let (_, package) = row?;
        let words = format!(
            "the package `{}` of `{}/{}`",
            package.platform, package.host, package.version
        );
        needed.push((words, package.file.sha256));
    }
    for row in rows.scan::<ProviderDocsArchives>(&Prefix::all()) {
        let (_, docs) = row?;
        let words = format!("the documentation of `{}`", docs.version);
        needed.push((words, docs.sha256));
    }
    Ok(needed)
}
