//! How does a server ask over the unix socket? With one line, and gets one line.

use std::{
    fs, io,
    os::unix::{
        fs::FileTypeExt,
        net::{UnixListener as StdListener, UnixStream as StdStream},
    },
    path::Path,
    sync::Arc,
    task::Context,
    time::Duration,
};

use nix::sys::stat::{Mode, umask};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::Semaphore,
    time::timeout,
};

use crate::{
    answer::{Answer, Outcome},
    connections,
    judge::Judge,
    log_file::inert,
    request::Request,
    secret::Secret,
    telling::tell,
};

/// A socket at that path, which the owner and the group may use.
///
/// # Errors
/// Somebody listens there already, something else stands there, or it cannot be made.
pub(crate) fn listen(path: &Path) -> Result<StdListener, String> {
    let told = |error: io::Error| format!("{}: {error}", path.display());
    if let Ok(found) = path.symlink_metadata() {
        if !found.file_type().is_socket() {
            return Err(format!("{}: something stands there that is no socket", path.display()));
        }
        if StdStream::connect(path).is_ok() {
            return Err(format!("{}: somebody listens there already", path.display()));
        }
        // What an agent has left behind that was killed.
        fs::remove_file(path).map_err(told)?;
    }
    // The mode is right from the first moment on.
    let before = umask(Mode::from_bits_truncate(0o117));
    let listener = StdListener::bind(path);
    umask(before);
    let listener = listener.map_err(told)?;
    listener.set_nonblocking(true).map_err(told)?;
    Ok(listener)
}

/// How requests are read.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) request_bytes: usize,
    pub(crate) silence: Duration,
}

/// Serves whoever connects.
pub(crate) async fn serve(listener: UnixListener, judge: Arc<Judge>, places: Arc<Semaphore>, reading: Reading) {
    let accept = |context: &mut Context<'_>| listener.poll_accept(context);
    let converse = |(stream, _)| converse(stream, Arc::clone(&judge), reading);
    connections::serve("the socket", places, accept, converse).await;
}

async fn converse(mut stream: UnixStream, judge: Arc<Judge>, reading: Reading) {
    let peer = peer(&stream);
    let heard = async {
        // Whoever says nothing costs no room.
        stream.readable().await?;
        line(&mut stream, reading.request_bytes).await
    };
    let heard = match timeout(reading.silence, heard).await {
        Ok(Ok(heard)) => heard,
        Ok(Err(error)) => return log::info!("gone {peer}: {error}"),
        Err(_) => return log::info!("silent {peer}"),
    };
    let asked = heard.request();
    let answer = match &asked {
        Ok(request) => judge.answer(request.token.as_bytes(), &request.user).await,
        Err(answer) => answer.clone(),
    };
    let line = format!("{}\n", answer.line);
    let is_gone = !matches!(timeout(reading.silence, stream.write_all(line.as_bytes())).await, Ok(Ok(())));
    // Nobody waits for the log.
    drop(stream);
    match &asked {
        Ok(request) if request.peer.is_empty() => tell(&peer, &request.user, &answer),
        Ok(request) => tell(&format!("{peer} for \"{}\"", inert(&request.peer)), &request.user, &answer),
        Err(_) => tell(&peer, "", &answer),
    }
    if is_gone {
        log::info!("gone {peer}: it has not read its answer");
    }
}

/// What a client has said.
pub(crate) enum Heard {
    /// One line, without its line feed.
    Line(Secret),
    /// More than may be.
    TooLong,
    /// Something after the line.
    More,
}

impl Heard {
    /// The request that it is, or the answer that says why it is none.
    pub(crate) fn request(&self) -> Result<Request<'_>, Answer> {
        let refused = |code, why| Answer::unasked(Outcome::BadRequest, code, why);
        match self {
            Self::Line(line) => Request::of_line(line.bytes()).map_err(|bad| refused("request_invalid", bad.0)),
            Self::More => Err(refused("request_invalid", "something stands after the line: one login a connection")),
            Self::TooLong => Err(refused("request_too_long", "the line is longer than --request-bytes allows")),
        }
    }
}

/// Hears one line.
pub(crate) async fn line(stream: &mut (impl AsyncRead + Unpin), most: usize) -> io::Result<Heard> {
    let mut read = Secret::with_room(most + 1);
    loop {
        let before = read.bytes().len();
        let room = most + 1 - before;
        if room == 0 {
            return Ok(Heard::TooLong);
        }
        if stream.take(room as u64).read_buf(read.room()).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it has not said a whole line"));
        }
        if let Some(end) = read.bytes().iter().skip(before).position(|&byte| byte == b'\n') {
            if before + end + 1 != read.bytes().len() {
                return Ok(Heard::More);
            }
            read.room().pop();
            return Ok(Heard::Line(read));
        }
    }
}

/// Who has connected, as the kernel knows it.
fn peer(stream: &UnixStream) -> String {
    match stream.peer_cred() {
        Ok(peer) => {
            let process = peer.pid().map(|pid| format!(" pid={pid}")).unwrap_or_default();
            format!("uid={} gid={}{process}", peer.uid(), peer.gid())
        }
        Err(_) => "uid=?".into(),
    }
}
