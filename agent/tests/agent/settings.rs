//! What if the settings change, or break?

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use nix::{
    sys::{signal::Signal, stat::Mode},
    unistd::mkfifo,
};
use sqljwt::{Change, Settings};
use sqljwt_testing::now;

use crate::house::{Agent, Folder, command, idp, nobody, wait};

#[test]
fn broken_settings_leave_those_of_before_until_they_are_mended() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let token = idp.token(now()).mint();
    let code = || agent.code(&token, "alice");
    assert_eq!(code(), "accepted");

    folder.write("settings.json", "{\n  \"server.jwt_authentication.audiance\": \"x\"\n}");
    agent.logs(
        "settings.json: setting_unknown: no setting is named `server.jwt_authentication.audiance` (line 2, column 3); ",
        1,
    );
    agent.logs("the settings of before stay", 1);
    assert_eq!(code(), "accepted");
    fs::remove_file(folder.at("settings.json")).unwrap();
    agent.logs("settings.json: is not there; the settings of before stay", 1);
    assert_eq!(code(), "accepted");

    folder.write("settings.json", &unnamed().to_json());
    agent.logs("settings.json: engine.user_names is missing, ", 1);
    assert_eq!(agent.code(&idp.token(now()).claim("sub", "postgres").mint(), "postgres"), "user_reserved");

    let other = idp.clone().with_audience("payroll");
    folder.write("settings.json", &other.settings().to_json());
    wait(|| code() == "audience_not_allowed", || agent.log());
    folder.write("settings.json", &idp.settings().to_json());
    wait(|| code() == "accepted", || agent.log());

    // Nothing has changed; whoever wants it read all the same says so.
    let before = agent.log().matches("settings read").count();
    agent.signal(Signal::SIGHUP);
    agent.logs("settings read", before + 1);
}

/// Settings that do not say whose users they are.
fn unnamed() -> Settings {
    idp().settings().with(&Change::new().unset("engine.user_names")).unwrap()
}

#[test]
fn users_may_be_those_of_any_server_that_is_named() {
    let (folder, idp) = (Folder::new(), idp());
    let token = idp.token(now()).claim("sub", "postgres").mint();
    for (names, code) in [("postgresql", "user_reserved"), ("mysql", "accepted"), ("cockroachdb", "accepted")] {
        let agent = Agent::new(&folder, &idp.clone().with_setting("engine.user_names", names).settings(), &[]);
        assert_eq!(agent.code(&token, "postgres"), code, "{names}");
    }
}

#[test]
fn settings_that_are_broken_for_too_long_serve_nobody() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &["--max-age", "0"]);
    let token = idp.token(now()).mint();
    assert_eq!(agent.code(&token, "alice"), "accepted");
    folder.write("settings.json", "nonsense");
    wait(|| agent.code(&token, "alice") == "settings_unusable", || agent.log());
    let back = agent.says_over_http(b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YTpi\r\n\r\n").unwrap();
    assert!(back.starts_with("HTTP/1.1 503 "), "{back}");
    folder.write("settings.json", &idp.settings().to_json());
    wait(|| agent.code(&token, "alice") == "accepted", || agent.log());
}

#[test]
fn settings_are_exchanged_under_load() {
    let (folder, idp, now) = (Folder::new(), idp(), now());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let (good, bad) = (idp.token(now).mint(), idp.token(now - 7200).mint());
    let (is_over, logins) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    assert_eq!(agent.code(&good, "alice"), "accepted");
                    assert_eq!(agent.code(&bad, "alice"), "token_expired");
                    logins.fetch_add(2, Ordering::Relaxed);
                }
            });
        }
        for number in 0..30 {
            let text = if number % 3 == 0 { "rubbish".into() } else { idp.settings().to_json() };
            folder.write("settings.json", &text);
            agent.signal(Signal::SIGHUP);
            thread::sleep(Duration::from_millis(30));
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(logins.load(Ordering::Relaxed) > 30);
    agent.logs("the settings of before stay", 1);
    agent.logs("settings read", 1);
}

#[test]
fn a_file_that_others_could_have_written_is_not_believed() {
    let (folder, text) = (Folder::new(), idp().settings().to_json());
    let good = folder.write("good.json", &text);
    let check = |path: &Path| said(command(path).arg("--check"));
    assert_eq!(check(&good), (true, format!("{}: these settings can be used\n", good.display())));

    let of_mode = |name: &str, mode: u32| {
        let path = folder.write(name, &text);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    };
    let (link, fifo, inner) = (folder.at("link.json"), folder.at("fifo.json"), folder.at("inner"));
    symlink(&good, &link).unwrap();
    mkfifo(&fifo, Mode::from_bits_truncate(0o644)).unwrap();
    fs::create_dir(&inner).unwrap();
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o777)).unwrap();
    fs::write(inner.join("a.json"), &text).unwrap();
    for (path, why) in [
        (of_mode("others.json", 0o646), "may be written by others than its owner (mode 0646)"),
        (of_mode("group.json", 0o664), "may be written by others than its owner (mode 0664)"),
        (link, "is a symbolic link"),
        (fifo, "is no regular file"),
        (folder.at("inner"), "is no regular file"),
        (inner.join("a.json"), "may be written by others than its owner (mode 0777)"),
        (folder.at("nothing.json"), "is not there"),
        (folder.write("empty.json", ""), "setting"),
        (folder.write("half.json", &text[..text.len() / 2]), "settings_invalid"),
        (folder.write("bytes.json", "\u{0}"), "settings_invalid"),
        (
            folder.write("unnamed.json", &unnamed().to_json()),
            "; write \"engine.user_names\": \"postgresql\", \"mysql\" ",
        ),
    ] {
        let (is_well, said) = check(&path);
        assert!(!is_well && said.contains(why) && said.lines().count() == 1, "{}: {said}", path.display());
    }
    if nobody().is_some() {
        let (is_well, told) = check(&of_mode("secret.json", 0o000));
        assert!(!is_well && told.contains("may not be read by this user"), "{told}");
        let others = folder.write("daemon.json", &text);
        chown(&others, Some(1), None).unwrap();
        let (is_well, told) = check(&others);
        assert!(!is_well && told.contains("belongs to the user 1, "), "{told}");
    }
}

#[test]
fn an_agent_does_not_begin_with_settings_that_cannot_be_used() {
    let folder = Folder::new();
    let broken = folder.write("broken.json", "{");
    let (is_well, said) = said(command(&broken).arg("--socket").arg(folder.at("a.sock")));
    assert!(!is_well && said.contains("broken.json: settings_invalid: "), "{said}");
    assert!(nobody().is_some() || !folder.at("a.sock").exists());
}

/// Whether a program succeeds, and what it says.
pub(crate) fn said(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}
