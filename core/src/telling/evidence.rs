//! What did each check find? One line, with what was expected and what the token says, also where it passed.

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::refusal::{Rejection, shortened},
    doors::validator::Validator,
    ground::{
        reason::Check,
        text::{counted, listed, one_line, shown},
        time::{span, utc},
    },
    judging::{attempt::Attempt, checks::Stop},
    parsed::settings::SettingName,
    rules::policy::{compiled::Compiled, issuer::Keys},
    telling::{CheckReport, Outcome},
};

/// How many values a line names.
const NAMED: usize = 3;

/// The report of a check.
pub(super) fn report(
    check: Check,
    outcome: &Result<(), Stop>,
    attempt: &Attempt<'_>,
    validator: &Validator,
) -> CheckReport {
    match outcome {
        Ok(()) => passed(check, attempt, validator),
        Err(Stop::Failed(failure)) => CheckReport {
            check,
            outcome: Outcome::Fail,
            code: Some(failure.code),
            summary: one_line(failure.message.as_str()),
            setting: failure.setting,
            expected: failure.expected.clone(),
            actual: failure.actual.clone(),
        },
        Err(Stop::KeysNeeded(keys)) => {
            let summary = format!("the keys of the issuer `{}` have to be fetched first", shown(&keys.issuer));
            not_reached(check, summary)
        }
        Err(Stop::Moot(why)) => not_reached(check, String::from(*why)),
    }
}

/// The report of a check under settings that cannot be used.
pub(super) fn under_unusable_settings(check: Check, reason: &Rejection) -> CheckReport {
    if check != Check::Settings {
        return not_reached(check, "the settings cannot be used".into());
    }
    CheckReport {
        check,
        outcome: Outcome::Fail,
        code: Some(reason.code),
        summary: reason.message.clone(),
        setting: reason.setting,
        expected: None,
        actual: None,
    }
}

fn not_reached(check: Check, summary: String) -> CheckReport {
    let (code, setting, expected, actual) = (None, None, None, None);
    CheckReport { check, outcome: Outcome::NotReached, code, summary, setting, expected, actual }
}

