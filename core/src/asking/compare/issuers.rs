//! Which issuers come and go, and what changes for those that stay?

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use crate::{
    asking::compare::{
        changes::{Changes, shown_by, stated},
        document::{ChangeExample, ChangeKind},
        keys,
        map_side::MapSide,
        principals::{Search, anybody_of, differences},
        side::{Side, Which},
        told::{Both, nobody, somebody, tell},
    },
    ground::{
        kinship::{family, kinship},
        text::{counted, listed, one_line, quoted, shown},
    },
    parsed::{regex::Searched, settings::SettingName},
    rules::policy::{compiled::Compiled, issuer::Policy},
};

/// Compares who is let in at all, issuer by issuer.
pub(super) fn compare(old: &Side, new: &Side, search: &Search<'_>, changes: &mut Changes) -> usize {
    let mut comparison = Comparison { old, new, search, changes, unsearched: 0, has_audiences: false, has_keys: false };
    match (old.compiled(), new.compiled()) {
        (Some(one), Some(other)) if one.enabled == other.enabled => comparison.issuers(one, other),
        _ => {
            if let Some(compiled) = old.open() {
                comparison.all(compiled, Which::Old);
            }
            if let Some(compiled) = new.open() {
                comparison.all(compiled, Which::New);
            }
        }
    }
    comparison.unsearched
}

struct Comparison<'c> {
    old: &'c Side,
    new: &'c Side,
    search: &'c Search<'c>,
    changes: &'c mut Changes,
    unsearched: usize,
    /// Whether the audiences and the keys that hold for all issuers are compared already.
    has_audiences: bool,
    has_keys: bool,
}

