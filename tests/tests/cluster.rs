//! `apply`, `diff`, `status`, `logs`, `doctor` and `delete` with an API server in memory.
//!
//! Each scenario is a snapshot: every command with its exit code, what it printed, and what it changed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use flowship_tests::fake_cluster::{FakeCluster, Refusal, status};
use flowship_tests::flowship;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A Flow on a cluster, and what was seen so far.
struct Scenario {
    cluster: FakeCluster,
    folder: TempDir,
    seen: String,
}

const A: &str = "/apis/apps/v1/namespaces/shop/deployments/a";
const A_SET: &str = "/apis/apps/v1/namespaces/shop/statefulsets/a";

impl Scenario {
    fn new() -> Self {
        let scenario = Self {
            cluster: FakeCluster::new(),
            folder: tempfile::tempdir().unwrap(),
            seen: String::new(),
        };
        scenario.namespace("shop");
        scenario
    }

    fn namespace(&self, name: &str) {
        self.cluster.put(&json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name},
        }));
    }

    /// Writes `shop.yml` with these Executors, in lines of their own.
    fn flow(&mut self, executors: &str) {
        self.flow_named("shop", executors);
    }

    fn flow_named(&mut self, name: &str, executors: &str) {
        let lines: Vec<_> = executors.lines().map(|line| format!("  - {line}\n")).collect();
        let lines = lines.concat();
        let text = format!("jtype: Flow\nwith: {{name: {name}}}\nexecutors:\n{lines}");
        let _ = writeln!(self.seen, "# {name}.yml\n{lines}");
        fs::write(self.folder.path().join(format!("{name}.yml")), text).unwrap();
    }

    fn note(&mut self, what: &str) {
        let _ = writeln!(self.seen, "# {what}\n");
    }

    /// Runs flowship and adds what is seen; without a mesh, unless the words name one.
    fn run(&mut self, words: &str) {
        self.run_with(words, &[]);
    }

    fn run_with(&mut self, words: &str, environment: &[(&str, &str)]) {
        self.run_from(words, environment, Stdio::null());
    }

    /// Runs flowship on a terminal at which somebody types this.
    #[cfg(unix)]
    fn answer(&mut self, words: &str, typed: &str) {
        use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
        use std::io::Write as _;

        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap();
        let stdin = fs::File::open(name.to_str().unwrap()).unwrap();
        let mut terminal = fs::File::from(terminal);
        terminal.write_all(typed.as_bytes()).unwrap();
        let _ = writeln!(self.seen, "# {typed:?} is typed\n");
        self.run_from(words, &[], stdin.into());
    }

    fn run_from(&mut self, words: &str, environment: &[(&str, &str)], stdin: Stdio) {
        let mut command = Command::new(flowship());
        command.args(words.split(' ')).current_dir(self.folder.path()).env_clear();
        command.env("KUBECONFIG", self.cluster.kubeconfig()).env("HOME", self.folder.path());
        command.env("JINA_GATEWAY_IMAGE", "example/jina:1").envs(environment.iter().copied());
        let compiles =
            ["apply", "diff", "doctor shop.yml"].iter().any(|verb| words.starts_with(verb));
        if compiles && !words.contains("--mesh") {
            command.args(["--mesh", "none"]);
        }
        command.stdin(stdin);
        self.cluster.written();
        let output = command.output().unwrap();
        let written = self.cluster.written();
        let hide = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.replace(&self.cluster.address(), "SERVER")
        };
        let (out, err) = (hide(&output.stdout), hide(&output.stderr));
        let code = output.status.code().unwrap_or(-1);
        let _ = writeln!(self.seen, "$ flowship {words}\n{out}");
        if !err.is_empty() {
            let _ = writeln!(self.seen, "[stderr]\n{err}");
        }
        let _ = writeln!(self.seen, "[exit {code}]");
        // Requests of one step are answered in any order.
        let is_workload = |line: &&String| {
            line.starts_with("PATCH") && (line.contains("/apis/apps/") || line.contains("/jobs/"))
        };
        let first = written.iter().position(|line| is_workload(&line)).unwrap_or(written.len());
        let after = written.iter().skip(first).filter(|line| line.starts_with("PATCH"));
        let late: Vec<_> =
            after.filter(|line| !is_workload(line) && !line.contains("/flowship.")).collect();
        assert!(late.is_empty(), "after the workloads: {late:?}");
        let mut written = written;
        written.sort();
        for line in written {
            let _ = writeln!(self.seen, "{line}");
        }
        self.seen.push('\n');
    }

    /// Adds a part of an object.
    fn show(&mut self, path: &str, pointer: &str) {
        let object = self.cluster.object(path).unwrap_or_default();
        let part = object.pointer(pointer).cloned().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let _ = writeln!(self.seen, "{name}{pointer} is {part}\n");
    }

    /// Adds the names of all objects.
    fn list(&mut self) {
        for path in self.cluster.paths() {
            let _ = writeln!(self.seen, "{path}");
        }
        self.seen.push('\n');
    }

    fn refuse(&self, of: &'static str, times: usize, code: u16, body: Value) {
        self.cluster.refuse(Refusal { of, times, code, body });
    }

    /// Refuses requests for lack of rights.
    fn forbid(&self, of: &'static str) {
        self.refuse(of, usize::MAX, 403, status("Forbidden", "User \"u\" cannot do this"));
    }

    fn ends_as(self, name: &str) {
        insta::with_settings!({
            snapshot_path => "../snapshots/cluster", prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(name, self.seen) });
    }
}

