//! What differs between the profiles: an order of checks and a few switches, all of it data.

use core::fmt;

use crate::ground::{
    limits::{PRINCIPAL_BYTES_MAX, PRINCIPAL_BYTES_MAX_COCKROACHDB},
    reason::Check,
};

/// Whose rules decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// The default: fails closed, tells an unauthenticated client nothing, refuses settings that would let in more than
    /// they seem to.
    #[default]
    Hardened,
    /// The newest CockroachDB's order, grammar and messages, for an administrator who asks what the database would do.
    /// Where the database's token library tolerates malformed or hostile tokens, this profile still refuses them.
    Cockroachdb,
}

impl Profile {
    /// The name in settings and documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hardened => "hardened",
            Self::Cockroachdb => "cockroachdb",
        }
    }

    /// The checks in the order in which they decide: the first that fails is the reason.
    #[must_use]
    pub const fn order(self) -> &'static [Check] {
        self.rules().order
    }

    pub(crate) const fn rules(self) -> &'static Rules {
        match self {
            Self::Hardened => &HARDENED,
            Self::Cockroachdb => &COCKROACHDB,
        }
    }

    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Hardened => Self::Cockroachdb,
            Self::Cockroachdb => Self::Hardened,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A text that names no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProfile;

impl fmt::Display for UnknownProfile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a profile is `hardened` or `cockroachdb`")
    }
}

impl core::error::Error for UnknownProfile {}

impl core::str::FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        match text {
            "hardened" => Ok(Self::Hardened),
            "cockroachdb" => Ok(Self::Cockroachdb),
            _ => Err(UnknownProfile),
        }
    }
}

/// The switches. Each says what it turns on; `true` in one profile is `false` in the other. And one number.
pub(crate) struct Rules {
    pub(crate) order: &'static [Check],
    /// Settings and key sets are read without duplicate members, trailing text or padded base64, and an enabled
    /// validator needs at least one issuer and one audience, none of them empty.
    pub(crate) strict_documents: bool,
    /// Every regex of the identity map is anchored at both ends, and only `\1` is substituted.
    pub(crate) anchored_map: bool,
    /// A name in the identity map that is a configured issuer's but for a slash, case or the like spoils the map.
    pub(crate) map_names_exact: bool,
    /// The identity map compares principals without regard to case.
    pub(crate) map_ignores_case: bool,
    /// A login without a token is refused as such even when token logins are switched off.
    pub(crate) empty_token_first: bool,
    /// Registered claims of the wrong kind spoil the whole token instead of failing their own check.
    pub(crate) claim_kinds_in_token: bool,
    /// `exp` has to be there.
    pub(crate) exp_required: bool,
    /// Times may also be decimal or RFC 3339 strings, and a time that truncates to 0 counts as absent.
    pub(crate) loose_dates: bool,
    /// `engine.leeway_seconds` is honoured.
    pub(crate) leeway: bool,
    /// Numbers, booleans, null and objects become principals as Go prints them; a missing `sub` is the empty principal.
    pub(crate) loose_principals: bool,
    /// The longest principal, in bytes.
    pub(crate) principal_bytes_max: usize,
    /// No object on the way of a pointer claim states a member twice.
    pub(crate) pointer_members_once: bool,
    /// An e-mail principal has to be verified where the token speaks of verification.
    pub(crate) email_verified: bool,
    /// `Ed25519` (RFC 9864) names the algorithm of a token wherever `EdDSA` does.
    pub(crate) newer_names: bool,
    /// Tokens that report an event (logout, security event) are no logins.
    pub(crate) events_refused: bool,
    /// Names that the token or the client gives have to be valid SQL user names that normalisation changes by no more
    /// than ASCII case.
    pub(crate) plain_names: bool,
    /// The client sees the check's own message and detail instead of one message for all that precedes a proven token.
    pub(crate) talkative: bool,
}

const HARDENED: Rules = Rules {
    order: &[
        Check::Settings,
        Check::Enabled,
        Check::Token,
        Check::Header,
        Check::Issuer,
        Check::Key,
        Check::Signature,
        Check::Time,
        Check::Audience,
        Check::Principal,
        Check::IdentityMap,
        Check::User,
        Check::Reserved,
        Check::Groups,
    ],
    strict_documents: true,
    anchored_map: true,
    map_names_exact: true,
    map_ignores_case: false,
    empty_token_first: false,
    claim_kinds_in_token: false,
    exp_required: true,
    loose_dates: false,
    leeway: true,
    loose_principals: false,
    principal_bytes_max: PRINCIPAL_BYTES_MAX,
    pointer_members_once: true,
    email_verified: true,
    newer_names: true,
    events_refused: true,
    plain_names: true,
    talkative: false,
};

const COCKROACHDB: Rules = Rules {
    order: &[
        Check::Settings,
        Check::Enabled,
        Check::Token,
        Check::Header,
        Check::Principal,
        Check::IdentityMap,
        Check::User,
        Check::Issuer,
        Check::Key,
        Check::Signature,
        Check::Time,
        Check::Reserved,
        Check::Audience,
        Check::Groups,
    ],
    strict_documents: false,
    anchored_map: false,
    map_names_exact: false,
    map_ignores_case: true,
    empty_token_first: true,
    claim_kinds_in_token: true,
    exp_required: false,
    loose_dates: true,
    leeway: false,
    loose_principals: true,
    principal_bytes_max: PRINCIPAL_BYTES_MAX_COCKROACHDB,
    pointer_members_once: false,
    email_verified: false,
    newer_names: false,
    events_refused: false,
    plain_names: false,
    talkative: true,
};

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn both_orders_hold_the_same_checks() {
        let sorted = |profile: Profile| {
            let mut order: Vec<_> = profile.order().to_vec();
            order.sort_unstable();
            order
        };
        assert_eq!(sorted(Profile::Hardened), sorted(Profile::Cockroachdb));
    }

    #[test]
    fn names_parse_back() {
        for profile in [Profile::Hardened, Profile::Cockroachdb] {
            assert_eq!(profile.as_str().parse(), Ok(profile));
            assert_eq!(profile.other().other(), profile);
        }
        assert_eq!("postgres".parse::<Profile>(), Err(UnknownProfile));
    }
}
