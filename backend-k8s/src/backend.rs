//! The Kubernetes backend.

use std::cell::Cell;
use std::collections::{BTreeSet, HashSet};

use flow_model::keys::Key;
use flow_model::names::{DNS_SUBDOMAIN, is_dns_subdomain};
use flow_model::plan::{Placement, Plan, Workload, dns_label};
use flow_model::values::{Gpus, Provision, WRONG_VALUE};
use flow_model::{
    Advice, Backend, BundleFile, Demand, Diagnostic, Diagnostics, Document, Facts, Fate, FlowId,
    RequiredSecret, RuleInfo,
};

use crate::attempts::{Attempts, attempts};
use crate::careful::CarefulDefault;
use crate::document::custom_kind;
use crate::mesh::{Balancing, MeshFlow, MeshWorkload, NoMesh, Policy, ServiceMesh};
use crate::namespace::{Namespace, check_reserved};
use crate::objects::{
    Context, Controller, Rendered, flow_objects, namespace, needs_headless, pod, surroundings,
    workload_documents,
};
use crate::pod_security::PodSecurity;
use crate::ports::service_ports;
use crate::profile::ClusterProfile;
use crate::rules::{
    FILE_VOLUME, GPU_ALL, GPU_ROLLOUT, HOST_VOLUME, RULES, SERVICE_NAME_TOO_LONG, SINGLE_HEAD,
    STATEFUL_NAME_TOO_LONG, UNBALANCED_REPLICAS, UNPINNED_IMAGE, VARIABLE_OVERRIDDEN,
    VOLUME_PER_REPLICA,
};
use crate::storage::Storage;
use crate::written::{ObjectPlace, Owner, Written};
use crate::{
    block, cluster_rules, cores, exposure, fate, pod_security, policies, provision_rules,
    provisions, sizes, wiring,
};

/// Renders a Plan as Kubernetes objects: for each workload a ConfigMap, a Service, a Deployment (or
/// a StatefulSet, where it has volumes) and what the mesh adds, in a file
/// `DEPLOYMENT/WORKLOAD.yml`. Resources that a mesh adds for the whole Flow are in `mesh.yml`,
/// beside the folders.
#[derive(Debug)]
pub struct Kubernetes {
    options: Options,
}

/// Options of the backend.
#[derive(Debug)]
#[non_exhaustive]
pub struct Options {
    /// The namespace; by default the Flow's name.
    pub namespace: Option<Namespace>,
    /// The mesh.
    pub mesh: Box<dyn ServiceMesh>,
    /// The policies of the mesh.
    pub policy: Policy,
    /// `JINA_LOG_LEVEL` of every container that does not set its own.
    pub log_level: Option<String>,
    /// The settings of volume claims.
    pub storage: Storage,
    /// The number of GPUs for `gpus: all`.
    pub gpu_all: Option<u32>,
    /// What spot machines, shared GPUs and kinds of storage are on the cluster.
    pub cluster: ClusterProfile,
    /// The level of Pod Security that Pods meet; `None` writes no security context.
    pub pod_security: Option<PodSecurity>,
    /// Whether the Namespace is part of the export.
    pub namespace_object: bool,
    /// The defaults that are left out.
    pub without: BTreeSet<CarefulDefault>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            namespace: None,
            mesh: Box::new(NoMesh),
            policy: Policy::default(),
            log_level: None,
            storage: Storage::default(),
            gpu_all: None,
            cluster: ClusterProfile::default(),
            pod_security: None,
            namespace_object: false,
            without: BTreeSet::new(),
        }
    }
}

impl Kubernetes {
    /// A backend with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// The mesh.
    pub fn mesh(&self) -> &dyn ServiceMesh {
        &*self.options.mesh
    }

    /// The namespace of a Plan.
    pub fn namespace(&self, plan: &Plan) -> Namespace {
        self.find_namespace(plan, &mut Diagnostics::new())
    }

    /// The maximum number of attempts for one call of each Executor.
    pub fn attempts(&self, plan: &Plan) -> Vec<Attempts> {
        attempts(plan, &self.options.policy, self.mesh())
    }

    fn find_namespace(&self, plan: &Plan, diagnostics: &mut Diagnostics) -> Namespace {
        match &self.options.namespace {
            Some(namespace) => namespace.clone(),
            None => Namespace::of_flow(plan, diagnostics),
        }
    }

