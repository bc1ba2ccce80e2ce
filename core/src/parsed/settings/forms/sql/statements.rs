//! Settings as SQL: which values do these `SET CLUSTER SETTING` statements give?
//!
//! Read are `SET CLUSTER SETTING name = value` (also with `TO` or `:=`, and with `DEFAULT`) and `RESET CLUSTER SETTING
//! name`, both also after `ALTER VIRTUAL CLUSTER …`. Other statements change no setting: they are read past, whatever
//! stands in their strings and comments, and listed. What cannot be a statement of its own is an error, because one that
//! was meant to set something must not be lost: a name of ours outside `CLUSTER SETTING`, or a forgotten `;`.

use core::mem;

use super::{
    cursor::Cursor,
    lexer::first_line,
    passing::{pass_over, title},
    session::{self, Answer},
    token::{TokenKind, Unreadable},
};
use crate::{
    ground::{fault::Fault, unicode},
    parsed::settings::{
        error::SettingsError,
        forms::frame::is_footer,
        names::{Kind, SettingName, is_ours},
        reading::Reading,
        traced::Traced,
        value,
    },
};

/// Takes in the statements of a text, unless it turns out to be something else than SQL.
pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), SettingsError> {
    let mut statements = Statements {
        last_footer: last_footer(reading.document()),
        cursor: Cursor::new(reading),
        at_prompts: false,
        stranger: None,
    };
    while statements.begin()? {
        statements.statement()?;
    }
    match statements.stranger {
        // Statements of which none has to do with settings were not meant as settings.
        Some(error) if !statements.cursor.concerned => Err(error),
        _ => Ok(()),
    }
}

/// What is known of the statements read so far.
struct Statements<'r, 't> {
    cursor: Cursor<'r, 't>,
    /// A shell's prompt has been met.
    at_prompts: bool,
    /// Where the last table of an answer ends.
    last_footer: usize,
    /// The error that the first other statement is, if none is about cluster settings.
    stranger: Option<SettingsError>,
}

/// What a statement sets a name to.
enum Given<'t> {
    Default,
    Text(Traced),
    Number(&'t str),
    /// A string that is no text.
    NoText(Unreadable),
}