fn passed(check: Check, attempt: &Attempt<'_>, validator: &Validator) -> CheckReport {
    let mut report = CheckReport {
        check,
        outcome: Outcome::Pass,
        code: None,
        summary: String::new(),
        setting: None,
        expected: None,
        actual: None,
    };
    let policy = attempt.policy();
    match check {
        Check::Settings => report.summary = settings(validator.compiled()),
        Check::Enabled => {
            report.summary = "token logins are switched on".into();
            report.setting = Some(SettingName::Enabled.as_str());
        }
        Check::Token => {
            let claims = attempt.claims.map_or(0, |claims| claims.members().count());
            report.summary = format!("a token with {}", counted(claims, "claim"));
        }
        Check::Header => {
            if let Some(header) = &attempt.header {
                let key = header.key_id.as_deref().map_or("no key named".into(), |id| format!("key `{}`", shown(id)));
                report.summary = format!("signed with {}, {key}", header.algorithm);
            }
        }
        Check::Issuer => {
            report.summary = format!("`{}` is a configured issuer", shown(&attempt.stated_issuer()));
            report.setting = Some(SettingName::Issuers.as_str());
            report.expected = Some(shortened(attempt.compiled.issuers()));
            report.actual = Some(shortened([attempt.stated_issuer()]));
        }
        Check::Key => {
            report.setting = Some(policy.keys_source().setting.as_str());
            if let Some(key) = attempt.key {
                report.summary = format!("the key `{}` is {}", shown(key.id()), key.describe());
                report.actual = Some(shortened([&**key.id()]));
            }
        }
        Check::Signature => {
            if let Some(verified) = &attempt.verified {
                let key = shown(verified.key().id()).into_owned();
                report.summary = format!("verifies with {} under the key `{key}`", verified.algorithm());
            }
        }
        Check::Time => {
            report.summary = match attempt.times.expires_at {
                Some(exp) => {
                    format!("valid for another {}, until {}", span(exp.saturating_sub(attempt.now)), utc(exp))
                }
                None => "the token never expires".into(),
            };
            report.actual = attempt.times.expires_at.map(|exp| shortened([utc(exp)]));
            report.expected = Some(shortened([format!("after {}", utc(attempt.now))]));
        }
        Check::Audience => {
            report.setting = Some(policy.audience_source().setting.as_str());
            report.expected = Some(shortened(policy.audience.iter()));
            report.summary = match &attempt.audience {
                Some(audience) => format!("the token is for `{}`", shown(audience)),
                None => String::new(),
            };
            report.actual = attempt
                .claims
                .and_then(|claims| claims.member("aud"))
                .and_then(crate::judging::checks::stated_audiences)
                .map(shortened);
        }
        Check::Principal => {
            let principals = attempt.principals.as_deref().unwrap_or_default();
            report.setting = Some(policy.claim_source().setting.as_str());
            report.summary =
                format!("the claim `{}` names {}", shown(policy.claim.as_str()), listed(principals, NAMED));
            report.actual = Some(shortened(principals));
        }
        Check::IdentityMap => {
            report.summary = mapping(attempt);
            report.setting = Some(SettingName::IdentityMap.as_str());
            report.actual = Some(shortened(users(attempt)));
        }
        Check::User => {
            let user = chosen(attempt);
            report.summary = if attempt.requested.is_empty() {
                format!("no SQL user was requested; `{}` is the only one the token gives", shown(&user))
            } else {
                format!("the token gives the requested SQL user `{}`", shown(&user))
            };
            report.expected = Some(shortened(users(attempt)));
            report.actual = Some(shortened([attempt.requested]));
        }
        Check::Reserved => report.summary = format!("`{}` is an ordinary SQL user", shown(&chosen(attempt))),
        Check::Groups => {
            let roles = attempt.roles.as_deref().unwrap_or_default();
            report.summary = format!("{}: {}", counted(roles.len(), "role"), listed(roles, NAMED));
            report.setting = Some(SettingName::GroupClaim.as_str());
            report.actual = Some(shortened(roles));
        }
        Check::Internal => {}
    }
    report
}

fn settings(rules: &Compiled) -> String {
    let keys = match &*rules.common.keys {
        Keys::Set(keys) => counted(keys.usable_count(), "usable key"),
        Keys::Remote(_) => "no keys at hand".into(),
    };
    let fetched = rules.policies().any(|policy| matches!(*policy.keys, Keys::Remote(_)));
    format!(
        "{}, {}, {}, {}",
        counted(rules.issuers().count(), "issuer"),
        counted(rules.common.audience.len(), "audience"),
        if fetched { "keys fetched from the issuer".into() } else { keys },
        counted(rules.map.line_count(), "map line"),
    )
}

/// Which line turned the principal into the SQL user, or that none had to.
fn mapping(attempt: &Attempt<'_>) -> String {
    let candidates = attempt.candidates.as_deref().unwrap_or_default();
    let candidate = attempt.chosen.and_then(|index| candidates.get(index)).or(candidates.first());
    let Some(candidate) = candidate else { return String::new() };
    let principals = attempt.principals.as_deref().unwrap_or_default();
    let principal = principals.get(candidate.principal).map(|principal| shown(principal)).unwrap_or_default();
    let user = shown(&candidate.user);
    let more = match candidates.len() {
        0 | 1 => String::new(),
        count => format!(" ({count} users in all)"),
    };
    match candidate.line {
        Some(line) => format!("line {line} turns `{principal}` into `{user}`{more}"),
        None => format!("no lines for this issuer: `{principal}` is the SQL user `{user}`{more}"),
    }
}

fn users<'a>(attempt: &'a Attempt<'_>) -> Vec<&'a str> {
    attempt.candidates.iter().flatten().map(|candidate| candidate.user.as_str()).collect()
}

fn chosen(attempt: &Attempt<'_>) -> String {
    let candidate = attempt.chosen.and_then(|index| attempt.candidates.as_ref()?.get(index));
    candidate.map(|candidate| candidate.user.clone()).unwrap_or_default()
}