    fn check_gpus(&self, workload: &Workload, diagnostics: &mut Diagnostics) {
        let is_known = |gpus: Gpus| gpus != Gpus::All || self.options.gpu_all.is_some();
        if workload.gpus.is_none_or(|gpus| is_known(gpus.value)) {
            check_rollout(workload, diagnostics);
            return;
        }
        if let Some(gpus) = workload.gpus {
            let message =
                format!("`gpus: all` of `{}` is not supported on Kubernetes", workload.deployment);
            diagnostics.push(
                Diagnostic::new(&GPU_ALL, message)
                    .at(gpus.span, "expected a number")
                    .help("set `gpus: 1`")
                    .help(Advice::GpuAll),
            );
        }
    }

    fn check(&self, workload: &Workload, diagnostics: &mut Diagnostics) {
        let mesh = self.mesh();
        for container in &workload.containers {
            wiring::check_options(container, mesh, diagnostics);
        }
        let most = workload.most_replicas();
        let replicas = most.value.get();
        if replicas > 1 && mesh.capabilities().balancing == Balancing::PerConnection {
            let title = mesh.identity().title;
            let name = &workload.deployment;
            let message = format!("{title} sends all calls of `{name}` to one replica");
            diagnostics.push(
                Diagnostic::new(&UNBALANCED_REPLICAS, message)
                    .at(most.span, format!("{} are idle", replicas - 1)),
            );
        }
        self.check_gpus(workload, diagnostics);
        check_images(workload, diagnostics);
        check_variables(workload, diagnostics);
        check_pull_secrets(workload, diagnostics);
        check_volumes(workload, diagnostics);
    }

    /// Renders a workload by itself, so that several can be rendered at once.
    fn workload(&self, context: &Context<'_>, workload: &Workload) -> RenderedWorkload {
        let mut diagnostics = Diagnostics::new();
        let flow = context.flow;
        let plan = flow.plan;
        // Shards of one Executor say the same.
        let speaks = workload.shard.unwrap_or(0) == 0;
        if speaks {
            self.check(workload, &mut diagnostics);
            provisions::check(plan, workload, &mut diagnostics);
        }
        let name = dns_label(&workload.name);
        let offered = service_ports(workload, &mut diagnostics);
        let ports: Vec<_> = offered.iter().map(|offered| offered.port).collect();
        let shutdown = pod::shutdown(plan, workload, context.without);
        let meshed = MeshWorkload { flow, planned: workload, name: &name, ports: &ports, shutdown };
        let Rendered { documents, objects, secrets: of_blocks } =
            workload_documents(context, &meshed, &offered, &mut diagnostics);
        if speaks {
            let span = workload.name_span.or(workload.span);
            let (texts, owner) = (context.texts.get(), &workload.deployment);
            sizes::check(&documents, texts, owner, span, &mut diagnostics);
        }
        let path = match plan.gateway {
            Some(_) => format!("{}/{name}.yml", workload.deployment),
            // A standalone Deployment gets no folder, as in Jina's export.
            None => format!("{name}.yml"),
        };
        let secrets = secrets(workload).chain(exposure::secret(workload)).chain(of_blocks);
        let (secrets, demand) = (secrets.collect(), context.demand.get());
        RenderedWorkload { path, documents, objects, secrets, demand, diagnostics }
    }

    /// Reports names that are too long for the names generated from them, once per Executor: for
    /// heads and shards, the longest generated name counts.
    fn check_names(&self, plan: &Plan, diagnostics: &mut Diagnostics) {
        for executor in &plan.executors {
            let longest = |has: &dyn Fn(&Workload) -> bool| {
                let workloads = executor.placement.workloads().filter(|workload| has(workload));
                workloads.max_by_key(|workload| workload.name.len())
            };
            if let Some(workload) = longest(&|workload| needs_headless(self.mesh(), workload)) {
                let name = wiring::headless(&dns_label(&workload.name));
                if name.len() > 63 {
                    let message =
                        format!("the Service `{name}` would have {} characters", name.len());
                    let most = (executor.name.len() + 63).saturating_sub(name.len());
                    diagnostics.push(Diagnostic::new(&SERVICE_NAME_TOO_LONG, message).at(
                        executor.name.span.or(workload.span),
                        format!("expected at most {most} characters"),
                    ));
                }
            }
            let is_stateful =
                |workload: &Workload| Controller::of(workload) == Controller::StatefulSet;
            if let Some(workload) = longest(&is_stateful) {
                check_stateful_name(workload, diagnostics);
            }
        }
    }
}

/// A workload that was rendered by itself.
struct RenderedWorkload {
    /// The path of its file.
    path: String,
    documents: Vec<Document>,
    /// The objects of its blocks.
    objects: Vec<Document>,
    secrets: Vec<RequiredSecret>,
    demand: Demand,
    diagnostics: Diagnostics,
}

