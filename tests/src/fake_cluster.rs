//! An API server with objects in memory, which does what the deployer needs of one.
//!
//! It knows server-side apply, conflicts of managers, preconditions, pages of lists and dry runs, and
//! it does the work of the controllers at once: a workload gets its Pods while its request is answered.
//! Lists inside of objects belong to one manager as a whole, which real ones do not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// API version, kind, plural, and whether its objects have a namespace.
const KINDS: [(&str, &str, &str, bool); 23] = [
    ("v1", "ConfigMap", "configmaps", true),
    ("v1", "Event", "events", true),
    ("v1", "LimitRange", "limitranges", true),
    ("v1", "Namespace", "namespaces", false),
    ("v1", "PersistentVolumeClaim", "persistentvolumeclaims", true),
    ("v1", "Pod", "pods", true),
    ("v1", "ResourceQuota", "resourcequotas", true),
    ("v1", "Secret", "secrets", true),
    ("v1", "Service", "services", true),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", WEBHOOKS, false),
    ("apps/v1", "Deployment", "deployments", true),
    ("apps/v1", "ReplicaSet", "replicasets", true),
    ("apps/v1", "StatefulSet", "statefulsets", true),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true),
    ("batch/v1", "CronJob", "cronjobs", true),
    ("batch/v1", "Job", "jobs", true),
    ("gateway.networking.k8s.io/v1", "GRPCRoute", "grpcroutes", true),
    ("gateway.networking.k8s.io/v1", "Gateway", "gateways", true),
    ("gateway.networking.k8s.io/v1", "GatewayClass", "gatewayclasses", false),
    ("linkerd.io/v1alpha2", "ServiceProfile", "serviceprofiles", true),
    ("networking.istio.io/v1", "DestinationRule", "destinationrules", true),
    ("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
    ("storage.k8s.io/v1", "StorageClass", "storageclasses", false),
];

const WEBHOOKS: &str = "mutatingwebhookconfigurations";

const REVISION: &str = "deployment.kubernetes.io/revision";

/// The server. It ends with the process.
#[derive(Debug)]
pub struct FakeCluster {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    folder: TempDir,
}

/// How the server answers some requests.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// A part of the method and path of the requests, as `PATCH /api/v1/…`; with a `$`, their end.
    pub of: &'static str,
    /// How often; later ones are answered as usual.
    pub times: usize,
    /// The status.
    pub code: u16,
    /// The body.
    pub body: Value,
}

#[derive(Debug, Default)]
struct State {
    /// By path.
    objects: BTreeMap<String, Value>,
    refusals: Vec<Refusal>,
    written: Vec<String>,
    version: u64,
    /// What the status of Pods is, and how many looks later they are ready.
    pods: (Value, usize),
    logs: BTreeMap<String, String>,
    page: usize,
    /// By path.
    warnings: BTreeMap<String, String>,
    /// What lists with `resourceVersion=0` show, if it is older than the objects.
    memory: Option<BTreeMap<String, Value>>,
}

