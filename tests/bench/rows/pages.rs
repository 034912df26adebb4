//! What people look at: searching, and the page of a large module. By themselves, since nothing of
//! the kind can be compared.

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

/// What people search for: names, beginnings of names, typing errors, resources, inputs, prose.
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

/// The rows.
pub(super) fn rows(bench: &mut Bench<'_>, server: &Server) -> Result<(), Failure> {
    let (corpus, to) = (bench.corpus, &server.target);
    let search = |path: &str| -> Vec<Vec<u8>> {
        SEARCHES
            .iter()
            .map(|words| requests::get(&format!("{path}{words}"), Some(&corpus.token)))
            .collect()
    };
    let protocol = search("/v1/modules/search?q=");
    bench.latency("search, p99 with 32 clients", (20.0, 5.0), to, &protocol)?;
    let Published { module, version } = &corpus.detailed;
    let page = vec![requests::get(
        &format!("/modules/{module}/{version}/inputs"),
        None,
    )];
    bench.latency("page of a module, p50", (10.0, 3.0), to, &page)?;
    bench.latency("page of a module, p99", (40.0, 15.0), to, &page)
}

impl Bench<'_> {
    /// Lets clients ask for one after the other of some requests, and takes the percentile that
    /// the row's name says.
    fn latency(
        &mut self,
        name: &str,
        (must, reach): (f64, f64),
        to: &Target,
        requests: &[Vec<u8>],
    ) -> Result<(), Failure> {
        if !self.options.wants(name) {
            return Ok(());
        }
        for request in requests {
            let answer = to.fetch(request)?;
            if answer.status != 200 {
                return Err(failure(format!("a request fails: {}", answer.head)));
            }
        }
        let turn = self.options.turn();
        let shared: Arc<[Vec<u8>]> = requests.into();
        let mut taken: Vec<Taken> = Vec::new();
        for _ in 0..self.options.turns() {
            taken.push(together(to, CLIENTS, turn, |start| {
                client(to.clone(), Arc::clone(&shared), turn, start)
            })?);
        }
        let of = |of: fn(&Taken) -> f64| Spread::of(taken.iter().map(of).collect());
        let is_middle = name.contains("p50");
        let time = |taken: &Taken| if is_middle { taken.p50 } else { taken.p99 };
        let times = taken.iter().map(|taken| time(taken).as_secs_f64() * 1e3);
        let measured = Quantity {
            value: Spread::of(times.collect())?.median,
            unit: "ms",
        };
        let note = format!(
            "{:.0} answers a second, processor {:.0} µs an answer",
            of(|taken| taken.per_second)?.median,
            of(|taken| taken.processor.as_secs_f64() * 1e6)?.median
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