const TWO: &str =
    "{name: a, uses: 'docker://example/a:1'}\n{name: b, uses: 'docker://example/b:1'}";

/// A Flow from its first apply to its deletion.
#[test]
fn life() {
    let mut it = Scenario::new();
    it.cluster.remove("/api/v1/namespaces/shop");
    it.flow(TWO);
    it.run("status shop");
    it.run("status");
    it.run("delete shop");
    it.run("diff shop.yml");
    it.run("apply shop.yml --dry-run");
    it.cluster.warn(A, "spec.x is deprecated");
    it.run("apply shop.yml");
    it.list();
    it.show("/api/v1/namespaces/shop/configmaps/flowship.shop", "/metadata/annotations");
    it.run("apply shop.yml");
    it.run("diff shop.yml");
    it.run("status");
    it.run("status shop -o wide");
    it.run("status shop.yml -o yaml");
    it.run("status shop -o json");
    it.flow(
        "{name: a, uses: 'docker://example/a:2', replicas: 3, env: {X: '1'}}\n{name: c, uses: 'docker://example/c:1'}",
    );
    it.run("diff shop.yml");
    it.run("diff shop.yml -o json");
    it.run("apply shop.yml --prune=no");
    it.run("status shop.yml");
    it.run("apply shop.yml --prune=ask");
    it.run("status -A");
    it.run("delete shop --dry-run");
    it.note("one object is gone, and one was created anew");
    it.refuse(
        "DELETE /api/v1/namespaces/shop/services/a$",
        1,
        404,
        status("NotFound", "not found"),
    );
    it.refuse(
        "DELETE /api/v1/namespaces/shop/services/b$",
        1,
        409,
        status("Conflict", "Precondition failed: UID"),
    );
    it.refuse("DELETE /api/v1/namespaces/shop/services/c$", 1, 410, status("Gone", "gone"));
    it.run("delete shop");
    it.run("delete shop");
    it.run("delete shop.yml");
    it.list();
    it.ends_as("life");
}

