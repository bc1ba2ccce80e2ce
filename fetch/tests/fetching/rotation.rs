//! What if the identity provider exchanges its key every second? Every good token logs in, and no bad one.

use sqljwt::Validator;
use sqljwt_fetch::Fetcher;
use sqljwt_testing::now;

use crate::{
    exchange::{Exchange, fetching},
    site::Site,
};

const THREADS: usize = 50;

#[test]
fn fifty_threads_and_a_new_key_every_second() {
    let site = Site::new();
    let exchange = Exchange::new(&site);
    let fetcher = Fetcher::new(Validator::new(&fetching(&site)).unwrap()).unwrap();
    let log_in = |token: &str| fetcher.validate(token, "alice", now()).map(drop).map_err(|refusal| refusal.to_string());
    let good = exchange.under(THREADS, log_in);
    assert!(good > exchange.seconds * THREADS, "{good} logins");
}
