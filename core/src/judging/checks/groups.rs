//! Which roles do the token's groups give the SQL user?

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Reads},
        refusal::UserInfoNeeded,
        roles::{IgnoredGroup, WhyIgnored},
    },
    ground::{
        json::Value,
        limits::ROLES_MAX,
        mend::Mend,
        reason::ReasonCode,
        text::{counted, listed, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        fetched::UserInfo,
        groups::{self, Groups},
        keys::remote::{Over, Remote},
        settings::SettingName,
    },
    rules::policy::groups::GroupRules,
};

pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(rules) = &attempt.compiled.groups else { return Err(Stop::Moot("group synchronisation is off")) };
    let Some(claims) = attempt.claims else { return Err(Stop::Moot("the claims cannot be read")) };
    let stated = Stated::of(attempt, rules, claims)?;
    let (place, name) = (stated.place, stated.name);
    let failure = match stated.groups {
        Groups::Roles(groups) if !groups.is_empty() => {
            let (roles, ignored) = rules.roles(groups);
            if roles.is_empty() {
                let failure = none_left(rules, &ignored);
                attempt.ignored_groups = Some(ignored);
                return Err(failure.into());
            }
            (attempt.roles, attempt.ignored_groups) = (Some(roles), Some(ignored));
            return Ok(());
        }
        Groups::Roles(_) => {
            let message =
                format!("{place} `{}` holds no group; the login is refused and every role revoked", shown(name));
            Failure::new(ReasonCode::GroupsEmpty, message)
        }
        Groups::TooMany => {
            let message = format!("{place} `{}` names more than {ROLES_MAX} roles", shown(name));
            Failure::new(ReasonCode::GroupsTooMany, message)
        }
        Groups::Other(kind) if stated.is_user_info || attempt.rules().token.exact_groups => {
            let message = format!("{place} `{}` is {}, not a text or a list of texts", shown(name), kind.describe());
            Failure::new(ReasonCode::GroupsInvalid, message).remedy(Mend::provider(format!(
                "have the identity provider write `{}` as a list of texts",
                shown(name)
            )))
        }
        Groups::Other(_) | Groups::Elsewhere => elsewhere(attempt, name),
    };
    Err(failure.about(stated.setting).expected([name]).into())
}

/// What is said about groups, and where.
struct Stated<'r> {
    groups: Groups,
    place: &'static str,
    name: &'r str,
    setting: SettingName,
    is_user_info: bool,
}

impl<'r> Stated<'r> {
    /// What the token says; where it says nothing of groups, what its issuer has answered, if the host has asked.
    fn of(attempt: &Attempt<'_>, rules: &'r GroupRules, claims: Value<'_>) -> Result<Self, Failure> {
        let (name, setting) = (rules.claim.as_str(), SettingName::GroupClaim);
        let token = Self { groups: groups::read(claims, name), place: "the claim", name, setting, is_user_info: false };
        let is_elsewhere = match token.groups {
            Groups::Elsewhere => true,
            Groups::Other(_) => !attempt.rules().token.exact_groups,
            Groups::Roles(_) | Groups::TooMany => false,
        };
        let Some(document) = attempt.user_info.filter(|_| is_elsewhere).and_then(UserInfo::document) else {
            return Ok(token);
        };
        let (answer, name) = (document.root(), rules.userinfo_key.as_str());
        is_about_the_bearer(attempt, claims, answer)?;
        let groups = match groups::read(answer, name) {
            // An answer without groups says that the person is in none.
            Groups::Elsewhere => Groups::Roles(Vec::new()),
            groups => groups,
        };
        let (place, setting) = ("the userinfo endpoint's member", SettingName::UserinfoGroupKey);
        Ok(Self { groups, place, name, setting, is_user_info: true })
    }
}

/// That the issuer's answer is about the token's bearer and nobody else.
fn is_about_the_bearer(attempt: &Attempt<'_>, claims: Value<'_>, answer: Value<'_>) -> Result<(), Failure> {
    let subject = |object: Value<'_>| object.member("sub").and_then(Value::string).map(String::from);
    let (token, other) = (subject(claims), subject(answer));
    if !attempt.rules().judging.user_info_subject || token.is_some() && token == other {
        return Ok(());
    }
    // Not whom the answer names: whoever answers has seen the token, and may write it there.
    let answered = if other.is_some() { "somebody else" } else { "nobody" };
    let bearer = token.map_or("nobody".into(), |subject| format!("`{}`", shown(&subject)));
    let message = format!("the userinfo endpoint answered about {answered}, and the token is about {bearer}");
    Err(Failure::new(ReasonCode::GroupsInvalid, message)
        .remedy(Mend::provider("have the userinfo endpoint answer with the `sub` of the token that asks"))
        .about(SettingName::UserinfoGroupKey))
}

