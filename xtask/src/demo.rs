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
use sqljwt::{Decision, Explanation, Line, Settings, Tone};

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
    verbose: bool,
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
            "--verbose" => options.verbose = true,
            _ => {
                return Err("`cargo xtask demo` takes --settings, --token, --user, --now, --brief and --verbose".into());
            }
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
        show(&explanation, (&login.settings, &settings), options);
    }
    println!("{}", rule("your own"));
    println!("  cargo xtask demo --settings FILE --token FILE|- --user NAME [--now SECONDS]");
    Ok(ExitCode::SUCCESS)
}

fn own(file: &str, token: &str, options: &Options) -> Result<ExitCode, String> {
    let settings = fs::read_to_string(file).map_err(|error| format!("the file of `--settings`: {error}"))?;
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
    show(&explanation, (file, &settings), options);
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
fn show(explanation: &Explanation, (file, settings): (&str, &str), options: &Options) {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut timeline = explanation.timeline().file(file).document(settings).verbose(options.verbose);
    if let Some(width) = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()) {
        timeline = timeline.width(width);
    }
    for line in timeline.lines() {
        let end = line.lead.is_empty() && line.text.is_empty();
        if options.brief && end {
            break;
        }
        println!("{}", if colour && !end { coloured(&line) } else { line.to_string() });
    }
    println!();
}

/// The line with its lead, its text, both or neither in colour.
fn coloured(line: &Line) -> String {
    const GREEN: &str = "32";
    const RED: &str = "1;31";
    const YELLOW: &str = "33";
    const FAINT: &str = "2";
    let (lead, text) = match line.tone {
        Tone::Refused | Tone::Cause | Tone::Failed => (RED, RED),
        Tone::Accepted | Tone::Passed => (GREEN, ""),
        Tone::Keys | Tone::Risk | Tone::Warning | Tone::LooksLike => (YELLOW, ""),
        Tone::Fix | Tone::After | Tone::Next => ("1", ""),
        Tone::Caret => ("", RED),
        Tone::Quiet | Tone::NotReached => (FAINT, FAINT),
        _ => ("", ""),
    };
    let paint = |colour: &str, part: &str| match (colour, part) {
        ("", _) | (_, "") => part.to_owned(),
        _ => format!("\u{1b}[{colour}m{part}\u{1b}[0m"),
    };
    format!("{:indent$}{}{}", "", paint(lead, &line.lead), paint(text, &line.text), indent = line.indent)
}

fn rule(title: &str) -> String {
    format!("── {title} {}", "─".repeat(76_usize.saturating_sub(title.chars().count())))
}
