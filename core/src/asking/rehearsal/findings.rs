//! What is to be known before the set is changed?

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use crate::{
    asking::{
        keys::IssuerKeys,
        lint::Severity,
        rehearsal::{
            compare::Compared,
            document::{
                Evidence, KeyFate, ReaderVerdict, RehearsalFinding, RehearsalKind, RehearsedKey, RehearsedToken,
                SetVerdict, TokenFate,
            },
            shape::{Shape, number},
            stage::Tomorrow,
        },
    },
    ground::text::{counted, joined, listed, one_line, shown},
};

/// What was found out about the set.
pub(super) struct Found<'f> {
    pub(super) today: &'f IssuerKeys,
    /// The setting that holds the set; nothing where it is fetched.
    pub(super) setting: Option<&'static str>,
    pub(super) tomorrow: &'f Tomorrow,
    pub(super) compared: Option<&'f Compared>,
    pub(super) shapes: &'f [Shape],
}

/// The findings, the gravest first.
pub(super) fn findings(
    found: &Found<'_>,
    readers: &[ReaderVerdict],
    tokens: &[RehearsedToken],
) -> Vec<RehearsalFinding> {
    let compared = found.compared;
    let of_keys = compared.map(|compared| of_keys(found, compared)).unwrap_or_default();
    let all = [refused(found), private_key(found), lost(found, tokens)].into_iter().flatten();
    let mut findings: Vec<RehearsalFinding> = all.chain(of_keys).chain(drop_the_set(readers)).collect();
    findings.sort_by_key(|finding| finding.severity);
    findings
}

fn finding(
    kind: RehearsalKind,
    severity: Severity,
    keys: Vec<String>,
    message: String,
    remedy: impl Into<String>,
) -> RehearsalFinding {
    RehearsalFinding { finding: kind, severity, keys, message: one_line(message), remedy: remedy.into() }
}

/// When the new set takes the place of today's.
fn at(found: &Found<'_>) -> String {
    match (found.setting, &found.today.fresh_until) {
        (Some(setting), _) => format!("as soon as {setting} is changed"),
        (None, Some(until)) => format!("as soon as the keys are fetched again, at the latest at {}", until.utc),
        (None, None) => "as soon as the keys are fetched".into(),
    }
}

fn refused(found: &Found<'_>) -> Option<RehearsalFinding> {
    let fault = found.tomorrow.fault.as_ref()?;
    let (kind, message) = (RehearsalKind::SetRefused, fault.message.clone());
    Some(finding(kind, Severity::Error, Vec::new(), message, fault.remedy.clone()))
}

fn private_key(found: &Found<'_>) -> Option<RehearsalFinding> {
    let private: Vec<&Shape> = found.shapes.iter().filter(|shape| shape.private.is_some()).collect();
    let first = private.first()?;
    let member = first.private.as_deref().unwrap_or_default();
    let message = format!(
        "key `{}` holds the private member `{}`: whoever reads the set can sign",
        shown(&first.name),
        shown(member)
    );
    let remedy = "publish only the public half of the key, and have the identity provider replace the key";
    let names = private.iter().take(NAMED).map(|shape| shape.name.clone()).collect();
    Some(finding(RehearsalKind::PrivateKey, Severity::Error, names, message, remedy))
}

