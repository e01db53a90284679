//! A Flow from code.

use super::{Executor, Flow, Gateway, names};
use crate::keys::{ExecutorSettings, FlowSettings, GatewaySettings};
use crate::values::Extra;

impl Flow {
    /// A builder of a Flow with a gateway and no Executors.
    ///
    /// Each key of the [table](crate::keys) is a method of a builder, and accepts the same values
    /// as YAML: invalid values cannot be created. Rules report mistakes of the whole Flow, such as
    /// an unresolved need or a duplicate name, as in any other Flow.
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

    /// A standalone Executor without a gateway, a Deployment in YAML.
    pub fn deployment(executor: ExecutorBuilder) -> Self {
        let mut settings = executor.settings;
        names::name_alone(&mut settings, None);
        let executor = Executor { is_deployment: true, ..Executor::new(settings, None, &[]) };
        Self { executors: vec![executor], ..Self::nothing() }
    }
}

impl Gateway {
    /// A builder of a gateway without settings.
    pub fn builder() -> GatewayBuilder {
        GatewayBuilder::default()
    }
}

impl Executor {
    /// A builder of an Executor without settings.
    pub fn builder() -> ExecutorBuilder {
        ExecutorBuilder::default()
    }
}

/// Builds a [`Flow`]; its own methods are the keys of `with:` that belong to the Flow itself.
/// Values that entries inherit from `with:` in YAML must be set on each entry here.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct FlowBuilder {
    pub(crate) settings: FlowSettings,
    gateway: GatewaySettings,
    executors: Vec<ExecutorSettings>,
    extra: Extra,
}

impl FlowBuilder {
    /// Sets the gateway; the last call wins.
    pub fn gateway(mut self, gateway: GatewayBuilder) -> Self {
        self.gateway = gateway.settings;
        self
    }

    /// Adds an Executor. Without `needs` it takes the results of the one before.
    pub fn executor(mut self, executor: ExecutorBuilder) -> Self {
        self.executors.push(executor.settings);
        self
    }

    /// Sets your own keys (`x-…`), which Jina ignores.
    pub fn extra(mut self, extra: impl Into<Extra>) -> Self {
        self.extra = extra.into();
        self
    }

    /// Builds the Flow, the same as one that was read from equivalent YAML.
    pub fn build(self) -> Flow {
        let gateway = Some(Gateway::new(self.gateway, None, &self.settings));
        let (settings, extra) = (self.settings, self.extra);
        let mut flow = Flow { settings, gateway, extra, ..Flow::nothing() };
        for settings in self.executors {
            let executor = Executor::new(settings, None, &flow.executors);
            flow.executors.push(executor);
        }
        super::inspect::settle(&mut flow, ExecutorSettings::default());
        flow
    }
}

/// Builds a [`Gateway`], with one method per key.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct GatewayBuilder {
    pub(crate) settings: GatewaySettings,
}

/// Builds an [`Executor`], with one method per key.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct ExecutorBuilder {
    pub(crate) settings: ExecutorSettings,
}

/// Starts with the settings of an Executor.
impl From<&Executor> for ExecutorBuilder {
    fn from(executor: &Executor) -> Self {
        Self { settings: ExecutorSettings::clone(&executor.settings) }
    }
}

/// Starts with the settings of a gateway.
impl From<&Gateway> for GatewayBuilder {
    fn from(gateway: &Gateway) -> Self {
        Self { settings: GatewaySettings::clone(&gateway.settings) }
    }
}
