//! Which kinds of bad tokens are there? One row for each.

use serde_json::{Value, json};
use sqljwt::ReasonCode;

use super::{
    Row,
    making::{
        JWKS, claim_twice, claims_text, cut, forged, header_member_twice, header_text, hs256_with_public_key,
        jwk_header, other_algorithm, published, tampered, unchanged, unsigned, weak, weakly_signed,
    },
};
use crate::{Issuer, keys::base64url};

/// Builds [`BadToken`] and its table from one list of rows.
macro_rules! bad_tokens {
    ($($variant:ident $name:literal $code:ident $about:literal
        $token:expr
        $(, settings: $settings:expr)?
        $(, user: $user:literal)?;)+) => {
        /// One way for a token to be refused.
        ///
        /// # Example
        /// ```
        /// use sqljwt_testing::{BadToken, Issuer, assert_rejected};
        /// const NOW: i64 = 1_800_000_000;
        /// let idp = Issuer::default().with_claim("sub", "alice");
        /// for &bad in BadToken::all() {
        ///     let user = bad.user().unwrap_or("alice");
        ///     assert_rejected(&idp.bad_settings(bad), idp.bad(bad, NOW).mint(), user, bad.code(), NOW);
        /// }
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum BadToken {
            $(#[doc = concat!($about, ": [`ReasonCode::", stringify!($code), "`].")] $variant,)+
        }

        const ALL: &[BadToken] = &[$(BadToken::$variant),+];

        impl BadToken {
            pub(super) const fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        name: $name,
                        code: ReasonCode::$code,
                        about: $about,
                        token: $token,
                        settings: optional!($($settings)?),
                        user: optional!($($user)?),
                    },)+
                }
            }
        }
    };
}

macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

impl BadToken {
    /// Every kind.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::BadToken;
    /// assert!(BadToken::all().len() > 50 && BadToken::all().contains(&BadToken::Expired));
    /// ```
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ALL
    }
}

