//! Counts the work that is left for one module, and checks whether there is still time.

use crate::domain::{Diagnostic, SourcePosition};
use crate::inspect::InspectLimits;

/// The work that is left while a module is inspected.
pub(in crate::inspect) struct Budget<'l> {
    limits: &'l InspectLimits,
    is_late: &'l dyn Fn() -> bool,
    work: u64,
    blocks: usize,
    /// Why inspection stopped early; `None` if it did not.
    stopped: Option<&'static str>,
    /// Whether files were left out before inspection began.
    left_out: bool,
    /// The diagnostics of the current folder.
    pub(in crate::inspect) diagnostics: Vec<Diagnostic>,
}

impl<'l> Budget<'l> {
    /// Makes a budget with everything that `limits` allow.
    pub(in crate::inspect) fn new(
        limits: &'l InspectLimits,
        is_late: &'l dyn Fn() -> bool,
    ) -> Self {
        Self {
            limits,
            is_late,
            work: limits.work,
            blocks: limits.blocks,
            stopped: None,
            left_out: false,
            diagnostics: Vec::new(),
        }
    }

    /// Returns whether inspection continues.
    pub(in crate::inspect) fn goes_on(&mut self) -> bool {
        if self.stopped.is_none() && (self.is_late)() {
            self.stopped = Some("reading it took too long");
        }
        self.stopped.is_none()
    }

    /// Takes one block from the budget. Returns false if none is left.
    pub(in crate::inspect) fn take_block(&mut self) -> bool {
        match self.blocks.checked_sub(1) {
            Some(blocks) => self.blocks = blocks,
            None => self.stop("it has too many blocks"),
        }
        self.goes_on()
    }

    /// Takes the cost of parsing from the budget. Returns false if there is too little left to
    /// parse.
    pub(in crate::inspect) fn take_work(&mut self, cost: u64) -> bool {
        if cost > self.limits.work_at_once {
            return false;
        }
        match self.work.checked_sub(cost) {
            Some(work) => self.work = work,
            None => self.stop("it is too large"),
        }
        self.goes_on()
    }

    /// Records that files or folders are left out, without ending inspection.
    pub(in crate::inspect) fn note_left_out(&mut self) {
        self.left_out = true;
    }

    /// Returns why not everything was read; `None` if everything was.
    pub(in crate::inspect) fn incomplete(&self) -> Option<&'static str> {
        self.stopped
            .or(self.left_out.then_some("it has too many files or folders"))
    }

    /// Ends inspection.
    fn stop(&mut self, reason: &'static str) {
        self.stopped.get_or_insert(reason);
    }

    /// Adds a diagnostic: a part of the code that could not be read.
    pub(in crate::inspect) fn note(&mut self, message: impl Into<String>, file: &str, line: u32) {
        if self.diagnostics.len() < self.limits.diagnostics {
            let file = file.to_owned();
            self.diagnostics.push(Diagnostic {
                message: message.into(),
                position: SourcePosition { file, line },
            });
        }
    }
}