impl Comparison<'_> {
    /// Everybody comes or goes: one of the two lets nobody in.
    fn all(&mut self, compiled: &Compiled, which: Which) {
        let other = if which == Which::New { self.old } else { self.new };
        let before = if which == Which::New { "were" } else { "are" };
        let (setting, because) = match &other.state {
            Ok(_) => (SettingName::Enabled, format!("token logins {before} switched off")),
            Err(error) => {
                let setting = error.setting.and_then(SettingName::named).unwrap_or(SettingName::IdentityMap);
                let place = error.setting.map(|setting| format!(" ({setting})")).unwrap_or_default();
                (
                    setting,
                    format!("the {} settings cannot be used{place}", if which == Which::New { "old" } else { "new" }),
                )
            }
        };
        for policy in compiled.policies() {
            let issuer = shown(&policy.issuer);
            let message = match which {
                Which::New => format!("principals of `{issuer}` log in: {because} before"),
                Which::Old => format!("nobody of `{issuer}` logs in any more: {because}"),
            };
            self.whole(compiled, policy, which, setting, &message);
        }
    }

    /// The issuers of both, those that come, and those that go.
    fn issuers(&mut self, old: &Compiled, new: &Compiled) {
        let is_in = |compiled: &Compiled, policy: &&Policy| compiled.policy(&policy.issuer).is_some();
        let gone: Vec<&Policy> = old.policies().filter(|policy| !is_in(new, policy)).collect();
        let mut come: BTreeMap<&str, &Policy> = BTreeMap::new();
        let mut families: BTreeMap<String, &Policy> = BTreeMap::new();
        for policy in new.policies().filter(|policy| !is_in(old, policy)) {
            come.insert(&policy.issuer, policy);
            families.entry(family(&policy.issuer)).or_insert(policy);
        }
        for policy in gone {
            let issuer = shown(&policy.issuer);
            let Some(other) = families.remove(&family(&policy.issuer)) else {
                let message = format!("`{issuer}` is no issuer any more: its tokens are refused");
                self.whole(old, policy, Which::Old, SettingName::Issuers, &message);
                continue;
            };
            come.remove(&**other.issuer);
            let how = kinship(&policy.issuer, &other.issuer).unwrap_or_else(|| "differ only in details".into());
            let place = shown(&other.issuer);
            let message =
                format!("`{issuer}` is no issuer any more: its tokens are refused, and `{place}` takes its place");
            self.whole(old, policy, Which::Old, SettingName::Issuers, &message);
            let message = format!("`{place}` is an issuer now and takes the place of `{issuer}`; the two {how}");
            self.whole(new, other, Which::New, SettingName::Issuers, &message);
            self.pair((old, policy), (new, other));
        }
        for policy in come.into_values() {
            let message = format!("`{}` is an issuer now: its tokens are accepted", shown(&policy.issuer));
            self.whole(new, policy, Which::New, SettingName::Issuers, &message);
        }
        for policy in new.policies() {
            if let Some(before) = old.policy(&policy.issuer) {
                self.pair((old, before), (new, policy));
            }
        }
    }

    /// An issuer comes or goes.
    fn whole(&mut self, compiled: &Compiled, policy: &Policy, which: Which, setting: SettingName, message: &str) {
        let kind = if which == Which::New { ChangeKind::Gained } else { ChangeKind::Lost };
        let map = MapSide::of(compiled, &policy.issuer, self.search.anybody);
        let (found, outcome, told) = match anybody_of(&map, self.search) {
            Searched::Nothing => return,
            Searched::Unknown => {
                self.unsearched = self.unsearched.saturating_add(1);
                return self.changes.add(stated(kind, setting, Some(&policy.issuer), message.into()));
            }
            Searched::Found(found) => {
                let Some((told, outcome)) = somebody(&map, &found, which) else { return };
                (found, outcome, told)
            }
        };
        let bounds = bounds(compiled, policy, &map);
        let change = stated(kind, setting, Some(&policy.issuer), format!("{message}; {told}{bounds}"));
        let example = ChangeExample {
            issuer: Some(one_line(&**policy.issuer)),
            new_issuer: None,
            principal: Some(quoted(&found.principal)),
            login: None,
            unsigned: true,
            old: if which == Which::Old { outcome.clone() } else { nobody() },
            new: if which == Which::New { outcome } else { nobody() },
        };
        self.changes.add(shown_by(change, example));
    }

    /// Does what takes so many steps, where they are there.
    fn within(&mut self, steps: usize, tell: impl FnOnce(&mut Changes)) {
        match self.search.work.spend(steps) {
            Ok(()) => tell(self.changes),
            Err(_) => self.unsearched = self.unsearched.saturating_add(1),
        }
    }

    /// What changes for the principals of an issuer, which may have another name now.
    fn pair(&mut self, (old, before): (&Compiled, &Policy), (new, policy): (&Compiled, &Policy)) {
        claims(before, policy, self.changes);
        lifetime(before, policy, self.changes);
        // What holds for all issuers is compared once.
        let is_own = [before, policy].iter().any(|policy| policy.audience_source().is_own());
        if is_own || !core::mem::replace(&mut self.has_audiences, true) {
            let count = before.audience.iter().count().saturating_add(policy.audience.iter().count());
            self.within(count, |changes| audiences(before, policy, changes));
        }
        let is_own = [before, policy].iter().any(|policy| policy.keys_source().is_own() || policy.keys_are_fetched());
        if is_own || !core::mem::replace(&mut self.has_keys, true) {
            let count = |policy: &Policy| policy.keys.set().map_or(0, |set| set.entries().len());
            let steps = count(before).saturating_add(count(policy)).saturating_mul(KEY_STEPS);
            self.within(steps, |changes| keys::compare(before, policy, changes));
        }
        let old_map = MapSide::of(old, &before.issuer, self.search.anybody);
        let new_map = MapSide::of(new, &policy.issuer, self.search.anybody);
        let found = differences(&old_map, &new_map, self.search);
        self.unsearched = self.unsearched.saturating_add(found.unsearched);
        let both = Both { old: (self.old, &old_map), new: (self.new, &new_map) };
        tell(both, &found, self.changes);
    }
}

