//! Do the four packages carry one version?

use std::fs;

use sqljwt_conformance::folder;

#[test]
fn every_package_has_the_version_of_the_workspace() {
    let version = env!("CARGO_PKG_VERSION");
    for (file, line) in [
        ("ffi/include/sqljwt.h", format!("#define SQLJWT_VERSION \"{version}\"")),
        ("python/python/sqljwt/__init__.py", format!("__version__ = \"{version}\"")),
        ("wasm/js/package.json", format!("  \"version\": \"{version}\",")),
    ] {
        let path = folder().join("..").join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(text.lines().any(|found| found == line), "{file} has no line `{line}`");
    }
}
