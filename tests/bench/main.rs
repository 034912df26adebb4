//! `cargo bench`: every figure that Terrakeep promises, beside its baseline of the same run.
//!
//! The release program serves a made corpus from a process of its own, and so does whatever it is
//! compared with. This process makes the requests, on the same cores. Measured and baseline take
//! turns, so that a busy machine slows both; only their ratio is worth comparing between runs.

mod archives;
mod baseline;
mod client;
mod corpus;
mod described;
mod failure;
mod figure;
mod load;
mod nginx;
mod options;
mod packages;
mod process;
mod report;
mod requests;
mod rows;
mod server;
mod unsynced_disk;

use std::process::ExitCode;

use failure::Failure;
use options::{Mode, Options};
use report::Report;

fn main() -> ExitCode {
    // An error would mean that there is one already, and nothing runs before this.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let done = match Mode::from_arguments(std::env::args().skip(1)) {
        Ok(Mode::Figures(options)) => figures(&options),
        Ok(Mode::Baseline(settings)) => baseline::serve(&settings).map(|()| true),
        Ok(Mode::Nothing(why)) => {
            report::say(&why);
            Ok(true)
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            report::progress(&format!("error: {failure}"));
            ExitCode::from(2)
        }
    }
}

/// Measures everything; `false` if a figure misses what it must reach.
fn figures(options: &Options) -> Result<bool, Failure> {
    let mut report = Report::begin();
    rows::measure(options, &mut report)?;
    if let Some(path) = &options.json {
        report.write_json(path)?;
    }
    // A small corpus on a machine that does other things is a check of the command, not of speed.
    Ok(options.quick || report.nothing_missed())
}
