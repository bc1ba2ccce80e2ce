//! A folder, an agent that runs in it, and its clients.

use std::{
    env, fs,
    io::{self, Read, Write},
    net::TcpStream,
    os::unix::{
        fs::{PermissionsExt, chown},
        net::{UnixDatagram, UnixStream},
    },
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, User, geteuid},
};
use serde_json::{Value, json};
use sqljwt::Settings;
use sqljwt_testing::Issuer;

/// The longest that anything is waited for that has to come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Alice's identity provider, whose settings say whose users they are.
pub(crate) fn idp() -> Issuer {
    Issuer::new("https://idp.example").with_claim("sub", "alice").with_setting("engine.user_names", "postgresql")
}

/// A folder that goes with the test, whose files the agent believes.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("sqljwt-agent-{}-{number}", process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Puts a file in its place as a whole.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let (path, new) = (self.at(name), self.at(&format!("{name}.new")));
        fs::write(&new, text).unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(0o644)).unwrap();
        fs::rename(&new, &path).unwrap();
        path
    }

    /// A folder within it that the agent may write.
    pub(crate) fn writable(&self, name: &str) -> PathBuf {
        let path = self.at(name);
        if !path.exists() {
            fs::create_dir(&path).unwrap();
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        if let Some(user) = nobody() {
            chown(&path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
        }
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Whom root's tests have the agent become; nobody where the tests are not root's.
pub(crate) fn nobody() -> Option<User> {
    geteuid().is_root().then(|| User::from_name("nobody").unwrap().expect("the user `nobody`"))
}

/// The program, with what everybody has to say.
pub(crate) fn command(settings: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sqljwt-agent"));
    command.arg("--settings").arg(settings).stdin(Stdio::null());
    if let Some(user) = nobody() {
        command.args(["--user", &user.name]);
    }
    command
}

/// An agent that runs; it ends with the test.
pub(crate) struct Agent {
    child: Child,
    log: PathBuf,
    pub(crate) socket: PathBuf,
    pub(crate) http: String,
}

impl Agent {
    /// An agent that decides by these settings.
    pub(crate) fn new(folder: &Folder, settings: &Settings, options: &[&str]) -> Self {
        let settings = folder.write("settings.json", &settings.to_json());
        Self::start(folder, &settings, options)
    }

    /// An agent that decides by the settings in this file.
    pub(crate) fn start(folder: &Folder, settings: &Path, options: &[&str]) -> Self {
        let (log, socket, told) = (folder.at("log"), folder.at("agent.sock"), folder.at("notify"));
        drop(fs::remove_file(&told));
        let systemd = UnixDatagram::bind(&told).unwrap();
        fs::set_permissions(&told, fs::Permissions::from_mode(0o777)).unwrap();
        systemd.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut command = command(settings);
        command.arg("--socket").arg(&socket).args(["--http", "127.0.0.1:0"]).args(options);
        command.env("NOTIFY_SOCKET", &told).stderr(fs::File::create(&log).unwrap());
        let mut agent = Self { child: command.spawn().unwrap(), log, socket, http: String::new() };
        let mut state = [0; 64];
        let bytes = systemd.recv(&mut state).unwrap_or_else(|error| panic!("{error}: {}", agent.log()));
        assert_eq!(&state[..bytes], b"READY=1");
        let log = agent.log();
        let address = log.lines().find_map(|line| line.split_once("HTTP on ")).expect("the address").1;
        agent.http = address.to_owned();
        agent
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.pid() as i32), signal).unwrap();
    }

    /// Everything that it has logged.
    pub(crate) fn log(&self) -> String {
        String::from_utf8(fs::read(&self.log).unwrap()).unwrap()
    }

    /// Waits until so many lines of the log hold this.
    pub(crate) fn logs(&self, text: &str, times: usize) {
        wait(|| self.log().matches(text).count() >= times, || format!("{times} times `{text}` in:\n{}", self.log()));
    }

    /// Sends these bytes over the socket, and reads what comes back.
    pub(crate) fn says(&self, bytes: &[u8]) -> io::Result<String> {
        let stream = UnixStream::connect(&self.socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        heard(stream, bytes)
    }

    /// What is answered to a login.
    pub(crate) fn answer(&self, token: &str, user: &str) -> Value {
        let line = self.says(format!("{}\n", json!({"token": token, "user": user})).as_bytes()).unwrap();
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Whether a login is accepted, or the code with which it is not.
    pub(crate) fn code(&self, token: &str, user: &str) -> String {
        let answer = self.answer(token, user);
        match answer["accepted"].as_bool() {
            Some(true) => "accepted".into(),
            _ => answer["code"].as_str().expect("a code").into(),
        }
    }

    /// Sends these bytes over HTTP, and reads what comes back.
    pub(crate) fn says_over_http(&self, bytes: &[u8]) -> io::Result<String> {
        let stream = TcpStream::connect(&self.http)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        heard(stream, bytes)
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Says these bytes and reads to the end.
fn heard(mut stream: impl Read + Write, bytes: &[u8]) -> io::Result<String> {
    // Whoever is not listened to to the end may get an answer all the same.
    drop(stream.write_all(bytes));
    let mut back = Vec::new();
    match stream.read_to_end(&mut back) {
        Err(error) if back.is_empty() => Err(error),
        _ => Ok(String::from_utf8(back).unwrap()),
    }
}

/// Waits for what has to come.
pub(crate) fn wait(mut has_come: impl FnMut() -> bool, what: impl Fn() -> String) {
    let begun = Instant::now();
    while !has_come() {
        assert!(begun.elapsed() < PATIENCE, "{}", what());
        sleep(Duration::from_millis(20));
    }
}
