//! The command line, and the sizes, times and counts that follow from it.

use std::path::PathBuf;
use std::time::Duration;

use crate::baseline::BaselineSettings;
use crate::failure::{Failure, failure};

const HELP: &str = "\
Measures Terrakeep on a made corpus, each figure beside its baseline.

  cargo bench -- [OPTIONS]

  --quick        a tenth of the corpus and short runs; nothing can be missed
  --only TEXT    only the figures whose name contains TEXT; may be given more than once
  --json FILE    write the figures to FILE, too
  --dir DIR      put the corpus below DIR, on the disk to be measured";

/// The task of this process.
pub(crate) enum Mode {
    /// Measures the figures.
    Figures(Options),
    /// Runs as the server to compare with.
    Baseline(BaselineSettings),
    /// Prints this text and does nothing else.
    Nothing(String),
}

/// The options of a measurement.
pub(crate) struct Options {
    /// Whether the corpus is small and the runs are short.
    pub(crate) quick: bool,
    /// The file that the figures are written to, beside standard output; `None` for no file.
    pub(crate) json: Option<PathBuf>,
    /// The folder that the corpus is made in.
    pub(crate) dir: PathBuf,
    only: Vec<String>,
}

impl Mode {
    /// Reads the arguments; cargo adds `--bench` to those that a person typed.
    pub(crate) fn from_arguments(
        mut arguments: impl Iterator<Item = String>,
    ) -> Result<Self, Failure> {
        let mut options = Options {
            quick: false,
            json: None,
            dir: PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
            only: Vec::new(),
        };
        let mut asked = false;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| failure(HELP));
            match argument.as_str() {
                "--bench" => {}
                "--quick" => options.quick = true,
                "--only" => options.only.push(value()?),
                "--json" => options.json = Some(value()?.into()),
                "--dir" => options.dir = value()?.into(),
                BaselineSettings::ARGUMENT => {
                    return BaselineSettings::from_arguments(arguments).map(Self::Baseline);
                }
                _ => return Ok(Self::Nothing(HELP.to_owned())),
            }
            asked = true;
        }
        if asked {
            return Ok(Self::Figures(options));
        }
        // `cargo test --all-targets` also runs this, with a program that was built without
        // optimizations.
        Ok(Self::Nothing(
            "figures are measured by `cargo bench`".to_owned(),
        ))
    }
}

impl Options {
    /// Returns whether a figure was requested.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }

    /// Returns how many modules of five versions the corpus has.
    pub(crate) fn modules(&self) -> u32 {
        if self.quick { 1000 } else { 10_000 }
    }

    /// Returns how long one turn of a load takes.
    pub(crate) fn turn(&self) -> Duration {
        Duration::from_millis(if self.quick { 500 } else { 3000 })
    }

    /// Returns how often measured program and baseline take turns, and how often a start is timed.
    pub(crate) fn turns(&self) -> u32 {
        if self.quick { 3 } else { 5 }
    }

    /// Returns how long a server rests before its memory is read.
    pub(crate) fn rest(&self) -> Duration {
        Duration::from_secs(if self.quick { 2 } else { 10 })
    }
}
