//! Is the committed header the one these sources give?

use std::{fmt::Write, path::Path};

use sqljwt_conformance::pinned;

use crate::{
    status::{ALL, OK, Row},
    version::ABI_VERSION,
};

#[test]
fn header_is_the_one_that_the_sources_give() {
    pinned::holds("ffi/include/sqljwt.h", &generated(Path::new(env!("CARGO_MANIFEST_DIR"))));
}

fn generated(root: &Path) -> String {
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    config.header = Some(HEADER.trim_end().into());
    config.after_includes = Some(format!("{}{}", version(), constants()));
    let mut text = Vec::new();
    let sources = [
        "status",
        "text",
        "refusal",
        "login",
        "validator",
        "identity",
        "keys",
        "roles",
        "explain",
        "call",
        "reason",
        "version",
    ];
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in sources {
        builder = builder.with_src(root.join("src").join(source).with_extension("rs"));
    }
    builder.generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap()
}

fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "\n/** The version of this header; `sqljwt_version` tells that of the library. */\n\
         #define SQLJWT_VERSION \"{version}\"\n\n\
         /** The ABI of this header; `sqljwt_abi_version` tells that of the library. */\n\
         #define SQLJWT_ABI_VERSION {ABI_VERSION}\n{MUST_USE}"
    )
}

/// Every status as a constant: those of the engine's table are reasons.
fn constants() -> String {
    let mut text = String::from(
        "\n/** What calls answer with. A number never changes its meaning and is never used twice. */\nenum {\n",
    );
    for (index, row) in ALL.iter().enumerate() {
        let comma = if index + 1 == ALL.len() { "" } else { "," };
        writeln!(text, "  /** {} */\n  {} = {}{comma}", row.summary, constant(row), row.status).unwrap();
    }
    text + "};\n"
}

fn constant(row: &Row) -> String {
    let band = if row.status >= 1000 { "REASON_" } else { "" };
    format!("SQLJWT_{band}{}", row.name.to_uppercase())
}

const HEADER: &str = "\
/*
 * sqljwt: may this JSON Web Token log in as this SQL user, and if not, why not?
 *
 * What holds for every function of this file:
 *
 * - 0 (SQLJWT_OK) is the only success. Every other status, present or future, means: do not log in.
 * - Handles (sqljwt_validator, sqljwt_login, sqljwt_refusal, sqljwt_text) belong to the caller, who gives each back once
 *   to the function `_free` of its name; that of NULL does nothing. Freeing one twice, or using it afterwards, is undefined.
 * - Views (sqljwt_view) are borrowed: valid until the handle they were read from is freed. A NUL stands behind their last byte.
 * - Text goes in as a pointer and a length and needs no NUL; the pointer may be NULL where the length is 0. The library keeps no
 *   pointer into it.
 * - Inputs come first, outputs last. An output is written on success and left alone otherwise; a refusal is the other way round.
 *   NULL stands for a refusal that is not wanted. Where any other output is NULL the call fails: with SQLJWT_NULL_POINTER, or false.
 * - Functions that read a handle take NULL and answer with the absent view, false or SQLJWT_NULL_POINTER.
 * - Any thread may use any handle, several at the same time too; only freeing one needs that no other thread is using it.
 * - There is no initialisation, no global state to set and no last error. The library starts no thread, installs no signal
 *   handler, prints nothing and reads no clock, file or network.
 * - A bug inside the library becomes SQLJWT_PANIC: a refusal like every other.
 *
 * This file is generated from the sources in ffi/src.
 */
";

const MUST_USE: &str = r"
#if defined(__cplusplus) && __cplusplus >= 201703L
#define SQLJWT_MUST_USE [[nodiscard]]
#elif defined(__GNUC__)
#define SQLJWT_MUST_USE __attribute__((warn_unused_result))
#else
#define SQLJWT_MUST_USE
#endif
";

#[test]
fn constants_are_named_after_the_codes() {
    let text = constants();
    assert!(text.contains("SQLJWT_OK = 0,") && text.contains("SQLJWT_KEYS_NEEDED = 100,"), "{text}");
    assert!(text.contains("SQLJWT_REASON_TOKEN_EXPIRED = 4003,"), "{text}");
    assert_eq!(ALL.first().map(|row| row.status), Some(OK));
}
