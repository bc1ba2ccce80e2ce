//! Asking: what is told beside whether somebody may log in. Which keys there are, who bears a token, what becomes of roles.

pub(crate) mod compare;
pub(crate) mod convert_map;
pub(crate) mod coverage;
pub(crate) mod identity;
pub(crate) mod keys;
pub(crate) mod lint;
pub(crate) mod log;
pub(crate) mod logins;
pub(crate) mod reach;
pub(crate) mod rehearsal;
pub(crate) mod roles;
pub(crate) mod settings_change;
pub(crate) mod suggest;
pub(crate) mod tried_line;
pub(crate) mod who_can;
pub(crate) mod window;

pub use identity::IdentityDocument;
pub use keys::{IssuerKeys, KeyOrigin, KeyReport, KeysDocument, Rotation, SampleToken};
pub use roles::RolesDocument;
