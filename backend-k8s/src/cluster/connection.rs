//! The connection to an API server.
//!
//! `kube` reads the kubeconfig, logs in and encrypts. Requests are made here, because the warnings of
//! the server are in headers, a `429` may have any body, and every request ends at the deadline of
//! the command.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use flow_model::DeployError;
use flow_model::deploy::Redactor;
use flow_model::visible;
use futures_util::AsyncBufReadExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, Stream, StreamExt as _};
use http::{Method, Request, StatusCode, header};
use kube::client::{AuthError, Body};
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

/// The maximum time for one try of a request.
const TRY: Duration = Duration::from_secs(30);

/// The number of tries of a request.
const TRIES: u32 = 7;

/// The number of requests at the same time. More gain nothing: the API server is the limit
/// (measured with 8, 16 and 32).
const PARALLEL: usize = 12;

/// The choice of a cluster.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ConnectOptions {
    /// The kubeconfig; by default `KUBECONFIG`, `~/.kube/config`, or the `ServiceAccount` of the Pod.
    pub kubeconfig: Option<PathBuf>,
    /// The context of the kubeconfig; by default its current one.
    pub context: Option<String>,
}

/// A connection to an API server.
#[derive(Clone)]
pub struct Connection {
    client: kube::Client,
    server: String,
    namespace: String,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Connection {
    /// Reads the configuration. The server is reached by the first request.
    ///
    /// # Errors
    ///
    /// If there is no configuration, or if it cannot be used.
    pub async fn open(options: &ConnectOptions) -> Result<Self, DeployError> {
        let mut config = configuration(options).await?;
        // The default tries for a quarter of an hour, whatever the deadline.
        config.default_retry = false;
        config.connect_timeout = Some(Duration::from_secs(10));
        let server = config.cluster_url.to_string();
        let namespace = config.default_namespace.clone();
        let client = kube::Client::try_from(config)
            .map_err(|error| unusable("the configuration of the cluster", &error))?;
        Ok(Self { client, server, namespace })
    }

    /// The address of the server.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The namespace of the context; `default` if it has none.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }
}

async fn configuration(options: &ConnectOptions) -> Result<kube::Config, DeployError> {
    let choice = KubeConfigOptions { context: options.context.clone(), ..Default::default() };
    if let Some(path) = &options.kubeconfig {
        let failed = |error: KubeconfigError| {
            unusable(&format!("the kubeconfig {}", visible(&path.display().to_string())), &error)
        };
        let file = Kubeconfig::read_from(path).map_err(failed)?;
        return kube::Config::from_custom_kubeconfig(file, &choice).await.map_err(failed);
    }
    if options.context.is_some() {
        return kube::Config::from_kubeconfig(&choice)
            .await
            .map_err(|error| unusable("the kubeconfig", &error));
    }
    kube::Config::infer().await.map_err(|error| {
        let reason = error.source().and_then(|source| source.downcast_ref());
        let Some(KubeconfigError::ReadConfig(why, path)) = reason else {
            return unusable("the kubeconfig", &error);
        };
        let path = path.display().to_string();
        DeployError::new(format!(
            "no cluster is configured: {} cannot be read ({why}); set KUBECONFIG, or pass `--kubeconfig FILE`",
            visible(&path)
        ))
    })
}

fn unusable(what: &str, error: &(dyn Error + 'static)) -> DeployError {
    DeployError::new(format!("{what} cannot be used: {}", explain(error)))
}

/// The words of an error and of its sources, each once. A kubeconfig and what a login program prints
/// on stdout are never quoted, because both contain credentials.
fn explain(error: &(dyn Error + 'static)) -> String {
    let mut words = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(text) = without_credentials(error) {
            words = text;
            break;
        }
        let text = error.to_string();
        if !words.contains(&text) {
            words = if words.is_empty() { text } else { format!("{words}: {text}") };
        }
        next = error.source();
    }
    if words.contains("CaUsedAsEndEntity") {
        "the server uses the certificate of a certificate authority (CA) as its own; give the \
         server a certificate that this CA has signed"
            .clone_into(&mut words);
    }
    // Names of layers say nothing to the reader.
    for layer in ["ServiceError: ", "client error (Connect): ", "client error (SendRequest): "] {
        words = words.replace(layer, "");
    }
    visible(&words).into_owned()
}

/// An error that may contain credentials, in own words.
fn without_credentials(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<KubeconfigError>() {
        return Some(match error {
            KubeconfigError::CurrentContextNotSet => {
                "it has no current context: pass `--context NAME`".to_owned()
            }
            KubeconfigError::LoadContext(name) => format!("it has no context `{name}`"),
            KubeconfigError::LoadClusterOfContext(name) => format!("it has no cluster `{name}`"),
            KubeconfigError::ReadConfig(why, path) => {
                format!("{} cannot be read: {why}", path.display())
            }
            KubeconfigError::Parse(_) => "it is not a kubeconfig".to_owned(),
            other => other.to_string(),
        });
    }
    match error.downcast_ref::<AuthError>()? {
        AuthError::AuthExecStart(why) => {
            Some(format!("the login program of the kubeconfig cannot be run: {why}"))
        }
        AuthError::AuthExecRun { out, .. } => {
            let text = String::from_utf8_lossy(&out.stderr);
            Some(format!("the login program of the kubeconfig failed: {}", text.trim()))
        }
        AuthError::AuthExecParse(_) => {
            Some("the login program of the kubeconfig prints no credentials".to_owned())
        }
        _ => None,
    }
}

/// Requests with a common deadline.
#[derive(Debug)]
pub(super) struct Session<'a> {
    connection: &'a Connection,
    deadline: Option<Instant>,
    redactor: &'a Redactor,
}

/// An answer of the server.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) value: Value,
    /// The warnings of the server.
    pub(super) warnings: Vec<String>,
}