/// Whom the host can ask for the groups, where nothing else is missing.
pub(crate) fn to_ask(failure: &Failure, attempt: &Attempt<'_>) -> Option<UserInfoNeeded> {
    if failure.code != ReasonCode::UserinfoNeeded || attempt.user_info.is_some() {
        return None;
    }
    let issuer = &attempt.policy?.issuer;
    match Remote::new(issuer, None, Over::Https) {
        Remote::Discovery(discovery_url) => Some(UserInfoNeeded { issuer: String::from(&***issuer), discovery_url }),
        Remote::Jwks(_) | Remote::Nowhere(_) => None,
    }
}

/// The token has groups, and the engine's options leave none of them: that is as if it had none.
fn none_left(rules: &GroupRules, ignored: &[IgnoredGroup]) -> Failure {
    const NAMED: usize = 3;
    let groups: Vec<&str> = ignored.iter().map(|ignored| ignored.group.as_str()).collect();
    let setting = match ignored.iter().all(|ignored| ignored.why == WhyIgnored::Prefix) {
        true => SettingName::EngineGroupPrefix,
        false => SettingName::EngineGroupAllow,
    };
    let message = format!(
        "no group of the token is a role here ({}); the login is refused and every role revoked",
        listed(&groups, NAMED)
    );
    let expected = match (&rules.allowed, rules.prefix.as_str()) {
        (Some(allowed), _) => allowed.iter().cloned().collect(),
        (None, prefix) => Vec::from([format!("{prefix}…")]),
    };
    Failure::new(ReasonCode::GroupsEmpty, message)
        .about(setting)
        .remedy(Mend::provider(format!(
            "have the identity provider put the person into a group that gives a role, or change {}",
            setting.as_str()
        )))
        .expected(expected)
        .actual(groups)
}

/// The groups are not in the token: the issuer would have to be asked, where it can be.
fn elsewhere(attempt: &Attempt<'_>, claim: &str) -> Failure {
    if let Some(nested) = nested(attempt, claim) {
        return nested;
    }
    let failure = absent(attempt, claim);
    let Some(facts) = attempt.facts() else { return failure };
    if facts.groups_left_out(claim) {
        let code = failure.code;
        return Failure::new(code, left_out(claim)).remedy(Mend::provider(FEWER));
    }
    match facts.groups_written(claim) {
        Some(remedy) => failure.remedy(remedy),
        None => failure,
    }
}

/// Entra, "Configure group claims": a token holds at most 200 groups, and `_claim_names` points to the rest.
pub(super) fn left_out(claim: &str) -> String {
    format!(
        "the token has no groups in the claim `{}`: the person is in more than 200, so the identity provider put a link in \
         their place (`_claim_names`)",
        shown(claim)
    )
}

pub(super) const FEWER: &str = "assign the groups to the application in Entra and let it emit only those (Token configuration, `Groups assigned to the \
     application`), or use app roles";

fn absent(attempt: &Attempt<'_>, claim: &str) -> Failure {
    let claim = shown(claim);
    match Remote::new(&attempt.stated_issuer(), None, Over::Https) {
        Remote::Nowhere(why) if attempt.rules().token.exact_groups => {
            let message =
                format!("the token has no groups in the claim `{claim}`, and nobody can be asked for them: {why}");
            Failure::new(ReasonCode::GroupsMissing, message)
        }
        _ => {
            let message = format!(
                "the token has no groups in the claim `{claim}`; the database asks the issuer's userinfo endpoint for them"
            );
            Failure::new(ReasonCode::UserinfoNeeded, message)
        }
    }
}

/// Groups that the token has inside an object, where the database does not look.
fn nested(attempt: &Attempt<'_>, claim: &str) -> Option<Failure> {
    let (first, rest) = claim.split_once('.')?;
    let object = attempt.claims?.member(first)?;
    rest.split('.').try_fold(object, Value::member)?;
    let message = format!(
        "the token has the groups nested in the claim `{}`; server.jwt_authentication.group_claim takes the name of a claim \
         at the top level only, and the database asks the issuer's userinfo endpoint for them",
        shown(first)
    );
    let remedy = "copy the groups into a claim of their own at the identity provider (in Keycloak by a mapper), and set \
                  server.jwt_authentication.group_claim to its name";
    Some(Failure::new(ReasonCode::UserinfoNeeded, message).remedy(Mend::provider(remedy)))
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    const NAMED: usize = 3;
    let roles = attempt.roles.as_deref().unwrap_or_default();
    let ignored = attempt.ignored_groups.as_ref().map_or(0, Vec::len);
    let more = if ignored == 0 { String::new() } else { format!("; {}", giving_none(ignored)) };
    Finding::new(format!("{}: {}{more}", counted(roles.len(), "role"), listed(roles, NAMED)))
        .about(SettingName::GroupClaim)
        .actual(roles)
}

/// How many groups give no role.
fn giving_none(groups: usize) -> String {
    format!("{} {} no role", counted(groups, "group"), if groups == 1 { "gives" } else { "give" })
}

pub(crate) fn reads(attempt: &Attempt<'_>) -> Reads {
    attempt.compiled.group_claim().map_or_else(Reads::nothing, Reads::claim)
}