fn lost(found: &Found<'_>, tokens: &[RehearsedToken]) -> Option<RehearsalFinding> {
    let lost: Vec<&RehearsedToken> = tokens.iter().filter(|token| token.fate == TokenFate::Lost).collect();
    let first = lost.first()?;
    let why = first.tomorrow.message.as_deref().unwrap_or_default();
    let message = format!(
        "{} of {} {} accepted no more {}: {why}",
        lost.len(),
        counted(tokens.len(), "token"),
        are(lost.len()),
        at(found)
    );
    let mut names: Vec<String> = lost.iter().filter_map(|token| token.kid.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(NAMED);
    Some(finding(RehearsalKind::TokensLost, Severity::Error, names, message, KEEP))
}

/// How old keys are given up without anybody noticing.
const KEEP: &str = "keep the old keys beside the new ones until the last token that they have signed has expired";

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn of_keys(found: &Found<'_>, compared: &Compared) -> Vec<RehearsalFinding> {
    let names = |is: &dyn Fn(&RehearsedKey) -> bool| -> Vec<String> {
        let keys = compared.keys.iter().enumerate().filter(|(_, key)| is(key));
        keys.take(NAMED).map(|(place, key)| key.key.kid.clone().unwrap_or_else(|| number(place))).collect()
    };
    let with = |fate: KeyFate| names(&|key: &RehearsedKey| key.fate == fate);
    let about = |kind, severity, keys: Vec<String>, fact: &str, remedy: &str| {
        let message = format!("{}: {fact}", listed(&keys, 5));
        (!keys.is_empty()).then(|| finding(kind, severity, keys, message, remedy))
    };
    let aside = names(&|key: &RehearsedKey| key.key.code.is_some() && key.fate != KeyFate::Shadowed);
    let usable = compared.keys.iter().filter(|key| key.key.code.is_none() && key.fate != KeyFate::Shadowed).count();
    let nothing = (usable == 0).then(|| {
        let message = "no key of the new set verifies any token".to_owned();
        finding(
            RehearsalKind::NothingVerifies,
            Severity::Error,
            Vec::new(),
            message,
            "put the public keys in it that sign",
        )
    });
    let overlap = (compared.any_today && compared.overlap == 0).then(|| {
        let message = format!(
            "no key that verifies tokens today is in the new set under its id: tokens that are signed today are refused {}",
            at(found)
        );
        finding(RehearsalKind::NoOverlap, Severity::Error, Vec::new(), message, KEEP)
    });
    [
        nothing,
        overlap,
        about(
            RehearsalKind::KeyChanged,
            Severity::Error,
            with(KeyFate::Changed),
            "the id belongs to another key today: readers that hold the old key know the id, so they refuse what the new key \
             signs and do not ask for newer keys",
            "give the new key an id of its own",
        ),
        about(
            RehearsalKind::KeyShadowed,
            Severity::Warning,
            with(KeyFate::Shadowed),
            "another key of that id stands before it, and of several keys of one id only the first counts",
            "give each key an id of its own",
        ),
        about(
            RehearsalKind::KeyRenamed,
            Severity::Warning,
            with(KeyFate::Renamed),
            "the same key has another id today, and tokens that name it by that id are refused",
            "keep the key under its old id beside the new one until the last token that names it has expired",
        ),
        about(
            RehearsalKind::KeySetAside,
            Severity::Note,
            aside,
            "set aside, so that tokens that name it are refused",
            "nothing, unless tokens are signed with it: its row says what is wrong with it",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn drop_the_set(readers: &[ReaderVerdict]) -> Option<RehearsalFinding> {
    let dropping: Vec<&ReaderVerdict> =
        readers.iter().filter(|reader| reader.verdict == SetVerdict::DropsTheSet).collect();
    let first = dropping.first()?;
    let mut keys: Vec<String> = dropping.iter().flat_map(|reader| reader.keys.iter().cloned()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.truncate(NAMED);
    let known: Vec<String> = dropping.iter().take(NAMED_READERS).map(|reader| named(reader)).collect();
    let more = dropping.len().saturating_sub(known.len());
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    let message = format!(
        "{} {} nothing of such a set: {}{more}; {}",
        counted(dropping.len(), "known reader"),
        if dropping.len() == 1 { "takes" } else { "take" },
        joined(&known, "and"),
        first.why.as_deref().unwrap_or_default()
    );
    let remedy = "see which readers the set has before it is published; serve them one without these keys at an address of its own";
    Some(finding(RehearsalKind::ReadersDropTheSet, Severity::Warning, keys, message, remedy))
}

fn named(reader: &ReaderVerdict) -> String {
    let doubt = if reader.evidence == Evidence::Inferred { ", presumably" } else { "" };
    format!("{} ({}{doubt})", reader.reader, reader.versions)
}

/// How many readers a sentence names.
const NAMED_READERS: usize = 4;

/// How many keys are named in one place.
const NAMED: usize = 50;
