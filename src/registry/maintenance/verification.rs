//! `terrakeep verify`: checks, beside the files themselves, that each row has the blobs and secrets
//! that it needs.

use super::secret_check::check_secrets;
use crate::domain::Sha256;
use crate::storage::tables::gpg_keys::GpgKeys;
use crate::storage::tables::mirrored::MirroredPackages;
use crate::storage::tables::modules::ModuleVersions;
use crate::storage::tables::provider_docs::ProviderDocsArchives;
use crate::storage::tables::provider_packages::ProviderPackages;
use crate::storage::tables::ssh_keys::SshKeys;
use crate::storage::{
    self, DataDir, Disk, JournalRows, Prefix, Progress, RowNeeds, Secrets, StoreError, StoreFault,
    StoreOptions, VerifyReport,
};

/// Checks everything in the data directory of a stopped registry.
pub fn verify(
    dir: &DataDir,
    disk: &dyn Disk,
    options: StoreOptions,
    progress: impl FnMut(Progress),
) -> Result<VerifyReport, StoreError> {
    let needs = |rows: &JournalRows| {
        let keys = rows.scan::<GpgKeys>(&Prefix::all());
        let keys = keys.map(|found| found.map(|(_, key)| key));
        let ssh_keys = rows.scan::<SshKeys>(&Prefix::all());
        let ssh_keys = ssh_keys.map(|found| found.map(|(_, key)| key));
        let secrets = check_secrets(Secrets::new(dir, disk), keys, ssh_keys)?;
        Ok(RowNeeds {
            blobs: references(rows)?,
            faults: secrets.faults,
            notes: secrets.notes,
        })
    };
    let mut report = storage::verify(dir, disk, options, &needs, progress)?;
    let journal = dir.journal();
    let is_known = |fault: &StoreFault| fault.path.starts_with(&journal);
    if report.records == 0 && !report.problems.iter().any(is_known) {
        // The first start of a registry writes a record.
        let text = "it has no record, so there is nothing that the other files could be compared \
                    with; restore a backup, unless this registry was never started";
        report.problems.push(StoreFault::new(journal, text));
    }
    Ok(report)
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
