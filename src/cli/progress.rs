//! Progress bars on standard error; hidden if that is not a terminal, and with JSON.

use indicatif::{ProgressBar, ProgressStyle};

use super::output::Console;
use super::text::printable;
use crate::storage::{Progress, Step};

/// Creates a bar for bytes that are sent.
pub(super) fn bytes(output: Console, what: &str, total: u64) -> ProgressBar {
    let bar = new_bar(output, total);
    bar.set_style(style(
        "{msg} [{wide_bar}] {bytes}/{total_bytes} {bytes_per_sec}",
    ));
    bar.set_message(printable(what));
    bar
}

/// A bar for the steps of a long operation on the data directory.
pub(super) struct StoreBar {
    output: Console,
    current: Option<(Step, ProgressBar)>,
}

impl StoreBar {
    /// Creates a bar that appears with the first step.
    pub(super) fn new(output: Console) -> Self {
        Self {
            output,
            current: None,
        }
    }

    /// Shows the progress of the operation.
    pub(super) fn show(&mut self, now: Progress) {
        let same = |(step, _): &(Step, ProgressBar)| *step == now.step;
        if !self.current.as_ref().is_some_and(same) {
            self.finish();
            let bar = new_bar(self.output, now.total);
            bar.set_style(style("{msg} [{wide_bar}] {pos}/{len}"));
            bar.set_message(in_words(now.step));
            self.current = Some((now.step, bar));
        }
        if let Some((_, bar)) = &self.current {
            bar.set_length(now.total);
            bar.set_position(now.done);
        }
    }

    /// Removes the bar.
    pub(super) fn finish(&mut self) {
        if let Some((_, bar)) = self.current.take() {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(output: Console, total: u64) -> ProgressBar {
    if output.is_json() {
        ProgressBar::hidden()
    } else {
        ProgressBar::new(total)
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn in_words(step: Step) -> &'static str {
    match step {
        Step::Journal => "reading the journal",
        Step::Checkpoint => "reading a checkpoint",
        Step::Index => "comparing the index",
        Step::Blobs => "reading stored files",
        Step::Files => "copying files",
    }
}