/// The Secrets that the Pods of a workload need to start.
fn secrets(workload: &Workload) -> impl Iterator<Item = RequiredSecret> {
    let variables = workload.env_from_secret.value.values();
    let keys = variables
        .filter(|secret| secret.optional != Some(true))
        .map(|secret| RequiredSecret { name: secret.name.clone(), key: Some(secret.key.clone()) });
    let pulls = workload.image_pull_secrets.value.0.iter();
    keys.chain(pulls.map(|name| RequiredSecret { name: name.value.clone(), key: None }))
}

/// Reports variables of `env` that are overridden by those set on each container. Shards of one
/// Executor repeat the findings, and `Diagnostics` drops the duplicates.
fn check_variables(workload: &Workload, diagnostics: &mut Diagnostics) {
    for name in pod::own_variables(workload) {
        let Some(written) = workload.env.get(name) else { continue };
        let message = format!("`{name}` of `env` has no effect");
        diagnostics.push(
            Diagnostic::new(&VARIABLE_OVERRIDDEN, message)
                .at(written.span, "each Pod sets its own value")
                .help("choose another name"),
        );
    }
}

/// Reports a single replica with GPUs: during a rollout its new Pod needs GPUs in addition to those
/// of the old one.
fn check_rollout(workload: &Workload, diagnostics: &mut Diagnostics) {
    let Some(gpus) = workload.gpus else { return };
    let is_deployment = Controller::of(workload) == Controller::Deployment;
    if !is_deployment || workload.replicas.value.get() > 1 {
        return;
    }
    let message = format!("a rollout of `{}` needs free GPUs", workload.deployment);
    diagnostics.push(
        Diagnostic::new(&GPU_ROLLOUT, message)
            .at(gpus.span, "the new Pod starts before the old one stops")
            .help("set `replicas: 2`, so that one Pod stops first"),
    );
}

/// Reports images whose tag may move.
fn check_images(workload: &Workload, diagnostics: &mut Diagnostics) {
    for container in &workload.containers {
        let image = &container.image;
        if !image.value.is_moving() {
            continue;
        }
        let what = match image.value.tag() {
            Some(tag) => format!("has the tag `{tag}`"),
            None => "has no tag".to_owned(),
        };
        let message = format!("the image of `{}` {what}", workload.deployment);
        diagnostics.push(
            Diagnostic::new(&UNPINNED_IMAGE, message)
                .at(image.span, "expected a version or a digest")
                .note("each Pod may start with another image"),
        );
    }
}

/// Reports Executors with shards and replicas: their head is always a single Pod.
fn check_heads(plan: &Plan, diagnostics: &mut Diagnostics) {
    for executor in &plan.executors {
        let Placement::Internal { head: Some(head), shards } = &executor.placement else {
            continue;
        };
        if head.replicas.value.get() > 1 {
            continue;
        }
        let Some(shard) = shards.first().filter(|shard| shard.most_replicas().value.get() > 1)
        else {
            continue;
        };
        let name = &executor.name.value;
        let message = format!("all replicas of `{name}` are behind one head");
        diagnostics.push(
            Diagnostic::new(&SINGLE_HEAD, message)
                .at(shard.most_replicas().span, "replicas of each shard, not of the head")
                .help("set `kubernetes: {head: {replicas: 2}}` for this Executor"),
        );
    }
}

/// Reports `image_pull_secrets` that are not valid names of Secrets.
fn check_pull_secrets(workload: &Workload, diagnostics: &mut Diagnostics) {
    for secret in &workload.image_pull_secrets.value.0 {
        if is_dns_subdomain(secret) {
            continue;
        }
        let why = match secret.value.as_str() {
            "" => "names a Secret without a name".to_owned(),
            _ if secret.is_substituted() => "cannot be the value of this expression".to_owned(),
            name => format!("cannot be `{name}`"),
        };
        diagnostics.push(
            Diagnostic::new(&WRONG_VALUE, format!("`image_pull_secrets` {why}"))
                .at(secret.span, format!("expected {DNS_SUBDOMAIN}"))
                .help("write it as `kubectl get secrets` lists it"),
        );
    }
}