/// A request without a result.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    /// The server refused.
    Refused(Refusal),
    /// The server cannot be reached, or it answers nothing useful.
    Lost(String),
    /// The deadline passed.
    Late,
}

/// The reasons of a refusal.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) reason: String,
    pub(super) message: String,
    pub(super) causes: Vec<Cause>,
}

/// A reason about one field.
#[derive(Debug, Clone, Default)]
pub(super) struct Cause {
    pub(super) reason: String,
    pub(super) message: String,
    pub(super) field: String,
}

impl Failure {
    /// True if the object does not exist.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == 404)
    }

    /// True if the user may not do this.
    pub(super) fn is_forbidden(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == 403)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => f.write_str(&refusal.message),
            Self::Lost(why) => f.write_str(why),
            Self::Late => f.write_str("the server did not answer in time"),
        }
    }
}

impl std::error::Error for Failure {}

/// The body of a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Payload<'a> {
    None,
    Json(&'a Value),
    Apply(&'a Value),
    Merge(&'a Value),
}

impl Payload<'_> {
    fn content_type(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Json(_) => Some("application/json"),
            // JSON is YAML.
            Self::Apply(_) => Some("application/apply-patch+yaml"),
            Self::Merge(_) => Some("application/merge-patch+json"),
        }
    }

    fn bytes(self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Json(value) | Self::Apply(value) | Self::Merge(value) => {
                value.to_string().into_bytes()
            }
        }
    }
}

