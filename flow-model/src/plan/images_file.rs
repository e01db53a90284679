//! Files that map names to images.

use super::Images;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Budget, Limits, Mapping, Node, parse};
use crate::span::FileId;
use crate::values::{Image, WRONG_TYPE, WRONG_VALUE};

impl Images {
    /// Adds the images of a YAML file that maps names to images.
    ///
    /// Findings do not show values of the file, because the wrong file may have been named: hide
    /// the file too (see [`Sources::hide`](crate::Sources::hide)).
    pub fn read(&mut self, file: FileId, text: &str, limits: &Limits) -> Diagnostics {
        let (documents, found) = parse(file, text, &mut Budget::new(limits));
        let is_mapping = documents.iter().all(|document| document.as_mapping().is_some());
        if !is_mapping || found.has_errors() {
            let at = found.iter().find_map(Diagnostic::span);
            let at = at.or_else(|| documents.first().map(|document| document.span));
            // Findings of the reader may quote the file.
            let mut diagnostics = Diagnostics::new();
            diagnostics.push(
                Diagnostic::new(&WRONG_TYPE, "this file is not a YAML mapping of names to images")
                    .at(at, "not a mapping")
                    .help("write lines such as `encoder: registry.example/encoder:1.0`"),
            );
            return diagnostics;
        }
        let mut diagnostics = found;
        let mappings = documents.iter().filter_map(|document| document.as_mapping());
        for entry in mappings.flat_map(Mapping::iter) {
            let name = &entry.key.value;
            match image(&entry.value) {
                Ok(image) => {
                    self.by_name.insert(name.clone(), image);
                }
                // The wrong file may have been named, so its keys may not be names.
                Err((rule, why)) => diagnostics.push(
                    Diagnostic::new(rule, format!("this value is not an image: {why}")).at(
                        entry.value.span,
                        "expected an image such as `registry.example/encoder:1.0`",
                    ),
                ),
            }
        }
        diagnostics
    }
}

fn image(node: &Node) -> Result<Image, (&'static crate::RuleInfo, String)> {
    match node.as_scalar() {
        None => Err((&WRONG_TYPE, format!("it is {}", node.kind()))),
        Some(scalar) => Image::parse(&scalar.text).map_err(|why| (&WRONG_VALUE, why.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::Images;
    use crate::{Limits, Sources};

    #[test]
    fn only_mappings_of_images_are_taken() {
        for (text, names, findings) in [
            ("a: example/a:1\nb: docker://b\n", "a b", 0),
            ("", "", 0),
            ("a: ex ample\nb: [c]\nc: d\n", "c", 2),
            ("[a]", "", 1),
            ("PASSWORD=secret", "", 1),
            ("a: [secret\n*secret", "", 1),
        ] {
            let mut images = Images::default();
            let file = Sources::new().add("images.yml", text);
            let found = images.read(file, text, &Limits::default());
            let known: Vec<_> = images.by_name.keys().map(String::as_str).collect();
            assert_eq!((known.join(" ").as_str(), found.len()), (names, findings), "{text}");
            assert!(!found.to_string().contains("secret"), "{found}");
        }
    }
}
