//! What common Ingress controllers need to know besides the Ingress.

use std::collections::BTreeMap;

use flow_model::values::Protocol;

/// A controller, as far as the class of an Ingress tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Controller {
    /// ingress-nginx.
    Nginx,
    /// Traefik.
    Traefik,
    /// The AWS Load Balancer Controller.
    Alb,
    /// GKE's own.
    Gce,
    /// Any other, or the cluster's default.
    Other,
}

/// What a controller closes after this time unless it is told otherwise, in seconds.
const NGINX_READ_TIMEOUT: u64 = 60;
const ALB_IDLE_TIMEOUT: u64 = 60;
const ALB_LONGEST: u64 = 4_000;

/// The time that a WebSocket may be idle, in seconds, as ingress-nginx's guide advises.
const WEBSOCKET_IDLE: u64 = 3_600;

pub(super) const NGINX_TIMEOUTS: [&str; 2] = [
    "nginx.ingress.kubernetes.io/proxy-read-timeout",
    "nginx.ingress.kubernetes.io/proxy-send-timeout",
];

impl Controller {
    /// The controller of a class. Classes are named after their controller: `nginx`,
    /// `nginx-internal`, `alb`.
    pub(super) fn of(class: Option<&str>) -> Self {
        let mut words = class.unwrap_or_default().split(|c: char| !c.is_ascii_alphanumeric());
        words
            .find_map(|word| match word {
                "nginx" => Some(Self::Nginx),
                "traefik" => Some(Self::Traefik),
                "alb" => Some(Self::Alb),
                "gce" | "gke" => Some(Self::Gce),
                _ => None,
            })
            .unwrap_or(Self::Other)
    }

    /// True if it reads its class from an annotation only.
    pub(super) fn reads_class_annotation(self) -> bool {
        self == Self::Gce
    }

    /// The annotations of an Ingress for one protocol. `tls`: the gateway itself serves TLS.
    /// `has_certificate`: clients call over TLS. `limit`: the time that a call may take, in seconds.
    pub(super) fn ingress(
        self,
        protocol: Protocol,
        tls: bool,
        has_certificate: bool,
        limit: Option<u64>,
    ) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut put = |name: &str, value: String| found.insert(name.to_owned(), value);
        match self {
            Self::Nginx => {
                let backend = match (protocol, tls) {
                    (Protocol::Grpc, false) => Some("GRPC"),
                    (Protocol::Grpc, true) => Some("GRPCS"),
                    (_, true) => Some("HTTPS"),
                    (_, false) => None,
                };
                if let Some(backend) = backend {
                    put("nginx.ingress.kubernetes.io/backend-protocol", backend.to_owned());
                }
                // One MiB by default, for all messages of a stream together.
                put("nginx.ingress.kubernetes.io/proxy-body-size", "0".to_owned());
                let limit = match protocol {
                    Protocol::WebSocket => Some(limit.unwrap_or(0).max(WEBSOCKET_IDLE)),
                    _ => limit.filter(|limit| *limit > NGINX_READ_TIMEOUT),
                };
                if let Some(limit) = limit {
                    for name in NGINX_TIMEOUTS {
                        put(name, limit.to_string());
                    }
                }
            }
            Self::Alb => {
                // Services of type ClusterIP have no ports on nodes.
                put("alb.ingress.kubernetes.io/target-type", "ip".to_owned());
                if tls {
                    put("alb.ingress.kubernetes.io/backend-protocol", "HTTPS".to_owned());
                }
                if protocol == Protocol::Grpc {
                    let version = "alb.ingress.kubernetes.io/backend-protocol-version";
                    put(version, "GRPC".to_owned());
                    let check = "alb.ingress.kubernetes.io/healthcheck-path";
                    put(check, "/grpc.health.v1.Health/Check".to_owned());
                    put("alb.ingress.kubernetes.io/success-codes", "0".to_owned());
                }
                // It takes gRPC only over TLS, and finds the certificate by the host.
                if protocol == Protocol::Grpc || has_certificate {
                    let ports = r#"[{"HTTPS":443}]"#.to_owned();
                    put("alb.ingress.kubernetes.io/listen-ports", ports);
                }
                let limit = limit.filter(|limit| *limit > ALB_IDLE_TIMEOUT);
                if let Some(limit) = limit.map(|limit| limit.min(ALB_LONGEST)) {
                    let name = "alb.ingress.kubernetes.io/load-balancer-attributes";
                    put(name, format!("idle_timeout.timeout_seconds={limit}"));
                }
            }
            Self::Traefik | Self::Gce | Self::Other => {}
        }
        found
    }

    /// The annotations of the Service that an Ingress refers to. They hold for all its ports, so a
    /// protocol that needs some has a Service of its own.
    pub(super) fn service(self, protocol: Protocol, tls: bool) -> BTreeMap<String, String> {
        let scheme = match (protocol, tls) {
            (_, true) => "https",
            (Protocol::Grpc, false) => "h2c",
            (_, false) => return BTreeMap::new(),
        };
        let name = "traefik.ingress.kubernetes.io/service.serversscheme";
        match self {
            Self::Traefik => BTreeMap::from([(name.to_owned(), scheme.to_owned())]),
            Self::Nginx | Self::Alb | Self::Gce | Self::Other => BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use flow_model::values::Protocol;

    use super::Controller;

    /// Only what differs from nginx's own default is written.
    #[test]
    fn nginx_waits_as_long_as_the_longest_call() {
        for (protocol, limit, seconds) in [
            (Protocol::Grpc, None, None),
            (Protocol::Grpc, Some(60), None),
            (Protocol::Grpc, Some(61), Some("61")),
            (Protocol::Http, Some(3600), Some("3600")),
            (Protocol::WebSocket, None, Some("3600")),
            (Protocol::WebSocket, Some(7200), Some("7200")),
        ] {
            let written = Controller::Nginx.ingress(protocol, false, false, limit);
            for name in super::NGINX_TIMEOUTS {
                let found = written.get(name).map(String::as_str);
                assert_eq!(found, seconds, "{protocol:?} {limit:?} {name}");
            }
        }
    }

    #[test]
    fn classes_name_their_controllers() {
        for (class, controller) in [
            (Some("nginx"), Controller::Nginx),
            (Some("internal-nginx"), Controller::Nginx),
            (Some("nginx.example.com"), Controller::Nginx),
            (Some("traefik"), Controller::Traefik),
            (Some("alb"), Controller::Alb),
            (Some("gce-internal"), Controller::Gce),
            (Some("albatross"), Controller::Other),
            (Some("contour"), Controller::Other),
            (None, Controller::Other),
        ] {
            assert_eq!(Controller::of(class), controller, "{class:?}");
        }
    }
}
