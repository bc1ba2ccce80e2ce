//! Keys that rotate: what was fetched, for how long it counts, and when to fetch again.

mod cache;
mod fetch;
mod history;
mod kept;
mod origins;
mod user_info;

pub(crate) use cache::Held;
pub use cache::{KeyCache, Start};
pub use fetch::Fetch;
pub use history::KeyHistory;
pub(crate) use kept::FetchedKeys;
pub(crate) use origins::Origins;
pub use user_info::{UserInfoFetch, UserInfoStep};
