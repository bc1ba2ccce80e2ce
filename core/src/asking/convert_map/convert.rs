//! What does another server's map become? Its lines one by one, and around them what keeps everybody else out.

use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    before::Before,
    document::{ConvertMapDocument, ConvertedLine, LineOutcome, MapDialect, MapIssuers},
    line::{Made, Place, Told},
};
use crate::{
    asking::settings_change::SettingsChange,
    ground::{
        limits::{CONVERT_MAP_BYTES_MAX, CONVERT_MAP_STEPS_MAX, CONVERT_TOLD_MAX},
        private_keys,
        profile::Profile,
        text::{one_line, shown},
        work::Work,
    },
    parsed::{
        foreign_map::{Piece, Read, Rule, WhyNot, read_pg_ident, read_trino_pattern, read_trino_rules},
        identity_map::{Dialect, IdentityMap},
        settings::{Change, SettingName, Settings},
    },
    telling::SCHEMA,
};

impl ConvertMapDocument {
    /// The text as an identity map for these settings.
    pub(crate) fn of(text: &str, dialect: MapDialect, issuers: &MapIssuers, settings: &Settings) -> Self {
        let mut read = match dialect {
            _ if text.len() > CONVERT_MAP_BYTES_MAX => Read {
                refused: Some(format!(
                    "the map is {} bytes long; at most {CONVERT_MAP_BYTES_MAX} are read",
                    text.len()
                )),
                ..Read::default()
            },
            MapDialect::PgIdent => read_pg_ident(text),
            MapDialect::TrinoRules => read_trino_rules(text),
            MapDialect::TrinoPattern => read_trino_pattern(text),
        };
        let issuers = match Issuers::of(issuers) {
            Ok(issuers) => issuers,
            Err(why) => {
                read.refused = Some(why);
                Issuers::default()
            }
        };
        let profile = settings.profile();
        let mut writing = Writing {
            issuers,
            refused: read.refused.is_some(),
            comments: private_keys::named(text).is_none(),
            dialect: match profile {
                Profile::Hardened => Dialect::STRICT,
                Profile::Cockroachdb => Dialect::COCKROACHDB,
            },
            work: Work::of(CONVERT_MAP_STEPS_MAX),
            before: BTreeMap::new(),
            map: Vec::new(),
            written: BTreeSet::new(),
            lines: Vec::new(),
            told: 0,
        };
        read.pieces.iter().for_each(|piece| writing.piece(piece));
        writing.keep_out();
        let refused = read.refused.map(one_line);
        writing.finish(
            ConvertMapDocument {
                schema: SCHEMA,
                profile,
                dialect,
                refused,
                map: String::new(),
                exact: 0,
                converted: 0,
                left_out: 0,
                change: None,
                lines: Vec::new(),
            },
            settings,
        )
    }
}

/// The issuer of each map.
#[derive(Default)]
struct Issuers {
    one: Option<String>,
    each: BTreeMap<String, String>,
    /// The map whose lines an issuer has.
    taken: BTreeMap<String, Option<String>>,
}

impl Issuers {
    fn of(issuers: &MapIssuers) -> Result<Self, String> {
        let mut read = Self::default();
        match issuers {
            MapIssuers::One(issuer) => read.one = Some(issuer.clone()),
            MapIssuers::Each(each) => read.each = each.iter().cloned().collect(),
        }
        if let Some(issuer) = read.all().find(|issuer| !is_column(issuer)) {
            return Err(format!("no line of an identity map is for an issuer `{}`", shown(issuer)));
        }
        Ok(read)
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.each.values().chain(&self.one).map(|issuer| &**issuer)
    }

    /// The issuer whose lines those of a map become.
    fn of_map(&mut self, map: Option<&str>) -> Result<String, WhyNot> {
        let named = map.and_then(|map| self.each.get(map)).or(self.one.as_ref());
        // Maps of servers that have but one need no name.
        let only = || if map.is_none() && self.each.len() == 1 { self.each.values().next() } else { None };
        let name = map.unwrap_or_default();
        let Some(issuer) = named.or_else(only).cloned() else {
            let fact = format!("the map `{}` belongs to no issuer", shown(name));
            return Err(WhyNot::new(fact).with_remedy("name the issuer of the map in `issuers`"));
        };
        let owner = self.taken.entry(issuer.clone()).or_insert_with(|| map.map(ToString::to_string));
        if owner.as_deref() == map {
            return Ok(issuer);
        }
        let other = owner.as_deref().unwrap_or_default();
        let fact = format!(
            "the lines of map `{}` are those of the issuer; those of map `{}` would count as well",
            shown(other),
            shown(name)
        );
        Err(WhyNot::new(fact).with_remedy("name an issuer of its own for each map in `issuers`"))
    }
}

/// Whether the text can be a column of an identity map.
fn is_column(text: &str) -> bool {
    !text.is_empty()
        && !text.contains('#')
        && !text.chars().any(|character| character.is_whitespace() || character.is_control())
}

struct Writing<'r> {
    issuers: Issuers,
    refused: bool,
    /// Whether comments are kept: not where one may hold a part of a key.
    comments: bool,
    dialect: Dialect,
    work: Work,
    /// For each map.
    before: BTreeMap<Option<&'r str>, Before<'r>>,
    map: Vec<String>,
    /// The issuers that have lines.
    written: BTreeSet<String>,
    lines: Vec<ConvertedLine>,
    told: usize,
}

