//! Resources of meshes: what is accepted, and does harm.

use serde_json::{Value, json};

use super::object::{Object, first};
use super::{Check, entries, items};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "a GRPCRoute names a port of a Service of the export: without one it takes all",
        find: |objects| {
            of_kind(objects, "GRPCRoute", |route| {
                let parents = items(&route.0["spec"]["parentRefs"]);
                let parents = parents.filter(|parent| parent["kind"] != "Gateway");
                let bad =
                    parents.filter(|parent| !offered(objects, &parent["name"], &parent["port"]));
                bad.map(Value::to_string).collect()
            })
        },
        plant: |objects| {
            first(objects, "GRPCRoute")["spec"]["parentRefs"][0]["port"] = Value::Null;
        },
    },
    Check {
        rule: "a rule of a GRPCRoute leads to a port of a Service of the export",
        find: |objects| {
            of_kind(objects, "GRPCRoute", |route| {
                let rules = items(&route.0["spec"]["rules"]);
                let lost = rules.filter(|rule| {
                    let mut backends = items(&rule["backendRefs"]).peekable();
                    backends.peek().is_none()
                        || backends.any(|to| !offered(objects, &to["name"], &to["port"]))
                });
                lost.map(Value::to_string).collect()
            })
        },
        plant: |objects| {
            first(objects, "GRPCRoute")["spec"]["rules"][0]["backendRefs"] = json!([]);
        },
    },
    Check {
        rule: "a GRPCRoute that matches a header matches service and method too",
        find: |objects| {
            of_kind(objects, "GRPCRoute", |route| {
                let rules = items(&route.0["spec"]["rules"]);
                let matches = rules.flat_map(|rule| items(&rule["matches"]));
                let bad = matches.filter(|one| {
                    !one["method"]["service"].is_string() || !one["method"]["method"].is_string()
                });
                bad.map(Value::to_string).collect()
            })
        },
        plant: |objects| {
            let route = first(objects, "GRPCRoute");
            route["spec"]["rules"][0]["matches"] =
                json!([{"headers": [{"name": "endpoint", "value": "/search"}]}]);
        },
    },
    Check {
        rule: "calls that match no rule of a GRPCRoute fail, so another one takes all",
        find: |objects| {
            of_kind(objects, "GRPCRoute", |route| {
                let parents = &route.0["spec"]["parentRefs"];
                let all = objects.iter().any(|other| {
                    other.kind() == "GRPCRoute"
                        && other.0["spec"]["parentRefs"] == *parents
                        && items(&other.0["spec"]["rules"]).any(|rule| rule["matches"].is_null())
                });
                if all { Vec::new() } else { vec![parents.to_string()] }
            })
        },
        plant: |objects| {
            let name = first(objects, "GRPCRoute")["metadata"]["name"].clone();
            objects.retain(|o| o.kind() != "GRPCRoute" || o.0["metadata"]["name"] != name);
        },
    },
    Check {
        rule: "a GRPCRoute has 16 rules at most, 64 matches in one of them and 128 in all",
        find: |objects| {
            of_kind(objects, "GRPCRoute", |route| {
                let rules = items(&route.0["spec"]["rules"]);
                let counts: Vec<_> = rules.map(|rule| items(&rule["matches"]).count()).collect();
                let good = (1..=16).contains(&counts.len())
                    && counts.iter().all(|count| *count <= 64)
                    && counts.iter().sum::<usize>() <= 128;
                if good { Vec::new() } else { vec![format!("{counts:?}")] }
            })
        },
        plant: |objects| {
            let route = first(objects, "GRPCRoute");
            let one = json!({"method": {"service": "a", "method": "b"}});
            route["spec"]["rules"][0]["matches"] = Value::Array(vec![one; 65]);
        },
    },
    Check {
        rule: "a VirtualService has routes: Istio's webhook refuses one without",
        find: |objects| {
            of_kind(objects, "VirtualService", |service| {
                let is_empty = items(&service.0["spec"]["http"]).next().is_none();
                if is_empty { vec![service.0["spec"].to_string()] } else { Vec::new() }
            })
        },
        plant: |objects| first(objects, "VirtualService")["spec"]["http"] = json!([]),
    },
    Check {
        rule: "every match of a VirtualService names a port of its Service, and leads to it",
        find: |objects| {
            of_kind(objects, "VirtualService", |service| {
                let host = &service.0["spec"]["hosts"][0];
                let routes = items(&service.0["spec"]["http"]);
                let bad = routes.filter(|route| {
                    let to = &route["route"][0]["destination"];
                    let mut matches = items(&route["match"]).peekable();
                    matches.peek().is_none()
                        || to["host"] != *host
                        || matches.any(|one| {
                            one["port"] != to["port"]["number"]
                                || !offered(objects, host, &one["port"])
                        })
                });
                bad.map(Value::to_string).collect()
            })
        },
        plant: |objects| {
            first(objects, "VirtualService")["spec"]["http"][0]["match"] = json!([]);
        },
    },
    Check {
        rule: "a VirtualService says of every port how often calls are retried",
        find: |objects| {
            of_kind(objects, "VirtualService", |service| {
                let host = service.0["spec"]["hosts"][0].clone();
                let routes = || items(&service.0["spec"]["http"]);
                let named = objects
                    .iter()
                    .find(|o| o.kind() == "Service" && o.0["metadata"]["name"] == host);
                let ports =
                    named.into_iter().flat_map(|service| items(&service.0["spec"]["ports"]));
                // Routes of HTTP say nothing of what is inside TLS.
                let ports = ports.filter(|port| port["appProtocol"] != "tls");
                let silent = ports.filter(|port| {
                    !routes().any(|route| {
                        route["retries"]["attempts"].is_u64()
                            && items(&route["match"])
                                .any(|one| one["port"] == port["port"] && one["headers"].is_null())
                    })
                });
                silent.map(Value::to_string).collect()
            })
        },
        plant: |objects| {
            first(objects, "VirtualService")["spec"]["http"] = json!([]);
        },
    },
    Check {
        rule: "a PeerAuthentication selects Pods of the export, and not the gateway",
        find: |objects| {
            of_kind(objects, "PeerAuthentication", |policy| {
                let labels = &policy.0["spec"]["selector"]["matchLabels"];
                let selected: Vec<_> = objects
                    .iter()
                    .filter(|object| object.is_workload())
                    .filter(|object| {
                        let pod = &object.template()["metadata"]["labels"];
                        entries(labels).all(|(key, value)| pod[key.as_str()] == *value)
                    })
                    .map(Object::name)
                    .collect();
                let good = selected.len() == 1 && selected[0] != "gateway";
                if good { Vec::new() } else { vec![format!("{selected:?}")] }
            })
        },
        plant: |objects| {
            first(objects, "PeerAuthentication")["spec"]["selector"] = json!({});
        },
    },
    Check {
        rule: "a Service that wants a waypoint has one in the export",
        find: |objects| {
            of_kind(objects, "Service", |service| {
                let wanted = &service.0["metadata"]["labels"]["istio.io/use-waypoint"];
                let there = objects
                    .iter()
                    .any(|o| o.kind() == "Gateway" && o.0["metadata"]["name"] == *wanted);
                if wanted.is_null() || there { Vec::new() } else { vec![wanted.to_string()] }
            })
        },
        plant: |objects| {
            first(objects, "Service")["metadata"]["labels"]["istio.io/use-waypoint"] = json!("no");
        },
    },
];

/// The problems of every object of a kind, each with the object.
fn of_kind(objects: &[Object], kind: &str, find: impl Fn(&Object) -> Vec<String>) -> Vec<String> {
    let of_kind = objects.iter().filter(|object| object.kind() == kind);
    of_kind
        .flat_map(|object| find(object).into_iter().map(move |what| format!("{object} {what}")))
        .collect()
}

/// Whether the export has a Service of this name with this port.
fn offered(objects: &[Object], name: &Value, port: &Value) -> bool {
    objects.iter().any(|object| {
        object.kind() == "Service"
            && object.0["metadata"]["name"] == *name
            && items(&object.0["spec"]["ports"]).any(|offered| offered["port"] == *port)
    })
}
