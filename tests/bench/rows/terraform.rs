//! Measures what needs TLS: large archives, and real terraform.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::baseline::{Baseline, write_module};
use crate::client::Target;
use crate::failure::{Failure, failure};
use crate::figure::{Figure, Goal, Quantity, Spread};
use crate::process::on_path;
use crate::requests;
use crate::server::{Server, certificates};

use super::order::Bench;
use super::reads;

const CALLS: u32 = 20;
const NAME: &str = "terraform init, 20 calls of one module";

/// Measures the rows with TLS.
pub(super) fn with_tls(bench: &mut Bench<'_>, folder: &Path) -> Result<(), Failure> {
    if !reads::SECURE
        .iter()
        .chain(&[NAME])
        .any(|name| bench.options.wants(name))
    {
        return Ok(());
    }
    let corpus = bench.corpus;
    let server = Server::secure(corpus)?;
    let (module, to) = (folder.join("module"), &server.target);
    std::fs::create_dir(&module)?;
    let versions = to
        .fetch(&requests::versions(&corpus.of_many.module, &corpus.token))?
        .body;
    let archive = to
        .fetch(&reads::archive(corpus, &corpus.of_many, to)?)?
        .body;
    write_module(&module, &versions, &archive)?;
    let baseline = Baseline::secure(corpus, &module)?;
    reads::secure(bench, to, &baseline.target)?;
    if bench.options.wants(NAME) {
        init(bench, to, &baseline.target)?;
    }
    Ok(())
}

fn init(bench: &mut Bench<'_>, to: &Target, from: &Target) -> Result<(), Failure> {
    let goal = Goal::AtMost {
        must: 1.10,
        reach: 1.02,
    };
    if on_path("terraform").is_none() {
        bench
            .report
            .add(Figure::skipped(NAME, goal, "there is no terraform on PATH"));
        return Ok(());
    }
    let (here, there) = (Folder::new(bench, to)?, Folder::new(bench, from)?);
    let (mut measured, mut baseline, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.options.turns() {
        let (here, there) = (here.init()?.as_secs_f64(), there.init()?.as_secs_f64());
        ratios.push(here / there);
        measured.push(here * 1000.0);
        baseline.push(there * 1000.0);
    }
    let milliseconds = |times| -> Result<Quantity, Failure> {
        Ok(Quantity {
            value: Spread::of(times)?.median,
            unit: "ms",
        })
    };
    let (measured, baseline) = (milliseconds(measured)?, milliseconds(baseline)?);
    let figure = Figure::compared(NAME, goal, measured, baseline, Spread::of(ratios)?);
    bench
        .report
        .add(figure.with_note("the baseline answers from memory, over TLS as well"));
    Ok(())
}

/// A folder with a configuration that calls one module many times.
struct Folder {
    dir: TempDir,
    authority: std::path::PathBuf,
}

impl Folder {
    fn new(bench: &Bench<'_>, target: &Target) -> Result<Self, Failure> {
        let corpus = bench.corpus;
        let dir = tempfile::tempdir_in(&bench.options.dir)?;
        let (host, module) = (target.address, &corpus.of_many);
        let calls = (0..CALLS).map(|number| {
            format!(
                "module \"call_{number}\" {{\n  source  = \"{host}/{}\"\n  version = \"{}\"\n}}\n",
                module.module, module.version
            )
        });
        std::fs::write(dir.path().join("main.tf"), calls.collect::<String>())?;
        let credentials = format!(
            "credentials \"{host}\" {{\n  token = \"{}\"\n}}\n",
            corpus.token
        );
        let configuration = format!("disable_checkpoint = true\n{credentials}");
        std::fs::write(dir.path().join("terraform.rc"), configuration)?;
        Ok(Self {
            dir,
            authority: certificates(corpus).ca(),
        })
    }

    /// Installs everything again from the beginning; returns how long that took.
    fn init(&self) -> Result<Duration, Failure> {
        let installed = self.dir.path().join(".terraform");
        if installed.exists() {
            std::fs::remove_dir_all(installed)?;
        }
        let started = Instant::now();
        let output = Command::new("terraform")
            .args(["init", "-no-color", "-input=false"])
            .current_dir(self.dir.path())
            .env("SSL_CERT_FILE", &self.authority)
            .env("TF_CLI_CONFIG_FILE", self.dir.path().join("terraform.rc"))
            .env("HOME", self.dir.path())
            .output()?;
        let took = started.elapsed();
        if output.status.success() {
            return Ok(took);
        }
        let said = [output.stdout, output.stderr].concat();
        Err(failure(format!(
            "terraform init fails:\n{}",
            String::from_utf8_lossy(&said)
        )))
    }
}
