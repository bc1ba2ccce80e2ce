//! What does a client get back that sends these bytes? The agent's own readers and writers, without sockets: for whoever holds them
//! against hostile input.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    runtime::Builder,
};

use crate::{
    Answer, BadRequest, Basic, Request, http,
    socket::{Reading, line},
};

/// What comes back over the unix socket; nothing where the connection ends without an answer. `answer` is asked where the bytes are
/// a request.
///
/// # Example
/// ```
/// use sqljwt_agent::{Answer, Outcome, exchange};
///
/// let refuse = |_: &sqljwt_agent::Request<'_>| Answer::unasked(Outcome::Refused, "closed", "nobody logs in");
/// let back = exchange::over_socket(b"{\"token\": \"eyJ\"}\n", 1024, refuse).expect("a line");
/// assert_eq!(back, r#"{"accepted":false,"code":"closed","log_line":"closed: nobody logs in"}"#);
/// ```
pub fn over_socket(sent: &[u8], request_bytes: usize, answer: impl Fn(&Request<'_>) -> Answer) -> Option<String> {
    let mut sent = Sent { sent, piece: 1 + sent.len() / 3, ..Sent::default() };
    let heard = finished(line(&mut sent, request_bytes))?.ok()?;
    let answer = match heard.request() {
        Ok(request) => answer(&request),
        Err(answer) => answer,
    };
    Some(answer.line)
}

/// What comes back over HTTP; nothing where the connection ends without an answer. `answer` is asked with the user and password of
/// each request that can be read.
///
/// # Example
/// ```
/// use sqljwt_agent::{Answer, Outcome, exchange};
///
/// let refuse = |_: &_| Answer::unasked(Outcome::Refused, "closed", "nobody logs in");
/// let back = exchange::over_http(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1024, refuse);
/// assert!(back.starts_with(b"HTTP/1.1 401 Unauthorized\r\n"));
/// ```
pub fn over_http(sent: &[u8], request_bytes: usize, answer: impl Fn(&Result<Basic, BadRequest>) -> Answer) -> Vec<u8> {
    let reading = Reading { request_bytes, silence: Duration::from_secs(60) };
    let mut sent = Sent { sent, piece: 1 + sent.len() / 3, ..Sent::default() };
    finished(http::converse(&mut sent, "bytes", reading, async |basic| answer(&basic)));
    sent.back
}

/// Runs what waits for nothing but bytes that are there.
fn finished<T>(work: impl Future<Output = T>) -> Option<T> {
    // A runtime without clocks would do, but for the deadlines, of which none is ever met.
    let runtime = Builder::new_current_thread().enable_time().build().ok()?;
    Some(runtime.block_on(work))
}

/// A connection whose client has sent everything already, and comes in pieces.
#[derive(Default)]
struct Sent<'s> {
    sent: &'s [u8],
    piece: usize,
    back: Vec<u8>,
}

impl AsyncRead for Sent<'_> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let (now, later) = self.sent.split_at(self.piece.min(into.remaining()).min(self.sent.len()));
        into.put_slice(now);
        self.sent = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Sent<'_> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.back.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
