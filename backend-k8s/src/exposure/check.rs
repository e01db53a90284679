//! Findings about an exposure.

use flow_model::values::{Entrance, Protocol};
use flow_model::{Diagnostic, Diagnostics};

use super::controller::{Controller, NGINX_TIMEOUTS};
use super::{Exposed, Scene};
use crate::rules::{EXPOSED_GRPC, EXPOSED_TLS, OUTER_TIMEOUT, SHARED_HOST};

/// The time after which GKE's load balancer ends a call, in seconds.
const GCE_TIMEOUT: u64 = 30;

pub(super) fn check(scene: &Scene<'_>, exposed: &[Exposed<'_>], diagnostics: &mut Diagnostics) {
    check_hosts(scene, exposed, diagnostics);
    check_tls(scene, diagnostics);
    check_timeouts(scene, diagnostics);
    let Entrance::Ingress { class, tls, .. } = &scene.exposure.entrance else { return };
    let Some(grpc) = exposed.iter().find(|one| one.protocol == Protocol::Grpc) else { return };
    let controller = Controller::of(class.as_ref().map(|class| class.as_str()));
    let finding = match controller {
        Controller::Nginx if tls.is_none() => {
            let message = "ingress-nginx takes gRPC only over TLS";
            Diagnostic::new(&EXPOSED_GRPC, message)
                .at(grpc.host.span.or(scene.span), "expected a Secret with its certificate")
                .help("add `tls: SECRET`")
        }
        Controller::Gce if !scene.meshed.planned.main().tls => {
            let message = "GKE's Ingress does not forward gRPC without TLS";
            Diagnostic::new(&EXPOSED_GRPC, message)
                .at(class.as_ref().and_then(|class| class.span), "it calls backends over TLS only")
                .help("set `gateway: NAME` for routes of the Gateway API, which GKE supports")
        }
        Controller::Other => {
            let span = class.as_ref().and_then(|class| class.span).or(scene.span);
            let message =
                "this Ingress controller may need to be told that the gateway speaks gRPC";
            Diagnostic::new(&EXPOSED_GRPC, message)
                .at(span, "not a class of ingress-nginx, Traefik or AWS")
                .help("add what it needs to `annotations`")
        }
        _ => return,
    };
    diagnostics.push(finding);
}

/// Reports protocols that cannot share a host: requests of both begin alike.
fn check_hosts(scene: &Scene<'_>, exposed: &[Exposed<'_>], diagnostics: &mut Diagnostics) {
    let is_gateway = matches!(scene.exposure.entrance, Entrance::Gateway { .. });
    for (index, one) in exposed.iter().enumerate() {
        let clash = exposed[..index].iter().find(|other| {
            let is_grpc = [one, *other].iter().any(|it| it.protocol == Protocol::Grpc);
            // An Ingress tells gRPC from others by its paths.
            other.host.value == one.host.value && (is_gateway || !is_grpc)
        });
        let Some(other) = clash else { continue };
        let words = [other, one].map(|it| it.protocol.word());
        let message = format!("{} and {} cannot share a host", words[0], words[1]);
        let small = words.map(str::to_lowercase);
        diagnostics.push(
            Diagnostic::new(&SHARED_HOST, message)
                .at(one.host.span.or(scene.span), "expected a host for each protocol")
                .help(format!("write `host: {{{}: HOST, {}: HOST}}`", small[0], small[1])),
        );
    }
}

/// Reports routes to a gateway that serves TLS itself.
fn check_tls(scene: &Scene<'_>, diagnostics: &mut Diagnostics) {
    let Entrance::Gateway { gateway, .. } = &scene.exposure.entrance else { return };
    if scene.meshed.planned.main().tls {
        let message = "routes of the Gateway API do not reach a gateway that serves TLS itself";
        diagnostics.push(
            Diagnostic::new(&EXPOSED_TLS, message)
                .at(gateway.span, "calls the gateway without TLS")
                .help("remove `ssl_certfile` and `ssl_keyfile`; the Gateway has the certificate"),
        );
    }
}

/// Reports time limits that end before the longest call does.
fn check_timeouts(scene: &Scene<'_>, diagnostics: &mut Diagnostics) {
    let Some(longest) = scene.longest else { return };
    for name in NGINX_TIMEOUTS {
        let Some(written) = scene.exposure.annotations.get(name) else { continue };
        let seconds = written.trim_end_matches('s').parse::<u64>().ok();
        if seconds.is_some_and(|seconds| seconds < longest) {
            let message = format!("calls may take {longest} s, longer than the Ingress allows");
            diagnostics.push(
                Diagnostic::new(&OUTER_TIMEOUT, message)
                    .at(written.span, format!("expected at least {longest}"))
                    .help("remove it; flowship writes a limit that is long enough"),
            );
        }
    }
    let Entrance::Ingress { class, .. } = &scene.exposure.entrance else { return };
    let class = class.as_ref();
    let is_gce = Controller::of(class.map(|class| class.as_str())) == Controller::Gce;
    if is_gce && longest > GCE_TIMEOUT {
        let message =
            format!("calls may take {longest} s, and GKE ends them after {GCE_TIMEOUT} s");
        diagnostics.push(
            Diagnostic::new(&OUTER_TIMEOUT, message)
                .at(class.and_then(|class| class.span), "its default for backends")
                .help("refer to a `BackendConfig` with a longer `timeoutSec` in `annotations`"),
        );
    }
}
