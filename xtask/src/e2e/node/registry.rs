//! A registry of images that refuses everybody.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Listens on this machine until it is dropped. An image whose name begins with `private` needs a
/// login; no other one exists.
pub(super) struct Registry {
    /// `localhost:PORT`, which containerd asks without TLS.
    pub(super) host: String,
    is_over: Arc<AtomicBool>,
    server: Option<JoinHandle<()>>,
}

impl Registry {
    pub(super) fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let host = format!("localhost:{}", listener.local_addr()?.port());
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let server = thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                let Ok((mut stream, _)) = listener.accept() else {
                    thread::sleep(Duration::from_millis(20));
                    continue;
                };
                // Who asks for something else than an image gets no better answer.
                let mut request = [0; 4096];
                let _ = stream.set_nonblocking(false);
                let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
                let length = stream.read(&mut request).unwrap_or_default();
                let is_private =
                    String::from_utf8_lossy(&request[..length]).contains("/v2/private");
                let status = if is_private { "401 Unauthorized" } else { "404 Not Found" };
                let answer =
                    format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Ok(Self { host, is_over, server: Some(server) })
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}
