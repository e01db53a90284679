//! Real files that people wrote, where there are any.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flow_model::Spanned;
use flow_model::plan::Images;
use flow_model::values::Uses;

use crate::{Fixture, FixtureFiles, flows_in};

/// The Flows of a folder. With `variables`, a file of a JSON object, expressions have values, and
/// whatever `uses` is no container gets an image, so that most of them can be exported.
///
/// # Panics
///
/// When something cannot be read.
pub fn corpus(folder: &Path, variables: Option<&Path>) -> Vec<Fixture> {
    let flows = flows_in(folder);
    let Some(file) = variables else { return flows };
    let text = std::fs::read_to_string(file);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let variables: BTreeMap<String, String> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    flows.into_iter().map(|flow| with_variables(flow, &variables)).collect()
}

/// The Flows of the folder `FLOWSHIP_CORPUS`, with the variables of `FLOWSHIP_CORPUS_ENVIRONMENT`;
/// none where there is no such folder.
pub fn corpus_of_this_machine() -> Vec<Fixture> {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let Some(folder) = path("FLOWSHIP_CORPUS") else { return Vec::new() };
    corpus(&folder, path("FLOWSHIP_CORPUS_ENVIRONMENT").as_deref())
}

/// Adds what the program is told, as fixtures say it.
fn with_variables(mut flow: Fixture, variables: &BTreeMap<String, String>) -> Fixture {
    let mut options = flow_validate::Options::default();
    options.variables.environment.clone_from(variables);
    options.loader = Arc::new(FixtureFiles(flow.path.clone()));
    let compiled = flow_validate::plan((flow.name.as_str(), flow.text.as_str()), &options);
    let mut arguments = vec!["--gpu-all 1".to_owned()];
    let mut map = |name: &str| {
        let word: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        arguments.push(format!("--image {name}=example/{}:1.0", word.to_lowercase()));
    };
    let images = Images::default();
    if let Some(gateway) = &compiled.flow.gateway
        && images.find("gateway", value(gateway.settings.uses.as_ref())).is_err()
    {
        map("gateway");
    }
    for executor in &compiled.flow.executors {
        let settings = &executor.settings;
        if images.find(&executor.name, value(settings.uses.as_ref())).is_err() {
            map(&executor.name);
        }
        let beside = [value(settings.uses_before.as_ref()), value(settings.uses_after.as_ref())];
        for uses in beside.into_iter().flatten() {
            if images.find_uses(Some(uses)).is_err() {
                map(&uses.written());
            }
        }
    }
    let variables: Vec<_> =
        variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let told = [
        format!("# flowship: {}", arguments.join(" ")),
        format!("# environment: {}", variables.join(" ")),
    ];
    flow.text = format!("{}\n{}\n", flow.text, told.join("\n"));
    flow
}

fn value(uses: Option<&Spanned<Uses>>) -> Option<&Uses> {
    uses.map(|uses| &uses.value)
}
