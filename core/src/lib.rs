//! May this JSON Web Token log in as this SQL user, under these settings, at this moment; and if not, why not, and what
//! would mend it?
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

mod base64url;
mod fault;
mod identity_map;
mod json;
mod keys;
pub mod limits;
mod nearest;
mod profile;
mod reason;
mod settings;
mod sql_user;
mod text;

pub use keys::{Algorithm, UnknownAlgorithm};
pub use profile::{Profile, UnknownProfile};
pub use reason::{Check, ReasonCode, UnknownReason};
pub use settings::{Position, Settings, SettingsError};
