//! The keys of identity providers: shared by the threads of a server, and fetched when a login needs them.
//!
//! The engine does no I/O. Its [`KeyCache`](sqljwt::KeyCache) says which address to ask and takes the answer. Here are the
//! two things that a server needs beside it: [`SharedKeys`], which every thread reads without a lock, and [`Fetcher`], which
//! asks over HTTPS.
//!
//! # Features
//! - `http`, on by default: [`Fetcher`]. Without it nothing here opens a connection.

#[cfg(feature = "http")]
mod fetcher;
#[cfg(feature = "http")]
mod flights;
#[cfg(feature = "http")]
mod http;
mod shared;

#[cfg(feature = "http")]
pub use fetcher::Fetcher;
#[cfg(feature = "http")]
pub use http::{CertificateError, Http};
pub use shared::{SharedKeys, SharedValidator};

/// The README's examples are tests.
#[cfg(all(doctest, feature = "http"))]
#[doc = include_str!("../README.md")]
struct Readme;
