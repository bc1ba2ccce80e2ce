//! What was a text probably meant to be that the database takes for something else? Lists without JSON, quotes of other
//! files, numbers that are names.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::{
    ground::{
        fault::Fault,
        json::{self, Document, Duplicates, Kind, Value},
        splice::Splice,
        text::{can_be_copied, is_invisible, shown},
    },
    parsed::settings::names::SettingName,
};

/// A value that says something else than it was meant to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misread {
    /// How the value is read, and what misleads.
    pub(crate) message: String,
    /// What misleads.
    pub(crate) facts: String,
    /// What to write, a clause without its full stop.
    pub(crate) remedy: String,
    /// The value as it should read.
    pub(crate) splice: Splice,
    /// The texts that were meant.
    pub(crate) texts: Vec<String>,
    /// Whether only white space parts them, so that they could be one text after all.
    pub(crate) by_blanks: bool,
}

/// What the text of `server.jwt_authentication.issuers` or `audience` was probably meant to be, if not what it is read as.
pub(crate) fn misread(name: SettingName, text: &str) -> Option<Misread> {
    let noun = noun(name)?;
    if text.len() > BYTES_MAX {
        return None;
    }
    let mut draft = Draft::default();
    let meant = draft.meant(text, name)?;
    let texts: Vec<String> = meant.texts().into_iter().filter(|text| !text.is_empty()).collect();
    let value = match meant {
        Meant::Written(value) => value,
        Meant::Texts(_) => written(&texts),
    };
    if texts.is_empty() || value == text || draft.facts.is_empty() {
        return None;
    }
    let facts = draft.facts.join("; ");
    let message = format!("{} is read as one {noun}, `{}`: {facts}", name.as_str(), shown(text));
    let kind = match value.chars().next() {
        Some('[') => "a JSON array, ",
        Some('{') => "a JSON object, ",
        _ => "",
    };
    let remedy = match can_be_copied(&value) || !value.contains('`') && value.len() <= SHOWN {
        true if kind.is_empty() && facts.contains("quotes") => format!("write `{value}`, without quotes around it"),
        true => format!("write {kind}`{value}`"),
        false => format!("write {kind}with each {noun} in double quotes"),
    };
    let splice = Splice { start: 0, end: text.len(), text: value };
    Some(Misread { message, facts, remedy, splice, texts, by_blanks: draft.by_blanks })
}

/// The fault of a value with how it was meant, where that can be told.
pub(super) fn explained(fault: Fault, name: SettingName, text: &str) -> Fault {
    let Some(misread) = misread(name, text) else { return fault };
    let Splice { start, end, text } = misread.splice;
    let message = format!("{}; {}", fault.message, misread.facts);
    Fault { message, ..fault }.with_remedy(misread.remedy).instead(start, end, text)
}

fn noun(name: SettingName) -> Option<&'static str> {
    match name {
        SettingName::Issuers => Some("issuer"),
        SettingName::Audience => Some("audience"),
        _ => None,
    }
}

/// Longer values are nobody's slip of the pen.
const BYTES_MAX: usize = 4096;

/// Values up to here are told whole.
const SHOWN: usize = 256;

/// What was meant.
enum Meant {
    Texts(Vec<String>),
    /// A whole value, as it is to be written.
    Written(String),
}

impl Meant {
    fn texts(&self) -> Vec<String> {
        match self {
            Self::Texts(texts) => texts.clone(),
            Self::Written(value) => Document::parse(value, Duplicates::LastWins)
                .ok()
                .and_then(|document| {
                    let map = document.root().member("issuer_jwks_map")?;
                    Some(map.members().filter_map(|(name, _)| Some(name.string()?.into_owned())).collect())
                })
                .unwrap_or_default(),
        }
    }
}

#[derive(Default)]
struct Draft {
    facts: Vec<Cow<'static, str>>,
    by_blanks: bool,
}

