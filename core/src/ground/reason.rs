//! Why a login is refused: the one table that every face, document and test takes its reasons from.
//!
//! A row never changes its meaning, its name or its number, and a retired number is never given out again. To add a
//! reason, add a row here and a test vector that meets it; everything else is derived or checked against this file.

use core::fmt;

use crate::ground::named::named;

/// One step of the decision. A profile puts the steps in order; the first that fails gives the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Check {
    /// The settings can be used at all.
    Settings,
    /// Token logins are switched on.
    Enabled,
    /// The token is one compact, well-formed signed token whose claims can be read.
    Token,
    /// The token's header asks for nothing this server does not do.
    Header,
    /// The token comes from a configured issuer.
    Issuer,
    /// The key that the token names is known, usable and the issuer's own.
    Key,
    /// The signature verifies under that key.
    Signature,
    /// The token is in its lifetime.
    Time,
    /// The token is meant for this server.
    Audience,
    /// The token says who its bearer is.
    Principal,
    /// The identity map gives the bearer at least one SQL user.
    IdentityMap,
    /// The requested SQL user is one of those.
    User,
    /// That SQL user is not one the database keeps for itself.
    Reserved,
    /// The token's groups give the SQL user its roles.
    Groups,
    /// Nothing went wrong inside the engine.
    Internal,
}

impl Check {
    /// The name used in every document: snake_case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Enabled => "enabled",
            Self::Token => "token",
            Self::Header => "header",
            Self::Issuer => "issuer",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Time => "time",
            Self::Audience => "audience",
            Self::Principal => "principal",
            Self::IdentityMap => "identity_map",
            Self::User => "user",
            Self::Reserved => "reserved",
            Self::Groups => "groups",
            Self::Internal => "internal",
        }
    }
}

named!(Check);

/// Builds [`ReasonCode`] and its table from one list of rows.
macro_rules! reasons {
    ($($variant:ident = $number:literal $name:literal $check:ident
        $summary:literal
        mend: $narrow:literal
        $(or: $widening:literal)?
        from: $reference:literal;)+) => {
        /// The machine-readable name of a refusal.
        ///
        /// # Example
        /// ```
        /// use sqljwt::ReasonCode;
        /// let code: ReasonCode = "audience_not_allowed".parse().expect("a known code");
        /// assert_eq!(code.number(), 4103);
        /// assert_eq!(code.check().as_str(), "audience");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ReasonCode {
            $(#[doc = $summary] $variant,)+
        }

        const ALL: &[ReasonCode] = &[$(ReasonCode::$variant),+];

        impl ReasonCode {
            const fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        number: $number,
                        name: $name,
                        check: Check::$check,
                        summary: $summary,
                        narrow: $narrow,
                        remedy: concat!(
                            $narrow
                            $(, ", or, if you know that the token is your provider's own, ", $widening)?
                        ),
                        reference: $reference,
                    },)+
                }
            }
        }
    };
}

struct Row {
    number: u16,
    name: &'static str,
    check: Check,
    summary: &'static str,
    /// What lets in no more than is let in today.
    narrow: &'static str,
    /// Both, for who reads about the reason and not about a token.
    remedy: &'static str,
    reference: &'static str,
}

impl ReasonCode {
    /// Every code, in the order of their numbers.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// The code as documents write it: snake_case, stable for ever.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The code's number, 1000 to 9999, banded by check; stable for ever.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.row().number
    }

    /// The check that gives this reason.
    #[must_use]
    pub const fn check(self) -> Check {
        self.row().check
    }

    /// What the code means, in one line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        self.row().summary
    }

    /// What would mend it, in general; an explanation says it for the case at hand.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        self.row().remedy
    }

    /// What would mend it and lets in no more than is let in today.
    pub(crate) const fn narrow_remedy(self) -> &'static str {
        self.row().narrow
    }

    /// The standard's section, or the server behaviour, that the rule comes from.
    #[must_use]
    pub const fn reference(self) -> &'static str {
        self.row().reference
    }
}

named!(ReasonCode);

/// A text that names no reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownReason;

impl fmt::Display for UnknownReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no reason has this code")
    }
}

impl core::error::Error for UnknownReason {}

impl core::str::FromStr for ReasonCode {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, UnknownReason> {
        ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownReason)
    }
}

