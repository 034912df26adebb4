//! Turns to compute the hash of a password, shared out fairly among networks.
//!
//! Few hashes are computed at a time, since each takes much memory. Whoever has to wait stands in the
//! line of their network, and the lines take turns. So a network that sends many passwords waits for
//! itself, and delays others by one hash each time. Users who have signed in from a network before
//! have a line of their own there, which strangers in the same network cannot fill. Waiting occupies
//! no thread.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::auth::{ClientNetwork, HASHES_AT_ONCE};
use crate::registry::Error;

/// How many may wait altogether.
const MOST_WAITING: usize = 256;

/// The line that somebody waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Line {
    /// The network; `None` if it is unknown.
    pub(super) network: Option<ClientNetwork>,
    /// Whether the user has signed in from there before.
    pub(super) is_own: bool,
}

/// The queue of one site.
#[derive(Debug, Default)]
pub(super) struct HashQueue(Mutex<Lines>);

/// A turn to compute hashes; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct HashTurn(Option<Arc<HashQueue>>);

#[derive(Debug, Default)]
struct Lines {
    running: usize,
    waiting: usize,
    members: HashMap<Line, VecDeque<oneshot::Sender<HashTurn>>>,
    /// The lines with somebody in them; the first one is served next.
    order: VecDeque<Line>,
}

impl HashQueue {
    /// Waits for a turn.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if too many wait. The line that gives way is the longest one, so others
    /// cannot push out somebody who is alone in theirs.
    pub(super) async fn turn(self: &Arc<Self>, line: Line) -> Result<HashTurn, Error> {
        let turn = {
            let mut lines = self.lock();
            if lines.running < HASHES_AT_ONCE {
                lines.running += 1;
                return Ok(HashTurn(Some(Arc::clone(self))));
            }
            lines.enter(line)?
        };
        turn.await.map_err(|_| too_many())
    }

    /// Gives a turn that has ended to the next who waits.
    fn pass_on(self: Arc<Self>) {
        let mut lines = self.lock();
        let mut turn = HashTurn(Some(Arc::clone(&self)));
        while let Some(next) = lines.next() {
            match next.send(turn) {
                Ok(()) => return,
                // That client is gone.
                Err(unused) => turn = unused,
            }
        }
        lines.running = lines.running.saturating_sub(1);
        // Dropping it must not pass it on again.
        turn.0 = None;
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn enter(&mut self, line: Line) -> Result<oneshot::Receiver<HashTurn>, Error> {
        if self.waiting >= MOST_WAITING {
            self.forget_gone();
        }
        if self.waiting >= MOST_WAITING {
            self.make_room_for(&line)?;
        }
        let (sender, receiver) = oneshot::channel();
        let queue = self.members.entry(line).or_default();
        if queue.is_empty() {
            self.order.push_back(line);
        }
        queue.push_back(sender);
        self.waiting += 1;
        Ok(receiver)
    }

    /// Sends away the last one of the longest line, unless the line of the newcomer would be as long.
    fn make_room_for(&mut self, line: &Line) -> Result<(), Error> {
        let own = self.members.get(line).map_or(0, VecDeque::len);
        let longest = self.members.values_mut().max_by_key(|queue| queue.len());
        match longest {
            Some(longest) if longest.len() > own + 1 => {
                // Whoever waits for this learns that it was dropped.
                drop(longest.pop_back());
                self.waiting -= 1;
                Ok(())
            }
            Some(_) | None => Err(too_many()),
        }
    }

    /// Forgets those whose clients have hung up.
    fn forget_gone(&mut self) {
        self.members.retain(|_, queue| {
            queue.retain(|waiting| !waiting.is_closed());
            !queue.is_empty()
        });
        self.order.retain(|line| self.members.contains_key(line));
        self.waiting = self.members.values().map(VecDeque::len).sum();
    }

    /// Takes the next one who waits; each line gives one in its turn.
    fn next(&mut self) -> Option<oneshot::Sender<HashTurn>> {
        let line = self.order.pop_front()?;
        let queue = self.members.get_mut(&line)?;
        let next = queue.pop_front();
        if queue.is_empty() {
            self.members.remove(&line);
        } else {
            self.order.push_back(line);
        }
        self.waiting = self.waiting.saturating_sub(1);
        next
    }
}

impl Drop for HashTurn {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.pass_on();
        }
    }
}

