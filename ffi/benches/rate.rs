//! What does the C border cost? `sqljwt_validate` and the Rust call, in turn, in one process.
//!
//! `cargo bench -p sqljwt-ffi --bench rate` prints, for each algorithm, the rate of the C function over that of the
//! Rust one. Turns are brief, and a round keeps the best of each side, which nothing else on the machine has interrupted;
//! what is told is the median of the rounds.

// It plays a C program.
#![allow(unsafe_code)]

use std::{
    hint::black_box,
    ptr,
    time::{Duration, Instant},
};

use sqljwt::{Settings, Validator};
use sqljwt_conformance::{Vector, vectors};

const ROUNDS: usize = 15;
/// Turns of each side in a round.
const TURNS: usize = 50;
/// Logins in a turn: a fraction of a millisecond.
const LOGINS: u32 = 8;

fn main() {
    let vectors = vectors();
    for id in ["alg-rs256-jwk-alg", "alg-es256-jwk-alg", "alg-eddsa-jwk-alg"] {
        let vector = vectors.iter().find(|vector| vector.row.id == id).expect("a vector of that name");
        measure(id, vector);
    }
}

fn measure(name: &str, vector: &Vector) {
    let settings = Settings::from_json(&vector.settings).expect("settings that can be used");
    let rust = Validator::new(&settings).expect("settings that can be used");
    let mut c = ptr::null_mut();
    let text = &vector.settings;
    // SAFETY: the text is as long as it says, and `c` can be written.
    let status = unsafe { sqljwt_ffi::sqljwt_validator_new(text.as_ptr().cast(), text.len(), &mut c, ptr::null_mut()) };
    assert_eq!(status, 0);
    let (token, user, now) = (&*vector.row.token, &*vector.row.user, vector.row.now);

    let in_rust = || drop(black_box(rust.validate(black_box(token), user, now).expect("it may log in")));
    let in_c = || {
        let mut login = ptr::null_mut();
        // SAFETY: the validator lives until the end, the texts are as long as they say, and `login` can be written; a
        // login is freed once.
        unsafe {
            let (token_data, user_data) = (black_box(token).as_ptr().cast(), user.as_ptr().cast());
            let status = sqljwt_ffi::sqljwt_validate(
                c,
                token_data,
                token.len(),
                user_data,
                user.len(),
                now,
                &mut login,
                ptr::null_mut(),
            );
            assert_eq!(status, 0);
            sqljwt_ffi::sqljwt_login_free(black_box(login));
        }
    };
    let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| ratio(in_rust, in_c)).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let (least, median, most) = (ratios[0], ratios[ROUNDS / 2], ratios[ROUNDS - 1]);
    println!("{name:18}  C at {median:.3} of the Rust rate ({least:.3} to {most:.3})");
    // SAFETY: nobody uses it any more.
    unsafe { sqljwt_ffi::sqljwt_validator_free(c) };
}

/// The best turn of the one over the best turn of the other.
fn ratio(one: impl Fn(), other: impl Fn()) -> f64 {
    let (mut best_of_one, mut best_of_other) = (Duration::MAX, Duration::MAX);
    for _ in 0..TURNS {
        best_of_one = best_of_one.min(timed(&one));
        best_of_other = best_of_other.min(timed(&other));
    }
    best_of_one.as_secs_f64() / best_of_other.as_secs_f64()
}

fn timed(login: impl Fn()) -> Duration {
    let start = Instant::now();
    (0..LOGINS).for_each(|_| login());
    start.elapsed()
}
