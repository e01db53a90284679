//! A certificate without its key.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo};

use super::Subject;

/// `ssl_certfile` without `ssl_keyfile`, or the other way round.
pub static HALF_CERTIFICATE: RuleInfo = RuleInfo {
    code: "half-certificate",
    level: Level::Denied,
    summary: "`ssl_certfile` without `ssl_keyfile`, or the other way round",
    explanation: "\
The gateway needs both a certificate and its private key for TLS; with only one of them Jina silently serves without TLS. Both are paths inside the image.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(gateway) = &subject.flow.gateway else { return };
    let settings = &gateway.settings;
    let (there, missing) = match (&*settings.ssl_certfile, &*settings.ssl_keyfile) {
        (Some(certificate), None) => (certificate, "ssl_keyfile"),
        (None, Some(key)) => (key, "ssl_certfile"),
        _ => return,
    };
    let message = format!("the gateway would not use TLS: `{missing}` is not set");
    diagnostics.push(
        Diagnostic::new(&HALF_CERTIFICATE, message)
            .at(there.span, "only one of two")
            .help(format!("set `{missing}` as well")),
    );
}
