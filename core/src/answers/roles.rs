//! What becomes of somebody's roles at a login? Data that the host acts upon, in the order in which it does.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};

use serde::Serialize;

use crate::{
    ground::{
        named::named,
        text::{counted, listed, shown},
    },
    parsed::sql_user,
};

/// A group of the token that is no role here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IgnoredGroup {
    /// The group, normalised as role names are.
    pub group: String,
    /// Why it is no role.
    pub why: WhyIgnored,
}

/// Why a group is no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyIgnored {
    /// Its name does not begin with `engine.group_prefix`.
    Prefix,
    /// Its role does not stand in `engine.group_allow`.
    NotAllowed,
    /// Its role is `admin`, which no prefix alone gives.
    Admin,
    /// No role can have its name.
    NoName,
    /// The database has no role of its name.
    NoRole,
}

impl WhyIgnored {
    /// The reason, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::NotAllowed => "not_allowed",
            Self::Admin => "admin",
            Self::NoName => "no_name",
            Self::NoRole => "no_role",
        }
    }
}

named!(WhyIgnored);

/// A role that somebody has before a login.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// The role.
    pub role: String,
    /// Through which of the roles granted to the person themselves they have it; `None` for one of those.
    pub through: Option<String>,
}

/// What the host has to do about the roles of somebody who logs in: first revoke, then grant.
///
/// The database makes the memberships what the token's groups say. What was granted by hand is lost.
///
/// # Example
/// ```
/// use sqljwt::{Membership, RolePlan};
///
/// let direct = |role: &str| Membership { role: role.into(), through: None };
/// let roles = ["readers".to_string(), "typo".to_string()];
/// let plan = RolePlan::new(&roles, &[], &[direct("writers")], Some(&["readers".to_string(), "writers".to_string()]));
/// assert_eq!(plan.grant, ["readers"]);
/// assert_eq!(plan.revoke, ["writers"]);
/// assert_eq!(plan.statements("alice"), [r#"REVOKE "writers" FROM "alice";"#, r#"GRANT "readers" TO "alice";"#]);
/// assert_eq!(
///     plan.summary("alice"),
///     "this login would grant `readers` to `alice` and revoke `writers`; 1 group is no role here: `typo`"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RolePlan {
    /// The roles to grant, in the order of the groups.
    pub grant: Vec<String>,
    /// The roles to revoke, sorted.
    pub revoke: Vec<String>,
    /// The groups that are no roles here, and why.
    pub ignored: Vec<IgnoredGroup>,
    /// The roles that go with those that are revoked, because the person had them through these alone; sorted.
    pub lost: Vec<String>,
}

impl RolePlan {
    /// The plan for somebody with these roles by the token ([`Login::roles`](crate::Login::roles) and
    /// [`Login::ignored_groups`](crate::Login::ignored_groups)), who has these memberships in the database. `existing` are
    /// the roles of the database; where they are not known, every role that can have its name counts as one.
    ///
    /// No roles at all, as for a login that is refused because the token's groups are empty, is a plan that revokes
    /// everything.
    #[must_use]
    pub fn new(
        roles: &[String],
        ignored: &[IgnoredGroup],
        present: &[Membership],
        existing: Option<&[String]>,
    ) -> Self {
        let existing: Option<BTreeSet<&str>> = existing.map(|roles| roles.iter().map(String::as_str).collect());
        let direct: BTreeSet<&str> =
            present.iter().filter(|membership| membership.through.is_none()).map(|direct| &*direct.role).collect();
        let (mut plan, mut wanted) = (Self { ignored: ignored.to_vec(), ..Self::default() }, BTreeSet::new());
        for role in roles {
            let why = match &existing {
                _ if sql_user::check(role).is_err() || sql_user::is_reserved(role) => Some(WhyIgnored::NoName),
                Some(existing) if !existing.contains(&**role) => Some(WhyIgnored::NoRole),
                _ => None,
            };
            match why {
                Some(why) => plan.ignored.push(IgnoredGroup { group: role.clone(), why }),
                None if wanted.insert(&**role) && !direct.contains(&**role) => plan.grant.push(role.clone()),
                None => {}
            }
        }
        plan.revoke = direct.difference(&wanted).map(|&role| role.into()).collect();
        let mut through: BTreeMap<&str, bool> = BTreeMap::new();
        for (role, path) in
            present.iter().filter_map(|inherited| Some((&*inherited.role, &**inherited.through.as_ref()?)))
        {
            *through.entry(role).or_default() |= wanted.contains(path);
        }
        let is_lost = |(role, stays): &(&str, bool)| !stays && !wanted.contains(role) && !direct.contains(role);
        plan.lost = through.into_iter().filter(is_lost).map(|(role, _)| role.into()).collect();
        plan
    }

