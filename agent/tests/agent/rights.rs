//! What may the agent do once it runs, and who may ask it?

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        net::UnixListener,
    },
    process::Command,
};

use nix::sys::signal::Signal;
use sqljwt_testing::now;

use crate::{
    house::{Agent, Folder, command, idp, nobody, wait},
    settings::said,
};

#[test]
fn it_has_no_more_rights_than_the_user_it_is_told_to_be() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let status = fs::read_to_string(format!("/proc/{}/status", agent.pid())).unwrap();
    let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    assert_eq!(line("NoNewPrivs:"), "1");
    let socket = agent.socket.metadata().unwrap();
    assert_eq!(socket.mode() & 0o777, 0o660);
    let Some(user) = nobody() else {
        return println!("not tried: that root's rights are given up; the tests are not root's");
    };
    let (uid, gid) = (user.uid.to_string(), user.gid.to_string());
    assert_eq!(line("Uid:").split_ascii_whitespace().collect::<Vec<_>>(), [&*uid; 4]);
    assert_eq!(line("Gid:").split_ascii_whitespace().collect::<Vec<_>>(), [&*gid; 4]);
    assert_eq!(line("Groups:"), gid);
    for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
        assert_eq!(line(set).trim_matches('0'), "", "{set}");
    }
    assert_eq!((socket.uid(), socket.gid()), (user.uid.as_raw(), user.gid.as_raw()));
    assert_eq!(agent.code(&idp.token(now()).mint(), "alice"), "accepted");
}

#[test]
fn the_socket_is_of_the_group_that_is_named() {
    let Some(_) = nobody() else { return println!("not tried: only root gives a socket to any group") };
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &["--socket-group", "daemon"]);
    let daemon = nix::unistd::Group::from_name("daemon").unwrap().unwrap();
    assert_eq!(agent.socket.metadata().unwrap().gid(), daemon.gid.as_raw());
}

#[test]
fn root_serves_only_when_it_is_asked_for_by_name() {
    let Some(_) = nobody() else { return println!("not tried: the tests are not root's") };
    let folder = Folder::new();
    let settings = folder.write("settings.json", &idp().settings().to_json());
    let mut agent = Command::new(env!("CARGO_BIN_EXE_sqljwt-agent"));
    agent.arg("--settings").arg(settings).arg("--socket").arg(folder.at("a.sock"));
    let (is_well, told) = said(&mut agent);
    assert!(!is_well && told.contains("--user"), "{told}");
    let (is_well, told) = said(agent.args(["--user", "no-such-user"]));
    assert!(!is_well && told.contains("there is no user `no-such-user`"), "{told}");
}

#[test]
fn a_socket_that_is_in_use_is_left_alone_and_one_that_is_left_over_is_not() {
    let (folder, idp) = (Folder::new(), idp());
    let settings = folder.write("settings.json", &idp.settings().to_json());
    let begin = |name: &str| said(command(&settings).arg("--socket").arg(folder.at(name)));
    let (is_well, told) = begin("settings.json");
    assert!(!is_well && told.contains("no socket"), "{told}");
    let taken = UnixListener::bind(folder.at("taken.sock")).unwrap();
    let (is_well, told) = begin("taken.sock");
    assert!(!is_well && told.contains("somebody listens there already"), "{told}");
    drop(taken);

    // An agent that was killed, and the next one.
    let agent = Agent::start(&folder, &settings, &[]);
    let left = agent.socket.clone();
    drop(agent);
    assert!(left.exists());
    let agent = Agent::start(&folder, &settings, &[]);
    assert_eq!(agent.code(&idp.token(now()).mint(), "alice"), "accepted");
}

#[test]
fn it_ends_when_it_is_told_to() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    agent.signal(Signal::SIGTERM);
    let status = format!("/proc/{}/status", agent.pid());
    wait(|| fs::read_to_string(&status).is_ok_and(|status| status.contains("State:\tZ")), || agent.log());
    assert!(agent.log().contains("told to end"));
}

#[test]
fn a_log_file_is_opened_anew_at_sighup() {
    let (folder, idp) = (Folder::new(), idp());
    let logs = folder.writable("logs");
    let log = logs.join("agent.log");
    // Until the file is there, lines go to standard error; where one asks is told in the file, so the socket alone is tried.
    let settings = folder.write("settings.json", &idp.settings().to_json());
    let socket = folder.at("a.sock");
    let mut child = command(&settings).arg("--socket").arg(&socket).arg("--log").arg(&log).spawn().unwrap();
    let read = || fs::read_to_string(&log).unwrap_or_default();
    wait(|| read().contains("ready: "), read);
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    fs::rename(&log, logs.join("agent.log.1")).unwrap();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id() as i32), Signal::SIGHUP).unwrap();
    wait(|| read().contains("settings read"), read);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_command_line_that_cannot_be_understood_ends_with_2() {
    for arguments in [&["--help"][..], &["--version"]] {
        let (is_well, told) = said(Command::new(env!("CARGO_BIN_EXE_sqljwt-agent")).args(arguments));
        assert!(is_well && told.contains("sqljwt-agent"), "{told}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_sqljwt-agent")).arg("--sockets").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
