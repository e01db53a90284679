//! The Kubernetes backend.

use flow_model::keys::Key;
use flow_model::plan::{Plan, Workload, dns_label};
use flow_model::{Backend, BundleFile, Diagnostic, Diagnostics, Fate, RuleInfo};

use crate::attempts::{Attempts, attempts};
use crate::mesh::{Balancing, Member, NoMesh, Policy, ServiceMesh, ServicePlan, Site};
use crate::namespace::Namespace;
use crate::objects::{Context, pod, workload_documents};
use crate::ports::service_ports;
use crate::rules::{RULES, SERVICE_NAME_TOO_LONG, UNBALANCED_REPLICAS};
use crate::written::Written;
use crate::{fate, policies, wiring};

/// Renders a Plan as Kubernetes objects: for each workload a ConfigMap, a Service, a Deployment
/// and what the mesh adds, in a file `DEPLOYMENT/WORKLOAD.yml`. What a mesh adds for the Flow as a
/// whole is in `mesh.yml`, beside the folders.
#[derive(Debug)]
pub struct Kubernetes {
    options: Options,
}

/// What the caller decides.
#[derive(Debug)]
#[non_exhaustive]
pub struct Options {
    /// The namespace; the Flow's name where unset.
    pub namespace: Option<Namespace>,
    /// The mesh.
    pub mesh: Box<dyn ServiceMesh>,
    /// What is asked of the mesh.
    pub policy: Policy,
    /// `JINA_LOG_LEVEL` of every container that does not say its own.
    pub log_level: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { namespace: None, mesh: Box::new(NoMesh), policy: Policy::default(), log_level: None }
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

    /// The namespace that a Plan goes into.
    pub fn namespace(&self, plan: &Plan) -> Namespace {
        self.find_namespace(plan, &mut Diagnostics::new())
    }

    /// How often one call of each Executor may be tried.
    pub fn attempts(&self, plan: &Plan) -> Vec<Attempts> {
        attempts(plan, &self.options.policy, self.mesh())
    }

    fn find_namespace(&self, plan: &Plan, diagnostics: &mut Diagnostics) -> Namespace {
        match &self.options.namespace {
            Some(namespace) => namespace.clone(),
            None => Namespace::of_flow(plan, diagnostics),
        }
    }

    fn check(&self, workload: &Workload, diagnostics: &mut Diagnostics) {
        let mesh = self.mesh();
        for container in &workload.containers {
            wiring::check_options(container, mesh, diagnostics);
        }
        let replicas = workload.replicas.value.get();
        if replicas > 1 && mesh.capabilities().balancing == Balancing::PerConnection {
            let title = mesh.identity().title;
            let message = format!("{title} sends all calls of `{}` to one replica", workload.name);
            diagnostics.push(
                Diagnostic::new(&UNBALANCED_REPLICAS, message)
                    .at(workload.replicas.span, format!("{} stand idle", replicas - 1)),
            );
        }
        let label = dns_label(&workload.name);
        let headless = mesh.service_plan(workload) == ServicePlan::ClusterIpAndHeadless;
        let name = wiring::headless(&label);
        if headless && name.len() > 63 {
            let message = format!("the Service `{name}` would have {} characters", name.len());
            let most = label.len() - (name.len() - 63);
            diagnostics.push(
                Diagnostic::new(&SERVICE_NAME_TOO_LONG, message)
                    .at(workload.span, format!("expected a name of {most} characters at most")),
            );
        }
    }
}

impl Backend for Kubernetes {
    fn name(&self) -> &'static str {
        "Kubernetes"
    }

    fn rules(&self) -> Vec<&'static RuleInfo> {
        let mut rules = RULES.to_vec();
        rules.extend(self.mesh().rules());
        rules
    }

    fn fate(&self, key: Key) -> Fate {
        fate::fate(key)
    }

    fn render_each(&self, plan: &Plan, take: &mut dyn FnMut(BundleFile)) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        let namespace = self.find_namespace(plan, &mut diagnostics);
        let site = Site { plan, namespace: &namespace, policy: &self.options.policy };
        let mesh = self.mesh();
        let context = Context { site, mesh, log_level: self.options.log_level.as_deref() };
        policies::check(plan, site.policy, mesh, &mut diagnostics);
        mesh.check(&site, &mut diagnostics);
        let mut written = Written::default();
        for (_, workload) in plan.workloads() {
            self.check(workload, &mut diagnostics);
            let name = dns_label(&workload.name);
            let offered = service_ports(workload, &mut diagnostics);
            let ports: Vec<_> = offered.iter().map(|offered| offered.port).collect();
            let member =
                Member { site, workload, name: &name, ports: &ports, shutdown: pod::SHUTDOWN };
            let documents = workload_documents(&context, &member, &offered, &mut diagnostics);
            written.add(&documents, mesh, &mut diagnostics);
            take(BundleFile { path: format!("{}/{name}.yml", workload.deployment), documents });
        }
        let documents = mesh.flow_resources(&site);
        if !documents.is_empty() {
            written.add(&documents, mesh, &mut diagnostics);
            take(BundleFile { path: "mesh.yml".to_owned(), documents });
        }
        diagnostics
    }
}