impl<'r> Writing<'r> {
    fn piece(&mut self, piece: &'r Piece) {
        match piece {
            Piece::Blank => self.map.push(String::new()),
            Piece::Comment(_) if !self.comments => self.map.push(String::new()),
            Piece::Comment(comment) => self.map.push(format!("#{}", comment_of(comment))),
            Piece::Rule(rule) => self.rule(rule),
        }
    }

    fn rule(&mut self, rule: &'r Rule) {
        let made = self.made(rule);
        self.before.entry(rule.map.as_deref()).or_default().add(rule);
        // Counted from 1, the next.
        let next = u32::try_from(self.map.len()).unwrap_or(u32::MAX).saturating_add(1);
        let (outcome, told) = match made {
            Ok(Made { lines, differs: None }) => {
                self.push(lines, rule);
                (LineOutcome::Exact, None)
            }
            Ok(Made { lines, differs: Some(told) }) => {
                self.push(lines, rule);
                (LineOutcome::Converted, Some(told))
            }
            Err(told) => {
                self.map.push(format!("# line {} is left out", rule.line));
                (LineOutcome::LeftOut, Some(told))
            }
        };
        let map_line = (outcome != LineOutcome::LeftOut).then_some(next);
        let told = told.map(|told| self.tell(*told));
        let (why, witness) = told.map_or((None, None), |told| (Some(told.why), told.witness));
        let (message, remedy) = why.map_or((None, None), |why| (Some(why.message), why.remedy));
        self.lines.push(ConvertedLine { line: rule.line, outcome, map_line, message, remedy, witness });
    }

    /// What is told of one line, until that is enough.
    fn tell(&mut self, told: Told) -> Told {
        self.told = self.told.saturating_add(1);
        if self.told > CONVERT_TOLD_MAX {
            let message = format!("more than {CONVERT_TOLD_MAX} lines are not exact; of this one it is not told why");
            return Told { why: WhyNot::new(message), witness: None };
        }
        let WhyNot { message, remedy } = told.why;
        let why = WhyNot { message: one_line(message), remedy: remedy.map(one_line) };
        Told { why, ..told }
    }

    fn made(&mut self, rule: &'r Rule) -> Result<Made, Box<Told>> {
        if self.refused {
            let own = rule.why_not.clone();
            return Err(own
                .unwrap_or_else(|| WhyNot::new("the other server does not take the text, so that nobody is let in"))
                .into());
        }
        if let (None, Some(why_not)) = (&rule.map, rule.why_not.as_ref().filter(|_| rule.replacing.is_none())) {
            return Err(why_not.clone().into());
        }
        let issuer = self.issuers.of_map(rule.map.as_deref())?;
        let place =
            Place { issuer: &issuer, dialect: self.dialect, work: &self.work, tells: self.told < CONVERT_TOLD_MAX };
        let before = self.before.entry(rule.map.as_deref()).or_default();
        let made = place.convert(rule, before)?;
        self.written.insert(issuer);
        Ok(made)
    }

    fn push(&mut self, mut lines: Vec<String>, rule: &Rule) {
        if let (Some(first), Some(comment)) = (lines.first_mut(), rule.comment.as_ref().filter(|_| self.comments)) {
            *first = format!("{first} #{}", comment_of(comment));
        }
        self.map.extend(lines);
    }

    /// Every issuer without a line gets one that is for nobody: without any its principals would be users as they are.
    fn keep_out(&mut self) {
        let without: BTreeSet<String> =
            self.issuers.all().filter(|issuer| !self.written.contains(*issuer)).map(ToString::to_string).collect();
        if !without.is_empty() {
            self.map.push("# for nobody: principals of an issuer without a line would be users as they are".into());
        }
        self.map.extend(without.iter().map(|issuer| format!("{issuer} {NOBODY}")));
    }

    fn finish(mut self, mut document: ConvertMapDocument, settings: &Settings) -> ConvertMapDocument {
        let text = self.map.join("\n");
        // Each line fits on its own; together they can be too large.
        if let Err(fault) = IdentityMap::parse(&text, self.dialect) {
            document.refused = Some(one_line(fault.message));
            self.map.clear();
            self.written.clear();
            self.keep_out();
            for line in &mut self.lines {
                if line.outcome != LineOutcome::LeftOut {
                    line.message = Some("all lines together are too large for an identity map".into());
                }
                (line.outcome, line.map_line, line.witness) = (LineOutcome::LeftOut, None, None);
            }
        }
        document.map = self.map.join("\n");
        let count = |outcome| self.lines.iter().filter(|line| line.outcome == outcome).count();
        document.exact = count(LineOutcome::Exact);
        document.converted = count(LineOutcome::Converted);
        document.left_out = count(LineOutcome::LeftOut);
        let edits = Change::new().set(SettingName::IdentityMap.as_str(), &*document.map);
        document.change = SettingsChange::of(edits, settings);
        document.lines = self.lines;
        document
    }
}

/// A comment's text as a line of a map can hold it.
fn comment_of(comment: &str) -> String {
    let text = one_line(comment.trim_end().replace('\t', " "));
    // Long ones are nobody's comment.
    text.chars().take(COMMENT_CHARACTERS).collect()
}

/// The other columns of a line that is for nobody: nothing stands before the start of the principal.
const NOBODY: &str = "/^x^$ nobody";
const COMMENT_CHARACTERS: usize = 1000;