/// Only somebody who says yes deletes something.
#[cfg(unix)]
#[test]
fn asked() {
    const NO: [&str; 5] = ["n\n", "\n", "ye\n", "nyes\n", "\u{4}"];
    let mut it = Scenario::new();
    it.flow(TWO);
    it.run("apply shop.yml -q");
    it.flow("{name: a, uses: 'docker://example/a:1'}");
    // Without a terminal nobody can be asked, and nothing is changed.
    it.run("apply shop.yml -q --prune=ask");
    for typed in NO {
        it.answer("apply shop.yml --prune=ask", typed);
    }
    it.run("diff shop.yml");
    it.answer("apply shop.yml -q --prune=ask", " y \n");
    it.note("nothing is left over, so nothing is asked");
    it.answer("apply shop.yml --prune=ask", "\u{4}");
    for typed in ["Y\n", "yes\n"] {
        it.flow(TWO);
        it.run("apply shop.yml -q");
        it.flow("{name: a, uses: 'docker://example/a:1'}");
        it.answer("apply shop.yml --prune=ask", typed);
    }
    it.run("diff shop.yml");
    it.ends_as("asked");
}

/// Pods that start one look later, in pages of one item, with requests that fail once.
#[test]
fn weather() {
    let mut it = Scenario::new();
    it.cluster.pages_of(1);
    it.cluster.pods_are(json!({"phase": "Pending"}), 3);
    it.refuse("PATCH /api/v1/namespaces/shop/configmaps", 1, 429, json!("Too many requests"));
    it.refuse(
        "PATCH /apis/apps/v1/namespaces/shop/deployments/a",
        1,
        409,
        status("Conflict", "modified"),
    );
    it.refuse("/pods?continue=from/1", 1, 410, status("Expired", "too old"));
    it.flow(TWO);
    it.run("apply shop.yml");
    it.refuse("PATCH", usize::MAX, 500, status("InternalError", "failed calling webhook \"x\""));
    it.flow("{name: a, uses: 'docker://example/a:2'}");
    it.run("apply shop.yml");
    it.cluster.refuse_nothing();
    it.refuse("GET", usize::MAX, 401, status("Unauthorized", "Unauthorized"));
    for words in [
        "apply shop.yml",
        "status",
        "status shop.yml",
        "delete shop",
        "logs shop.yml --namespace shop",
        "doctor",
    ] {
        it.run(words);
    }
    it.cluster.refuse_nothing();
    it.forbid("GET");
    for words in ["apply shop.yml", "status", "delete shop", "doctor"] {
        it.run(words);
    }
    it.cluster.refuse_nothing();
    it.refuse("GET", usize::MAX, 400, json!("<html>not an API server\nat all"));
    for words in ["apply shop.yml", "status"] {
        it.run(words);
    }
    it.cluster.refuse_nothing();
    it.refuse("GET", usize::MAX, 200, json!("not JSON"));
    it.run("status");
    it.ends_as("weather");
}

/// Users who may not see everything.
#[test]
fn rights() {
    let mut it = Scenario::new();
    it.forbid("GET /api/v1/namespaces/shop$");
    it.forbid("/horizontalpodautoscalers");
    it.forbid("/persistentvolumeclaims");
    it.forbid("/events");
    it.forbid("/mutatingwebhookconfigurations");
    it.forbid("/serviceprofiles");
    it.forbid("/secrets/");
    it.forbid("/storageclasses");
    it.forbid("/resourcequotas");
    it.flow("{name: a, uses: 'docker://example/a:1', volumes: /data, env_from_secret: {K: {name: keys, key: k}}}");
    it.run("doctor shop.yml --mesh linkerd");
    it.run("apply shop.yml");
    it.run("delete shop.yml");
    it.cluster.refuse_nothing();
    it.forbid("PATCH /apis/apps");
    it.run("apply shop.yml");
    it.cluster.refuse_nothing();
    it.run("apply shop.yml -q --allow missing-secret");
    it.forbid("DELETE /apis/apps");
    it.run("delete shop");
    it.cluster.refuse_nothing();
    it.note("nobody can say which claims stay");
    it.refuse("GET /api/v1/namespaces/shop/persistentvolumeclaims", 1, 400, json!("no"));
    it.run("delete shop");
    it.cluster.refuse_nothing();
    it.run("delete shop");
    it.ends_as("rights");
}

