//! How long does one thing take next to another? Both in turn, many times and briefly. A round keeps the best turn of
//! each, which nothing else on the machine has interrupted; what is told is the median of the rounds.

use std::time::{Duration, Instant};

/// Rounds of each measurement.
const ROUNDS: usize = 9;
/// Turns of each side in a round.
const TURNS: usize = 25;
/// How long a turn takes at least: far shorter than what else the machine does in between.
const TURN: Duration = Duration::from_micros(150);

/// Two things timed in turn.
pub(crate) struct Paired {
    /// Of one run of the first, in microseconds.
    pub(crate) first: f64,
    /// Of one run of the second.
    pub(crate) second: f64,
    /// How many times as long as the second the first takes.
    pub(crate) ratio: f64,
}

/// Times two things in turn.
pub(crate) fn paired(mut first: impl FnMut(), mut second: impl FnMut()) -> Paired {
    let (first_runs, second_runs) = (runs(&mut first), runs(&mut second));
    let mut turns = || (time(first_runs, &mut first), time(second_runs, &mut second));
    let better = |best: (f64, f64), turn: (f64, f64)| (best.0.min(turn.0), best.1.min(turn.1));
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (1..TURNS).fold(turns(), |best, _| better(best, turns()))).collect();
    Paired {
        first: median(rounds.iter().map(|round| round.0)),
        second: median(rounds.iter().map(|round| round.1)),
        ratio: median(rounds.iter().map(|round| round.0 / round.1)),
    }
}

/// Times one thing that takes long, in seconds.
pub(crate) fn seconds(mut work: impl FnMut()) -> f64 {
    median((0..5).map(|_| time(1, &mut work) / 1e6))
}

/// How often to run in one turn.
fn runs(work: &mut impl FnMut()) -> u32 {
    let mut runs = 1;
    while time(runs, work) * f64::from(runs) < TURN.as_secs_f64() * 1e6 {
        runs *= 2;
    }
    runs
}

/// The time of one run, in microseconds.
fn time(runs: u32, work: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..runs).for_each(|_| work());
    start.elapsed().as_secs_f64() * 1e6 / f64::from(runs)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
