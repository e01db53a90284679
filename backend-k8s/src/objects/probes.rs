//! Native probes.

use flow_model::plan::{Container, NO_LIMIT};
use flow_model::values::{OptionalLimit, Protocol};
use k8s_openapi::api::core::v1::{GRPCAction, HTTPGetAction, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

/// The period of the startup probe and its timeout, in seconds. Both are the same, so that each
/// failed attempt takes one period, whether the connection is refused or times out. A gRPC probe of
/// a port without a listener takes its whole timeout.
const STARTUP_PERIOD: u32 = 2;

/// The minimum number of attempts, as in Jina: three, however short `timeout_ready` is.
const FEWEST_ATTEMPTS: u32 = 3;

/// The grace period of a Pod that fails the startup probe, in seconds. It never answered and has no
/// calls to finish, so it does not wait for `preStop`, which takes as long as the longest call.
const STARTUP_GRACE: i64 = 1;

/// The time that Pods get to start, in whole seconds: the budget of the startup probe.
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

/// The startup probe: the other probes begin after it succeeded once.
pub(super) fn startup(container: &Container, port: u16, timeout_ready: OptionalLimit) -> Probe {
    let attempts = startup_attempts(timeout_ready);
    let mut probe = probe(container, port, STARTUP_PERIOD, STARTUP_PERIOD, attempts);
    probe.termination_grace_period_seconds = Some(STARTUP_GRACE);
    probe
}

/// The readiness probe: a Pod that does not answer gets no calls.
pub(super) fn readiness(container: &Container, port: u16) -> Probe {
    probe(container, port, 5, 5, 3)
}

/// The liveness probe: a container that does not answer for two minutes is restarted. It stops
/// getting calls long before that, so a busy container has time to recover.
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
        // The kubelet does not support gRPC over TLS, so this only checks that the port is open.
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
