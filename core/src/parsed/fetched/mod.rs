//! What did an identity provider answer when its keys were fetched? Read as it stands, and trusted by nobody yet.

mod discovery;
mod fault;
mod freshness;
mod http_date;
mod list;
mod record;
mod response;
mod user_info;

pub(crate) use discovery::Discovery;
pub use fault::{FetchError, FetchFault};
pub(crate) use freshness::fresh_for;
pub use record::FetchRecord;
pub use response::Response;
pub use user_info::UserInfo;
