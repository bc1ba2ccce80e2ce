//! What does the command line ask for?

use std::{ffi::OsString, net::SocketAddr, path::PathBuf, time::Duration};

use lexopt::{Arg, Parser, ValueExt};

use crate::limits;

/// How the agent is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) settings: PathBuf,
    pub(crate) socket: Option<PathBuf>,
    pub(crate) socket_group: Option<String>,
    pub(crate) http: Option<SocketAddr>,
    pub(crate) keys_dir: Option<PathBuf>,
    pub(crate) user: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) log: Option<PathBuf>,
    pub(crate) max_age: Option<Duration>,
    pub(crate) connections: usize,
    pub(crate) request_bytes: usize,
    pub(crate) waiting: usize,
    pub(crate) silence: Duration,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Serve(Options),
    Check(Options),
    Help,
    Version,
}

pub(crate) const HELP: &str = "\
sqljwt-agent --settings FILE [--socket PATH] [--http ADDRESS:PORT] [OPTION…]

Holds settings and keys, fetches the keys of identity providers, and says who may log in with a token.

What decides
  --settings FILE       the settings, as SQL or JSON; read again when the file changes, and at SIGHUP
  --max-age SECONDS     for how long settings serve while their file is broken; without it until it is mended
  --keys-dir FOLDER     where servers read keys that the agent has fetched, which finds them there when it starts

Who may ask
  --socket PATH         the unix socket, mode 0660
  --socket-group NAME   its group; without it the agent's own
  --http ADDRESS:PORT   HTTP Basic, on an address of the loopback interface

What the agent may
  --user NAME           whose rights it has once its sockets are there; needed where root starts it
  --group NAME          its group; without it the user's

Limits
  --connections N       connections of each kind at a time [2048]
  --request-bytes N     longest request [69632]
  --waiting N           logins that wait for identity providers at a time [1024]
  --silence SECONDS     for how long a client may be silent [1]

  --log stderr|FILE     where a line goes for each login [stderr]
  --check               says whether the settings can be used, and ends
  --help, --version";

impl Asked {
    /// Reads the arguments, without the program's name.
    ///
    /// # Errors
    /// What cannot be understood, on one line.
    pub(crate) fn of(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let (mut given, mut is_check) = (Given::default(), false);
        let mut parser = Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(told)? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long("version") => return Ok(Self::Version),
                Arg::Long("check") => is_check = true,
                Arg::Long(name) => {
                    let name = name.to_owned();
                    let value = parser.value().map_err(told)?;
                    given.take(&name, value).map_err(|why| format!("--{name} {why}"))?;
                }
                other => return Err(told(other.unexpected())),
            }
        }
        let options = given.options(is_check)?;
        Ok(if is_check { Self::Check(options) } else { Self::Serve(options) })
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is what maps an error")]
fn told(error: lexopt::Error) -> String {
    error.to_string().escape_debug().to_string()
}

/// The options as they stand there.
#[derive(Default)]
struct Given {
    settings: Option<PathBuf>,
    socket: Option<PathBuf>,
    socket_group: Option<String>,
    http: Option<SocketAddr>,
    keys_dir: Option<PathBuf>,
    user: Option<String>,
    group: Option<String>,
    log: Option<PathBuf>,
    max_age: Option<Duration>,
    connections: Option<usize>,
    request_bytes: Option<usize>,
    waiting: Option<usize>,
    silence: Option<Duration>,
}

