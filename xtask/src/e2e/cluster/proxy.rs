//! A proxy between flowship and the API server that loses, delays and refuses requests.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;

use super::random::Random;

/// What happens to requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// Nothing happens: requests are only counted.
    Fair,
    /// About every fourth request meets a fault.
    Stormy,
    /// No request is answered after the first ones.
    Silent {
        /// How many are answered.
        after: usize,
    },
    /// The first requests are answered; then the token has expired.
    Expired {
        /// How many are answered.
        after: usize,
    },
}

/// A fault of one request.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// As the API server refuses when it is busy: no `Status`.
    Busy,
    /// As an aggregated server refuses.
    BusyWithStatus,
    /// Somebody else changed the object at the same moment; of a patch only.
    Conflict,
    /// The list is too old to be continued; of a further page only.
    Gone,
    Unauthorized,
    Internal,
    Unavailable,
    /// The request is lost.
    CutBefore,
    /// The request is carried out, and its answer is lost.
    CutAfter,
    Slow,
}

const FAULTS: [Fault; 9] = [
    Fault::Busy,
    Fault::BusyWithStatus,
    Fault::Conflict,
    Fault::Gone,
    Fault::Internal,
    Fault::Unavailable,
    Fault::CutBefore,
    Fault::CutAfter,
    Fault::Slow,
];

/// The proxy. It ends when it is dropped.
pub(super) struct Proxy {
    pub(super) kubeconfig: PathBuf,
    shared: Arc<Shared>,
    port: u16,
}

struct Shared {
    /// The address behind it, as `HOST:PORT`.
    target: String,
    weather: Weather,
    requests: AtomicUsize,
    faults: AtomicUsize,
    random: Mutex<Random>,
    is_over: AtomicBool,
}

impl Proxy {
    /// Starts a proxy before `http://HOST:PORT`. The same seed gives the same faults.
    pub(super) fn start(
        target: &str,
        weather: Weather,
        seed: u64,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let target = target.strip_prefix("http://").context("a proxy without encryption")?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            target: target.to_owned(),
            weather,
            requests: AtomicUsize::new(0),
            faults: AtomicUsize::new(0),
            random: Mutex::new(Random::new(seed)),
            is_over: AtomicBool::new(false),
        });
        let for_listener = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if for_listener.is_over.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&for_listener);
                // A connection that breaks is what this is for.
                thread::spawn(move || shared.serve(stream));
            }
        });
        let kubeconfig = folder.join(format!("proxy-{port}.kubeconfig"));
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "e2e",
            "clusters": [{"name": "e2e", "cluster": {"server": format!("http://127.0.0.1:{port}")}}],
            "users": [{"name": "e2e", "user": {}}],
            "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "e2e"}}],
        });
        std::fs::write(&kubeconfig, config.to_string())?;
        Ok(Self { kubeconfig, shared, port })
    }

    /// The numbers of requests and of faults.
    pub(super) fn counts(&self) -> (usize, usize) {
        let count = |number: &AtomicUsize| number.load(Ordering::Relaxed);
        (count(&self.shared.requests), count(&self.shared.faults))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        // The listener looks once it has a connection.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    /// The fault of a request with this head.
    fn fault(&self, head: &str) -> Option<Fault> {
        let number = self.random.lock().ok()?.next();
        let fault = FAULTS[(number >> 8) as usize % FAULTS.len()];
        let fits = match fault {
            Fault::Conflict => head.starts_with("PATCH "),
            Fault::Gone => head.contains("continue="),
            _ => true,
        };
        (fits && number.is_multiple_of(4)).then_some(fault)
    }

    /// Answers requests until the connection is closed, or cut.
    fn serve(&self, client: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(client.try_clone().ok()?);
        let mut client = client;
        loop {
            let (head, body) = read_message(&mut reader)?;
            // Lists of a small Flow have several pages as well.
            let head = head.replacen("limit=500", "limit=10", 1);
            let count = self.requests.fetch_add(1, Ordering::Relaxed);
            let fault = match self.weather {
                Weather::Silent { after } if count >= after => {
                    thread::sleep(Duration::from_mins(10));
                    return None;
                }
                Weather::Expired { after } if count >= after => Some(Fault::Unauthorized),
                Weather::Silent { .. } | Weather::Expired { .. } | Weather::Fair => None,
                Weather::Stormy => self.fault(&head),
            };
            self.faults.fetch_add(usize::from(fault.is_some()), Ordering::Relaxed);
            let refuse = |status: &str, kind: &str, body: &str| {
                format!(
                    "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nretry-after: 0\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                )
            };
            let of_status = |code: u16, title: &str, reason: &str| {
                let status = json!({
                    "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code,
                    "reason": reason, "message": "planted by a test",
                });
                refuse(&format!("{code} {title}"), "application/json", &status.to_string())
            };
            let answer = match fault {
                Some(Fault::CutBefore) => return None,
                Some(Fault::Busy) => refuse(
                    "429 Too Many Requests",
                    "text/plain",
                    "Too many requests, please try again later.",
                ),
                Some(Fault::BusyWithStatus) => {
                    of_status(429, "Too Many Requests", "TooManyRequests")
                }
                Some(Fault::Conflict) => of_status(409, "Conflict", "Conflict"),
                Some(Fault::Gone) => of_status(410, "Gone", "Expired"),
                Some(Fault::Unauthorized) => of_status(401, "Unauthorized", "Unauthorized"),
                Some(Fault::Internal) => of_status(500, "Internal Server Error", "InternalError"),
                Some(Fault::Unavailable) => {
                    of_status(503, "Service Unavailable", "ServiceUnavailable")
                }
                Some(Fault::Slow) => {
                    thread::sleep(Duration::from_millis(500));
                    String::new()
                }
                Some(Fault::CutAfter) | None => String::new(),
            };
            if !answer.is_empty() {
                client.write_all(answer.as_bytes()).ok()?;
                continue;
            }
            let answer = self.ask(&head, &body)?;
            if matches!(fault, Some(Fault::CutAfter)) {
                // Half of the answer arrives.
                client.write_all(&answer[..answer.len() / 2]).ok()?;
                return None;
            }
            client.write_all(&answer).ok()?;
            return None;
        }
    }

    /// Sends a request on, and returns the answer. The connection behind is closed after it.
    fn ask(&self, head: &str, body: &[u8]) -> Option<Vec<u8>> {
        let mut server = TcpStream::connect(&self.target).ok()?;
        let mut request = String::new();
        for (index, line) in head.lines().enumerate() {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            let is_replaced = index > 0 && matches!(name.as_str(), "host" | "connection");
            if !line.is_empty() && !is_replaced {
                request.push_str(line);
                request.push_str("\r\n");
            }
        }
        request.push_str("host: localhost\r\nconnection: close\r\n\r\n");
        server.write_all(request.as_bytes()).ok()?;
        server.write_all(body).ok()?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).ok()?;
        Some(answer)
    }
}

/// The head of a request, and its body.
fn read_message(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}
