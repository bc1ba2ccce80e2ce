//! Checks the C face as its users meet it: installed, and compiled by the compilers of the system.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    contract::{Contract, Face},
    install::{PRIVATE_LIBS, install, symbols},
    shell::{built, command, output, root, run},
};

/// Largest installed library, stripped: what `ffi/README.md` promises.
const SHARED_BYTES_MAX: u64 = 25 * 1024 * 1024 / 4;
const ARCHIVE_BYTES_MAX: u64 = 11 * 1024 * 1024;

const WARNINGS: &str = "-Wall -Wextra -pedantic -Werror";

/// Answers the contract's questions; seen from `ffi/tests`.
const RUNNER: &str = "../../tests/runners/runner.c";

/// What the library has no use for: the network, threads and processes, signal handlers, the clock, setting the
/// environment. Whoever reads the list of what it imports need not take that on trust.
const NEVER_IMPORTED: &str = "socket connect bind listen accept accept4 getaddrinfo \
                              pthread_create fork vfork execve execvp posix_spawn posix_spawnp pidfd_spawnp \
                              signal sigaction sigaltstack clock_gettime gettimeofday time setenv putenv";

/// Runs the checks and says how they went.
pub(crate) fn run_checks() -> Result<ExitCode, String> {
    all(&Contract::begin()?)?;
    println!("\nthe C face is as it says");
    Ok(ExitCode::SUCCESS)
}

/// Checks the C face and stops at the first thing that is wrong.
pub(crate) fn all(contract: &Contract) -> Result<(), String> {
    let work = root().join("target/c");
    let prefix = work.join("prefix");
    let _ = fs::remove_dir_all(&prefix);
    install(&prefix)?;
    let bench = Bench { work, prefix, contract };
    bench.symbols()?;
    bench.sizes()?;
    bench.languages()?;
    bench.plain()?;
    bench.plugin()?;
    bench.hosts()?;
    bench.address_sanitizer()?;
    bench.thread_sanitizer()?;
    bench.valgrind()?;
    bench.vectors()?;
    bench.examples()?;
    bench.readme()?;
    bench.panic()
}

/// Where things are compiled, what they are compiled against, and what they have to answer.
struct Bench<'c> {
    work: PathBuf,
    prefix: PathBuf,
    contract: &'c Contract,
}

/// A program that is to end badly, and what it has to say while doing so.
struct Broken {
    mistake: &'static str,
    report: &'static str,
}