reasons! {
    SettingsInvalid = 1001 "settings_invalid" Settings
        "the settings as a whole cannot be read"
        mend: "correct the settings at the place named"
        from: "settings document grammar";
    SettingUnknown = 1002 "setting_unknown" Settings
        "a setting of that name does not exist"
        mend: "correct the name of the setting, or remove it"
        from: "CockroachDB cluster settings";
    SettingWrongType = 1003 "setting_wrong_type" Settings
        "a setting has a value of the wrong kind or outside its range"
        mend: "give the setting a value of the kind named"
        from: "CockroachDB cluster settings";
    IssuersInvalid = 1004 "issuers_invalid" Settings
        "the list of issuers cannot be used"
        mend: "set server.jwt_authentication.issuers to the issuer's exact text, a JSON array of such texts, or {\"issuer_jwks_map\": {issuer: URL}}"
        from: "CockroachDB setting server.jwt_authentication.issuers.configuration";
    AudienceInvalid = 1005 "audience_invalid" Settings
        "the list of audiences cannot be used"
        mend: "set server.jwt_authentication.audience to the audience's exact text or to a JSON array of such texts"
        from: "CockroachDB setting server.jwt_authentication.audience";
    ClaimSettingInvalid = 1006 "claim_setting_invalid" Settings
        "the setting that names the identity claim cannot be used"
        mend: "set server.jwt_authentication.claim to a claim's name or to a JSON Pointer of at most 10 non-empty segments"
        from: "CockroachDB setting server.jwt_authentication.claim; RFC 6901";
    JwksInvalid = 1007 "jwks_invalid" Settings
        "the key set cannot be used"
        mend: "set server.jwt_authentication.jwks to the key set that the issuer's jwks_uri serves"
        from: "RFC 7517 section 5";
    IdentityMapInvalid = 1008 "identity_map_invalid" Settings
        "the identity map cannot be used"
        mend: "correct the line named in server.identity_map.configuration"
        from: "CockroachDB setting server.identity_map.configuration";
    ProfileUnknown = 1009 "profile_unknown" Settings
        "engine.profile names no profile"
        mend: "set engine.profile to hardened or to cockroachdb"
        from: "engine.profile";

    Disabled = 1101 "disabled" Enabled
        "token logins are switched off"
        mend: "set server.jwt_authentication.enabled to true"
        from: "CockroachDB setting server.jwt_authentication.enabled";

    TokenEmpty = 2001 "token_empty" Token
        "no token was sent"
        mend: "send the token in the password field; a client of CockroachDB also asks for it with options=--crdb:jwt_auth_enabled=true"
        from: "CockroachDB password message";
    TokenTooLarge = 2002 "token_too_large" Token
        "the token is longer than this server reads"
        mend: "have the identity provider put less into the token, or raise engine.max_token_bytes"
        from: "RFC 8725 section 3.11";
    TokenMalformed = 2003 "token_malformed" Token
        "the text is not a compact signed token of three parts"
        mend: "send the token alone: three base64url parts with two dots between them"
        from: "RFC 7515 section 7.1";
    TokenEncrypted = 2004 "token_encrypted" Token
        "the token is encrypted, not signed"
        mend: "have the identity provider sign tokens for this audience without encrypting them"
        from: "RFC 7516 section 9";
    TokenBadBase64 = 2005 "token_bad_base64" Token
        "a part of the token is not canonical unpadded base64url"
        mend: "send the token exactly as the identity provider issued it"
        from: "RFC 7515 section 2; RFC 4648 section 3.5";
    PayloadInvalid = 2006 "payload_invalid" Token
        "the token's claims are not one well-formed JSON object"
        mend: "have the identity provider issue a JSON object as the token's claims"
        from: "RFC 7519 section 7.2";
    PayloadDuplicateMember = 2007 "payload_duplicate_member" Token
        "the token states the same claim twice"
        mend: "have the identity provider issue each claim once"
        from: "RFC 7519 section 4; RFC 8725 section 2.6";

    HeaderInvalid = 2101 "header_invalid" Header
        "the token's header is not one well-formed JSON object with members of the right kind"
        mend: "send the token exactly as the identity provider issued it"
        from: "RFC 7515 section 4";
    HeaderDuplicateMember = 2102 "header_duplicate_member" Header
        "the token's header states the same member twice"
        mend: "have the identity provider issue each header member once"
        from: "RFC 7515 section 4";
    AlgNotAllowed = 2103 "alg_not_allowed" Header
        "the token names a signature algorithm that is never accepted"
        mend: "have the identity provider sign with RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA"
        from: "RFC 8725 section 3.1; RFC 7518 section 3.1";
    CritUnsupported = 2104 "crit_unsupported" Header
        "the token demands an extension that this server does not know"
        mend: "have the identity provider issue tokens without the header member crit"
        from: "RFC 7515 section 4.1.11";
    B64Unsupported = 2105 "b64_unsupported" Header
        "the token uses the unencoded-payload option"
        mend: "have the identity provider issue tokens without the header member b64"
        from: "RFC 7797 section 7";
    ZipUnsupported = 2106 "zip_unsupported" Header
        "the token says that it is compressed"
        mend: "have the identity provider issue tokens without the header member zip"
        from: "RFC 7516 section 4.1.3";
    TypNotAllowed = 2107 "typ_not_allowed" Header
        "the token is of another kind than an ID token or an access token"
        mend: "request an ID token or an access token from the identity provider"
        from: "RFC 8725 section 3.11; RFC 9068 section 2.1";
    CtyNested = 2108 "cty_nested" Header
        "the token wraps another token"
        mend: "send the inner token"
        from: "RFC 7519 section 5.2";

    IssMissing = 3001 "iss_missing" Issuer
        "the token does not say who issued it"
        mend: "have the identity provider put its issuer into the claim iss"
        from: "RFC 7519 section 4.1.1; RFC 8725 section 3.8";
    IssInvalid = 3002 "iss_invalid" Issuer
        "the token's issuer is not a text"
        mend: "have the identity provider issue the claim iss as one string"
        from: "RFC 7519 section 4.1.1";
    IssuerNotAllowed = 3003 "issuer_not_allowed" Issuer
        "the token's issuer is not one of the configured issuers"
        mend: "request the token from a configured issuer"
        or: "add its issuer, byte for byte, to server.jwt_authentication.issuers"
        from: "RFC 7519 section 4.1.1; RFC 8725 section 3.8";

    KeyIdMissing = 3101 "key_id_missing" Key
        "the token does not name the key that signed it"
        mend: "have the identity provider put the key's id into the header member kid"
        from: "RFC 7515 section 4.1.4; CockroachDB requires kid";
    KeyNotFound = 3102 "key_not_found" Key
        "the key that the token names is not in the key set"
        mend: "copy the key set that the issuer itself serves now into server.jwt_authentication.jwks"
        from: "RFC 7517 section 4.5";
    KeyAlgMismatch = 3103 "key_alg_mismatch" Key
        "the token's algorithm is not one that the named key is for"
        mend: "have the identity provider sign with an algorithm that the named key is for, or copy the key anew as the issuer itself serves it"
        from: "RFC 7517 section 4.4; RFC 8725 section 3.1";
    KeyNotForVerify = 3104 "key_not_for_verify" Key
        "the named key is not meant for verifying signatures"
        mend: "use a key whose use is sig and whose key_ops include verify"
        from: "RFC 7517 sections 4.2 and 4.3";
    KeyWeak = 3105 "key_weak" Key
        "the named key is too weak to prove anything"
        mend: "have the identity provider sign with an RSA key of at least 2048 bits, a NIST curve or Ed25519"
        from: "RFC 7518 section 3.3; RFC 8725 section 3.2";
    KeyInvalid = 3106 "key_invalid" Key
        "the named key is malformed"
        mend: "copy the key set that the issuer itself serves now into server.jwt_authentication.jwks"
        from: "RFC 7518 section 6; RFC 8037 section 2";
    KeyIssuerMismatch = 3107 "key_issuer_mismatch" Key
        "the named key belongs to another issuer"
        mend: "put each issuer's keys under engine.issuer_keys, and request the token from the issuer that owns the key"
        from: "RFC 8725 section 3.8";
    KeysUnavailable = 3108 "keys_unavailable" Key
        "the issuer's keys could not be fetched"
        mend: "make the issuer's jwks_uri reachable over https from this server, or configure the keys"
        from: "OpenID Connect Discovery 1.0 section 4";

    SignatureInvalid = 3201 "signature_invalid" Signature
        "the signature does not verify under the named key"
        mend: "send the token exactly as it was issued, and check that the key set is the issuer's current one"
        from: "RFC 7515 section 5.2";

    ExpMissing = 4001 "exp_missing" Time
        "the token does not say when it expires"
        mend: "have the identity provider put an expiry time into the claim exp"
        from: "RFC 8725 section 3.8; RFC 9068 section 2.2";
    ExpInvalid = 4002 "exp_invalid" Time
        "the token's expiry time is not a time"
        mend: "have the identity provider issue the claim exp as a number of seconds since 1970-01-01T00:00:00Z"
        from: "RFC 7519 sections 2 and 4.1.4";
    TokenExpired = 4003 "token_expired" Time
        "the token has expired"
        mend: "request a new token"
        from: "RFC 7519 section 4.1.4";
    NbfInvalid = 4004 "nbf_invalid" Time
        "the token's not-before time is not a time"
        mend: "have the identity provider issue the claim nbf as a number of seconds since 1970-01-01T00:00:00Z"
        from: "RFC 7519 sections 2 and 4.1.5";
    TokenNotYetValid = 4005 "token_not_yet_valid" Time
        "the token is not valid yet"
        mend: "wait until the time in nbf, and check the clocks of this server and of the identity provider"
        from: "RFC 7519 section 4.1.5";
    IatInvalid = 4006 "iat_invalid" Time
        "the token's time of issue is not a time"
        mend: "have the identity provider issue the claim iat as a number of seconds since 1970-01-01T00:00:00Z"
        from: "RFC 7519 sections 2 and 4.1.6";
    IssuedInFuture = 4007 "issued_in_future" Time
        "the token says it was issued in the future"
        mend: "check the clocks of this server and of the identity provider"
        from: "OpenID Connect Core 1.0 section 3.1.3.7; CockroachDB token check";
    LifetimeTooLong = 4008 "lifetime_too_long" Time
        "the token lives longer than this server allows"
        mend: "have the identity provider issue shorter-lived tokens"
        or: "raise engine.max_token_lifetime_seconds"
        from: "RFC 8725 section 3.8; engine.max_token_lifetime_seconds";

    AudMissing = 4101 "aud_missing" Audience
        "the token does not say which service it is for"
        mend: "have the identity provider put this server's audience into the claim aud"
        from: "RFC 7519 section 4.1.3; RFC 8725 section 3.9";
    AudInvalid = 4102 "aud_invalid" Audience
        "the token's audience is neither a text nor a list of texts"
        mend: "have the identity provider issue the claim aud as a string or an array of strings"
        from: "RFC 7519 section 4.1.3";
    AudienceNotAllowed = 4103 "audience_not_allowed" Audience
        "the token is meant for another service"
        mend: "request a token for an audience in server.jwt_authentication.audience"
        or: "add the token's audience there, unless tokens for others bear it too"
        from: "RFC 7519 section 4.1.3";

    ClaimMissing = 5001 "claim_missing" Principal
        "the claim that says who logs in is not in the token"
        mend: "have the identity provider put the claim into its tokens"
        or: "name another claim in server.jwt_authentication.claim"
        from: "CockroachDB setting server.jwt_authentication.claim";
    ClaimInvalid = 5002 "claim_invalid" Principal
        "the claim that says who logs in has a value that names nobody"
        mend: "have the identity provider issue the claim as a string or an array of strings"
        or: "name another claim in server.jwt_authentication.claim"
        from: "RFC 7519 section 4.1.2; CockroachDB setting server.jwt_authentication.claim";
    EmailUnverified = 5003 "email_unverified" Principal
        "the identity provider has not verified the person's e-mail address"
        mend: "verify the address at the identity provider"
        or: "name another claim in server.jwt_authentication.claim"
        from: "OpenID Connect Core 1.0 section 5.7";
    RequiredClaimMissing = 5004 "required_claim_missing" Principal
        "a claim that this server requires is not in the token"
        mend: "have the identity provider put the claim into its tokens"
        or: "remove it from engine.required_claims"
        from: "engine.required_claims";
    CnfUnsupported = 5005 "cnf_unsupported" Principal
        "the token is bound to a key that only its owner can use"
        mend: "request a plain token: without DPoP and without mutual TLS binding"
        from: "RFC 7800 section 3; RFC 9449 section 7.1";
    ScopeMissing = 5006 "scope_missing" Principal
        "the token was not issued for what this server requires"
        mend: "request a token with the scope"
        or: "remove it from engine.required_scopes"
        from: "RFC 9068 section 2.2.3; RFC 6749 section 3.3; engine.required_scopes";

    IdentityUnmapped = 5101 "identity_unmapped" IdentityMap
        "the identity map has lines for this issuer, and none gives this login a SQL user"
        mend: "log in with a token to which a line of server.identity_map.configuration gives a SQL user"
        or: "add a line for exactly this person to it"
        from: "CockroachDB setting server.identity_map.configuration";
    MappedUserInvalid = 5102 "mapped_user_invalid" IdentityMap
        "the name that the login gets is not a valid SQL user name"
        mend: "correct the name at the identity provider, or in the line of server.identity_map.configuration that gives it"
        or: "add a line for exactly this person to server.identity_map.configuration"
        from: "CockroachDB user name rules";
    TooCostly = 5103 "too_costly" IdentityMap
        "matching the token against the identity map would take more work than one login may"
        mend: "have the identity provider put fewer or shorter values into the claim that says who logs in, or give the regexes of server.identity_map.configuration fixed text"
        from: "SECURITY.md, bounded work";

    UserMismatch = 6001 "user_mismatch" User
        "the requested SQL user is not one that the token gives"
        mend: "log in as a SQL user that the token gives"
        or: "add a line for exactly this person to server.identity_map.configuration"
        from: "CockroachDB login check";
    UserAmbiguous = 6002 "user_ambiguous" User
        "no SQL user was requested and the token gives more than one"
        mend: "name the SQL user to log in as"
        from: "CockroachDB login check";

    UserReserved = 6101 "user_reserved" Reserved
        "the SQL user is one that the database keeps for itself"
        mend: "log in as an ordinary SQL user"
        or: "map the person to one in server.identity_map.configuration"
        from: "CockroachDB reserved user names";

    GroupsMissing = 7001 "groups_missing" Groups
        "the token carries no groups, and its issuer cannot be asked for them"
        mend: "have the identity provider put the groups into its tokens"
        or: "name another claim in server.jwt_authentication.group_claim"
        from: "CockroachDB setting server.jwt_authentication.group_claim";
    GroupsInvalid = 7002 "groups_invalid" Groups
        "the token's groups are not a text or a list of texts"
        mend: "have the identity provider issue the groups as an array of strings"
        from: "CockroachDB setting server.jwt_authentication.group_claim";
    GroupsEmpty = 7003 "groups_empty" Groups
        "the token's list of groups is empty"
        mend: "give the person a group at the identity provider"
        from: "CockroachDB group synchronisation";
    UserinfoNeeded = 7004 "userinfo_needed" Groups
        "the groups can only be had from the issuer's userinfo endpoint"
        mend: "have the identity provider put the groups into its tokens"
        from: "CockroachDB setting server.jwt_authentication.userinfo_group_key";
    GroupsTooMany = 7006 "groups_too_many" Groups
        "the token's groups name more roles than one login may have"
        mend: "have the identity provider put only the groups that name roles into its tokens"
        from: "SECURITY.md, bounded work";

    InternalError = 9001 "internal_error" Internal
        "the engine failed to decide"
        mend: "report this as a bug; nobody is logged in by it"
        from: "engine";
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn names_and_numbers_are_unique() {
        let names: BTreeSet<_> = ALL.iter().map(|code| code.as_str()).collect();
        let numbers: BTreeSet<_> = ALL.iter().map(|code| code.number()).collect();
        assert_eq!((names.len(), numbers.len()), (ALL.len(), ALL.len()));
    }

    #[test]
    fn codes_stand_in_the_order_of_their_numbers() {
        assert!(ALL.is_sorted_by_key(|code| code.number()));
    }

    #[test]
    fn every_code_parses_back_from_its_name() {
        for &code in ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
        }
        assert_eq!("no_such_reason".parse::<ReasonCode>(), Err(UnknownReason));
    }

    #[test]
    fn texts_follow_the_house_rules() {
        for &code in ALL {
            for text in [code.summary(), code.remedy(), code.narrow_remedy()] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{code}: {text}");
                assert!(!text.contains('\n'), "{code}: {text}");
            }
        }
    }
}
