//! Blocks `kubernetes`: every mistake is a finding at its place, and every block reaches its objects.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use backend_k8s::{Kubernetes, Options};
use flow_model::{Backend as _, Document, LoadError, Loader};
use flow_validate::{Compiled, compile};
use flowship_tests::{MESHES, mesh};
use serde_json::{Value, json};

/// A Flow with a block for each of its entries. `indexer` has shards and a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Flow,
    Gateway,
    /// A Deployment.
    Encoder,
    /// A StatefulSet, with a head.
    Indexer,
    /// Outside the Flow.
    External,
}

fn flow(at: At, block: &str) -> String {
    flow_with(at, "kubernetes", block)
}

/// The Flow with a block under `key`.
fn flow_with(at: At, key: &str, block: &str) -> String {
    let block = |of: At, indent: &str| {
        if of == at { format!("{indent}{key}: {block}\n") } else { String::new() }
    };
    format!(
        "jtype: Flow\nwith: {{name: search}}\n{}gateway:\n  protocol: GRPC\n{}executors:\n\
         \x20 - name: encoder\n    uses: docker://example/encoder:1.0\n    env: {{MODE: fast}}\n{}\
         \x20 - name: indexer\n    uses: docker://example/indexer:1.0\n    volumes: [/data]\n    shards: 2\n{}\
         \x20 - name: outside\n    external: true\n    host: h.example.com\n    port: 80\n{}",
        block(At::Flow, ""),
        block(At::Gateway, "  "),
        block(At::Encoder, "    "),
        block(At::Indexer, "    "),
        block(At::External, "    "),
    )
}

#[derive(Debug)]
struct Files;

impl Loader for Files {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        match path {
            "conf.yml" => Ok("answer: 42\n".to_owned()),
            _ => Err(LoadError::NotFound),
        }
    }
}

fn compiled(text: &str, of: &str) -> Compiled {
    let mut options = Options::default();
    options.mesh = mesh(of);
    let backend = Kubernetes::new(options);
    let mut options = flow_validate::Options::default();
    options.loader = Arc::new(Files);
    for (name, value) in
        [("SECRET", "hunter2 is secret"), ("ONE", "1"), ("NAME", "search"), ("PATHS", "[/x, /y]")]
    {
        options.variables.environment.insert(name.to_owned(), value.to_owned());
    }
    options.rules = backend.rules();
    compile(("flow.yml", text), &backend, &options)
}