impl Draft {
    fn note(&mut self, fact: impl Into<Cow<'static, str>>) {
        let fact = fact.into();
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    fn meant(&mut self, text: &str, name: SettingName) -> Option<Meant> {
        let visible = text.trim_matches(|c: char| is_invisible(c) || c.is_whitespace());
        let hidden = |c: char| is_invisible(c) && !c.is_ascii_whitespace();
        if text.contains(hidden) && !visible.contains(hidden) {
            self.note("an invisible character, such as a byte order mark, stands around it");
        }
        let text = self.unescaped(visible);
        if let Ok(document) = Document::parse(&text, Duplicates::LastWins) {
            return self.json(document.root(), name);
        }
        let text = self.straight(&text);
        if let Ok(document) = Document::parse(&text, Duplicates::LastWins) {
            return self.json(document.root(), name);
        }
        let alone = (!self.facts.is_empty()).then(|| [visible.into()].into());
        self.plain(&text).or(alone).map(Meant::Texts)
    }

    /// `[\"a\"]`, out of another file's quotes.
    fn unescaped<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if !text.contains("\\\"") {
            return text.into();
        }
        let bare = text.replace("\\\"", "\"").replace("\\\\", "\\");
        if Document::parse(&bare, Duplicates::LastWins).is_err() {
            return text.into();
        }
        self.note("the backslashes before its quotes belong to another file");
        bare.into()
    }

    /// The text with straight quotes.
    fn straight<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let straight = |c: char| match c {
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' => Some('"'),
            '‘' | '’' | '‚' | '′' => Some('\''),
            _ => None,
        };
        let Some(found) = text.chars().find(|&c| straight(c).is_some()) else { return text.into() };
        self.note(format!("`{found}` is a typographic quote, not `\"`"));
        text.chars().map(|c| straight(c).unwrap_or(c)).collect::<String>().into()
    }

    /// JSON of another kind than the setting takes.
    fn json(&mut self, root: Value<'_>, name: SettingName) -> Option<Meant> {
        match root.kind() {
            Kind::Number | Kind::Bool(_) => {
                self.note("digits and the like are JSON, not a text");
                Some(Meant::Texts([root.written().into()].into()))
            }
            Kind::String => {
                let inside = root.string()?;
                self.note("the double quotes belong to another file");
                match Document::parse(&inside, Duplicates::LastWins) {
                    Ok(document) if document.root().kind() != Kind::String => self.json(document.root(), name),
                    _ => Some(Meant::Texts([inside.into_owned()].into())),
                }
            }
            Kind::Array => self.array(root),
            Kind::Object => self.object(root, name),
            Kind::Null => None,
        }
    }

    fn array(&mut self, array: Value<'_>) -> Option<Meant> {
        let mut texts = Vec::new();
        for element in array.elements() {
            match element.kind() {
                Kind::String => {
                    let text = element.string()?;
                    match separated(&text) {
                        Some((parts, mark)) => {
                            self.by_blanks |= mark == BLANK;
                            self.note(format!("one text of the list holds {mark}"));
                            texts.extend(parts);
                        }
                        None => texts.push(text.into_owned()),
                    }
                }
                Kind::Number => {
                    self.note("the list holds a number, which is no text");
                    texts.push(element.written().into());
                }
                Kind::Null => self.note("the list holds null"),
                Kind::Array => {
                    self.note("the list holds a list");
                    texts.extend(
                        element
                            .elements()
                            .map(|inner| inner.string().map(Cow::into_owned))
                            .collect::<Option<Vec<_>>>()?,
                    );
                }
                _ => return None,
            }
        }
        Some(Meant::Texts(texts))
    }

    /// A discovery document, a request's member, or a map of addresses without its name.
    fn object(&mut self, object: Value<'_>, name: SettingName) -> Option<Meant> {
        let members: &[&str] = match name {
            SettingName::Issuers => &["issuer", "issuers", "iss"],
            _ => &["audience", "audiences", "aud", "client_id", "clientId"],
        };
        if let Some(value) = members.iter().find_map(|member| object.member(member)) {
            self.note("it is an object around the value");
            let texts = match value.string() {
                Some(text) => [text.into_owned()].into(),
                None => value.strings()?.into_iter().map(Cow::into_owned).collect(),
            };
            return Some(Meant::Texts(texts));
        }
        if name == SettingName::Issuers
            && let Some(map) = object.member("issuer_jwks_map")
        {
            let texts = map.strings()?.into_iter().map(Cow::into_owned).collect();
            self.note("`issuer_jwks_map` names each issuer's key set");
            return Some(Meant::Texts(texts));
        }
        let mut all = object.members();
        let only = all.next().filter(|_| name == SettingName::Issuers && all.next().is_none());
        if let Some((_, inner)) = only
            && inner.kind() == Kind::Object
            && inner.members().next().is_some()
            && inner.members().all(|(_, url)| url.string().is_some_and(|url| url.starts_with("https://")))
        {
            self.note("the member is called `issuer_jwks_map`");
            return Some(Meant::Written(format!("{{\"issuer_jwks_map\": {}}}", inner.written())));
        }
        let is_address = |value: Value<'_>| value.string().is_some_and(|text| text.starts_with("https://"));
        let is_map = object.members().all(|(name, value)| is_address(name) && is_address(value));
        if name != SettingName::Issuers || object.members().next().is_none() || !is_map {
            return None;
        }
        self.note("the addresses of key sets belong into `issuer_jwks_map`");
        Some(Meant::Written(format!("{{\"issuer_jwks_map\": {}}}", object.written())))
    }

    /// A text that is no JSON.
    fn plain(&mut self, text: &str) -> Option<Vec<String>> {
        let listed = [('[', ']'), ('{', '}'), ('(', ')')].into_iter().find_map(|(open, close)| {
            let inside = text.strip_prefix(open)?;
            Some((open, inside.strip_suffix(close).unwrap_or(inside)))
        });
        if let Some((open, inside)) = listed {
            let parts: Vec<&str> = match inside.contains([',', ';']) {
                true => inside.split([',', ';']).collect(),
                false => inside.split_whitespace().collect(),
            };
            let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
            let texts: Vec<String> = parts.iter().map(|part| bare(part).into()).collect();
            // `{tenantid}` is a place to be filled in, and `https://…/{a,b}` no list.
            if texts.iter().any(|text| text.contains(['"', '{', '[', '(']) || text.contains(char::is_whitespace))
                || open != '[' && texts.len() < 2
            {
                return None;
            }
            if open == '[' && !text.ends_with(']') {
                self.note("the list does not end with `]`");
            }
            if inside.trim_end().ends_with(',') {
                self.note("the comma before `]` is one too many");
            }
            if parts.iter().any(|part| part.starts_with('\'')) {
                self.note("JSON has no single quotes");
            } else if parts.iter().any(|part| !part.starts_with('"')) {
                self.note("a text of a JSON array stands in double quotes");
            }
            if open != '[' {
                self.note("a list is a JSON array");
            }
            return Some(texts);
        }
        let unquoted = bare(text);
        if unquoted.len() < text.len() && !unquoted.contains(['\'', '"']) {
            self.note("the quotes are a part of it");
            return Some(separated(unquoted).map_or_else(|| [unquoted.into()].into(), |(parts, _)| parts));
        }
        let (parts, mark) = separated(text)?;
        self.by_blanks = mark == BLANK;
        self.note(format!("{mark} is a character of it"));
        Some(parts)
    }
}

