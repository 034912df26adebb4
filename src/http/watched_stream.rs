//! Connections that nobody uses are closed: after the configured time, and much sooner while few
//! places for others are left.
//!
//! actix-http closes unused connections of HTTP/1 itself, but those of HTTP/2 only when their
//! clients do not answer to pings. And a client that opens all the connections that there are, and
//! sends nothing, would keep everybody else out until its time is over. So each connection watches
//! whether a request is under way on it.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use actix_web::rt::time::{Sleep, sleep};
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How often an unused connection looks whether it should be closed.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// How long a connection may be unused while few places are left.
const UNUSED_IN_A_CROWD: Duration = Duration::from_secs(1);

/// The places for connections, and how long unused ones keep theirs.
#[derive(Debug)]
pub struct Places {
    /// How many connections may be open at once, in all workers together.
    pub count: usize,
    /// How long a client of HTTP/2 may take until its first request is complete.
    pub head: Duration,
    /// How long a client of HTTP/2 may send no further request.
    pub idle: Duration,
    taken: AtomicUsize,
}

/// A connection that was accepted, and what is done with it.
#[derive(Debug)]
pub struct WatchedStream {
    stream: TcpStream,
    activity: Activity,
    places: Arc<Places>,
    next_look: Pin<Box<Sleep>>,
}

/// What is done with a connection; the connection and its requests share it.
#[derive(Debug, Clone)]
pub struct Activity(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    /// How many requests are under way.
    requests: Cell<usize>,
    /// Whether any request was answered.
    is_proven: Cell<bool>,
    is_http2: Cell<bool>,
    /// When the connection was accepted, or its last request ended.
    unused_since: Cell<Instant>,
}

/// A request that is under way: until its answer has been handed over, or is given up.
#[derive(Debug)]
pub struct Underway(Activity);

impl Places {
    /// Makes the places for `count` connections.
    pub fn new(count: usize, head: Duration, idle: Duration) -> Self {
        Self {
            count,
            head,
            idle,
            taken: AtomicUsize::new(0),
        }
    }

    /// Tells whether three quarters of the places are taken.
    fn are_few(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.count.saturating_mul(3) / 4
    }
}

impl Activity {
    fn new() -> Self {
        Self(Rc::new(Inner {
            requests: Cell::new(0),
            is_proven: Cell::new(false),
            is_http2: Cell::new(false),
            unused_since: Cell::new(Instant::now()),
        }))
    }

    /// Notes that the client speaks HTTP/2.
    pub fn speaks_http2(&self) {
        self.0.is_http2.set(true);
    }

    /// Begins a request.
    pub fn begin(&self) -> Underway {
        self.0.requests.set(self.0.requests.get() + 1);
        Underway(self.clone())
    }

    /// Returns how long the connection may be unused from the last use on; `None` for no limit.
    fn patience(&self, places: &Places) -> Option<Duration> {
        if self.0.requests.get() > 0 {
            return None;
        }
        if places.are_few() {
            return Some(UNUSED_IN_A_CROWD);
        }
        // actix-http has its own limits for HTTP/1, and answers those that break them.
        let is_proven = self.0.is_proven.get();
        let limit = if is_proven { places.idle } else { places.head };
        self.0.is_http2.get().then_some(limit)
    }

    fn is_over(&self, places: &Places) -> bool {
        let unused = self.0.unused_since.get().elapsed();
        self.patience(places).is_some_and(|limit| unused >= limit)
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        let Self(Activity(inner)) = self;
        inner.requests.set(inner.requests.get().saturating_sub(1));
        inner.is_proven.set(true);
        inner.unused_since.set(Instant::now());
    }
}

impl WatchedStream {
    /// Watches a connection that was accepted.
    pub fn new(stream: TcpStream, places: &Arc<Places>) -> Self {
        places.taken.fetch_add(1, Ordering::Relaxed);
        Self {
            stream,
            activity: Activity::new(),
            places: Arc::clone(places),
            next_look: Box::pin(sleep(LOOKS_EVERY)),
        }
    }

    /// Waits for the first byte that the client sends, and leaves it to be read; `None` if the client
    /// closes the connection, or is silent for too long.
    pub async fn first_byte(&mut self) -> Option<u8> {
        let mut space = [0];
        poll_fn(|context| {
            let mut buffer = ReadBuf::new(&mut space);
            if let Poll::Ready(peeked) = self.stream.poll_peek(context, &mut buffer) {
                let first = buffer.filled().first().copied();
                return Poll::Ready(peeked.ok().and(first));
            }
            self.poll_end(context).map(|()| None)
        })
        .await
    }

    /// Is ready when the connection has been unused for too long.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while self.next_look.as_mut().poll(context).is_ready() {
            if self.activity.is_over(&self.places) {
                return Poll::Ready(());
            }
            self.next_look.set(sleep(LOOKS_EVERY));
        }
        Poll::Pending
    }

    /// Returns the connection below.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Returns what is done with it.
    pub fn activity(&self) -> Activity {
        self.activity.clone()
    }
}

impl Drop for WatchedStream {
    fn drop(&mut self) {
        self.places.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(context, buffer) {
            return Poll::Ready(read);
        }
        // The end of what the client sends: whoever reads this closes the connection.
        self.poll_end(context).map(Ok)
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

impl ActixStream for WatchedStream {
    fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_read_ready(&self.stream, context)
    }

    fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_write_ready(&self.stream, context)
    }
}

/// A body whose request is under way until it is dropped.
struct WatchedBody {
    body: BoxBody,
    _underway: Underway,
}

/// Keeps a request under way until its answer has been handed over.
pub fn until_sent(body: BoxBody, underway: Underway) -> BoxBody {
    match body.size() {
        BodySize::None | BodySize::Sized(0) => body,
        BodySize::Sized(_) | BodySize::Stream => BoxBody::new(WatchedBody {
            body,
            _underway: underway,
        }),
    }
}

impl MessageBody for WatchedBody {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p16_unused_connections_are_given_less_time_in_a_crowd_and_busy_ones_all_they_need() {
        let (head, idle) = (Duration::from_secs(10), Duration::from_secs(30));
        let places = Places::new(8, head, idle);
        let activity = Activity::new();
        assert_eq!(activity.patience(&places), None, "HTTP/1 has its own");
        activity.speaks_http2();
        assert_eq!(activity.patience(&places), Some(head));
        let underway = activity.begin();
        let other = activity.begin();
        drop(other);
        places.taken.store(8, Ordering::Relaxed);
        assert_eq!(activity.patience(&places), None, "a request is under way");
        drop(underway);
        assert_eq!(activity.patience(&places), Some(UNUSED_IN_A_CROWD));
        places.taken.store(5, Ordering::Relaxed);
        assert_eq!(activity.patience(&places), Some(idle));
        assert!(!activity.is_over(&places));
    }
}
