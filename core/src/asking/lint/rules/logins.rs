//! Whom do the settings let in beside those who were meant: users made of tokens, and ways in without one?

use alloc::format;

use super::super::{
    findings::{Draft, Findings},
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::text::shown,
    parsed::{
        hba::{self, Method},
        provisioning, risk,
        settings::{Change, SettingName},
    },
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    disabled(subject, found);
    provisioned(subject, found);
    host_based(subject, found);
}

/// Everything is configured, and nothing of it counts.
fn disabled(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    let is_meant = [SettingName::Issuers, SettingName::Audience]
        .iter()
        .any(|name| !subject.settings.text(*name).trim().is_empty());
    if compiled.enabled || compiled.is_broken(SettingName::Enabled) || !is_meant {
        return;
    }
    found.add(Rule::LoginsDisabled, || {
        let name = SettingName::Enabled;
        Draft::new(
            format!("nobody logs in by token: {} is false", name.as_str()),
            format!("set {} to true when the settings are to count", name.as_str()),
        )
        .at(name, 0)
    });
}

/// SQL users that are made of tokens, for whoever has one.
fn provisioned(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let (compiled, name) = (subject.compiled, SettingName::Provisioning);
    if !compiled.provisioning || !subject.map_faults.is_empty() {
        return;
    }
    for policy in compiled.policies() {
        let issuer = &**policy.issuer;
        if let Some((fact, remedy)) = provisioning::unrecorded(issuer) {
            found.add(Rule::ProvisioningNever, || {
                Draft::new(format!("{fact}: no SQL user is made of its tokens"), remedy).at(name, 0)
            });
        } else if subject.map.lines_for(issuer).is_none() || risk::is_world_wide(issuer) {
            found.add(Rule::ProvisioningWide, || {
                let why = match subject.map.lines_for(issuer).is_none() {
                    true => "the identity map has no line for it",
                    false => "it signs for everybody who has an account there",
                };
                Draft::new(
                    format!("SQL users are made of tokens of `{}`, and {why}: the issuer alone decides who there is", shown(issuer)),
                    format!(
                        "name in server.identity_map.configuration which values of `{}` become SQL users, or set {} to false",
                        shown(issuer),
                        name.as_str()
                    ),
                )
                .at(name, 0)
            });
        }
    }
}

/// Lines of host-based authentication: the database does not look at them when somebody logs in by token.
fn host_based(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let name = SettingName::Hba;
    let lines = match hba::lines(subject.settings.text(name)) {
        Ok(lines) => lines,
        Err(fault) => {
            found.add(Rule::HbaUnreadable, || {
                let remedy = fault.remedy.unwrap_or_else(|| "see that the database takes this text".into());
                Draft::new(fault.message, remedy)
                    .at(name, fault.offset)
                    .mended(fault.instead.map(|splice| Change::new().splice(name, splice)))
            });
            return;
        }
    };
    if !subject.compiled.enabled {
        return;
    }
    for line in &lines {
        match line.method {
            Method::Reject => found.add(Rule::HbaIgnored, || {
                Draft::new(
                    format!(
                        "line {} of host-based authentication rejects, and that stops no login by token: the database does \
                         not look at those lines then",
                        line.number
                    ),
                    "to keep somebody out altogether, let no line of server.identity_map.configuration give that SQL user, \
                     or take its LOGIN away",
                )
                .at(name, line.offset)
            }),
            Method::Trust => found.add(Rule::HbaTrust, || {
                Draft::new(
                    format!(
                        "line {} of host-based authentication lets in by `{}`, without any proof: no token is needed there",
                        line.number,
                        shown(line.method_name)
                    ),
                    "take the line out of server.host_based_authentication.configuration, or let it ask for a proof",
                )
                .at(name, line.offset)
            }),
            Method::Token | Method::Proof => {}
        }
    }
}