const BLANK: &str = "the space";

/// The parts of a text between commas and the like, and what parts them.
fn separated(text: &str) -> Option<(Vec<String>, &'static str)> {
    let is_part = |part: &&str| !part.is_empty();
    let cleaned = |parts: Vec<&str>| parts.into_iter().map(|part| bare(part).into()).collect::<Vec<String>>();
    for (mark, name) in [(',', "the comma"), (';', "the semicolon"), ('\n', "the line break"), ('|', "the `|`")] {
        if !text.contains(mark) {
            continue;
        }
        let parts: Vec<&str> = text.split(mark).map(str::trim).filter(is_part).collect();
        let whole = parts.iter().all(|part| !part.contains(char::is_whitespace));
        // Auth0 writes `|` into names.
        let sure = mark != '|' || parts.iter().all(|part| part.contains("://"));
        return (whole && sure && !parts.is_empty()).then(|| (cleaned(parts), name));
    }
    let parts: Vec<&str> = text.split_whitespace().collect();
    (parts.len() > 1).then(|| (cleaned(parts), BLANK))
}

/// A text without the quotes around it.
fn bare(text: &str) -> &str {
    let inside = |quote| text.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
    ['"', '\'', '`'].into_iter().find_map(inside).unwrap_or(text)
}

/// The value that says these texts: one plain text, or a JSON array.
fn written(texts: &[String]) -> String {
    match texts {
        [only] if !reads_as_json(only) && only.trim() == only => only.clone(),
        _ => {
            let quoted: Vec<String> = texts.iter().map(|text| json::quote(text)).collect();
            format!("[{}]", quoted.join(", "))
        }
    }
}