impl Bench<'_> {
    /// The libraries show the functions of `symbols.txt`, under their version, and nothing else; and they ask the system for
    /// nothing that they have no use for.
    fn symbols(&self) -> Result<(), String> {
        const DEFINED: &str = "nm --defined-only --extern-only --format=posix";
        let wanted = symbols()?;
        let (library, archive) = (self.prefix.join("lib/libsqljwt.so.0"), self.prefix.join("lib/libsqljwt.a"));
        let versioned: Vec<_> = wanted.iter().map(|name| format!("{name}@@SQLJWT_0")).collect();
        let shown = names(command(DEFINED).arg("--dynamic").arg(&library))?;
        same("libsqljwt.so", &versioned, &shown.into_iter().filter(|name| name != "SQLJWT_0").collect::<Vec<_>>())?;
        same("libsqljwt.a", &wanted, &names(command(DEFINED).arg(&archive))?)?;
        for imported in [
            names(command("nm --dynamic --undefined-only --format=posix").arg(&library))?,
            names(command("nm --undefined-only --format=posix").arg(&archive))?,
        ] {
            let never = |name: &str| NEVER_IMPORTED.split_ascii_whitespace().any(|never| never == name);
            let unwanted = |name: &&String| name.split('@').next().is_some_and(never);
            let unwanted: Vec<_> = imported.iter().filter(unwanted).collect();
            if !unwanted.is_empty() || imported.is_empty() {
                return Err(format!("the library imports {unwanted:?}, which it has no use for, of {imported:?}"));
            }
            println!("of the {} functions it imports none makes a connection, a thread or a process", imported.len());
        }
        Ok(())
    }

    fn sizes(&self) -> Result<(), String> {
        for (name, most) in [("libsqljwt.so.0", SHARED_BYTES_MAX), ("libsqljwt.a", ARCHIVE_BYTES_MAX)] {
            let path = self.prefix.join("lib").join(name);
            let bytes = fs::metadata(path).map_err(|error| format!("{name}: {error}"))?.len();
            println!("{name}: {bytes} bytes");
            if bytes > most {
                return Err(format!("{name} has {bytes} bytes; ffi/README.md promises at most {most}"));
            }
        }
        Ok(())
    }

    /// Both headers, the tests and the examples compile in every language and with every compiler that is promised.
    fn languages(&self) -> Result<(), String> {
        for (c, cpp) in [("gcc", "g++"), ("clang", "clang++")] {
            for (compiler, sources) in [
                (format!("{c} -std=c99 -D_POSIX_C_SOURCE=200809L"), &["api.c", RUNNER][..]),
                (format!("{c} -std=c11 -D_POSIX_C_SOURCE=200809L"), &["api.c"]),
                (format!("{cpp} -std=c++17 -Wold-style-cast"), &["api.cpp"]),
                (format!("{cpp} -std=c++17 -fno-exceptions -fno-rtti"), &["api.cpp"]),
                (format!("{cpp} -std=c++17 -x c++"), &["api.c"]),
                (format!("{cpp} -std=c++20"), &["api.cpp"]),
            ] {
                for source in sources {
                    run(self.compile(&compiler, source, STRICTER).arg("-fsyntax-only"))?;
                }
            }
            let in_c = format!("{c} -std=c99 -D_POSIX_C_SOURCE=200809L");
            for (compiler, ending) in [(in_c, "c"), (format!("{cpp} -std=c++17 -Wold-style-cast"), "cpp")] {
                for source in programs("examples", ending)? {
                    run(self.compile(&compiler, &source, STRICTER).arg("-fsyntax-only"))?;
                }
            }
        }
        Ok(())
    }

    fn plain(&self) -> Result<(), String> {
        for linked in [Linked::Shared, Linked::Static] {
            for (compiler, source) in [(C, "api.c"), (CPP, "api.cpp")] {
                run(&mut self.program(&self.build(compiler, source, "", linked)?))?;
            }
        }
        run(&mut self.program(&self.build(C, "api.c", "-static", Linked::Static)?))?;
        run(&mut self.program(&self.build("gcc -std=c99", "quiet.c", "", Linked::Shared)?))?;
        for linked in [Linked::Shared, Linked::Static] {
            run(&mut self.program(&self.build("gcc -std=c99 -fno-builtin", "wiped.c", "", linked)?))?;
        }
        Ok(())
    }

    /// What the hosts share reads its files safely, whatever becomes of them meanwhile: under AddressSanitizer and ThreadSanitizer.
    fn hosts(&self) -> Result<(), String> {
        let sources = ["hosts/token_host.c", "hosts/trusted_file.c", "pam/json.c"];
        let suppressions = format!("suppressions={}", root().join("ffi/tests/tsan.supp").display());
        for (flags, linked) in [(SANITIZED, Linked::Static), ("-g -fsanitize=thread", Linked::Shared)] {
            let program = self.work.join(format!("hosts-{linked:?}"));
            let mut compile =
                command(&format!("gcc -std=gnu11 -O1 -Wall -Wextra -Wshadow -Wconversion -Werror {flags}"));
            compile.arg("-I").arg(self.prefix.join("include")).args(["ffi/tests/hosts.c", "-o"]).arg(&program);
            compile.args(sources.map(|source| format!("ffi/{source}")));
            match linked {
                Linked::Static => compile.arg(self.prefix.join("lib/libsqljwt.a")),
                _ => compile.arg("-L").arg(self.prefix.join("lib")).arg("-lsqljwt"),
            };
            run(compile.args(PRIVATE_LIBS))?;
            run(self.program(&program).env("TSAN_OPTIONS", &suppressions))?;
        }
        Ok(())
    }

    /// A plugin made of the archive, linked as pkg-config says, may be unloaded while threads live on that used it.
    fn plugin(&self) -> Result<(), String> {
        let pkg_config = self.prefix.join("lib/pkgconfig");
        let flags = output(command("pkg-config --static --libs sqljwt").env("PKG_CONFIG_PATH", pkg_config))?;
        if !flags.contains("-z,nodelete") {
            return Err(format!("pkg-config says nothing of `-z nodelete`: {flags}"));
        }
        let (plugin, archive) = (self.work.join("plugin.so"), self.prefix.join("lib/libsqljwt.a"));
        let mut link = self.compile(C, "plugin.c", "-shared -fPIC");
        link.arg("-o").arg(&plugin);
        // As with `cc -static`, the archive is named instead of the shared library beside it.
        let named = |flag: &str| if flag == "-lsqljwt" { archive.display().to_string() } else { flag.into() };
        run(link.args(flags.split_ascii_whitespace().map(named)))?;
        let host = self.build(C, "dlclose.c", "", Linked::Not)?;
        run(self.program(&host).arg(&plugin).arg("1000"))
    }

    fn address_sanitizer(&self) -> Result<(), String> {
        for linked in [Linked::Shared, Linked::Static] {
            for (compiler, source) in [(C, "api.c"), (CPP, "api.cpp")] {
                run(&mut self.program(&self.build(compiler, source, SANITIZED, linked)?))?;
            }
        }
        let broken = self.build(C, "broken.c", SANITIZED, Linked::Static)?;
        self.noticed(&broken, &Broken { mistake: "free-twice", report: "AddressSanitizer: attempting double-free" })?;
        self.noticed(&broken, &Broken { mistake: "use-after-free", report: "AddressSanitizer: heap-use-after-free" })?;
        self.noticed(&broken, &Broken { mistake: "leak", report: "LeakSanitizer: detected memory leaks" })?;
        self.noticed(&broken, &Broken { mistake: "overflow", report: "runtime error: signed integer overflow" })
    }

    /// The example server reloads while it works, without a race. That the tool would have seen one is shown too.
    fn thread_sanitizer(&self) -> Result<(), String> {
        let flags = "-g -fsanitize=thread";
        let suppressions = format!("suppressions={}", root().join("ffi/tests/tsan.supp").display());
        let server = self.build(C, "../examples/server.c", flags, Linked::Shared)?;
        run(self.server(&mut self.program(&server)).args(["200", "50"]).env("TSAN_OPTIONS", &suppressions))?;
        let broken = self.build(C, "broken.c", flags, Linked::Shared)?;
        let mut racing = self.program(&broken);
        let racing = racing.env("TSAN_OPTIONS", &suppressions);
        ends_badly(racing, &Broken { mistake: "race", report: "ThreadSanitizer: data race" })
    }

    /// Nothing is read that nobody wrote, and nothing is lost.
    fn valgrind(&self) -> Result<(), String> {
        for (compiler, source) in [(C, "api.c"), (CPP, "api.cpp")] {
            let program = self.build(compiler, source, "-g", Linked::Shared)?;
            checked_by_valgrind(self.with_libraries(&mut command(VALGRIND)).arg(program))?;
        }
        let server = self.build(C, "../examples/server.c", "-g", Linked::Shared)?;
        let mut valgrind = command(VALGRIND);
        checked_by_valgrind(self.server(self.with_libraries(&mut valgrind).arg(server)).args(["50", "10"]))?;
        let broken = self.build(C, "broken.c", "-g", Linked::Shared)?;
        let mut leak = command(VALGRIND);
        self.with_libraries(leak.arg(broken));
        ends_badly(&mut leak, &Broken { mistake: "leak", report: "definitely lost in loss record" })
    }

    /// A C program answers every test vector as Rust does: plain, under the sanitizers and under Valgrind.
    fn vectors(&self) -> Result<(), String> {
        self.contract.ask(Face::C, &mut self.program(&self.build(C, RUNNER, "", Linked::Shared)?))?;
        self.contract.ask(Face::SanitizedC, &mut self.program(&self.build(C, RUNNER, SANITIZED, Linked::Static)?))?;
        let mut valgrind = command(VALGRIND);
        let runner = self.with_libraries(&mut valgrind).arg(self.build(C, RUNNER, "-g", Linked::Shared)?);
        self.contract.ask(Face::CheckedC, runner)
    }

    /// A bug inside arrives as a status: with a library that can be told to panic, compiled as the installed one is.
    fn panic(&self) -> Result<(), String> {
        run(&mut command("cargo build --release --locked --package sqljwt-ffi --features wiping,test-panic"))?;
        let archive = root().join("target/release/libsqljwt_ffi.a");
        let program = self.work.join("panic");
        run(self.compile(C, "panic.c", "").arg("-o").arg(&program).arg(&archive).args(PRIVATE_LIBS))?;
        println!("\n── {}", program.display());
        let output = built(&program).output().map_err(|error| format!("{}: {error}", program.display()))?;
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.success() && said.is_empty() {
            print!("{}", String::from_utf8_lossy(&output.stdout));
            Ok(())
        } else {
            Err(format!("the panic test ended with {} and said `{said}`", output.status))
        }
    }

    /// The examples build by the very lines of the README, with pkg-config and with CMake, and decide.
    fn examples(&self) -> Result<(), String> {
        let (examples, home) = (root().join("ffi/examples"), self.work.join("home"));
        let _ = fs::remove_dir_all(&home);
        let readme = root().join("ffi/README.md");
        let readme = fs::read_to_string(readme).map_err(|error| format!("ffi/README.md: {error}"))?;
        let blocks: Vec<_> = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        let lines = blocks.concat().replace("$HOME", &home.display().to_string());
        run(command("sh -xc").arg(lines))?;

        let token = fs::read(examples.join("token.txt")).map_err(|error| format!("token.txt: {error}"))?;
        for program in ["login", "login-cpp", "build/login-c", "build/login-cpp"] {
            for (user, status, answer) in
                [("ada", 0, "user:    ada\n"), ("eve", 1, "client:  JWT authentication: invalid principal\n")]
            {
                let program = home.join("sqljwt").join(program);
                let output = self.login(&program, user, &token)?;
                let said = String::from_utf8_lossy(&output.stdout);
                println!("\n── {} settings.sql {user} 1800000000 < token.txt\n{said}", program.display());
                if output.status.code() != Some(status) || !said.starts_with(answer) {
                    return Err(format!(
                        "expected status {status} and `{answer}`, found {} and `{said}`",
                        output.status
                    ));
                }
            }
        }
        Ok(())
    }

    /// The program that the project's README shows.
    fn readme(&self) -> Result<(), String> {
        let readme = fs::read_to_string(root().join("README.md")).map_err(|error| format!("README.md: {error}"))?;
        let code = readme.split("```c\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
        let source = self.work.join("readme.c");
        fs::write(&source, code).map_err(|error| format!("readme.c: {error}"))?;
        let said = output(&mut self.program(&self.build(C, &source.display().to_string(), "", Linked::Shared)?))?;
        println!("{said}");
        let begins = "to the client: JWT authentication: invalid token\nto the log: token_malformed: ";
        if said.starts_with(begins) { Ok(()) } else { Err(format!("expected `{begins}`, found `{said}`")) }
    }

    /// Runs a login example with the token on its standard input.
    fn login(&self, program: &Path, user: &str, token: &[u8]) -> Result<std::process::Output, String> {
        use std::{io::Write, process::Stdio};
        let mut login = self.program(program);
        login.arg("ffi/examples/settings.sql").args([user, "1800000000"]);
        let failed = |error: std::io::Error| format!("{}: {error}", program.display());
        let mut child = login.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(token).map_err(failed)?;
        }
        child.wait_with_output().map_err(failed)
    }

    /// The arguments of the example server, before the numbers of logins and reloads.
    fn server<'c>(&self, server: &'c mut Command) -> &'c mut Command {
        server.args(["ffi/examples/settings.sql", "ffi/examples/token.txt", "ada", "1800000000"])
    }

    /// Runs the program with its mistake and expects the sanitizer's report.
    fn noticed(&self, program: &Path, broken: &Broken) -> Result<(), String> {
        ends_badly(&mut self.program(program), broken)
    }

    fn build(&self, compiler: &str, source: &str, flags: &str, linked: Linked) -> Result<PathBuf, String> {
        let name = source.replace(|character: char| !character.is_ascii_alphanumeric(), "-");
        let kind: String = flags.chars().filter(char::is_ascii_alphanumeric).collect();
        let program = self.work.join(format!("{}-{kind}-{linked:?}", name.trim_start_matches('-')));
        let mut compile = self.compile(compiler, source, flags);
        compile.arg("-o").arg(&program);
        match linked {
            Linked::Shared => compile.arg("-L").arg(self.prefix.join("lib")).arg("-lsqljwt"),
            Linked::Static => compile.arg(self.prefix.join("lib/libsqljwt.a")),
            Linked::Not => &mut compile,
        };
        compile.args(PRIVATE_LIBS);
        run(&mut compile)?;
        Ok(program)
    }

    fn compile(&self, compiler: &str, source: &str, flags: &str) -> Command {
        let mut compile = command(&format!("{compiler} {WARNINGS} {flags}"));
        compile.arg("-I").arg(self.prefix.join("include")).arg(root().join("ffi/tests").join(source));
        compile
    }

    fn program(&self, program: &Path) -> Command {
        let mut command = built(program);
        self.with_libraries(&mut command);
        command
    }

    fn with_libraries<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("LD_LIBRARY_PATH", self.prefix.join("lib"))
    }
}