/// Where a block is, the block, the code of the finding, and the text of the Flow that it points at.
const WRONG: &[(At, &str, &str, &str)] = &[
    // Words of a block.
    (At::Encoder, "{pods: {}}", "wrong-value", "pods"),
    (At::Encoder, "{resources: {}}", "wrong-value", "resources"),
    (At::Encoder, "{replicas: 2}", "wrong-value", "replicas"),
    (At::Encoder, "[pod]", "wrong-type", "[pod]"),
    (At::Encoder, "{pod: [a]}", "wrong-type", "[a]"),
    (At::Encoder, "{objects: {a: b}}", "wrong-type", "{a: b}"),
    (At::Indexer, "{head: {head: {}}}", "wrong-value", "head"),
    (At::Indexer, "{head: {claims: {}}}", "wrong-value", "claims"),
    (At::Indexer, "{head: {replicas: 0}}", "wrong-value", "0"),
    // Fields that a type does not have, at any depth.
    (At::Encoder, "{pod: {nodeSelectors: {a: b}}}", "unknown-field", "nodeSelectors"),
    (At::Encoder, "{pod: {envFrom: []}}", "unknown-field", "envFrom"),
    (At::Encoder, "{container: {tolerations: []}}", "unknown-field", "tolerations"),
    (At::Encoder, "{container: {resourcs: {}}}", "unknown-field", "resourcs"),
    (
        At::Encoder,
        "{pod: {affinity: {podAntiAffinity: {requiredDuringScheduling: []}}}}",
        "unknown-field",
        "requiredDuringScheduling",
    ),
    (At::Encoder, "{pod: {volumes: [{name: a, secret: {name: b}}]}}", "unknown-field", "name"),
    (At::Encoder, "{workload: {strategy: {}}}", "unknown-field", "strategy"),
    (At::Indexer, "{workload: {spec: {strategy: {type: Recreate}}}}", "unknown-field", "strategy"),
    (At::Flow, "{workload: {spec: {strateg: {}}}}", "unknown-field", "strateg"),
    (At::Gateway, "{service: {type: LoadBalancer}}", "unknown-field", "type"),
    (At::Encoder, "{cache: {path: /x, size: 1Gi, class: fast}}", "unknown-field", "class"),
    // Values of another type.
    (At::Encoder, "{pod: {tolerations: {key: a}}}", "wrong-type", "{key: a}"),
    (At::Encoder, "{pod: {hostNetwork: 1}}", "wrong-type", "1"),
    (At::Encoder, "{pod: {priorityClassName: 5}}", "wrong-type", "5"),
    (At::Encoder, "{pod: {nodeSelector: {gpu: true}}}", "wrong-type", "true"),
    (At::Encoder, "{pod: {terminationGracePeriodSeconds: soon}}", "wrong-type", "soon"),
    (At::Encoder, "{workload: {spec: {minReadySeconds: 3000000000}}}", "wrong-value", "3000000000"),
    (At::Encoder, "{container: {resources: {limits: {memory: 8GB}}}}", "wrong-value", "8GB"),
    (At::Encoder, "{container: {resources: {limits: {cpu: -1}}}}", "wrong-value", "-1"),
    (At::Encoder, "{container: {imagePullPolicy: always}}", "wrong-value", "always"),
    (
        At::Encoder,
        "{pod: {tolerations: [{key: a, effect: NoScheduled}]}}",
        "wrong-value",
        "NoScheduled",
    ),
    (At::Encoder, "{container: {env: [{value: a}]}}", "wrong-value", "{value: a}"),
    (At::Encoder, "{container: {env: [{name: A, value: 1}]}}", "wrong-type", "1"),
    (
        At::Encoder,
        "{container: {livenessProbe: {exec: {command: [a]}, httpGet: {port: 8080}}}}",
        "wrong-value",
        "httpGet",
    ),
    (At::Encoder, "{pod: {$retainKeys: [volumes]}}", "wrong-value", "$retainKeys"),
    // Labels and annotations.
    (At::Encoder, "{labels: {team: 1}}", "wrong-type", "1"),
    (At::Encoder, "{labels: {team: a b}}", "wrong-value", "a b"),
    (At::Encoder, "{labels: {a/b/c: x}}", "wrong-value", "a/b/c"),
    (At::Encoder, "{labels: {team: '${{ ENV.SECRET }}'}}", "wrong-value", "'${{ ENV.SECRET }}'"),
    (At::Encoder, "{annotations: {on: true}}", "wrong-type", "true"),
    (At::Flow, "{labels: {app: mine}}", "owned-field", "app"),
    (At::Encoder, "{annotations: {checksum/config: x}}", "owned-field", "checksum/config"),
    // Fields of flowship and of the mesh.
    (At::Encoder, "{workload: {metadata: {name: other}}}", "owned-field", "other"),
    (At::Encoder, "{workload: {metadata: {namespace: other}}}", "owned-field", "other"),
    (At::Encoder, "{workload: {spec: {replicas: 3}}}", "owned-field", "3"),
    (
        At::Encoder,
        "{workload: {spec: {selector: {matchLabels: {app: other}}}}}",
        "owned-field",
        "other",
    ),
    (At::Encoder, "{container: {image: 'example/other:1'}}", "owned-field", "'example/other:1'"),
    (At::Encoder, "{container: {name: other}}", "owned-field", "other"),
    (At::Encoder, "{container: {args: [executor]}}", "owned-field", "[executor]"),
    (At::Encoder, "{container: {command: [python]}}", "owned-field", "[python]"),
    (At::Encoder, "{container: {env: [{name: POD_UID, value: a}]}}", "owned-field", "POD_UID"),
    (At::Encoder, "{container: {livenessProbe: {grpc: {port: 9}}}}", "owned-field", "9"),
    (
        At::Encoder,
        "{pod: {containers: [{name: executor, $patch: delete}]}}",
        "owned-field",
        "{name: executor, $patch: delete}",
    ),
    (At::Gateway, "{service: {spec: {selector: {app: other}}}}", "owned-field", "other"),
    (
        At::Gateway,
        "{service: {spec: {ports: [{port: 8080, appProtocol: http}]}}}",
        "owned-field",
        "http",
    ),
    (At::Encoder, "{annotations: {linkerd.io/inject: disabled}}", "owned-field", "disabled"),
    (
        At::Encoder,
        "{workload: {spec: {template: {metadata: {annotations: {linkerd.io/inject: disabled}}}}}}",
        "owned-field",
        "disabled",
    ),
    // Parts that match nothing.
    (At::Encoder, "{pod: {containers: [{name: exectuor}]}}", "no-such-part", "exectuor"),
    (
        At::Encoder,
        "{container: {volumeMounts: [{name: data, mountPath: /x}]}}",
        "no-such-part",
        "data",
    ),
    (At::Encoder, "{container: {readinessProbe: {httpGet: {port: 9000}}}}", "no-such-part", "9000"),
    (
        At::Gateway,
        "{service: {spec: {ports: [{port: 80, name: web, targetPort: 9}]}}}",
        "no-such-part",
        "9",
    ),
    (At::Indexer, "{claims: {/date: {size: 1Gi}}}", "no-such-part", "/date"),
    (At::Gateway, "{claims: {/data: {size: 1Gi}}}", "no-such-part", "/data"),
    (At::Flow, "{claims: {/nowhere: {size: 1Gi}}}", "no-such-part", "/nowhere"),
    (At::Encoder, "{head: {labels: {a: b}}}", "no-such-part", "{labels: {a: b}}"),
    // Grace.
    (At::Encoder, "{pod: {terminationGracePeriodSeconds: 2}}", "wrong-value", "2"),
    // Storage.
    (At::Indexer, "{claims: {/data: {size: 0}}}", "wrong-value", "0"),
    (At::Indexer, "{claims: {/data: {accessModes: [Often]}}}", "wrong-value", "Often"),
    (At::Indexer, "{claims: {/data: {storageClassName: A b}}}", "wrong-value", "A b"),
    (At::Encoder, "{cache: {path: /x}}", "wrong-value", "{path: /x}"),
    (At::Encoder, "{cache: {path: x, size: 1Gi}}", "wrong-value", "x"),
    (At::Encoder, "{sharedMemory: 2GB}", "wrong-value", "2GB"),
    // Files.
    (At::Encoder, "{files: {/a: {from: ./none.yml}}}", "bad-reference", "./none.yml"),
    (At::Encoder, "{files: {/a: {}}}", "wrong-value", "{}"),
    (At::Encoder, "{files: {a: {secret: b}}}", "wrong-value", "a"),
    (At::Encoder, "{files: {/a: {secret: B_}}}", "wrong-value", "B_"),
    (At::Encoder, "{files: {/a: {from: ./conf.yml, secret: b}}}", "wrong-value", "secret"),
    (At::Indexer, "{files: {/data: {secret: b}}}", "wrong-value", "{secret: b}"),
    // Objects.
    (
        At::Encoder,
        "{objects: [{kind: Secret, metadata: {name: a}}]}",
        "wrong-value",
        "{kind: Secret, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}]}",
        "foreign-object",
        "Namespace",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: b}}]}",
        "foreign-object",
        "b",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Secret, metadata: {name: A_}}]}",
        "foreign-object",
        "A_",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1beta1, kind: Ingress, metadata: {name: a}}]}",
        "wrong-value",
        "networking.k8s.io/v1beta1",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicies, metadata: {name: a}}]}",
        "wrong-value",
        "NetworkPolicies",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podselector: {}}}]}",
        "unknown-field",
        "podselector",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: encoder-configmap}}]}",
        "two-writers",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: encoder-configmap}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: '?'}}]}",
        "wrong-value",
        "'?'",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: example.com/v1, kind: Thing, metadata: {name: a, labels: {app.kubernetes.io/part-of: b}}}]}",
        "owned-field",
        "b",
    ),
    // What an API server requires, and what it refuses.
    (At::Encoder, "{pod: {containers: [{name: log, image: \"\"}]}}", "wrong-value", "\"\""),
    (
        At::Encoder,
        "{pod: {containers: [{name: log, image: x, ports: [{containerPort: 0}]}]}}",
        "wrong-value",
        "0",
    ),
    (At::Encoder, "{pod: {containers: [{name: Log_, image: x}]}}", "wrong-value", "Log_"),
    (
        At::Encoder,
        "{pod: {containers: [{name: log, image: x, env: [{name: \"A=B\", value: x}]}]}}",
        "wrong-value",
        "\"A=B\"",
    ),
    (
        At::Encoder,
        "{pod: {initContainers: [{name: executor, image: x}]}}",
        "wrong-value",
        "{name: executor, image: x}",
    ),
    (At::Encoder, "{pod: {volumes: [{name: A_b, emptyDir: {}}]}}", "wrong-value", "A_b"),
    (At::Encoder, "{pod: {volumes: [{name: a, configMap: {}}]}}", "wrong-value", "{}"),
    (At::Encoder, "{pod: {volumes: [{name: a, secret: {}}]}}", "wrong-value", "{}"),
    (At::Encoder, "{pod: {volumes: [{name: a, persistentVolumeClaim: {}}]}}", "wrong-value", "{}"),
    (At::Encoder, "{pod: {volumes: [{name: a, hostPath: {}}]}}", "wrong-value", "{}"),
    (At::Encoder, "{pod: {volumes: [{name: a, emptyDir: {sizeLimit: -1}}]}}", "wrong-value", "-1"),
    (At::Encoder, "{pod: {volumes: [null]}}", "wrong-type", "null"),
    (At::Encoder, "{pod: {volumes: [a]}}", "wrong-type", "a"),
    (At::Encoder, "{pod: {tolerations: [{operator: Equal}]}}", "wrong-value", "Equal"),
    (
        At::Encoder,
        "{pod: {tolerations: [{key: a, operator: Exists, value: b}]}}",
        "wrong-value",
        "b",
    ),
    (
        At::Encoder,
        "{pod: {tolerations: [{key: a, tolerationSeconds: 5, effect: NoSchedule}]}}",
        "wrong-value",
        "5",
    ),
    (
        At::Encoder,
        "{pod: {topologySpreadConstraints: [{topologyKey: a, maxSkew: 0, whenUnsatisfiable: DoNotSchedule}]}}",
        "wrong-value",
        "0",
    ),
    (
        At::Encoder,
        "{pod: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {}}}}}",
        "wrong-value",
        "{}",
    ),
    (
        At::Encoder,
        "{pod: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0, preference: {}}]}}}}",
        "wrong-value",
        "0",
    ),
    (
        At::Encoder,
        "{pod: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {}}]}}}}",
        "wrong-value",
        "{labelSelector: {}}",
    ),
    (
        At::Encoder,
        "{pod: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: a, operator: In}]}}]}}}}",
        "wrong-value",
        "In",
    ),
    (At::Encoder, "{pod: {serviceAccountName: A_b}}", "wrong-value", "A_b"),
    (At::Encoder, "{pod: {nodeSelector: {a b: c}}}", "wrong-value", "c"),
    (At::Encoder, "{pod: {nodeSelector: {a: \"b c\"}}}", "wrong-value", "\"b c\""),
    (At::Encoder, "{pod: {terminationGracePeriodSeconds: -1}}", "wrong-value", "-1"),
    (At::Encoder, "{pod: {activeDeadlineSeconds: 5}}", "wrong-value", "5"),
    (At::Encoder, "{pod: {restartPolicy: Never}}", "wrong-value", "Never"),
    (
        At::Encoder,
        "{pod: {ephemeralContainers: [{name: a, image: b}]}}",
        "wrong-value",
        "{name: a, image: b}",
    ),
    (At::Encoder, "{pod: {securityContext: {runAsUser: -1}}}", "wrong-value", "-1"),
    (
        At::Encoder,
        "{pod: {securityContext: {seccompProfile: {type: Localhost}}}}",
        "wrong-value",
        "Localhost",
    ),
    (At::Encoder, "{pod: {securityContext: {seccompProfile: {}}}}", "wrong-value", "{}"),
    (At::Encoder, "{pod: {imagePullSecrets: [{}]}}", "wrong-value", "{}"),
    (At::Encoder, "{pod: {hostAliases: [{ip: x, hostnames: [a]}]}}", "wrong-value", "x"),
    (At::Encoder, "{pod: {dnsPolicy: None}}", "wrong-value", "None"),
    (At::Encoder, "{pod: {priority: 5}}", "wrong-value", "5"),
    (
        At::Encoder,
        "{container: {resources: {limits: {cpu: 1}, requests: {cpu: 2}}}}",
        "wrong-value",
        "{cpu: 2}",
    ),
    (At::Encoder, "{container: {resources: {limits: {gpu: 1}}}}", "wrong-value", "1"),
    // Quantities are compared by their amounts.
    (
        At::Encoder,
        "{container: {resources: {limits: {memory: 1Ei}, requests: {memory: 2E}}}}",
        "wrong-value",
        "{memory: 2E}",
    ),
    (
        At::Encoder,
        "{container: {resources: {limits: {cpu: 1}, requests: {cpu: '+1001m'}}}}",
        "wrong-value",
        "{cpu: '+1001m'}",
    ),
    (
        At::Encoder,
        "{container: {resources: {limits: {memory: 1e9}, requests: {memory: 1Gi}}}}",
        "wrong-value",
        "{memory: 1Gi}",
    ),
    // Thousandths of a byte.
    (At::Encoder, "{container: {resources: {limits: {memory: 512m}}}}", "wrong-value", "512m"),
    (
        At::Encoder,
        "{container: {resources: {requests: {ephemeral-storage: 2000m}}}}",
        "wrong-value",
        "2000m",
    ),
    (At::Encoder, "{sharedMemory: 64m}", "wrong-value", "64m"),
    (At::Encoder, "{cache: {path: /x, size: 100m}}", "wrong-value", "100m"),
    (At::Indexer, "{claims: {/data: {size: 100m}}}", "wrong-value", "100m"),
    (
        At::Encoder,
        "{pod: {volumes: [{name: a, emptyDir: {sizeLimit: 64m}}]}}",
        "wrong-value",
        "64m",
    ),
    (
        At::Encoder,
        "{container: {resources: {limits: {nvidia.com/gpu: 0.5}}}}",
        "wrong-value",
        "{nvidia.com/gpu: 0.5}",
    ),
    (
        At::Encoder,
        "{container: {resources: {requests: {nvidia.com/gpu: 1}}}}",
        "wrong-value",
        "{nvidia.com/gpu: 1}",
    ),
    (At::Encoder, "{container: {livenessProbe: {periodSeconds: -1}}}", "wrong-value", "-1"),
    (At::Encoder, "{container: {livenessProbe: {successThreshold: 2}}}", "wrong-value", "2"),
    (At::Encoder, "{container: {livenessProbe: {exec: {}}}}", "wrong-value", "{}"),
    (At::Encoder, "{container: {livenessProbe: {grpc: null}}}", "wrong-value", "null"),
    (At::Encoder, "{container: {env: [{name: A, valueFrom: {}}]}}", "wrong-value", "{}"),
    (
        At::Encoder,
        "{container: {env: [{name: A, valueFrom: {secretKeyRef: {name: a}}}]}}",
        "wrong-value",
        "{name: a}",
    ),
    (
        At::Encoder,
        "{container: {env: [{name: A, valueFrom: {fieldRef: {fieldPath: nope}}}]}}",
        "wrong-value",
        "nope",
    ),
    (At::Encoder, "{container: {envFrom: [{}]}}", "wrong-value", "{}"),
    (At::Encoder, "{container: {envFrom: [{secretRef: {}}]}}", "wrong-value", "{}"),
    (
        At::Encoder,
        "{container: {volumeMounts: [{mountPath: /a}]}}",
        "wrong-value",
        "{mountPath: /a}",
    ),
    (
        At::Encoder,
        "{container: {volumeMounts: [{name: a, mountPath: \"a:b\"}]}, pod: {volumes: [{name: a, emptyDir: {}}]}}",
        "wrong-value",
        "\"a:b\"",
    ),
    (
        At::Encoder,
        "{container: {volumeMounts: [{name: a, mountPath: /x, subPath: ../y}]}, pod: {volumes: [{name: a, emptyDir: {}}]}}",
        "wrong-value",
        "../y",
    ),
    (
        At::Encoder,
        "{container: {securityContext: {privileged: true, allowPrivilegeEscalation: false}}}",
        "wrong-value",
        "false",
    ),
    (
        At::Encoder,
        "{container: {securityContext: {capabilities: {drop: ALL}}}}",
        "wrong-type",
        "ALL",
    ),
    (At::Encoder, "{container: {securityContext: {procMount: x}}}", "wrong-value", "x"),
    (At::Encoder, "{container: {ports: [{containerPort: 99999}]}}", "wrong-value", "99999"),
    (
        At::Encoder,
        "{container: {ports: [{containerPort: 9000, name: A_TOO_LONG_NAME_FOR_PORTS}]}}",
        "wrong-value",
        "A_TOO_LONG_NAME_FOR_PORTS",
    ),
    (At::Encoder, "{container: {terminationMessagePath: null, workingDir: 5}}", "wrong-type", "5"),
    (At::Encoder, "{container: {$patch: replace}}", "wrong-value", "{$patch: replace}"),
    (At::Encoder, "{container: {$patch: delete}}", "wrong-value", "{$patch: delete}"),
    (At::Encoder, "{pod: {$patch: replace}}", "wrong-value", "{$patch: replace}"),
    (At::Encoder, "{pod: {containers: null}}", "owned-field", "null"),
    (At::Encoder, "{pod: {containers: [{$patch: replace}]}}", "owned-field", "[{$patch: replace}]"),
    (At::Encoder, "{workload: {spec: {template: {spec: null}}}}", "owned-field", "null"),
    (
        At::Encoder,
        "{workload: {spec: {template: {metadata: {labels: {a: \"b c\"}}}}}}",
        "wrong-value",
        "\"b c\"",
    ),
    (At::Encoder, "{workload: {metadata: {labels: {a: \"b c\"}}}}", "wrong-value", "\"b c\""),
    (At::Encoder, "{workload: {metadata: {annotations: {\"a b\": c}}}}", "wrong-value", "c"),
    (
        At::Encoder,
        "{workload: {spec: {strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}}}}",
        "wrong-value",
        "1",
    ),
    (
        At::Encoder,
        "{workload: {spec: {strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}}}}",
        "wrong-value",
        "0",
    ),
    (
        At::Encoder,
        "{workload: {spec: {strategy: {rollingUpdate: {maxSurge: \"a%\"}}}}}",
        "wrong-value",
        "\"a%\"",
    ),
    (
        At::Encoder,
        "{workload: {spec: {strategy: {rollingUpdate: {maxSurge: -1}}}}}",
        "wrong-value",
        "-1",
    ),
    (At::Encoder, "{workload: {spec: {minReadySeconds: -1}}}", "wrong-value", "-1"),
    (At::Encoder, "{workload: {spec: {progressDeadlineSeconds: 0}}}", "wrong-value", "0"),
    (At::Encoder, "{workload: {spec: {revisionHistoryLimit: -1}}}", "wrong-value", "-1"),
    (At::Encoder, "{workload: {status: {replicas: 2}}}", "owned-field", "{replicas: 2}"),
    (At::Encoder, "{workload: {metadata: {finalizers: [x]}}}", "wrong-value", "x"),
    (At::Gateway, "{service: {spec: {type: ExternalName}}}", "wrong-value", "ExternalName"),
    (At::Gateway, "{service: {spec: {clusterIP: 1.2.3}}}", "wrong-value", "1.2.3"),
    (At::Gateway, "{service: {spec: {externalTrafficPolicy: Local}}}", "wrong-value", "Local"),
    (At::Gateway, "{service: {spec: {loadBalancerSourceRanges: [x]}}}", "wrong-value", "x"),
    (At::Gateway, "{service: {spec: {loadBalancerClass: x}}}", "wrong-value", "x"),
    (At::Gateway, "{service: {spec: {externalIPs: [x]}}}", "wrong-value", "x"),
    (At::Encoder, "{files: {/dev/shm: {secret: b}}, sharedMemory: 1Gi}", "wrong-value", "1Gi"),
    (At::Encoder, "{files: {/a: {secret: b, key: ../x}}}", "wrong-value", "../x"),
    (At::Encoder, "{files: {/a: {secret: b, key: \"\"}}}", "wrong-value", "\"\""),
    (At::Encoder, "{files: {/a: conf.yml}}", "wrong-type", "conf.yml"),
    (
        At::Encoder,
        "{files: {/a: {secret: b}}, container: {volumeMounts: [{name: x, mountPath: /a}]}, pod: {volumes: [{name: x, emptyDir: {}}]}}",
        "owned-field",
        "/a",
    ),
    (
        At::Encoder,
        "{cache: {path: /a, size: 1Gi}, files: {/a: {secret: b}}}",
        "wrong-value",
        "{secret: b}",
    ),
    (At::Encoder, "{cache: {path: /a, size: 1Gi, accessModes: []}}", "wrong-value", "[]"),
    (
        At::Encoder,
        "{cache: {path: /a, size: 1Gi, accessModes: [ReadWriteOncePod, ReadWriteOnce]}}",
        "wrong-value",
        "[ReadWriteOncePod, ReadWriteOnce]",
    ),
    (At::Encoder, "{cache: {path: /, size: 1Gi}}", "wrong-value", "/"),
    (At::Encoder, "{cache: {path: /a, size: -1Gi}}", "wrong-value", "-1Gi"),
    (At::Encoder, "{sharedMemory: -1Gi}", "wrong-value", "-1Gi"),
    (At::Encoder, "{sharedMemory: 0}", "wrong-value", "0"),
    (At::Encoder, "{sharedMemory: true}", "wrong-type", "true"),
    (
        At::Encoder,
        "{labels: {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: b}}",
        "wrong-value",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ),
    (
        At::Encoder,
        "{labels: {a: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb}}",
        "wrong-value",
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    ),
    (At::Encoder, "{annotations: {a: {b: c}}}", "wrong-type", "{b: c}"),
    (At::Indexer, "{claims: {/data: {size: 1Gi, accessModes: []}}}", "wrong-value", "[]"),
    (At::Indexer, "{claims: {/data: [1]}}", "wrong-type", "[1]"),
    (At::Indexer, "{claims: {/data/: {size: 1Gi}}}", "no-such-part", "/data/"),
    (At::Indexer, "{head: {labels: {app: x}}}", "owned-field", "app"),
    (At::Indexer, "{head: {pod: {containers: [{name: worker}]}}}", "no-such-part", "worker"),
    (At::Indexer, "{workload: {spec: {volumeClaimTemplates: []}}}", "owned-field", "[]"),
    (
        At::Indexer,
        "{workload: {spec: {persistentVolumeClaimRetentionPolicy: {whenDeleted: delete}}}}",
        "wrong-value",
        "delete",
    ),
    (
        At::Indexer,
        "{workload: {spec: {updateStrategy: {rollingUpdate: {partition: -1}}}}}",
        "wrong-value",
        "-1",
    ),
    (At::Indexer, "{workload: {spec: {podManagementPolicy: parallel}}}", "wrong-value", "parallel"),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Service, metadata: {name: a}}]}",
        "wrong-value",
        "{apiVersion: v1, kind: Service, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {}}]}",
        "wrong-value",
        "{}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: []}}]}",
        "wrong-value",
        "{ports: []}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{name: x}]}}]}",
        "wrong-value",
        "{name: x}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 1}, {port: 2}]}}]}",
        "wrong-value",
        "[{port: 1}, {port: 2}]",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Service, metadata: {name: 1a}, spec: {ports: [{port: 1}]}}]}",
        "foreign-object",
        "1a",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: ExternalName}}]}",
        "wrong-value",
        "{type: ExternalName}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Service, metadata: {name: a.b}, spec: {ports: [{port: 1}]}}]}",
        "foreign-object",
        "a.b",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}}]}",
        "wrong-value",
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {}}]}",
        "wrong-value",
        "{}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {rules: [{host: a.b, http: {paths: [{path: /, backend: {service: {name: gateway, port: {number: 80}}}}]}}]}}]}",
        "wrong-value",
        "{path: /, backend: {service: {name: gateway, port: {number: 80}}}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {rules: [{host: a.b, http: {paths: [{path: /, pathType: Prefix, backend: {service: {port: {number: 80}}}}]}}]}}]}",
        "wrong-value",
        "{port: {number: 80}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {rules: [{host: a.b, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: gateway}}}]}}]}}]}",
        "wrong-value",
        "{name: gateway}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {rules: [{host: a.b, http: {paths: [{path: /, pathType: prefix, backend: {service: {name: gateway, port: {number: 80}}}}]}}]}}]}",
        "wrong-value",
        "prefix",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}, policyTypes: [ingress]}}]}",
        "wrong-value",
        "ingress",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}}]}",
        "wrong-value",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {accessModes: [ReadWriteOnce]}}]}",
        "wrong-value",
        "{accessModes: [ReadWriteOnce]}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {resources: {requests: {storage: 1Gi}}}}]}",
        "wrong-value",
        "{resources: {requests: {storage: 1Gi}}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}}]}",
        "wrong-value",
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {scaleTargetRef: {name: encoder}, maxReplicas: 3}}]}",
        "wrong-value",
        "{name: encoder}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {scaleTargetRef: {kind: Deployment, name: encoder}}}]}",
        "wrong-value",
        "{scaleTargetRef: {kind: Deployment, name: encoder}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {minReplicas: 5, scaleTargetRef: {kind: Deployment, name: encoder}, maxReplicas: 3}}]}",
        "wrong-value",
        "5",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {scaleTargetRef: {kind: Deployment, name: encoder}, maxReplicas: 3, metrics: [{type: Resource}]}}]}",
        "wrong-value",
        "{type: Resource}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {minAvailable: 1, maxUnavailable: 1}}]}",
        "wrong-value",
        "1",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: batch/v1, kind: Job, metadata: {name: a}}]}",
        "wrong-value",
        "{apiVersion: batch/v1, kind: Job, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a, image: b}]}}}}]}",
        "wrong-value",
        "{spec: {containers: [{name: a, image: b}]}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {restartPolicy: Never, containers: []}}}}]}",
        "wrong-value",
        "[]",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {restartPolicy: Never, containers: [{image: b}]}}}}]}",
        "wrong-value",
        "{image: b}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a}]}}}}]}",
        "wrong-value",
        "{name: a}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}}}]}",
        "wrong-value",
        "{jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a, image: b}]}}}}]}",
        "wrong-value",
        "{template: {spec: {containers: [{name: a, image: b}]}}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec: {containers: [{name: a, image: b}]}}}}]}",
        "wrong-value",
        "{matchLabels: {a: b}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}]}",
        "wrong-value",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]}",
        "wrong-value",
        "{apiVersion: v1, kind: Pod, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: 1}}]}",
        "wrong-type",
        "1",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a b: x}}]}",
        "wrong-value",
        "x",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: x}, binaryData: {a: eA==}}]}",
        "wrong-value",
        "{a: eA==}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/tls}]}",
        "wrong-value",
        "kubernetes.io/tls",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {a b: x}}]}",
        "wrong-value",
        "x",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}, rules: [{resources: [pods]}]}]}",
        "wrong-value",
        "{resources: [pods]}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a}}]}",
        "wrong-value",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a}, roleRef: {kind: Role, name: x}}]}",
        "wrong-value",
        "{kind: Role, name: x}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ResourceQuota, metadata: {name: a}, spec: {hard: {pods: x}}}]}",
        "wrong-value",
        "x",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: LimitRange, metadata: {name: a}, spec: {limits: [{default: {cpu: 1}}]}}]}",
        "wrong-value",
        "{default: {cpu: 1}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ServiceAccount, metadata: {name: a, labels: {a: \"b c\"}}}]}",
        "wrong-value",
        "\"b c\"",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ServiceAccount, metadata: {name: a, labels: {a: 1}}}]}",
        "wrong-type",
        "1",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ServiceAccount, metadata: {name: a, annotations: {\"a b\": c}}}]}",
        "wrong-value",
        "c",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ServiceAccount, metadata: {generateName: a}}]}",
        "foreign-object",
        "{generateName: a}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: ServiceAccount}]}",
        "foreign-object",
        "{apiVersion: v1, kind: ServiceAccount}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: x/y/z, kind: Foo, metadata: {name: a}}]}",
        "wrong-value",
        "x/y/z",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: v1, kind: foo, metadata: {name: a}}]}",
        "wrong-value",
        "foo",
    ),
    (At::Encoder, "{objects: [null]}", "wrong-type", "null"),
    (At::Encoder, "{objects: [[]]}", "wrong-type", "[]"),
    (At::Encoder, "{objects: [a]}", "wrong-type", "a"),
    // Kinds that clusters define.
    (
        At::Encoder,
        "{objects: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {scaleTargetRef: {name: encoder}, triggers: [{type: cpu, metadata: {value: 50}}]}}]}",
        "wrong-type",
        "50",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {scaleTargetRef: {name: encoder}}}]}",
        "wrong-value",
        "{scaleTargetRef: {name: encoder}}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {scaleTargetRef: {name: encoder}, minReplicas: 1, triggers: [{type: cpu, metadata: {value: '50'}}]}}]}",
        "unknown-field",
        "minReplicas",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {scaleTargetRef: {name: encoder}, maxReplicaCount: many, triggers: [{type: cpu, metadata: {value: '50'}}]}}]}",
        "wrong-type",
        "many",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: keda.sh/v1, kind: ScaledObject, metadata: {name: a}, spec: {}}]}",
        "wrong-value",
        "keda.sh/v1",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObjects, metadata: {name: a}, spec: {}}]}",
        "wrong-value",
        "ScaledObjects",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: keda.sh/v1alpha1, kind: ClusterTriggerAuthentication, metadata: {name: a}, spec: {}}]}",
        "foreign-object",
        "ClusterTriggerAuthentication",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {parentRefs: [{group: x}]}}]}",
        "wrong-value",
        "{group: x}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {rules: [{matches: [{path: {type: prefix}}]}]}}]}",
        "wrong-value",
        "prefix",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {rules: [{backendRefs: [{name: gateway, port: 70000}]}]}}]}",
        "wrong-value",
        "70000",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {hostnames: a.example.com}}]}",
        "wrong-type",
        "a.example.com",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {hostnames: [null]}}]}",
        "wrong-type",
        "null",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a}, spec: {http: [{timeouts: 5s}]}}]}",
        "unknown-field",
        "timeouts",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a}, spec: {http: [{timeout: 5}]}}]}",
        "wrong-type",
        "5",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a}, spec: {http: [{route: [{weight: 5}]}]}}]}",
        "wrong-value",
        "{weight: 5}",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: a}, spec: {action: allow}}]}",
        "wrong-value",
        "allow",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a}, spec: {selector: {}, endpoints: [{port: 9090}]}}]}",
        "wrong-type",
        "9090",
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, metadata: {name: a}, spec: {groups: [{rules: []}]}}]}",
        "wrong-value",
        "{rules: []}",
    ),
    // Misspelt fields deep inside lists.
    (
        At::Encoder,
        "{pod: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpresions: [{key: a, operator: Exists}]}]}}}}}",
        "unknown-field",
        "matchExpresions",
    ),
    (
        At::Encoder,
        "{pod: {initContainers: [{name: a, image: 'x:1', volumeMount: [{name: v, mountPath: /x}]}]}}",
        "unknown-field",
        "volumeMount",
    ),
    (
        At::Encoder,
        "{pod: {initContainers: [{name: a, image: 'x:1', env: [{name: A, valueFrom: {secretKeyref: {name: a, key: b}}}]}]}}",
        "unknown-field",
        "secretKeyref",
    ),
    (At::Encoder, "{container: {livenessProbe: {grpc: {ports: 8080}}}}", "unknown-field", "ports"),
    (
        At::Encoder,
        "{container: {lifecycle: {preStop: {exec: {cmd: [a]}}}}}",
        "unknown-field",
        "cmd",
    ),
    (
        At::Encoder,
        "{pod: {volumes: [{name: a, projected: {sources: [{secret: {name: s, item: []}}]}}]}}",
        "unknown-field",
        "item",
    ),
    (At::Encoder, "{container: {resources: {limit: {cpu: 1}}}}", "unknown-field", "limit"),
    (At::Indexer, "{claims: {/data: {accessMode: ReadWriteOnce}}}", "unknown-field", "accessMode"),
    (At::Encoder, "{files: {/x: {secrets: a}}}", "unknown-field", "secrets"),
    // A value of another type does not remove what is generated.
    (At::Encoder, "{container: {env: {A: b}}}", "wrong-type", "{A: b}"),
    (At::Encoder, "{container: {ports: 9000}}", "wrong-type", "9000"),
    (At::Encoder, "{pod: {containers: {a: b}}}", "wrong-type", "{a: b}"),
    (At::Encoder, "{service: {spec: {ports: 80}}}", "wrong-type", "80"),
    (At::Encoder, "{workload: {spec: 2}}", "wrong-type", "2"),
    (At::Encoder, "{container: {envFrom: [secretRef]}}", "wrong-type", "secretRef"),
    (At::Encoder, "{container: {envFrom: [{secretRef: my-secret}]}}", "wrong-type", "my-secret"),
    (At::Encoder, "{container: {securityContext: {capabilities: [ALL]}}}", "wrong-type", "[ALL]"),
    (
        At::Encoder,
        "{container: {securityContext: {capabilities: {drop: ALL}}}}",
        "wrong-type",
        "ALL",
    ),
    (At::Encoder, "{container: {securityContext: {runAsUser: root}}}", "wrong-type", "root"),
    (At::Encoder, "{pod: {containers: [null]}}", "wrong-type", "null"),
    (At::Encoder, "{pod: {tolerations: [nvidia]}}", "wrong-type", "nvidia"),
    (At::Encoder, "{pod: {terminationGracePeriodSeconds: 5m}}", "wrong-type", "5m"),
    (At::Encoder, "{files: {/x: conf.yml}}", "wrong-type", "conf.yml"),
    (At::Indexer, "{claims: {/data: 10Gi}}", "wrong-type", "10Gi"),
    (At::Indexer, "{claims: {/data: {accessModes: ReadWriteOnce}}}", "wrong-type", "ReadWriteOnce"),
    (At::Encoder, "{cache: /models}", "wrong-type", "/models"),
    (At::Indexer, "{head: 2}", "wrong-type", "2"),
    // What is removed with fields of flowship in it is reported once.
    (At::Encoder, "{workload: {spec: null}}", "owned-field", "null"),
    (At::Encoder, "{workload: {spec: {template: null}}}", "owned-field", "null"),
    (At::Encoder, "{workload: {spec: {template: {metadata: null}}}}", "owned-field", "null"),
    (At::Encoder, "{workload: {spec: {selector: null}}}", "owned-field", "null"),
    (At::Encoder, "{pod: {containers: null}}", "owned-field", "null"),
    (At::Encoder, "{service: {spec: {ports: null}}}", "owned-field", "null"),
    (At::Encoder, "{service: {spec: null}}", "owned-field", "null"),
    // Units and names of quantities.
    (At::Encoder, "{container: {resources: {limits: {cpu: 500M}}}}", "wrong-value", "500M"),
    (At::Encoder, "{container: {resources: {limits: {memory: 1gb}}}}", "wrong-value", "1gb"),
    (At::Encoder, "{container: {resources: {limits: {Memory: 1Gi}}}}", "wrong-value", "1Gi"),
    (At::Indexer, "{claims: {/data: {size: ten}}}", "wrong-value", "ten"),
    // Names, and what matches nothing.
    (At::Encoder, "{pod: {hostname: -a}}", "wrong-value", "-a"),
    (At::Encoder, "{pod: {nodeName: A_B}}", "wrong-value", "A_B"),
    (At::Indexer, "{claims: {data: {size: 10Gi}}}", "no-such-part", "data"),
    (At::Encoder, "{head: {replicas: 2}}", "no-such-part", "{replicas: 2}"),
    (At::Gateway, "{head: {labels: {a: b}}}", "no-such-part", "{labels: {a: b}}"),
    // A container of the mesh's name.
    (
        At::Encoder,
        "{pod: {containers: [{name: linkerd-proxy, image: 'x:1'}]}}",
        "owned-field",
        "linkerd-proxy",
    ),
    (
        At::Encoder,
        "{pod: {initContainers: [{name: linkerd-proxy, image: 'x:1'}]}}",
        "owned-field",
        "linkerd-proxy",
    ),
    (At::Encoder, "{shm: 1Gi}", "wrong-value", "shm"),
    (At::Encoder, "{deployment: {spec: {}}}", "wrong-value", "deployment"),
];

