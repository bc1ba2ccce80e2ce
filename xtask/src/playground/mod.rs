//! Builds the playground, serves it on this machine alone and opens the browser where there is one.

mod server;

use std::process::{Command, ExitCode, Stdio};

use self::server::Server;
use crate::{
    shell::{command, npm_ci, root, run, succeeds},
    wasm,
};

/// What to do with the page once it is built.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Nothing,
    Serve {
        open: bool,
    },
    /// Run a script of `web-demo/package.json` against the served page.
    Check(&'static str),
}

/// Runs `cargo xtask playground`.
pub(crate) fn run_command(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let then = match (arguments.next().as_deref(), arguments.next()) {
        (None, None) => Then::Serve { open: true },
        (Some("--no-open"), None) => Then::Serve { open: false },
        (Some("--build"), None) => Then::Nothing,
        (Some("--test"), None) => Then::Check("test"),
        (Some("--lighthouse"), None) => Then::Check("lighthouse"),
        _ => return Err("`cargo xtask playground` takes one of --no-open, --build, --test, --lighthouse".into()),
    };
    build()?;
    match then {
        Then::Nothing => {}
        Then::Serve { open } => serve(open)?,
        Then::Check(script) => check(script)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the site and tests it in a real browser.
pub(crate) fn all() -> Result<(), String> {
    build()?;
    check("test")
}

fn build() -> Result<(), String> {
    if !succeeds("npm --version") {
        return Err("the page is built with Node 20.19 or newer and its npm, which is not here; on Debian: \
             apt-get install nodejs npm"
            .into());
    }
    println!(
        "The engine is built as WebAssembly, then the page around it. The first time takes minutes, later ones seconds."
    );
    wasm::build()?;
    let folder = root().join("web-demo");
    npm_ci(&folder)?;
    run(command("npm run build --silent").current_dir(&folder))
}

/// Serves the site until the process is ended.
fn serve(open: bool) -> Result<(), String> {
    let server = Server::start(&root().join("web-demo/dist"))?;
    let address = &server.address;
    println!("\nThe playground is at {address} and leaves this machine for nothing. Ctrl+C ends it.");
    println!("The same in one file, for machines without any network: web-demo/dist/playground.html");
    if open {
        show(address);
    }
    server.wait();
    Ok(())
}

/// Runs a script of the page's package on the page as it is served.
fn check(script: &str) -> Result<(), String> {
    let server = Server::start(&root().join("web-demo/dist"))?;
    let mut check = command("npm run --silent");
    run(check.arg(script).env("SITE", &server.address).current_dir(root().join("web-demo")))
}

/// Opens an address in the browser of whoever sits here; where nobody does, the printed address has to do.
fn show(address: &str) {
    let seated = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let opener = if cfg!(target_os = "macos") {
        Some("open")
    } else if cfg!(target_os = "windows") {
        Some("explorer")
    } else if seated("DISPLAY") || seated("WAYLAND_DISPLAY") {
        Some("xdg-open")
    } else {
        None
    };
    if let Some(opener) = opener {
        // Nothing depends on it: the address is on the screen.
        let _ = Command::new(opener).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}