/// Reports volumes of the host and volumes per replica. Shards repeat the findings of their
/// Executor, and `Diagnostics` drops the duplicates.
fn check_volumes(workload: &Workload, diagnostics: &mut Diagnostics) {
    let name = &workload.deployment;
    for volume in workload.volumes.iter() {
        let Some(source) = volume.source() else { continue };
        let is_hidden = volume.is_substituted();
        let shown = if is_hidden { "the host" } else { source };
        let target = if is_hidden { "its path" } else { volume.target() };
        if is_file(source, volume.target()) {
            let message = format!("a volume of `{name}` is a file of the host");
            diagnostics.push(
                Diagnostic::new(&FILE_VOLUME, message)
                    .at(volume.span, "on a cluster this would be an empty folder")
                    .help("put the file into the image, or mount a folder")
                    .help(Advice::Allow(FILE_VOLUME.code)),
            );
            continue;
        }
        let message = format!("files in {shown} are not copied into the volume of `{name}`");
        diagnostics.push(
            Diagnostic::new(&HOST_VOLUME, message)
                .at(volume.span, format!("an empty volume is mounted at {target}"))
                .help("copy the files into the volume, or into the image"),
        );
    }
    let most = workload.most_replicas();
    let replicas = most.value.get();
    if replicas > 1 && !workload.volumes.value.is_empty() {
        let message = format!("each replica of `{name}` has volumes of its own");
        diagnostics.push(
            Diagnostic::new(&VOLUME_PER_REPLICA, message)
                .at(workload.volumes.span, format!("claimed {replicas} times"))
                .at(most.span, "this many Pods, each taking a share of the calls"),
        );
    }
}

/// True if a path of the host looks like a file: its name on the host and in the container ends in
/// the same `.EXTENSION`, or in an extension of configuration files.
fn is_file(source: &str, target: &str) -> bool {
    const SETTINGS: [&str; 14] = [
        "cfg", "conf", "crt", "csv", "env", "ini", "json", "key", "pem", "py", "sh", "toml",
        "yaml", "yml",
    ];
    const OF_THE_SYSTEM: [&str; 6] = [
        "/etc/group",
        "/etc/hosts",
        "/etc/localtime",
        "/etc/passwd",
        "/etc/resolv.conf",
        "/etc/timezone",
    ];
    let extension = |path: &str| {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let (stem, extension) = name.rsplit_once('.')?;
        // `.cache` is a folder, `conf.d` too, and `v1.5` a version.
        let is_one = !stem.trim_matches('.').is_empty()
            && extension.starts_with(|c: char| c.is_ascii_alphabetic())
            && extension != "d"
            && extension.chars().all(|c| c.is_ascii_alphanumeric());
        is_one.then(|| extension.to_ascii_lowercase())
    };
    if OF_THE_SYSTEM.contains(&source) {
        return true;
    }
    extension(source).is_some_and(|found| {
        SETTINGS.contains(&found.as_str()) || extension(target).is_some_and(|other| other == found)
    })
}

fn check_stateful_name(workload: &Workload, diagnostics: &mut Diagnostics) {
    let length = dns_label(&workload.name).len();
    if length > STATEFUL_SET_NAME {
        let message = format!("the name of a StatefulSet has {length} characters");
        let span = workload.volumes.span.or(workload.stateful.span).or(workload.span);
        diagnostics.push(
            Diagnostic::new(&STATEFUL_NAME_TOO_LONG, message)
                .at(span, "makes a StatefulSet of the Executor")
                .help(format!("shorten the Executor's name by {}", length - STATEFUL_SET_NAME)),
        );
    }
}

/// Pods of a StatefulSet carry its name and a hash of ten characters in one label
/// (`controller-revision-hash`), which holds 63.
const STATEFUL_SET_NAME: usize = 52;

/// The path of the file with the objects of the Flow's block. Like that of the Namespace it sorts
/// before those of workloads, whose Pods may need these objects to start.
const OBJECTS: &str = "00-objects.yml";

