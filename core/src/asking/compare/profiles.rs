//! What do two profiles decide differently, whatever the identity maps say?

use crate::{
    asking::compare::{
        changes::Changes,
        document::ChangeKind::{self, Gained, Lost, OtherEffect, OtherMessage, OtherReason},
        side::Side,
    },
    parsed::settings::SettingName,
    rules::profile::rules::Rules,
};

/// Tells what changes with the profile.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Changes) {
    if old.profile == new.profile {
        return;
    }
    let (before, after) = (old.profile.rules(), new.profile.rules());
    for row in ROWS {
        match ((row.is_so)(before), (row.is_so)(after)) {
            (false, true) => tell(changes, row.kind, row.so),
            (true, false) => tell(changes, opposite(row.kind), row.otherwise),
            _ => {}
        }
    }
    if before.order != after.order {
        tell(
            changes,
            OtherReason,
            "the checks decide in another order: a login that has several faults is refused for another of them",
        );
    }
    let (longest, other) = (before.token.principal_bytes_max, after.token.principal_bytes_max);
    if longest != other {
        let kind = if other > longest { Gained } else { Lost };
        let message = alloc::format!("a principal may have {other} bytes, and could have {longest}");
        changes.state(kind, SettingName::EngineProfile, None, message);
    }
}

/// What holds under some profiles and not under others.
struct Row {
    is_so: fn(&Rules) -> bool,
    /// What it changes where it comes to hold.
    kind: ChangeKind,
    so: &'static str,
    otherwise: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        is_so: |rules| rules.judging.expiry_needed,
        kind: Lost,
        so: "tokens without `exp` are refused",
        otherwise: "tokens without `exp` are accepted, and never expire",
    },
    Row {
        is_so: |rules| rules.judging.email_verified,
        kind: Lost,
        so: "tokens are refused whose claim `email` names the bearer and whose `email_verified` is false",
        otherwise: "tokens are accepted whose claim `email` names the bearer although `email_verified` is false",
    },
    Row {
        is_so: |rules| rules.token.loose_principals,
        kind: Gained,
        so: "numbers, booleans and objects are principals too, as the database prints them",
        otherwise: "only texts are principals: tokens whose claim is a number, a boolean or an object are refused",
    },
    Row {
        is_so: |rules| rules.token.loose_dates,
        kind: Gained,
        so: "times in tokens may be texts too, and a time of 0 counts as absent",
        otherwise: "times in tokens have to be numbers: tokens that state them otherwise are refused",
    },
    Row {
        is_so: |rules| rules.token.events_refused,
        kind: Lost,
        so: "tokens that report an event (claim `events`) are refused",
        otherwise: "tokens that report an event (claim `events`), as at a logout, are accepted",
    },
    Row {
        is_so: |rules| rules.token.pointer_members_once,
        kind: Lost,
        so: "tokens are refused in which an object on the way to the claim states a member twice",
        otherwise: "tokens are accepted in which an object on the way to the claim states a member twice",
    },
    Row {
        is_so: |rules| rules.token.newer_names,
        kind: Gained,
        so: "tokens may name the algorithm `Ed25519` wherever `EdDSA` is meant",
        otherwise: "tokens that name the algorithm `Ed25519` are refused where the key's own `alg` is `EdDSA`",
    },
    Row {
        is_so: |rules| rules.token.kinds_first,
        kind: OtherReason,
        so: "a registered claim of the wrong kind spoils the whole token",
        otherwise: "a registered claim of the wrong kind is judged by its own check",
    },
    Row {
        is_so: |rules| rules.client.talkative,
        kind: OtherMessage,
        so: "who is refused is told which check failed, with a DETAIL, before the token is proven",
        otherwise: "who is refused is told nothing that they did not send, and nothing of the settings",
    },
    Row {
        is_so: |rules| rules.token.exact_groups,
        kind: OtherEffect,
        so: "groups of another kind than texts are said to be that",
        otherwise: "groups of another kind than texts are asked of the identity provider",
    },
];

const fn opposite(kind: ChangeKind) -> ChangeKind {
    match kind {
        Gained => Lost,
        Lost => Gained,
        other => other,
    }
}

fn tell(changes: &mut Changes, kind: ChangeKind, message: &str) {
    changes.state(kind, SettingName::EngineProfile, None, message.into());
}
