//! Large bodies on connections without TLS, written from where they lie.
//!
//! actix-web copies each piece of a body into a buffer of its own before the kernel copies it once
//! more, which for a large archive costs as much as all the rest together. A [`PlainConnection`]
//! has a [`PendingWrite`]: an [`UncopiedBody`] puts its bytes there and gives actix-web none. They go out
//! when actix-web flushes the connection, which it does only once everything that comes before
//! them, the head of the answer, has been written.
//!
//! actix-http does not document when it flushes. So `Cargo.toml` pins its version, and the tests
//! below send pipelined requests through its own dispatcher: with a new version they have to pass.

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
use actix_web::rt::time::{Sleep, sleep_until};
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::watched_stream::WatchedStream;
use crate::registry::HeldBytes;

/// A connection that writes itself what is in its outbox.
#[derive(Debug)]
pub struct PlainConnection {
    stream: WatchedStream,
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
    pub fn new(stream: WatchedStream) -> Self {
        Self {
            stream,
            outbox: PendingWrite::default(),
        }
    }

    /// The connection below.
    pub fn stream(&self) -> &WatchedStream {
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
        stream: &mut WatchedStream,
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener};
    use std::thread;
    use std::time::Duration;

    use actix_http::body::BoxBody;
    use actix_http::error::DispatchError;
    use actix_http::{HttpService, Method, Request, Response, StatusCode};
    use actix_service::{Service, ServiceFactory, fn_service};
    use actix_web::rt::net::TcpStream;
    use socket2::{Domain, SockRef, Socket, Type};

    use super::*;
    use crate::http::watched_stream::Places;

    /// More than both ends of a connection hold, so that a body goes out in many parts.
    const LARGE: usize = 16 << 20;
    /// What each end of a connection holds, as far as the system follows.
    const BUFFER: usize = 16 << 10;

    /// Bytes of which no two parts are alike.
    fn large() -> Bytes {
        let words = 0..u32::try_from(LARGE / 4).expect("a small number");
        words.flat_map(u32::to_be_bytes).collect::<Vec<_>>().into()
    }

    /// Answers requests on one connection until it ends.
    async fn serve(
        listener: &TcpListener,
        large: Bytes,
        patience: Duration,
    ) -> Result<(), DispatchError> {
        let held = Arc::new(HeldBytes::uncounted(large.clone()));
        let answer = move |request: Request| {
            let mut answer = Response::build(StatusCode::OK);
            let answer = match (request.method(), request.path()) {
                (&Method::GET, "/large") => {
                    let outbox = request
                        .conn_data::<PendingWrite>()
                        .expect("an outbox")
                        .clone();
                    let deadline = Instant::now() + patience;
                    let body = UncopiedBody::new(outbox, Arc::clone(&held), 0..LARGE, deadline);
                    answer
                        .no_chunking(u64::try_from(LARGE).expect("a small number"))
                        .body(body)
                        .map_into_boxed_body()
                }
                // An answer to HEAD has a length and no body.
                (_, "/large") => answer.body(large.clone()).map_into_boxed_body(),
                (_, path) => answer.body(path.to_owned()).map_into_boxed_body(),
            };
            std::future::ready(Ok::<Response<BoxBody>, Infallible>(answer))
        };
        let http = HttpService::build()
            .on_connect_ext(|connection: &PlainConnection, data| {
                data.insert(connection.outbox());
            })
            .h1(fn_service(answer));
        let http = http.new_service(()).await.expect("a service");
        let (stream, peer) = listener.accept().expect("a connection");
        SockRef::from(&stream)
            .set_send_buffer_size(BUFFER)
            .expect("set");
        stream.set_nonblocking(true).expect("set");
        let stream = TcpStream::from_std(stream).expect("a stream");
        let places = Arc::new(Places::new(8, patience, patience));
        let connection = PlainConnection::new(WatchedStream::new(stream, &places));
        http.call((connection, Some(peer))).await
    }