    /// The statements that carry the plan out, names in quotes: first what is revoked, then what is granted.
    #[must_use]
    pub fn statements(&self, user: &str) -> Vec<String> {
        let list = |roles: &[String]| roles.iter().map(|role| identifier(role)).collect::<Vec<_>>().join(", ");
        let user = identifier(user);
        let revoke = (!self.revoke.is_empty()).then(|| format!("REVOKE {} FROM {user};", list(&self.revoke)));
        let grant = (!self.grant.is_empty()).then(|| format!("GRANT {} TO {user};", list(&self.grant)));
        revoke.into_iter().chain(grant).collect()
    }

    /// The plan in one line, for people.
    #[must_use]
    pub fn summary(&self, user: &str) -> String {
        const NAMED: usize = 5;
        let user = shown(user);
        let named = |roles: &[String]| listed(roles, NAMED);
        let mut text = match (self.grant.is_empty(), self.revoke.is_empty()) {
            (true, true) => format!("this login would change no role of `{user}`"),
            (false, true) => format!("this login would grant {} to `{user}`", named(&self.grant)),
            (true, false) => format!("this login would revoke {} from `{user}`", named(&self.revoke)),
            (false, false) => {
                format!("this login would grant {} to `{user}` and revoke {}", named(&self.grant), named(&self.revoke))
            }
        };
        if !self.lost.is_empty() {
            text += &format!(", and with them goes {}", named(&self.lost));
        }
        if !self.ignored.is_empty() {
            let groups: Vec<_> = self.ignored.iter().map(|ignored| ignored.group.as_str()).collect();
            let (are, roles) = if groups.len() == 1 { ("is", "no role") } else { ("are", "no roles") };
            text += &format!("; {} {are} {roles} here: {}", counted(groups.len(), "group"), listed(&groups, NAMED));
        }
        text
    }
}

/// A name as SQL writes it, whatever stands in it.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn member(role: &str, through: Option<&str>) -> Membership {
        Membership { role: role.into(), through: through.map(Into::into) }
    }

    #[test]
    fn memberships_become_what_the_groups_say() {
        let present = [
            member("readers", None),
            member("writers", None),
            member("base", Some("readers")),
            member("base", Some("writers")),
            member("ledger", Some("writers")),
            member("auditors", Some("writers")),
        ];
        let roles = texts(&["readers", "auditors", "admin readers", "public", "nobody", "readers"]);
        let existing = texts(&["readers", "writers", "auditors", "base", "ledger", "public", "admin readers"]);
        let plan = RolePlan::new(&roles, &[], &present, Some(&existing));
        assert_eq!(plan.grant, ["auditors"]);
        assert_eq!(plan.revoke, ["writers"]);
        assert_eq!(plan.lost, ["ledger"]);
        let ignored: Vec<_> = plan.ignored.iter().map(|group| (&*group.group, group.why.as_str())).collect();
        assert_eq!(ignored, [("admin readers", "no_name"), ("public", "no_name"), ("nobody", "no_role")]);
    }

    #[test]
    fn no_groups_revoke_everything() {
        let present = [member("a", None), member("b", Some("a")), member("c", None)];
        let plan = RolePlan::new(&[], &[], &present, None);
        assert_eq!((plan.grant, plan.revoke, plan.lost), (Vec::new(), texts(&["a", "c"]), texts(&["b"])));
    }

    #[test]
    fn names_are_quoted_whatever_stands_in_them() {
        let plan = RolePlan { grant: texts(&["a\"; DROP"]), ..RolePlan::default() };
        assert_eq!(plan.statements("o\"k"), [r#"GRANT "a""; DROP" TO "o""k";"#]);
        assert!(RolePlan::default().statements("alice").is_empty());
        assert_eq!(RolePlan::default().summary("alice"), "this login would change no role of `alice`");
    }
}
