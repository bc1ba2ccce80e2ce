//! Does the agent keep anything of a login?

use std::fs;

use sqljwt_testing::now;

use crate::{
    exchange::count,
    house::{Agent, Folder, idp},
};

#[test]
fn memory_stays_the_same_over_many_logins() {
    let logins = count("LOGINS", 3000);
    let (folder, idp, now) = (Folder::new(), idp(), now());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let (good, bad) = (idp.token(now).mint(), idp.token(now - 7200).mint());
    let resident = || -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", agent.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    let log_in = |times: usize| {
        for _ in 0..times {
            let answer = agent.answer(&good, "alice");
            assert_eq!((&answer["accepted"], &answer["user"]), (&true.into(), &"alice".into()));
            assert_eq!(agent.code(&bad, "alice"), "token_expired");
        }
    };
    log_in(500);
    let before = resident();
    log_in(logins / 2);
    let after = resident();
    println!("{before} kB before and {after} kB after {logins} logins");
    assert!(after <= before + before / 100 + 128, "{before} kB before and {after} kB after {logins} logins");
}
