//! How does a server ask over HTTP? With user and password of HTTP Basic, and gets a status.

use std::{convert::Infallible, future::poll_fn, net::SocketAddr, pin::Pin, sync::Arc, task::Context};

use hyper::{
    Method, Request, Response, StatusCode,
    body::{Body, Incoming},
    header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, WWW_AUTHENTICATE},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

use crate::{
    answer::{Answer, Outcome},
    connections,
    judge::Judge,
    limits::{ANSWER, HTTP_BODY_BYTES_MAX, HTTP_HEADERS_MAX},
    request::{BadRequest, Basic},
    socket::Reading,
    telling::tell,
};

/// Serves whoever connects.
pub(crate) async fn serve(listener: TcpListener, judge: Arc<Judge>, places: Arc<Semaphore>, reading: Reading) {
    let accept = |context: &mut Context<'_>| listener.poll_accept(context);
    let converse = |(stream, peer)| login(stream, peer, Arc::clone(&judge), reading);
    connections::serve("HTTP", places, accept, converse).await;
}

async fn login(stream: TcpStream, peer: SocketAddr, judge: Arc<Judge>, reading: Reading) {
    // An answer is one small packet, and nobody is to wait for a second one.
    drop(stream.set_nodelay(true));
    let answer = |basic| answered(&judge, peer, basic);
    converse(stream, &format!("http={peer}"), reading, answer).await;
}

async fn answered(judge: &Arc<Judge>, peer: SocketAddr, basic: Result<Basic, BadRequest>) -> Answer {
    let peer = format!("http={peer}");
    match basic {
        Ok(basic) => {
            let answer = judge.answer(basic.token(), basic.user()).await;
            tell(&peer, basic.user(), &answer);
            answer
        }
        Err(bad) => {
            let answer = Answer::unasked(Outcome::BadRequest, "request_invalid", bad.0);
            tell(&peer, "", &answer);
            answer
        }
    }
}

/// Reads one request of a connection and answers it by what is said to its user and password.
pub(crate) async fn converse<F: Future<Output = Answer>>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: &str,
    reading: Reading,
    answer: impl Fn(Result<Basic, BadRequest>) -> F,
) {
    let service = service_fn(|request| async { Ok::<_, Infallible>(respond(request, reading, &answer).await) });
    let connection = http1::Builder::new()
        .keep_alive(false)
        // Whoever has nothing more to say may still want to hear the answer.
        .half_close(true)
        .max_buf_size(head_bytes(reading.request_bytes))
        .max_headers(HTTP_HEADERS_MAX)
        .timer(TokioTimer::new())
        .header_read_timeout(reading.silence)
        .serve_connection(TokioIo::new(stream), service);
    match timeout(ANSWER, connection).await {
        Ok(Ok(())) => {}
        // Hyper's errors hold nothing of what was sent.
        Ok(Err(error)) => log::info!("gone {peer}: {error}"),
        Err(_) => log::info!("gone {peer}: it has not read its answer"),
    }
}

/// Longest head of a request: what is allowed as base64, and what proxies write around it. Hyper takes no less than 8 KiB.
fn head_bytes(request_bytes: usize) -> usize {
    request_bytes.div_ceil(3) * 4 + 8192
}

async fn respond<F: Future<Output = Answer>>(
    request: Request<Incoming>,
    reading: Reading,
    answer: &impl Fn(Result<Basic, BadRequest>) -> F,
) -> Response<String> {
    let (head, mut body) = request.into_parts();
    if matches!(head.method, Method::CONNECT | Method::TRACE) {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    match timeout(reading.silence, end_of(&mut body)).await {
        Ok(true) => {}
        Ok(false) => return status(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return status(StatusCode::REQUEST_TIMEOUT),
    }
    let basic = authorization(&head.headers).and_then(|value| Basic::of_header(value.as_bytes()));
    let answer = answer(basic).await;
    match answer.outcome {
        Outcome::Accepted => accepted(answer.user.as_deref().unwrap_or_default()),
        Outcome::Refused | Outcome::BadRequest => unauthorized(),
        Outcome::Unavailable => status(StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// The one header that says who asks.
fn authorization(headers: &HeaderMap) -> Result<&HeaderValue, BadRequest> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        (None, _) => Err(BadRequest("there is no Authorization header")),
        (Some(_), Some(_)) => Err(BadRequest("there are two Authorization headers")),
    }
}

/// Throws a body away; whether it ends soon enough.
async fn end_of(body: &mut Incoming) -> bool {
    let mut most = HTTP_BODY_BYTES_MAX;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
        let Ok(frame) = frame else { return false };
        let bytes = frame.data_ref().map_or(0, hyper::body::Bytes::len);
        match most.checked_sub(bytes) {
            Some(left) => most = left,
            None => return false,
        }
    }
    true
}

/// The user logs in. The body is the empty object, which ClickHouse reads as: no settings of the user's own.
fn accepted(user: &str) -> Response<String> {
    let mut response = status(StatusCode::OK);
    *response.body_mut() = "{}".into();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // A user that no header can hold is known from the request alone.
    if let Ok(user) = HeaderValue::from_str(user) {
        response.headers_mut().insert("x-sqljwt-user", user);
    }
    response
}

fn unauthorized() -> Response<String> {
    let mut response = status(StatusCode::UNAUTHORIZED);
    let challenge = HeaderValue::from_static("Basic realm=\"sqljwt\", charset=\"UTF-8\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

/// A status without a word: why, the log says.
fn status(status: StatusCode) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
