//! Checks a stopped store: the whole chain, every checkpoint, every row, every secret, every blob.
//!
//! It repairs nothing. It reads the journal from its first record on, and compares everything else
//! with it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::Sha256;

use super::blob_files::{blob_path, hash, list_blobs};
use super::checkpoint::Checkpoint;
use super::engine::Index;
use super::journal::{Files, JournalPosition, Walk, files};
use super::key_text::key_text;
use super::table::Tables;
use super::{
    DataDir, Disk, JournalRows, Progress, Secrets, Step, StoreError, StoreFault, StoreOptions,
    index_place, trust,
};

/// What rows need beside themselves.
#[derive(Debug, Default)]
pub struct RowNeeds {
    /// The blobs, each with its row in words.
    pub blobs: Vec<(String, Sha256)>,
    /// What is wrong with other files that rows need.
    pub faults: Vec<StoreFault>,
    /// Observations about such files that are unusual but harmless.
    pub notes: Vec<String>,
}

/// Returns what rows need.
pub type RowNeedsOf<'a> = dyn Fn(&JournalRows) -> Result<RowNeeds, StoreError> + 'a;

/// The result of `verify`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many records the journal has.
    pub records: u64,
    /// How many rows the records lead to.
    pub rows: u64,
    /// How many blobs were read.
    pub blobs: u64,
    /// The faults.
    pub problems: Vec<StoreFault>,
    /// Observations that are unusual but harmless.
    pub notes: Vec<String>,
}

/// Checks everything in a data directory.
///
/// `needs` returns what the rows need, and is asked only if the journal leads to rows.
///
/// # Errors
///
/// [`StoreError::Io`] if a file cannot be read. Faults of the data are no errors: they are in the
/// report.
pub fn verify(
    dir: &DataDir,
    disk: &dyn Disk,
    options: StoreOptions,
    needs: &RowNeedsOf<'_>,
    mut progress: impl FnMut(Progress),
) -> Result<VerifyReport, StoreError> {
    let mut check = Check {
        dir,
        disk,
        options,
        tables: Tables::new(options.tables)?,
        files: files(disk, &dir.journal())?,
        report: VerifyReport::default(),
        progress: &mut progress,
    };
    if let Some((rows, end)) = check.journal()? {
        check.checkpoints(&rows, end)?;
        check.index(&rows, end)?;
        check.needs(needs(&rows)?);
    }
    check.secrets()?;
    check.quarantine()?;
    check.blobs()
}

/// How many differences of the index are reported one by one.
const DIFFERENCES_NAMED: usize = 20;

struct Check<'a> {
    dir: &'a DataDir,
    disk: &'a dyn Disk,
    options: StoreOptions,
    tables: Tables,
    files: Files,
    report: VerifyReport,
    progress: &'a mut dyn FnMut(Progress),
}

