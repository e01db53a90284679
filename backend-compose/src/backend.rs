//! The Docker Compose backend.

use flow_model::keys::Key;
use flow_model::plan::Plan;
use flow_model::{
    Backend, BundleFile, Diagnostics, Document, Facts, Fate, RequiredSecret, RuleInfo,
};

use crate::network::Network;
use crate::project::Project;
use crate::rules::RULES;
use crate::{fate, secrets, services, volumes};

/// The name of the file, where nobody gives it another.
const FILE: &str = "docker-compose.yml";

/// Renders a Plan as one Docker Compose file.
#[derive(Debug)]
pub struct Compose {
    options: Options,
}

/// What the caller decides.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The network that all services share.
    pub network: Network,
    /// `JINA_LOG_LEVEL` of every container that does not say its own.
    pub log_level: Option<String>,
}

impl Compose {
    /// A backend with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// The project that a Plan is, for whoever starts it; `None` for a Flow without a name.
    pub fn project(&self, plan: &Plan) -> Option<Project> {
        Project::of_flow(plan, &mut Diagnostics::new())
    }

    /// Where clients on this machine find the gateway: a URL for each protocol.
    pub fn gateway(&self, plan: &Plan) -> Vec<String> {
        services::published(plan)
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

    fn writes_each_replica(&self) -> bool {
        true
    }

    fn render_each(&self, plan: &Plan, take: &mut dyn FnMut(BundleFile)) -> (Facts, Diagnostics) {
        let mut facts = Facts::new(self.identify(plan));
        let secrets = secrets::required(plan).into_iter();
        facts.secrets.extend(secrets.map(|name| RequiredSecret { name, key: None }));
        let mut diagnostics = Diagnostics::new();
        // Its finding belongs to the Flow, whether or not the project is started from here.
        let _ = Project::of_flow(plan, &mut diagnostics);
        secrets::check(plan, &mut diagnostics);
        volumes::check(plan, &mut diagnostics);
        let context = services::Context {
            plan,
            network: &self.options.network,
            log_level: self.options.log_level.as_deref(),
        };
        let (file, origins) = services::file(&context, &mut diagnostics);
        take(BundleFile::yaml(FILE, vec![Document::new(file, origins)]));
        (facts, diagnostics)
    }
}
