//! May this JSON Web Token log in as this SQL user, under these settings, at this moment; and if not, why not, and what
//! would mend it?
//!
//! The engine reads the settings of CockroachDB's Cluster SSO as an operator has them, and answers as the database does,
//! or, in its default profile, more strictly. It does no I/O and reads no clock: the moment is an argument, and where
//! keys have to be fetched it says so and lets the host fetch them.
//!
//! # Example
//! ```
//! use sqljwt::{Settings, Validator};
//!
//! let settings = Settings::from_sql(r#"
//!     SET CLUSTER SETTING server.jwt_authentication.enabled = true;
//!     SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example';
//!     SET CLUSTER SETTING server.jwt_authentication.audience = 'db-login';
//!     SET CLUSTER SETTING server.jwt_authentication.jwks = '{"keys": []}';
//! "#)?;
//! let validator = Validator::new(&settings)?;
//!
//! // A token of another issuer, at a moment in January 2027.
//! let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlLyJ9.AA";
//! let explanation = validator.explain(token, "alice", 1_800_000_000);
//! let reason = explanation.reason.expect("it is rejected");
//! assert_eq!(reason.code.as_str(), "issuer_not_allowed");
//! assert!(explanation.advice.iter().any(|advice| advice.message.contains("differ only in a trailing `/`")));
//! # Ok::<(), sqljwt::SettingsError>(())
//! ```
//!
//! # Features
//! - `pure-rust`: what checks signatures on WebAssembly, which needs it, and wherever `--cfg sqljwt_pure_rust` asks for it:
//!   machines that AWS-LC does not reach. On all others it changes nothing.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss
    )
)]

extern crate alloc;

// The floors, from the ground up: a file imports from its own floor and from those below it, never from one above.

// Words, limits and readers, which know of no logins.
mod ground;

// What was sent and what was set, read and judged by nobody yet.
mod parsed;

// Who logs in, or why nobody does: data alone.
mod answers;

// What differs between the profiles, and the settings compiled under one of them.
mod rules;

// One token, one SQL user, one moment, check by check.
mod judging;

// Everything there is to tell about one login.
mod telling;

// What is told beside a login.
mod asking;

// What callers see of the engine.
mod doors;

pub use answers::{
    decision::Decision,
    identity::Identity,
    login::Login,
    provision::Provision,
    refusal::{ClientAnswer, KeysNeeded, Need, Refusal, Rejection, UserInfoNeeded},
    remedy::{After, DocumentEdit, Remedy},
    roles::{IgnoredGroup, Membership, RolePlan, WhyIgnored},
};
pub use asking::{
    IdentityDocument, IssuerKeys, KeyOrigin, KeyReport, KeysDocument, RolesDocument, Rotation, SampleToken,
};
pub use doors::{advisor, dangerous, validator::Validator, wire};
pub use ground::{
    limits,
    mend::Whose,
    position::TextRange,
    profile::{Profile, UnknownProfile},
    reason::{Check, ReasonCode, UnknownReason},
    time::utc,
};
pub use parsed::{
    fetched::{FetchError, FetchFault, FetchRecord, Response, UserInfo},
    keys::{Algorithm, UnknownAlgorithm},
    settings::{Change, NewValue, Position, Settings, SettingsError},
    token::looks_like_token,
};
pub use rules::key_cache::{Fetch, KeyCache, KeyHistory, Start, UserInfoFetch, UserInfoStep};
pub use telling::{
    Advice, AdviceKind, Also, CheckMarks, CheckReport, Explanation, Line, Marks, Moment, Outcome, Reads, SCHEMA,
    Timeline, TokenView, Tone, Verdict,
};

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
