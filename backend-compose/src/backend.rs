//! The Docker Compose backend.

use std::borrow::Cow;

use flow_model::keys::Key;
use flow_model::plan::Plan;
use flow_model::values::Provision;
use flow_model::{
    Backend, BundleFile, Diagnostic, Diagnostics, Document, Facts, Fate, RequiredSecret, RuleInfo,
};

use crate::flow_folder::FlowFolder;
use crate::network::Network;
use crate::rules::{ADDED_GATEWAY, RULES};
use crate::{block, fate, hosts, ports, secrets, services, size, volumes};

/// The default name of the file.
const FILE: &str = "docker-compose.yml";

/// Renders a Plan as one Docker Compose file.
#[derive(Debug)]
pub struct Compose {
    options: Options,
}

/// Options of the backend.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The network that all services share.
    pub network: Network,
    /// `JINA_LOG_LEVEL` of every container that does not set its own.
    pub log_level: Option<String>,
    /// The folder of the Flow's file, relative to the Compose file.
    pub folder: FlowFolder,
}

impl Compose {
    /// A backend with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// The environment variables that the file of a Plan refers to, sorted.
    pub fn variables(&self, plan: &Plan) -> Vec<String> {
        secrets::variables(plan)
    }

    /// The URLs of the gateway for clients on this machine, one per protocol.
    pub fn gateway(&self, plan: &Plan) -> Vec<String> {
        services::published(&with_gateway(plan))
    }
}

impl Backend for Compose {
    fn name(&self) -> &'static str {
        "Docker Compose"
    }

    fn rules(&self) -> Vec<&'static RuleInfo> {
        RULES.to_vec()
    }

    fn fate(&self, key: Key) -> Fate {
        fate::fate(key)
    }

    fn provision(&self, provision: Provision) -> Fate {
        fate::provision(provision)
    }

    fn machine(&self) -> Option<&'static str> {
        Some(hosts::MACHINE)
    }

    fn deals_gpus(&self) -> bool {
        true
    }

    fn writes_each_replica(&self) -> bool {
        true
    }

    fn render_each(&self, plan: &Plan, take: &mut dyn FnMut(BundleFile)) -> (Facts, Diagnostics) {
        let mut facts = Facts::new(self.identify(plan));
        let secrets = secrets::required(plan).into_iter();
        facts.secrets.extend(secrets.map(|name| RequiredSecret { name, key: None }));
        let mut diagnostics = Diagnostics::new();
        let plan = with_gateway(plan);
        match plan {
            Cow::Borrowed(_) => ports::check_inside(&plan, &mut diagnostics),
            Cow::Owned(_) => note_gateway(&plan, &mut diagnostics),
        }
        if !size::check(&plan, &mut diagnostics) {
            return (facts, diagnostics);
        }
        secrets::check(&plan, &mut diagnostics);
        volumes::check(&plan, &mut diagnostics);
        hosts::check(&plan, &mut diagnostics);
        block::check(&plan, &mut diagnostics);
        let flow = plan.flow_name();
        let context = services::Context {
            plan: &plan,
            flow: &flow,
            network: &self.options.network,
            log_level: self.options.log_level.as_deref(),
            folder: &self.options.folder,
        };
        let (file, origins) = services::file(&context, &mut diagnostics);
        take(BundleFile::yaml(FILE, vec![Document::new(file, origins)]));
        (facts, diagnostics)
    }
}

/// The Plan to run: a standalone Deployment gets a gateway.
fn with_gateway(plan: &Plan) -> Cow<'_, Plan> {
    plan.with_gateway().map_or(Cow::Borrowed(plan), Cow::Owned)
}

fn note_gateway(plan: &Plan, diagnostics: &mut Diagnostics) {
    let Some(executor) = plan.executors.first() else { return };
    let message =
        format!("a gateway runs in front of `{}`, with {}", executor.name.value, plan.jina);
    diagnostics.push(
        Diagnostic::new(&ADDED_GATEWAY, message)
            .at(executor.name.span, "it publishes the ports and balances the calls"),
    );
}
