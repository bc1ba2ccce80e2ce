//! One login attempt: what was asked, and what the checks have found so far.
//!
//! Each check reads what earlier ones have found and adds its own finding; none looks back.

use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};
use core::cell::OnceCell;

use crate::{
    answers::{
        identity::{Found, Identity},
        login::{Bearer, Login},
        roles::IgnoredGroup,
    },
    ground::{fault::Fault, json::Value, limits::LOGIN_STEPS_MAX, work::Work},
    parsed::{
        fetched::UserInfo,
        keys::{Key, KeySet, remote::Remote},
        providers::Facts,
        token::{UnverifiedToken, VerifiedToken, header::Header},
        user_names::UserNames,
    },
    rules::{
        key_cache::{FetchedKeys, Held, KeyCache},
        policy::{
            compiled::Compiled,
            issuer::{Keys, Policy},
        },
        profile::rules::Rules,
    },
};

/// What was asked, and what has been found.
pub(crate) struct Attempt<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) token: &'a UnverifiedToken<'a>,
    pub(crate) requested: &'a str,
    /// Unix seconds.
    pub(crate) now: i64,
    /// What the decision may still cost, or, once it is made, the advice.
    pub(crate) work: Work,
    /// The keys that were fetched, where the host fetches keys.
    pub(crate) fetched: Option<&'a KeyCache>,
    /// What the issuer knows of the bearer, where the host has asked.
    pub(crate) user_info: Option<&'a UserInfo>,
    /// The token as another profile has verified it, so that it need not be verified twice.
    pub(crate) verified_elsewhere: Option<VerifiedToken<'a>>,

    /// By the token check: the claims, an object.
    pub(crate) claims: Option<Value<'a>>,
    /// By the header check.
    pub(crate) header: Option<Header<'a>>,
    /// By the issuer check: what is configured for the token's issuer.
    pub(crate) policy: Option<&'a Policy>,
    /// By the key check.
    pub(crate) key: Option<&'a Key>,
    /// By the signature check.
    pub(crate) verified: Option<VerifiedToken<'a>>,
    /// By the time check.
    pub(crate) times: Times,
    /// By the audience check: the configured audience that the token names.
    pub(crate) audience: Option<Arc<str>>,
    /// By the principal check.
    pub(crate) principals: Option<Vec<Cow<'a, str>>>,
    /// By the identity map check: whom the bearer may be.
    pub(crate) candidates: Option<Vec<Candidate>>,
    /// By the identity map check: how many users the database would count, one again for each principal that gives it.
    pub(crate) entries: usize,
    /// By the user check: the index of the candidate who logs in.
    pub(crate) chosen: Option<usize>,
    /// By the groups check.
    pub(crate) roles: Option<Vec<String>>,
    /// By the groups check: what gives no role by the engine's options.
    pub(crate) ignored_groups: Option<Vec<IgnoredGroup>>,
    /// By the telling, once the checks have judged: whether any key of the set has signed the token.
    pub(crate) signed_by_the_set: OnceCell<bool>,
}

/// What there is of an issuer's keys.
pub(crate) enum IssuerKeys<'a> {
    /// Those of the settings.
    Configured(&'a KeySet),
    /// Those that were fetched and count at this moment.
    Fetched(&'a FetchedKeys, &'a KeySet),
    /// Fetched ones that the profile cannot read.
    Unreadable(&'a Fault),
    /// None: where to fetch them, and what became of those that there were.
    Lacking(&'a Remote, Option<String>),
    /// None that are known to have counted at a moment of the past, and why.
    Unknown(String),
}

impl<'a> IssuerKeys<'a> {
    /// The keys, configured or fetched.
    pub(crate) fn set(self) -> Option<&'a KeySet> {
        match self {
            Self::Configured(keys) | Self::Fetched(_, keys) => Some(keys),
            Self::Unreadable(_) | Self::Lacking(..) | Self::Unknown(_) => None,
        }
    }
}

/// The token's time claims, in Unix seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) issued_at: Option<i64>,
    pub(crate) not_before: Option<i64>,
    pub(crate) expires_at: Option<i64>,
}

