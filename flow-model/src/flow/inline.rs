//! Merges the configuration of an Executor into its entry.

use crate::keys::{ExecutorSettings, GatewaySettings, Setting};
use crate::span::Spanned;
use crate::values::{KeyValues, Uses};

/// Merges the configuration into an entry; keys of the entry win.
pub(super) fn apply(settings: &mut ExecutorSettings) {
    let Some(Spanned { value: Uses::Inline(inline), .. }) = settings.uses.as_ref().cloned() else {
        return;
    };
    lay_over(inline.with.as_ref(), &mut settings.uses_with);
    lay_over(inline.metas.as_ref(), &mut settings.uses_metas);
    lay_over(inline.requests.as_ref(), &mut settings.uses_requests);
    lay_over(inline.dynamic_batching.as_ref(), &mut settings.uses_dynamic_batching);
}

/// The same for a gateway, of which only `with` is merged.
pub(super) fn apply_gateway(settings: &mut GatewaySettings) {
    if let Some(Spanned { value: Uses::Inline(inline), .. }) = settings.uses.as_ref().cloned() {
        lay_over(inline.with.as_ref(), &mut settings.uses_with);
    }
}

/// Merges the mapping of the configuration into that of the entry, key by key.
fn lay_over(below: Option<&Spanned<KeyValues>>, above: &mut Setting<KeyValues>) {
    let Some(below) = below else { return };
    match above.as_mut() {
        None => *above = below.clone().into(),
        Some(above) => above.value.lay_over(&below.value),
    }
}
