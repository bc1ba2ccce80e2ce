//! Every question and answer as JSON text: one call in, one document out. All faces speak through this module, so that
//! they answer alike to the byte.

mod call;
mod compare;
mod convert_map;
mod coverage;
mod decode;
mod explain;
mod identify;
mod keys;
mod lint;
mod log;
mod logins;
mod reach;
mod reasons;
mod rehearse;
mod roles;
mod settings;
mod suggest;
mod validate;
mod verbs;
mod who_can;
mod window;

pub use verbs::{call, call_about_logins, verbs};
