//! The rules: one file and one code for each.

mod ambiguous_key;
mod bad_batching;
mod bad_condition;
mod bad_docker_option;
mod bad_name;
mod cuda_devices;
mod cycle;
mod dangling_result;
mod default_image;
mod duplicate_name;
mod empty_deployment;
mod empty_flow;
mod executor_protocol;
mod external_address;
mod external_reduce;
mod flow_env;
mod gateway_ports;
mod half_certificate;
mod jcloud_key;
mod kwargs;
mod legacy_key;
mod local_address;
mod lone_condition;
mod lone_join;
mod misplaced_key;
mod missing_certificate;
mod misspelled_key;
mod name_collision;
mod name_too_long;
mod needed_floating;
mod no_container;
mod not_external;
mod not_sharded;
mod nul_character;
mod plain_secret;
mod port_clash;
mod saved_by_jina;
mod stateful_replicas;
mod stateful_workspace;
mod stateless_shards;
mod too_many_needs;
mod too_many_workloads;
mod unknown_key;
mod unresolved_need;
mod unserved_protocol;
mod unused_docker_option;
mod unused_image;
mod variable_twice;
mod verdict;
mod version_mismatch;

use std::borrow::Cow;
use std::cell::OnceCell;

pub use ambiguous_key::AMBIGUOUS_KEY;
pub use bad_batching::BAD_BATCHING;
pub use bad_condition::BAD_CONDITION;
pub use bad_docker_option::BAD_DOCKER_OPTION;
pub use bad_name::BAD_NAME;
pub use cuda_devices::CUDA_DEVICES;
pub use cycle::CYCLE;
pub use dangling_result::DANGLING_RESULT;
pub use default_image::DEFAULT_IMAGE;
pub use duplicate_name::DUPLICATE_NAME;
pub use empty_deployment::EMPTY_DEPLOYMENT;
pub use empty_flow::EMPTY_FLOW;
pub use executor_protocol::EXECUTOR_PROTOCOL;
pub use external_address::EXTERNAL_ADDRESS;
pub use external_reduce::EXTERNAL_REDUCE;
pub use flow_env::FLOW_ENV;
use flow_model::keys::UnknownKey;
pub use gateway_ports::GATEWAY_PORTS;
pub use half_certificate::HALF_CERTIFICATE;
pub use jcloud_key::JCLOUD_KEY;
pub use legacy_key::LEGACY_KEY;
pub use local_address::LOCAL_ADDRESS;
pub use lone_condition::LONE_CONDITION;
pub use lone_join::LONE_JOIN;
pub use misplaced_key::MISPLACED_KEY;
pub use misspelled_key::MISSPELLED_KEY;
pub use name_collision::NAME_COLLISION;
pub use name_too_long::NAME_TOO_LONG;
pub use needed_floating::NEEDED_FLOATING;
pub use no_container::NO_CONTAINER;
pub use not_external::NOT_EXTERNAL;
pub use not_sharded::NOT_SHARDED;
pub use nul_character::NUL_CHARACTER;
pub use plain_secret::PLAIN_SECRET;
pub use port_clash::PORT_CLASH;
pub use saved_by_jina::SAVED_BY_JINA;
pub use stateful_replicas::STATEFUL_REPLICAS;
pub use stateful_workspace::STATEFUL_WORKSPACE;
pub use stateless_shards::STATELESS_SHARDS;
pub use too_many_needs::TOO_MANY_NEEDS;
pub use too_many_workloads::TOO_MANY_WORKLOADS;
pub use unknown_key::UNKNOWN_KEY;
pub use unresolved_need::UNRESOLVED_NEED;
pub use unserved_protocol::UNSERVED_PROTOCOL;
pub use unused_docker_option::UNUSED_DOCKER_OPTION;
pub use unused_image::UNUSED_IMAGE;
pub use variable_twice::VARIABLE_TWICE;
pub use version_mismatch::VERSION_MISMATCH;

use flow_model::{Backend, Diagnostics, Flow, RuleInfo, Sources, Topology};

use crate::Options;
use crate::allowances::UNUSED_ALLOW;
use verdict::{Verdict, unknown_keys, verdict};

/// The input of a rule.
pub(crate) struct Subject<'a> {
    flow: &'a Flow,
    topology: &'a Topology,
    options: &'a Options,
    /// The texts that the Flow was read from, for edits; none of a Flow from code.
    sources: &'a Sources,
    /// What the Flow is compiled for, where that is known.
    backend: Option<&'a dyn Backend>,
    /// The verdict on each unknown key, which several rules use and which is expensive to compute.
    verdicts: OnceCell<Vec<(Cow<'a, UnknownKey>, Verdict)>>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(
        flow: &'a Flow,
        topology: &'a Topology,
        options: &'a Options,
        sources: &'a Sources,
        backend: Option<&'a dyn Backend>,
    ) -> Self {
        Self { flow, topology, options, sources, backend, verdicts: OnceCell::new() }
    }

    /// The name by which containers reach the machine that they run on.
    fn machine(&self) -> Option<&'static str> {
        self.backend.and_then(Backend::machine)
    }

    /// Whether each replica may be given a GPU of its own.
    fn deals_gpus(&self) -> bool {
        self.backend.is_none_or(Backend::deals_gpus)
    }

    /// The unknown keys with their verdicts.
    fn verdicts(&self) -> impl Iterator<Item = (&UnknownKey, Verdict)> {
        let verdicts = self.verdicts.get_or_init(|| {
            let keys = unknown_keys(self.flow);
            keys.map(|key| {
                let verdict = verdict(&key);
                (key, verdict)
            })
            .collect()
        });
        verdicts.iter().map(|(key, verdict)| (key.as_ref(), *verdict))
    }
}

