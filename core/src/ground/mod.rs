//! The ground: words, limits and readers that everything else stands on. Nothing here knows of logins, and nothing has an
//! opinion about them.

pub(crate) mod base64url;
pub(crate) mod distinct;
pub(crate) mod fault;
pub(crate) mod go;
pub(crate) mod json;
pub(crate) mod kinship;
pub mod limits;
pub(crate) mod mend;
pub(crate) mod named;
pub(crate) mod nearest;
pub(crate) mod position;
pub(crate) mod private_keys;
pub(crate) mod profile;
pub(crate) mod reason;
pub(crate) mod splice;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod unicode;
pub(crate) mod work;
