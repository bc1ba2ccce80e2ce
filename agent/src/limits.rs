//! Every limit of the agent, each with where its number comes from. Those with an option are what holds without it.

use std::time::Duration;

use sqljwt::limits::{FETCHED_BYTES_MAX, TOKEN_BYTES_DEFAULT};

/// Most connections of each kind, of the socket and of HTTP, at the same time; more wait to be accepted. Twice as many as a busy
/// server has logins under way. `--connections`.
pub const CONNECTIONS: usize = 2048;

/// Longest request line over the socket, and longest head of an HTTP request as it is decoded, in bytes: a token of the
/// engine's default size, a SQL user, a peer, and what is written around them. `--request-bytes`.
pub const REQUEST_BYTES: usize = TOKEN_BYTES_DEFAULT + 4096;

/// Largest value of `--request-bytes`: twice the largest token that settings can allow.
pub const REQUEST_BYTES_MAX: usize = 2 * sqljwt::limits::TOKEN_BYTES_MAX;

/// Most header lines of an HTTP request. Proxies send some twenty.
pub const HTTP_HEADERS_MAX: usize = 64;

/// Most bytes of an HTTP request's body that are read and thrown away; a login has none.
pub const HTTP_BODY_BYTES_MAX: usize = 65_536;

/// Most logins that wait for identity providers at the same time, of one issuer half as many; more are refused as long as these
/// wait. Half the connections, so that logins that wait for nobody find room. `--waiting`.
pub const WAITING: usize = CONNECTIONS / 2;

/// Largest value of `--waiting` and of `--connections`.
pub const CONNECTIONS_MAX: usize = 100_000;

/// Most calls of userinfo endpoints at the same time, of one issuer half as many: each takes a thread.
pub const ASKING: usize = 32;

/// How long a client may take over its request, and over reading the answer. `--silence`.
pub const SILENCE: Duration = Duration::from_secs(1);

/// Longest that a request may take from its last byte to the answer: the engine's own bound for a fetch, twice.
pub const ANSWER: Duration = Duration::from_secs(120);

/// Longest peer or SQL user in a line of the log, in characters; the rest is cut off.
pub const LOGGED_CHARACTERS: usize = 256;

/// How often the settings file is looked at, and whether keys are due.
pub const LOOK: Duration = Duration::from_millis(500);

/// Longest file of an issuer's keys, in bytes: the two longest answers that are fetched, each byte written as `\u0000`.
pub const KEYS_FILE_BYTES_MAX: u64 = 2 * 6 * FETCHED_BYTES_MAX as u64 + 65_536;

/// Most issuers whose keys are fetched at the same time although no login waits for them.
pub const RENEWING: usize = 8;

/// Shortest time between two fetches of an issuer's keys that no login waits for, in seconds.
pub const RENEWAL_SECONDS_MIN: i64 = 1;

/// The same where the issuer lets nobody keep its keys.
pub const RENEWAL_SECONDS_KEPT_BY_NOBODY: i64 = 60;

/// Longest time between two attempts to fetch keys that could not be had, in seconds; it begins with the engine's
/// [`RETRY_SECONDS`](sqljwt::limits::RETRY_SECONDS), and doubles.
pub const RETRY_SECONDS_MAX: i64 = 300;

/// How long connections may go on once the agent is told to end.
pub const GRACE: Duration = Duration::from_secs(5);

/// Files and sockets that are open beside the connections.
pub const OTHER_FILES: usize = 256;
