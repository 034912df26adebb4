//! Measures what people look at: searching, and the page of a large module. These rows have no
//! baseline, since no other program offers the same.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Barrier;

use crate::client::{Connection, Target};
use crate::corpus::Published;
use crate::failure::{Failure, failure};
use crate::figure::{Figure, Goal, Quantity, Spread};
use crate::load::{Taken, together};
use crate::requests;
use crate::server::Server;

use super::order::Bench;

const CLIENTS: usize = 32;

/// The texts to search for: names, beginnings of names, typing errors, resources, inputs, prose.
const SEARCHES: [&str; 16] = [
    "vpc",
    "s3-bucket",
    "s3",
    "lamdba",
    "gardduty",
    "aws_s3_bucket",
    "aws_transit_gateway",
    "kms_key_arn",
    "retention_in_days",
    "vpc%20endpoint",
    "encryption%20redis",
    "iam-role-policy",
    "cloudfr",
    "backup_win",
    "nothing-of-the-kind",
    "eks-cluster-00500",
];

/// Measures the rows.
pub(super) fn rows(bench: &mut Bench<'_>, server: &Server) -> Result<(), Failure> {
    let (corpus, to) = (bench.corpus, &server.target);
    let search = |words: &&str| {
        let path = format!("/v1/modules/search?q={words}");
        requests::get(&path, Some(&corpus.token))
    };
    let searches: Vec<_> = SEARCHES.iter().map(search).collect();
    let p99 = "search, p99 with 32 clients";
    if bench.options.wants(p99) {
        let taken = bench.ask(to, &searches)?;
        bench.latency(p99, (20.0, 5.0), &taken, |taken| taken.p99)?;
    }
    let Published { module, version } = &corpus.detailed;
    let page = requests::get(&format!("/modules/{module}/{version}/inputs"), None);
    let (p50, p99) = ("page of a module, p50", "page of a module, p99");
    if bench.options.wants(p50) || bench.options.wants(p99) {
        let taken = bench.ask(to, &[page])?;
        bench.latency(p50, (10.0, 3.0), &taken, |taken| taken.p50)?;
        bench.latency(p99, (40.0, 15.0), &taken, |taken| taken.p99)?;
    }
    Ok(())
}

impl Bench<'_> {
    /// Lets clients make a list of requests one after the other, in turns.
    pub(super) fn ask(&self, to: &Target, requests: &[Vec<u8>]) -> Result<Vec<Taken>, Failure> {
        for request in requests {
            let answer = to.fetch(request)?;
            if answer.status != 200 {
                return Err(failure(format!("a request fails: {}", answer.head)));
            }
        }
        let turn = self.options.turn();
        let shared: Arc<[Vec<u8>]> = requests.into();
        let turns = 0..self.options.turns();
        turns
            .map(|_| {
                together(to, CLIENTS, turn, |start| {
                    client(to.clone(), Arc::clone(&shared), turn, start)
                })
            })
            .collect()
    }

    /// Adds the median of a percentile over all turns.
    pub(super) fn latency(
        &mut self,
        name: &str,
        (must, reach): (f64, f64),
        taken: &[Taken],
        percentile: fn(&Taken) -> Duration,
    ) -> Result<(), Failure> {
        if !self.options.wants(name) {
            return Ok(());
        }
        let middle = |of: &dyn Fn(&Taken) -> f64| -> Result<f64, Failure> {
            Ok(Spread::of(taken.iter().map(of).collect())?.median)
        };
        let measured = Quantity {
            value: middle(&|taken| percentile(taken).as_secs_f64() * 1e3)?,
            unit: "ms",
        };
        let note = format!(
            "{:.0} answers a second, processor {:.0} µs an answer",
            middle(&|taken| taken.per_second)?,
            middle(&|taken| taken.processor.as_secs_f64() * 1e6)?
        );
        let goal = Goal::AtMost { must, reach };
        self.report
            .add(Figure::alone(name, goal, measured).with_note(note));
        Ok(())
    }
}

async fn client(
    target: Target,
    requests: Arc<[Vec<u8>]>,
    turn: Duration,
    start: Arc<Barrier>,
) -> Result<Vec<Duration>, Failure> {
    let mut connection = Connection::open(&target).await?;
    start.wait().await;
    let until = Instant::now() + turn;
    let mut answers = Vec::new();
    for request in requests.iter().cycle() {
        let asked = Instant::now();
        let outcome = connection.exchange(request).await?;
        if outcome.status != 200 {
            return Err(failure(format!("got {outcome:?}")));
        }
        let answered = Instant::now();
        if answered > until {
            break;
        }
        answers.push(answered - asked);
    }
    Ok(answers)
}
