//! Why could an issuer's keys not be had?

use alloc::{format, string::String};
use core::fmt;

use crate::ground::{named::named, text::one_line};

/// Why keys that were fetched are not used, or could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FetchFault {
    /// The settings give this issuer no keys to fetch.
    NotFetched,
    /// The address may not be asked: not https, or without a plain host.
    AddressRefused,
    /// No answer came.
    Unreachable,
    /// The answer sends to another address.
    Redirected,
    /// The answer's status is no success.
    HttpStatus,
    /// The body is longer than is read.
    BodyTooLong,
    /// The discovery document cannot be read.
    DiscoveryInvalid,
    /// The discovery document is another issuer's.
    DiscoveryIssuer,
    /// The discovery document names no key set.
    JwksUriMissing,
    /// The key set cannot be read, or holds more keys than are read.
    KeysInvalid,
    /// The discovery document names no userinfo endpoint.
    UserInfoMissing,
    /// The userinfo endpoint's answer cannot be read.
    UserInfoInvalid,
    /// No room is left for the keys of another issuer.
    CacheFull,
    /// The record of a fetch cannot be read.
    RecordInvalid,
}

impl FetchFault {
    /// Every fault.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        &[
            Self::NotFetched,
            Self::AddressRefused,
            Self::Unreachable,
            Self::Redirected,
            Self::HttpStatus,
            Self::BodyTooLong,
            Self::DiscoveryInvalid,
            Self::DiscoveryIssuer,
            Self::JwksUriMissing,
            Self::KeysInvalid,
            Self::UserInfoMissing,
            Self::UserInfoInvalid,
            Self::CacheFull,
            Self::RecordInvalid,
        ]
    }

    /// The fault, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFetched => "not_fetched",
            Self::AddressRefused => "address_refused",
            Self::Unreachable => "unreachable",
            Self::Redirected => "redirected",
            Self::HttpStatus => "http_status",
            Self::BodyTooLong => "body_too_long",
            Self::DiscoveryInvalid => "discovery_invalid",
            Self::DiscoveryIssuer => "discovery_issuer",
            Self::JwksUriMissing => "jwks_uri_missing",
            Self::KeysInvalid => "keys_invalid",
            Self::UserInfoMissing => "userinfo_missing",
            Self::UserInfoInvalid => "userinfo_invalid",
            Self::CacheFull => "cache_full",
            Self::RecordInvalid => "record_invalid",
        }
    }
}

named!(FetchFault);

/// Keys that could not be had: nobody logs in by them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchError {
    /// Why, for programs.
    pub fault: FetchFault,
    /// The fact, for people, on one line.
    pub message: String,
    /// What can be done.
    pub remedy: String,
}

impl FetchError {
    pub(crate) fn new(fault: FetchFault, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { fault, message: one_line(message), remedy: one_line(remedy) }
    }

    /// The same, with where it was found in front.
    pub(crate) fn at(self, place: &str) -> Self {
        Self { message: one_line(format!("{place}: {}", self.message)), ..self }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.fault, self.message)
    }
}

impl core::error::Error for FetchError {}
