//! Measures large packages of providers: uploads beside `cat` over the same loopback, and downloads
//! beside nginx.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::{Failure, failure};
use crate::figure::{Figure, Goal, Quantity, Spread};
use crate::nginx::{self, Nginx};
use crate::packages::LargePackage;
use crate::requests;
use crate::server::Server;

use super::order::Bench;

const UPLOAD: &str = "package of 500 MB, upload";
const DOWNLOAD: &str = "package of 500 MB, nginx with sendfile";
const MEMORY: &str = "memory with packages of 500 MB (peak)";
/// The least number of times that each is measured beside its baseline.
const PAIRS: u32 = 3;

/// Measures the rows. They have a registry of their own, so that its peak of memory is theirs.
pub(super) fn rows(bench: &mut Bench<'_>) -> Result<(), Failure> {
    if ![UPLOAD, DOWNLOAD, MEMORY]
        .iter()
        .any(|it| bench.options.wants(it))
    {
        return Ok(());
    }
    let bytes = if bench.options.quick { 100 } else { 500 } * 1_000_000;
    let folder = tempfile::tempdir_in(&bench.options.dir)?;
    let package = LargePackage::write(folder.path(), bytes)?;
    let server = Server::plain(bench.corpus)?;
    let work = Work {
        to: server.target.address,
        token: &bench.corpus.token,
        base: {
            let organization = bench.corpus.published_to.split('/').next();
            format!("{}/large/1.0.0", organization.unwrap_or_default())
        },
        package: &package,
    };
    let pairs = PAIRS.max(bench.options.turns());
    let mut uploads = Vec::new();
    for number in 0..pairs {
        let kept = folder.path().join("kept");
        uploads.push((work.upload(number)?, work.cat_to_file(&kept)?));
        std::fs::remove_file(kept)?;
    }
    add(bench, UPLOAD, 0.7, &package, &uploads)?;
    work.publish()?;
    downloads(bench, &work, (folder.path(), pairs))?;
    let goal = Goal::AtMost {
        must: 128.0,
        reach: 80.0,
    };
    bench.add(MEMORY, goal, || {
        Ok(Quantity {
            value: server.process.memory("VmHWM")?,
            unit: "MiB",
        })
    })
}

/// Measures the download, beside nginx if it is installed.
fn downloads(
    bench: &mut Bench<'_>,
    work: &Work<'_>,
    (folder, pairs): (&Path, u32),
) -> Result<(), Failure> {
    const MUST: f64 = 0.75;
    let Some(nginx) = Nginx::start(folder, |file| work.package.link(file))? else {
        let goal = Goal::AtLeast {
            must: MUST,
            reach: 1.0,
        };
        let skipped = Figure::skipped(DOWNLOAD, goal, "there is no nginx on PATH");
        bench.report.add(skipped);
        return Ok(());
    };
    let mut taken = Vec::new();
    for _ in 0..pairs {
        let measured = work.fetch(work.to, &work.signed_address()?)?;
        let baseline = work.fetch(nginx.target.address, nginx::PATH)?;
        taken.push((measured, baseline));
    }
    add(bench, DOWNLOAD, MUST, work.package, &taken)
}

/// Adds the figure for pairs of times, the registry's and its baseline's.
fn add(
    bench: &mut Bench<'_>,
    name: &str,
    must: f64,
    package: &LargePackage,
    pairs: &[(Duration, Duration)],
) -> Result<(), Failure> {
    if !bench.options.wants(name) {
        return Ok(());
    }
    let megabytes = f64::from(u32::try_from(package.length / 1000)?) / 1000.0;
    let speed = |of: fn(&(Duration, Duration)) -> Duration| -> Result<Quantity, Failure> {
        let all = pairs.iter().map(|pair| megabytes / of(pair).as_secs_f64());
        Ok(Quantity {
            value: Spread::of(all.collect())?.median,
            unit: "MB/s",
        })
    };
    let ratios = pairs
        .iter()
        .map(|(measured, baseline)| baseline.as_secs_f64() / measured.as_secs_f64());
    let ratio = Spread::of(ratios.collect())?;
    let goal = Goal::AtLeast { must, reach: 1.0 };
    let figure = Figure::compared(
        name,
        goal,
        speed(|pair| pair.0)?,
        speed(|pair| pair.1)?,
        ratio,
    );
    let note = format!("{megabytes:.0} MB, stored as they are");
    bench.report.add(figure.with_note(note));
    Ok(())
}

