//! Which characters of the token and of the settings does an explanation speak of? What an editor marks, in bytes.

use alloc::{string::String, vec::Vec};
use core::{cell::OnceCell, ops::Range, str};

use crate::{
    ground::{
        json::{Document, Duplicates},
        limits::TOKEN_BYTES_MAX,
        position::{Lines, Position, TextRange},
        profile::Profile,
        reason::{Check, ReasonCode},
        text::quoted,
    },
    parsed::{
        settings::{Places, SettingName, Settings},
        token::compact,
    },
    telling::document::{CheckReport, Explanation, Reads},
};

/// Where everything that an explanation speaks of stands in the texts it was made from, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Marks {
    /// Where each check looks, in the explanation's order.
    pub checks: Vec<CheckMarks>,
    /// What decided in the settings, when the login was rejected; of a value that is empty, what comes after it.
    pub reason: Option<Range<usize>>,
    /// What each advice is about in the settings, in the explanation's order.
    pub advice: Vec<Option<Range<usize>>>,
}

/// Where one check looks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckMarks {
    /// The check.
    pub check: Check,
    /// What of the token's text carries what the check reads: a whole part, or the characters of base64url in which
    /// the members stand, once more where one is stated twice. Where none of the members is there, the part that lacks them.
    pub token: Vec<Range<usize>>,
    /// What of the settings' text decided.
    pub settings: Option<Range<usize>>,
}

impl Explanation {
    /// Where everything that this explanation speaks of stands in the two texts that it was made from. Other texts have
    /// other places, which then mean nothing, but lie inside them.
    ///
    /// # Example
    /// ```
    /// use sqljwt::{Check, Explanation, Settings};
    ///
    /// let settings = r#"{
    ///     "server.jwt_authentication.enabled": true,
    ///     "server.jwt_authentication.issuers": "https://idp.example",
    ///     "server.jwt_authentication.audience": "db-login"
    /// }"#;
    /// // The claims are {"iss":"https://idp.example/"}: one slash too many.
    /// let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlLyJ9.AA";
    /// let explanation = Explanation::of(Settings::from_text(settings), token, "alice", 1_800_000_000);
    /// let marks = explanation.marks(token, settings);
    /// let issuer = marks.checks.iter().find(|marks| marks.check == Check::Issuer).expect("a check like any other");
    /// assert_eq!(&settings[issuer.settings.clone().expect("it stands there")], "https://idp.example");
    /// assert_eq!(&token[issuer.token[0].clone()], "yJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlLyJ");
    /// assert_eq!(marks.reason, issuer.settings);
    /// ```
    #[must_use]
    pub fn marks(&self, token: &str, settings: &str) -> Marks {
        let text = Text::of(settings);
        let reason = self.reason.as_ref().and_then(|reason| text.place(reason.range, reason.position));
        let code = self.reason.as_ref().map(|reason| reason.code);
        let token = Token::of(token);
        let check = |report: &CheckReport| CheckMarks {
            check: report.check,
            token: report.reads.as_ref().map(|reads| token.places(reads)).unwrap_or_default(),
            settings: match text.place(report.range, None) {
                None if report.code.is_some() && report.code == code => reason.clone(),
                place => place,
            },
        };
        Marks {
            checks: self.checks.iter().map(check).collect(),
            advice: self.advice.iter().map(|advice| text.place(advice.range, advice.position)).collect(),
            reason,
        }
    }
}

impl Profile {
    /// Where a text of settings states whose rules decide, in bytes: the name of the profile, without what quotes it, also
    /// where no profile has that name. `None` where the text leaves it out, or cannot be read so far.
    ///
    /// # Example
    /// ```
    /// use sqljwt::Profile;
    /// let settings = "-- sqljwt: engine.profile = \"cockroachdb\"\nSET CLUSTER SETTING server.jwt_authentication.enabled = on;";
    /// assert_eq!(&settings[Profile::stated_in(settings).expect("it is stated")], "cockroachdb");
    /// assert_eq!(Profile::stated_in("{}"), None);
    /// ```
    #[must_use]
    pub fn stated_in(settings: &str) -> Option<Range<usize>> {
        let text = Text::of(settings);
        match Settings::from_text(settings) {
            Ok(read) => text.profile(&read),
            Err(error) if error.code == ReasonCode::ProfileUnknown => {
                let word = text.place(error.range, error.position)?;
                let quoted = settings.get(word.clone())?;
                let name = quoted.trim_start_matches(QUOTES);
                let start = word.start.saturating_add(quoted.len().saturating_sub(name.len()));
                let length = name.find(QUOTES).unwrap_or(name.len());
                Some(start..start.saturating_add(length))
            }
            Err(error) => text.profile(&error.readable()?.settings),
        }
    }
}

