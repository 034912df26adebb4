//! The socket options that each connection gets when it is accepted.

use std::time::Duration;

use actix_web::rt::net::TcpStream;
use socket2::SockRef;

/// The size of the send buffer, in bytes, for a peer on this same machine. A larger one gains
/// nothing: data that is still in the processor's cache is read from there. The system doubles it.
const NEAR_BYTES: usize = 256 << 10;

/// Sets the options of a connection: the kernel closes it when its peer has taken nothing for
/// `stall`, sends without delay, and buffers little for a peer on this machine, such as a proxy.
///
/// actix-web has no write timeout of its own, and a body that the connection does not poll cannot
/// time out by itself. The kernel's user timeout covers a closed window, too.
pub fn prepare(stream: &TcpStream, stall: Duration) {
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
