//! Every budget of the engine, each with where its number comes from.
//!
//! Whatever reads hostile or merely large input takes its bound from here, so that no input costs more than a known
//! amount of time and memory.

/// Longest token accepted unless `engine.max_token_bytes` says otherwise, in bytes. Entra tokens with 200 groups reach
/// 12 KiB; 64 KiB is also what PostgreSQL's and CockroachDB's password messages carry.
pub const TOKEN_BYTES_DEFAULT: usize = 65_536;

/// Largest value of `engine.max_token_bytes`, in bytes.
pub const TOKEN_BYTES_MAX: usize = 1_048_576;

/// Longest settings document, in bytes: room for 100,000 identity-map lines and 10,000 keys.
pub const SETTINGS_BYTES_MAX: usize = 33_554_432;

/// Most faults of unusable settings that are told one by one; more are counted. Nobody mends more before trying again.
pub const SETTINGS_FAULTS_MAX: usize = 50;

/// Deepest nesting of JSON that is read. Real tokens stay below 6 levels; 32 also bounds the reader's own stack.
pub const JSON_DEPTH_MAX: usize = 32;

/// Most keys in one key set. Identity providers publish 2 to 20.
pub const KEYS_MAX: usize = 20_000;

/// Most lines in the identity map.
pub const MAP_LINES_MAX: usize = 200_000;

/// Longest line of the identity map, in bytes without its line feed: CockroachDB's reader (Go's `bufio.Scanner`, 64 KiB)
/// stops silently at a longer one; here it is an error.
pub const MAP_LINE_BYTES_MAX: usize = 65_535;

/// Most bytes that a compiled identity map may occupy, whatever its text, plus [`MAP_BYTES_PER_TEXT_BYTE`] for each byte
/// of it. An explanation has two maps, the other profile's too: with a 1 MiB text both stay below 64 MiB together.
pub const MAP_BYTES_BASE: usize = 8_388_608;

/// See [`MAP_BYTES_BASE`]; literals take 3, ordinary regexes 7 to 18.
pub const MAP_BYTES_PER_TEXT_BYTE: usize = 20;

/// Most bytes that the syntax trees of all regexes of one identity map may occupy together, plus
/// [`MAP_TREE_BYTES_PER_TEXT_BYTE`] for each byte of its text. They do not live at the same time: what this bounds is
/// the time to compile a map, one second for a 1 MiB text.
pub const MAP_TREE_BYTES_BASE: usize = 33_554_432;

/// See [`MAP_TREE_BYTES_BASE`]; ordinary regexes take 20 to 90.
pub const MAP_TREE_BYTES_PER_TEXT_BYTE: usize = 128;

/// Most bytes that the syntax tree of one regex of the identity map may occupy.
pub const REGEX_TREE_BYTES_MAX: usize = 2_097_152;

/// Most steps that one compiled regex of the identity map may have, repetitions written out.
pub const REGEX_STEPS_MAX: usize = 16_384;

/// Deepest nesting in a regex of the identity map: RE2 allows 1000, but compilation recurses, and 250 (the regex crate's
/// own limit) fits every stack.
pub const REGEX_DEPTH_MAX: usize = 250;

/// Largest count in a regex repetition, nested ones multiplied: RE2's own limit.
pub const REGEX_REPEAT_MAX: u32 = 1000;

/// Most work that the decision of one login may take, in steps of its regexes or as much of something else; the other
/// profile's view of it has as much again. A step takes 2 to 10 ns natively and up to 30 ns in WebAssembly: a quarter of a
/// second at the worst. An ordinary login takes some hundred steps, 200 principals tried on 100 regexes without any fixed
/// text some million.
pub const LOGIN_STEPS_MAX: u64 = 8_388_608;

/// Most work that goes into the advice of one explanation, in the same steps. What would cost more is not advised.
pub const ADVICE_STEPS_MAX: u64 = 4_194_304;

/// Most work that goes into trying remedies, in the same steps: some twenty changes of ordinary settings, one or two of an
/// identity map of 10,000 regexes.
pub const REMEDY_STEPS_MAX: u64 = 8_388_608;

/// Most pairs of a regex's step and a place in the principal that one match may visit; each takes one bit.
pub const MATCH_VISITS_MAX: usize = 67_108_864;

/// Most ways not taken that one match may keep; each takes 12 bytes.
pub const MATCH_PENDING_MAX: usize = 1_048_576;

/// Most different SQL users that one token may give: four for each of the most principals.
pub const CANDIDATES_MAX: usize = 4096;

