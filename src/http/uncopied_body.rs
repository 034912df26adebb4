//! Large bodies on connections without TLS, written from where they lie.
//!
//! actix-web copies each piece of a body into a buffer of its own before the kernel copies it once
//! more, which for a large archive costs as much as all the rest together. A [`PlainConnection`]
//! has an [`PendingWrite`]: a [`UncopiedBody`] body puts its bytes there and gives actix-web none. They go out
//! when actix-web flushes the connection, which it does only once everything that comes before
//! them, the head of the answer, has been written.

use std::cell::RefCell;
use std::convert::Infallible;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use actix_web::body::{BodySize, MessageBody};
use actix_web::rt::net::TcpStream;
use actix_web::rt::time::{Sleep, sleep_until};
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::registry::HeldBytes;

/// A connection that writes itself what is in its outbox.
#[derive(Debug)]
pub struct PlainConnection {
    stream: TcpStream,
    outbox: PendingWrite,
}

/// What a connection has to write when it is flushed; one thing at a time, since answers follow
/// each other.
#[derive(Debug, Clone, Default)]
pub struct PendingWrite(Rc<RefCell<Option<PendingBytes>>>);

/// The rest of some bytes, and until when they may be written.
#[derive(Debug)]
struct PendingBytes {
    held: Arc<HeldBytes>,
    rest: Range<usize>,
    deadline: Pin<Box<Sleep>>,
}

/// A body that its connection writes. actix-web does not count its bytes, so the answer has to
/// have a length of its own.
#[derive(Debug)]
pub struct UncopiedBody {
    outbox: PendingWrite,
    waiting: Option<PendingBytes>,
}

impl PlainConnection {
    /// A connection that was accepted.
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            outbox: PendingWrite::default(),
        }
    }

    /// The connection below.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Where bodies put their bytes.
    pub fn outbox(&self) -> PendingWrite {
        self.outbox.clone()
    }
}

impl PendingBytes {
    /// Writes all of it, or as much as is taken before the deadline.
    fn poll_write(
        &mut self,
        stream: &mut TcpStream,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while let Some(rest) = self.held.bytes().get(self.rest.clone())
            && !rest.is_empty()
        {
            match Pin::new(&mut *stream).poll_write(context, rest)? {
                Poll::Ready(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(written) => self.rest.start += written,
                Poll::Pending => {
                    ready!(self.deadline.as_mut().poll(context));
                    // The connection is closed without the rest: the client sees a short body.
                    let slow = "the client reads too slowly";
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, slow)));
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for PlainConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for PlainConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, outbox } = self.get_mut();
        let mut pending = outbox.0.borrow_mut();
        if let Some(begun) = pending.as_mut() {
            ready!(begun.poll_write(stream, context))?;
            *pending = None;
            // The body is asked once more, and learns that this was all.
            context.waker().wake_by_ref();
        }
        Pin::new(stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl UncopiedBody {
    /// A part of some bytes, for the connection with this outbox.
    pub fn new(
        outbox: PendingWrite,
        held: Arc<HeldBytes>,
        part: Range<usize>,
        deadline: Instant,
    ) -> Self {
        let pending = PendingBytes {
            held,
            rest: part,
            deadline: Box::pin(sleep_until(deadline.into())),
        };
        Self {
            outbox,
            waiting: Some(pending),
        }
    }
}

impl MessageBody for UncopiedBody {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let waiting = self.waiting.take();
        let mut pending = self.outbox.0.borrow_mut();
        if waiting.is_some() {
            *pending = waiting;
        }
        match *pending {
            // A flush follows whenever a body has nothing to give.
            Some(_) => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

impl Drop for UncopiedBody {
    fn drop(&mut self) {
        // Given up before its end: the rest must not go out after anything else.
        *self.outbox.0.borrow_mut() = None;
    }
}