fn reads_as_json(text: &str) -> bool {
    text.starts_with(['[', '{', '"']) || Document::parse(text, Duplicates::LastWins).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(name: SettingName, text: &str) -> Option<String> {
        misread(name, text).map(|misread| misread.splice.apply(text).unwrap())
    }

    #[test]
    fn lists_numbers_and_quotes_are_read_as_they_were_meant() {
        for (text, value) in [
            ("a, b", r#"["a", "b"]"#),
            ("a,b", r#"["a", "b"]"#),
            ("a;b", r#"["a", "b"]"#),
            ("a\nb\n", r#"["a", "b"]"#),
            ("a b", r#"["a", "b"]"#),
            ("'a', 'b'", r#"["a", "b"]"#),
            (r#"["a,b"]"#, r#"["a", "b"]"#),
            ("a,", "a"),
            ("a;", "a"),
            ("['a', 'b']", r#"["a", "b"]"#),
            ("[a, b]", r#"["a", "b"]"#),
            ("[a b]", r#"["a", "b"]"#),
            ("[a]", "a"),
            ("{a,b}", r#"["a", "b"]"#),
            ("[“a”,”b”]", r#"["a", "b"]"#),
            ("[“a”]", "a"),
            (r#"["a",]"#, "a"),
            (r#"["a", "b",]"#, r#"["a", "b"]"#),
            (r#"["a", "b""#, r#"["a", "b"]"#),
            ("'db'", "db"),
            ("“db”", "db"),
            ("’db’", "db"),
            ("`db`", "db"),
            (r#""db""#, "db"),
            (r#""[\"a\", \"b\"]""#, r#"["a", "b"]"#),
            (r#"[\"a\", \"b\"]"#, r#"["a", "b"]"#),
            ("\u{feff}db", "db"),
            ("329836626744180738", r#"["329836626744180738"]"#),
            ("true", r#"["true"]"#),
            ("[329836626744180738]", r#"["329836626744180738"]"#),
            (r#"["a", 7, null]"#, r#"["a", "7"]"#),
            (r#"[["a"]]"#, "a"),
            (r#"{"aud": ["a", "b"]}"#, r#"["a", "b"]"#),
            (r#"{"audience": "a"}"#, "a"),
        ] {
            assert_eq!(meant(SettingName::Audience, text).as_deref(), Some(value), "{text}");
        }
        let url = r#"{"https://a": "https://a/k"}"#;
        let map = format!(r#"{{"issuer_jwks_map": {url}}}"#);
        for (text, value) in [
            ("https://a,https://b", r#"["https://a", "https://b"]"#),
            ("https://a https://b", r#"["https://a", "https://b"]"#),
            (r#"{"issuer": "https://a", "jwks_uri": "https://a/k"}"#, "https://a"),
            (r#"{"issuer_jwks_map": ["https://a"]}"#, "https://a"),
            (url, &map),
        ] {
            assert_eq!(meant(SettingName::Issuers, text).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn a_value_that_says_what_it_seems_to_is_left_alone() {
        for text in [
            "",
            " ",
            "db",
            " db ",
            "[]",
            "null",
            r#"["a"]"#,
            r#"["a", "b"]"#,
            "https://a/{tenantid}/v2.0",
            "{tenantid}",
            "auth0|x",
            "o'b",
        ] {
            assert_eq!(misread(SettingName::Audience, text), None, "{text}");
        }
        assert_eq!(misread(SettingName::Claim, "a, b"), None);
    }

    #[test]
    fn the_fact_and_the_value_are_named() {
        let found = misread(SettingName::Audience, "a, b").unwrap();
        assert_eq!(
            found.message,
            "server.jwt_authentication.audience is read as one audience, `a, b`: the comma is a character of it"
        );
        assert_eq!(found.remedy, r#"write a JSON array, `["a", "b"]`"#);
        assert!(!found.by_blanks && misread(SettingName::Audience, "a b").unwrap().by_blanks);
        assert_eq!(misread(SettingName::Audience, "'db'").unwrap().remedy, "write `db`, without quotes around it");
    }
}
