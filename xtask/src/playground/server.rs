//! Serves a folder of finished files over HTTP, to this machine alone.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

/// The port that is tried first, so that the address stays the same from day to day.
const PORT: u16 = 4180;
/// Most bytes of a request that are read; browsers send about 1 KB.
const REQUEST_BYTES_MAX: u64 = 16_384;
const PATIENCE: Duration = Duration::from_secs(30);
/// How a file may lie packed beside itself: what HTTP calls that, and the ending of its name. The best first.
const PACKINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// A running server; it ends with the process.
pub(super) struct Server {
    pub(super) address: String,
    thread: JoinHandle<()>,
}

impl Server {
    /// Reads the folder and starts to serve it.
    pub(super) fn start(folder: &Path) -> Result<Self, String> {
        let mut files = Files::new();
        collect(folder, "/", &mut files)?;
        if !files.contains_key("/index.html") {
            return Err(format!("{} has no index.html", folder.display()));
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT))
            .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .map_err(|error| format!("nothing can be served on 127.0.0.1: {error}"))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let files = Arc::new(files);
        let thread = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let files = Arc::clone(&files);
                // A browser that breaks off is no fault of ours.
                thread::spawn(move || answer(&stream, &files).ok());
            }
        });
        Ok(Self { address: format!("http://{address}/"), thread })
    }

    /// Serves until the process is ended.
    pub(super) fn wait(self) {
        // It ends only by a panic, which has then been printed.
        let _ = self.thread.join();
    }
}

/// The files of the site, by their path in the address.
type Files = BTreeMap<String, Vec<u8>>;

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> Result<(), String> {
    let fault = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            files.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}

/// What of a request matters here.
#[derive(Default)]
struct Request {
    method: String,
    path: String,
    accepted: String,
}

impl Request {
    fn read(stream: &TcpStream) -> std::io::Result<Self> {
        let mut lines = BufReader::new(stream.take(REQUEST_BYTES_MAX)).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let mut words = first.split_ascii_whitespace().map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let path = match target.split(['?', '#']).next().unwrap_or_default() {
            "/" => "/index.html",
            path => path,
        };
        let mut request = Self { method, path: path.to_owned(), accepted: String::new() };
        for line in lines {
            let line = line?;
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("accept-encoding") => {
                    request.accepted = value.to_owned();
                }
                None if line.is_empty() => break,
                _ => {}
            }
        }
        Ok(request)
    }

    fn accepts(&self, packing: &str) -> bool {
        self.accepted.split([',', ';']).any(|word| word.trim() == packing)
    }
}

fn answer(mut stream: &TcpStream, files: &Files) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = Request::read(stream)?;
    let asked = matches!(request.method.as_str(), "GET" | "HEAD");
    let (status, kind, packing, body) = match files.get(&request.path) {
        _ if !asked => ("405 Method Not Allowed", "text/plain; charset=utf-8", None, &b"Only GET is answered."[..]),
        None => ("404 Not Found", "text/plain; charset=utf-8", None, &b"There is nothing here."[..]),
        Some(plain) => {
            let packed = PACKINGS.into_iter().find_map(|(packing, ending)| {
                let body = files.get(&format!("{}{ending}", request.path))?;
                request.accepts(packing).then_some((packing, body))
            });
            let (packing, body) = packed.map_or((None, plain), |(packing, body)| (Some(packing), body));
            ("200 OK", content_type(&request.path), packing, body.as_slice())
        }
    };
    let packing = packing.map(|packing| format!("Content-Encoding: {packing}\r\n")).unwrap_or_default();
    // The page carries its own policy; a page cannot forbid by itself that others frame it.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{packing}Vary: Accept-Encoding\r\n\
         Cache-Control: no-store\r\nContent-Security-Policy: frame-ancestors 'none'\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    if request.method != "HEAD" {
        stream.write_all(body)?;
    }
    stream.flush()
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