/// What may quote a value, whatever form the settings have.
const QUOTES: [char; 4] = ['"', '\'', '$', '\\'];

/// A text of settings, without a byte order mark, which columns do not count.
struct Text<'t> {
    lines: Lines<'t>,
    text: &'t str,
    /// How many bytes the mark takes.
    mark: usize,
}

impl<'t> Text<'t> {
    fn of(marked: &'t str) -> Self {
        let text = marked.strip_prefix('\u{feff}').unwrap_or(marked);
        Self { lines: Lines::of(text), text, mark: marked.len().saturating_sub(text.len()) }
    }

    /// A part of the text; where nothing stands there or only its beginning is known, the word that begins there.
    fn place(&self, range: Option<TextRange>, start: Option<Position>) -> Option<Range<usize>> {
        let start = self.lines.offset(range.map(|range| range.start).or(start)?);
        let end = range.map_or(start, |range| self.lines.offset(range.end));
        let bytes = if start < end { start..end } else { word(self.text, start) };
        Some(bytes.start.saturating_add(self.mark)..bytes.end.saturating_add(self.mark))
    }

    fn profile(&self, settings: &Settings) -> Option<Range<usize>> {
        self.place(Places::of(settings).range(SettingName::EngineProfile, 0), None)
    }
}

/// What to mark of a fault that is known by its beginning alone: to the next blank, comma or semicolon. At the end of the
/// text it is the last character.
fn word(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let ends = |character: char| character.is_whitespace() || matches!(character, ',' | ';');
    let Some(first) = rest.chars().next() else {
        return text.char_indices().next_back().map_or(0, |(last, _)| last)..text.len();
    };
    let more = rest.get(first.len_utf8()..).unwrap_or_default();
    let length = more.find(ends).unwrap_or(more.len()).saturating_add(first.len_utf8());
    at..at.saturating_add(length)
}

/// A token's text, with the places of its parts and of their members.
struct Token<'t> {
    text: &'t str,
    parts: Option<compact::Parts<'t>>,
    header: OnceCell<Vec<Member>>,
    claims: OnceCell<Vec<Member>>,
}

/// A member of an object: its name as documents have it, and its place in the object's text.
type Member = (String, Range<usize>);

impl<'t> Token<'t> {
    fn of(text: &'t str) -> Self {
        let parts = compact::split(text.as_bytes(), TOKEN_BYTES_MAX).ok();
        Self { text, parts, header: OnceCell::new(), claims: OnceCell::new() }
    }

    /// What of the text carries what a check reads.
    fn places(&self, reads: &Reads) -> Vec<Range<usize>> {
        let Some((part, members)) = self.part(reads) else { return Vec::new() };
        let named = members.iter().filter(|(name, _)| reads.members.contains(name));
        let places: Vec<_> = named.map(|(_, place)| encoded(place, &part)).collect();
        if places.is_empty() && !part.is_empty() { [part].into() } else { places }
    }

    /// The place of a part, and its members where some are asked for.
    fn part(&self, reads: &Reads) -> Option<(Range<usize>, &[Member])> {
        if reads.part == "token" {
            return Some((0..self.text.len(), &[]));
        }
        let parts = self.parts.as_ref()?;
        let header_end = self.text.find('.')?;
        let claims_end = parts.signing_input.len();
        let (part, members, decoded) = match reads.part {
            "header" => (0..header_end, &self.header, parts.header()),
            "claims" => (header_end.saturating_add(1)..claims_end, &self.claims, parts.payload()),
            "signature" => return Some((claims_end.saturating_add(1)..self.text.len(), &[])),
            _ => return None,
        };
        Some((part, if reads.members.is_empty() { &[] } else { members.get_or_init(|| members_of(decoded)) }))
    }
}

/// The members of an object, each from its name to the end of its value; of what is no object, none.
fn members_of(text: &[u8]) -> Vec<Member> {
    let text = str::from_utf8(text).unwrap_or_default();
    let Ok(document) = Document::parse(text, Duplicates::LastWins) else { return Vec::new() };
    let members = document.root().members();
    members.filter_map(|(name, value)| Some((quoted(&name.string()?), name.span().0..value.span().1))).collect()
}

