//! What is set on each connection when it is accepted.

use std::any::Any;
use std::time::Duration;

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::rt::net::TcpStream;
use socket2::SockRef;

/// How much is on its way to a peer on this same machine, where nothing is gained by more: what
/// has not left the processor's cache is read from there. The system doubles it.
const NEAR_BYTES: usize = 256 << 10;

/// Tells the kernel to give up a connection whose peer has taken nothing for `stall`, to send at
/// once, and not to hold much for a peer that is near, as a proxy may be.
///
/// actix-web has no write timeout of its own, and a body that is not asked for cannot time out by
/// itself. The kernel's user timeout covers a closed window, too.
pub fn prepare(connection: &dyn Any, stall: Duration) {
    let tls = connection.downcast_ref::<TlsStream<TcpStream>>();
    let Some(stream) = tls
        .map(|tls| tls.get_ref().0)
        .or_else(|| connection.downcast_ref())
    else {
        return;
    };
    let socket = SockRef::from(stream);
    #[cfg(target_os = "linux")]
    if let Err(error) = socket.set_tcp_user_timeout(Some(stall)) {
        tracing::debug!(%error, "no write timeout on a connection");
    }
    if let Err(error) = socket.set_tcp_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY on a connection");
    }
    let peer = stream.peer_addr();
    let is_near = peer.is_ok_and(|peer| peer.ip().to_canonical().is_loopback());
    if is_near && let Err(error) = socket.set_send_buffer_size(NEAR_BYTES) {
        tracing::debug!(%error, "no bound for what a connection holds");
    }
}