/// Objects of others.
#[test]
fn others() {
    let mut it = Scenario::new();
    it.flow(TWO);
    let foreign = |name: &str, labels: Value| {
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "data": {"x": "1"},
            "metadata": {"name": name, "namespace": "shop", "labels": labels},
        })
    };
    it.cluster.put(&foreign("a-configmap", json!({})));
    it.cluster.put(&foreign("b-configmap", json!({"app.kubernetes.io/managed-by": "Helm"})));
    it.cluster.put(&foreign(
        "gateway-configmap",
        json!({"app.kubernetes.io/managed-by": "flowship", "app.kubernetes.io/part-of": "market"}),
    ));
    it.run("apply shop.yml");
    it.run("apply shop.yml --adopt");
    it.note("somebody else scales, notes and exports");
    it.cluster.patch(A, "kubectl-edit", &json!({"spec": {"replicas": 4}}));
    it.cluster.patch(A, "kubectl-annotate", &json!({"metadata": {"annotations": {"theirs": "1"}}}));
    it.cluster.put(&foreign(
        "exported",
        json!({"app.kubernetes.io/managed-by": "flowship", "app.kubernetes.io/part-of": "shop"}),
    ));
    let mut derived = foreign(
        "derived",
        json!({"app.kubernetes.io/managed-by": "flowship", "app.kubernetes.io/part-of": "shop"}),
    );
    derived["metadata"]["ownerReferences"] =
        json!([{"apiVersion": "apps/v1", "kind": "Deployment", "name": "a", "uid": "1"}]);
    it.cluster.put(&derived);
    it.run("diff shop.yml");
    it.run("apply shop.yml --force-conflicts");
    it.show(A, "/spec/replicas");
    it.show(A, "/metadata/annotations/theirs");
    it.note("an autoscaler");
    it.cluster.patch(A, "kube-controller-manager", &json!({"spec": {"replicas": 5}}));
    it.cluster.put(&json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "a", "namespace": "shop"},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "a"}},
    }));
    it.run("apply shop.yml");
    it.show(A, "/spec/replicas");
    it.note("another tool owns the inventory");
    it.cluster.patch(
        "/api/v1/namespaces/shop/configmaps/flowship.shop",
        "kubectl",
        &json!({"metadata": {"annotations": {"applyset.kubernetes.io/tooling": "kubectl/v1"}}}),
    );
    for words in ["apply shop.yml", "delete shop", "status"] {
        it.run(words);
    }
    it.ends_as("others");
}

/// Replicas that an autoscaler takes over.
#[test]
fn scaled() {
    let mut it = Scenario::new();
    it.flow("{name: a, uses: 'docker://example/a:1', replicas: 3}");
    it.run("apply shop.yml -q");
    it.note("an autoscaler of the Flow");
    it.flow(
        "{name: a, uses: 'docker://example/a:1', jcloud: {resources: {cpu: 1}, autoscale: {metric: cpu, max: 5}}}",
    );
    it.run("diff shop.yml");
    it.run("apply shop.yml");
    it.show(A, "/spec/replicas");
    it.note("it scales");
    it.cluster.patch(A, "kube-controller-manager", &json!({"spec": {"replicas": 5}}));
    it.run("diff shop.yml");
    it.run("apply shop.yml");
    it.show(A, "/spec/replicas");
    it.ends_as("scaled");
}

/// More objects of others than a finding points at.
#[test]
fn many_others() {
    let mut it = Scenario::new();
    let entries = ["a", "b", "c", "d", "e"].map(|name| {
        it.cluster.put(&json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": format!("{name}-configmap"), "namespace": "shop"},
        }));
        format!("{{name: {name}, uses: 'docker://example/a:1'}}")
    });
    it.flow(&entries.join("\n"));
    it.run("apply shop.yml");
    it.ends_as("many_others");
}

