//! Probes: native ones, which cost a cluster next to nothing.

use flow_model::plan::{Container, NO_LIMIT};
use flow_model::values::{OptionalLimit, Protocol};
use k8s_openapi::api::core::v1::{GRPCAction, HTTPGetAction, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

/// How often a Pod that starts is asked, in seconds, and how long it may take to answer: the same, so
/// that each failure costs one period, whether it comes at once or never. A gRPC probe of a port that
/// nobody listens on takes its whole timeout.
const STARTUP_PERIOD: u32 = 2;

/// Jina's own floor: three attempts, however short `timeout_ready` is.
const FEWEST_ATTEMPTS: u32 = 3;

/// How long Pods may take to start, in whole seconds: the budget of the startup probe.
pub(super) fn startup_seconds(timeout_ready: OptionalLimit) -> u32 {
    startup_attempts(timeout_ready) * STARTUP_PERIOD
}

fn startup_attempts(timeout_ready: OptionalLimit) -> u32 {
    let attempts = match timeout_ready.limit() {
        Some(milliseconds) => milliseconds.div_ceil(STARTUP_PERIOD * 1000),
        None => NO_LIMIT / STARTUP_PERIOD,
    };
    attempts.max(FEWEST_ATTEMPTS)
}

/// Until it has answered once, a Pod is starting: nothing else is asked of it.
pub(super) fn startup(container: &Container, port: u16, timeout_ready: OptionalLimit) -> Probe {
    probe(container, port, STARTUP_PERIOD, STARTUP_PERIOD, startup_attempts(timeout_ready))
}

/// A Pod that does not answer gets no calls.
pub(super) fn readiness(container: &Container, port: u16) -> Probe {
    probe(container, port, 5, 5, 3)
}

/// A Pod that has not answered for two minutes is started anew. Long before that it gets no calls,
/// so one that is only busy has time to recover.
pub(super) fn liveness(container: &Container, port: u16) -> Probe {
    probe(container, port, 20, 10, 6)
}

fn probe(container: &Container, port: u16, period: u32, timeout: u32, attempts: u32) -> Probe {
    let mut probe = Probe {
        period_seconds: Some(seconds(period)),
        timeout_seconds: Some(seconds(timeout)),
        failure_threshold: Some(seconds(attempts)),
        ..Probe::default()
    };
    match container.protocols.first() {
        // The kubelet speaks no gRPC inside TLS: that the port is open has to do.
        Some(Protocol::Grpc) if container.tls => {
            probe.tcp_socket =
                Some(TCPSocketAction { port: IntOrString::Int(port.into()), host: None });
        }
        // Jina's HTTP and WebSocket gateways answer `GET /` once they serve.
        Some(Protocol::Http | Protocol::WebSocket) => {
            probe.http_get = Some(HTTPGetAction {
                path: Some("/".to_owned()),
                port: IntOrString::Int(port.into()),
                scheme: container.tls.then(|| "HTTPS".to_owned()),
                ..HTTPGetAction::default()
            });
        }
        // Every gRPC server of Jina serves `grpc.health.v1.Health`.
        Some(Protocol::Grpc) | None => {
            probe.grpc = Some(GRPCAction { port: port.into(), service: None });
        }
    }
    probe
}

fn seconds(value: u32) -> i32 {
    i32::try_from(value).expect("probes take a year at most")
}

#[cfg(test)]
mod tests {
    use flow_model::values::OptionalLimit;

    use super::startup_seconds;

    #[test]
    fn the_startup_budget_covers_timeout_ready() {
        for (timeout_ready, seconds) in [
            (600_000, 600),
            (100_001, 102),
            (1_000, 6),
            (0, 6),
            (-1, 31_536_000),
            (i32::MAX, 2_147_484),
        ] {
            let limit = OptionalLimit::new(timeout_ready).unwrap();
            assert_eq!(startup_seconds(limit), seconds, "{timeout_ready}");
        }
    }
}
