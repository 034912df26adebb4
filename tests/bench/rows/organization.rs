//! Measures deleting an organization with a tenth as many modules as all others have.

use std::time::Instant;

use crate::corpus::DOOMED;
use crate::failure::{Failure, failure};
use crate::figure::{Figure, Goal, Quantity};
use crate::requests;
use crate::server::Server;

use super::order::Bench;

/// Measures the row. No server may run meanwhile; the organization exists only for this row.
pub(super) fn row(bench: &mut Bench<'_>) -> Result<(), Failure> {
    let name = "delete an organization";
    if !bench.options.wants(name) {
        return Ok(());
    }
    let modules = bench.options.modules() / 10;
    bench.corpus.add_doomed(modules)?;
    let server = Server::plain(bench.corpus)?;
    let path = format!("/api/v2/organizations/{DOOMED}");
    let request = requests::delete(&path, &bench.corpus.token);
    let asked = Instant::now();
    let answer = server.target.fetch(&request)?;
    let elapsed = asked.elapsed();
    if answer.status != 204 {
        return Err(failure(format!("deleting fails: {}", answer.head)));
    }
    let goal = Goal::AtMost {
        must: 2000.0,
        reach: 1000.0,
    };
    let measured = Quantity {
        value: elapsed.as_secs_f64() * 1000.0,
        unit: "ms",
    };
    let note = format!("with {modules} modules of 5 versions, and their files");
    bench
        .report
        .add(Figure::alone(name, goal, measured).with_note(note));
    Ok(())
}
