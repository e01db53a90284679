//! What can be wrong with a Plan on Kubernetes.

use flow_model::{Level, RuleInfo};

/// The Flow's name had to be respelled.
pub(crate) static NAMESPACE_CHANGED: RuleInfo = RuleInfo {
    code: "namespace-changed",
    level: Level::Warning,
    summary: "a Flow's name that had to be respelled to be a namespace",
    explanation: "\
Without `--k8s-namespace` a Flow goes into the namespace of its own name. The name of a namespace \
is a DNS label: lower-case letters, digits and `-`. Any other name is respelled: `My_Flow` becomes \
`my-flow`. `jina export` writes it as it is, and the API server refuses every object.",
};

/// The Flow contradicts what the mesh needs.
pub(crate) static OWN_GRPC_OPTION: RuleInfo = RuleInfo {
    code: "own-grpc-option",
    level: Level::Warning,
    summary: "a gRPC option of the Flow that replaces one that the mesh needs",
    explanation: "\
What the Flow itself says about gRPC wins. Without a mesh, replicas share the work only because \
flowship sets `grpc.lb_policy_name` and the age of connections; another value may send every \
request to one Pod.",
};

/// Nobody spreads calls over replicas.
pub(crate) static UNBALANCED_REPLICAS: RuleInfo = RuleInfo {
    code: "unbalanced-replicas",
    level: Level::Warning,
    summary: "replicas that a mesh does not spread calls over",
    explanation: "\
gRPC keeps one connection, and a mesh that balances connections sends all calls of a gateway to \
one Pod. Further replicas stand idle. Choose a mesh that balances requests, or `--mesh none`, where \
callers spread their calls themselves.",
};

/// The name leaves no room for the headless Service.
pub(crate) static SERVICE_NAME_TOO_LONG: RuleInfo = RuleInfo {
    code: "service-name-too-long",
    level: Level::Error,
    summary: "a name that leaves no room for the headless Service",
    explanation: "\
Without a mesh, each workload is found through a second Service `NAME-headless`, whose name is a \
DNS label of 63 characters at most. Shorten the Executor's name, or choose a mesh.",
};

/// Two ports of a Service are one.
pub(crate) static SERVICE_PORT_TWICE: RuleInfo = RuleInfo {
    code: "service-port-twice",
    level: Level::Error,
    summary: "a chosen port that is another port of the same Service",
    explanation: "\
Jina's processes listen on 8080 and up, one port a protocol, and the Service offers these numbers. \
A port that the user chooses is offered besides, for the protocol at the same place in the list. \
It cannot be the number of another protocol.

```yaml
gateway:
  protocol: [grpc, http]
  port: [8081, 8080]    # error: 8081 is HTTP's, 8080 is gRPC's
```",
};

/// The rules of this crate.
pub(crate) static RULES: &[&RuleInfo] = &[
    &NAMESPACE_CHANGED,
    &OWN_GRPC_OPTION,
    &SERVICE_NAME_TOO_LONG,
    &SERVICE_PORT_TWICE,
    &UNBALANCED_REPLICAS,
];
