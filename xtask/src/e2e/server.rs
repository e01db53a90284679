//! An API server, spoken to as it is: objects as JSON, strictly checked.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::process::Process;

/// What objects are owned by.
const MANAGER: &str = "flowship-e2e";

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_mins(1);

/// How long something may take that controllers do.
const PATIENCE: Duration = Duration::from_mins(2);

/// An API server. `kubectl proxy` stands between: it knows every kind of login.
#[derive(Debug)]
pub(crate) struct Server {
    agent: ureq::Agent,
    base: String,
    kinds: Mutex<BTreeMap<(String, String), Kind>>,
    _proxy: Process,
}

/// Where objects of a kind are.
#[derive(Debug, Clone)]
struct Kind {
    plural: String,
    namespaced: bool,
}

/// What the server said to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It took it, perhaps with warnings.
    Accepted(Vec<String>),
    /// It did not, and why.
    Refused(String),
}

/// Whether an object has a condition of this type that is true.
pub(crate) fn has_condition(object: &Value, kind: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array();
    conditions.into_iter().flatten().any(|it| it["type"] == kind && it["status"] == "True")
}

impl Server {
    /// Speaks to the server of a kubeconfig.
    pub(crate) fn connect(kubectl: &Path, config: &Path, folder: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(kubectl);
        command.arg("--kubeconfig").arg(config).args(["proxy", "--port=0"]);
        let mut proxy = Process::start(folder, "kubectl-proxy", &mut command)?;
        let mut base = None;
        proxy.wait(Duration::from_mins(1), || {
            let line = std::fs::read_to_string(folder.join("kubectl-proxy.log"));
            let line = line.unwrap_or_default();
            let address = line.split_once("Starting to serve on ");
            base = address
                .and_then(|(_, rest)| rest.split_once('\n'))
                .map(|(address, _)| format!("http://{address}"));
            base.is_some()
        })?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            // An environment may send what goes to the world through a proxy; this goes nowhere.
            .proxy(None)
            .build();
        let base = base.unwrap_or_default();
        Ok(Self { agent: config.into(), base, kinds: Mutex::default(), _proxy: proxy })
    }

    /// Whether the server is ready for requests.
    pub(crate) fn is_ready(&self) -> bool {
        self.agent.get(format!("{}/readyz", self.base)).call().is_ok_and(|it| it.status() == 200)
    }

