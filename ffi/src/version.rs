//! Which library is this? For programs that may meet another one than they were compiled against.

use std::ffi::{CStr, c_char};

/// Grows whenever a program compiled against the old header could go wrong with the new library; also the number at the
/// end of the shared library's soname.
pub(crate) const ABI_VERSION: u32 = 0;

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("a version has no NUL"),
};

/// The ABI of the library that is running. It fits the header when it equals SQLJWT_ABI_VERSION.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sqljwt_abi_version() -> u32 {
    ABI_VERSION
}

/// The version of the library that is running, such as `0.1.0`: static text.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sqljwt_version() -> *const c_char {
    VERSION.as_ptr()
}