impl Given {
    fn take(&mut self, name: &str, value: OsString) -> Result<(), String> {
        match name {
            "settings" => once(&mut self.settings, value.into()),
            "socket" => once(&mut self.socket, value.into()),
            "socket-group" => once(&mut self.socket_group, text(value)?),
            "http" => once(&mut self.http, loopback(&text(value)?)?),
            "keys-dir" => once(&mut self.keys_dir, value.into()),
            "user" => once(&mut self.user, text(value)?),
            "group" => once(&mut self.group, text(value)?),
            "log" => once(&mut self.log, value.into()),
            "max-age" => once(&mut self.max_age, Duration::from_secs(number(value, 0, 1 << 32)?)),
            "connections" => once(&mut self.connections, count(value, limits::CONNECTIONS_MAX)?),
            "request-bytes" => once(&mut self.request_bytes, count(value, limits::REQUEST_BYTES_MAX)?),
            "waiting" => once(&mut self.waiting, count(value, limits::CONNECTIONS_MAX)?),
            "silence" => once(&mut self.silence, Duration::from_secs(number(value, 1, 60)?)),
            _ => Err("is no option; --help names them".into()),
        }
    }

    fn options(self, is_check: bool) -> Result<Options, String> {
        if self.socket.is_none() && self.http.is_none() && !is_check {
            return Err("nobody could ask: give --socket, --http or both".into());
        }
        if self.socket_group.is_some() && self.socket.is_none() {
            return Err("--socket-group is the group of --socket".into());
        }
        Ok(Options {
            settings: self.settings.ok_or("--settings is missing")?,
            socket: self.socket,
            socket_group: self.socket_group,
            http: self.http,
            keys_dir: self.keys_dir,
            user: self.user,
            group: self.group,
            log: self.log.filter(|log| log.as_os_str() != "stderr"),
            max_age: self.max_age,
            connections: self.connections.unwrap_or(limits::CONNECTIONS),
            request_bytes: self.request_bytes.unwrap_or(limits::REQUEST_BYTES),
            waiting: self.waiting.unwrap_or(limits::WAITING),
            silence: self.silence.unwrap_or(limits::SILENCE),
        })
    }
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err("stands there twice".into()),
    }
}

fn text(value: OsString) -> Result<String, String> {
    value.string().map_err(|_| "takes a text in UTF-8".into())
}

/// Tokens pass over HTTP in the clear: only within this machine.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: Option<SocketAddr> = text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
    address.ok_or_else(|| "takes an address of the loopback interface and a port, such as 127.0.0.1:8484".into())
}

fn number(value: OsString, least: u64, most: u64) -> Result<u64, String> {
    let number = text(value)?.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("takes a whole number from {least} to {most}"))
}

fn count(value: OsString, most: usize) -> Result<usize, String> {
    // OK because every limit fits both.
    number(value, 1, most as u64).map(|number| usize::try_from(number).unwrap_or(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Asked, String> {
        Asked::of(line.split_ascii_whitespace().map(OsString::from))
    }

    #[test]
    fn the_command_line_is_read_strictly() {
        for line in [
            "",
            "--socket s",
            "--settings f",
            "--settings f --socket s --socket t",
            "--settings f --http 0.0.0.0:1",
            "--settings f --http [::]:1",
            "--settings f --http localhost:1",
            "--settings f --http 127.0.0.1:1 --socket-group g",
            "--settings f --socket s --waiting 0",
            "--settings f --socket s --silence 61",
            "--settings f --socket s --request-bytes 99999999",
            "--settings f --socket s --verbose 1",
            "--settings f --socket s more",
            "--settings",
        ] {
            assert!(asked(line).is_err(), "{line}");
        }
    }

    #[test]
    fn what_the_help_says_holds() {
        let Ok(Asked::Serve(options)) = asked("--settings f --http [::1]:8484 --log stderr") else {
            panic!("it can be served")
        };
        assert_eq!(options.log, None);
        for (name, value) in [
            ("connections", options.connections),
            ("request-bytes", options.request_bytes),
            ("waiting", options.waiting),
            ("silence", options.silence.as_secs() as usize),
        ] {
            let line = HELP.lines().find(|line| line.trim_start().starts_with(&format!("--{name} "))).unwrap();
            assert!(line.ends_with(&format!("[{value}]")), "{line}: {value}");
        }
        assert!(matches!(asked("--check --settings f"), Ok(Asked::Check(_))));
    }
}
