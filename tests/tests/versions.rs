//! Do the packages carry one version, the workspace's? The C header's is held with the header, in `ffi/src/header.rs`.

use sqljwt_conformance::pinned;

#[test]
fn every_package_has_the_version_of_the_workspace() {
    for (path, before) in [
        ("pyproject.toml", "\ndependencies = [\"sqljwt[testing]=="),
        ("python/python/sqljwt/__init__.py", "\n__version__ = \""),
        ("wasm/js/package.json", "\n  \"version\": \""),
    ] {
        pinned::holds(path, &pinned::with(&pinned::read(path), [before, "\""], env!("CARGO_PKG_VERSION")));
    }
}
