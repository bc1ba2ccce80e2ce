//! Settings as SQL: which values do these `SET CLUSTER SETTING` statements give?
//!
//! Read are `SET CLUSTER SETTING name = value` (also with `TO` or `:=`, and with `DEFAULT`) and `RESET CLUSTER SETTING
//! name`. `SHOW` statements change nothing and are passed over, with the prompt `>` of a pasted session. Everything
//! else is an error: a statement that was meant to set something must not be lost because it is misspelt.

use alloc::string::String;
use core::{mem, ops::Range};

use super::{
    Settings,
    error::SettingsError,
    json::unknown,
    names::{Kind, SettingName, is_ours},
    reading::Reading,
    sql_lexer::{Lexer, Token, TokenKind, Unreadable, folded},
    traced::Traced,
    value,
};
use crate::{
    fault::Fault,
    json::{Document, Duplicates},
    text::shown,
};

/// Whether a text that begins so is SQL.
pub(super) fn begins(text: &str) -> bool {
    let word = text.split(|character: char| !character.is_ascii_alphabetic()).next().unwrap_or_default();
    text.starts_with("--")
        || text.starts_with("/*")
        || text.starts_with([';', '>'])
        || ["set", "reset", "show"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
            && text.get(word.len()..).is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

pub(super) fn read(text: &str) -> Result<Settings, SettingsError> {
    let reading = Reading::new(text)?;
    let mut statements = Statements { text, lexer: Lexer::new(text), token: Token::start(), reading };
    statements.advance()?;
    while !matches!(statements.token.kind, TokenKind::End) {
        statements.statement()?;
    }
    Ok(statements.reading.finish())
}

/// Where the text has been read to, with the one token that is looked at.
struct Statements<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    token: Token<'t>,
    reading: Reading<'t>,
}

/// What a statement sets a name to.
enum Given<'t> {
    Default,
    Text(Traced),
    Number(&'t str),
}

impl<'t> Statements<'t> {
    fn statement(&mut self) -> Result<(), SettingsError> {
        if self.token.is_symbol(">") {
            self.advance()?;
        }
        if self.token.is_keyword("SET") {
            self.advance()?;
            self.keywords()?;
            self.set()?;
        } else if self.token.is_keyword("RESET") {
            self.advance()?;
            self.keywords()?;
            let (name, at) = self.name()?;
            if let Some(name) = self.known(&name, at)? {
                self.reading.remove(name);
            }
        } else if self.token.is_keyword("SHOW") {
            self.pass_over()?;
        } else if !self.token.ends_statement() {
            return Err(self.expected("`SET CLUSTER SETTING`, `RESET CLUSTER SETTING` or `SHOW`"));
        }
        if !self.token.ends_statement() {
            return Err(self.expected("`;` at the end of the statement"));
        }
        self.advance()
    }

    /// The rest of `SET CLUSTER SETTING`.
    fn set(&mut self) -> Result<(), SettingsError> {
        let (written, at) = self.name()?;
        if !(self.token.is_symbol("=") || self.token.is_symbol(":=") || self.token.is_keyword("TO")) {
            return Err(self.expected("`=` after the name of the setting"));
        }
        self.advance()?;
        let Some(name) = self.known(&written, at)? else { return self.pass_over() };
        let at = self.token.at;
        let given = match self.given()? {
            Given::Default => {
                self.reading.remove(name);
                return Ok(());
            }
            Given::Number(_) if !matches!(name.kind(), Kind::Integer(..)) => {
                let fault = value::wrong_type(name, "a number");
                return Err(self.reading.refusal(name, Fault { offset: at, ..fault }));
            }
            Given::Number(digits) => Traced::verbatim(digits, at),
            Given::Text(text) => text,
        };
        let value = self.reading.textual(name, given)?;
        self.reading.insert(name, value);
        Ok(())
    }

    fn given(&mut self) -> Result<Given<'t>, SettingsError> {
        if self.token.is_keyword("DEFAULT") {
            self.advance()?;
            return Ok(Given::Default);
        }
        if self.token.is_keyword("INTERVAL") {
            self.advance()?;
            let TokenKind::Text(_) = self.token.kind else { return Err(self.expected("a string after `INTERVAL`")) };
        }
        let start = self.token.at;
        let sign = self.token.is_symbol("-");
        if sign {
            self.advance()?;
        }
        if let TokenKind::Number(digits) = self.token.kind {
            let end = self.token.at + digits.len();
            self.advance()?;
            return Ok(Given::Number(self.text.get(start..end).unwrap_or_default()));
        }
        match &mut self.token.kind {
            TokenKind::Text(text) if !sign => {
                let text = mem::take(text);
                self.advance()?;
                Ok(Given::Text(text))
            }
            TokenKind::Word(_) | TokenKind::Name(_) if !sign => {
                let (name, at) = self.name()?;
                Ok(Given::Text(Traced::verbatim(name, at)))
            }
            _ => Err(self.expected("a value: a string in single quotes, a word or a number")),
        }
    }

    /// `CLUSTER SETTING`, after `SET` or `RESET`.
    fn keywords(&mut self) -> Result<(), SettingsError> {
        for (keyword, expected) in [("CLUSTER", "`CLUSTER SETTING`"), ("SETTING", "`SETTING`")] {
            if !self.token.is_keyword(keyword) {
                return Err(self.expected(expected));
            }
            self.advance()?;
        }
        Ok(())
    }

    /// A name of parts with dots between them, as the database reads it: in lower case unless it is quoted.
    fn name(&mut self) -> Result<(String, usize), SettingsError> {
        let at = self.token.at;
        let mut name = String::new();
        loop {
            match &self.token.kind {
                TokenKind::Word(word) => name.push_str(&folded(word)),
                TokenKind::Name(quoted) => name.push_str(quoted.as_str()),
                _ => return Err(self.expected("a name")),
            }
            self.advance()?;
            if !self.token.is_symbol(".") {
                return Ok((name, at));
            }
            name.push('.');
            self.advance()?;
        }
    }

    /// The setting of that name; nothing if it is none of ours.
    fn known(&mut self, written: &str, at: usize) -> Result<Option<SettingName>, SettingsError> {
        let name = written.to_lowercase();
        match SettingName::named(&name) {
            Some(name) => Ok(Some(name)),
            None if is_ours(&name) => Err(unknown(self.text, at, &name)),
            None => {
                self.reading.ignore(&name);
                Ok(None)
            }
        }
    }

    /// The rest of a statement that sets nothing of ours. It stops short of a `SET` or `RESET`, so that a forgotten `;`
    /// is an error and does not swallow the next statement.
    fn pass_over(&mut self) -> Result<(), SettingsError> {
        while !(self.token.ends_statement() || self.token.is_keyword("SET") || self.token.is_keyword("RESET")) {
            self.advance()?;
        }
        Ok(())
    }

    /// Goes on to the next token, and takes in the options in the comments before it.
    fn advance(&mut self) -> Result<(), SettingsError> {
        self.token = self.lexer.next().map_err(|Unreadable { at, message }| self.reading.broken(at, message))?;
        for option in self.lexer.take_options() {
            self.option(option)?;
        }
        Ok(())
    }

    /// An option of the engine in a comment: `engine.name = JSON`.
    fn option(&mut self, range: Range<usize>) -> Result<(), SettingsError> {
        let line = self.text.get(range.clone()).unwrap_or_default();
        let at = range.end - line.trim_start().len();
        let Some((written, json)) = line.split_once('=') else {
            return Err(self.reading.broken(at, "expected `engine.name = value` after `sqljwt:`"));
        };
        let written = written.trim();
        let name = match SettingName::named(written) {
            Some(name) if name.is_engine_option() => name,
            Some(_) => {
                let message = alloc::format!("expected an option of the engine, found `{}`", shown(written));
                let remedy = "set the database's own settings with `SET CLUSTER SETTING`";
                return Err(self.reading.broken(at, message).with_remedy(remedy));
            }
            None => return Err(unknown(self.text, at, written)),
        };
        let base = range.end - json.len();
        let document = Document::parse(json, Duplicates::Refused).map_err(|error| {
            let message = alloc::format!("the option's value is not JSON: {}", error.defect.describe());
            self.reading.broken(base + error.offset, message).of(name)
        })?;
        let value = value::from_json(name, document.root(), base).map_err(|fault| self.reading.refusal(name, fault))?;
        self.reading.insert(name, value);
        Ok(())
    }

    fn expected(&self, what: &str) -> SettingsError {
        let message = alloc::format!("expected {what}, found {}", self.token.describe());
        self.reading.broken(self.token.at, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::ReasonCode;
    use alloc::string::ToString;

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
