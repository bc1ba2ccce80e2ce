//! What was pasted as the token? For a text that is no token, or a token with something around it, inside it or missing.

mod answer;
mod around;
mod bytes;
mod escapes;
pub(super) mod find;
mod instead;
mod layer;
mod limits;
mod opaque;
mod peel;
mod placeholder;
mod prefix;
mod scan;