    fn listen() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        (listener, address)
    }

    /// A connection that holds little.
    fn connect(address: SocketAddr) -> std::net::TcpStream {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_recv_buffer_size(BUFFER).expect("set");
        socket.connect(&address.into()).expect("connected");
        socket.into()
    }

    /// Asks for some paths by their methods, all at once, so that each has to wait for its turn.
    fn ask(stream: &mut impl Write, asked: &[(&str, &str)]) {
        let request = |(method, path): &(&str, &str)| {
            let close = if *path == "/last" {
                "Connection: close\r\n"
            } else {
                ""
            };
            format!("{method} {path} HTTP/1.1\r\nHost: x\r\n{close}\r\n")
        };
        let requests = asked.iter().map(request).collect::<Vec<_>>().concat();
        stream.write_all(requests.as_bytes()).expect("written");
    }

    /// The head of the next answer, in lower case.
    fn head(stream: &mut impl Read) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a head");
            head.extend(byte);
            assert!(head.len() < 1024, "{:?}", String::from_utf8_lossy(&head));
        }
        String::from_utf8_lossy(&head).to_lowercase()
    }

    #[actix_web::test]
    async fn pipelined_answers_are_written_whole_and_in_order() {
        // HEAD and the end of a connection are asked for alone: actix-http answers each request by
        // the method of the one that it has read last.
        let batches: [&[(&str, &str)]; 4] = [
            &[
                ("GET", "/1"),
                ("GET", "/2"),
                ("GET", "/large"),
                ("GET", "/3"),
                ("GET", "/large"),
                ("GET", "/large"),
                ("GET", "/4"),
            ],
            &[("HEAD", "/large")],
            &[("GET", "/large"), ("GET", "/5"), ("GET", "/large")],
            &[("GET", "/last")],
        ];
        let (listener, address) = listen();
        let sent = large();
        let expected = sent.clone();
        let reader = thread::spawn(move || {
            let mut stream = connect(address);
            for asked in batches {
                ask(&mut stream, asked);
                for (method, path) in asked {
                    let head = head(&mut stream);
                    let body = match *path {
                        "/large" => &*expected,
                        path => path.as_bytes(),
                    };
                    assert!(head.starts_with("http/1.1 200 ok\r\n"), "{path}: {head}");
                    let length = format!("\r\ncontent-length: {}\r\n", body.len());
                    assert!(head.contains(&length), "{path}: {head}");
                    let sent: &[u8] = if *method == "HEAD" { &[] } else { body };
                    let mut received = vec![0; sent.len()];
                    stream.read_exact(&mut received).expect("a body");
                    assert!(received == sent, "{path}");
                }
            }
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).expect("the end");
            assert!(rest.is_empty(), "{} bytes more", rest.len());
        });
        let served = serve(&listener, sent, Duration::from_secs(60)).await;
        reader.join().expect("every answer as expected");
        served.expect("a connection that ends as it should");
    }

    #[actix_web::test]
    async fn t25_what_is_not_taken_in_time_is_not_written() {
        let (listener, address) = listen();
        let sent = large();
        let mut stream = connect(address);
        ask(
            &mut stream,
            &[("GET", "/1"), ("GET", "/large"), ("GET", "/2")],
        );
        let served = serve(&listener, sent.clone(), Duration::from_millis(50)).await;
        assert!(served.is_err(), "the client was given up");
        // The client reads only now: what the kernel holds, a part of the body and nothing else.
        let mut received = Vec::new();
        stream.read_to_end(&mut received).unwrap_or_default();
        let mut received = received.as_slice();
        assert!(head(&mut received).contains("\r\ncontent-length: 2\r\n"));
        received = received.strip_prefix(b"/1").expect("the first answer");
        assert!(head(&mut received).contains(&format!("\r\ncontent-length: {LARGE}\r\n")));
        assert!(received.len() < LARGE && sent.starts_with(received));
    }
}
