//! Measures publishing as clients do it: they announce a version, then send its archive.
//!
//! These are two durable writes, and between them a new file is synced. The baseline is how often
//! the same disk makes 4 KiB of one file durable. The note says how many separate files per second
//! the disk can make durable at most.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::Barrier;

use crate::archives;
use crate::client::{Answer, Connection, Target};
use crate::corpus::Corpus;
use crate::failure::{Failure, failure};
use crate::figure::{Figure, Goal, Quantity, Spread};
use crate::load::{Taken, together};
use crate::requests;
use crate::server::Server;

use super::order::Bench;

const CLIENTS: usize = 32;
const ARCHIVE_BYTES: usize = 100_000;

/// Measures the rows about publishing.
pub(super) fn rows(bench: &mut Bench<'_>, server: &Server) -> Result<(), Failure> {
    many_clients(bench, server)?;
    one_client(bench, server)
}

fn many_clients(bench: &mut Bench<'_>, server: &Server) -> Result<(), Failure> {
    let name = "publish 100 kB, 32 clients";
    if !bench.options.wants(name) {
        return Ok(());
    }
    let turn = bench.options.turn();
    let mut pairs: Vec<(Taken, f64)> = Vec::new();
    for _ in 0..bench.options.turns() {
        let syncs = syncs_per_second(&bench.corpus.data_dir, turn)?;
        pairs.push((publish(bench.corpus, server, CLIENTS, turn)?, syncs));
    }
    let ratio = Spread::of(
        pairs
            .iter()
            .map(|(taken, syncs)| taken.per_second / syncs)
            .collect(),
    )?;
    let middle = |of: fn(&(Taken, f64)) -> f64| -> Result<f64, Failure> {
        Ok(Spread::of(pairs.iter().map(of).collect())?.median)
    };
    let measured = Quantity {
        value: middle(|pair| pair.0.per_second)?,
        unit: "/s",
    };
    let baseline = Quantity {
        value: middle(|pair| pair.1)?,
        unit: "syncs/s",
    };
    let goal = Goal::AtLeast {
        must: 1.0,
        reach: 3.0,
    };
    let milliseconds = |of: fn(&(Taken, f64)) -> Duration| -> Result<f64, Failure> {
        let all = pairs.iter().map(|pair| of(pair).as_secs_f64() * 1000.0);
        Ok(Spread::of(all.collect())?.median)
    };
    let (p50, p99) = (milliseconds(|p| p.0.p50)?, milliseconds(|p| p.0.p99)?);
    let processor = milliseconds(|p| p.0.processor)?;
    let files = files_per_second(&bench.corpus.data_dir, turn)?;
    let gate = unpacking(&archives::of_configuration(ARCHIVE_BYTES)?)?;
    let note = format!(
        "p50 {p50:.1} ms, p99 {p99:.1} ms, processor {processor:.2} ms each; a publish is two \
         durable writes and a synced file, of which the bare disk takes {files:.0}/s; to unpack and \
         hash the archive once takes {gate:.2} ms of processor"
    );
    bench
        .report
        .add(Figure::compared(name, goal, measured, baseline, ratio).with_note(note));
    Ok(())
}

fn one_client(bench: &mut Bench<'_>, server: &Server) -> Result<(), Failure> {
    let name = "publish 100 kB, one client, p50";
    if !bench.options.wants(name) {
        return Ok(());
    }
    let taken = publish(bench.corpus, server, 1, bench.options.turn())?;
    let measured = Quantity {
        value: taken.p50.as_secs_f64() * 1000.0,
        unit: "ms",
    };
    let goal = Goal::AtMost {
        must: 60.0,
        reach: 20.0,
    };
    let note = format!(
        "p99 {:.1} ms; announcement and archive",
        taken.p99.as_secs_f64() * 1000.0
    );
    bench
        .report
        .add(Figure::alone(name, goal, measured).with_note(note));
    Ok(())
}