/// A rule and its check.
struct Rule {
    info: &'static RuleInfo,
    check: fn(&Subject<'_>, &mut Diagnostics),
}

const ALL: &[Rule] = &[
    Rule { info: &ambiguous_key::AMBIGUOUS_KEY, check: ambiguous_key::check },
    Rule { info: &bad_batching::BAD_BATCHING, check: bad_batching::check },
    Rule { info: &bad_docker_option::BAD_DOCKER_OPTION, check: bad_docker_option::check },
    Rule { info: &unused_docker_option::UNUSED_DOCKER_OPTION, check: unused_docker_option::check },
    Rule { info: &bad_condition::BAD_CONDITION, check: bad_condition::check },
    Rule { info: &bad_name::BAD_NAME, check: bad_name::check },
    Rule { info: &cuda_devices::CUDA_DEVICES, check: cuda_devices::check },
    Rule { info: &cycle::CYCLE, check: cycle::check },
    Rule { info: &dangling_result::DANGLING_RESULT, check: dangling_result::check },
    Rule { info: &duplicate_name::DUPLICATE_NAME, check: duplicate_name::check },
    Rule { info: &empty_deployment::EMPTY_DEPLOYMENT, check: empty_deployment::check },
    Rule { info: &empty_flow::EMPTY_FLOW, check: empty_flow::check },
    Rule { info: &executor_protocol::EXECUTOR_PROTOCOL, check: executor_protocol::check },
    Rule { info: &external_address::EXTERNAL_ADDRESS, check: external_address::check },
    Rule { info: &external_reduce::EXTERNAL_REDUCE, check: external_reduce::check },
    Rule { info: &flow_env::FLOW_ENV, check: flow_env::check },
    Rule { info: &gateway_ports::GATEWAY_PORTS, check: gateway_ports::check },
    Rule { info: &half_certificate::HALF_CERTIFICATE, check: half_certificate::check },
    Rule { info: &jcloud_key::JCLOUD_KEY, check: jcloud_key::check },
    Rule { info: &missing_certificate::MISSING_CERTIFICATE, check: missing_certificate::check },
    Rule { info: &legacy_key::LEGACY_KEY, check: legacy_key::check },
    Rule { info: &local_address::LOCAL_ADDRESS, check: local_address::check },
    Rule { info: &lone_condition::LONE_CONDITION, check: lone_condition::check },
    Rule { info: &lone_join::LONE_JOIN, check: lone_join::check },
    Rule { info: &misplaced_key::MISPLACED_KEY, check: misplaced_key::check },
    Rule { info: &misspelled_key::MISSPELLED_KEY, check: misspelled_key::check },
    Rule { info: &name_collision::NAME_COLLISION, check: name_collision::check },
    Rule { info: &name_too_long::NAME_TOO_LONG, check: name_too_long::check },
    Rule { info: &needed_floating::NEEDED_FLOATING, check: needed_floating::check },
    Rule { info: &no_container::NO_CONTAINER, check: no_container::check },
    Rule { info: &not_external::NOT_EXTERNAL, check: not_external::check },
    Rule { info: &not_sharded::NOT_SHARDED, check: not_sharded::check },
    Rule { info: &nul_character::NUL_CHARACTER, check: nul_character::check },
    Rule { info: &plain_secret::PLAIN_SECRET, check: plain_secret::check },
    Rule { info: &port_clash::PORT_CLASH, check: port_clash::check },
    Rule { info: &saved_by_jina::SAVED_BY_JINA, check: saved_by_jina::check },
    Rule { info: &stateful_replicas::STATEFUL_REPLICAS, check: stateful_replicas::check },
    Rule { info: &stateful_workspace::STATEFUL_WORKSPACE, check: stateful_workspace::check },
    Rule { info: &stateless_shards::STATELESS_SHARDS, check: stateless_shards::check },
    Rule { info: &too_many_needs::TOO_MANY_NEEDS, check: too_many_needs::check },
    Rule { info: &too_many_workloads::TOO_MANY_WORKLOADS, check: too_many_workloads::check },
    Rule { info: &unknown_key::UNKNOWN_KEY, check: unknown_key::check },
    Rule { info: &unresolved_need::UNRESOLVED_NEED, check: unresolved_need::check },
    Rule { info: &unserved_protocol::UNSERVED_PROTOCOL, check: unserved_protocol::check },
    Rule { info: &unused_image::UNUSED_IMAGE, check: unused_image::check },
    Rule { info: &variable_twice::VARIABLE_TWICE, check: variable_twice::check },
    Rule { info: &version_mismatch::VERSION_MISMATCH, check: version_mismatch::check },
    // Last, because it reports nothing if there are errors.
    Rule { info: &default_image::DEFAULT_IMAGE, check: default_image::check },
];

/// Runs every rule.
pub(crate) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for rule in ALL {
        (rule.check)(subject, diagnostics);
    }
}

/// Every rule of this crate.
pub fn rules() -> Vec<&'static RuleInfo> {
    let of_others = crate::fates::RULES.iter().copied().chain([&UNUSED_ALLOW]);
    of_flows().chain(of_others).collect()
}

/// The rules about a Flow, whatever it is compiled for.
pub(crate) fn of_flows() -> impl Iterator<Item = &'static RuleInfo> {
    ALL.iter().map(|rule| rule.info)
}