const C: &str = "gcc -std=c99 -D_POSIX_C_SOURCE=200809L -O1";
const CPP: &str = "g++ -std=c++17 -O1";
/// What careful projects compile with besides.
const STRICTER: &str = "-Wshadow -Wconversion -Wundef -Wcast-qual";
const SANITIZED: &str = "-g -fsanitize=address,undefined -fno-sanitize-recover=all";
const VALGRIND: &str =
    "valgrind --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible";

/// Which of the two libraries a program takes, if any.
#[derive(Clone, Copy, Debug)]
enum Linked {
    Shared,
    Static,
    Not,
}

/// Runs something under Valgrind, which must find no error and nothing lost, and prints how Valgrind sums up.
fn checked_by_valgrind(program: &mut Command) -> Result<(), String> {
    println!("\n── {program:?}");
    let output = program.output().map_err(|error| format!("valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{} under Valgrind:\n{said}", output.status));
    }
    print!("{}", String::from_utf8_lossy(&output.stdout));
    let sums = ["lost:", "still reachable:", "All heap blocks were freed", "ERROR SUMMARY:"];
    said.lines().filter(|line| sums.iter().any(|sum| line.contains(sum))).for_each(|line| println!("{line}"));
    Ok(())
}

/// Runs something that has to fail and to say why.
fn ends_badly(program: &mut Command, broken: &Broken) -> Result<(), String> {
    program.arg(broken.mistake);
    println!("\n── {} {}", program.get_program().to_string_lossy(), broken.mistake);
    let output = program.output().map_err(|error| format!("{}: {error}", broken.mistake))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let report = said.lines().find(|line| line.contains(broken.report));
    match report {
        Some(report) if !output.status.success() => {
            println!("noticed, as it has to be: {report}");
            Ok(())
        }
        _ => Err(format!("nobody noticed `{}`: {} and `{said}`", broken.mistake, output.status)),
    }
}

