//! The executable: parses the command line, runs one command, and turns its error into a message
//! and an exit code.

use std::process::ExitCode;

use terrakeep::cli::Cli;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::of_process();
    let output = cli.output();
    // This is an error only if a provider is installed already; this is the first code that runs.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&error);
            ExitCode::from(error.exit().code())
        }
    }
}