/// The characters of base64url that carry some bytes of a part: four for three, and those at the ends whole.
fn encoded(bytes: &Range<usize>, part: &Range<usize>) -> Range<usize> {
    let start = part.start.saturating_add(bytes.start.saturating_mul(4) / 3);
    let end = part.start.saturating_add(bytes.end.saturating_mul(4).div_ceil(3));
    start..end.min(part.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};
    use base64::Engine;

    const SQL: &str = "-- \u{1f600}\nSET CLUSTER SETTING server.jwt_authentication.enabled = on;\n\
         SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example';\n\
         SET CLUSTER SETTING server.jwt_authentication.audience = 'it''s é db';\n";

    fn token(header: &str, claims: &str) -> String {
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", encode(header), encode(claims), encode("signature"))
    }

    fn marks(token: &str, settings: &str) -> Marks {
        Explanation::of(Settings::from_text(settings), token, "alice", 1_800_000_000).marks(token, settings)
    }

    /// What a check reads of the token, decoded where it is base64url whole; and what of the settings.
    fn marked(check: Check, token: &str, settings: &str) -> (Vec<String>, Option<String>) {
        let marks = marks(token, settings);
        let marks = marks.checks.into_iter().find(|marks| marks.check == check).unwrap();
        let of_token = marks.token.iter().map(|range| token[range.clone()].to_string()).collect();
        (of_token, marks.settings.map(|range| settings[range].to_string()))
    }

    /// The bytes of a part that its marked characters carry whole.
    fn carried(token: &str, range: &Range<usize>) -> String {
        let start = token[..range.start].rfind('.').map_or(0, |dot| dot + 1);
        let skipped = (range.start - start) % 4;
        let text = format!("{}{}", &"AAAA"[..skipped], &token[range.clone()]);
        let lenient = crate::ground::base64url::decode_lenient(&text).unwrap();
        String::from_utf8_lossy(&lenient[skipped * 3 / 4..]).into_owned()
    }

    #[test]
    fn a_member_is_marked_from_its_name_to_the_end_of_its_value() {
        let claims = r#"{"a":"x","iss":"https://other.example","exp":1900000000,"nbf" : 1, "z":{"iss":"no"}}"#;
        let token = token(r#"{"alg":"RS256","kid":"k"}"#, claims);
        let found = marks(&token, SQL);
        let carried_by = |check: Check| {
            let marks = found.checks.iter().find(|marks| marks.check == check).unwrap();
            marks.token.iter().map(|range| carried(&token, range)).collect::<Vec<_>>()
        };
        let [issuer] = &carried_by(Check::Issuer)[..] else { panic!("one member") };
        assert!(issuer.contains(r#""iss":"https://other.example""#) && !issuer.contains("exp"), "{issuer}");
        let [expires, not_before] = &carried_by(Check::Time)[..] else { panic!("two members") };
        assert!(expires.contains(r#""exp":1900000000"#), "{expires}");
        assert!(not_before.contains(r#""nbf" : 1"#), "{not_before}");
    }

    #[test]
    fn a_member_that_is_stated_twice_is_marked_twice_and_one_that_is_missing_marks_its_part() {
        let twice = token(r#"{"alg":"none","alg":"RS256"}"#, "{}");
        let reads = |part, members: &[&str]| Reads { part, members: members.iter().map(ToString::to_string).collect() };
        let places = Token::of(&twice).places(&reads("header", &["alg"]));
        assert_eq!(places.iter().map(|range| carried(&twice, range)).collect::<Vec<_>>().len(), 2);
        let claims = twice.split('.').nth(1).unwrap();
        let [whole] = &Token::of(&twice).places(&reads("claims", &["sub"]))[..] else { panic!("the part") };
        assert_eq!(&twice[whole.clone()], claims);
    }

    #[test]
    fn a_name_is_found_through_its_escapes_and_beyond_ascii() {
        let token = token("{}", r#"{"ünï":"a","\u006bey":"b"}"#);
        let reads = |name: &str| Reads { part: "claims", members: [name.to_string()].into() };
        for (name, value) in [("ünï", "\"a\""), ("key", "\"b\"")] {
            let [place] = &Token::of(&token).places(&reads(name))[..] else { panic!("one member") };
            assert!(carried(&token, place).contains(value), "{name}");
        }
    }

    #[test]
    fn parts_are_marked_whole_and_what_is_no_token_only_as_such() {
        let good = token(r#"{"alg":"RS256","kid":"k"}"#, "{}");
        let whole = |part| Reads { part, members: Vec::new() };
        let signature = Token::of(&good).places(&whole("signature"));
        assert_eq!(&good[signature[0].clone()], good.rsplit('.').next().unwrap());
        assert_eq!(marked(Check::Token, "näh", SQL).0, ["näh"]);
        assert!(Token::of("näh").places(&whole("claims")).is_empty());
        assert!(Token::of("").places(&whole("token")).is_empty());
        assert!(Token::of("e30.e30.").places(&whole("signature")).is_empty());
    }

    #[test]
    fn settings_are_marked_through_quotes_and_after_characters_of_any_width() {
        let token = token(r#"{"alg":"RS256","kid":"k"}"#, r#"{"iss":"https://idp.example","aud":"other"}"#);
        assert_eq!(marked(Check::Issuer, &token, SQL).1.as_deref(), Some("https://idp.example"));
        assert_eq!(marked(Check::Audience, &token, SQL).1.as_deref(), Some("it''s é db"));
        let marked_text = format!("\u{feff}{}", Settings::from_sql(SQL).unwrap().to_json().replace('\n', ""));
        assert_eq!(marked(Check::Audience, &token, &marked_text).1.as_deref(), Some("it's é db"));
    }

    #[test]
    fn reason_and_advice_are_marked_in_the_order_of_the_explanation() {
        let token = token(r#"{"alg":"RS256","kid":"k"}"#, r#"{"iss":"https://idp.example/"}"#);
        let explanation = Explanation::of(Settings::from_text(SQL), &token, "alice", 1_800_000_000);
        let marks = explanation.marks(&token, SQL);
        assert_eq!(&SQL[marks.reason.clone().unwrap()], "https://idp.example");
        assert_eq!(marks.advice.len(), explanation.advice.len());
        let near = explanation.advice.iter().position(|advice| advice.message.contains("trailing `/`")).unwrap();
        assert_eq!(marks.advice[near], marks.reason);
        // Of other texts the places mean nothing; they still lie inside.
        for text in ["", "a", "\n\n\n\n\u{1f600}"] {
            for range in explanation.marks("", text).advice.into_iter().flatten() {
                assert!(text.get(range.clone()).is_some(), "{text:?} {range:?}");
            }
        }
    }

    #[test]
    fn a_fault_without_an_end_is_marked_as_a_word() {
        for (text, word) in [
            ("{\"server.jwt_authentication.enabled\": \"é\", \"x\": 1}", "\"é\""),
            (
                "-- é\nSET CLUSTER SETTING server.jwt_authentication.audiences = 'a';",
                "server.jwt_authentication.audiences",
            ),
            ("{\"é", "é"),
            ("", ""),
        ] {
            let marks = marks("", text);
            assert_eq!(marks.reason.clone().map(|range| &text[range]), Some(word), "{text}");
            assert_eq!(marks.checks[0].settings, marks.reason);
        }
    }

    #[test]
    fn the_profile_is_found_in_every_form_and_beside_another_fault() {
        for text in [
            "\u{feff}{\"engine.profile\": \"hardened\"}",
            "-- é\n-- sqljwt: engine.profile = \"hardened\"\nSET CLUSTER SETTING server.jwt_authentication.enabled = on",
            "SET CLUSTER SETTING engine.profile = $$hardened$$;",
            "variable\tvalue\nengine.profile\thardened\n",
            r#"{"engine.profile": "hardened", "server.jwt_authentication.enabled": "often"}"#,
        ] {
            assert_eq!(Profile::stated_in(text).map(|range| &text[range]), Some("hardened"), "{text}");
            let unknown = text.replace("hardened", "soft");
            assert_eq!(Profile::stated_in(&unknown).map(|range| &unknown[range]), Some("soft"), "{unknown}");
        }
        for text in
            ["", "{", "SET CLUSTER SETTING server.jwt_authentication.enabled = on", "-- engine.profile = 'hardened'"]
        {
            assert_eq!(Profile::stated_in(text), None, "{text}");
        }
    }
}
