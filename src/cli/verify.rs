//! `terrakeep verify`: checks the journal, the index, every stored file and every key.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::context::Context;
use super::error::{CliError, Exit};
use super::progress::StoreBar;
use super::text::printable;
use crate::registry::verification;
use crate::server::own_key_faults;
use crate::storage::{RealDisk, StoreFault, VerifyReport};

const EXAMPLES: &str = "\
Examples:
  terrakeep verify --data-dir /var/lib/terrakeep
  terrakeep verify --json";

/// The arguments of `terrakeep verify`: only the global flags.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct VerifyArgs {}

/// Runs the command.
pub(super) fn run(context: &Context, _args: &VerifyArgs) -> Result<(), CliError> {
    let dir = context.existing_data_dir()?;
    let options = context.store_options()?;
    let mut bar = StoreBar::new(context.output());
    let mut report = verification::verify(&dir, &RealDisk, options, |now| bar.show(now))?;
    bar.finish();
    StoreFault::add_new(&mut report.problems, own_key_faults(dir.root()));
    context
        .output()
        .show(&document(&report), || in_words(&report))?;
    match report.problems.len() {
        0 => Ok(()),
        1 => Err(CliError::new(
            Exit::Problems,
            "verification found a problem",
        )),
        count => {
            let message = format!("verification found {count} problems");
            Err(CliError::new(Exit::Problems, message))
        }
    }
}

fn document(report: &VerifyReport) -> Value {
    let problems = report
        .problems
        .iter()
        .map(|problem| json!({ "path": problem.path.display().to_string(), "text": problem.text }));
    json!({
        "records": report.records,
        "rows": report.rows,
        "blobs": report.blobs,
        "problems": problems.collect::<Vec<_>>(),
        "notes": report.notes,
    })
}

fn in_words(report: &VerifyReport) -> String {
    let mut text = format!(
        "checked {} records, {} rows and {} stored files\n",
        report.records, report.rows, report.blobs
    );
    for note in &report.notes {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "note: {}", printable(note));
    }
    for problem in &report.problems {
        let path = problem.path.display().to_string();
        let _ = writeln!(
            text,
            "problem: {}: {}",
            printable(&path),
            printable(&problem.text)
        );
    }
    if report.problems.is_empty() {
        text.push_str("no problems were found\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_named_with_its_file() {
        let mut report = VerifyReport {
            records: 3,
            ..VerifyReport::default()
        };
        assert!(in_words(&report).ends_with("no problems were found\n"));
        report.problems.push(StoreFault {
            path: "/srv/blobs/ab".into(),
            text: "it is missing".to_owned(),
        });
        assert!(in_words(&report).ends_with("problem: /srv/blobs/ab: it is missing\n"));
        assert_eq!(document(&report)["problems"][0]["path"], "/srv/blobs/ab");
    }
}
