//! Requests, sent by Jina's own client.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::image::Image;

/// What is asked, and where. The options are those of `xtask/e2e/image/client.py`.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// Where the gateway is.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `grpc`, `http` or `websocket`.
    pub(crate) protocol: &'static str,
    /// The endpoint.
    pub(crate) on: &'static str,
    pub(crate) text: String,
    pub(crate) kind: &'static str,
    pub(crate) how_many: HowMany,
    /// Between the beginnings of requests.
    pub(crate) every: Duration,
    /// For one request.
    pub(crate) timeout: Duration,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum HowMany {
    Requests(usize),
    /// As many as go into a time.
    For(Duration),
}

impl Question {
    /// One request over gRPC.
    pub(crate) fn new(host: &str, port: u16) -> Self {
        Self {
            host: host.to_owned(),
            port,
            protocol: "grpc",
            on: "/",
            text: "x".to_owned(),
            kind: "",
            how_many: HowMany::Requests(1),
            every: Duration::ZERO,
            timeout: Duration::from_secs(10),
        }
    }
}

/// What came back. Requests go out one after the other.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct Report {
    /// How many were sent.
    pub(crate) requests: usize,
    /// How long it took, in seconds.
    pub(crate) seconds: f64,
    /// How often each text came back: `x|NAME@HOST`, the way of one document.
    pub(crate) texts: BTreeMap<String, usize>,
    /// How often each `NAME@HOST` has seen a document.
    pub(crate) seen: BTreeMap<String, usize>,
    /// What failed requests said, and how often.
    pub(crate) errors: BTreeMap<String, usize>,
    /// When failed requests were sent and when they failed, in seconds since the first.
    pub(crate) failed: Vec<(f64, f64)>,
}

/// A client that is at work.
#[derive(Debug)]
pub(crate) struct Asking(Child);

/// Sends requests in the background.
pub(crate) fn begin(image: &Image, question: &Question) -> anyhow::Result<Asking> {
    let mut client = image.command()?;
    client
        .args(["/usr/bin/python3", "-B", "/workspace/client.py"])
        .args(["--host", &question.host, "--port", &question.port.to_string()])
        .args(["--protocol", question.protocol, "--on", question.on])
        .args(["--text", &question.text, "--kind", question.kind])
        .args(["--every", &question.every.as_secs_f64().to_string()])
        .args(["--timeout", &question.timeout.as_secs_f64().to_string()]);
    match question.how_many {
        HowMany::Requests(number) => client.args(["--requests", &number.to_string()]),
        HowMany::For(time) => client.args(["--seconds", &time.as_secs_f64().to_string()]),
    };
    let child = client
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("the client cannot be started")?;
    Ok(Asking(child))
}

impl Asking {
    /// Sends no more requests, and waits for the answer of the last one.
    pub(crate) fn stop(self) -> anyhow::Result<Report> {
        let pid = Pid::from_child(&self.0);
        kill_process(pid, Signal::TERM).context("the client has ended by itself")?;
        self.end()
    }

    /// Waits until all requests are sent.
    pub(crate) fn end(self) -> anyhow::Result<Report> {
        let output = self.0.wait_with_output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let report = text.lines().rev().find_map(|line| serde_json::from_str(line).ok());
        match report {
            Some(report) if output.status.success() => Ok(report),
            _ => bail!("the client failed: {}", String::from_utf8_lossy(&output.stderr)),
        }
    }
}

/// Sends requests and waits for all answers.
pub(crate) fn ask(image: &Image, question: &Question) -> anyhow::Result<Report> {
    begin(image, question)?.end()
}
