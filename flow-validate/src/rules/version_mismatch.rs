//! Versions of Jina that differ within one Flow.

use flow_model::topology::GATEWAY;
use flow_model::values::{Image, Uses};
use flow_model::{Advice, Diagnostic, Diagnostics, Level, RuleInfo, Spanned};

use super::Subject;

/// Images of Jina whose tags name different releases.
pub static VERSION_MISMATCH: RuleInfo = RuleInfo {
    code: "version-mismatch",
    level: Level::Warning,
    summary: "images of Jina whose tags name different releases",
    explanation: "\
Jina recommends the same release in all images of a Flow: the protocol between gateway, heads and \
Executors changed between minor releases. Only the tags of Jina's own image (`jina:3.20.0-…`) are \
compared; other images are not checked.

Set `JINA_GATEWAY_IMAGE` to the release that the Executors were built with.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let (flow, images) = (subject.flow, &subject.options.images);
    let Some(gateway) = &flow.gateway else { return };
    let find = |name: &str, uses: Option<&Spanned<Uses>>| {
        let image = images.find(name, uses.map(|uses| &uses.value)).ok()?;
        Some(image.unwrap_or_else(|| images.jina()))
    };
    let uses = gateway.settings.uses.as_ref();
    let Some(gateway_image) = find(GATEWAY, uses) else { return };
    let Some(wanted) = release(&gateway_image) else { return };
    for executor in flow.executors.iter().filter(|executor| !executor.is_external()) {
        let name = &executor.name.value;
        let own = executor.settings.uses.as_ref();
        let Some(found) = find(name, own).as_ref().and_then(release) else { continue };
        if found == wanted {
            continue;
        }
        let is_hidden = [own, uses].into_iter().flatten().any(Spanned::is_substituted);
        let message = if is_hidden {
            format!("`{name}` and the gateway run different releases of Jina")
        } else {
            format!(
                "`{name}` runs Jina {}.{}, and the gateway {}.{}",
                found.0, found.1, wanted.0, wanted.1
            )
        };
        let release = (!is_hidden).then(|| format!("{}.{}", found.0, found.1));
        diagnostics.push(
            Diagnostic::new(&VERSION_MISMATCH, message)
                .at(own.and_then(|uses| uses.span).or(executor.name.span), "another release")
                .at(uses.and_then(|uses| uses.span), "the gateway's")
                .help(Advice::GatewayImage(release)),
        );
    }
}

/// The minor release that the tag of Jina's own image names.
fn release(image: &Image) -> Option<(u32, u32)> {
    let name = image.as_str().rsplit('/').next()?.split('@').next()?;
    let tag = name.strip_prefix("jina:")?;
    let mut numbers = tag.split(['-', '+']).next()?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use flow_model::values::Image;

    use super::release;

    #[test]
    fn only_tags_of_jinas_own_image_tell_a_release() {
        for (image, expected) in [
            ("jinaai/jina:3.34.0-py311-standard", Some((3, 34))),
            ("registry.example.com:5000/mirror/jina:3.20.1", Some((3, 20))),
            ("jina:3.20", Some((3, 20))),
            ("jinaai/jina:master", None),
            ("jinaai/jina:3-py311", None),
            ("jinaai/jina", None),
            ("example/encoder:3.20.0", None),
            ("example/my-jina:3.20.0", None),
        ] {
            assert_eq!(release(&Image::parse(image).unwrap()), expected, "{image}");
        }
    }
}