/// Objects of blocks, of kinds that no Flow has by itself.
#[test]
fn objects() {
    let mut it = Scenario::new();
    it.flow("{name: a, uses: 'docker://example/a:1', kubernetes: {objects: [{apiVersion: batch/v1, kind: Job, metadata: {name: fill}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: fill, image: 'example/fill:1'}]}}}}]}}");
    it.run("apply shop.yml -q");
    it.list();
    it.note("the Job is gone from the Flow");
    it.flow("{name: a, uses: 'docker://example/a:1'}");
    it.run("diff shop.yml");
    it.run("apply shop.yml -v");
    it.list();
    it.ends_as("objects");
}

/// What was applied with `kubectl` before.
#[test]
fn taken_over() {
    let mut it = Scenario::new();
    it.flow("{name: a, uses: 'docker://example/a:1', env: {X: '1'}}");
    it.run("apply shop.yml -q");
    let mut object = it.cluster.object(A).unwrap();
    object["metadata"]["managedFields"][0]["manager"] = "kubectl-client-side-apply".into();
    object["metadata"]["managedFields"][0]["operation"] = "Update".into();
    object["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] =
        "{}".into();
    it.cluster.put(&object);
    it.flow("{name: a, uses: 'docker://example/a:2'}");
    it.run("diff shop.yml");
    it.run("apply shop.yml");
    it.show(A, "/metadata/annotations");
    it.show(A, "/metadata/managedFields/0/manager");
    it.run("diff shop.yml");
    it.ends_as("taken_over");
}

/// Fields that cannot change, and workloads that change their kind.
#[test]
fn generations() {
    let mut it = Scenario::new();
    let volumes = |options: &str| format!("{{name: a, uses: 'docker://example/a:1'{options}}}");
    let immutable = |it: &Scenario| {
        it.refuse(
            "PATCH /apis/apps/v1/namespaces/shop/statefulsets/a?dryRun",
            usize::MAX,
            422,
            status("Invalid", "updates to statefulset spec are forbidden"),
        );
    };
    it.flow(&volumes(", volumes: /data, replicas: 2"));
    it.run("apply shop.yml");
    it.note("a second volume");
    immutable(&it);
    it.flow(&volumes(", volumes: [/data, /more], replicas: 2"));
    it.run("apply shop.yml");
    it.run("diff shop.yml --recreate");
    it.run("apply shop.yml --recreate");
    it.cluster.refuse_nothing();
    it.run("diff shop.yml");
    it.note("larger claims");
    immutable(&it);
    it.cluster.patch(
        A_SET,
        "x",
        &json!({"spec": {"volumeClaimTemplates": [{
            "metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}},
        }]}}),
    );
    it.run("diff shop.yml");
    it.cluster.refuse_nothing();
    it.note("no volumes");
    it.flow(&volumes(""));
    it.run("diff shop.yml");
    it.run("apply shop.yml");
    it.list();
    it.run("delete shop");
    it.ends_as("generations");
}

/// Workloads from before the change are not up, whatever the memory of the server says, so what is left
/// over is not deleted either.
#[test]
fn an_old_list_is_not_believed() {
    let mut it = Scenario::new();
    it.flow("{name: a, uses: 'docker://example/a:1'}\n{name: b, uses: 'docker://example/b:1'}");
    it.run("apply shop.yml");
    it.cluster.freeze_memory();
    it.flow("{name: a, uses: 'docker://example/a:2'}");
    it.run("apply shop.yml --timeout 2s");
    assert!(
        it.seen.contains("`a` is not up in time: 1 old Pod is not replaced yet"),
        "{}",
        it.seen
    );
    assert!(it.cluster.object("/apis/apps/v1/namespaces/shop/deployments/b").is_some());
}

/// A Flow with another name, or in another namespace.
#[test]
fn moves() {
    let mut it = Scenario::new();
    it.flow_named(
        "first",
        "{name: a, uses: 'docker://example/a:1'}\n{name: old, uses: 'docker://example/b:1'}",
    );
    it.run("apply first.yml -n shop");
    it.flow_named("second", "{name: a, uses: 'docker://example/a:1'}");
    it.run("apply second.yml -n shop");
    it.run("diff second.yml -n shop --moved-from shop/first");
    it.run("apply second.yml -n shop --moved-from shop/first");
    it.run("apply second.yml -n shop --moved-from first");
    it.run("apply second.yml -n other --moved-from shop/second");
    it.run("status -A");
    it.list();
    it.note("a namespace that is being deleted");
    it.cluster.patch(
        "/api/v1/namespaces/other",
        "x",
        &json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}),
    );
    it.run("apply second.yml -n other");
    it.ends_as("moves");
}