/// The names that `nm` lists.
fn names(nm: &mut Command) -> Result<Vec<String>, String> {
    let text = output(nm)?;
    let names = text.lines().filter(|line| line.contains(' '));
    let mut names: Vec<_> = names.filter_map(|line| line.split(' ').next()).map(String::from).collect();
    names.sort_unstable();
    Ok(names)
}

fn same(library: &str, wanted: &[String], shown: &[String]) -> Result<(), String> {
    let missing: Vec<_> = wanted.iter().filter(|name| !shown.contains(name)).collect();
    let extra: Vec<_> = shown.iter().filter(|name| !wanted.contains(name)).collect();
    if missing.is_empty() && extra.is_empty() {
        println!("{library} shows the {} functions of ffi/symbols.txt and nothing else", wanted.len());
        return Ok(());
    }
    Err(format!("{library} and ffi/symbols.txt differ: the library lacks {missing:?} and shows {extra:?} besides"))
}

/// The programs of a folder of `ffi/` that are written in a language, as the tests' folder names them.
fn programs(folder: &str, ending: &str) -> Result<Vec<String>, String> {
    let path = root().join("ffi").join(folder);
    let entries = fs::read_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut programs: Vec<_> = names.filter(|name| name.ends_with(&format!(".{ending}"))).collect();
    programs.sort_unstable();
    Ok(programs.into_iter().map(|name| format!("../{folder}/{name}")).collect())
}
