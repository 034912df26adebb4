//! Measures a start after a kill: from the start of the program to the first answer.

use std::time::Duration;

use crate::failure::Failure;
use crate::figure::{Figure, Goal, Quantity, Spread};
use crate::server::Server;

use super::order::Bench;
use super::publish::publish;

/// How long versions are published before each kill, so that the journal holds entries to replay.
const WRITES: Duration = Duration::from_millis(200);

/// Kills the registry and starts it again, a few times; returns the last one started.
pub(super) fn rows(bench: &mut Bench<'_>, mut server: Server) -> Result<Server, Failure> {
    let name = "cold start after kill -9";
    if !bench.options.wants(name) {
        return Ok(server);
    }
    let mut times = Vec::new();
    for _ in 0..bench.options.turns() {
        publish(bench.corpus, &server, 1, WRITES)?;
        server.process.kill()?;
        server = Server::plain(bench.corpus)?;
        times.push(server.started_in.as_secs_f64() * 1000.0);
    }
    let Spread {
        median,
        least,
        most,
    } = Spread::of(times)?;
    let goal = Goal::AtMost {
        must: 300.0,
        reach: 100.0,
    };
    let measured = Quantity {
        value: median,
        unit: "ms",
    };
    let note = format!("to the versions of a module; {least:.0}–{most:.0} ms");
    bench
        .report
        .add(Figure::alone(name, goal, measured).with_note(note));
    Ok(server)
}
