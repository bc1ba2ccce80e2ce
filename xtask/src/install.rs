//! Installs libsqljwt for C and C++: headers, both libraries, and what pkg-config and CMake need to find them.
//!
//! Cargo builds one archive. It also holds Rust's runtime and AWS-LC, whose symbols would meet those of the program, or
//! of another Rust library in it. So the archive becomes one object that shows the functions of the header and nothing
//! else, and both installed libraries are made of that object. (Cargo's own shared library could not have a symbol
//! version: rustc passes an anonymous version script, beside which the linker takes no named one.)

use std::{
    env::consts::OS,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::shell::{command, root, run};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The number at the end of the soname: `SQLJWT_ABI_VERSION` of the header.
const ABI: &str = "0";

/// What the archive needs from the system: `rustc --print native-static-libs`, without what every C compiler links to unasked.
/// That includes the unwinder, which is another library (`libgcc_eh`) where the program is linked with `-static`.
pub(crate) const PRIVATE_LIBS: [&str; 3] = ["-lm", "-lpthread", "-ldl"];

/// Installs as the command line says.
pub(crate) fn command_line(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let (mut prefix, mut destination) = (None, PathBuf::new());
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(format!("`{name}` needs a value"))?;
        match name.as_str() {
            "--prefix" => prefix = Some(PathBuf::from(value)),
            "--destdir" => destination = PathBuf::from(value),
            other => return Err(format!("`cargo xtask install-c` has no option `{other}`")),
        }
    }
    let prefix = prefix.ok_or("`cargo xtask install-c` needs `--prefix DIR`")?;
    let prefix = std::path::absolute(prefix).map_err(|error| error.to_string())?;
    // A package is made of DESTDIR/PREFIX and unpacked at PREFIX.
    let below = prefix.strip_prefix("/").unwrap_or(&prefix);
    install(&if destination.as_os_str().is_empty() { prefix.clone() } else { destination.join(below) })?;
    println!("\ninstalled libsqljwt {VERSION} for {}", prefix.display());
    Ok(ExitCode::SUCCESS)
}

/// Builds the release and installs it below a folder.
pub(crate) fn install(prefix: &Path) -> Result<(), String> {
    if OS != "linux" {
        return Err(format!("`cargo xtask install-c` knows the linker of Linux, not that of {OS}"));
    }
    run(&mut command("cargo build --release --locked --package sqljwt-ffi --features wiping"))?;
    let folders = ["include", "lib/pkgconfig", "lib/cmake/sqljwt"];
    for folder in folders {
        fs::create_dir_all(prefix.join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    }
    libraries(&prefix.join("lib"))?;
    let source = root().join("ffi");
    for header in ["sqljwt.h", "sqljwt.hpp"] {
        copy(&source.join("include").join(header), &prefix.join("include").join(header))?;
    }
    let libs = PRIVATE_LIBS.join(" ");
    let cmake_libs = PRIVATE_LIBS.map(|lib| lib.trim_start_matches("-l")).join(";");
    fill(&source.join("sqljwt.pc.in"), &prefix.join("lib/pkgconfig/sqljwt.pc"), &libs)?;
    for file in ["sqljwt-config.cmake", "sqljwt-config-version.cmake"] {
        let template = source.join("cmake").join(format!("{file}.in"));
        fill(&template, &prefix.join("lib/cmake/sqljwt").join(file), &cmake_libs)?;
    }
    Ok(())
}

/// Makes the archive and the shared library with its names.
fn libraries(folder: &Path) -> Result<(), String> {
    let archive = folder.join("libsqljwt.a");
    let shared = format!("libsqljwt.so.{VERSION}");
    let object = root().join("target/release/sqljwt.o");
    one_object(&root().join("target/release/libsqljwt_ffi.a"), &object)?;

    remove(&archive)?;
    run(command("ar crsD").arg(&archive).arg(&object))?;

    let mut link = command(
        "cc -shared -Wl,-z,defs -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,nodelete -Wl,--as-needed \
         -Wl,--gc-sections -Wl,--build-id=none -s",
    );
    link.arg(format!("-Wl,-soname,libsqljwt.so.{ABI}"));
    link.arg("-Wl,--version-script=ffi/sqljwt.map").arg("-o").arg(folder.join(&shared)).arg(&object);
    run(link.args(PRIVATE_LIBS))?;
    for name in [format!("libsqljwt.so.{ABI}"), "libsqljwt.so".into()] {
        let link = folder.join(&name);
        remove(&link)?;
        std::os::unix::fs::symlink(&shared, link).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// What of an archive the header's functions need, as one object that shows only them.
fn one_object(archive: &Path, object: &Path) -> Result<(), String> {
    let whole = object.with_extension("whole.o");
    let roots: Vec<_> = symbols()?.into_iter().map(|symbol| format!("--undefined={symbol}")).collect();
    run(command("ld -r --force-group-allocation -o").arg(&whole).args(&roots).arg(archive))?;
    // Bitcode goes first: it is of no use here, and an older LLVM among the linker's plug-ins would stumble over it.
    run(command("objcopy --strip-debug --remove-section=.llvmbc --remove-section=.llvmcmd").arg(&whole))?;
    // What the runtime only would like to have is strong after the unused sections are dropped: make it weak again.
    let weak = weak(&whole)?.into_iter().map(|symbol| format!("--weaken-symbol={symbol}"));
    run(command("ld -r --gc-sections -o").arg(object).args(&roots).arg(&whole))?;
    // Without the names of what was dropped: the program would have to bring them, and they read as if a socket were opened.
    run(command("objcopy --strip-unneeded --wildcard --keep-global-symbol=sqljwt_*").args(weak).arg(object))
}

/// What an object takes if it is there.
fn weak(object: &Path) -> Result<Vec<String>, String> {
    let mut nm = command("nm --undefined-only --format=posix");
    let output = nm.arg(object).output().map_err(|error| format!("nm: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| line.split_once(" w")).map(|(name, _)| name.into()).collect())
}

/// The functions of the header.
pub(crate) fn symbols() -> Result<Vec<String>, String> {
    let path = root().join("ffi/symbols.txt");
    let text = fs::read_to_string(path).map_err(|error| format!("ffi/symbols.txt: {error}"))?;
    Ok(text.lines().map(String::from).collect())
}

fn fill(template: &Path, place: &Path, libs: &str) -> Result<(), String> {
    let text = fs::read_to_string(template).map_err(|error| format!("{}: {error}", template.display()))?;
    let minor = VERSION.rsplit_once('.').map_or(VERSION, |(minor, _)| minor);
    let values = [("@VERSION@", VERSION), ("@MINOR@", minor), ("@ABI@", ABI), ("@PRIVATE_LIBS@", libs)];
    let filled = values.into_iter().fold(text, |text, (name, value)| text.replace(name, value));
    fs::write(place, filled).map_err(|error| format!("{}: {error}", place.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(|_| ()).map_err(|error| format!("{}: {error}", to.display()))
}

fn remove(path: &Path) -> Result<(), String> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(format!("{}: {error}", path.display())),
        _ => Ok(()),
    }
}
