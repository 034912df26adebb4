//! Lists the modules of a large organization by pages of a hundred, as the clients of the JSON:API
//! do.

use crate::failure::Failure;
use crate::figure::{Figure, Goal, Quantity, Spread};
use crate::requests;
use crate::server::Server;

use super::order::Bench;

const PAGE: u32 = 100;

/// Measures the rows.
pub(super) fn rows(bench: &mut Bench<'_>, server: &Server) -> Result<(), Failure> {
    let pages = bench.options.modules() / PAGE;
    let page = |number: u32| {
        let query = format!("page%5Bnumber%5D={number}&page%5Bsize%5D={PAGE}");
        let path = format!("/api/v2/organizations/acme/registry-modules?{query}");
        requests::get(&path, Some(&bench.corpus.token))
    };
    let (first, last): (Vec<_>, Vec<_>) = (vec![page(1)], vec![page(pages)]);
    let all: Vec<_> = (1..=pages).map(page).collect();
    let p99 = "list of 100 modules, p99 with 32 clients";
    if bench.options.wants(p99) {
        let taken = bench.ask(&server.target, &all)?;
        bench.latency(p99, (25.0, 10.0), &taken, |taken| taken.p99)?;
    }
    let name = "list of 100 modules, the last page";
    if !bench.options.wants(name) {
        return Ok(());
    }
    let (last, first) = (
        bench.ask(&server.target, &last)?,
        bench.ask(&server.target, &first)?,
    );
    let milliseconds = |taken: &crate::load::Taken| taken.p50.as_secs_f64() * 1e3;
    let (measured, baseline): (Vec<f64>, Vec<f64>) = (
        last.iter().map(milliseconds).collect(),
        first.iter().map(milliseconds).collect(),
    );
    let ratios = measured
        .iter()
        .zip(&baseline)
        .map(|(last, first)| last / first);
    let ratio = Spread::of(ratios.collect())?;
    let quantity = |value: f64, unit| Quantity { value, unit };
    let (measured, baseline) = (
        quantity(Spread::of(measured)?.median, "ms"),
        quantity(Spread::of(baseline)?.median, "ms, the first"),
    );
    let goal = Goal::AtMost {
        must: 2.0,
        reach: 1.1,
    };
    bench
        .report
        .add(Figure::compared(name, goal, measured, baseline, ratio));
    Ok(())
}
