//! How does a vector come to be? A file of cases, each saying only what is different about it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
pub(crate) use sqljwt_conformance::ordinary::{NOW, jwks};
use sqljwt_conformance::{Change, Database, Decision, Expect, Profile, Row, VectorFile};

use crate::mint::{Members, Token};

/// A vector file in the making, with what its cases start from.
pub(crate) struct Book {
    pub(crate) name: &'static str,
    about: &'static str,
    profile: Profile,
    settings: BTreeMap<String, Map<String, Value>>,
    rows: Vec<Row>,
    /// Put before the id of every case.
    prefix: &'static str,
    /// The base, token and user of a case that says nothing else.
    base: String,
    token: Option<Token>,
    user: String,
    now: i64,
}

impl Book {
    pub(crate) fn new(name: &'static str, about: &'static str, profile: Profile) -> Self {
        Self {
            name,
            about,
            profile,
            settings: BTreeMap::new(),
            rows: Vec::new(),
            prefix: "",
            base: String::new(),
            token: None,
            user: String::new(),
            now: NOW,
        }
    }

    /// From here on, cases start from these settings.
    pub(crate) fn base(&mut self, name: &str, settings: &[(&str, Value)]) {
        let mut members: Map<_, _> = settings.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        if self.profile == Profile::Cockroachdb {
            members.insert("engine.profile".into(), self.profile.as_str().into());
        }
        self.settings.insert(name.into(), members);
        self.base = name.into();
    }

    /// From here on, cases log in with this token, as this user, at this time.
    pub(crate) fn login(&mut self, token: Token, user: &str, now: i64) {
        (self.token, self.user, self.now) = (Some(token), user.into(), now);
    }

    /// From here on, the ids of cases begin so.
    pub(crate) fn prefix(&mut self, prefix: &'static str) {
        self.prefix = prefix;
    }

    pub(crate) fn case(&mut self, id: &str, about: &str) -> Case<'_> {
        let token = self.token.clone().expect("a book says what its cases log in with");
        let profile = if self.profile == Profile::Cockroachdb { "crdb-" } else { "" };
        let row = Row {
            id: format!("{profile}{}{id}", self.prefix),
            about: about.chars().map(|character| if character.is_control() { '?' } else { character }).collect(),
            cites: Vec::new(),
            database: None,
            settings: Some(Change { base: self.base.clone(), set: Map::new() }),
            settings_text: None,
            fetched: Vec::new(),
            userinfo: None,
            token: String::new(),
            user: self.user.clone(),
            now: self.now,
            expect: Expect { decision: Decision::Reject, code: None, user: None },
        };
        Case { book: self, row, token, sent: None }
    }

    pub(crate) fn finish(self) -> (&'static str, VectorFile) {
        let Self { name, about, profile, settings, rows, .. } = self;
        (name, VectorFile { about: about.into(), profile, settings, vectors: rows })
    }
}

/// One vector in the making. It is written down when its decision is said.
pub(crate) struct Case<'book> {
    book: &'book mut Book,
    row: Row,
    token: Token,
    /// What is sent instead of the token's own text.
    sent: Option<String>,
}

impl Case<'_> {
    pub(crate) fn cites(mut self, cases: &[&str]) -> Self {
        self.row.cites.extend(cases.iter().map(|&case| case.to_owned()));
        self
    }

    pub(crate) fn set(mut self, setting: &str, value: impl Into<Value>) -> Self {
        let change = self.row.settings.as_mut().expect("settings as a text cannot be changed");
        change.set.insert(setting.into(), value.into());
        self
    }

    /// Starts from other settings of the book.
    pub(crate) fn base(mut self, name: &str) -> Self {
        self.row.settings.as_mut().expect("settings as a text have no base").base = name.into();
        self
    }

    /// Says what the issuer's userinfo endpoint has answered.
    pub(crate) fn userinfo(mut self, body: &str) -> Self {
        self.row.userinfo = Some(body.into());
        self
    }

    /// Says what was fetched before the login.
    pub(crate) fn fetched(mut self, records: impl Into<Vec<Value>>) -> Self {
        self.row.fetched = records.into();
        self
    }

    pub(crate) fn jwks(self, keys: &[Members]) -> Self {
        self.set("server.jwt_authentication.jwks", jwks(keys))
    }

    pub(crate) fn issuers(self, value: impl Into<Value>) -> Self {
        self.set("server.jwt_authentication.issuers", value)
    }

    pub(crate) fn audience(self, value: impl Into<Value>) -> Self {
        self.set("server.jwt_authentication.audience", value)
    }

    pub(crate) fn claim(self, value: &str) -> Self {
        self.set("server.jwt_authentication.claim", value)
    }

    pub(crate) fn map(self, lines: &str) -> Self {
        self.set("server.identity_map.configuration", lines)
    }

    pub(crate) fn settings_text(mut self, text: &str) -> Self {
        self.row.settings = None;
        self.row.settings_text = Some(text.into());
        self
    }

    pub(crate) fn token(mut self, change: impl FnOnce(Token) -> Token) -> Self {
        self.token = change(self.token);
        self
    }

    pub(crate) fn claims(self, change: impl FnOnce(Members) -> Members) -> Self {
        self.token(|token| token.claims(change))
    }

    pub(crate) fn header(self, change: impl FnOnce(Members) -> Members) -> Self {
        self.token(|token| token.header(change))
    }

    /// Sends another text than the token's own.
    pub(crate) fn text(mut self, text: impl FnOnce(&Token) -> String) -> Self {
        self.sent = Some(text(&self.token));
        self
    }

    pub(crate) fn user(mut self, user: &str) -> Self {
        self.row.user = user.into();
        self
    }

    pub(crate) fn now(mut self, now: i64) -> Self {
        self.row.now = now;
        self
    }

    /// Marks a token that the database's own check would let pass.
    pub(crate) fn database_accepts(mut self) -> Self {
        self.row.database = Some(Database::Accepts);
        self
    }

    pub(crate) fn accepts(self, user: &str) {
        self.expect(Decision::Accept, None, Some(user));
    }

    pub(crate) fn rejects(self, code: &str) {
        self.expect(Decision::Reject, Some(code), None);
    }

    pub(crate) fn needs_keys(self) {
        self.expect(Decision::KeysNeeded, None, None);
    }

    /// `Ok` with the SQL user or `Err` with the code: for tables of cases.
    pub(crate) fn decides(self, outcome: Result<&str, &str>) {
        match outcome {
            Ok(user) => self.accepts(user),
            Err(code) => self.rejects(code),
        }
    }

    fn expect(mut self, decision: Decision, code: Option<&str>, user: Option<&str>) {
        self.row.token = self.sent.unwrap_or_else(|| self.token.text());
        self.row.expect = Expect { decision, code: code.map(Into::into), user: user.map(Into::into) };
        self.book.rows.push(self.row);
    }
}