/// The same for blocks `compose`.
const WRONG_COMPOSE: &[(At, &str, &str, &str)] = &[
    (At::Encoder, "[restart]", "wrong-type", "[restart]"),
    (At::Flow, "{restarts: always}", "wrong-value", "restarts"),
    (At::Gateway, "{ports: ['127.0.0.1:80:80']}", "wrong-value", "ports"),
    (At::Encoder, "{mem_limit: 8g}", "wrong-value", "mem_limit"),
    (At::Encoder, "{restart: sometimes}", "wrong-value", "sometimes"),
    (At::Encoder, "{restart: 'on-failure:'}", "wrong-value", "'on-failure:'"),
    (At::Encoder, "{restart: 'on-failure:-1'}", "wrong-value", "'on-failure:-1'"),
    (At::Encoder, "{restart: true}", "wrong-value", "true"),
    (At::Encoder, "{restart: [always]}", "wrong-type", "[always]"),
    (At::Gateway, "{host_ip: localhost}", "wrong-value", "localhost"),
    (At::Gateway, "{host_ip: '127.0.0.1:80'}", "wrong-value", "'127.0.0.1:80'"),
    (At::Flow, "{host_ip: '${{ ENV.SECRET }}'}", "wrong-value", "'${{ ENV.SECRET }}'"),
    (At::Flow, "{logging: json-file}", "wrong-type", "json-file"),
    (At::Flow, "{logging: {max-size: 10m}}", "wrong-value", "max-size"),
    (At::Flow, "{logging: {driver: 'a b'}}", "wrong-value", "'a b'"),
    (At::Flow, "{logging: {options: [a]}}", "wrong-type", "[a]"),
    (At::Flow, "{logging: {options: {max-size: {a: b}}}}", "wrong-type", "{a: b}"),
    (At::Flow, "{logging: {driver: json-file, options: {maxsize: 1m}}}", "wrong-value", "maxsize"),
    (At::Flow, "{logging: {driver: local, options: {max-size: 0}}}", "wrong-value", "0"),
    (At::Flow, "{logging: {driver: local, options: {max-size: 1x}}}", "wrong-value", "1x"),
    (At::Flow, "{logging: {driver: local, options: {max-file: 0}}}", "wrong-value", "0"),
    (At::Flow, "{logging: {driver: local, options: {compress: maybe}}}", "wrong-value", "maybe"),
    (At::Flow, "{logging: {driver: none, options: {max-file: 1}}}", "wrong-value", "max-file"),
];