/// For what the tokens of an issuer have to be issued, and whether its principals have lines where others have.
fn bounds(compiled: &Compiled, policy: &Policy, map: &MapSide<'_>) -> String {
    let mapped = compiled.policies().filter(|other| compiled.map.lines_for(&other.issuer).is_some()).count();
    let beside = match mapped {
        _ if map.is_mapped() => String::new(),
        0 => String::new(),
        count => format!(", where {} lines", counted_issuers(count)),
    };
    let audiences: Vec<&str> = policy.audience.iter().map(|audience| &***audience).collect();
    match audiences.as_slice() {
        [] => format!("{beside}; no audience is configured"),
        some => format!("{beside}; the audience is {}", listed(some, NAMED)),
    }
}

fn counted_issuers(count: usize) -> String {
    match count {
        1 => "1 other issuer has".into(),
        _ => format!("{} have", counted(count, "other issuer")),
    }
}

fn audiences(old: &Policy, new: &Policy, changes: &mut Changes) {
    let missing = |from: &Policy, other: &Policy| -> Vec<String> {
        let is_missing = |audience: &&str| other.audience.place(audience).is_none();
        from.audience.iter().map(|audience| &***audience).filter(is_missing).map(String::from).collect()
    };
    let (come, gone) = (missing(new, old), missing(old, new));
    let source = new.audience_source();
    let own = (source.is_own() || old.audience_source().is_own()).then(|| &**new.issuer);
    if !come.is_empty() {
        let message = format!("tokens for the audience {} are accepted", listed(&come, NAMED));
        changes.state(ChangeKind::Gained, source.setting, own, message);
    }
    if !gone.is_empty() {
        let left: Vec<&str> = new.audience.iter().map(|audience| &***audience).collect();
        let left = match left.as_slice() {
            [] => "no audience is configured any more".into(),
            some => format!("what counts is {}", listed(some, NAMED)),
        };
        let message = format!("tokens for the audience {} alone are refused: {left}", listed(&gone, NAMED));
        changes.state(ChangeKind::Lost, source.setting, own, message);
    }
}

fn claims(old: &Policy, new: &Policy, changes: &mut Changes) {
    let (before, after) = (old.claim.as_str(), new.claim.as_str());
    if before == after {
        return;
    }
    let source = new.claim_source();
    let own = (source.is_own() || old.claim_source().is_own()).then(|| &**new.issuer);
    let (before, after) = (shown(before), shown(after));
    let message = format!("who bears a token is said by the claim `{after}`, and was said by `{before}`");
    changes.state(
        ChangeKind::Gained,
        source.setting,
        own,
        format!("{message}: who can choose the value of `{after}` can be anybody whom the identity map knows by it"),
    );
    changes.state(
        ChangeKind::Lost,
        source.setting,
        own,
        format!("{message}: nobody logs in by the value of `{before}` any more"),
    );
}

fn lifetime(old: &Policy, new: &Policy, changes: &mut Changes) {
    let seconds = |policy: &Policy| policy.max_lifetime.as_deref().map(|seconds| **seconds);
    let (before, after) = (seconds(old), seconds(new));
    let policy = if after.is_some() { new } else { old };
    let Some(source) = policy.max_lifetime.as_deref().map(|seconds| &seconds.source) else { return };
    let own = source.is_own().then(|| &**new.issuer);
    let (kind, message) = match (before, after) {
        (before, after) if before == after => return,
        (Some(before), None) => {
            (ChangeKind::Gained, format!("tokens may be valid for longer than {before} seconds, without a limit"))
        }
        (None, Some(after)) => {
            (ChangeKind::Lost, format!("tokens that are valid for more than {after} seconds are refused"))
        }
        (Some(before), Some(after)) if after > before => {
            (ChangeKind::Gained, format!("tokens may be valid for {after} seconds, where {before} were the most"))
        }
        (before, after) => {
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            (
                ChangeKind::Lost,
                format!("tokens that are valid for more than {after} seconds are refused, where {before} were allowed"),
            )
        }
    };
    changes.state(kind, source.setting, own, message);
}

/// What it takes to compare a key, in steps: to hash it.
const KEY_STEPS: usize = 200;

/// How many values a message names.
const NAMED: usize = 5;
