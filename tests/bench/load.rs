//! Load: many clients, each with one request in flight on a connection that it keeps.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::client::{Connection, Outcome, Target};
use crate::failure::{Failure, failure};
use crate::process::processor_time;

/// The number of threads that the clients share.
const THREADS: usize = 2;

/// A request that many clients make.
#[derive(Clone)]
pub(crate) struct Load {
    /// The server that answers.
    pub(crate) target: Target,
    /// The request.
    pub(crate) request: Arc<[u8]>,
    /// The answer that every client must get.
    pub(crate) expected: Outcome,
    /// The number of clients.
    pub(crate) clients: usize,
}

/// The result of a load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// Answers per second, all clients together.
    pub(crate) per_second: f64,
    /// The median latency of an answer.
    pub(crate) p50: Duration,
    /// The latency that 99 of 100 answers do not exceed.
    pub(crate) p99: Duration,
    /// The processor time per answer; zero where the process is not known.
    pub(crate) processor: Duration,
}

impl Load {
    /// Makes a load from a request. The request is made once, and all later answers must be equal
    /// to its answer.
    pub(crate) fn of(target: &Target, request: Vec<u8>, clients: usize) -> Result<Self, Failure> {
        let answer = target.fetch(&request)?;
        if !matches!(answer.status, 200 | 204) {
            return Err(failure(format!("a request fails: {}", answer.head)));
        }
        let expected = Outcome {
            status: answer.status,
            length: answer.body.len(),
        };
        Ok(Self {
            target: target.clone(),
            request: request.into(),
            expected,
            clients,
        })
    }

    /// Lets the clients make requests for as long as `turn`.
    pub(crate) fn run(&self, turn: Duration) -> Result<Taken, Failure> {
        together(&self.target, self.clients, turn, |start| {
            client(self.clone(), turn, start)
        })
    }
}

/// Runs many clients of one target at once. Each waits for `start` once it is ready, and returns
/// how long each of its answers took.
pub(crate) fn together<F>(
    target: &Target,
    clients: usize,
    turn: Duration,
    client: impl Fn(Arc<Barrier>) -> F + Sync,
) -> Result<Taken, Failure>
where
    F: Future<Output = Result<Vec<Duration>, Failure>> + Send + 'static,
{
    let used = || target.process.map_or(Duration::ZERO, processor_time);
    let before = used();
    let start = Arc::new(Barrier::new(clients));
    let share = |thread: usize| (clients + thread) / THREADS;
    let work = |clients: usize| {
        let futures: Vec<F> = (0..clients).map(|_| client(Arc::clone(&start))).collect();
        move || run_all(futures)
    };
    let answers = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(work(share(thread))))
            .collect();
        threads.into_iter().try_fold(Vec::new(), |mut all, thread| {
            all.extend(thread.join().map_err(|_| failure("a client panicked"))??);
            Ok::<_, Failure>(all)
        })
    })?;
    Taken::of(answers, turn, used().saturating_sub(before))
}

fn run_all<F>(clients: Vec<F>) -> Result<Vec<Duration>, Failure>
where
    F: Future<Output = Result<Vec<Duration>, Failure>> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut running = JoinSet::new();
        for client in clients {
            running.spawn(client);
        }
        let mut answers = Vec::new();
        while let Some(ended) = running.join_next().await {
            answers.extend(ended??);
        }
        Ok(answers)
    })
}

async fn client(load: Load, turn: Duration, start: Arc<Barrier>) -> Result<Vec<Duration>, Failure> {
    let mut connection = Connection::open(&load.target).await?;
    // The server may compute the first answer; those that count may come from its cache.
    connection.exchange(&load.request).await?;
    start.wait().await;
    let until = Instant::now() + turn;
    let mut answers = Vec::new();
    loop {
        let asked = Instant::now();
        let outcome = connection.exchange(&load.request).await?;
        if outcome != load.expected {
            return Err(failure(format!(
                "got {outcome:?} instead of {:?}",
                load.expected
            )));
        }
        let answered = Instant::now();
        // A late answer does not count, and ends the turn.
        if answered > until {
            return Ok(answers);
        }
        answers.push(answered - asked);
    }
}

impl Taken {
    /// Summarizes the latencies of answers that came within `turn`, and the processor time that
    /// they took together.
    fn of(mut answers: Vec<Duration>, turn: Duration, used: Duration) -> Result<Self, Failure> {
        answers.sort_unstable();
        let place = |percent: usize| {
            let at = (answers.len() * percent / 100).min(answers.len().saturating_sub(1));
            answers
                .get(at)
                .copied()
                .ok_or_else(|| failure("nothing was answered"))
        };
        let count = f64::from(u32::try_from(answers.len())?);
        Ok(Self {
            per_second: count / turn.as_secs_f64(),
            p50: place(50)?,
            p99: place(99)?,
            processor: used.div_f64(count),
        })
    }
}
