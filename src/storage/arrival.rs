//! Reads an upload while it arrives.

use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The progress of an upload, shared by its writer and its readers.
#[derive(Default)]
pub(super) struct Arrival {
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Default, Clone, Copy)]
struct Progress {
    length: u64,
    ended: bool,
}

impl Arrival {
    /// Reports that the file has `length` bytes now.
    pub(super) fn reached(&self, length: u64) {
        self.progress().length = length;
        self.changed.notify_all();
    }

    /// Reports that no more bytes will come.
    pub(super) fn end(&self) {
        self.progress().ended = true;
        self.changed.notify_all();
    }

    /// Waits until more than `length` bytes are there or no more will come; returns how many there
    /// are.
    fn beyond(&self, length: u64) -> u64 {
        let waiting = |it: &mut Progress| it.length <= length && !it.ended;
        let progress = self.changed.wait_while(self.progress(), waiting);
        progress.unwrap_or_else(PoisonError::into_inner).length
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An upload that is read while it arrives.
///
/// A read waits for bytes. The end of the upload ends the reading, also if the upload was aborted.
pub struct Arriving {
    file: File,
    arrival: Arc<Arrival>,
    read: u64,
    there: u64,
}

impl Arriving {
    pub(super) fn new(file: File, arrival: Arc<Arrival>) -> Self {
        Self {
            file,
            arrival,
            read: 0,
            there: 0,
        }
    }
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.there {
            self.there = self.arrival.beyond(self.read);
        }
        let rest = usize::try_from(self.there - self.read).unwrap_or(usize::MAX);
        let most = buffer.len().min(rest);
        let read = self.file.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.read += u64::try_from(read).unwrap_or(u64::MAX);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::thread;

    use super::*;

    #[test]
    fn a_reader_sees_every_byte_and_the_end() {
        let path = tempfile::NamedTempFile::new().expect("a file");
        let arrival = Arc::new(Arrival::default());
        let file = File::open(path.path()).expect("opened");
        let mut arriving = Arriving::new(file, Arc::clone(&arrival));
        let reader = thread::spawn(move || {
            let mut all = Vec::new();
            arriving.read_to_end(&mut all).expect("read");
            all
        });
        let (mut expected, mut file) = (Vec::new(), path.as_file());
        for piece in 0..200_u8 {
            expected.extend([piece; 300]);
            file.write_all(&[piece; 300]).expect("written");
            let length = u64::from(piece + 1) * 300;
            arrival.reached(length);
        }
        arrival.end();
        assert_eq!(reader.join().expect("it ends"), expected);
    }

    #[test]
    fn nobody_waits_for_an_upload_that_was_given_up() {
        let file = tempfile::tempfile().expect("a file");
        let arrival = Arc::new(Arrival::default());
        let mut arriving = Arriving::new(file, Arc::clone(&arrival));
        arrival.end();
        let mut piece = [0; 4];
        assert_eq!(arriving.read(&mut piece).expect("read"), 0);
    }
}
