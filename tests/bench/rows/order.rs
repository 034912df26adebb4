//! The list of the rows, and the servers that run while each is measured.
//!
//! Never more than one registry runs: it owns its data directory. The memory rows are about the
//! corpus without further versions, so they come before the rows that publish many.

use crate::baseline::Baseline;
use crate::corpus::Corpus;
use crate::failure::Failure;
use crate::figure::{Figure, Goal, Quantity};
use crate::options::Options;
use crate::report::Report;
use crate::server::{PROGRAM, Server};

use super::{
    cold_start, listing, organization, packages, page_costs, pages, publish, reads, terraform,
};

/// The options, corpus and report that every row needs.
pub(super) struct Bench<'a> {
    /// The options of the measurement.
    pub(super) options: &'a Options,
    /// The corpus that is served.
    pub(super) corpus: &'a Corpus,
    /// The report that the figures are added to.
    pub(super) report: &'a mut Report,
}

/// Measures every row that was requested.
pub(crate) fn measure(options: &Options, report: &mut Report) -> Result<(), Failure> {
    let folder = tempfile::Builder::new()
        .prefix("figures-")
        .tempdir_in(&options.dir)?;
    let corpus = Corpus::make(folder.path(), options.modules())?;
    let mut bench = Bench {
        options,
        corpus: &corpus,
        report,
    };
    let server = cold_start::rows(&mut bench, Server::plain(&corpus)?)?;
    bench.add("memory at rest", at_most(48.0, 30.0), || {
        std::thread::sleep(options.rest());
        mebibytes(&server, "VmRSS")
    })?;
    let baseline = Baseline::plain()?;
    reads::plain(&mut bench, &server, &baseline)?;
    pages::rows(&mut bench, &server)?;
    page_costs::rows(&mut bench, &server)?;
    listing::rows(&mut bench, &server)?;
    bench.add(
        "memory under 64 clients (peak)",
        at_most(128.0, 80.0),
        || mebibytes(&server, "VmHWM"),
    )?;
    publish::rows(&mut bench, &server)?;
    drop(baseline);
    drop(server);
    organization::row(&mut bench)?;
    packages::rows(&mut bench)?;
    terraform::with_tls(&mut bench, folder.path())?;
    bench.add("release binary", at_most(40.0, 25.0), binary)?;
    Ok(())
}

impl Bench<'_> {
    /// Measures a figure without a baseline, if it was requested.
    pub(super) fn add(
        &mut self,
        name: &str,
        goal: Goal,
        measure: impl FnOnce() -> Result<Quantity, Failure>,
    ) -> Result<(), Failure> {
        if self.options.wants(name) {
            self.report.add(Figure::alone(name, goal, measure()?));
        }
        Ok(())
    }
}

fn at_most(must: f64, reach: f64) -> Goal {
    Goal::AtMost { must, reach }
}

fn mebibytes(server: &Server, line: &str) -> Result<Quantity, Failure> {
    Ok(Quantity {
        value: server.process.memory(line)?,
        unit: "MiB",
    })
}

/// Measures the size of the program. The `dist` profile, with which packages are built, makes a
/// smaller one.
fn binary() -> Result<Quantity, Failure> {
    let kibibytes = u32::try_from(std::fs::metadata(PROGRAM)?.len() / 1024)?;
    Ok(Quantity {
        value: f64::from(kibibytes) / 1024.0,
        unit: "MiB",
    })
}
