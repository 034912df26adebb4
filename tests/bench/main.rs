//! `cargo bench`: measures every figure that Terrakeep promises, beside its baseline in the same
//! run.
//!
//! The optimised program serves a generated corpus from a process of its own, and so does every
//! baseline. This process makes the requests, on the same cores. Measured program and baseline take
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
    // An error would mean that a provider is installed already, and nothing runs before this line.
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

/// Measures everything; returns `false` if a figure misses the value that it must have.
fn figures(options: &Options) -> Result<bool, Failure> {
    let mut report = Report::begin();
    rows::measure(options, &mut report)?;
    if let Some(path) = &options.json {
        report.write_json(path)?;
    }
    // A quick run on a busy machine checks that the command works, not how fast the program is.
    Ok(options.quick || report.nothing_missed())
}