struct Work<'a> {
    to: SocketAddr,
    token: &'a str,
    /// Organization, name and version.
    base: String,
    package: &'a LargePackage,
}

impl Work<'_> {
    /// Sends the package, with content that the registry has never received.
    fn upload(&self, number: u32) -> Result<Duration, Failure> {
        let mut file = self.package.restamped(number)?;
        let head = format!(
            "PUT /api/terrakeep/v1/providers/{}/packages/linux_amd64 HTTP/1.1\r\nhost: {}\r\n\
             authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
            self.base, self.to, self.token, self.package.length
        );
        let started = Instant::now();
        let mut stream = TcpStream::connect(self.to)?;
        stream.write_all(head.as_bytes())?;
        std::io::copy(&mut file, &mut stream)?;
        answered(&mut BufReader::new(stream))?;
        Ok(started.elapsed())
    }

    /// Sends the same bytes to a `cat` that writes a file, which is then synced.
    fn cat_to_file(&self, kept: &Path) -> Result<Duration, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let file = File::create(kept)?;
        let receiver = thread::spawn(move || -> std::io::Result<()> {
            let (stream, _) = listener.accept()?;
            let mut back = stream.try_clone()?;
            cat(OwnedFd::from(stream), OwnedFd::from(file.try_clone()?))?;
            file.sync_all()?;
            back.write_all(b"k")
        });
        let mut from = self.package.open()?;
        let started = Instant::now();
        let mut stream = TcpStream::connect(address)?;
        std::io::copy(&mut from, &mut stream)?;
        stream.shutdown(Shutdown::Write)?;
        stream.read_exact(&mut [0])?;
        let took = started.elapsed();
        receiver
            .join()
            .map_err(|_| failure("the receiver panicked"))??;
        Ok(took)
    }

    /// Publishes the package, so that clients can download it.
    fn publish(&self) -> Result<(), Failure> {
        let head = format!(
            "POST /api/terrakeep/v1/providers/{}/publication HTTP/1.1\r\nhost: {}\r\n\
             authorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}",
            self.base, self.to, self.token
        );
        let mut stream = TcpStream::connect(self.to)?;
        stream.write_all(head.as_bytes())?;
        answered(&mut BufReader::new(stream))?;
        Ok(())
    }

    /// Returns a new signed address of it.
    fn signed_address(&self) -> Result<String, Failure> {
        let path = format!("/v1/providers/{}/download/linux/amd64", self.base);
        let mut stream = TcpStream::connect(self.to)?;
        stream.write_all(&requests::get(&path, Some(self.token)))?;
        let mut reader = BufReader::new(stream);
        let length = answered(&mut reader)?;
        let mut body = vec![0; length.try_into()?];
        reader.read_exact(&mut body)?;
        let told: Value = serde_json::from_slice(&body)?;
        let location = told.get("download_url").and_then(Value::as_str);
        let location = location.ok_or_else(|| failure("a download without an address"))?;
        Ok(location.to_owned())
    }

    /// Downloads it from a server.
    fn fetch(&self, from: SocketAddr, path: &str) -> Result<Duration, Failure> {
        let started = Instant::now();
        let mut stream = TcpStream::connect(from)?;
        stream.write_all(&requests::get(path, None))?;
        let mut reader = BufReader::with_capacity(256 * 1024, stream);
        let length = answered(&mut reader)?;
        let read = std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
        if read == self.package.length {
            return Ok(started.elapsed());
        }
        Err(failure(format!("{read} bytes came")))
    }
}

fn cat(from: OwnedFd, to: OwnedFd) -> std::io::Result<()> {
    let mut command = Command::new("cat");
    let status = command
        .stdin(Stdio::from(from))
        .stdout(Stdio::from(to))
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(std::io::Error::other("cat failed"))
}

/// Reads the head of an answer, which must be a 200; returns the length of its body in bytes.
fn answered(reader: &mut impl BufRead) -> Result<u64, Failure> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        let is_last = line.trim().is_empty();
        head.push_str(&line);
        if is_last {
            break;
        }
    }
    if head.starts_with("HTTP/1.1 200 ") {
        return Ok(length);
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;
    Err(failure(format!("{head}{body}")))
}
