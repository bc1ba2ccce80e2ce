//! How does the agent begin, go on and end?

use std::{
    env,
    ffi::OsString,
    fs,
    net::TcpListener as StdTcpListener,
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixDatagram, UnixListener as StdUnixListener},
    },
    process::ExitCode,
    sync::Arc,
};

use sqljwt::limits::CACHED_ISSUERS_MAX;
use tokio::{
    net::{TcpListener, UnixListener},
    runtime::Builder,
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
    task,
    time::{interval, timeout},
};

use crate::{
    http,
    judge::{Judge, validator},
    keys_dir::KeysDir,
    limits::{ASKING, GRACE, LOOK, RENEWING},
    log_file,
    options::{Asked, HELP, Options},
    renewal, rights,
    socket::{self, Reading},
};

/// Runs the program with these arguments, without its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    log_file::begin();
    let outcome = match Asked::of(arguments) {
        Ok(Asked::Help) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Version) => {
            println!("sqljwt-agent {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Check(options)) => {
            return match check(&options) {
                Ok(()) => {
                    println!("{}: these settings can be used", options.settings.display());
                    ExitCode::SUCCESS
                }
                Err(why) => {
                    eprintln!("{why}");
                    ExitCode::FAILURE
                }
            };
        }
        Ok(Asked::Serve(options)) => serve(&options),
        Err(why) => {
            eprintln!("sqljwt-agent: {why}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            log::error!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the settings can be used, by the user who is to read them.
fn check(options: &Options) -> Result<(), String> {
    if options.user.is_some()
        && let Some(identity) = rights::identity(options)?
    {
        rights::become_user(&identity)?;
    }
    validator(&options.settings).map(drop)
}

/// The places where clients ask.
struct Doors {
    socket: Option<StdUnixListener>,
    http: Option<StdTcpListener>,
}

impl Doors {
    fn open(options: &Options) -> Result<Self, String> {
        let socket = options.socket.as_deref().map(socket::listen).transpose()?;
        let http = options.http.map(|address| {
            let told = |error: std::io::Error| format!("{address}: {error}");
            let listener = StdTcpListener::bind(address).map_err(told)?;
            listener.set_nonblocking(true).map_err(told)?;
            Ok::<_, String>(listener)
        });
        Ok(Self { socket, http: http.transpose()? })
    }

    /// Where one asks, with the port that the system has chosen where it was asked to.
    fn places(&self, options: &Options) -> String {
        let socket = options.socket.as_ref().map(|path| format!("socket {}", path.display()));
        let http = self.http.as_ref().and_then(|listener| listener.local_addr().ok());
        socket.into_iter().chain(http.map(|address| format!("HTTP on {address}"))).collect::<Vec<_>>().join(", ")
    }
}

fn serve(options: &Options) -> Result<(), String> {
    let identity = rights::identity(options)?;
    let doors = Doors::open(options)?;
    let outcome = behind(options, identity.as_ref(), doors);
    if let Some(path) = &options.socket {
        // Where its folder is not ours, whoever starts the next agent has it removed.
        drop(fs::remove_file(path));
    }
    outcome
}

/// Everything from the moment on when the sockets are there.
fn behind(options: &Options, identity: Option<&rights::Identity>, doors: Doors) -> Result<(), String> {
    if let Some(path) = &options.socket {
        rights::give(path, options, identity)?;
    }
    let connections = rights::room(options.connections);
    if let Some(identity) = identity {
        rights::become_user(identity)?;
    }
    rights::lock()?;
    if let Some(log) = &options.log {
        log_file::to_file(log.clone())?;
    }
    let keys_dir = options.keys_dir.clone().map(KeysDir::new).transpose()?;
    let judge = Judge::new(options.settings.clone(), options.max_age, keys_dir, options.waiting)?;
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(THREADS)
        .build()
        .map_err(|error| error.to_string())?;
    let outcome = runtime.block_on(go_on(options, Arc::new(judge), doors, connections));
    // Threads that wait for an identity provider are left alone with it.
    runtime.shutdown_background();
    outcome
}

async fn go_on(options: &Options, judge: Arc<Judge>, doors: Doors, connections: usize) -> Result<(), String> {
    let told = |error: std::io::Error| error.to_string();
    let reading = Reading { request_bytes: options.request_bytes, silence: options.silence };
    let (for_socket, for_http) = (Arc::new(Semaphore::new(connections)), Arc::new(Semaphore::new(connections)));
    let (mut accepting, ready) = (Vec::new(), doors.places(options));
    if let Some(listener) = doors.socket {
        let listener = UnixListener::from_std(listener).map_err(told)?;
        let serving = socket::serve(listener, Arc::clone(&judge), Arc::clone(&for_socket), reading);
        accepting.push(tokio::spawn(serving));
    }
    if let Some(listener) = doors.http {
        let listener = TcpListener::from_std(listener).map_err(told)?;
        let serving = http::serve(listener, Arc::clone(&judge), Arc::clone(&for_http), reading);
        accepting.push(tokio::spawn(serving));
    }
    tokio::spawn(renewal::keep(Arc::clone(&judge)));
    tokio::spawn(look_after_settings(Arc::clone(&judge)));
    let (mut end, mut interrupt) =
        (signal(SignalKind::terminate()).map_err(told)?, signal(SignalKind::interrupt()).map_err(told)?);
    tokio::spawn(hang_up(signal(SignalKind::hangup()).map_err(told)?, judge));
    log::info!("ready: {ready}");
    notify("READY=1");
    std::future::poll_fn(|context| match end.poll_recv(context) {
        std::task::Poll::Pending => interrupt.poll_recv(context),
        ended => ended,
    })
    .await;
    notify("STOPPING=1");
    accepting.iter().for_each(task::JoinHandle::abort);
    log::info!("told to end; connections may go on for {} s", GRACE.as_secs());
    // One accepting task of each kind holds a place while it waits for somebody; it has given it back.
    let all = u32::try_from(connections).unwrap_or(u32::MAX);
    let both = async { (for_socket.acquire_many(all).await, for_http.acquire_many(all).await) };
    drop(timeout(GRACE, both).await);
    Ok(())
}

/// Most threads that wait for identity providers and files: one for each issuer's keys, and what else there may be.
const THREADS: usize = CACHED_ISSUERS_MAX + ASKING + RENEWING + 2;

/// Reads the settings again when their file is another one.
async fn look_after_settings(judge: Arc<Judge>) {
    let mut clock = interval(LOOK);
    loop {
        clock.tick().await;
        if judge.has_changed() {
            reload(&judge).await;
        }
    }
}

/// At SIGHUP: reads the settings again, and opens the log anew.
async fn hang_up(mut hang_up: tokio::signal::unix::Signal, judge: Arc<Judge>) {
    while hang_up.recv().await.is_some() {
        log_file::reopen();
        reload(&judge).await;
    }
}

/// Compiling a large map takes a while, which no login is to wait for.
async fn reload(judge: &Arc<Judge>) {
    let judge = Arc::clone(judge);
    // OK because a reload that failed leaves what there was.
    drop(task::spawn_blocking(move || judge.reload()).await);
}

/// Tells systemd, where it has asked to be told.
fn notify(state: &str) {
    let Some(name) = env::var("NOTIFY_SOCKET").ok().filter(|name| !name.is_empty()) else { return };
    let address = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&name),
    };
    let sent = address.and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
    if let Err(error) = sent {
        log::warn!("systemd cannot be told: {error}");
    }
}