/// A SQL user whom the bearer may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) user: String,
    /// Index of the principal that gives this user.
    pub(crate) principal: usize,
    /// The line of the identity map that gives this user; `None` where the issuer has no map.
    pub(crate) line: Option<u32>,
    /// Why nobody can log in as this user, although the token gives it.
    pub(crate) defect: Option<&'static str>,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(compiled: &'a Compiled, token: &'a UnverifiedToken<'a>, requested: &'a str, now: i64) -> Self {
        Self {
            compiled,
            token,
            requested,
            now,
            work: Work::of(LOGIN_STEPS_MAX),
            fetched: None,
            user_info: None,
            verified_elsewhere: None,
            claims: None,
            header: None,
            policy: None,
            key: None,
            verified: None,
            times: Times::default(),
            audience: None,
            principals: None,
            candidates: None,
            entries: 0,
            chosen: None,
            roles: None,
            ignored_groups: None,
            signed_by_the_set: OnceCell::new(),
        }
    }

    /// The same, with what was fetched for it.
    pub(crate) fn with(self, fetched: Option<&'a KeyCache>, user_info: Option<&'a UserInfo>) -> Self {
        Self { fetched, user_info, ..self }
    }

    /// The same question, asked anew with what is left of the work; the signature need not be verified again.
    pub(crate) fn again(&self) -> Self {
        Self {
            work: Work::of(self.work.left()),
            verified_elsewhere: self.verified,
            ..self.under(self.compiled, self.token)
        }
    }

    /// The same question about other settings, or about the token as it reads otherwise.
    pub(crate) fn under<'b>(&self, compiled: &'b Compiled, token: &'b UnverifiedToken<'b>) -> Attempt<'b>
    where
        'a: 'b,
    {
        Attempt::new(compiled, token, self.requested, self.now).with(self.fetched, self.user_info)
    }

    /// The rules of the profile that decides.
    pub(crate) fn rules(&self) -> &'static Rules {
        self.compiled.rules
    }

    /// The server's rules for the names of SQL users.
    pub(crate) fn names(&self) -> &'a UserNames {
        &self.compiled.names
    }

    /// The token's issuer as the token states it; the empty text when it states none.
    pub(crate) fn stated_issuer(&self) -> Cow<'a, str> {
        self.claims.and_then(|claims| claims.member("iss")).and_then(Value::string).unwrap_or_default()
    }

    /// What the token says about itself and its provider; for texts alone, whoever wrote it.
    pub(crate) fn facts(&self) -> Option<Facts<'a>> {
        let claims = self.claims?;
        Some(Facts { header: self.token.header().ok(), claims })
    }

    /// What is configured for the token's issuer; for an issuer that is not configured, what holds for all.
    pub(crate) fn policy(&self) -> &'a Policy {
        self.policy.unwrap_or_else(|| self.compiled.policy(&self.stated_issuer()).unwrap_or(&self.compiled.common))
    }

    /// What there is of the keys that decide about the token's issuer.
    pub(crate) fn keys(&self) -> IssuerKeys<'a> {
        self.keys_of(self.policy(), self.rules())
    }

    /// What there is of the keys that a policy names, as these rules read them.
    pub(crate) fn keys_of<'k>(&self, policy: &'k Policy, rules: &Rules) -> IssuerKeys<'k>
    where
        'a: 'k,
    {
        match (&*policy.keys, self.fetched) {
            (Keys::Set(keys), _) => IssuerKeys::Configured(keys),
            (Keys::Remote(remote), None) => IssuerKeys::Lacking(remote, None),
            (Keys::Remote(remote), Some(cache)) => match cache.held(&policy.issuer, rules.keys, self.now) {
                Held::Keys(fetched, keys) => IssuerKeys::Fetched(fetched, keys),
                Held::Unreadable(fault) => IssuerKeys::Unreadable(fault),
                Held::None(lack) => IssuerKeys::Lacking(remote, lack),
                Held::Unknown(why) => IssuerKeys::Unknown(why),
            },
        }
    }

    /// Whether the issuer's keys may be asked for before their time, because of an id that is not among them.
    pub(crate) fn may_fetch_anew(&self) -> bool {
        self.fetched.is_some_and(|cache| cache.may_refresh(&self.policy().issuer, self.now))
    }

    /// Whether a configured key has verified the token, so that it says what the holder of that key wrote. Keys that
    /// decide about no configured issuer prove nothing.
    pub(crate) fn proven(&self) -> bool {
        self.verified.is_some() && (self.policy.is_some() || self.compiled.common_keys_decide())
    }

    /// The candidate who logs in.
    pub(crate) fn chosen(&self) -> Option<&Candidate> {
        self.candidates.as_ref()?.get(self.chosen?)
    }

    /// The SQL users that the bearer may be.
    pub(crate) fn users(&self) -> impl Iterator<Item = &str> {
        self.candidates.iter().flatten().map(|candidate| candidate.user.as_str())
    }

    /// The bearer, once every check but those of the SQL user has passed. There is none by rules that only say what a server
    /// would decide.
    pub(crate) fn into_identity(self) -> Option<Identity> {
        if !self.rules().lets_in {
            return None;
        }
        let found = Found {
            principals: self.principals?.into_iter().map(Cow::into_owned).collect(),
            issuer: Arc::clone(&self.policy?.issuer),
            audience: self.audience?,
            issued_at: self.times.issued_at,
            expires_at: self.times.expires_at,
            roles: self.roles,
            ignored_groups: self.ignored_groups,
        };
        Some(Identity::new(&self.verified?, found))
    }

    /// The login, once every check has passed. There is none by rules that only say what a server would decide.
    pub(crate) fn into_login(self) -> Option<Login> {
        if !self.rules().lets_in {
            return None;
        }
        let candidate = self.candidates?.into_iter().nth(self.chosen?)?;
        let principal = self.principals?.into_iter().nth(candidate.principal)?;
        let provision = self.compiled.provision(&candidate.user, &self.policy?.issuer);
        let bearer = Bearer {
            user: candidate.user,
            principal: principal.into_owned(),
            issuer: Arc::clone(&self.policy?.issuer),
            audience: self.audience?,
            issued_at: self.times.issued_at,
            expires_at: self.times.expires_at,
            map_line: candidate.line,
            roles: self.roles,
            ignored_groups: self.ignored_groups,
            provision,
        };
        Some(Login::new(&self.verified?, bearer))
    }
}
