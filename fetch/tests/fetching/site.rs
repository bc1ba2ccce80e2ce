//! An identity provider on the loopback interface that can be asked over HTTP, and that misbehaves when it is told to.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// How the site answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// As it should.
    Well,
    /// As it should, after so long.
    Slow(Duration),
    /// A byte now and then.
    Dripping,
    /// Not at all: the connection ends.
    Down,
    /// With this status and the right body.
    Status(u16),
    /// With a body of so many bytes.
    Large(usize),
    /// With another body in the place of the discovery document.
    Document(String),
    /// With another body in the place of the key set.
    Keys(String),
    /// With a redirect to another address.
    Redirect(String),
    /// With a body that ends before its length is reached.
    Cut,
    /// With header lines that are none.
    Noise,
}

/// The site; it ends with the process.
pub(crate) struct Site {
    pub(crate) url: String,
    pub(crate) asked: Arc<AtomicUsize>,
    mood: Arc<Mutex<Mood>>,
    keys: Arc<Mutex<(String, String)>>,
}

impl Site {
    /// A site that serves nothing yet.
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on the loopback interface");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let site = Self {
            url: url.clone(),
            asked: Arc::default(),
            mood: Arc::new(Mutex::new(Mood::Well)),
            keys: Arc::new(Mutex::new((r#"{"keys": []}"#.into(), "max-age=300".into()))),
        };
        let (asked, mood, keys) = (Arc::clone(&site.asked), Arc::clone(&site.mood), Arc::clone(&site.keys));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                asked.fetch_add(1, Ordering::Relaxed);
                let (url, mood, keys) = (url.clone(), mood.lock().unwrap().clone(), keys.lock().unwrap().clone());
                // A client that has gone away is nothing to tell of.
                thread::spawn(move || drop(answer(stream, &url, &mood, &keys)));
            }
        });
        site
    }

    /// Serves this key set, with this `Cache-Control`.
    pub(crate) fn serve(&self, keys: impl Into<String>, cache_control: &str) {
        *self.keys.lock().unwrap() = (keys.into(), cache_control.into());
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

fn answer(mut stream: TcpStream, url: &str, mood: &Mood, keys: &(String, String)) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = first.split(' ').nth(1).unwrap_or_default();
    let document = format!(r#"{{"issuer": "{url}", "jwks_uri": "{url}/keys"}}"#);
    let body = match (path, mood) {
        ("/keys", Mood::Keys(other)) | ("/.well-known/openid-configuration", Mood::Document(other)) => other.clone(),
        ("/keys", _) => keys.0.clone(),
        ("/.well-known/openid-configuration", _) => document,
        _ => return write(&mut stream, "404 Not Found", "", "nothing is here"),
    };
    let fresh = format!("Cache-Control: {}\r\n", keys.1);
    match mood {
        Mood::Down => Ok(()),
        Mood::Slow(delay) => {
            thread::sleep(*delay);
            write(&mut stream, "200 OK", &fresh, &body)
        }
        Mood::Dripping => {
            for byte in format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).bytes() {
                stream.write_all(&[byte])?;
                thread::sleep(Duration::from_millis(100));
            }
            Ok(())
        }
        Mood::Status(status) => write(&mut stream, &format!("{status} Whatever"), &fresh, &body),
        Mood::Large(bytes) => write(&mut stream, "200 OK", &fresh, &format!("{body}{}", " ".repeat(*bytes))),
        Mood::Redirect(to) => write(&mut stream, "302 Found", &format!("Location: {to}{path}\r\n"), ""),
        Mood::Cut => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{fresh}\r\n{body}", body.len() + 10)
        }
        Mood::Noise => stream.write_all(b"HTTP/1.1 200\r\n\xff\xfe: \r\n\x00\r\n\r\n{}"),
        Mood::Well | Mood::Document(_) | Mood::Keys(_) => write(&mut stream, "200 OK", &fresh, &body),
    }
}

fn write(stream: &mut TcpStream, status: &str, headers: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
}
