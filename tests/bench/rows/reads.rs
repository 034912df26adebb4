//! Measures what terraform reads: versions, download addresses, archives. The baseline of each is a
//! bare handler.

use std::time::Duration;

use crate::baseline::Baseline;
use crate::client::Target;
use crate::corpus::{Corpus, Published};
use crate::failure::{Failure, failure};
use crate::figure::{Figure, Goal, Quantity, Spread};
use crate::load::{Load, Taken};
use crate::nginx::{self, Nginx};
use crate::requests;
use crate::server::Server;

use super::order::Bench;

const CLIENTS: usize = 64;
/// The number of clients of a large archive: each takes a good part of it in the servers' memory.
const CLIENTS_OF_LARGE: usize = 16;

/// Measures the rows without TLS.
pub(super) fn plain(
    bench: &mut Bench<'_>,
    server: &Server,
    baseline: &Baseline,
) -> Result<(), Failure> {
    let (corpus, to, from) = (bench.corpus, &server.target, &baseline.target);
    let at_least = |must, reach| Goal::AtLeast { must, reach };
    let versions = requests::versions(&corpus.of_many.module, &corpus.token);
    settled(to, &versions)?;
    bench.compare("versions of a module with 100", at_least(0.6, 0.85), || {
        beside_fixed_body(to, from, versions, CLIENTS)
    })?;
    let Published { module, version } = &corpus.detailed;
    let details = format!("/api/registry/v1/modules/{module}/{version}");
    let details = requests::get(&details, Some(&corpus.token));
    bench.compare("details of a large module", at_least(0.5, 0.8), || {
        beside_fixed_body(to, from, details, CLIENTS)
    })?;
    let download = requests::download(&corpus.of_many, &corpus.token);
    bench.compare("download address (204)", at_least(0.6, 0.85), || {
        let nothing = requests::get("/nothing", None);
        Ok((
            Load::of(to, download, CLIENTS)?,
            Load::of(from, nothing, CLIENTS)?,
        ))
    })?;
    let discovery = requests::get("/.well-known/terraform.json", None);
    bench.compare("discovery document", at_least(0.8, 0.95), || {
        beside_fixed_body(to, from, discovery, CLIENTS)
    })?;
    bench.compare("archive of 100 kB", at_least(0.6, 0.9), || {
        beside_fixed_body(to, from, archive(corpus, &corpus.small, to)?, CLIENTS)
    })?;
    large(bench, to, from)
}