impl<'t> Statements<'_, 't> {
    /// Goes to the first token of the next statement, past prompts, answers and a shell's own commands; false at the end.
    fn begin(&mut self) -> Result<bool, SettingsError> {
        loop {
            self.cursor.blanks()?;
            let (rest, at) = (self.cursor.lexer.rest(), self.cursor.lexer.place());
            let begins_line = self.cursor.lexer.begins_line(at);
            let prompt = if begins_line { session::prompt(first_line(rest)) } else { None };
            let prompt = prompt.or_else(|| rest.starts_with('>').then_some(1));
            if rest.is_empty() {
                return Ok(false);
            } else if rest.starts_with(';') {
                self.cursor.lexer.go_on(at + 1, false);
            } else if let Some(length) = prompt {
                self.at_prompts = true;
                self.cursor.lexer.go_on(at + length, true);
            } else if rest.starts_with('\\') {
                self.shell_command();
            } else if begins_line && let Some(length) = self.answer(rest, at) {
                self.cursor.lexer.go_on(at + length, false);
            } else {
                self.cursor.advance()?;
                return Ok(true);
            }
        }
    }

    /// The length of what a database answered, if that stands here.
    fn answer(&self, rest: &str, at: usize) -> Option<usize> {
        let before = self.cursor.text.get(..at).unwrap_or_default();
        let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
        let from_line = self.cursor.text.get(at - indent..).unwrap_or_default();
        match session::answer(from_line, self.at_prompts)? {
            Answer::Line => Some(first_line(rest).len()),
            Answer::Table if at < self.last_footer => {
                let mut length = 0;
                for line in rest.split_inclusive('\n') {
                    length += line.len();
                    if is_footer(line.trim()) {
                        break;
                    }
                }
                Some(length)
            }
            Answer::Table => None,
        }
    }

    /// A command of `psql` or `cockroach sql`: `\set …`, to the end of the line.
    fn shell_command(&mut self) {
        let line = first_line(self.cursor.lexer.rest());
        let name = line.split(char::is_whitespace).next().unwrap_or_default();
        self.cursor.reading.ignore(name.split([';', '\'', '"']).next().unwrap_or_default(), self.cursor.lexer.place());
        self.cursor.lexer.go_on(self.cursor.lexer.place() + line.len(), false);
    }

    fn statement(&mut self) -> Result<(), SettingsError> {
        let (at, first) = (self.cursor.token.at, self.cursor.token.describe());
        if self.cursor.token.is_keyword("SET") || self.cursor.token.is_keyword("RESET") {
            self.set_or_reset(at)?;
        } else if self.cursor.token.is_keyword("ALTER") {
            self.cursor.advance()?;
            self.alter(at)?;
        } else if self.cursor.token.is_keyword("SHOW") {
            self.cursor.concerned = true;
            pass_over(&mut self.cursor, true)?;
        } else {
            self.stranger(at, &first);
            pass_over(&mut self.cursor, false)?;
        }
        if self.cursor.token.ends_statement() || self.cursor.is_at_prompt() {
            // What follows may be no SQL: it is looked at before it is read.
            let length = usize::from(self.cursor.token.is_symbol(";"));
            self.cursor.lexer.go_on(self.cursor.token.at + length, false);
            return Ok(());
        }
        Err(self.cursor.expected("`;` at the end of the statement"))
    }

    /// `SET` or `RESET`, of a cluster setting or of something else; the statement begins there.
    fn set_or_reset(&mut self, at: usize) -> Result<(), SettingsError> {
        let resets = self.cursor.token.is_keyword("RESET");
        self.cursor.advance()?;
        if !self.cursor.token.is_keyword("CLUSTER") {
            if self.stranger.is_none() {
                self.stranger = Some(self.cursor.expected("`CLUSTER SETTING`"));
            }
            self.cursor.reading.ignore(&title(self.cursor.text.get(at..).unwrap_or_default()), at);
            return pass_over(&mut self.cursor, false);
        }
        self.cursor.concerned = true;
        self.keywords()?;
        if !resets {
            return self.set();
        }
        let (name, at) = self.cursor.name()?;
        if let Some(name) = self.known(&name, at) {
            self.cursor.reading.reset(name);
        }
        Ok(())
    }

    /// `ALTER VIRTUAL CLUSTER name SET CLUSTER SETTING …`, or of a `TENANT`; any other `ALTER` is read past. The
    /// statement begins there.
    fn alter(&mut self, at: usize) -> Result<(), SettingsError> {
        let mut is_cluster = self.cursor.token.is_keyword("TENANT");
        if self.cursor.token.is_keyword("VIRTUAL") {
            self.cursor.advance()?;
            is_cluster = self.cursor.token.is_keyword("CLUSTER");
        }
        if is_cluster {
            // The cluster is a name, a string, `ALL`, or a number in brackets.
            self.cursor.advance()?;
            while !(self.cursor.token.ends_statement()
                || self.cursor.token.is_keyword("SET")
                || self.cursor.token.is_keyword("RESET"))
            {
                self.cursor.advance()?;
            }
            if !self.cursor.token.ends_statement() {
                return self.set_or_reset(at);
            }
        }
        self.stranger(at, "`ALTER`");
        pass_over(&mut self.cursor, false)
    }

    /// Notes a statement that has nothing to do with cluster settings, and what it begins with.
    fn stranger(&mut self, at: usize, found: &str) {
        if self.stranger.is_none() {
            let message =
                alloc::format!("expected `SET CLUSTER SETTING`, `RESET CLUSTER SETTING` or `SHOW`, found {found}");
            self.stranger = Some(SettingsError::misformed(self.cursor.text, at, message));
        }
        self.cursor.reading.ignore(&title(self.cursor.text.get(at..).unwrap_or_default()), at);
    }

    /// The rest of `SET CLUSTER SETTING`.
    fn set(&mut self) -> Result<(), SettingsError> {
        let (written, at) = self.cursor.name()?;
        if !(self.cursor.token.is_symbol("=")
            || self.cursor.token.is_symbol(":=")
            || self.cursor.token.is_keyword("TO"))
        {
            return Err(self.cursor.expected("`=` after the name of the setting"));
        }
        self.cursor.advance()?;
        let Some(name) = self.known(&written, at) else { return pass_over(&mut self.cursor, false) };
        let at = self.cursor.token.at;
        let given = self.given()?;
        let reading = &mut *self.cursor.reading;
        match given {
            Given::Default => reading.reset(name),
            Given::Number(_) if !matches!(name.kind(), Kind::Integer(..)) => {
                reading.refuse(name, Fault { offset: at, ..value::wrong_type(name, "a number") });
            }
            Given::Number(digits) => reading.set(name, value::from_text(name, Traced::verbatim(digits, at))),
            Given::Text(text) => reading.set(name, value::from_text(name, text)),
            Given::NoText(Unreadable { at, message }) => {
                let text = reading.document();
                reading.refuse_with(name, || SettingsError::misformed(text, at, message).of(name));
            }
        }
        Ok(())
    }

    fn given(&mut self) -> Result<Given<'t>, SettingsError> {
        if self.cursor.token.is_keyword("DEFAULT") {
            self.cursor.advance()?;
            return Ok(Given::Default);
        }
        if self.cursor.token.is_keyword("INTERVAL") {
            self.cursor.advance()?;
            let TokenKind::Text(_) = self.cursor.token.kind else {
                return Err(self.cursor.expected("a string after `INTERVAL`"));
            };
        }
        let start = self.cursor.token.at;
        let sign = self.cursor.token.is_symbol("-");
        if sign {
            self.cursor.advance()?;
        }
        if let TokenKind::Number(digits) = self.cursor.token.kind {
            let end = self.cursor.token.at + digits.len();
            self.cursor.advance()?;
            return Ok(Given::Number(self.cursor.text.get(start..end).unwrap_or_default()));
        }
        match &mut self.cursor.token.kind {
            TokenKind::Text(text) if !sign => {
                let text = mem::take(text);
                self.cursor.advance()?;
                Ok(Given::Text(text))
            }
            TokenKind::Word(_) | TokenKind::Name(_) if !sign => {
                let (name, at) = self.cursor.name()?;
                Ok(Given::Text(Traced::verbatim(name, at)))
            }
            TokenKind::NoText(unreadable) if !sign => {
                let unreadable = *unreadable;
                self.cursor.advance()?;
                Ok(Given::NoText(unreadable))
            }
            TokenKind::Symbol(":") => Err(self.cursor.expected("a value, not a variable of psql's")),
            _ => Err(self.cursor.expected("a value: a string in single quotes, a word or a number")),
        }
    }

    /// `CLUSTER SETTING`, after `SET` or `RESET`.
    fn keywords(&mut self) -> Result<(), SettingsError> {
        for (keyword, expected) in [("CLUSTER", "`CLUSTER SETTING`"), ("SETTING", "`SETTING`")] {
            if !self.cursor.token.is_keyword(keyword) {
                return Err(self.cursor.expected(expected));
            }
            self.cursor.advance()?;
        }
        Ok(())
    }

    /// The setting of that name; nothing if there is none.
    fn known(&mut self, written: &str, at: usize) -> Option<SettingName> {
        let name = unicode::lowered(written);
        let known = SettingName::named(&name);
        match known {
            Some(_) => {}
            None if is_ours(&name) => self.cursor.reading.unknown(&name, at),
            None => self.cursor.reading.ignore(&name, at),
        }
        known
    }
}