bad_tokens! {
    Empty "empty" TokenEmpty "no token at all"
        |_| String::new();
    TooLarge "too_large" TokenTooLarge "longer than the server reads"
        |good| good.claim("padding", "x".repeat(70_000)).mint();
    Malformed "malformed" TokenMalformed "two parts"
        cut;
    Encrypted "encrypted" TokenEncrypted "an encrypted token of five parts"
        |_| format!("{}.AA.AA.AA.AA", base64url(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#));
    Padded "padded" TokenBadBase64 "base64 with padding"
        |good| good.mint() + "=";
    ClaimsNotJson "claims_not_json" PayloadInvalid "claims that are no JSON"
        |good| claims_text(&good, "hello");
    ClaimTwice "claim_twice" PayloadDuplicateMember "the claim iss stated twice"
        |good| claim_twice(&good);
    HeaderNotJson "header_not_json" HeaderInvalid "a header that is no JSON"
        |good| header_text(&good, "hello");
    HeaderMemberTwice "header_member_twice" HeaderDuplicateMember "the header member kid stated twice"
        |good| header_member_twice(&good);
    AlgNone "alg_none" AlgNotAllowed "no signature, and alg says none"
        unsigned;
    Hs256WithPublicKey "hs256_with_public_key" AlgNotAllowed "the public key used as a shared secret"
        hs256_with_public_key;
    CriticalExtension "critical_extension" CritUnsupported "an extension that must be understood"
        |good| good.header("crit", json!(["exp"])).mint();
    UnencodedPayload "unencoded_payload" B64Unsupported "the unencoded-payload option"
        |good| good.header("b64", false).mint();
    Compressed "compressed" ZipUnsupported "says that it is compressed"
        |good| good.header("zip", "DEF").mint();
    LogoutToken "logout_token" TypNotAllowed "a token of another kind"
        |good| good.header("typ", "logout+jwt").mint();
    Nested "nested" CtyNested "a token that wraps a token"
        |good| good.header("cty", "JWT").mint();
    NoIssuer "no_issuer" IssMissing "no claim iss"
        |good| good.without_claim("iss").mint();
    IssuerNotText "issuer_not_text" IssInvalid "an issuer that is no text"
        |good| good.claim("iss", json!(["https://idp.test"])).mint();
    OtherIssuer "other_issuer" IssuerNotAllowed "another issuer"
        |good| good.claim("iss", "https://other-issuer.test").mint();
    NoKid "no_kid" KeyIdMissing "no key id"
        |good| good.without_header("kid").mint();
    UnknownKid "unknown_kid" KeyNotFound "a key id that nobody published"
        |good| good.header("kid", "unknown").mint();
    KeysOutOfReach "keys_out_of_reach" KeysUnavailable
        "of an issuer whose keys are to be fetched, but whose name is no address"
        |good| good.claim("iss", WITHOUT_ADDRESS).mint(),
        settings: |issuer| json!({ISSUERS: [issuer.url(), WITHOUT_ADDRESS], FETCH: true});
    OtherAlgorithm "other_algorithm" KeyAlgMismatch "an algorithm that the key is not for"
        other_algorithm;
    EncryptionKey "encryption_key" KeyNotForVerify "a key published for encryption"
        unchanged,
        settings: |issuer| published(issuer, &json!({"use": "enc"}));
    WeakKey "weak_key" KeyWeak "an RSA key of 1024 bits"
        weakly_signed,
        settings: weak;
    MalformedKey "malformed_key" KeyInvalid "a key whose numbers are cut off"
        unchanged,
        settings: |issuer| published(issuer, &json!({"x": "AA", "n": "AA", "y": "AA"}));
    OtherIssuersKey "other_issuers_key" KeyIssuerMismatch "a key published as another issuer's"
        unchanged,
        settings: |issuer| published(issuer, &json!({"issuer": "https://other-issuer.test"}));
    Tampered "tampered" SignatureInvalid "claims changed after signing"
        tampered;
    Forged "forged" SignatureInvalid "signed by another key of the same id"
        forged;
    JwkHeader "jwk_header" SignatureInvalid "brings the attacker's key in its header"
        jwk_header;
    NoExpiry "no_expiry" ExpMissing "no claim exp"
        |good| good.without_claim("exp").mint();
    ExpiryNotNumber "expiry_not_number" ExpInvalid "an expiry that is no number"
        |good| good.claim("exp", "tomorrow").mint();
    Expired "expired" TokenExpired "expired an hour ago"
        |good| {
            let now = good.now;
            good.claim("iat", now - 7200).claim("exp", now - 3600).mint()
        };
    NotBeforeNotNumber "not_before_not_number" NbfInvalid "a not-before that is no number"
        |good| good.claim("nbf", "now").mint();
    NotYetValid "not_yet_valid" TokenNotYetValid "valid in half an hour"
        |good| {
            let now = good.now;
            good.claim("nbf", now + 1800).mint()
        };
    IssuedAtNotNumber "issued_at_not_number" IatInvalid "a time of issue that is no number"
        |good| good.claim("iat", "now").mint();
    IssuedInFuture "issued_in_future" IssuedInFuture "issued in half an hour"
        |good| {
            let now = good.now;
            good.claim("iat", now + 1800).mint()
        };
    LivesTooLong "lives_too_long" LifetimeTooLong "lives for a week where a day is allowed"
        |good| good.lifetime(604_800).mint(),
        settings: |_| json!({"engine.max_token_lifetime_seconds": 86_400});
    NoAudience "no_audience" AudMissing "no claim aud"
        |good| good.without_claim("aud").mint();
    AudienceNotText "audience_not_text" AudInvalid "an audience that is no text"
        |good| good.claim("aud", 7).mint();
    WrongAudience "wrong_audience" AudienceNotAllowed "meant for another service"
        |good| good.claim("aud", "another-service").mint();
    NoIdentity "no_identity" ClaimMissing "no claim that names the bearer"
        unchanged,
        settings: |_| json!({CLAIM: "nobody"});
    IdentityNotText "identity_not_text" ClaimInvalid "a bearer that is no text"
        |good| good.claim(BEARER, json!({"name": "alice"})).mint(),
        settings: |_| json!({CLAIM: BEARER});
    EmailUnverified "email_unverified" EmailUnverified "an address that nobody verified"
        |good| good.claim("email", "alice@example.com").claim("email_verified", false).mint(),
        settings: |issuer| json!({CLAIM: "email", MAP: format!("{} alice@example.com alice", issuer.url())});
    NoRequiredClaim "no_required_claim" RequiredClaimMissing "lacks a claim that the server requires"
        unchanged,
        settings: |_| json!({"engine.required_claims": ["a_claim_that_is_required"]});
    NoRequiredScope "no_required_scope" ScopeMissing "issued for another scope than the server requires"
        |good| good.claim("scope", "openid").mint(),
        settings: |_| json!({"engine.required_scopes": ["a:required:scope"]});
    KeyBound "key_bound" CnfUnsupported "bound to a key of the bearer's"
        |good| good.claim("cnf", json!({"jkt": "AA"})).mint();
    Unmapped "unmapped" IdentityUnmapped "nobody that the map knows"
        unchanged,
        settings: |issuer| json!({MAP: format!("{} nobody nobody", issuer.url())});
    UnfitName "unfit_name" MappedUserInvalid "a bearer whose name is no SQL user name"
        |good| good.claim(BEARER, "not a name").mint(),
        settings: |_| unmapped_bearer(),
        user: "";
    TooCostly "too_costly" TooCostly "many long names that a regex of many steps is tried on"
        |good| good.claim(BEARER, long_names()).mint(),
        settings: |issuer| json!({CLAIM: BEARER, MAP: format!("{} /^(?:[ab]?){{1000}}c*$ hard", issuer.url())});
    SomebodyElse "somebody_else" UserMismatch "somebody else than the requested user"
        |good| good.claim(BEARER, "somebody_else").mint(),
        settings: |_| unmapped_bearer(),
        user: "alice";
    TwoNames "two_names" UserAmbiguous "two names, and no user requested"
        |good| good.claim(BEARER, json!(["alice", "bob"])).mint(),
        settings: |_| unmapped_bearer(),
        user: "";
    ReservedName "reserved_name" UserReserved "a name that the database keeps for itself"
        |good| good.claim(BEARER, "root").mint(),
        settings: |_| unmapped_bearer(),
        user: "root";
    NoGroups "no_groups" UserinfoNeeded "no groups where they are required"
        |good| good.without_claim("groups").mint(),
        settings: |_| groups();
    NobodyToAsk "nobody_to_ask" GroupsMissing "no groups, of an issuer whose name is no address to ask at"
        |good| good.claim("iss", WITHOUT_ADDRESS).claim(BEARER, "alice").without_claim("groups").mint(),
        settings: groups_of_nobody,
        user: "alice";
    UnreadableGroups "unreadable_groups" GroupsInvalid "groups that are a number"
        |good| good.claim("groups", 7).mint(),
        settings: |_| groups();
    EmptyGroups "empty_groups" GroupsEmpty "an empty list of groups"
        |good| good.claim("groups", json!([])).mint(),
        settings: |_| groups();
    TooManyGroups "too_many_groups" GroupsTooMany "more groups than one login may have roles"
        |good| good.claim("groups", (0..5000).map(|number| format!("g{number}")).collect::<Vec<_>>()).mint(),
        settings: |_| groups();
}

/// The bearer is named by a claim that no identity provider writes, and the issuer has no map.
fn unmapped_bearer() -> Value {
    json!({CLAIM: BEARER, MAP: ""})
}

fn groups() -> Value {
    json!({
        "server.jwt_authentication.authorization.enabled": true,
        "server.jwt_authentication.group_claim": "groups",
    })
}

/// The issuer's key signs for another issuer too, whom nobody can ask for groups.
fn groups_of_nobody(issuer: &Issuer) -> Value {
    let mut settings = groups();
    settings[ISSUERS] = json!([issuer.url(), WITHOUT_ADDRESS]);
    settings[JWKS] = json!({"keys": [issuer.key().public_jwk()]});
    settings[CLAIM] = BEARER.into();
    settings[MAP] = "".into();
    settings
}

fn long_names() -> Vec<String> {
    (0..40).map(|number| format!("{}{}d", "a".repeat(960), "b".repeat(number))).collect()
}

const BEARER: &str = "bearer";
const WITHOUT_ADDRESS: &str = "an-issuer-without-address";

const CLAIM: &str = "server.jwt_authentication.claim";
const ISSUERS: &str = "server.jwt_authentication.issuers";
const FETCH: &str = "server.jwt_authentication.jwks_auto_fetch.enabled";
const MAP: &str = "server.identity_map.configuration";
