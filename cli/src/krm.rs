//! `flowship krm`: the function that kustomize runs to generate the manifests of a Flow.
//!
//! The protocol is the one of <https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md>:
//! a `ResourceList` on stdin and another one on stdout.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use flow_model::source;
use flow_model::{Budget, BundleFile, Diagnostic, Document, Limits, Origins, Sources};
use serde_json::{Value, json};

use crate::embed::{self, Found, Options, Platform};
use crate::exit::Exit;
use crate::findings::Findings;
use crate::{advice, input, terminal};

/// Reads the list of stdin, and writes it with the manifests of the Flow of its `functionConfig`.
pub(crate) fn krm() -> anyhow::Result<Exit> {
    let list = read()?;
    let call = Call::new(&list["functionConfig"])?;
    let variables = std::env::vars_os();
    let variables: BTreeMap<String, String> = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let options = Options::new(&call.settings, variables, advice::flag)
        .map_err(|wrong| anyhow::anyhow!("`spec` of the function: {wrong}"))?;
    let options = match &call.flow {
        embed::Source::File(path) => match options.with_config(path) {
            Ok(options) => options,
            Err(error) => return refused(error),
        },
        _ => options,
    };
    let compiled = match embed::compile(&call.flow, Platform::Kubernetes, &options) {
        Ok(compiled) => compiled,
        Err(error) => return refused(error),
    };
    let mut stderr = terminal::stderr();
    for Found { finding, sources, .. } in &compiled.found {
        stderr.finding(finding, sources)?;
    }
    let mut items = list["items"].as_array().cloned().unwrap_or_default();
    let results: Vec<Value> = compiled.found.iter().map(result).collect();
    items.extend(compiled.output.iter().flat_map(embed::Output::objects));
    write(&json!({
        "apiVersion": "config.kubernetes.io/v1",
        "kind": "ResourceList",
        "items": items,
        "results": results,
    }))?;
    Ok(if compiled.output.is_some() { Exit::Done } else { Exit::ErrorsFound })
}

/// What the function is told: a Flow, and settings.
struct Call {
    flow: embed::Source,
    settings: Vec<(String, Value)>,
}

impl Call {
    fn new(config: &Value) -> anyhow::Result<Self> {
        let Value::Object(spec) = &config["spec"] else {
            bail!("`functionConfig` has no `spec`: set `spec: {{flow: flow.yml}}`");
        };
        let name = config["metadata"]["name"].as_str().unwrap_or("flow");
        let flow = match &spec.get("flow") {
            Some(Value::String(path)) => embed::Source::File(path.into()),
            Some(value @ Value::Object(_)) => {
                embed::Source::Value { name: format!("<{name}>"), value: (*value).clone() }
            }
            Some(_) => bail!("`spec.flow` takes the path of a Flow, or a Flow"),
            None => bail!("`spec` has no `flow`: set `flow: flow.yml`"),
        };
        let settings = spec.iter().filter(|(key, _)| *key != "flow");
        // The names of the command line and of `flowship.toml`.
        let keyword = |key: &str| match key {
            "image" => "images".to_owned(),
            "set-context" => "context".to_owned(),
            key => key.replace('-', "_"),
        };
        let settings = settings.map(|(key, value)| (keyword(key), value.clone())).collect();
        Ok(Self { flow, settings })
    }
}

/// Shows findings about another file than the Flow.
fn refused(error: anyhow::Error) -> anyhow::Result<Exit> {
    let Findings { diagnostics, sources } = error.downcast()?;
    for finding in diagnostics {
        terminal::stderr().finding(&finding, &sources)?;
    }
    Ok(Exit::ErrorsFound)
}

/// A finding as an item of `results`.
fn result(found: &Found) -> Value {
    let Diagnostic { level, message, rule, .. } = &found.finding;
    let severity = match level.word() {
        "note" => "info",
        word => word,
    };
    let mut result = json!({"message": message, "severity": severity, "tags": {"code": rule.code}});
    let span = found.finding.span();
    if let Some(file) = span.and_then(|span| found.sources.get(span.file)) {
        result["file"] = json!({"path": file.name});
    }
    if let Some(path) = found.path.as_ref().filter(|path| !path.is_empty()) {
        result["field"] = json!({"path": path});
    }
    result
}

/// The list of stdin.
fn read() -> anyhow::Result<Value> {
    let input = input::read(Path::new("-"))?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text.as_str());
    let mut budget = Budget::new(&Limits::default());
    let (documents, diagnostics) = source::parse(file, &input.text, &mut budget);
    if diagnostics.has_errors() {
        return Err(Findings { diagnostics, sources }.into());
    }
    let list = documents.first().map(|document| document.to_json()).unwrap_or_default();
    if list["kind"] != "ResourceList" {
        bail!("stdin is not a ResourceList; kustomize runs this command, see `docs/gitops.md`");
    }
    Ok(list)
}

fn write(list: &Value) -> anyhow::Result<()> {
    let document = Document::new(list.clone(), Origins::new());
    let text = BundleFile::yaml("list.yml", vec![document]).to_text();
    Ok(terminal::data(&text.context("the list cannot be written")?)?)
}
