//! What kept a token from being read, and what does one do about it?

use alloc::{string::String, vec::Vec};

/// One thing around a token, or done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layer {
    /// A clause: `quotes stand around the token`.
    pub(super) fact: String,
    /// What to do: `remove the quotes`.
    pub(super) fix: String,
}

impl Layer {
    pub(super) fn new(fact: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { fact: fact.into(), fix: fix.into() }
    }
}

/// What there is under a layer.
#[derive(Clone, Debug)]
pub(super) struct Under {
    pub(super) layer: Layer,
    /// The text without the layer; where it held several tokens, each, with its name.
    pub(super) inside: Inside,
}

#[derive(Clone, Debug)]
pub(super) enum Inside {
    Text(String),
    Tokens(Vec<(String, String)>),
}

impl Under {
    pub(super) fn text(layer: Layer, text: impl Into<String>) -> Self {
        Self { layer, inside: Inside::Text(text.into()) }
    }
}