/// The offset behind the last line that closes a table.
fn last_footer(text: &str) -> usize {
    let mut end = text.len();
    for line in text.rsplit('\n') {
        if is_footer(line.trim()) {
            return end;
        }
        end = end.saturating_sub(line.len() + 1);
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ground::reason::ReasonCode, parsed::settings::Settings};
    use alloc::string::{String, ToString};

    fn read(text: &str) -> Result<Settings, SettingsError> {
        Reading::of(text, super::read)
    }

    const CLAIM: &str = "server.jwt_authentication.claim";

    fn claim(text: &str) -> Option<String> {
        let settings = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        settings.value(CLAIM).map(ToString::to_string)
    }

    fn claim_of(literal: &str) -> String {
        claim(&alloc::format!("SET CLUSTER SETTING {CLAIM} = {literal};")).unwrap()
    }

    fn refused(text: &str) -> (ReasonCode, u32, u32, String) {
        let error = read(text).err().unwrap_or_else(|| panic!("{text} is read"));
        let position = error.position.unwrap();
        (error.code, position.line, position.column, error.message)
    }

    #[test]
    fn strings_are_read_in_every_form() {
        for (literal, value) in [
            ("'email'", "email"),
            ("''", ""),
            ("'it''s'", "it's"),
            ("'a\\n'", "a\\n"),
            ("'a\nb -- no comment'", "a\nb -- no comment"),
            (r"e'a\n\t\\\'\x41\101\u00e9\U0001F600\q'", "a\n\t\\'AAé\u{1f600}q"),
            (r"E'\xc3\xa9\303\251'", "éé"),
            (r"e'it''s'", "it's"),
            ("$$it's /* all */ text$$", "it's /* all */ text"),
            ("$a$x $$ y $b$ z$a$", "x $$ y $b$ z"),
            ("EMail", "email"),
            ("\"EMail\"", "EMail"),
            ("a.b", "a.b"),
        ] {
            assert_eq!(claim_of(literal), value, "{literal}");
        }
    }

    #[test]
    fn statements_are_read_in_every_form_that_the_documentation_shows() {
        let text = r#"
            -- Cluster SSO
            SET CLUSTER SETTING server.jwt_authentication.enabled = true;
            > SET CLUSTER SETTING server.jwt_authentication.jwks = '{"keys": [{"kty": "RSA", "kid": "a''b"}]}';
            SET CLUSTER SETTING server.jwt_authentication.issuers.configuration = '["https://a", "https://b"]';
            set cluster setting "server.jwt_authentication.audience" to 'aud';
            SET CLUSTER SETTING server."jwt_authentication".claim := email;
            SET CLUSTER SETTING server.jwt_authentication.client.timeout = INTERVAL '30s';
            SET CLUSTER SETTING server.jwt_authentication.jwks_auto_fetch.enabled = ON;
            SET CLUSTER SETTING security.provisioning.jwt.enabled = 'false';;
            SHOW CLUSTER SETTING server.jwt_authentication.enabled;
            /* nested /* comment */ SET CLUSTER SETTING x = */
            SET CLUSTER SETTING server.identity_map.configuration = 'https://a /^(.*)@example\.com$ \1'"#;
        let settings = read(text).unwrap();
        for (name, value) in [
            ("server.jwt_authentication.enabled", "true"),
            ("server.jwt_authentication.jwks", r#"{"keys": [{"kty": "RSA", "kid": "a'b"}]}"#),
            ("server.jwt_authentication.issuers", r#"["https://a", "https://b"]"#),
            ("server.jwt_authentication.audience", "aud"),
            ("server.jwt_authentication.claim", "email"),
            ("server.jwt_authentication.client.timeout", "30s"),
            ("server.jwt_authentication.jwks_auto_fetch.enabled", "true"),
            ("security.provisioning.jwt.enabled", "false"),
            ("server.identity_map.configuration", "https://a /^(.*)@example\\.com$ \\1"),
        ] {
            assert_eq!(settings.value(name), Some(value), "{name}");
        }
        assert!(settings.ignored().is_empty());
    }

    #[test]
    fn a_later_statement_overrides_an_earlier_one() {
        let set = |value: &str| alloc::format!("SET CLUSTER SETTING {CLAIM} = {value};");
        assert_eq!(claim(&(set("'a'") + &set("'b'"))).as_deref(), Some("b"));
        assert_eq!(claim(&(set("'a'") + &set("DEFAULT"))), None);
        assert_eq!(claim(&(set("'a'") + "RESET CLUSTER SETTING " + CLAIM)), None);
        assert_eq!(claim(""), None);
    }

    #[test]
    fn settings_of_others_are_passed_over_and_listed_once() {
        let text = "SET CLUSTER SETTING sql.a = 'x;y' || $$;$$ ; SET CLUSTER SETTING SQL.A = 1.5; \
                    RESET CLUSTER SETTING kv.b; SET CLUSTER SETTING server.oidc_authentication.enabled = true";
        let settings = read(text).unwrap();
        assert_eq!(settings.ignored(), ["sql.a", "kv.b", "server.oidc_authentication.enabled"]);
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn a_name_of_ours_that_is_unknown_is_an_error() {
        let (code, line, column, _) = refused("SET CLUSTER SETTING\n server.jwt_authentication.issuer = 'a'");
        assert_eq!((code, line, column), (ReasonCode::SettingUnknown, 2, 2));
        assert_eq!(refused("RESET CLUSTER SETTING engine.nothing").0, ReasonCode::SettingUnknown);
    }

    #[test]
    fn other_statements_are_refused_by_what_was_expected() {
        let message = |text: &str| refused(text).3;
        assert_eq!(
            message("SELECT 1"),
            "expected `SET CLUSTER SETTING`, `RESET CLUSTER SETTING` or `SHOW`, found `SELECT`"
        );
        assert_eq!(message("SET a = 1"), "expected `CLUSTER SETTING`, found `a`");
        assert_eq!(message("SET CLUSTER SETTING a.b 1"), "expected `=` after the name of the setting, found a number");
        let unfinished = alloc::format!("SET CLUSTER SETTING {CLAIM} = 'a'\nSET CLUSTER SETTING {CLAIM} = 'b'");
        assert_eq!(message(&unfinished), "expected `;` at the end of the statement, found `SET`");
        assert_eq!((refused(&unfinished).1, refused(&unfinished).2), (2, 1));
        for other in ["SHOW CLUSTER SETTINGS", "SET CLUSTER SETTING sql.a = 1"] {
            let swallowed = alloc::format!("{other}\nRESET CLUSTER SETTING {CLAIM};");
            assert_eq!(message(&swallowed), "expected `;` at the end of the statement, found `RESET`");
        }
    }

    #[test]
    fn broken_strings_and_comments_are_refused_where_they_begin() {
        let value = |literal: &str| refused(&alloc::format!("SET CLUSTER SETTING {CLAIM} =\n {literal}"));
        for (literal, line, column) in [
            ("'open", 2, 2),
            ("e'open\\'", 2, 2),
            ("$x$ open $y$", 2, 2),
            ("\"open", 2, 2),
            ("b'bytes'", 2, 2),
            ("x'00'", 2, 2),
            (r"e'\xff'", 2, 4),
            (r"e'\xc3a'", 2, 4),
            (r"e'a\u12'", 2, 5),
            (r"e'\ud800'", 2, 4),
            ("/* open /* */", 2, 2),
            ("", 2, 2),
            ("-'a'", 2, 3),
            ("$1", 2, 2),
        ] {
            let (code, found_line, found_column, _) = value(literal);
            assert_eq!((code, found_line, found_column), (ReasonCode::SettingsInvalid, line, column), "{literal}");
        }
    }

    #[test]
    fn values_of_the_wrong_kind_are_refused_where_they_stand() {
        let (code, _, column, message) = refused("SET CLUSTER SETTING server.jwt_authentication.enabled = 'maybe'");
        assert_eq!((code, column), (ReasonCode::SettingWrongType, 58));
        assert_eq!(message, "expected true or false, found `maybe`");
        let (code, _, column, message) = refused("SET CLUSTER SETTING server.jwt_authentication.audience = -1");
        assert_eq!((code, column), (ReasonCode::SettingWrongType, 58));
        assert_eq!(message, "expected a string, an array or an object, found a number");
    }

    #[test]
    fn options_of_the_engine_stand_in_comments() {
        let settings = read(
            "-- sqljwt: engine.profile = \"cockroachdb\"\r\n--sqljwt:engine.leeway_seconds=30\n\
             SET CLUSTER SETTING engine.max_token_bytes = 100; -- sqljwt: engine.required_claims = [\"a=b--c\"]",
        )
        .unwrap();
        assert_eq!(settings.value("engine.profile"), Some("cockroachdb"));
        assert_eq!(settings.value("engine.leeway_seconds"), Some("30"));
        assert_eq!(settings.value("engine.max_token_bytes"), Some("100"));
        assert_eq!(settings.value("engine.required_claims"), Some("[\"a=b--c\"]"));
    }

    #[test]
    fn a_malformed_option_is_an_error_with_its_place() {
        for (text, code, column) in [
            ("-- sqljwt: engine.profile", ReasonCode::SettingsInvalid, 12),
            ("-- sqljwt: engine.profile = hardened", ReasonCode::SettingsInvalid, 29),
            ("-- sqljwt: engine.profile = \"soft\"", ReasonCode::ProfileUnknown, 30),
            ("-- sqljwt: engine.profil = \"hardened\"", ReasonCode::SettingUnknown, 12),
            ("-- sqljwt: engine.leeway_seconds = 301", ReasonCode::SettingWrongType, 36),
            ("-- sqljwt: server.jwt_authentication.claim = \"a\"", ReasonCode::SettingsInvalid, 12),
            ("-- sqljwt: engine.leeway_seconds = 1 2", ReasonCode::SettingsInvalid, 38),
        ] {
            let (found, line, at, message) = refused(text);
            assert_eq!((found, line, at), (code, 1, column), "{text}: {message}");
        }
    }

    #[test]
    fn secrets_in_the_wrong_place_are_not_echoed() {
        let secret = "'s3cret'";
        let message = refused(&alloc::format!("SET CLUSTER SETTING {CLAIM} {secret}")).3;
        assert!(!message.contains("s3cret"), "{message}");
    }
}