/// Changes that were reviewed.
#[test]
fn plans() {
    let mut it = Scenario::new();
    it.flow(TWO);
    it.run("apply shop.yml -q");
    it.flow("{name: a, uses: 'docker://example/a:2', env: {PW: '${{ ENV.PW }}'}}");
    let secret = [("PW", "s3cr3t-password")];
    it.run_with("diff shop.yml -o plan.json", &secret);
    it.cluster.patch(A, "kubectl-edit", &json!({"spec": {"template": {"spec": {"containers": [{"name": "executor", "image": "example/a:3"}]}}}}));
    it.run("apply --plan plan.json");
    it.run("apply --plan plan.json --force-conflicts");
    it.run_with("diff shop.yml -o plan.json --force-conflicts", &secret);
    it.run("apply --plan plan.json --force-conflicts");
    it.run("apply --plan plan.json");
    it.flow("{name: a, uses: 'docker://example/a:2', env: {PW: plain}}");
    it.run("diff shop.yml");
    it.run("apply --plan shop.yml");
    assert!(!it.seen.contains("s3cr3t"), "{}", it.seen);
    it.ends_as("plans");
}

/// Pods that do not start, and what is said about them.
#[test]
fn causes() {
    let crashed = json!({
        "phase": "Running",
        "containerStatuses": [{
            "name": "executor", "ready": false, "restartCount": 3,
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
            "lastState": {"terminated": {"reason": "Error", "exitCode": 1}},
        }],
    });
    let mut it = Scenario::new();
    it.flow(TWO);
    it.cluster.pods_are(crashed, usize::MAX);
    let lines: Vec<_> = (0..12).map(|line| format!("line {line}\n")).collect();
    it.cluster.log("a-1-0/executor/1", &format!("{}\nKeyError: x  \n", lines.concat()));
    it.cluster.log("b-1-0/executor", "starting\n");
    it.run("apply shop.yml");
    it.run("status shop.yml -o wide");
    it.run("apply shop.yml --wait=false");
    it.note("the time passes");
    it.cluster.pods_are(json!({"phase": "Pending"}), usize::MAX);
    it.flow("{name: a, uses: 'docker://example/a:2'}");
    it.run("apply shop.yml --timeout 1s");
    it.note("Pods without a proxy");
    it.cluster.pods_are(json!({"conditions": [{"type": "Ready", "status": "True"}]}), 0);
    it.run("apply shop.yml --mesh linkerd --allow mesh-missing");
    it.run("apply shop.yml --mesh linkerd --allow mesh-missing,not-injected");
    it.run("status shop.yml --mesh linkerd -o wide");
    it.note("refused by the server");
    let mut body = status("Invalid", "Deployment is invalid");
    body["details"] = json!({"causes": [
        {"reason": "FieldValueInvalid", "message": "must not", "field": "spec.template.spec.containers[0].image"},
        {"reason": "FieldValueInvalid", "message": "no place"},
    ]});
    it.refuse("PATCH /apis/apps/v1/namespaces/shop/deployments/a?dryRun", 1, 422, body);
    it.run("apply shop.yml");
    it.refuse(
        "PATCH /apis/apps/v1/namespaces/shop/deployments/a?dryRun",
        1,
        403,
        status("Forbidden", "exceeded quota"),
    );
    it.run("apply shop.yml");
    it.refuse(
        "PATCH /apis/apps/v1/namespaces/shop/deployments/a?fieldManager",
        1,
        422,
        status("Invalid", "changed its mind"),
    );
    it.run("apply shop.yml");
    it.run("diff shop.yml");
    it.ends_as("causes");
}