fn too_many() -> Error {
    Error::Unavailable {
        reason: "too many sign-ins are under way".to_owned(),
        retry_after_seconds: 2,
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::net::IpAddr;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    type Waiting = Pin<Box<dyn Future<Output = Result<HashTurn, Error>>>>;

    /// Enters the queue from the network with this number; it stands in line when this returns.
    fn enter(queue: &Arc<HashQueue>, network: u8) -> (Waiting, Option<Result<HashTurn, Error>>) {
        let queue = Arc::clone(queue);
        let line = Line {
            network: Some(IpAddr::from([192, 0, 2, network]).into()),
            is_own: false,
        };
        let mut waiting: Waiting = Box::pin(async move { queue.turn(line).await });
        let at_once = ask(&mut waiting);
        (waiting, at_once)
    }

    fn ask(waiting: &mut Waiting) -> Option<Result<HashTurn, Error>> {
        match waiting
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }

    fn taken(queue: &Arc<HashQueue>) -> Vec<HashTurn> {
        let turns = (0..HASHES_AT_ONCE).map(|_| enter(queue, 0).1);
        turns
            .map(|turn| turn.expect("at once").expect("a turn"))
            .collect()
    }

    #[test]
    fn p6_a_stranger_with_a_long_line_delays_others_by_one_turn() {
        let queue = Arc::new(HashQueue::default());
        let mut running = taken(&queue);
        let mut flood: Vec<_> = (0..100).map(|_| enter(&queue, 1).0).collect();
        let (mut other, at_once) = enter(&queue, 2);
        assert!(at_once.is_none());
        running.pop();
        let first = flood.iter_mut().find_map(ask).expect("its turn");
        assert!(ask(&mut other).is_none());
        drop(first);
        assert!(ask(&mut other).expect("its turn").is_ok());
    }

    #[test]
    fn p6_a_full_queue_sends_away_from_the_longest_line() {
        let queue = Arc::new(HashQueue::default());
        let _running = taken(&queue);
        let mut flood: Vec<_> = (0..MOST_WAITING).map(|_| enter(&queue, 1).0).collect();
        let (_, refused) = enter(&queue, 1);
        assert!(matches!(refused, Some(Err(Error::Unavailable { .. }))));
        let (mut other, at_once) = enter(&queue, 2);
        assert!(at_once.is_none(), "it waits");
        let last = flood.last_mut().expect("a flood");
        assert!(matches!(ask(last), Some(Err(Error::Unavailable { .. }))));
        assert!(ask(&mut other).is_none());
    }

    #[test]
    fn a_turn_is_lost_neither_when_clients_hang_up_nor_when_nobody_waits() {
        let queue = Arc::new(HashQueue::default());
        for _ in 0..3 {
            let running = taken(&queue);
            let gone: Vec<_> = (0..MOST_WAITING).map(|_| enter(&queue, 1).0).collect();
            drop(gone);
            let (mut there, at_once) = enter(&queue, 1);
            assert!(at_once.is_none(), "those who hung up take no place");
            let (unasked, _) = enter(&queue, 2);
            drop(running);
            assert!(ask(&mut there).expect("its turn").is_ok());
            // It was given a turn and hangs up before it takes it.
            drop(unasked);
            drop(there);
            let lines = queue.lock();
            assert_eq!((lines.running, lines.waiting), (0, 0));
            assert!(lines.order.is_empty() && lines.members.is_empty());
        }
    }
}