impl Backend for Kubernetes {
    fn name(&self) -> &'static str {
        "Kubernetes"
    }

    fn rules(&self) -> Vec<&'static RuleInfo> {
        let mut rules = RULES.to_vec();
        rules.extend(cluster_rules::RULES);
        rules.extend(provision_rules::RULES);
        rules.extend(self.mesh().rules());
        rules
    }

    fn fate(&self, key: Key) -> Fate {
        fate::fate(key)
    }

    fn provision(&self, provision: Provision) -> Fate {
        fate::provision(provision)
    }

    fn identify(&self, plan: &Plan) -> FlowId {
        FlowId { namespace: Some(self.namespace(plan).to_string()), name: plan.flow_name() }
    }

    fn render_each(&self, plan: &Plan, take: &mut dyn FnMut(BundleFile)) -> (Facts, Diagnostics) {
        let mut facts = Facts::new(self.identify(plan));
        let mut diagnostics = Diagnostics::new();
        let profile = &self.options.cluster;
        let plan = &*provisions::provide(plan, profile, &mut diagnostics);
        let namespace = self.find_namespace(plan, &mut diagnostics);
        let named = plan.name.as_ref().filter(|_| self.options.namespace.is_none());
        let named = named.and_then(|name| name.span);
        check_reserved(&namespace, self.mesh(), named, &mut diagnostics);
        let flow = MeshFlow { plan, namespace: &namespace, policy: &self.options.policy };
        let mesh = self.mesh();
        let surroundings = surroundings(plan, mesh);
        let context = || Context {
            flow,
            namespace_span: named,
            mesh,
            log_level: self.options.log_level.as_deref(),
            storage: &self.options.storage,
            gpu_all: self.options.gpu_all,
            profile,
            without: &self.options.without,
            pod_security: self.options.pod_security,
            surroundings: &surroundings,
            texts: Cell::new(0),
            demand: Cell::default(),
        };
        block::check_plan(plan, &mut diagnostics);
        block::check_compose(plan, &mut diagnostics);
        policies::check(plan, flow.policy, mesh, &mut diagnostics);
        mesh.check(&flow, &mut diagnostics);
        if let Some(level) = self.options.pod_security {
            pod_security::check(plan, level, mesh, &mut diagnostics);
        }
        let mut written = Written::in_namespace(&namespace);
        // A Flow of which nothing runs needs no namespace.
        if self.options.namespace_object && plan.workloads().next().is_some() {
            take(BundleFile::yaml(namespace::PATH, vec![namespace::document(&context())]));
        }
        let objects = flow_objects(&context(), &mut diagnostics);
        let of_flow: Vec<_> = objects.iter().filter_map(ObjectPlace::of).collect();
        if !objects.is_empty() {
            facts.definitions.extend(objects.iter().filter_map(custom_kind));
            take(BundleFile::yaml(OBJECTS, objects));
        }
        provisions::check_prometheus(plan, profile, &mut diagnostics);
        self.check_names(plan, &mut diagnostics);
        check_heads(plan, &mut diagnostics);
        let mut demand = Demand::default();
        let workloads: Vec<_> = plan.workloads().map(|(_, workload)| workload).collect();
        let render = |workload: &&Workload| self.workload(&context(), workload);
        // To pass a workload without blocks from thread to thread takes as long as to render it.
        let merged = workloads.iter().filter(|workload| !workload.blocks.is_empty()).count();
        let threads = if 2 * merged > workloads.len() { cores::count() } else { 1 };
        cores::each(&workloads, threads, render, |workload, rendered| {
            let RenderedWorkload { path, documents, objects, secrets, .. } = rendered;
            diagnostics.extend(rendered.diagnostics);
            demand += rendered.demand;
            let span = workload.name_span.or(workload.span);
            let owner = Owner { name: Some(&workload.deployment), span };
            written.add(&documents, owner, mesh, &mut diagnostics);
            let of_block = objects.iter().filter_map(ObjectPlace::of);
            written.add_objects(of_block, owner, &mut diagnostics);
            // Pods need the accounts, Secrets and ConfigMaps among them from their start on.
            let documents: Vec<_> = objects.into_iter().chain(documents).collect();
            facts.definitions.extend(documents.iter().filter_map(custom_kind));
            facts.secrets.extend(secrets);
            take(BundleFile::yaml(path, documents));
        });
        let span = plan.block.as_ref().and_then(|block| block.span);
        written.add_objects(of_flow, Owner { name: None, span }, &mut diagnostics);
        let documents = mesh.flow_resources(&flow);
        if !documents.is_empty() {
            let owner = Owner { name: None, span: None };
            written.add(&documents, owner, mesh, &mut diagnostics);
            // The other files are all in folders, or all beside this one, so the name is free.
            let path = if plan.gateway.is_some() { "mesh.yml" } else { "mesh/mesh.yml" };
            facts.definitions.extend(documents.iter().filter_map(custom_kind));
            take(BundleFile::yaml(path, documents));
        }
        facts.demand = Some(demand);
        drop_repeated(&mut diagnostics);
        (facts, diagnostics)
    }
}

/// Drops repeated findings: a head and its shards report the same for one entry.
fn drop_repeated(diagnostics: &mut Diagnostics) {
    let mut seen = HashSet::new();
    diagnostics.retain(|found| {
        found.span().is_none_or(|span| seen.insert((found.rule.code, span, found.message.clone())))
    });
}