/// What the mesh needs, and what `doctor` finds.
#[test]
fn doctor() {
    let mut it = Scenario::new();
    it.flow("{name: a, uses: 'docker://example/a:1', volumes: /data, env_from_secret: {K: {name: keys, key: k}}}");
    it.run("doctor");
    it.run("doctor shop.yml");
    it.run("doctor shop.yml --mesh linkerd");
    it.run("apply shop.yml --mesh linkerd");
    let put = |it: &Scenario, api_version: &str, kind: &str, metadata: Value, more: Value| {
        let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": metadata});
        for (key, value) in more.as_object().into_iter().flatten() {
            object[key] = value.clone();
        }
        it.cluster.put(&object);
    };
    let hook = "linkerd-proxy-injector-webhook-config";
    let webhook = |it: &Scenario, selector: Value| {
        put(
            it,
            "admissionregistration.k8s.io/v1",
            "MutatingWebhookConfiguration",
            json!({"name": hook}),
            json!({"webhooks": [{"namespaceSelector": selector}]}),
        );
    };
    it.note(
        "an injector that selects other namespaces, a profile, a class that is not the default",
    );
    webhook(&it, json!({"matchLabels": {"inject": "yes"}}));
    put(
        &it,
        "linkerd.io/v1alpha2",
        "ServiceProfile",
        json!({"name": "p", "namespace": "x"}),
        json!({}),
    );
    put(&it, "storage.k8s.io/v1", "StorageClass", json!({"name": "slow"}), json!({}));
    put(&it, "v1", "ResourceQuota", json!({"name": "q", "namespace": "shop"}), json!({}));
    put(&it, "v1", "LimitRange", json!({"name": "l", "namespace": "shop"}), json!({}));
    it.cluster.patch(
        "/api/v1/namespaces/shop",
        "x",
        &json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}),
    );
    it.run("doctor shop.yml --mesh linkerd");
    it.note("everything is there");
    webhook(&it, json!({"matchExpressions": [{"key": "skip", "operator": "DoesNotExist"}]}));
    it.cluster.remove("/apis/linkerd.io/v1alpha2/namespaces/x/serviceprofiles/p");
    put(
        &it,
        "storage.k8s.io/v1",
        "StorageClass",
        json!({"name": "fast", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}),
        json!({}),
    );
    put(&it, "v1", "Secret", json!({"name": "keys", "namespace": "shop"}), json!({}));
    it.run("doctor shop.yml --mesh linkerd");
    it.run("doctor");
    it.note("a class by name, and a namespace that does not exist");
    it.run_with("doctor shop.yml", &[("JINA_K8S_STORAGE_CLASS_NAME", "none")]);
    it.run_with("doctor shop.yml", &[("JINA_K8S_STORAGE_CLASS_NAME", "slow")]);
    it.run("doctor shop.yml -n nowhere --mesh istio-ambient");
    it.note("kinds that the cluster does not define");
    it.run("apply shop.yml --mesh istio --require-mtls");
    it.run("doctor shop.yml --mesh istio --require-mtls");
    it.ends_as("doctor");
}

/// Logs of Pods.
#[test]
fn logs() {
    let mut it = Scenario::new();
    it.flow(TWO);
    it.run("logs shop.yml --namespace shop");
    it.run("apply shop.yml -q");
    it.cluster.log("a-1-0/executor", "one\ntwo\nthree\n");
    it.cluster.log("gateway-1-0/gateway", "ready\n");
    it.run("logs shop.yml --namespace shop");
    it.run("logs shop.yml a --namespace shop --tail 2");
    it.run("logs shop.yml a --namespace shop --follow --tail all");
    it.run("logs shop.yml nobody a --namespace shop");
    it.ends_as("logs");
}
