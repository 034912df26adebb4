//! Other programs that run for a while: each ends when its value is dropped.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::client::Target;
use crate::failure::{Failure, failure};

const START_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(1);
/// The number of ticks per second in which `/proc` counts processor time, on every Linux.
const TICKS_PER_SECOND: u64 = 100;

/// A running program.
pub(crate) struct Process(Child);

impl Process {
    /// Starts a program.
    pub(crate) fn start(command: &mut Command) -> Result<Self, Failure> {
        let program = PathBuf::from(command.get_program());
        let child = command.spawn();
        child
            .map(Self)
            .map_err(|error| failure(format!("{}: {error}", program.display())))
    }

    /// Returns its process id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Returns the child process.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Kills it without a chance to finish anything, as a power switch would.
    pub(crate) fn kill(mut self) -> Result<(), Failure> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Waits until a request is answered with 200; returns how long that took since `started`.
    pub(crate) fn answers(
        &mut self,
        target: &Target,
        request: &[u8],
        started: Instant,
    ) -> Result<Duration, Failure> {
        loop {
            match target.fetch(request) {
                Ok(answer) if answer.status == 200 => return Ok(started.elapsed()),
                Ok(answer) => return Err(failure(format!("not ready: {}", answer.head))),
                Err(_) if started.elapsed() < START_WITHIN => {}
                Err(error) => return Err(error),
            }
            if let Some(status) = self.0.try_wait()? {
                return Err(failure(format!("a server ended at once: {status}")));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Reads a line of `/proc/PID/status` that is a number of kibibytes, and returns mebibytes.
    pub(crate) fn memory(&self, line: &str) -> Result<f64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let value = status
            .lines()
            .find_map(|found| found.strip_prefix(line)?.strip_prefix(':'));
        let kibibytes = value.and_then(|value| value.split_whitespace().next());
        let kibibytes = kibibytes.ok_or_else(|| failure(format!("no {line} in the status")))?;
        Ok(kibibytes.parse::<f64>()? / 1024.0)
    }
}

/// Returns the processor time that a process has used so far; zero where that is unknown.
pub(crate) fn processor_time(id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th words
    // after it.
    let behind_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let words = behind_name.split_whitespace().skip(11).take(2);
    let ticks: u64 = words.filter_map(|word| word.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

impl Drop for Process {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(None)) {
            return;
        }
        // It is first asked to stop: a program that has started others then ends them.
        let asked = Command::new("kill").arg(self.id().to_string()).status();
        let until = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && matches!(self.0.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        drop(self.0.kill().and_then(|()| self.0.wait()));
    }
}

/// Returns an address of this machine that nobody listens on at the moment.
pub(crate) fn free_address() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Returns the path of a program on the search path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join(program));
    found.into_iter().find(|file| file.is_file())
}