    /// Applies an object on the server's side. A field that is unknown or there twice is refused.
    pub(crate) fn apply(&self, object: &Value) -> anyhow::Result<Answer> {
        let path = self.path_of(object)?;
        let query = format!("?fieldManager={MANAGER}&force=true&fieldValidation=Strict");
        let mut answer = self
            .agent
            .patch(format!("{}{path}{query}", self.base))
            .content_type("application/apply-patch+yaml")
            .send(object.to_string())?;
        let warnings = answer.headers().get_all("warning").iter();
        let warnings = warnings.map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
        let warnings = warnings.collect();
        if answer.status().is_success() {
            return Ok(Answer::Accepted(warnings));
        }
        let text = answer.body_mut().read_to_string()?;
        let status: Value = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer::Refused(status["message"].as_str().unwrap_or(&text).to_owned()))
    }

    /// Applies an object that has to be accepted.
    pub(crate) fn create(&self, object: &Value) -> anyhow::Result<()> {
        match self.apply(object)? {
            Answer::Accepted(_) => Ok(()),
            Answer::Refused(why) => bail!("{} is refused: {why}", object["kind"]),
        }
    }

    /// Changes fields of an object.
    pub(crate) fn merge(&self, object: &Value, change: &Value) -> anyhow::Result<()> {
        let path = self.path_of(object)?;
        let mut answer = self
            .agent
            .patch(format!("{}{path}?fieldManager={MANAGER}", self.base))
            .content_type("application/merge-patch+json")
            .send(change.to_string())?;
        if !answer.status().is_success() {
            bail!("{path}: {}", answer.body_mut().read_to_string()?);
        }
        Ok(())
    }

    /// Changes an object by a strategic merge patch. Returns the result, or why the server refuses it.
    pub(crate) fn strategic(
        &self,
        object: &Value,
        patch: &Value,
    ) -> anyhow::Result<Result<Value, String>> {
        let query = format!("?fieldManager={MANAGER}&fieldValidation=Strict");
        let path = self.path_of(object)?;
        self.patched(&format!("{path}{query}"), "application/strategic-merge-patch+json", patch)
    }

    /// What the server would make of an object. Nothing is stored.
    pub(crate) fn dry_run(&self, object: &Value) -> anyhow::Result<Result<Value, String>> {
        let query = format!("?fieldManager={MANAGER}&fieldValidation=Strict&dryRun=All");
        let path = self.path_of(object)?;
        self.patched(&format!("{path}{query}"), "application/apply-patch+yaml", object)
    }

    fn patched(
        &self,
        path: &str,
        kind: &str,
        patch: &Value,
    ) -> anyhow::Result<Result<Value, String>> {
        let request = self.agent.patch(format!("{}{path}", self.base)).content_type(kind);
        let mut answer = request.send(patch.to_string())?;
        let body: Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
        if answer.status().is_success() {
            return Ok(Ok(body));
        }
        Ok(Err(body["message"].as_str().unwrap_or_default().to_owned()))
    }

    /// Reads what is at a path of the API. `None` where nothing is.
    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Option<Value>> {
        let deadline = Instant::now() + PATIENCE;
        let mut answer = self.agent.get(format!("{}{path}", self.base)).call()?;
        // A definition that is new has no storage for a moment.
        while answer.status() == 429 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(200));
            answer = self.agent.get(format!("{}{path}", self.base)).call()?;
        }
        if answer.status() == 404 {
            return Ok(None);
        }
        let body = answer.body_mut().with_config().limit(200 << 20).read_to_string()?;
        if !answer.status().is_success() {
            bail!("{path}: {body}");
        }
        Ok(Some(serde_json::from_str(&body).with_context(|| path.to_owned())?))
    }

    /// The items of a list.
    pub(crate) fn list(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let mut list = self.get(path)?.with_context(|| format!("no list at {path}"))?;
        let items = list.get_mut("items").and_then(Value::as_array_mut);
        Ok(items.map(std::mem::take).unwrap_or_default())
    }

    /// Text that is at a path of the API, such as a log.
    pub(crate) fn text(&self, path: &str) -> anyhow::Result<String> {
        Ok(self.agent.get(format!("{}{path}", self.base)).call()?.body_mut().read_to_string()?)
    }

    /// Asks that a Pod leaves its node, as `kubectl drain` does. False where a disruption budget
    /// does not let it go yet.
    pub(crate) fn evict(&self, namespace: &str, pod: &str) -> anyhow::Result<bool> {
        let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/eviction");
        let eviction = json!({
            "apiVersion": "policy/v1", "kind": "Eviction",
            "metadata": {"name": pod, "namespace": namespace},
        });
        let mut answer = self
            .agent
            .post(format!("{}{path}", self.base))
            .content_type("application/json")
            .send(eviction.to_string())?;
        match answer.status().as_u16() {
            429 => Ok(false),
            _ if answer.status().is_success() => Ok(true),
            _ => bail!("{path}: {}", answer.body_mut().read_to_string()?),
        }
    }

    /// The address that speaks to the server without a login.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// A token of an account.
    pub(crate) fn token(&self, namespace: &str, account: &str) -> anyhow::Result<String> {
        let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token");
        let asked = json!({
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {},
        });
        let mut answer = self
            .agent
            .post(format!("{}{path}", self.base))
            .content_type("application/json")
            .send(asked.to_string())?;
        let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
        Ok(answer["status"]["token"].as_str().with_context(|| path)?.to_owned())
    }

    /// Deletes what is at a path, at once.
    pub(crate) fn delete(&self, path: &str) -> anyhow::Result<()> {
        let answer = self.agent.delete(format!("{}{path}", self.base)).call()?;
        if !answer.status().is_success() && answer.status() != 404 {
            bail!("{path} cannot be deleted: {}", answer.status());
        }
        Ok(())
    }

    /// Makes a namespace in which Pods can be made.
    pub(crate) fn namespace(&self, name: &str) -> anyhow::Result<()> {
        self.create(&json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name},
        }))
    }

    /// Waits until Pods can be made in a namespace: a controller gives it an account first.
    pub(crate) fn wait_for_account(&self, namespace: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/default");
        self.wait_for(&path, |_| true)
    }

    /// Waits until what is at a path is as it should be.
    pub(crate) fn wait_for(
        &self,
        path: &str,
        mut is_good: impl FnMut(&Value) -> bool,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.get(path)?;
            if found.as_ref().is_some_and(&mut is_good) {
                return Ok(());
            }
            if Instant::now() > deadline {
                let found = found.unwrap_or_default();
                bail!("{path} is not as it should be after {} s: {found}", PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn path_of(&self, object: &Value) -> anyhow::Result<String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (version, kind) = (text(&object["apiVersion"]), text(&object["kind"]));
        let group = if version.contains('/') { "/apis" } else { "/api" };
        let known = self.kinds().get(&(version.clone(), kind.clone())).cloned();
        let found = match known {
            Some(found) => found,
            None => self.discover(group, &version, &kind)?,
        };
        let metadata = &object["metadata"];
        let namespace = match (found.namespaced, text(&metadata["namespace"])) {
            (false, _) => String::new(),
            (true, namespace) if namespace.is_empty() => "/namespaces/default".to_owned(),
            (true, namespace) => format!("/namespaces/{namespace}"),
        };
        Ok(format!("{group}/{version}{namespace}/{}/{}", found.plural, text(&metadata["name"])))
    }

    fn kinds(&self) -> MutexGuard<'_, BTreeMap<(String, String), Kind>> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn discover(&self, group: &str, version: &str, kind: &str) -> anyhow::Result<Kind> {
        let resources = self.get(&format!("{group}/{version}"))?.unwrap_or_default();
        let resources = resources["resources"].as_array().cloned().unwrap_or_default();
        let found = resources.iter().find(|resource| {
            resource["kind"] == kind && !resource["name"].as_str().unwrap_or("/").contains('/')
        });
        let found = found.with_context(|| format!("the server has no {kind} of {version}"))?;
        let found = Kind {
            plural: found["name"].as_str().unwrap_or_default().to_owned(),
            namespaced: found["namespaced"] == true,
        };
        self.kinds().insert((version.to_owned(), kind.to_owned()), found.clone());
        Ok(found)
    }
}