#[test]
fn every_wrong_block_is_found_at_its_place() {
    let of_kubernetes = WRONG.iter().map(|row| ("kubernetes", row));
    let of_compose = WRONG_COMPOSE.iter().map(|row| ("compose", row));
    let mut wrong = Vec::new();
    for (key, (at, block, code, place)) in of_kubernetes.chain(of_compose) {
        let compiled = compiled(&flow_with(*at, key, block), "linkerd");
        let errors = compiled.diagnostics.iter().filter(|finding| finding.level.is_error());
        let found: Vec<_> = errors
            .map(|finding| {
                let span = finding.span().map(|span| compiled.sources.slice(span).unwrap());
                (finding.rule.code, span.unwrap_or_default().to_owned(), finding.to_string())
            })
            .collect();
        match found.as_slice() {
            [(found, at, _)] if found == code && at == place => {}
            other => wrong.push(format!("{at:?} {block}: {other:#?}")),
        }
        for finding in &compiled.diagnostics {
            let text = format!("{finding:?}");
            assert!(!text.contains("hunter2"), "{block}: {text}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(WRONG.len() > 50);
}

/// A block, and what its finding says to write instead.
const HELP: &[(At, &str, &str)] = &[
    (At::Encoder, "{container: {lifecycle: {preStop: {exec: {cmd: [a]}}}}}", "write `command`"),
    (At::Encoder, "{container: {envFrom: [{secretRef: my-secret}]}}", "write `{name: my-secret}`"),
    (At::Encoder, "{container: {securityContext: {capabilities: {drop: ALL}}}}", "write `[ALL]`"),
    (At::Encoder, "{container: {env: {A: b}}}", "begin each item of the list with `-`"),
    (At::Encoder, "{container: {env: [{name: A, value: 1}]}}", "write `\"1\"`"),
    (At::Encoder, "{files: {/x: conf.yml}}", "write `{from: conf.yml}`"),
    (At::Indexer, "{claims: {/data: 10Gi}}", "write `{size: 10Gi}`"),
    (At::Encoder, "{container: {resources: {limits: {memory: 1gb}}}}", "write `1G`"),
    (
        At::Encoder,
        "{container: {resources: {limits: {memory: 512m}}}}",
        "write `Mi` or `M` for megabytes",
    ),
    (
        At::Encoder,
        "{container: {resources: {limits: {cpu: 500M}}}}",
        "write `500m` for thousandths of a processor",
    ),
    (At::Encoder, "{container: {resources: {limits: {Memory: 1Gi}}}}", "write `memory`"),
    (At::Encoder, "{container: {resources: {limits: {gpu: 1}}}}", "write `nvidia.com/gpu`"),
    (
        At::Encoder,
        "{workload: {spec: null}}",
        "set only the fields of `spec` that you want to change",
    ),
    (At::Encoder, "{shm: 1Gi}", "write `sharedMemory`"),
    (At::Indexer, "{head: {pood: {}}}", "write `pod`"),
    (At::Indexer, "{head: {claim: {}}}", "write partial objects under one of these words"),
    (At::Indexer, "{claim: {}}", "write `claims`"),
];

#[test]
fn findings_say_what_to_write_instead() {
    for (at, block, help) in HELP {
        let compiled = compiled(&flow(*at, block), "none");
        let errors = compiled.diagnostics.iter().filter(|finding| finding.level.is_error());
        let texts: Vec<_> = errors.map(|finding| format!("{finding:?}")).collect();
        let escaped = help.replace('"', "\\\"");
        assert!(texts.len() == 1 && texts[0].contains(&escaped), "{block}: {help}: {texts:#?}");
    }
    // Without a mesh, flowship itself sets what a mesh would.
    let ports = "{service: {spec: {ports: [{port: 8080, appProtocol: http}]}}}";
    let compiled = compiled(&flow(At::Encoder, ports), "none");
    let text = format!("{}", compiled.diagnostics);
    assert!(text.contains("`appProtocol` is set by flowship"), "{text}");
}

/// Blocks with `?` where a field takes only some words.
const OF_WORDS: &[(At, &str)] = &[
    (At::Encoder, "{container: {imagePullPolicy: ?}}"),
    (At::Encoder, "{pod: {containers: [{name: log, image: 'x:1', imagePullPolicy: ?}]}}"),
    (At::Encoder, "{container: {terminationMessagePolicy: ?}}"),
    (At::Encoder, "{container: {ports: [{containerPort: 1, protocol: ?}]}}"),
    (At::Encoder, "{container: {volumeMounts: [{name: a, mountPath: /a, mountPropagation: ?}]}}"),
    (At::Encoder, "{container: {livenessProbe: {httpGet: {port: 1, scheme: ?}}}}"),
    (At::Encoder, "{container: {securityContext: {procMount: ?}}}"),
    (At::Encoder, "{container: {securityContext: {seccompProfile: {type: ?}}}}"),
    (At::Encoder, "{container: {securityContext: {appArmorProfile: {type: ?}}}}"),
    (At::Encoder, "{pod: {securityContext: {seccompProfile: {type: ?}}}}"),
    (At::Encoder, "{pod: {securityContext: {appArmorProfile: {type: ?}}}}"),
    (At::Encoder, "{pod: {securityContext: {fsGroupChangePolicy: ?}}}"),
    (At::Encoder, "{pod: {dnsPolicy: ?}}"),
    (At::Encoder, "{pod: {restartPolicy: ?}}"),
    (At::Encoder, "{pod: {preemptionPolicy: ?}}"),
    (At::Encoder, "{pod: {tolerations: [{key: a, operator: ?}]}}"),
    (At::Encoder, "{pod: {tolerations: [{key: a, operator: Exists, effect: ?}]}}"),
    (
        At::Encoder,
        "{pod: {topologySpreadConstraints: [{topologyKey: a, maxSkew: 1, whenUnsatisfiable: ?}]}}",
    ),
    (
        At::Encoder,
        "{pod: {topologySpreadConstraints: [{topologyKey: a, maxSkew: 1, \
         whenUnsatisfiable: DoNotSchedule, nodeAffinityPolicy: ?}]}}",
    ),
    (
        At::Encoder,
        "{pod: {topologySpreadConstraints: [{topologyKey: a, maxSkew: 1, \
         whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: ?}]}}",
    ),
    (
        At::Encoder,
        "{pod: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
         {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: ?, values: [b]}]}]}}}}}",
    ),
    (
        At::Encoder,
        "{pod: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
         [{topologyKey: a, labelSelector: {matchExpressions: [{key: a, operator: ?, values: [b]}]}}]}}}}",
    ),
    (At::Encoder, "{pod: {volumes: [{name: a, emptyDir: {medium: ?}}]}}"),
    (
        At::Encoder,
        "{pod: {volumes: [{name: a, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [?], \
         resources: {requests: {storage: 1Gi}}}}}}]}}",
    ),
    (At::Encoder, "{workload: {spec: {strategy: {type: ?}}}}"),
    (At::Indexer, "{workload: {spec: {updateStrategy: {type: ?}}}}"),
    (At::Indexer, "{workload: {spec: {podManagementPolicy: ?}}}"),
    (At::Indexer, "{workload: {spec: {persistentVolumeClaimRetentionPolicy: {whenDeleted: ?}}}}"),
    (At::Indexer, "{workload: {spec: {persistentVolumeClaimRetentionPolicy: {whenScaled: ?}}}}"),
    (At::Indexer, "{claims: {/data: {accessModes: [?]}}}"),
    (At::Encoder, "{cache: {path: /x, size: 1Gi, accessModes: [?]}}"),
    (At::Gateway, "{service: {spec: {type: ?}}}"),
    (At::Gateway, "{service: {spec: {externalTrafficPolicy: ?}}}"),
    (At::Gateway, "{service: {spec: {internalTrafficPolicy: ?}}}"),
    (At::Gateway, "{service: {spec: {sessionAffinity: ?}}}"),
    (At::Gateway, "{service: {spec: {ipFamilyPolicy: ?}}}"),
    (At::Gateway, "{service: {spec: {ports: [{name: a, port: 1, protocol: ?}]}}}"),
    (
        At::Flow,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, \
         spec: {podSelector: {}, policyTypes: [?]}}]}",
    ),
    (
        At::Flow,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, \
         spec: {podSelector: {}, ingress: [{ports: [{port: 1, protocol: ?}]}]}}]}",
    ),
    (
        At::Flow,
        "{objects: [{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: \
         {rules: [{host: a.b, http: {paths: [{path: /, pathType: ?, backend: {service: \
         {name: gateway, port: {number: 80}}}}]}}]}}]}",
    ),
];

