#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| sqljwt_fuzz::bounded("agent", input));