/// Lets several clients publish for as long as `turn`.
pub(super) fn publish(
    corpus: &Corpus,
    server: &Server,
    clients: usize,
    turn: Duration,
) -> Result<Taken, Failure> {
    let archive = archives::of_configuration(ARCHIVE_BYTES)?;
    let publisher = Arc::new(Publisher {
        target: server.target.clone(),
        token: corpus.token.clone(),
        module: corpus.published_to,
        numbers: Arc::clone(&corpus.numbers),
        archive,
        turn,
    });
    together(&server.target, clients, turn, |start| {
        Arc::clone(&publisher).run(start)
    })
}

struct Publisher {
    target: Target,
    token: String,
    module: &'static str,
    numbers: Arc<AtomicU32>,
    archive: Vec<u8>,
    turn: Duration,
}

impl Publisher {
    async fn run(self: Arc<Self>, start: Arc<Barrier>) -> Result<Vec<Duration>, Failure> {
        let mut connection = Connection::open(&self.target).await?;
        start.wait().await;
        let until = Instant::now() + self.turn;
        let mut answers = Vec::new();
        loop {
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            let archive = archives::restamped(&self.archive, number);
            let asked = Instant::now();
            self.publish(&mut connection, number, &archive).await?;
            let answered = Instant::now();
            if answered > until {
                return Ok(answers);
            }
            answers.push(answered - asked);
        }
    }

    async fn publish(
        &self,
        connection: &mut Connection,
        number: u32,
        archive: &[u8],
    ) -> Result<(), Failure> {
        let announcement = requests::announce(self.module, &format!("1.0.{number}"), &self.token);
        let announced = expect(201, connection.fetch(&announcement).await?)?;
        let body: Value = serde_json::from_slice(&announced.body)?;
        let link = body.pointer("/data/links/upload").and_then(Value::as_str);
        let link = link.ok_or_else(|| failure("an announcement without an upload link"))?;
        expect(
            200,
            connection.fetch(&requests::upload(link, archive)).await?,
        )?;
        Ok(())
    }
}

fn expect(status: u16, answer: Answer) -> Result<Answer, Failure> {
    if answer.status == status {
        return Ok(answer);
    }
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    Err(failure(format!("publishing fails: {}{body}", answer.head)))
}

/// Returns how many milliseconds it takes to unpack an archive and to hash it, which no check of an
/// archive can avoid.
fn unpacking(archive: &[u8]) -> Result<f64, Failure> {
    const TIMES: u32 = 100;
    let started = Instant::now();
    for _ in 0..TIMES {
        std::io::copy(&mut GzDecoder::new(archive), &mut std::io::sink())?;
        std::hint::black_box(Sha256::digest(archive));
    }
    Ok(started.elapsed().as_secs_f64() * 1000.0 / f64::from(TIMES))
}

/// Returns how often per second the disk makes 4 KiB more of a file durable.
fn syncs_per_second(data_dir: &Path, turn: Duration) -> Result<f64, Failure> {
    let path = data_dir.with_file_name("syncs");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let (started, mut count) = (Instant::now(), 0_u32);
    while started.elapsed() < turn {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    let elapsed = started.elapsed();
    std::fs::remove_file(&path)?;
    Ok(f64::from(count) / elapsed.as_secs_f64())
}

/// Returns how many new files of 100 kB per second the disk makes durable, with as many threads as
/// there are clients: write, sync, rename, sync the folder.
fn files_per_second(data_dir: &Path, turn: Duration) -> Result<f64, Failure> {
    let folder = tempfile::tempdir_in(data_dir.parent().unwrap_or(data_dir))?;
    let (content, count) = (vec![7; ARCHIVE_BYTES], AtomicU32::new(0));
    let started = Instant::now();
    let work = |client: usize| -> Result<(), Failure> {
        let of_client = folder.path().join(client.to_string());
        std::fs::create_dir(&of_client)?;
        while started.elapsed() < turn {
            let number = count.fetch_add(1, Ordering::Relaxed);
            let (new, kept) = (of_client.join("new"), of_client.join(number.to_string()));
            let mut file = File::create(&new)?;
            file.write_all(&content)?;
            file.sync_all()?;
            std::fs::rename(&new, kept)?;
            File::open(&of_client)?.sync_all()?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..CLIENTS)
            .map(|client| scope.spawn(move || work(client)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .map_err(|_| failure("a thread that wrote files panicked"))?
        })
    })?;
    Ok(f64::from(count.into_inner()) / started.elapsed().as_secs_f64())
}
