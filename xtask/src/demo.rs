//! Explains logins on a terminal: samples of several identity providers, or one's own token under one's own settings.
//!
//! What was typed is repeated in no complaint: it may be a token in the place of a file.

use std::{
    fs,
    io::{IsTerminal, Read},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Deserialize;
use sqljwt::{Decision, Explanation, Settings};

use crate::shell::root;

/// A login to explain.
#[derive(Deserialize)]
struct Login {
    title: String,
    settings: String,
    token: String,
    user: String,
    now: i64,
}

/// What was asked for on the command line.
#[derive(Default)]
struct Options {
    settings: Option<String>,
    token: Option<String>,
    user: Option<String>,
    now: Option<i64>,
    brief: bool,
}

/// Runs the demo; one's own login sets the exit status: 0 accepted, 1 rejected, 2 unusable input.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let options = parse(arguments)?;
    match (&options.settings, &options.token) {
        (None, None) => samples(&options),
        (Some(settings), Some(token)) => own(settings, token, &options),
        _ => Err("`--settings` and `--token` go together".into()),
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("`{name}` needs a value"));
        match name.as_str() {
            "--settings" => options.settings = Some(value()?),
            "--token" => options.token = Some(value()?),
            "--user" => options.user = Some(value()?),
            "--now" => {
                let seconds = value()?.parse().map_err(|_| "`--now` is in Unix seconds, a whole number")?;
                options.now = Some(seconds);
            }
            "--brief" => options.brief = true,
            _ => return Err("`cargo xtask demo` takes --settings, --token, --user, --now and --brief".into()),
        }
    }
    Ok(options)
}

fn samples(options: &Options) -> Result<ExitCode, String> {
    let folder = root().join("tests/samples");
    let list = fs::read_to_string(folder.join("logins.json")).map_err(|error| format!("logins.json: {error}"))?;
    let logins: Vec<Login> = serde_json::from_str(&list).map_err(|error| format!("logins.json: {error}"))?;
    for login in &logins {
        let path = folder.join(&login.settings);
        let settings = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", login.settings))?;
        let explanation = explain(&settings, login.token.as_bytes(), &login.user, login.now);
        println!("{}", rule(&login.title));
        println!("  tests/samples/{}, SQL user `{}`, at {}\n", login.settings, login.user, login.now);
        show(&explanation, options.brief);
    }
    println!("{}", rule("your own"));
    println!("  cargo xtask demo --settings FILE --token FILE|- --user NAME [--now SECONDS]");
    Ok(ExitCode::SUCCESS)
}

fn own(settings: &str, token: &str, options: &Options) -> Result<ExitCode, String> {
    let settings = fs::read_to_string(settings).map_err(|error| format!("the file of `--settings`: {error}"))?;
    let mut bytes = Vec::new();
    if token == "-" {
        std::io::stdin().read_to_end(&mut bytes).map_err(|error| format!("standard input: {error}"))?;
    } else {
        bytes = fs::read(token).map_err(|error| format!("the file of `--token`: {error}"))?;
    }
    let token = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let token = token.strip_suffix(b"\r").unwrap_or(token);
    let now = match options.now {
        Some(now) => now,
        None => present()?,
    };
    let explanation = explain(&settings, token, options.user.as_deref().unwrap_or_default(), now);
    show(&explanation, options.brief);
    let unusable = explanation.reason.is_some_and(|reason| reason.code.check().as_str() == "settings");
    Ok(match explanation.decision {
        Decision::Accept => ExitCode::SUCCESS,
        _ if unusable => ExitCode::from(2),
        _ => ExitCode::from(1),
    })
}

fn explain(settings: &str, token: &[u8], user: &str, now: i64) -> Explanation {
    Explanation::of(Settings::from_text(settings), token, user, now)
}

fn present() -> Result<i64, String> {
    let elapsed =
        SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| "the clock stands before 1970; give `--now`")?;
    i64::try_from(elapsed.as_secs()).map_err(|_| "the clock stands too far ahead; give `--now`".into())
}

/// Prints the timeline, in colour on a terminal that wants it.
fn show(explanation: &Explanation, brief: bool) {
    let text = explanation.to_string();
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    for line in text.lines() {
        if brief && line.is_empty() {
            break;
        }
        println!("{}", if colour { coloured(line) } else { line.into() });
    }
    println!();
}

fn coloured(line: &str) -> String {
    const GREEN: u8 = 32;
    const RED: u8 = 31;
    const YELLOW: u8 = 33;
    const FAINT: u8 = 2;
    let trimmed = line.trim_start();
    let colour = match trimmed.chars().next() {
        Some('✓') => Some(GREEN),
        Some('✗') => Some(RED),
        Some('·') => Some(FAINT),
        _ if line.starts_with("ACCEPTED") => Some(GREEN),
        _ if line.starts_with("REJECTED") => Some(RED),
        _ if line.starts_with("KEYS NEEDED") || trimmed.starts_with("near miss") || trimmed.starts_with("to mend") => {
            Some(YELLOW)
        }
        _ => None,
    };
    colour.map_or(line.into(), |colour| format!("\u{1b}[{colour}m{line}\u{1b}[0m"))
}

fn rule(title: &str) -> String {
    format!("── {title} {}", "─".repeat(76_usize.saturating_sub(title.chars().count())))
}