impl<'a> Session<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        redactor: &'a Redactor,
        timeout: Option<Duration>,
    ) -> Self {
        Self { connection, deadline: timeout.map(|timeout| Instant::now() + timeout), redactor }
    }

    /// True if the deadline has passed.
    pub(super) fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Waits, but not past the deadline.
    pub(super) async fn pause(&self, time: Duration) {
        let end = Instant::now() + time;
        tokio::time::sleep_until(self.deadline.map_or(end, |deadline| deadline.min(end))).await;
    }

    /// A text of the server without the values that are hidden.
    pub(super) fn redacted(&self, text: &str) -> String {
        self.redactor.apply(text)
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, Failure> {
        Ok(self.request(&Method::GET, path, Payload::None).await?.value)
    }

    /// The object; `None` if it does not exist.
    pub(super) async fn find(&self, path: &str) -> Result<Option<Value>, Failure> {
        match self.get(path).await {
            Ok(value) => Ok(Some(value)),
            Err(failure) if failure.is_not_found() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// All items of a list, page by page. `query` begins with `?` or is empty.
    pub(super) async fn list(&self, path: &str, query: &str) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        let mut next = String::new();
        loop {
            let separator = if query.is_empty() { "?" } else { "&" };
            let page = if next.is_empty() {
                format!("{path}{query}{separator}limit=500")
            } else {
                format!("{path}{query}{separator}limit=500&continue={}", escape(&next))
            };
            let mut value = match self.get(&page).await {
                // The list was too old to be continued: it begins again.
                Err(Failure::Refused(refusal)) if refusal.code == 410 && !next.is_empty() => {
                    items.clear();
                    next.clear();
                    continue;
                }
                other => other?,
            };
            if let Some(Value::Array(page)) = value.get_mut("items").map(Value::take) {
                items.extend(page);
            }
            value["metadata"]["continue"].as_str().unwrap_or_default().clone_into(&mut next);
            if next.is_empty() {
                return Ok(items);
            }
        }
    }

    /// The text at a path.
    pub(super) async fn text(&self, path: &str) -> Result<String, Failure> {
        let (_, bytes) = self.answer(&Method::GET, path, Payload::None).await?;
        Ok(self.redacted(&String::from_utf8_lossy(&bytes)))
    }

    /// The lines at a path, as they arrive.
    pub(super) async fn lines(
        &self,
        path: &str,
    ) -> Result<impl Stream<Item = std::io::Result<String>> + Unpin + use<>, Failure> {
        let request = Request::builder().uri(path).body(Vec::new());
        let request = request.map_err(|error| Failure::Lost(error.to_string()))?;
        match self.connection.client.request_stream(request).await {
            Ok(stream) => Ok(Box::pin(stream).lines()),
            Err(kube::Error::Api(status)) => Err(Failure::Refused(Refusal {
                code: status.code,
                message: self.redacted(&status.message),
                ..Refusal::default()
            })),
            Err(error) => Err(self.lost(&error)),
        }
    }

    /// Sends a request, and repeats it if the server is busy or the connection breaks. All requests
    /// of this crate can be repeated: a patch sets the same fields again, and a deletion names the
    /// object by its uid.
    pub(super) async fn request(
        &self,
        method: &Method,
        path: &str,
        payload: Payload<'_>,
    ) -> Result<Answer, Failure> {
        let (warnings, bytes) = self.answer(method, path, payload).await?;
        let value = serde_json::from_slice(&bytes).map_err(|_| {
            Failure::Lost(format!("{} does not answer with JSON", self.connection.server))
        })?;
        Ok(Answer { value, warnings })
    }

    async fn answer(
        &self,
        method: &Method,
        path: &str,
        payload: Payload<'_>,
    ) -> Result<(Vec<String>, Vec<u8>), Failure> {
        let mut pause = Duration::from_millis(100);
        for tried in 1.. {
            if self.is_late() {
                return Err(Failure::Late);
            }
            let end = Instant::now() + TRY;
            let end = self.deadline.map_or(end, |deadline| deadline.min(end));
            let failure = match timeout_at(end, self.once(method, path, payload)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(failure)) => failure,
                Err(_) if self.is_late() => return Err(Failure::Late),
                Err(_) => Once {
                    failure: Failure::Lost(format!(
                        "{} did not answer within {} s",
                        self.connection.server,
                        TRY.as_secs()
                    )),
                    is_passing: true,
                    after: None,
                },
            };
            if !failure.is_passing || tried >= TRIES {
                return Err(failure.failure);
            }
            self.pause(failure.after.unwrap_or(pause)).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
        Err(Failure::Late)
    }

    async fn once(
        &self,
        method: &Method,
        path: &str,
        payload: Payload<'_>,
    ) -> Result<(Vec<String>, Vec<u8>), Once> {
        let built = request(method, path, payload).map_err(Once::final_failure)?;
        let sent = self.connection.client.send(built).await;
        let response = sent.map_err(|error| {
            let failure = self.lost(&error);
            // A certificate and a login are the same a moment later.
            let is_passing = !matches!(&failure, Failure::Lost(why) if is_lasting(why));
            Once { failure, is_passing, after: None }
        })?;
        let (head, body) = response.into_parts();
        let bytes = body.collect_bytes().await.map_err(|error| Once::passing(self.lost(&error)))?;
        if head.status.is_success() {
            let texts = head.headers.get_all(header::WARNING).iter();
            let texts = texts.filter_map(|text| warning(&String::from_utf8_lossy(text.as_bytes())));
            return Ok((texts.map(|text| self.redacted(&text)).collect(), bytes.to_vec()));
        }
        let refusal = self.refusal(head.status, &bytes);
        if head.status == StatusCode::UNAUTHORIZED {
            // No request is answered any more, whatever it is about.
            return Err(Once::final_failure(Failure::Lost(format!(
                "{} does not accept the credentials of the kubeconfig: {}",
                self.connection.server, refusal.message
            ))));
        }
        let after = head.headers.get(header::RETRY_AFTER).and_then(|after| after.to_str().ok());
        let after = after.and_then(|after| after.parse().ok()).map(Duration::from_secs);
        Err(Once {
            is_passing: is_passing(&refusal),
            failure: Failure::Refused(refusal),
            after: after.map(|after| after.min(Duration::from_secs(10))),
        })
    }

    fn lost(&self, error: &(dyn Error + 'static)) -> Failure {
        let server = &self.connection.server;
        Failure::Lost(self.redacted(&format!("{server} cannot be reached: {}", explain(error))))
    }

    fn refusal(&self, status: StatusCode, bytes: &[u8]) -> Refusal {
        let text = String::from_utf8_lossy(bytes);
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let word = |value: &Value| self.redacted(value.as_str().unwrap_or_default());
        let mut message = word(&value["message"]);
        if message.is_empty() {
            // A proxy, or an API server that is busy, answers with plain text.
            let line = text.lines().next().unwrap_or_default();
            let short: String = line.chars().take(200).collect();
            message = format!("{status}: {}", self.redacted(&short));
        }
        let causes = value["details"]["causes"].as_array();
        let causes = causes.into_iter().flatten().map(|cause| Cause {
            reason: word(&cause["reason"]),
            message: word(&cause["message"]),
            field: word(&cause["field"]),
        });
        let causes = causes.collect();
        Refusal { code: status.as_u16(), reason: word(&value["reason"]), message, causes }
    }
}

/// One try that failed.
struct Once {
    failure: Failure,
    /// Whether another try may succeed.
    is_passing: bool,
    /// When the server wants the next try.
    after: Option<Duration>,
}

impl Once {
    fn passing(failure: Failure) -> Self {
        Self { failure, is_passing: true, after: None }
    }

    fn final_failure(failure: Failure) -> Self {
        Self { failure, is_passing: false, after: None }
    }
}

/// True if a connection that failed for this reason fails again.
fn is_lasting(why: &str) -> bool {
    ["certificate", "login program"].iter().any(|words| why.contains(words))
}

/// True if the same request may succeed a moment later.
fn is_passing(refusal: &Refusal) -> bool {
    match refusal.code {
        429 | 502 | 503 | 504 => true,
        // A webhook that fails, or a bug, does not pass by itself; a busy store does.
        500 => !refusal.message.contains("webhook"),
        // Somebody else changed the object at the same moment.
        409 => {
            refusal.reason == "Conflict"
                && refusal.causes.iter().all(|cause| cause.reason != "FieldManagerConflict")
                && !refusal.message.contains("Precondition failed")
        }
        _ => false,
    }
}

/// The text of a `Warning` header: `299 - "text"`.
fn warning(header: &str) -> Option<String> {
    let quoted = header.split_once('"')?.1.rsplit_once('"')?.0;
    Some(quoted.replace("\\\"", "\"").replace("\\\\", "\\"))
}

fn request(method: &Method, path: &str, payload: Payload<'_>) -> Result<Request<Body>, Failure> {
    let mut builder = Request::builder().method(method.clone()).uri(path);
    builder = builder.header(header::ACCEPT, "application/json, */*");
    if let Some(content_type) = payload.content_type() {
        builder = builder.header(header::CONTENT_TYPE, content_type);
    }
    builder
        .body(Body::from(payload.bytes()))
        .map_err(|error| Failure::Lost(format!("{path} is not a path: {error}")))
}

/// A text as a part of a query.
pub(super) fn escape(text: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let mut escaped = String::new();
    for byte in text.as_bytes() {
        if is_plain(byte) {
            escaped.push(char::from(*byte));
        } else {
            let digits = [byte >> 4, byte & 0xf].map(|digit| char::from_digit(digit.into(), 16));
            escaped.push('%');
            escaped.extend(digits.into_iter().flatten().map(|digit| digit.to_ascii_uppercase()));
        }
    }
    escaped
}

/// The results of requests, a few of which run at the same time, as they arrive.
pub(super) fn parallel<'a, T: 'a>(
    requests: Vec<BoxFuture<'a, T>>,
) -> impl Stream<Item = T> + Unpin + Send + use<'a, T> {
    stream::iter(requests).buffer_unordered(PARALLEL)
}

#[cfg(test)]
mod tests {
    use kube::client::AuthError;
    use kube::config::Kubeconfig;

    use super::{Cause, Refusal, escape, explain, is_passing, warning};

    #[test]
    fn warnings_are_read_from_headers() {
        for (header, expected) in [
            (r#"299 - "unknown field \"a\"""#, Some("unknown field \"a\"")),
            (r#"299 kubernetes "deprecated""#, Some("deprecated")),
            ("299 -", None),
        ] {
            assert_eq!(warning(header).as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn credentials_are_not_quoted() {
        let parse = |text: &str| match Kubeconfig::from_yaml(text) {
            Err(error) => explain(&error),
            Ok(_) => String::new(),
        };
        assert_eq!(parse("users: [{token: s3cr3t"), "it is not a kubeconfig");
        let out = std::process::Output {
            status: std::process::ExitStatus::default(),
            stdout: b"s3cr3t".to_vec(),
            stderr: b"session expired\x1b[2J\n".to_vec(),
        };
        let error = AuthError::AuthExecRun { cmd: "aws s3cr3t".to_owned(), out: Box::new(out) };
        let words = explain(&kube::Error::Auth(error));
        assert!(words.starts_with("the login program of the kubeconfig failed: session expired"));
        assert!(!words.contains("s3cr3t") && !words.contains('\x1b'), "{words}");
        let lost = kube::Error::Service(Box::new(std::io::Error::other("refused")));
        assert_eq!(explain(&lost).matches("refused").count(), 1);
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let manager = Cause { reason: "FieldManagerConflict".to_owned(), ..Cause::default() };
        for (code, reason, message, causes, expected) in [
            (429, "", "Too many requests, please try again later.", vec![], true),
            (500, "InternalError", "etcdserver: request timed out", vec![], true),
            (500, "InternalError", "failed calling webhook \"x\"", vec![], false),
            (503, "", "", vec![], true),
            (409, "Conflict", "the object has been modified", vec![], true),
            (409, "Conflict", "Apply failed with 1 conflict", vec![manager], false),
            (409, "AlreadyExists", "", vec![], false),
            (422, "Invalid", "", vec![], false),
            (403, "Forbidden", "exceeded quota", vec![], false),
        ] {
            let (reason, message) = (reason.to_owned(), message.to_owned());
            let refusal = Refusal { code, reason, message, causes };
            assert_eq!(is_passing(&refusal), expected, "{refusal:?}");
        }
    }

    #[test]
    fn queries_are_escaped() {
        assert_eq!(escape("a/b=c,d"), "a%2Fb%3Dc%2Cd");
    }
}