/// Waits until all versions of a module have been inspected: the list of versions grows with each
/// of them.
fn settled(to: &Target, versions: &[u8]) -> Result<(), Failure> {
    for _ in 0..300 {
        let list = String::from_utf8_lossy(&to.fetch(versions)?.body).into_owned();
        let entries = list.matches("\"deprecation\"").count();
        if entries > 0 && list.matches("\"root\"").count() == entries {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(failure("the versions were not read within half a minute"))
}

/// Measures the large archive, beside nginx if it is installed.
fn large(bench: &mut Bench<'_>, to: &Target, from: &Target) -> Result<(), Failure> {
    let goal = Goal::AtLeast {
        must: 0.75,
        reach: 1.0,
    };
    let corpus = bench.corpus;
    let request = || archive(corpus, &corpus.large, to);
    let folder = corpus.data_dir.parent().unwrap_or(&corpus.data_dir);
    let name = "archive of 10 MiB, nginx with sendfile";
    if bench.options.wants(name) {
        let content = to.fetch(&request()?)?.body;
        match Nginx::start(folder, |file| std::fs::write(file, &content))? {
            Some(nginx) => bench.compare(name, goal, || {
                let file = requests::get(nginx::PATH, None);
                Ok((
                    Load::of(to, request()?, CLIENTS_OF_LARGE)?,
                    Load::of(&nginx.target, file, CLIENTS_OF_LARGE)?,
                ))
            })?,
            None => bench
                .report
                .add(Figure::skipped(name, goal, "there is no nginx on PATH")),
        }
    }
    bench.compare("archive of 10 MiB, bytes in memory", goal, || {
        beside_fixed_body(to, from, request()?, CLIENTS_OF_LARGE)
    })
}

/// The names of the rows with TLS.
pub(super) const SECURE: [&str; 1] = ["archive of 10 MiB over TLS"];

/// Measures the rows with TLS.
pub(super) fn secure(bench: &mut Bench<'_>, to: &Target, from: &Target) -> Result<(), Failure> {
    let corpus = bench.corpus;
    let [large] = SECURE;
    bench.compare(
        large,
        Goal::AtLeast {
            must: 0.9,
            reach: 1.0,
        },
        || {
            beside_fixed_body(
                to,
                from,
                archive(corpus, &corpus.large, to)?,
                CLIENTS_OF_LARGE,
            )
        },
    )
}

impl Bench<'_> {
    /// Lets two loads take turns, if the figure was requested.
    fn compare(
        &mut self,
        name: &str,
        goal: Goal,
        loads: impl FnOnce() -> Result<(Load, Load), Failure>,
    ) -> Result<(), Failure> {
        if !self.options.wants(name) {
            return Ok(());
        }
        let (measured, baseline) = loads()?;
        let turn = self.options.turn();
        let mut pairs: Vec<(Taken, Taken)> = Vec::new();
        for _ in 0..self.options.turns() {
            pairs.push((measured.run(turn)?, baseline.run(turn)?));
        }
        let ratios = pairs
            .iter()
            .map(|(here, there)| here.per_second / there.per_second);
        let ratio = Spread::of(ratios.collect())?;
        let rate = |side: fn(&(Taken, Taken)) -> f64| -> Result<Quantity, Failure> {
            let value = Spread::of(pairs.iter().map(side).collect())?.median;
            Ok(Quantity { value, unit: "/s" })
        };
        let (here, there) = (
            rate(|pair| pair.0.per_second)?,
            rate(|pair| pair.1.per_second)?,
        );
        let note = latencies(&pairs)?;
        self.report
            .add(Figure::compared(name, goal, here, there, ratio).with_note(note));
        Ok(())
    }
}

/// Returns the median latencies of all turns, and the processor time per answer: of the program,
/// and in parentheses of the baseline. Only the processor time hardly depends on what else the
/// machine does.
fn latencies(pairs: &[(Taken, Taken)]) -> Result<String, Failure> {
    let middle = |of: fn(&Taken) -> Duration, unit: f64| -> Result<String, Failure> {
        let side = |side: fn(&(Taken, Taken)) -> &Taken| {
            let all = pairs.iter().map(|pair| of(side(pair)).as_secs_f64() * unit);
            Spread::of(all.collect())
        };
        let (here, there) = (side(|pair| &pair.0)?.median, side(|pair| &pair.1)?.median);
        Ok(format!("{here:.2} ({there:.2})"))
    };
    let (p50, p99) = (
        middle(|taken| taken.p50, 1e3)?,
        middle(|taken| taken.p99, 1e3)?,
    );
    let processor = middle(|taken| taken.processor, 1e6)?;
    Ok(format!(
        "p50 {p50} ms, p99 {p99} ms, processor {processor} µs an answer"
    ))
}

/// Returns a load of a request, and one of a bare handler whose body has the same size.
fn beside_fixed_body(
    to: &Target,
    from: &Target,
    request: Vec<u8>,
    clients: usize,
) -> Result<(Load, Load), Failure> {
    let measured = Load::of(to, request, clients)?;
    let same = requests::get(&format!("/bytes/{}", measured.expected.length), None);
    Ok((measured, Load::of(from, same, clients)?))
}

/// Returns the request for an archive by a new signed address.
pub(super) fn archive(
    corpus: &Corpus,
    published: &Published,
    target: &Target,
) -> Result<Vec<u8>, Failure> {
    let answer = target.fetch(&requests::download(published, &corpus.token))?;
    let location = answer.header("x-terraform-get");
    let location = location.ok_or_else(|| failure(format!("no address: {}", answer.head)))?;
    Ok(requests::get(location, None))
}