/// Most bytes that the names of these may have together: 1 KiB for each, as long as a principal of the `hardened` profile.
pub const CANDIDATE_BYTES_MAX: usize = 4_194_304;

/// Most different roles that one token's groups may name. Entra stops listing groups at 200, Keycloak at nothing.
pub const ROLES_MAX: usize = 4096;

/// Most lines of one issuer's identity map that an explanation tries for near misses.
pub const NEAR_MISS_LINES_MAX: usize = 1000;

/// Most principals that one token may carry. Entra stops listing groups at 200.
pub const PRINCIPALS_MAX: usize = 1024;

/// Longest principal in the `hardened` profile, in bytes: a distinguished name of LDAP is shorter, and 64 KiB is nobody's
/// name.
pub const PRINCIPAL_BYTES_MAX: usize = 1024;

/// Longest principal in the `cockroachdb` profile, whose database knows no limit, in bytes: as long as a token of the
/// default size.
pub const PRINCIPAL_BYTES_MAX_COCKROACHDB: usize = 65_536;

/// Longest principal that an explanation looks for near misses of, in bytes.
pub const NEAR_MISS_PRINCIPAL_BYTES_MAX: usize = 256;

/// Most segments in a JSON Pointer that names a claim: CockroachDB's own limit.
pub const CLAIM_POINTER_SEGMENTS_MAX: usize = 10;

/// Longest SQL user name, in bytes: CockroachDB's own limit.
pub const SQL_USER_BYTES_MAX: usize = 63;

/// Smallest RSA modulus, in bits (RFC 7518 section 3.3).
pub const RSA_BITS_MIN: usize = 2048;

/// Largest RSA modulus, in bits: above it one forged login costs too much verification work.
pub const RSA_BITS_MAX: usize = 8192;

/// Largest value of `engine.leeway_seconds`.
pub const LEEWAY_SECONDS_MAX: i64 = 300;

/// Largest time that a token may state, in seconds: the end of the year 9999. Milliseconds fall above it.
pub const NUMERIC_DATE_MAX: i64 = 253_402_300_799;

/// Longest text of a claim in an explanation, in characters.
pub const SHOWN_CHARACTERS_MAX: usize = 256;

/// Most other keys that an explanation tries on a signature whose key id is unknown.
pub const KEY_TRIALS_MAX: usize = 8;

/// Most bytes of new values that the remedies of one answer write out; they stand in it three times. What is longer is told
/// in words.
pub const REMEDY_BYTES_MAX: usize = 1_048_576;

/// Largest settings document whose places are looked for where a changed value is to be written, in bytes. The change itself
/// is told for every document.
pub const EDITED_DOCUMENT_BYTES_MAX: usize = 262_144;

/// Longest body that is read of what was fetched, in bytes: the database's own limit. Key sets have 1 to 20 KiB.
pub const FETCHED_BYTES_MAX: usize = 1_048_576;

/// Most keys in one fetched key set. Identity providers publish 2 to 20.
pub const FETCHED_KEYS_MAX: usize = 1000;

/// Most issuers whose fetched keys are held at once.
pub const CACHED_ISSUERS_MAX: usize = 256;

/// Most bytes of fetched key sets that are held at once, as they were fetched.
pub const CACHED_BYTES_MAX: usize = 16_777_216;

/// Most keys of fetched key sets that are held at once.
pub const CACHED_KEYS_MAX: usize = 20_000;

/// Longest time for which fetched keys are used, in seconds: 68 years, where RFC 9111 section 1.2.2 and the database cut.
pub const FRESH_SECONDS_MAX: i64 = 2_147_483_648;

/// How long after keys were fetched anew for the sake of an unknown key id they are not fetched for that again, in seconds:
/// the database's own. Who sends tokens with made-up key ids makes the host ask no more often.
pub const REFRESH_COOLDOWN_SECONDS: i64 = 30;

/// How long after keys could not be had the host waits before it asks again, in seconds.
pub const RETRY_SECONDS: i64 = 5;

/// How long a host may take over the keys of one issuer, in seconds; for so long nobody else fetches them, and a login that
/// waited for them is judged by them.
pub const FETCH_SECONDS_MAX: i64 = 60;

/// States of regexes that a search for a witness walks: two patterns of an address take some hundreds.
pub(crate) const WITNESS_STATES_MAX: usize = 50_000;

/// Texts that such a search tries before it gives up.
pub(crate) const WITNESS_TRIED_MAX: usize = 64;

