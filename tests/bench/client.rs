//! A minimal HTTP/1.1 client on one kept-alive connection. It costs so little that the figures are
//! about the server.
//!
//! It reads only what the servers of this benchmark send: answers with a length or without a body.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::{Buf, BytesMut};
use memchr::memmem;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::failure::{Failure, failure};

const READ_BYTES: usize = 256 << 10;

/// A server, and how to speak to it.
#[derive(Clone)]
pub(crate) struct Target {
    /// The address that it listens on.
    pub(crate) address: SocketAddr,
    /// How to speak TLS; `None` for a server without TLS.
    pub(crate) tls: Option<Arc<ClientConfig>>,
    /// The id of the process that answers; `None` if there are several, or if its processor time is
    /// not measured.
    pub(crate) process: Option<u32>,
}

trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Socket for T {}

/// One connection, with one request in flight at a time.
pub(crate) struct Connection {
    socket: Box<dyn Socket>,
    received: BytesMut,
}

/// An answer without its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The status code.
    pub(crate) status: u16,
    /// The length of the body in bytes.
    pub(crate) length: usize,
}

/// A whole answer.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The status line and the headers.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Target {
    /// Makes the target for a server without TLS.
    pub(crate) fn plain(address: SocketAddr) -> Self {
        Self {
            address,
            tls: None,
            process: None,
        }
    }

    /// Makes the target for a server with TLS, whose certificate this authority signed.
    pub(crate) fn secure(address: SocketAddr, authority: &Path) -> Result<Self, Failure> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority)?)?;
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            address,
            tls: Some(Arc::new(config)),
            process: None,
        })
    }

    /// Adds the process that answers, so that its processor time is measured.
    pub(crate) fn of_process(self, id: u32) -> Self {
        Self {
            process: Some(id),
            ..self
        }
    }

    /// Makes one request on a new connection, from a thread that is not async.
    pub(crate) fn fetch(&self, request: &[u8]) -> Result<Answer, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async { Connection::open(self).await?.fetch(request).await })
    }
}

impl Connection {
    /// Connects to a server.
    pub(crate) async fn open(target: &Target) -> Result<Self, Failure> {
        let stream = TcpStream::connect(target.address).await?;
        stream.set_nodelay(true)?;
        let socket: Box<dyn Socket> = match &target.tls {
            None => Box::new(stream),
            Some(config) => {
                let name = ServerName::from(target.address.ip());
                let connector = TlsConnector::from(Arc::clone(config));
                Box::new(connector.connect(name, stream).await?)
            }
        };
        Ok(Self {
            socket,
            received: BytesMut::with_capacity(READ_BYTES),
        })
    }

    /// Makes a request and drops the body of the answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Outcome, Failure> {
        self.send(request).await?;
        let head = self.head().await?;
        let outcome = outcome_of(&head)?;
        let mut missing = outcome.length;
        loop {
            let here = missing.min(self.received.len());
            self.received.advance(here);
            missing -= here;
            if missing == 0 {
                return Ok(outcome);
            }
            self.receive().await?;
        }
    }

    /// Makes a request and keeps the whole answer.
    pub(crate) async fn fetch(&mut self, request: &[u8]) -> Result<Answer, Failure> {
        self.send(request).await?;
        let head = self.head().await?;
        let Outcome { status, length } = outcome_of(&head)?;
        while self.received.len() < length {
            self.receive().await?;
        }
        let body = self.received.split_to(length).to_vec();
        Ok(Answer {
            status,
            head: String::from_utf8_lossy(&head).into_owned(),
            body,
        })
    }

    async fn send(&mut self, request: &[u8]) -> Result<(), Failure> {
        self.socket.write_all(request).await?;
        Ok(self.socket.flush().await?)
    }

    /// Reads the status line and the headers, with the empty line after them.
    async fn head(&mut self) -> Result<BytesMut, Failure> {
        loop {
            if let Some(end) = memmem::find(&self.received, b"\r\n\r\n") {
                return Ok(self.received.split_to(end + 4));
            }
            self.receive().await?;
        }
    }

    async fn receive(&mut self) -> Result<(), Failure> {
        self.received.reserve(READ_BYTES);
        match self.socket.read_buf(&mut self.received).await? {
            0 => Err(failure(
                "the server closed a connection in the middle of an answer",
            )),
            _ => Ok(()),
        }
    }
}

impl Answer {
    /// Returns the value of a header, whose name is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

fn outcome_of(head: &[u8]) -> Result<Outcome, Failure> {
    let bad = || {
        failure(format!(
            "not an answer: {:?}",
            String::from_utf8_lossy(head)
        ))
    };
    let number = |digits: &[u8]| {
        std::str::from_utf8(digits)
            .ok()?
            .trim()
            .parse::<usize>()
            .ok()
    };
    let status = head.get(9..12).and_then(number).ok_or_else(bad)?;
    let status = u16::try_from(status)?;
    if matches!(status, 204 | 304) {
        return Ok(Outcome { status, length: 0 });
    }
    let length = head.split(|byte| *byte == b'\n').find_map(|line| {
        let (name, value) = line.split_at_checked(b"content-length:".len())?;
        name.eq_ignore_ascii_case(b"content-length:")
            .then(|| number(value))?
    });
    Ok(Outcome {
        status,
        length: length.ok_or_else(bad)?,
    })
}
