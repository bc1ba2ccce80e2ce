//! Which of a token's groups are roles here? Those that the engine's options leave.
//!
//! The options are stricter than the database, never laxer: it takes every group for a role of that name.

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use crate::answers::roles::{IgnoredGroup, WhyIgnored};

/// Where groups stand, and which of them are roles.
pub(crate) struct GroupRules {
    /// The claim that holds the groups.
    pub(crate) claim: String,
    /// The member of a userinfo response that holds them where the token does not.
    pub(crate) userinfo_key: String,
    /// What the names of those groups begin with that are roles, normalised; the rest is the role's name.
    pub(crate) prefix: String,
    /// The roles that groups may give, normalised; nothing where they may give any.
    pub(crate) allowed: Option<BTreeSet<String>>,
}

/// The role that gives everything in the database.
const ADMIN: &str = "admin";

impl GroupRules {
    /// The roles among these groups, which are normalised and each there once, and the groups that are no roles here.
    pub(crate) fn roles(&self, groups: Vec<String>) -> (Vec<String>, Vec<IgnoredGroup>) {
        if self.takes_every_group() {
            return (groups, Vec::new());
        }
        let (mut roles, mut ignored) = (Vec::new(), Vec::new());
        for group in groups {
            match self.role(&group) {
                Ok(role) => roles.push(role.into()),
                Err(why) => ignored.push(IgnoredGroup { group, why }),
            }
        }
        (roles, ignored)
    }

    fn role<'g>(&self, group: &'g str) -> Result<&'g str, WhyIgnored> {
        let role = group.strip_prefix(&*self.prefix).filter(|role| !role.is_empty()).ok_or(WhyIgnored::Prefix)?;
        match &self.allowed {
            Some(allowed) if !allowed.contains(role) => Err(WhyIgnored::NotAllowed),
            // A prefix says which groups are meant for the database, and not who may do everything in it.
            None if role == ADMIN => Err(WhyIgnored::Admin),
            _ => Ok(role),
        }
    }

    /// Whether a group is taken as a role of its own name, as the database does.
    fn takes_every_group(&self) -> bool {
        self.prefix.is_empty() && self.allowed.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(prefix: &str, allowed: Option<&[&str]>) -> GroupRules {
        GroupRules {
            claim: "groups".into(),
            userinfo_key: "groups".into(),
            prefix: prefix.into(),
            allowed: allowed.map(|roles| roles.iter().copied().map(String::from).collect()),
        }
    }

    fn told(rules: &GroupRules, groups: &[&str]) -> (Vec<String>, Vec<&'static str>) {
        let (roles, ignored) = rules.roles(groups.iter().copied().map(String::from).collect());
        (roles, ignored.iter().map(|ignored| ignored.why.as_str()).collect())
    }

    #[test]
    fn a_prefix_says_which_groups_are_meant_and_makes_no_administrators() {
        let groups = ["sql-readers", "vpn", "sql-", "sql-admin", "admin", "sql-sql-x"];
        let (roles, why) = told(&rules("sql-", None), &groups);
        assert_eq!(roles, ["readers", "sql-x"]);
        assert_eq!(why, ["prefix", "prefix", "admin", "prefix"]);
        assert_eq!(told(&rules("sql-", Some(&["admin"])), &groups).0, ["admin"]);
    }

    #[test]
    fn a_list_names_the_roles_that_groups_may_give() {
        let (roles, why) = told(&rules("", Some(&["readers"])), &["readers", "writers", "admin"]);
        assert_eq!((roles, why), (["readers".into()].into(), ["not_allowed", "not_allowed"].into()));
        assert!(told(&rules("", Some(&[])), &["readers"]).0.is_empty());
    }

    #[test]
    fn without_either_every_group_is_a_role() {
        assert_eq!(told(&rules("", None), &["admin", "a b"]), (["admin".into(), "a b".into()].into(), Vec::new()));
    }
}
