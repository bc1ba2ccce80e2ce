//! Identity providers: which one a token is from, what kind of token it is, and which knob of the provider sets what.

mod issuer_form;
mod key_set;
mod knobs;
mod provider;
mod recognised;
mod token_kind;

pub(crate) use key_set::{entra, is_entra_alias};
pub(crate) use provider::{Facts, Provider};
pub(crate) use token_kind::TokenKind;
