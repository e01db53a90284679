//! A Flow from code.

use super::{Executor, Flow, Gateway, names};
use crate::keys::{ExecutorSettings, FlowSettings, GatewaySettings};
use crate::values::Extra;

impl Flow {
    /// A Flow with a gateway and nothing else yet.
    ///
    /// Each key of the [table](crate::keys) is a method of a builder, and takes what the YAML could
    /// say: a value that no Flow may have cannot be made. What is wrong with the Flow as a whole, a
    /// need that leads nowhere or a name that is taken, rules find in it as in any other.
    ///
    /// ```
    /// use flow_model::flow::{Executor, Flow, Gateway};
    /// use flow_model::print;
    /// use flow_model::values::{Poll, Polling, Port, Positive, Protocol, Shards};
    ///
    /// let flow = Flow::builder()
    ///     .name("search")
    ///     .gateway(Gateway::builder().protocol(Protocol::Http).port(Port::try_from(8080)?))
    ///     .executor(
    ///         Executor::builder()
    ///             .name("encoder")
    ///             .uses("docker://example/encoder:1.0")
    ///             .replicas(Positive::try_from(3)?),
    ///     )
    ///     .executor(
    ///         Executor::builder()
    ///             .name("indexer")
    ///             .uses("docker://example/indexer:1.0")
    ///             .shards(Shards::try_from(2)?)
    ///             .polling(Polling::try_from([("/search", Poll::All), ("*", Poll::Any)])?),
    ///     )
    ///     .build();
    ///
    /// assert_eq!(flow.executors[1].shards(), 2);
    /// assert!(print::yaml(&flow)?.starts_with("jtype: Flow\nwith:\n  name: search\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder() -> FlowBuilder {
        FlowBuilder::default()
    }

    /// One Executor by itself, without a gateway: what YAML calls a Deployment.
    pub fn deployment(executor: ExecutorBuilder) -> Self {
        let mut settings = executor.settings;
        names::name_alone(&mut settings, None);
        let executor = Executor { is_deployment: true, ..Executor::new(settings, None, &[]) };
        Self { executors: vec![executor], ..Self::nothing() }
    }
}

impl Gateway {
    /// A gateway of which nothing is said yet.
    pub fn builder() -> GatewayBuilder {
        GatewayBuilder::default()
    }
}

impl Executor {
    /// An Executor of which nothing is said yet.
    pub fn builder() -> ExecutorBuilder {
        ExecutorBuilder::default()
    }
}

/// Builds a [`Flow`]; its own methods are the keys of `with:` that belong to the Flow itself. What
/// `with:` hands down in YAML is said to each entry here.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct FlowBuilder {
    pub(crate) settings: FlowSettings,
    gateway: GatewaySettings,
    executors: Vec<ExecutorSettings>,
    extra: Extra,
}

impl FlowBuilder {
    /// The Flow's door; the last one given counts.
    pub fn gateway(mut self, gateway: GatewayBuilder) -> Self {
        self.gateway = gateway.settings;
        self
    }

    /// One more Executor. Without `needs` it takes the results of the one before.
    pub fn executor(mut self, executor: ExecutorBuilder) -> Self {
        self.executors.push(executor.settings);
        self
    }

    /// Keys of your own (`x-…`), which Jina ignores.
    pub fn extra(mut self, extra: impl Into<Extra>) -> Self {
        self.extra = extra.into();
        self
    }

    /// The Flow, as if it had been read from YAML that says the same.
    pub fn build(self) -> Flow {
        let gateway = Some(Gateway::new(self.gateway, None, &self.settings));
        let (settings, extra) = (self.settings, self.extra);
        let mut flow = Flow { settings, gateway, extra, ..Flow::nothing() };
        for settings in self.executors {
            let executor = Executor::new(settings, None, &flow.executors);
            flow.executors.push(executor);
        }
        super::inspect::settle(&mut flow);
        flow
    }
}

/// Builds a [`Gateway`]: one method a key.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct GatewayBuilder {
    pub(crate) settings: GatewaySettings,
}

/// Builds an [`Executor`]: one method a key.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct ExecutorBuilder {
    pub(crate) settings: ExecutorSettings,
}

/// Goes on with what an Executor says already.
impl From<&Executor> for ExecutorBuilder {
    fn from(executor: &Executor) -> Self {
        Self { settings: ExecutorSettings::clone(&executor.settings) }
    }
}

/// Goes on with what a gateway says already.
impl From<&Gateway> for GatewayBuilder {
    fn from(gateway: &Gateway) -> Self {
        Self { settings: GatewaySettings::clone(&gateway.settings) }
    }
}