/// Longest map of another server that is converted, in bytes: those of whole companies have some hundred lines.
pub const CONVERT_MAP_BYTES_MAX: usize = 1_048_576;

/// Most work that goes into converting one map, in the steps of a login: 5,000 regexes that take a part over, or some
/// million comparisons of a literal with a regex.
pub const CONVERT_MAP_STEPS_MAX: u64 = 33_554_432;

/// Most work that goes into one question about regexes while a map is converted, in the same steps. What takes more is not
/// proven, and not converted.
pub const CONVERT_QUESTION_STEPS_MAX: u64 = 4_194_304;

/// Most lines that are not exact and of which a conversion tells why, one by one.
pub const CONVERT_TOLD_MAX: usize = 5000;

/// Most texts that a regex may stand for to be written out as one line each.
pub const CONVERT_WORDS_MAX: usize = 32;

/// Longest text in which a witness is tried by hand on the other server's regex, in characters, and the steps that this may
/// take: it tries every way.
pub const MODEL_CHARACTERS_MAX: usize = 128;
/// See [`MODEL_CHARACTERS_MAX`].
pub const MODEL_STEPS_MAX: usize = 20_000;

/// What linting settings may search, in steps of regexes: half a second or so.
pub(crate) const LINT_STEPS_MAX: u64 = 10_000_000;

/// Findings that are told, in all and of one rule; beyond that they are counted.
pub const LINT_FINDINGS_MAX: usize = 500;

/// Pairs of an audience and an issuer of which linting asks whether others' tokens bear that audience: a tenth of a second.
pub(crate) const LINT_PAIRS_MAX: usize = 5_000;
/// The most findings of one rule that are told.
pub const LINT_FINDINGS_OF_RULE_MAX: usize = 50;

/// SQL users of one principal that are told.
pub(crate) const REACHED_USERS_MAX: usize = 100;

/// Ways to become a SQL user that are told.
pub(crate) const WAYS_MAX: usize = 1000;

/// What looking for all ways to become a SQL user may search, in steps of regexes: half a second or so.
pub(crate) const WAYS_STEPS_MAX: u64 = 12_000_000;
/// Most tokens that one rehearsal of a key set judges: a sample, not a log.
pub const REHEARSED_TOKENS_MAX: usize = 200;

/// Most work that goes into judging them, in the steps of a login, today and tomorrow together: as much as four of the
/// costliest logins.
pub(crate) const REHEARSAL_STEPS_MAX: u64 = 33_554_432;

/// Longest text of a log that is read at once, in bytes; line after line, a log may have any length.
pub const LOG_BYTES_MAX: usize = 1_048_576;

/// Longest line of a log that is read, in bytes: the agent's line with its document has 10 to 100 KiB.
pub const LOG_LINE_BYTES_MAX: usize = 262_144;

/// Lines that are taken to belong to the message before them: DETAIL, HINT, CONTEXT, STATEMENT and their like.
pub(crate) const LOG_FOLLOWING_LINES_MAX: usize = 8;

/// Entries of a log that are told; beyond that they are counted.
pub const LOG_ENTRIES_MAX: usize = 1000;

/// Kinds of entries that are told apart: there are some hundreds, for codes and known texts are finite.
pub(crate) const LOG_KINDS_MAX: usize = 1000;

/// Most work that goes into searching two identity maps for principals that they treat differently, in the steps of a login:
/// half a second or so.
pub(crate) const COMPARE_STEPS_MAX: u64 = 10_000_000;

/// Most work that goes into one question about two lines while maps are compared, in the same steps.
pub(crate) const COMPARE_QUESTION_STEPS_MAX: u64 = 2_097_152;

/// Most lines of the other map that the search for one principal excludes one after the other.
pub(crate) const COMPARE_EXCLUDED_MAX: usize = 64;

/// Changes of one kind that a comparison tells; beyond that they are counted.
pub const COMPARE_CHANGES_OF_KIND_MAX: usize = 100;

/// Most sample logins that are judged at once: those of a day of a small company.
pub const SAMPLE_LOGINS_MAX: usize = 2000;

/// Most work that goes into judging them, in the steps of a login: as much as eight of the costliest logins.
pub(crate) const SAMPLE_STEPS_MAX: u64 = 67_108_864;

/// Sample logins, users and names that are told of one thing, by their places.
pub(crate) const SAMPLES_TOLD_MAX: usize = 20;

/// Unreached lines, issuers, audiences and keys that coverage tells of each.
pub const COVERAGE_TOLD_MAX: usize = 500;