#[test]
fn a_field_takes_only_its_words() {
    let mut wrong = Vec::new();
    for (at, block) in OF_WORDS {
        let compiled = compiled(&flow(*at, &block.replace('?', "Sometimes")), "none");
        let found: Vec<_> = compiled
            .diagnostics
            .iter()
            .filter_map(|finding| Some((finding.rule.code, finding.span()?, finding)))
            .map(|(code, at, finding)| (code, compiled.sources.slice(at).unwrap(), finding))
            .collect();
        if !found.iter().any(|(code, at, _)| (*code, *at) == ("wrong-value", "Sometimes")) {
            wrong.push(format!("{at:?} {block}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A block of an Executor outside the Flow has no effect.
#[test]
fn a_block_of_an_external_executor_has_no_effect() {
    let compiled = compiled(&flow(At::External, "{labels: {a: b}}"), "none");
    let codes: Vec<_> = compiled.diagnostics.iter().map(|finding| finding.rule.code).collect();
    assert!(codes.contains(&"ignored-key"), "{codes:?}");
}

fn objects(at: At, block: &str, of: &str) -> Vec<(Value, Document)> {
    let compiled = compiled(&flow(at, block), of);
    let bundle = compiled.bundle.unwrap_or_else(|| panic!("{block}: {}", compiled.diagnostics));
    bundle.documents().map(|(_, document)| (document.value(), document.clone())).collect()
}

fn object(objects: &[(Value, Document)], kind: &str, name: &str) -> Value {
    let found = objects
        .iter()
        .find(|(value, _)| value["kind"] == kind && value["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {kind} {name}")).0.clone()
}

/// Where a block is, the block, and what comes out: kind, name, pointer, value.
const RIGHT: &[(At, &str, &str, &str, &str, &str)] = &[
    (At::Flow, "{labels: {team: a}}", "Service", "gateway", "/metadata/labels/team", r#""a""#),
    (
        At::Flow,
        "{labels: {team: a}}",
        "Deployment",
        "encoder",
        "/spec/template/metadata/labels/team",
        r#""a""#,
    ),
    (
        At::Indexer,
        "{labels: {team: a}}",
        "Deployment",
        "indexer-head",
        "/metadata/labels/team",
        r#""a""#,
    ),
    (
        At::Encoder,
        "{labels: {n: '${{ ENV.ONE }}'}}",
        "ConfigMap",
        "encoder-configmap",
        "/metadata/labels/n",
        r#""1""#,
    ),
    (
        At::Flow,
        "{annotations: {a/b: c d}}",
        "StatefulSet",
        "indexer-1",
        "/metadata/annotations/a~1b",
        r#""c d""#,
    ),
    (
        At::Encoder,
        "{container: {resources: {limits: {cpu: 2, memory: 1.5Gi}}}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/containers/0/resources/limits",
        r#"{"cpu": "2", "memory": "1.5Gi"}"#,
    ),
    (
        At::Encoder,
        "{container: {resources: {limits: {nvidia.com/gpu: 2000m}, requests: {nvidia.com/gpu: '+2'}}}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/containers/0/resources/limits",
        r#"{"nvidia.com/gpu": "2000m"}"#,
    ),
    (
        At::Encoder,
        "{container: {livenessProbe: null}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/containers/0/livenessProbe",
        "null",
    ),
    (
        At::Encoder,
        "{container: {startupProbe: {failureThreshold: \"9\"}}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/containers/0/startupProbe/failureThreshold",
        "9",
    ),
    (
        At::Encoder,
        "{container: {startupProbe: {failureThreshold: 9}}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/containers/0/startupProbe/grpc/port",
        "8080",
    ),
    (
        At::Encoder,
        "{container: {lifecycle: {preStop: {exec: {command: [sleep, '9']}}}}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/containers/0/lifecycle/preStop",
        r#"{"exec": {"command": ["sleep", "9"]}}"#,
    ),
    (
        At::Encoder,
        "{workload: {spec: {strategy: {type: Recreate}}}}",
        "Deployment",
        "encoder",
        "/spec/strategy",
        r#"{"type": "Recreate"}"#,
    ),
    (
        At::Encoder,
        "{workload: {spec: {strategy: {rollingUpdate: {maxSurge: 25%}}}}}",
        "Deployment",
        "encoder",
        "/spec/strategy/rollingUpdate",
        r#"{"maxSurge": "25%", "maxUnavailable": 0}"#,
    ),
    (
        At::Flow,
        "{workload: {spec: {strategy: {type: Recreate}, updateStrategy: {type: OnDelete}}}}",
        "StatefulSet",
        "indexer-0",
        "/spec/updateStrategy",
        r#"{"type": "OnDelete"}"#,
    ),
    (At::Indexer, "{head: {replicas: 2}}", "Deployment", "indexer-head", "/spec/replicas", "2"),
    (
        At::Indexer,
        "{head: {replicas: 2}}",
        "PodDisruptionBudget",
        "indexer-head",
        "/spec/maxUnavailable",
        "1",
    ),
    (
        At::Indexer,
        "{claims: {/data: {size: 50Gi, storageClassName: fast, retain: false}}}",
        "StatefulSet",
        "indexer-0",
        "/spec/volumeClaimTemplates/0/spec/storageClassName",
        r#""fast""#,
    ),
    (
        At::Indexer,
        "{claims: {/data: {size: 50Gi, retain: false}}}",
        "StatefulSet",
        "indexer-0",
        "/spec/persistentVolumeClaimRetentionPolicy/whenDeleted",
        r#""Delete""#,
    ),
    (
        At::Flow,
        "{claims: {/data: {size: 5}}}",
        "StatefulSet",
        "indexer-0",
        "/spec/volumeClaimTemplates/0/spec/resources/requests/storage",
        r#""5""#,
    ),
    (
        At::Encoder,
        "{files: {/etc/conf.yml: {from: conf.yml}}}",
        "ConfigMap",
        "encoder-files",
        "/data",
        r#"{"etc-conf-yml-f1efa0a380": "answer: 42\n"}"#,
    ),
    (
        At::Gateway,
        "{files: {/certs: {secret: tls, mode: 0400}}}",
        "Deployment",
        "gateway",
        "/spec/template/spec/volumes/0/secret",
        r#"{"secretName": "tls", "defaultMode": 256}"#,
    ),
    (
        At::Encoder,
        "{cache: {path: /c, size: 4Gi, accessModes: [ReadWriteMany]}}",
        "PersistentVolumeClaim",
        "encoder-cache",
        "/spec/accessModes",
        r#"["ReadWriteMany"]"#,
    ),
    (
        At::Encoder,
        "{cache: {path: /c, size: 4Gi}}",
        "Deployment",
        "encoder",
        "/spec/strategy/rollingUpdate/maxSurge",
        "0",
    ),
    (
        At::Encoder,
        "{sharedMemory: 2Gi}",
        "Deployment",
        "encoder",
        "/spec/template/spec/volumes/0/emptyDir",
        r#"{"medium": "Memory", "sizeLimit": "2Gi"}"#,
    ),
    (
        At::Gateway,
        "{service: {spec: {type: NodePort, ports: [{port: 8080, nodePort: 30080}]}}}",
        "Service",
        "gateway",
        "/spec/ports/0/nodePort",
        "30080",
    ),
    (
        At::Gateway,
        "{service: {spec: {ports: [{port: 443, name: tls, targetPort: 8080}]}}}",
        "Service",
        "gateway",
        "/spec/ports/1/port",
        "443",
    ),
    (
        At::Encoder,
        "{container: {envFrom: [{secretRef: {name: a}}]}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/containers/0/envFrom/1/secretRef/name",
        r#""a""#,
    ),
    (
        At::Flow,
        "{objects: [{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}]}",
        "ServiceAccount",
        "a",
        "/metadata/namespace",
        r#""search""#,
    ),
    (
        At::Encoder,
        "{objects: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {scaleTargetRef: {name: encoder}, maxReplicaCount: '${{ ENV.ONE }}', triggers: [{type: cpu, metadata: {value: '${{ ENV.ONE }}'}}]}}]}",
        "ScaledObject",
        "a",
        "/spec",
        r#"{"scaleTargetRef": {"name": "encoder"}, "maxReplicaCount": 1, "triggers": [{"type": "cpu", "metadata": {"value": "1"}}]}"#,
    ),
    (
        At::Gateway,
        "{objects: [{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {parentRefs: [{name: public}], rules: [{backendRefs: [{name: gateway, port: 8080}]}]}}]}",
        "HTTPRoute",
        "a",
        "/spec/rules/0/backendRefs/0/port",
        "8080",
    ),
    (
        At::Gateway,
        "{objects: [{apiVersion: example.com/v1, kind: Thing, metadata: {name: a}, spec: {x: 1}}]}",
        "Thing",
        "a",
        "/spec/x",
        "1",
    ),
    (
        At::Encoder,
        "{pod: {volumes: [{name: a, configMap: {name: b}}]}, container: {volumeMounts: [{name: a, mountPath: /a}]}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/containers/0/volumeMounts/0/name",
        r#""a""#,
    ),
    // The token of an account that a block names is for the account to give.
    (
        At::Encoder,
        "{labels: {a: b}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/automountServiceAccountToken",
        "false",
    ),
    (
        At::Encoder,
        "{pod: {serviceAccountName: a}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/automountServiceAccountToken",
        "null",
    ),
    (
        At::Encoder,
        "{pod: {serviceAccountName: a, automountServiceAccountToken: false}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/automountServiceAccountToken",
        "false",
    ),
    (
        At::Encoder,
        "{pod: {serviceAccountName: a, automountServiceAccountToken: true}}",
        "Deployment",
        "encoder",
        "/spec/template/spec/automountServiceAccountToken",
        "true",
    ),
];

#[test]
fn blocks_reach_their_objects() {
    for (at, block, kind, name, pointer, expected) in RIGHT {
        let expected: Value = serde_json::from_str(expected).unwrap();
        for mesh in MESHES {
            let objects = objects(*at, block, mesh);
            let object = object(&objects, kind, name);
            let found = object.pointer(pointer).cloned().unwrap_or_default();
            assert_eq!(found, expected, "{mesh} {block}: {pointer}\n{object:#}");
            assert!(
                object
                    .pointer("/spec/template/spec")
                    .is_none_or(|pod| pod["containers"][0]["image"].is_string())
            );
        }
    }
}

/// The block of an entry wins over that of the Flow, and null removes what the Flow's block sets.
#[test]
fn later_blocks_win() {
    let text = flow(
        At::Flow,
        "{labels: {a: x, b: x}, pod: {nodeSelector: {a: x, b: x}, priorityClassName: low}}",
    );
    let own = "    kubernetes: {labels: {a: y, b: null}, pod: {nodeSelector: {a: y, b: null}, priorityClassName: null}}\n";
    let text =
        text.replacen("    env: {MODE: fast}\n", &format!("    env: {{MODE: fast}}\n{own}"), 1);
    let compiled = compiled(&text, "none");
    let bundle = compiled.bundle.unwrap();
    let deployment = bundle
        .documents()
        .map(|(_, document)| document.value())
        .find(|value| value["kind"] == "Deployment" && value["metadata"]["name"] == "encoder");
    let deployment = deployment.unwrap();
    assert_eq!(deployment["metadata"]["labels"]["a"], "y");
    assert_eq!(deployment["metadata"]["labels"]["b"], Value::Null);
    let pod = &deployment["spec"]["template"]["spec"];
    assert_eq!(pod["nodeSelector"], json!({"a": "y"}));
    assert_eq!(pod["priorityClassName"], Value::Null);
}

/// A mesh learns of a grace period that a block sets.
#[test]
fn a_mesh_follows_the_grace_period_of_a_block() {
    let block = "{pod: {terminationGracePeriodSeconds: 600}, container: {lifecycle: {preStop: {sleep: {seconds: 500}}}}}";
    let objects = objects(At::Encoder, block, "linkerd");
    let pod = object(&objects, "Deployment", "encoder")["spec"]["template"].clone();
    let annotations = &pod["metadata"]["annotations"];
    assert_eq!(annotations["config.alpha.linkerd.io/proxy-wait-before-exit-seconds"], "501");
    assert_eq!(annotations["config.linkerd.io/shutdown-grace-period"], "99s");
}

/// Every part that a block writes comes from its line.
#[test]
fn parts_of_blocks_come_from_their_lines() {
    let block = "{pod: {containers: [{name: log, image: 'x:1', env: [{name: A, value: b}]}], tolerations: [{key: a}]}, container: {resources: {limits: {memory: 8Gi}}, env: [{name: A, value: c}]}}";
    let text = flow(At::Encoder, block);
    let compiled = compiled(&text, "none");
    let bundle = compiled.bundle.unwrap();
    let (_, document) = bundle
        .documents()
        .find(|(_, document)| {
            document.id.as_ref().is_some_and(|id| id.kind == "Deployment" && id.name == "encoder")
        })
        .unwrap();
    let pod = "/spec/template/spec";
    for (pointer, expected) in [
        ("containers/0/resources/limits/memory", "8Gi"),
        ("containers/0/env/5/value", "c"),
        ("containers/1/image", "'x:1'"),
        ("containers/1/env/0/value", "b"),
        ("tolerations/0/key", "a"),
    ] {
        let span = document.origins.find(&format!("{pod}/{pointer}")).unwrap();
        assert_eq!(compiled.sources.slice(span), Some(expected), "{pointer}");
    }
}

/// The content of a file rolls Pods, and files of a Flow are data: nothing in them is substituted.
#[test]
fn a_changed_file_rolls_pods() {
    let with = objects(At::Encoder, "{files: {/a: {from: conf.yml}}}", "none");
    let annotations =
        object(&with, "Deployment", "encoder")["spec"]["template"]["metadata"]["annotations"]
            .clone();
    assert_eq!(annotations["checksum/files"].as_str().map(str::len), Some(64));
}
