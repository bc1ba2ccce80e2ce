//! Builds the playground, serves it on this machine alone and opens the browser where there is one.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Command, ExitCode, Stdio},
    thread,
    time::Duration,
};

use crate::{
    shell::{command, root, run},
    wasm,
};

/// The port that is tried first, so that the address stays the same from day to day.
const PORT: u16 = 4180;
/// Most bytes of a request that are read; browsers send about 1 KB.
const REQUEST_BYTES_MAX: u64 = 16_384;
const PATIENCE: Duration = Duration::from_secs(10);

/// The files of the built site, by their path in the address.
type Site = BTreeMap<String, (&'static str, Vec<u8>)>;

/// Runs `cargo xtask playground`.
pub(crate) fn run_command(arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let (mut serves, mut opens, mut tests) = (true, true, false);
    for argument in arguments {
        match argument.as_str() {
            "--build" => serves = false,
            "--no-open" => opens = false,
            "--test" => (serves, tests) = (false, true),
            other => return Err(format!("`cargo xtask playground` has no option `{other}`")),
        }
    }
    build()?;
    if tests {
        run(command("npm test --silent").current_dir(root().join("web-demo")))?;
    }
    if serves {
        serve(opens)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn build() -> Result<(), String> {
    wasm::build()?;
    let folder = root().join("web-demo");
    run(command("npm ci --silent").current_dir(&folder))?;
    run(command("npm run build --silent").current_dir(&folder))
}

/// Serves the site until the process is ended.
fn serve(opens: bool) -> Result<(), String> {
    let site: &'static Site = Box::leak(Box::new(site(&root().join("web-demo/dist"))?));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .map_err(|error| format!("nothing can be served on 127.0.0.1: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("\nThe playground is at http://{address}/ and leaves this machine for nothing. Ctrl+C ends it.");
    println!("The same in one file, for machines without any network: web-demo/dist/playground.html");
    if opens {
        open(&format!("http://{address}/"));
    }
    for stream in listener.incoming().flatten() {
        // A browser that breaks off is no fault of ours.
        thread::spawn(move || answer(&stream, site).ok());
    }
    Ok(())
}

fn site(folder: &Path) -> Result<Site, String> {
    let mut site = Site::new();
    collect(folder, "/", &mut site)?;
    let index = site.get("/index.html").cloned().ok_or("web-demo/dist has no index.html")?;
    site.insert("/".into(), index);
    Ok(site)
}

fn collect(folder: &Path, prefix: &str, site: &mut Site) -> Result<(), String> {
    let fault = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), site)?;
        } else {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            site.insert(format!("{prefix}{name}"), (content_type(&name), bytes));
        }
    }
    Ok(())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

fn answer(mut stream: &TcpStream, site: &Site) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream.take(REQUEST_BYTES_MAX));
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = request.split_ascii_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let missing = ("text/plain; charset=utf-8", b"There is nothing here.".to_vec());
    let (status, (kind, body)) = match site.get(path) {
        _ if method != "GET" && method != "HEAD" => ("405 Method Not Allowed", &missing),
        Some(file) => ("200 OK", file),
        None => ("404 Not Found", &missing),
    };
    // The page carries its own policy; a page cannot forbid by itself that others frame it.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Content-Security-Policy: frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n\
         Referrer-Policy: no-referrer\r\nCross-Origin-Opener-Policy: same-origin\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    if method != "HEAD" {
        stream.write_all(body)?;
    }
    stream.flush()
}

/// Opens an address in the browser of whoever sits here; where nobody does, the printed address has to do.
fn open(address: &str) {
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
