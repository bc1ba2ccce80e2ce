//! Runs a target on one input and holds it to what an input may cost.

use std::time::Duration;

use cpu_time::ThreadTime;

/// What one input may hold at any moment, in bytes.
const MEMORY: u64 = 64 << 20;

/// Runs a target; panics where a promise breaks or the input costs too much.
pub fn bounded(target: &str, input: &[u8]) {
    let target = sqljwt_robustness::target(target);
    let start = ThreadTime::now();
    let memory = allocation_counter::measure(|| (target.run)(input));
    let time = start.elapsed();
    // With debug assertions and coverage counters on, on any machine.
    assert!(time <= Duration::from_secs(target.seconds), "the input takes {time:?}");
    assert!(memory.bytes_max <= MEMORY, "the input holds {} bytes at once", memory.bytes_max);
}
