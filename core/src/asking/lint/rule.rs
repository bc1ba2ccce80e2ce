//! Which rules are there? The one table of them.

use alloc::{string::String, vec::Vec};

use serde::{Serialize, Serializer};

use crate::{
    ground::{json::written, named::named},
    telling::SCHEMA,
};

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Somebody gets in who should not, or nobody gets in who should.
    Error,
    /// It works today and is not safe, or is not what it seems.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The severity, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

named!(Severity);

/// Each rule: its name, how grave it is, what it finds, and why that matters.
macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $title:literal $why:literal;)*) => {
        /// A rule that settings can break.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $title] $name,)*
        }

        impl Rule {
            const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The rule, for programs: it never changes its meaning and is never used twice.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// How grave it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }

            /// What it finds.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }

            /// Why that matters.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self {
                    $(Self::$name => $why,)*
                }
            }
        }
    };
}

impl Rule {
    /// All rules, in the order of the table.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        Self::ALL.iter().copied()
    }
}

/// All rules: the document of the verb `rules`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RulesDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// The rules, in the order of the table.
    pub rules: Vec<RuleRow>,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// How grave it is.
    pub severity: Severity,
    /// What it finds.
    pub title: &'static str,
    /// Why that matters.
    pub why: &'static str,
}

impl RulesDocument {
    pub(crate) fn new() -> Self {
        let row = |rule: Rule| RuleRow { rule, severity: rule.severity(), title: rule.title(), why: rule.why() };
        Self { schema: SCHEMA, rules: Rule::all().map(row).collect() }
    }

    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

rules! {
    SettingUnusable "setting-unusable" Error
        "a setting cannot be used"
        "With it no settings hold at all: every login by token is refused until it is mended.";
    SettingMisspelt "setting-misspelt" Error
        "a name is nearly that of a setting"
        "What it was meant to set has its default, and nobody is told.";
    SettingPlaceholder "setting-placeholder" Error
        "a placeholder was never filled in"
        "The engine takes it literally, as a value that no token will ever bear.";

    MapLineUnreadable "map-line-unreadable" Error
        "a line of the identity map cannot be read"
        "One such line spoils the whole map: the database refuses it, or, where it was stored before, takes principals as SQL users as they are.";
    MapCommentCuts "map-comment-cuts" Error
        "a `#` in the middle of a word cuts a line of the identity map"
        "`#` begins a comment wherever it stands: what follows it, and what it should have matched, is gone.";
    MapRegexUnanchored "map-regex-unanchored" Error
        "a regex of the identity map need not match the whole principal"
        "A regex matches anywhere in the principal unless `^` and `$` hold it: whoever can choose what stands around it gets in.";
    MapRegexAlternation "map-regex-alternation" Error
        "`|` lets a part of a regex of the identity map go without its `^` or `$`"
        "`^a|b$` is `^a` or `b$`: each half is open at one end. Parentheses, `^(?:a|b)$`, close them.";
    MapUnsearched "map-unsearched" Warning
        "regexes of the identity map are too large, or too many, to be searched to the end"
        "What they let in beyond what they seem to is not known.";
    MapRegexNothing "map-regex-nothing" Error
        "a regex of the identity map matches nothing at all"
        "Nobody ever logs in by that line.";
    MapRegexWide "map-regex-wide" Warning
        "a regex of the identity map takes more than its writer can have meant"
        "It matches values that people choose themselves, or values of whole groups of people, jobs and machines.";
    MapRegexDot "map-regex-dot" Warning
        "a dot in a regex of the identity map stands for any character"
        "`example.com` also matches `exampleXcom`: a name that somebody else can register. Write `\\.`.";
    MapCaptureEmpty "map-capture-empty" Warning
        "the part that a line of the identity map takes over can be empty"
        "The SQL user is then what stands around `\\1`: one user for everybody whose name is empty there.";
    MapCaptureTaken "map-capture-taken" Warning
        "a pattern of the identity map can give a SQL user whom another line gives by name"
        "Whoever gets a name at the identity provider that reads so becomes that user.";
    MapCaptureAdministrator "map-capture-administrator" Note
        "a pattern of the identity map can give the name of an administrator"
        "Whoever is called so at the identity provider asks to be that user.";
    MapUsersMerged "map-users-merged" Warning
        "two principals become one SQL user by one line of the identity map"
        "What the line does not take over tells people apart: without it two of them share a user.";
    MapCaseMerged "map-case-merged" Note
        "principals that differ only in case become one SQL user"
        "CockroachDB ignores case in the identity map; some identity providers tell people apart by it.";
    MapSecondCapture "map-second-capture" Error
        "`\\2` to `\\9` are not replaced"
        "Only `\\1` is: the SQL user is then the text `\\2`, which nobody has.";
    MapDollarCapture "map-dollar-capture" Error
        "`$1` in the SQL user is not replaced"
        "CockroachDB's identity map writes `\\1`, as PostgreSQL does.";
    MapBackslashDoubled "map-backslash-doubled" Error
        "a backslash is written twice"
        "The value is no string of a program: `\\\\.` asks for a backslash in the principal.";
    MapLineDuplicate "map-line-duplicate" Note
        "two lines of the identity map say the same"
        "One of them can go; whoever takes away a right later will miss the other.";
    MapLineCovered "map-line-covered" Note
        "everything that a line of the identity map gives, another line gives too"
        "To take the line away takes nobody's right away.";
    MapUserReserved "map-user-reserved" Error
        "a line of the identity map gives a SQL user that is reserved"
        "The server keeps that name for itself: nobody logs in by the line.";
    MapUserInvalid "map-user-invalid" Error
        "a line of the identity map gives no name that a SQL user can have"
        "Nobody can be created with that name, so nobody logs in by the line.";
    MapUserKeyword "map-user-keyword" Warning
        "a word of PostgreSQL's `pg_ident.conf` stands as the SQL user"
        "`all` and `+role` are names here like any other.";
    MapIssuerNearMiss "map-issuer-near-miss" Error
        "a line of the identity map is for an issuer that is a configured one but for a detail"
        "The line is never used, and the issuer's principals may pass through as SQL users as they are.";
    MapIssuerUnknown "map-issuer-unknown" Warning
        "a line of the identity map is for no configured issuer"
        "Tokens never use it. It may be for the database's other logins.";
    MapIssuerUncovered "map-issuer-uncovered" Warning
        "the identity map has no line for a configured issuer"
        "Its principals are SQL users as they are: whoever gets a token that names `alice` is `alice`.";
    MapEmpty "map-empty" Warning
        "the identity map has comments and no lines"
        "Principals are SQL users as they are.";
    MapPrincipalShared "map-principal-shared" Warning
        "a principal in the identity map is no one's own"
        "Everybody who bears it logs in as that SQL user.";
    MapLiteralPattern "map-literal-pattern" Warning
        "a principal in the identity map looks like a regex and is none"
        "Only what begins with `/` is a regex; everything else is compared character by character.";

    IssuersMisread "issuers-misread" Error
        "the issuers are read as something else than was meant"
        "A list without JSON, a quote or a character that nobody sees is a part of the one name that no token has.";
    IssuersTrailingText "issuers-trailing-text" Error
        "text stands behind the JSON of the issuers"
        "CockroachDB takes the first JSON value and ignores the rest: issuers that stand there are none.";
    IssuersEmpty "issuers-empty" Error
        "no issuer is configured, or an empty one"
        "The empty text, which is the database's default, is the issuer of tokens that name none.";
    IssuersEndpoint "issuers-endpoint" Error
        "an issuer is the address of a document or an endpoint"
        "Issuers are compared byte for byte: no token names one of its provider's other addresses.";
    IssuersSpelling "issuers-spelling" Error
        "an issuer is written otherwise than its provider writes it"
        "Issuers are compared byte for byte, with their closing slash: no token names this one.";
    IssuersTemplate "issuers-template" Error
        "an issuer stands for any tenant of Entra"
        "`common`, `organizations`, `consumers` and `{tenantid}` stand in addresses, and never in a token's `iss`.";
    IssuersHttp "issuers-http" Warning
        "an issuer is an http address"
        "Issuers are https addresses (OpenID Connect Core 1.0 section 2): what is read over http, others can exchange.";
    IssuersWorldWide "issuers-world-wide" Warning
        "an issuer of the whole world has no line in the identity map"
        "Everybody who has an account there, or a repository, gets tokens whose claim is a SQL user as it is.";
    IssuersNearMiss "issuers-near-miss" Warning
        "two issuers are one but for a detail"
        "A provider writes one of them into its tokens; lines of the identity map for the other are never used.";
    IssuersNotAddress "issuers-not-address" Note
        "an issuer lacks the `https://` that its provider writes"
        "Issuers are compared byte for byte: no token names this one.";
    IssuersEntraVersion "issuers-entra-version" Note
        "of an Entra tenant's two issuers only one is configured"
        "Which of them a token names is decided by the manifest of the application that it is for.";
    IssuersDuplicate "issuers-duplicate" Note
        "an issuer stands twice"
        "Whoever takes one of them away later does not take the issuer away.";

    AudienceMisread "audience-misread" Error
        "the audiences are read as something else than was meant"
        "A list without JSON, a quote or a character that nobody sees is a part of the one audience that no token has.";
    AudienceEmpty "audience-empty" Error
        "no audience is configured, or an empty one"
        "Without an audience nobody logs in; the empty text, which is the database's default, says nothing about whom a token is for.";
    AudienceShared "audience-shared" Warning
        "an audience stands in tokens that are meant for others"
        "Whoever runs another service that gets such tokens logs in with them.";
    AudienceIsIssuer "audience-is-issuer" Warning
        "an audience is the issuer's own name"
        "Tokens for the identity provider's own interfaces, such as each pod's for the Kubernetes API server, log in too.";
    AudienceEntraForm "audience-entra-form" Warning
        "an audience is written as Entra's v2 tokens do not write it"
        "They bear the application's id alone, without `api://`.";
    AudienceNearMiss "audience-near-miss" Note
        "two audiences are one but for a detail"
        "One of them is probably a slip, unless the provider writes both.";
    AudienceChosen "audience-chosen" Note
        "whoever requests a token of an issuer chooses its audience"
        "The audience then keeps out accidents and no attackers: who gets in is decided by the identity map.";
    AudienceDuplicate "audience-duplicate" Note
        "an audience stands twice"
        "Whoever takes one of them away later does not take the audience away.";

    ClaimPointer "claim-pointer" Error
        "what was meant as a way to a claim is read as a name, or is no way"
        "A claim inside another is named by a JSON Pointer, `/realm_access/roles`; no token has a claim called `realm_access.roles`.";
    ClaimNobody "claim-nobody" Warning
        "the claim that decides does not say who somebody is"
        "Many bear the same value, or choose it themselves.";
    ClaimGroups "claim-groups" Warning
        "the claim that decides lists groups"
        "Everybody in a group is the same SQL user, and may choose among those of all their groups.";
    ClaimMutable "claim-mutable" Warning
        "the claim that decides can change, and be given to somebody else"
        "Whoever gets the name next gets the SQL user.";
    ClaimEmailUnverified "claim-email-unverified" Warning
        "an address decides that nobody needs to have verified"
        "Where people type their addresses themselves, they type a colleague's.";
    ClaimPath "claim-path" Note
        "the claim has the marks of a way into the token in its name"
        "It is read as one name, dots and all.";

    KeysNone "keys-none" Error
        "there is no key for an issuer"
        "No signature of its tokens can be verified: every login is refused.";
    KeyPrivate "key-private" Error
        "a key is written with its private half"
        "Whoever reads the settings, or a copy of them, can sign tokens in everybody's name.";
    KeySymmetric "key-symmetric" Error
        "a key is a shared secret"
        "Whoever can verify tokens with it can sign them; nothing is verified with it here.";
    KeyUnknownType "key-unknown-type" Error
        "a key is of a type that CockroachDB does not know"
        "The database refuses the whole set for it, so that nobody logs in.";
    KeyWeak "key-weak" Error
        "a key is too weak to vouch for anybody"
        "Somebody else can compute its private half, or write signatures without it; it is not used here.";
    KeyWithoutId "key-without-id" Error
        "a key has no id"
        "A token names its key by the id, also where there is only one.";
    KeyIdDuplicate "key-id-duplicate" Error
        "two keys have one id"
        "Only the first is ever asked: tokens that the other has signed are refused.";
    KeyUnusable "key-unusable" Error
        "a key cannot be used as it is written"
        "Tokens that it has signed are refused, and CockroachDB may refuse the whole set.";
    KeysShared "keys-shared" Warning
        "several issuers have one key set"
        "Whoever holds the keys of one of them can sign tokens in the name of the others (RFC 8725 section 3.8).";
    KeysBesideFetch "keys-beside-fetch" Warning
        "keys are configured that nobody reads"
        "Keys that are fetched take their place altogether, also while they cannot be had.";
    KeysStatic "keys-static" Note
        "the keys are written into the settings"
        "They stay when the identity provider changes its own, and logins stop from one moment to the next.";
    KeyWithoutAlgorithm "key-without-algorithm" Note
        "a key does not say for which algorithm it is"
        "It verifies whatever its type can (RFC 8725 section 3.1).";
    KeyEncryptionOnly "key-encryption-only" Note
        "a key is for encryption"
        "No token is verified with it; where it has the id of a key that signs, it hides that one.";
    KeySameTwice "key-same-twice" Note
        "one key has two ids"
        "One of the two was probably meant to be another key.";

    FetchNowhere "fetch-nowhere" Error
        "an issuer's keys cannot be fetched from its address"
        "Without keys no signature can be verified: every login is refused.";
    FetchHttp "fetch-http" Warning
        "keys are fetched over http"
        "Whoever stands between puts keys of their own in, and signs what they like.";
    FetchAddressOther "fetch-address-other" Warning
        "keys are fetched from another address than the issuer's provider serves them at"
        "They may be another tenant's, or no key set at all.";
    FetchTimeoutShort "fetch-timeout-short" Warning
        "fetching keys may take less than a second"
        "Logins fail whenever the identity provider is slow.";
    FetchTimeoutLong "fetch-timeout-long" Note
        "fetching keys may take longer than a minute"
        "Logins hang while the identity provider does not answer.";
    FetchAddressUnused "fetch-address-unused" Note
        "addresses of keys are configured and nobody asks there"
        "`issuer_jwks_map` is a list of issuers and no more while keys are not fetched.";
    FetchCaUnused "fetch-ca-unused" Note
        "certificates for fetching are configured and nothing is fetched"
        "Fetching was probably meant to be on.";

    LeewayLarge "leeway-large" Warning
        "tokens log in for minutes after they have expired"
        "Leeway is for clocks that differ by seconds.";
    LifetimeLong "lifetime-long" Warning
        "tokens may live longer than a day"
        "Nobody can take a token back: a lost one opens the database until it expires.";
    TokenSizeSmall "token-size-small" Warning
        "ordinary tokens are longer than the settings allow"
        "Logins fail for those who are in many groups, and nobody else.";
    UserNamesOtherHost "user-names-other-host" Warning
        "names are another server's than the settings"
        "Each server has its own rules for the names of users, and its own users whom no token may be.";
    LeewayIgnored "leeway-ignored" Note
        "there is no leeway in this profile"
        "The database has none: a token counts to the second.";
    LifetimeUnlimited "lifetime-unlimited" Note
        "tokens may live as long as they say"
        "A provider that is set up wrongly issues tokens for years.";
    ReservedUserNever "reserved-user-never" Note
        "a user is reserved whom nobody can be"
        "The name protects nobody, and may be a slip for one that should be protected.";
    LoginsDisabled "logins-disabled" Note
        "token logins are switched off"
        "Everything else in the settings counts from the moment they are switched on.";

    GroupClaimPointer "group-claim-pointer" Error
        "the group claim is no name of one claim"
        "The database accepts a list or a way, and then looks for a claim of that very name: nobody has any roles.";
    GroupAdmin "group-admin" Warning
        "any group may give the role of the administrators"
        "Who makes groups at the identity provider, or names them, makes administrators of the database.";
    GroupAllowNever "group-allow-never" Warning
        "a role in engine.group_allow is given by no group"
        "Its members lose it at their next login.";
    GroupOptionsUnused "group-options-unused" Note
        "options about groups are set and groups give no roles"
        "Roles were probably meant to come of groups.";

    ProvisioningWide "provisioning-wide" Warning
        "users are made for everybody who has a token"
        "Whoever gets one from the issuer becomes a user of the database, even when the login fails later.";
    ProvisioningNever "provisioning-never" Warning
        "no SQL user can be made of an issuer's tokens"
        "Those who are not there yet cannot log in.";
    HbaUnreadable "hba-unreadable" Warning
        "host-based authentication cannot be read"
        "The database takes all of its lines or none.";
    HbaTrust "hba-trust" Warning
        "host-based authentication lets somebody in without any proof"
        "Nobody needs a token there.";
    HbaIgnored "hba-ignored" Note
        "a line of host-based authentication rejects somebody whom a token lets in"
        "The database does not look at those lines when somebody logs in by token.";
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_words_with_hyphens_and_each_is_used_once() {
        let names: Vec<&str> = Rule::all().map(Rule::as_str).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        for name in names {
            assert!(
                name.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())),
                "{name}"
            );
        }
    }

    #[test]
    fn titles_begin_sentences_and_reasons_are_sentences() {
        for rule in Rule::all() {
            assert!(!rule.title().ends_with('.') && rule.why().ends_with('.'), "{rule:?}");
            assert!(rule.title().starts_with(|first: char| !first.is_uppercase()), "{rule:?}");
        }
    }
}
