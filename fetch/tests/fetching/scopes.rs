//! Do settings that ask for more scopes see the keys that are fetched afterwards?

use sqljwt::{ReasonCode, Refusal, Validator};
use sqljwt_fetch::Fetcher;
use sqljwt_testing::{Issuer, now};

use crate::{exchange::fetching, site::Site};

#[test]
fn settings_that_ask_for_scopes_too_judge_by_keys_that_come_later() {
    let (site, now) = (Site::new(), now());
    let idp = Issuer::new(site.url.as_str()).with_claim("sub", "alice");
    site.serve(idp.jwks().to_string(), "max-age=300");
    let fetcher = Fetcher::new(Validator::new(&fetching(&site)).unwrap()).unwrap();
    let stricter = fetcher.at_hand().with_required_scopes(&["db:login"]).unwrap();
    let decided = |token: &str| stricter.ask(|validator| validator.validate(token, "alice", now));
    let (with, without) = (idp.token(now).claim("scope", "openid db:login").mint(), idp.token(now).mint());

    assert!(matches!(decided(&with), Err(Refusal::KeysNeeded(_))));
    fetcher.validate(&without, "alice", now).unwrap();
    assert_eq!(decided(&with).unwrap().user, "alice");
    let Err(Refusal::Rejected(rejection)) = decided(&without) else { panic!("it has no scope") };
    assert_eq!(rejection.code, ReasonCode::ScopeMissing);
}
