//! What would a login do to somebody's roles? A dry run: nothing is granted by asking.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::{
        decision::Decision,
        failure::Stop,
        refusal::{KeysNeeded, Rejection, UserInfoNeeded},
        roles::{Membership, RolePlan},
    },
    ground::{json::written, profile::Profile, reason::ReasonCode},
    judging::{
        attempt::Attempt,
        run::{conclude, first_stop},
    },
    parsed::settings::Settings,
    telling::{Answer, SCHEMA, Verdict, passed_over},
};

/// What a login would do to the roles of its SQL user: the document of the verb `roles`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RolesDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// What was decided.
    pub decision: Decision,
    /// Whose rules decided.
    pub profile: Profile,
    /// The SQL user; `None` where nobody logs in.
    pub user: Option<String>,
    /// What the host would do. `None` where the login changes no role: groups are not synchronised, or it is refused. A login
    /// that is refused because the token has no group revokes every role all the same.
    pub plan: Option<RolePlan>,
    /// The statements that carry the plan out.
    pub statements: Vec<String>,
    /// The plan in one line, for people; `None` where the login is refused and nothing is changed.
    pub summary: Option<String>,
    /// The keys to fetch, when they are needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_needed: Option<KeysNeeded>,
    /// Whom to ask for the person's groups, when nothing else is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_needed: Option<UserInfoNeeded>,
    /// The reason, when it was rejected.
    pub reason: Option<Rejection>,
    /// Names in the settings text that are not ours and were passed over.
    pub ignored: Vec<String>,
}

impl RolesDocument {
    /// The dry run of one login, for somebody with these memberships in a database with these roles.
    pub(crate) fn of(
        mut attempt: Attempt<'_>,
        settings: &Settings,
        present: &[Membership],
        existing: Option<&[String]>,
    ) -> Self {
        let stop = first_stop(&mut attempt);
        let is_empty = matches!(&stop, Some(Stop::Failed(failure)) if failure.code == ReasonCode::GroupsEmpty);
        let is_changing = stop.is_none() || is_empty;
        let user = attempt.chosen().filter(|_| is_changing).map(|candidate| candidate.user.clone());
        let plan = attempt.compiled.groups.as_ref().and(user.as_ref()).map(|_| {
            let roles = attempt.roles.as_deref().unwrap_or_default();
            let ignored = attempt.ignored_groups.as_deref().unwrap_or_default();
            RolePlan::new(roles, ignored, present, existing)
        });
        let answer = Answer::from(conclude(attempt, stop)).located(settings);
        let told = |user: &String| match &plan {
            Some(plan) if is_empty => plan.summary(user) + "; the login itself is refused",
            Some(plan) => plan.summary(user),
            None => UNTOUCHED.to_owned(),
        };
        Self {
            schema: SCHEMA,
            decision: answer.decision,
            profile: settings.profile(),
            summary: user.as_ref().map(told),
            statements: plan.as_ref().zip(user.as_ref()).map(|(plan, user)| plan.statements(user)).unwrap_or_default(),
            user,
            plan,
            keys_needed: answer.keys_needed,
            userinfo_needed: answer.userinfo_needed,
            reason: answer.reason,
            ignored: passed_over(settings),
        }
    }

    /// That nothing is changed, for the reason why nobody logs in.
    pub(crate) fn refused(verdict: Verdict) -> Self {
        let Verdict { schema, decision, profile, keys_needed, userinfo_needed, reason, ignored, .. } = verdict;
        let (user, plan, statements, summary) = (None, None, Vec::new(), None);
        Self {
            schema,
            decision,
            profile,
            user,
            plan,
            statements,
            summary,
            keys_needed,
            userinfo_needed,
            reason,
            ignored,
        }
    }

    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

const UNTOUCHED: &str = "groups are not synchronised: this login changes no role";