impl FakeCluster {
    /// Starts a server without objects.
    ///
    /// # Panics
    ///
    /// When no port is free, or no folder can be created.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = State { page: usize::MAX, pods: (ready(), 0), ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // A client that hangs up has what it wants.
                thread::spawn(move || drop(serve(stream, &state)));
            }
        });
        let folder = tempfile::tempdir().expect("a folder");
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "fake",
            "clusters": [{"name": "fake", "cluster": {"server": format!("http://{address}")}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake", "namespace": "shop"}}],
            "users": [{"name": "fake", "user": {}}],
        });
        let cluster = Self { address, state, folder };
        std::fs::write(cluster.kubeconfig(), config.to_string()).expect("a kubeconfig");
        cluster
    }

    /// The kubeconfig of its user, whose context has the namespace `shop`.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// Creates or replaces an object, as somebody else than flowship does.
    pub fn put(&self, object: &Value) {
        let path = path_of(object);
        self.state().write(&path, object.clone());
    }

    /// Changes an object with a merge patch, as this manager does.
    ///
    /// # Panics
    ///
    /// When there is no such object.
    pub fn patch(&self, path: &str, manager: &str, patch: &Value) {
        let mut state = self.state();
        let mut object = state.objects.get(path).expect("an object").clone();
        merge(&mut object, patch);
        let entry = json!({
            "manager": manager, "operation": "Update", "apiVersion": object["apiVersion"],
            "fieldsType": "FieldsV1", "fieldsV1": fields(patch),
        });
        if let Some(entries) = object["metadata"]["managedFields"].as_array_mut() {
            entries.push(entry);
        }
        state.write(path, object);
    }

    /// Removes an object.
    pub fn remove(&self, path: &str) {
        self.state().objects.remove(path);
    }

    /// The object at a path.
    pub fn object(&self, path: &str) -> Option<Value> {
        self.state().objects.get(path).cloned()
    }

    /// The paths of all objects.
    pub fn paths(&self) -> Vec<String> {
        self.state().objects.keys().cloned().collect()
    }

    /// Refuses requests.
    pub fn refuse(&self, refusal: Refusal) {
        self.state().refusals.push(refusal);
    }

    /// Answers all requests again.
    pub fn refuse_nothing(&self) {
        self.state().refusals.clear();
    }

    /// The status of new Pods. After this many lists of Pods they are ready all the same.
    pub fn pods_are(&self, status: Value, looks: usize) {
        self.state().pods = (status, looks);
    }

    /// The log of a container of a Pod: `POD/CONTAINER`.
    pub fn log(&self, container: &str, text: &str) {
        self.state().logs.insert(container.to_owned(), text.to_owned());
    }

    /// How many items a page of a list has.
    pub fn pages_of(&self, items: usize) {
        self.state().page = items;
    }

    /// Lists that may be answered from memory show the objects as they are now, whatever changes later.
    pub fn freeze_memory(&self) {
        let mut state = self.state();
        state.memory = Some(state.objects.clone());
    }

    /// A warning with every answer to an apply of this object that is not a dry run.
    pub fn warn(&self, path: &str, warning: &str) {
        self.state().warnings.insert(path.to_owned(), warning.to_owned());
    }

    /// The requests since the last call that changed something.
    pub fn written(&self) -> Vec<String> {
        std::mem::take(&mut self.state().written)
    }
}

impl Default for FakeCluster {
    fn default() -> Self {
        Self::new()
    }
}

