//! What a line of JSON says of a login: a document of this engine, the agent's answer, a database's structured log, or a
//! collector's envelope around any line.

use alloc::{borrow::Cow, string::String};

use super::{
    document::{LogOutcome, LogSource},
    facts::Facts,
    in_words::in_words,
};
use crate::ground::{
    json::{Document, Duplicates, Kind, Value},
    reason::ReasonCode,
    text::one_line,
};

/// How deep an event is looked for in envelopes.
const DEPTH_MAX: u8 = 4;

/// The members of envelopes and of databases' logs that hold a text about the login.
const TEXTS: [&str; 17] = [
    "Detail",
    "message",
    "Message",
    "msg",
    "error",
    "err",
    "error_detail",
    "detail",
    "hint",
    "log",
    "log_line",
    "text",
    "textPayload",
    "MESSAGE",
    "Info",
    "reason",
    "exception",
];

/// The members in which an event may be.
const ENVELOPES: [&str; 8] = ["event", "error", "record", "jsonPayload", "fields", "payload", "log", "message"];

/// The members that say who asked, from where.
const VALUES: [(&str, &str); 7] = [
    ("User", "requested_user"),
    ("user", "requested_user"),
    ("SystemIdentity", "principal"),
    ("RemoteAddress", "host"),
    ("remote_host", "host"),
    ("dbname", "database"),
    ("Method", "method"),
];

/// What the first JSON object in a text says.
pub(super) fn read(text: &str) -> Option<Facts> {
    let begin = text.find("{\"").or_else(|| text.trim_start().starts_with('{').then(|| text.find('{')).flatten())?;
    let (document, _) = Document::parse_prefix(text.get(begin..)?, Duplicates::LastWins).ok()?;
    object(document.root(), DEPTH_MAX)
}

fn object(root: Value<'_>, depth: u8) -> Option<Facts> {
    if root.kind() != Kind::Object {
        return None;
    }
    let mut facts = own(root).or_else(|| event(root)).or_else(|| texts(root, depth))?;
    // What our own documents say of the user, they say in their own members.
    for (member, name) in VALUES {
        if let Some(value) = text(root, member) {
            facts.state(name, &plain(&value));
        }
    }
    Some(facts)
}

/// A document of this engine, or the agent's answer.
fn own(root: Value<'_>) -> Option<Facts> {
    let reason = root.member("reason").filter(|reason| reason.kind() == Kind::Object);
    let reason = reason.or_else(|| root.member("number").map(|_| root));
    if let Some((reason, code)) =
        reason.and_then(|reason| Some((reason, text(reason, "code")?.parse::<ReasonCode>().ok()?)))
    {
        let mut facts = Facts::of_reason(code, LogSource::Sqljwt);
        facts.cause = text(reason, "message").map(|message| Cow::Owned(one_line(message)));
        facts.remedy = text(reason, "remedy").map(|remedy| Cow::Owned(one_line(remedy)));
        return Some(facts);
    }
    let accepted = root.member("accepted").map(Value::kind);
    match (accepted, text(root, "decision").as_deref()) {
        (Some(Kind::Bool(true)), _) | (None, Some("accept")) => {
            let mut facts = Facts::new(LogOutcome::Accepted, LogSource::Sqljwt, "accepted");
            facts.cause = Some("the user was let in".into());
            let login = root.member("login").filter(|login| login.kind() == Kind::Object).unwrap_or(root);
            for name in ["user", "principal", "issuer", "audience", "key_id"] {
                if let Some(value) = text(login, name) {
                    facts.state(name, &value);
                }
            }
            Some(facts)
        }
        (Some(Kind::Bool(false)), _) => {
            let code = text(root, "code")?;
            let line = text(root, "log_line");
            match code.parse() {
                Ok(code) => {
                    let mut facts = Facts::of_reason(code, LogSource::Sqljwt);
                    let why = line.as_deref().and_then(|line| line.split_once(": ")).map(|(_, why)| one_line(why));
                    facts.cause = why.map(Cow::Owned);
                    Some(facts)
                }
                Err(_) => line.as_deref().and_then(in_words).map(|(_, facts)| facts).or_else(|| {
                    let mut facts = Facts::new(LogOutcome::Rejected, LogSource::Sqljwt, "refused");
                    facts.cause = line.as_deref().map(|line| Cow::Owned(one_line(line)));
                    Some(facts)
                }),
            }
        }
        (None, Some("keys_needed")) => {
            let mut facts = Facts::new(LogOutcome::Rejected, LogSource::Sqljwt, "keys_needed");
            facts.codes.push(ReasonCode::KeysUnavailable);
            facts.exact = true;
            Some(facts)
        }
        _ => None,
    }
}

/// An event of the database's log of sessions.
fn event(root: Value<'_>) -> Option<Facts> {
    let kind = text(root, "EventType")?;
    match &*kind {
        "client_authentication_ok" => {
            let mut facts = Facts::new(LogOutcome::Accepted, LogSource::Cockroachdb, "accepted");
            facts.cause = Some("the user was let in".into());
            Some(facts)
        }
        "client_authentication_failed" => {
            let told = ["Detail", "Info"].iter().find_map(|name| in_words(&plain(&text(root, name)?)));
            let mut facts = told.map(|(_, facts)| facts).unwrap_or_else(|| {
                let reason = root.member("Reason");
                let number = reason.and_then(Value::number).map(Cow::Borrowed).or_else(|| reason.and_then(Value::string));
                let (event, cause, remedy) = match number.as_deref() {
                    Some("2" | "USER_NOT_FOUND") => {
                        ("user_missing", "the SQL user does not exist", Some("create the SQL user with CREATE USER, or set security.provisioning.jwt.enabled to true"))
                    }
                    Some("3" | "LOGIN_DISABLED") => {
                        ("login_disabled", "the SQL user exists and has no LOGIN", Some("give the user LOGIN: ALTER USER … WITH LOGIN"))
                    }
                    _ => ("refused", "the database has refused the login, and its text says nothing that is known here, or is redacted", Some("look at the same line in a log that is not redacted")),
                };
                let mut facts = Facts::new(LogOutcome::Rejected, LogSource::Cockroachdb, event);
                (facts.cause, facts.remedy) = (Some(cause.into()), remedy.map(Cow::Borrowed));
                facts
            });
            facts.source = LogSource::Cockroachdb;
            Some(facts)
        }
        _ => None,
    }
}

/// The texts of an envelope, read together: a message has its DETAIL in another member.
fn texts(root: Value<'_>, depth: u8) -> Option<Facts> {
    let inner = depth.checked_sub(1)?;
    let inside = ENVELOPES.iter().filter_map(|name| root.member(name)).find_map(|value| match value.kind() {
        Kind::Object => object(value, inner),
        Kind::String => {
            let text = value.string()?;
            let begin = text.trim_start();
            let (document, _) =
                Document::parse_prefix(begin, Duplicates::LastWins).ok().filter(|_| begin.starts_with('{'))?;
            object(document.root(), inner)
        }
        _ => None,
    });
    inside.or_else(|| {
        let mut all = String::new();
        for text in TEXTS.iter().filter_map(|name| text(root, name)) {
            all.push_str(&plain(&text));
            all.push('\n');
        }
        in_words(&all).map(|(_, facts)| facts)
    })
}

fn text<'v>(object: Value<'v>, name: &str) -> Option<Cow<'v, str>> {
    object.member(name).and_then(Value::string)
}

/// The text without the marks of redaction.
fn plain(text: &str) -> String {
    text.replace(['‹', '›'], "")
}