impl Check<'_> {
    /// Reads the whole journal; returns the rows that it leads to and its end, or `None` if it is
    /// damaged.
    fn journal(&mut self) -> Result<Option<(JournalRows, JournalPosition)>, StoreError> {
        let known_synced = trust::last_stop(self.dir, self.disk).synced;
        let mut rows = JournalRows::default();
        let end = self.walk(known_synced, JournalPosition::genesis(), &mut rows);
        match end {
            Ok(end) => {
                self.report.records = end.sequence;
                self.report.rows = u64::try_from(rows.len()).unwrap_or(u64::MAX);
                Ok(Some((rows, end)))
            }
            Err(StoreError::Journal(error)) => {
                self.report.problems.push(error.into());
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Checks that each checkpoint is undamaged and that the newest leads to the same rows.
    fn checkpoints(&mut self, rows: &JournalRows, end: JournalPosition) -> Result<(), StoreError> {
        let journal = self.dir.journal();
        let numbers = self.files.checkpoints.clone();
        for number in numbers.iter().copied() {
            let checkpoint = match Checkpoint::check(self.disk, &journal, number) {
                Ok(checkpoint) => checkpoint,
                Err(StoreError::Checkpoint { path, fault }) => {
                    let fault = StoreFault::checkpoint(path, fault);
                    self.report.problems.push(fault);
                    continue;
                }
                Err(other) => return Err(other),
            };
            if numbers.last() != Some(&number) {
                continue;
            }
            let mut again = JournalRows::default();
            checkpoint.each_row(self.disk, self.tables, |key, row| {
                again.put(key, row);
                Ok(())
            })?;
            let fault = match self.walk(checkpoint.complete_at, checkpoint.position, &mut again) {
                Ok(again_end) if again_end.sequence == end.sequence && again == *rows => continue,
                Ok(_) => "it leads to other rows than the journal".to_owned(),
                Err(error) => error.to_string(),
            };
            let path = super::journal::checkpoint_path(&journal, number);
            self.report
                .problems
                .push(StoreFault::checkpoint(path, &fault));
        }
        Ok(())
    }

    /// Compares the index row by row, unless the next start rebuilds it anyway.
    fn index(&mut self, rows: &JournalRows, end: JournalPosition) -> Result<(), StoreError> {
        let last_stop = trust::last_stop(self.dir, self.disk);
        if !last_stop.trusted {
            self.note("the index was not compared, because the next start rebuilds it");
            return Ok(());
        }
        let opened =
            index_place::open_to_compare(self.dir, self.disk, last_stop.synced, self.options);
        let compared = opened.and_then(|index| {
            let is_own = index.lies_in(&self.dir.index());
            self.compare(&index, rows, end)?;
            Ok(index.close()? && is_own)
        });
        match compared {
            Ok(true) if last_stop.clean => trust::mark_clean(self.dir, self.disk, last_stop.synced),
            Ok(_) => Ok(()),
            Err(error) if error.is_no_space() => {
                self.note("the index was not compared, because there is no space for a copy of it");
                Ok(())
            }
            Err(error) => {
                self.index_problem(&error.to_string());
                Ok(())
            }
        }
    }

    fn compare(
        &mut self,
        index: &Arc<Index>,
        rows: &JournalRows,
        end: JournalPosition,
    ) -> Result<(), StoreError> {
        let applied = index.applied()?.map(|applied| applied.position.sequence);
        if applied != Some(end.sequence) {
            if applied.is_some_and(|applied| applied > end.sequence) {
                self.index_problem("it has records that the journal does not have");
            } else {
                self.note("the index is behind and catches up at the next start");
            }
            return Ok(());
        }
        let mut expected = rows.iter().peekable();
        let mut differences = Vec::new();
        let mut done = 0;
        for found in index.all_rows() {
            let (key, row) = found?;
            let table = key.first().and_then(|id| self.tables.with_id(*id));
            if table.is_some_and(|table| table.derived) {
                continue;
            }
            while let Some((missing, _)) = expected.next_if(|(other, _)| *other < &*key) {
                differences.push((missing.to_vec(), "is missing in the index"));
            }
            match expected.next_if(|(other, _)| *other == &*key) {
                Some((_, journal)) if journal.as_bytes() == &*row => {}
                Some(_) => differences.push((key.to_vec(), "is different in the index")),
                None => differences.push((key.to_vec(), "is in the index only")),
            }
            done += 1;
            (self.progress)(Progress {
                step: Step::Index,
                done,
                total: self.report.rows,
            });
        }
        differences.extend(expected.map(|(key, _)| (key.to_vec(), "is missing in the index")));
        for (key, fault) in differences.iter().take(DIFFERENCES_NAMED) {
            let (id, key) = key.split_first().unwrap_or((&0, &[]));
            let table = self.tables.with_id(*id).map_or("?", |table| table.name);
            self.index_problem(&format!(
                "row `{}` of table `{table}` {fault}",
                key_text(key)
            ));
        }
        Ok(())
    }

    /// Checks that each blob that a row needs is there, and takes over what else was found.
    fn needs(&mut self, needs: RowNeeds) {
        for (row, sum) in needs.blobs {
            let path = blob_path(self.dir, &sum);
            if self.disk.metadata(&path).is_err() {
                let text = format!("{row} needs this blob, and it is missing; restore a backup");
                self.problem(path, text);
            }
        }
        self.report.problems.extend(needs.faults);
        for note in &needs.notes {
            self.note(note);
        }
    }

    /// Compares every secret with its checksum.
    fn secrets(&mut self) -> Result<(), StoreError> {
        let faults = Secrets::new(self.dir, self.disk).faults()?;
        StoreFault::add_new(&mut self.report.problems, faults);
        Ok(())
    }

    /// Mentions damaged blobs that were put aside.
    fn quarantine(&mut self) -> Result<(), StoreError> {
        let quarantine = self.dir.quarantine();
        let names = self
            .disk
            .list(&quarantine)
            .map_err(|error| StoreError::io("list", &quarantine, error))?;
        if !names.is_empty() {
            self.note(&format!(
                "`{}` has {} damaged files that were put aside",
                quarantine.display(),
                names.len()
            ));
        }
        Ok(())
    }

    /// Reads every blob and compares its content with its name.
    fn blobs(mut self) -> Result<VerifyReport, StoreError> {
        let sums = list_blobs(self.dir, self.disk)?;
        let total = u64::try_from(sums.len()).unwrap_or(u64::MAX);
        for sum in sums {
            let path = blob_path(self.dir, &sum);
            match self.disk.open(&path).and_then(|mut file| hash(&mut file)) {
                Ok(found) if found == sum => {}
                Ok(_) => self.report.problems.push(StoreFault::damaged_blob(path)),
                Err(error) => self.problem(path, format!("it cannot be read ({error})")),
            }
            self.report.blobs += 1;
            (self.progress)(Progress {
                step: Step::Blobs,
                done: self.report.blobs,
                total,
            });
        }
        Ok(self.report)
    }

    fn walk(
        &mut self,
        known_synced: u64,
        from: JournalPosition,
        rows: &mut JournalRows,
    ) -> Result<JournalPosition, StoreError> {
        let journal = self.dir.journal();
        let tables = self.tables;
        let walk = Walk {
            disk: self.disk,
            journal: &journal,
            segments: &self.files.segments,
            known_synced,
        };
        let end = walk.run(from, &mut *self.progress, |_, record| {
            rows.apply(tables, record)
        })?;
        if let Some(torn) = end.torn {
            self.note(&format!("{}; the next start cuts it off", torn.error));
        }
        Ok(end.position)
    }

    fn index_problem(&mut self, fault: &str) {
        let text = format!("{fault}; remove this directory, and the next start rebuilds it");
        self.problem(self.dir.index(), text);
    }

    fn problem(&mut self, path: PathBuf, text: String) {
        self.report.problems.push(StoreFault { path, text });
    }

    fn note(&mut self, text: &str) {
        if !self.report.notes.iter().any(|note| note == text) {
            self.report.notes.push(text.to_owned());
        }
    }
}