/// The status of a Pod that is ready.
fn ready() -> Value {
    json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]})
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path of an object.
///
/// # Panics
///
/// When its kind is not one of the server's.
fn path_of(object: &Value) -> String {
    let (api_version, kind) = (text(&object["apiVersion"]), text(&object["kind"]));
    let known = KINDS.iter().find(|known| known.0 == api_version && known.1 == kind);
    let (_, _, plural, is_namespaced) = known.unwrap_or_else(|| panic!("{api_version} {kind}"));
    let root = if api_version.contains('/') { "/apis" } else { "/api" };
    let metadata = &object["metadata"];
    let namespace = match is_namespaced {
        true => format!("/namespaces/{}", text(&metadata["namespace"])),
        false => String::new(),
    };
    format!("{root}/{api_version}{namespace}/{plural}/{}", text(&metadata["name"]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A request, as far as it matters.
struct Request {
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    content_type: String,
    body: Value,
}

struct Answer {
    code: u16,
    body: String,
    headers: String,
}

impl Answer {
    fn json(code: u16, body: &Value) -> Self {
        Self { code, body: body.to_string(), headers: String::new() }
    }

    fn status(code: u16, reason: &str, message: &str) -> Self {
        Self::json(code, &status(reason, message))
    }
}

/// The body of a refusal.
pub fn status(reason: &str, message: &str) -> Value {
    json!({"kind": "Status", "status": "Failure", "reason": reason, "message": message})
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut output = stream.try_clone()?;
    let mut input = BufReader::new(stream);
    while let Some(request) = read(&mut input)? {
        let Answer { code, body, headers } = locked(state).answer(&request);
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {code} Whatever\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n"
        );
        output.write_all(head.as_bytes())?;
        output.write_all(body.as_bytes())?;
    }
    Ok(())
}

fn read(input: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let header = |name: &str| {
        let pairs = lines.iter().filter_map(|line| line.split_once(": "));
        let mut found = pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    input.read_exact(&mut body)?;
    let mut words = lines.first().map(String::as_str).unwrap_or_default().split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Ok(Some(Request {
        method,
        path: path.to_owned(),
        query: pairs.map(|(key, value)| (key.to_owned(), unescaped(value))).collect(),
        content_type: header("content-type"),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }))
}

/// A part of a query without its `%2F`.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        let byte = u8::from_str_radix(digits, 16).unwrap_or(b'?');
        all.push(char::from(byte));
        all.push_str(rest);
    }
    all
}

impl State {
    fn answer(&mut self, request: &Request) -> Answer {
        let Request { method, path, query, .. } = request;
        let mut whole = format!("{method} {path}");
        for (key, value) in query {
            let separator = if whole.contains('?') { '&' } else { '?' };
            let _ = write!(whole, "{separator}{key}={value}");
        }
        let is_meant = |of: &str| match of.strip_suffix('$') {
            Some(end) => whole.ends_with(end),
            None => whole.contains(of),
        };
        let refusal = self.refusals.iter_mut().find(|one| one.times > 0 && is_meant(one.of));
        if let Some(refusal) = refusal {
            refusal.times -= 1;
            return match &refusal.body {
                Value::String(body) => {
                    Answer { code: refusal.code, body: body.clone(), headers: String::new() }
                }
                body => Answer::json(refusal.code, body),
            };
        }
        if method != "GET" && !query.contains_key("dryRun") {
            let how = match method.as_str() {
                "DELETE" => format!(" {}", text(&request.body["propagationPolicy"])),
                _ if request.content_type.contains("merge") => " merge".to_owned(),
                _ if query.get("force").is_some_and(|force| force == "true") => " force".to_owned(),
                _ => String::new(),
            };
            self.written.push(format!("{method} {path}{how}"));
        }
        match method.as_str() {
            "GET" => self.get(path, query),
            "PATCH" if request.content_type.contains("merge") => self.merge(path, &request.body),
            "PATCH" => self.apply(request),
            "DELETE" => self.delete(path, &request.body),
            _ => Answer::status(405, "MethodNotAllowed", "the method is not supported"),
        }
    }

    fn get(&mut self, path: &str, query: &BTreeMap<String, String>) -> Answer {
        if let Some(answer) = discovery(path) {
            return Answer::json(200, &answer);
        }
        if let Some((pod, "log")) = path.rsplit_once('/') {
            return self.log(pod, query);
        }
        let plural = path.rsplit('/').next().unwrap_or_default();
        if KINDS.iter().any(|kind| kind.2 == plural) {
            return self.list(path, plural, query);
        }
        if let Some(object) = self.objects.get(path) {
            return Answer::json(200, object);
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        Answer::status(404, "NotFound", &format!("\"{name}\" not found"))
    }

    fn log(&self, pod: &str, query: &BTreeMap<String, String>) -> Answer {
        let pod = pod.rsplit('/').next().unwrap_or_default();
        let container = query.get("container").map(String::as_str).unwrap_or_default();
        // Only what ended has an earlier log.
        let is_earlier = query.get("previous").is_some_and(|previous| previous == "true");
        let name =
            if is_earlier { format!("{pod}/{container}/1") } else { format!("{pod}/{container}") };
        let Some(log) = self.logs.get(&name) else {
            let message = format!("container \"{container}\" in pod \"{pod}\" is waiting to start");
            return Answer::status(400, "BadRequest", &message);
        };
        let lines: Vec<_> = log.lines().collect();
        let tail = query.get("tailLines").and_then(|tail| tail.parse().ok());
        let first = tail.map_or(0, |tail| lines.len().saturating_sub(tail));
        let body: Vec<_> = lines[first..].iter().map(|line| format!("{line}\n")).collect();
        Answer { code: 200, body: body.concat(), headers: String::new() }
    }

    fn list(&mut self, path: &str, plural: &str, query: &BTreeMap<String, String>) -> Answer {
        let (root, _) = path.rsplit_once('/').unwrap_or_default();
        let is_in = |at: &str| {
            let (collection, _) = at.rsplit_once('/').unwrap_or_default();
            collection == path
                || collection.ends_with(&format!("/{plural}"))
                    && collection.starts_with(&format!("{root}/namespaces/"))
        };
        let selector = query.get("labelSelector").map(String::as_str).unwrap_or_default();
        let is_selected = |object: &Value| {
            let labels = &object["metadata"]["labels"];
            match selector.split_once('=') {
                Some((key, value)) => labels[key] == value,
                None => selector.is_empty() || !labels[selector].is_null(),
            }
        };
        if plural == "pods" && !query.contains_key("continue") {
            match self.pods.1 {
                0 => {}
                1 => {
                    self.pods = (ready(), 0);
                    for (_, pod) in self.objects.iter_mut().filter(|(at, _)| at.contains("/pods/"))
                    {
                        pod["status"] = ready();
                    }
                }
                _ => self.pods.1 -= 1,
            }
        }
        let from_memory = query.get("resourceVersion").is_some_and(|version| version == "0");
        let memory = self.memory.as_ref().filter(|_| from_memory);
        let all: Vec<_> = memory
            .unwrap_or(&self.objects)
            .iter()
            .filter(|(at, object)| is_in(at) && is_selected(object))
            .map(|(_, object)| {
                let mut object = object.clone();
                // Items of a list do not say their kind.
                if let Some(map) = object.as_object_mut() {
                    map.remove("kind");
                    map.remove("apiVersion");
                }
                object
            })
            .collect();
        let limit = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(usize::MAX);
        let first = query.get("continue").and_then(|at| at.strip_prefix("from/")?.parse().ok());
        let first: usize = first.unwrap_or(0);
        let end = first.saturating_add(limit.min(self.page)).min(all.len());
        let more = if end < all.len() { format!("from/{end}") } else { String::new() };
        let items = all.get(first..end).unwrap_or_default();
        Answer::json(200, &json!({"metadata": {"continue": more}, "items": items}))
    }

    fn delete(&mut self, path: &str, options: &Value) -> Answer {
        let Some(object) = self.objects.get(path) else {
            return Answer::status(404, "NotFound", "not found");
        };
        let uid = object["metadata"]["uid"].clone();
        let wanted = &options["preconditions"]["uid"];
        if !wanted.is_null() && *wanted != uid {
            return Answer::status(409, "Conflict", "Precondition failed: UID in precondition");
        }
        self.objects.remove(path);
        if options["propagationPolicy"] != "Orphan" {
            self.collect(&uid);
        }
        Answer::json(200, &json!({"kind": "Status", "status": "Success"}))
    }

    /// Deletes what an object owns.
    fn collect(&mut self, owner: &Value) {
        let is_owned = |object: &Value| object["metadata"]["ownerReferences"][0]["uid"] == *owner;
        let owned: Vec<_> = self.objects.iter().filter(|(_, object)| is_owned(object)).collect();
        let owned: Vec<_> = owned
            .iter()
            .map(|(at, object)| ((*at).clone(), object["metadata"]["uid"].clone()))
            .collect();
        for (at, uid) in owned {
            self.objects.remove(&at);
            self.collect(&uid);
        }
    }

    fn merge(&mut self, path: &str, patch: &Value) -> Answer {
        let Some(mut object) = self.objects.get(path).cloned() else {
            return Answer::status(404, "NotFound", "not found");
        };
        merge(&mut object, patch);
        Answer::json(200, &self.write(path, object))
    }

    fn apply(&mut self, request: &Request) -> Answer {
        let Request { path, query, body, .. } = request;
        let is = |key: &str, value: &str| query.get(key).is_some_and(|found| found == value);
        let namespace = body["metadata"]["namespace"].as_str();
        if namespace.is_some_and(|name| !self.objects.contains_key(&namespace_path(name))) {
            return Answer::status(404, "NotFound", "namespaces not found");
        }
        let manager = query.get("fieldManager").map(String::as_str).unwrap_or_default();
        let mut object = self.objects.get(path).cloned().unwrap_or_else(|| json!({}));
        let new = fields(body);
        let entries = object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
        let is_own = |entry: &&Value| entry["manager"] == manager && entry["operation"] == "Apply";
        let others: Vec<_> = entries.iter().filter(|entry| !is_own(entry)).cloned().collect();
        let owns = |entry: &Value, leaf: &[String]| {
            let mut at = Some(&entry["fieldsV1"]);
            for part in leaf {
                at = at.and_then(|at| at.get(format!("f:{part}")));
            }
            at.is_some()
        };
        let mut causes = Vec::new();
        let mut kept = others.clone();
        for leaf in leaves(&new) {
            if find(&object, &leaf) == find(body, &leaf) {
                continue;
            }
            for (index, entry) in others.iter().enumerate().filter(|(_, entry)| owns(entry, &leaf))
            {
                causes.push(json!({
                    "reason": "FieldManagerConflict",
                    "message": format!("conflict with \"{}\" using v1", text(&entry["manager"])),
                    "field": format!(".{}", leaf.join(".")),
                }));
                take(&mut kept[index]["fieldsV1"], &leaf);
            }
        }
        if !causes.is_empty() && !is("force", "true") {
            let message = format!("Apply failed with {} conflict", causes.len());
            let mut status = status("Conflict", &message);
            status["details"] = json!({"causes": causes});
            return Answer::json(409, &status);
        }
        // What we no longer send, and nobody else owns, goes.
        for leaf in entries.iter().filter(is_own).flat_map(|entry| leaves(&entry["fieldsV1"])) {
            let is_sent = find(body, &leaf).is_some();
            if !is_sent && !kept.iter().any(|entry| owns(entry, &leaf)) {
                remove(&mut object, &leaf);
            }
        }
        merge(&mut object, body);
        let entry = json!({
            "manager": manager, "operation": "Apply", "apiVersion": body["apiVersion"],
            "fieldsType": "FieldsV1", "fieldsV1": new,
        });
        kept.push(entry);
        object["metadata"]["managedFields"] = kept.into();
        if is("dryRun", "All") {
            return Answer::json(200, &object);
        }
        let mut answer = Answer::json(200, &self.write(path, object));
        if let Some(warning) = self.warnings.get(path) {
            answer.headers = format!("Warning: 299 - \"{warning}\"\r\n");
        }
        answer
    }

    /// Keeps an object, and does the work of the controllers.
    fn write(&mut self, path: &str, mut object: Value) -> Value {
        let old = self.objects.get(path);
        let is_same = old.is_some_and(|old| *old == object);
        if is_same {
            return object;
        }
        self.version += 1;
        let spec_differs = old.is_none_or(|old| old["spec"] != object["spec"]);
        let old_spec = old.map(|old| old["spec"].clone());
        let metadata = &mut object["metadata"];
        metadata["resourceVersion"] = self.version.to_string().into();
        if metadata["uid"].is_null() {
            metadata["uid"] = format!("uid-{}", self.version).into();
            metadata["creationTimestamp"] = "2026-01-01T00:00:00Z".into();
            metadata["generation"] = 0.into();
        }
        if spec_differs {
            metadata["generation"] = (metadata["generation"].as_u64().unwrap_or(0) + 1).into();
        }
        let kind = text(&object["kind"]).to_owned();
        if spec_differs && matches!(kind.as_str(), "Deployment" | "StatefulSet") {
            let is_new = old_spec.is_none_or(|old| old["template"] != object["spec"]["template"]);
            self.control(&kind, &mut object, is_new);
        }
        self.objects.insert(path.to_owned(), object.clone());
        object
    }

    /// Gives a workload its Pods.
    fn control(&mut self, kind: &str, workload: &mut Value, is_new: bool) {
        let generation = workload["metadata"]["generation"].clone();
        let name = text(&workload["metadata"]["name"]).to_owned();
        let namespace = workload["metadata"]["namespace"].clone();
        let uid = workload["metadata"]["uid"].clone();
        let is_deployment = kind == "Deployment";
        let revision = match (is_new, is_deployment) {
            (true, _) => generation.to_string(),
            (false, true) => text(&workload["metadata"]["annotations"][REVISION]).to_owned(),
            (false, false) => {
                let old = text(&workload["status"]["updateRevision"]);
                old.rsplit('-').next().unwrap_or_default().to_owned()
            }
        };
        workload["status"] = json!({"observedGeneration": generation});
        self.collect(&uid);
        let mut owner = uid.clone();
        if is_deployment {
            workload["metadata"]["annotations"][REVISION] = revision.clone().into();
            owner = format!("{}-{revision}", text(&uid)).into();
            let set = json!({
                "apiVersion": "apps/v1", "kind": "ReplicaSet",
                "metadata": {
                    "name": format!("{name}-{revision}"), "namespace": namespace, "uid": owner,
                    "labels": workload["metadata"]["labels"], "annotations": {REVISION: revision},
                    "ownerReferences": [{"uid": uid}],
                },
            });
            self.objects.insert(path_of(&set), set);
        } else {
            workload["status"]["updateRevision"] = format!("{name}-{revision}").into();
        }
        let template = workload["spec"]["template"].clone();
        for index in 0..workload["spec"]["replicas"].as_u64().unwrap_or(1) {
            let own = if is_deployment {
                format!("{name}-{revision}-{index}")
            } else {
                format!("{name}-{index}")
            };
            let mut pod = json!({
                "apiVersion": "v1", "kind": "Pod", "metadata": template["metadata"], "spec": template["spec"],
                "status": self.pods.0,
            });
            let metadata = &mut pod["metadata"];
            metadata["name"] = own.clone().into();
            metadata["namespace"] = namespace.clone();
            metadata["uid"] = format!("uid-of-{own}").into();
            metadata["creationTimestamp"] = "2026-01-01T00:00:01Z".into();
            metadata["ownerReferences"] = json!([{"uid": owner}]);
            if !is_deployment {
                metadata["labels"]["controller-revision-hash"] =
                    format!("{name}-{revision}").into();
            }
            self.objects.insert(path_of(&pod), pod);
            for claim in workload["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
                let claim = json!({
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                    "metadata": {
                        "name": format!("{}-{own}", text(&claim["metadata"]["name"])), "namespace": namespace,
                    },
                    "status": {"phase": "Bound"},
                });
                self.objects.entry(path_of(&claim)).or_insert(claim);
            }
        }
    }
}

fn namespace_path(name: &str) -> String {
    format!("/api/v1/namespaces/{name}")
}

/// What the server offers.
fn discovery(path: &str) -> Option<Value> {
    let group_of = |api_version: &'static str| api_version.split_once('/').map(|(group, _)| group);
    let group = |name: &str| {
        let version = KINDS.iter().find(|kind| group_of(kind.0) == Some(name))?.0;
        let version = version.rsplit('/').next().unwrap_or_default();
        Some(json!({"name": name, "preferredVersion": {"version": version}}))
    };
    if path == "/version" {
        return Some(json!({"major": "1", "minor": "33+", "gitVersion": "v1.33.1"}));
    }
    if path == "/apis" {
        let mut names: Vec<_> = KINDS.iter().filter_map(|kind| group_of(kind.0)).collect();
        names.dedup();
        return Some(json!({"groups": names.into_iter().filter_map(group).collect::<Vec<_>>()}));
    }
    let api_version = path.strip_prefix("/apis/").or_else(|| path.strip_prefix("/api/"))?;
    if let Some(found) = group(api_version) {
        return Some(found);
    }
    let kinds = KINDS.iter().filter(|kind| kind.0 == api_version);
    let mut resources: Vec<_> = kinds
        .map(|(_, kind, plural, is_namespaced)| json!({"kind": kind, "name": plural, "namespaced": is_namespaced}))
        .collect();
    if api_version == "apps/v1" {
        resources.push(json!({"kind": "Scale", "name": "deployments/scale", "namespaced": true}));
    }
    (!resources.is_empty()).then(|| json!({"resources": resources}))
}

/// The fields of an object that a manager owns: all but its name.
fn fields(object: &Value) -> Value {
    fn within(value: &Value, at: &str) -> Value {
        let Some(map) = value.as_object() else { return json!({}) };
        let is_name = |key: &str| match at {
            "" => matches!(key, "apiVersion" | "kind"),
            "/metadata" => matches!(key, "name" | "namespace"),
            _ => false,
        };
        let kept = map.iter().filter(|(key, _)| !is_name(key));
        let kept =
            kept.map(|(key, value)| (format!("f:{key}"), within(value, &format!("{at}/{key}"))));
        Value::Object(kept.collect())
    }
    within(object, "")
}

/// The paths of fields that contain no others.
fn leaves(fields: &Value) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (key, value) in fields.as_object().into_iter().flatten() {
        let key = key.strip_prefix("f:").unwrap_or(key).to_owned();
        let inner = leaves(value);
        if inner.is_empty() {
            all.push(vec![key]);
            continue;
        }
        all.extend(inner.into_iter().map(|rest| [vec![key.clone()], rest].concat()));
    }
    all
}

fn find<'a>(object: &'a Value, leaf: &[String]) -> Option<&'a Value> {
    leaf.iter().try_fold(object, |at, key| at.get(key))
}

/// Removes a field, and the maps that are empty then.
fn remove(object: &mut Value, leaf: &[String]) {
    let ([key, rest @ ..], Some(map)) = (leaf, object.as_object_mut()) else { return };
    if !rest.is_empty()
        && let Some(inner) = map.get_mut(key)
    {
        remove(inner, rest);
        if inner.as_object().is_none_or(|inner| !inner.is_empty()) {
            return;
        }
    }
    map.shift_remove(key);
}

/// Removes a field from those of a manager.
fn take(fields: &mut Value, leaf: &[String]) {
    let leaf: Vec<_> = leaf.iter().map(|key| format!("f:{key}")).collect();
    remove(fields, &leaf);
}

/// A merge patch (RFC 7386).
fn merge(object: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        *object = patch.clone();
        return;
    };
    if !object.is_object() {
        *object = Value::Object(Map::new());
    }
    let Some(map) = object.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            map.shift_remove(key);
        } else {
            merge(map.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}
