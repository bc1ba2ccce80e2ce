//! The keys of identity providers: shared by the threads of a server.
//!
//! The engine does no I/O. Its [`KeyCache`](sqljwt::KeyCache) says which address to ask and takes the answer;
//! [`SharedKeys`] lets every thread of a server read it without a lock.

mod shared;

pub use shared::{SharedKeys, SharedValidator};
