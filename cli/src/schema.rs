//! `flowship schema`: the JSON Schemas of Flows, Deployments and `flowship.toml`, for editors.
//!
//! A schema says what a file looks like, so far as JSON Schema can: names of keys, forms of values.
//! What the values mean together is for `flowship check`.

use std::borrow::Cow;

use flow_model::keys::{KeyInfo, Scope};
use flow_model::launcher;
use flow_model::values::{BlockWord, Form};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::args::SchemaOf;
use crate::config::{self, Takes};
use crate::exit::Exit;
use crate::terminal;

/// Prints a schema.
pub(crate) fn schema(of: SchemaOf) -> anyhow::Result<Exit> {
    let mut schema = match of {
        SchemaOf::Flow => generator().into_root_schema_for::<FlowFile>(),
        SchemaOf::Deployment => generator().into_root_schema_for::<DeploymentFile>(),
        SchemaOf::Config => generator().into_root_schema_for::<ConfigFile>(),
    };
    let name = match of {
        SchemaOf::Flow => "flow",
        SchemaOf::Deployment => "deployment",
        SchemaOf::Config => "config",
    };
    let id = format!("{}/schemas/{name}.json", env!("CARGO_PKG_REPOSITORY"));
    schema.insert("$id".to_owned(), id.into());
    terminal::data(&flow_model::print::json(schema.as_value()))?;
    Ok(Exit::Done)
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

/// A Flow.
struct FlowFile;

/// A Deployment: one Executor without a gateway.
struct DeploymentFile;

/// An entry of `executors`.
struct Executor;

/// `gateway`.
struct Gateway;

/// `with` of a Flow.
struct With;

/// A Flow's `flowship.toml`.
struct ConfigFile;

/// The settings of such a file, and of each of its profiles.
struct Settings;

impl JsonSchema for FlowFile {
    fn schema_name() -> Cow<'static, str> {
        "Flow".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let entry = json!({"anyOf": [
            generator.subschema_for::<Executor>(),
            generator.subschema_for::<DeploymentFile>(),
            {"type": "string", "description": "The path of a Deployment, from the folder of the Flow on."},
        ]});
        let list = |deprecated: bool| {
            let mut list = json!({
                "description": "The Executors, in the order in which they take requests unless `needs` says otherwise.",
                "anyOf": [{"type": "array", "items": entry}, {"type": "null"}],
            });
            if deprecated {
                list["deprecated"] = true.into();
            }
            list
        };
        object(
            "Jina Flow",
            "A pipeline of Executors behind a gateway.",
            &json!({
                "jtype": {
                    "description": "What the document is.",
                    "enum": ["Flow", "AsyncFlow"],
                    "default": "Flow",
                },
                "version": version(),
                "with": or_null(&generator.subschema_for::<With>()),
                "gateway": or_null(&generator.subschema_for::<Gateway>()),
                "jcloud": described(of_jcloud(), "Its name, labels and traces for the platform."),
                "kubernetes": block("Your own parts of the objects of every workload on Kubernetes."),
                "compose": compose("Logging, restarts and the published address of every service on Docker Compose."),
                "executors": list(false),
                "deployments": list(true),
            }),
            &["jtype"],
            &[],
        )
    }
}

impl JsonSchema for DeploymentFile {
    fn schema_name() -> Cow<'static, str> {
        "Deployment".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        object(
            "Jina Deployment",
            "One Executor without a gateway, or an entry of `executors` in a file of its own.",
            &json!({
                "jtype": {"description": "What the document is.", "const": "Deployment"},
                "version": version(),
                "with": or_null(&generator.subschema_for::<Executor>()),
                "jcloud": described(of_jcloud(), "What it asks of the platform: resources, storage, autoscaling, disruption."),
                "kubernetes": block("Your own parts of its objects on Kubernetes."),
                "compose": compose("Logging, restarts and the published address of its services on Docker Compose."),
                "needs": {"$ref": "#/$defs/Executor/properties/needs"},
            }),
            &["jtype"],
            &[],
        )
    }
}

impl JsonSchema for Executor {
    fn schema_name() -> Cow<'static, str> {
        "Executor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        of_scope(Scope::Executor, "An Executor of a Flow.")
    }
}

impl JsonSchema for Gateway {
    fn schema_name() -> Cow<'static, str> {
        "Gateway".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        of_scope(Scope::Gateway, "What clients of the Flow call.")
    }
}

impl JsonSchema for With {
    fn schema_name() -> Cow<'static, str> {
        "With".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        of_scope(Scope::Flow, "What the Flow says about itself, and what its entries inherit.")
    }
}

/// A mapping of a scope of the table of keys.
fn of_scope(scope: Scope, description: &str) -> Schema {
    let mut properties = Map::new();
    let mut dashed = Vec::new();
    for info in scope.accepted() {
        for name in info.spellings() {
            if name.contains('_') {
                dashed.push(name.replace('_', "-"));
            }
            // The first row of a name is the scope's own.
            properties.entry(name).or_insert_with(|| of_key(info, name));
        }
    }
    if scope == Scope::Flow {
        properties.insert(
            "kwargs".to_owned(),
            json!({"description": "Further keys of `with`.", "type": ["object", "null"]}),
        );
    } else {
        for name in launcher::SAVED {
            let schema =
                json!({"description": "Without effect: Jina writes it.", "deprecated": true});
            properties.insert((*name).to_owned(), schema);
        }
    }
    object("", description, &Value::Object(properties), &[], &dashed)
}

/// What a key takes, with what the table says about it.
fn of_key(info: &KeyInfo, name: &str) -> Value {
    let mut schema = of_form(info.form);
    let words = info.doc.split_whitespace().collect::<Vec<_>>().join(" ");
    schema["description"] = words.into();
    if let Some(default) = default_of(info.default) {
        schema["default"] = default;
    }
    if let Some(example) = example(info.name) {
        schema["examples"] = json!([example]);
    }
    if name != info.name || launcher::KEYS.contains(&info.name) {
        schema["deprecated"] = true.into();
    }
    schema
}

/// A default that is written as YAML: one word in backticks.
fn default_of(words: &str) -> Option<Value> {
    let word = words.strip_prefix('`')?.strip_suffix('`')?;
    Some(serde_json::from_str(word).unwrap_or_else(|_| word.into()))
}

fn example(name: &str) -> Option<Value> {
    Some(match name {
        "name" => json!("encoder"),
        "uses" => json!("docker://registry.example.com/encoder:1.0"),
        "uses_with" => json!({"model": "small"}),
        "needs" => json!(["encoder", "ranker"]),
        "env" => json!({"LOG_FORMAT": "json"}),
        "env_from_secret" => json!({"TOKEN": {"name": "hub", "key": "token"}}),
        "volumes" => json!(["/data"]),
        "polling" => json!({"/index": "ANY", "/search": "ALL"}),
        "port" => json!(8080),
        "host" => json!("ranker.example.com"),
        "grpc_metadata" => json!({"x-tenant": "search"}),
        "entrypoint" => json!(["python", "serve.py"]),
        "timeout_ready" => json!(120_000),
        "gpus" => json!(1),
        _ => return None,
    })
}

/// A value of a form. Wherever a scalar may be, an expression may be; null is an absent key.
fn of_form(form: Form) -> Value {
    let mut schema = match form {
        Form::Anything => json!({}),
        Form::OneOrMany(item) => {
            let item = of_form(*item);
            json!({"anyOf": [item, {"type": "array", "items": item}]})
        }
        Form::Either(forms) => {
            json!({"anyOf": forms.iter().map(|form| of_form(*form)).collect::<Value>()})
        }
        Form::Mapping(value) => {
            json!({"type": ["object", "null"], "additionalProperties": of_form(*value)})
        }
        Form::KeyValues(value) => json!({"anyOf": [
            {"type": ["object", "null"], "additionalProperties": of_form(*value)},
            {"type": "string", "pattern": r"=|:|\$"},
            {"type": "array", "items": {"type": "string", "pattern": r"=|:|\$"}},
        ]}),
        Form::SecretKey => json!({
            "type": "object",
            "properties": {
                "name": {"type": "string", "description": "The name of the Secret."},
                "key": {"type": "string", "description": "A key of the Secret."},
                "optional": {
                    "type": ["boolean", "string", "null"],
                    "description": "The container starts without the Secret.",
                },
            },
            "required": ["name", "key"],
        }),
        Form::Configuration => json!({
            "type": "object",
            "description": "The configuration of an Executor.",
            "properties": {
                "jtype": {"type": "string", "description": "The class of the Executor."},
                "with": {"type": ["object", "null"]},
                "metas": {"type": ["object", "null"]},
                "requests": {"type": ["object", "null"]},
                "dynamic_batching": {"type": ["object", "null"]},
                "py_modules": {},
            },
        }),
        Form::KubernetesBlock => of_block(true),
        Form::ComposeBlock => of_compose(),
        Form::Jcloud => of_jcloud(),
        scalar => of_scalar(scalar),
    };
    // What an expression stands for may be of any form.
    if let Some(list) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        list.push(json!({"type": "null"}));
    }
    schema
}

/// A block `kubernetes` of a document.
fn block(description: &str) -> Value {
    described(of_block(true), description)
}

/// A block `compose` of a document.
fn compose(description: &str) -> Value {
    described(of_compose(), description)
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = description.into();
    schema
}

/// A block `kubernetes`, or the block of heads in it. The objects in it are for `check`, which knows
/// their types.
fn of_block(has_head: bool) -> Value {
    let mut properties = Map::new();
    for word in BlockWord::ALL {
        let mut schema = match word {
            BlockWord::Claims if !has_head => continue,
            BlockWord::Labels | BlockWord::Annotations => json!({
                "type": ["object", "null"],
                "additionalProperties": {"type": ["string", "null"]},
            }),
            BlockWord::Claims => json!({
                "type": ["object", "null"],
                "additionalProperties": claim(&["size", "storageClassName", "accessModes", "retain"]),
            }),
            BlockWord::Cache => {
                json!({"anyOf": [claim(&["path", "size", "storageClassName", "accessModes"]), {"type": "null"}]})
            }
            BlockWord::Files => json!({
                "type": ["object", "null"],
                "propertyNames": {"pattern": "^/"},
                "additionalProperties": {
                    "type": ["object", "null"],
                    "properties": {
                        "from": {"type": "string", "description": "The path of a text file, from the folder of the Flow on."},
                        "secret": {"type": "string", "description": "The name of a Secret."},
                        "configMap": {"type": "string", "description": "The name of a ConfigMap."},
                        "key": {"type": ["string", "null"], "description": "One key of it; without it each key is a file of the folder."},
                        "mode": {"type": ["integer", "string", "null"], "description": "The permissions of the files, such as 0400."},
                        "optional": {"type": ["boolean", "string", "null"], "description": "Start without it."},
                    },
                    "additionalProperties": false,
                },
            }),
            BlockWord::SharedMemory => json!({"type": ["string", "number", "null"]}),
            BlockWord::Objects => json!({
                "type": ["array", "null"],
                "items": {
                    "type": "object",
                    "properties": {
                        "apiVersion": {"type": "string"},
                        "kind": {"type": "string"},
                        "metadata": {"type": "object"},
                    },
                    "required": ["apiVersion", "kind"],
                },
            }),
            BlockWord::Pod | BlockWord::Container | BlockWord::Workload | BlockWord::Service => {
                json!({"type": ["object", "null"]})
            }
        };
        schema["description"] = word.doc().into();
        properties.insert(word.name().to_owned(), schema);
    }
    if has_head {
        let mut head = of_block(false);
        head["description"] = "The same for the head of the shards.".into();
        properties.insert("head".to_owned(), head);
    } else {
        let mut replicas = of_scalar(Form::Integer { least: 1, most: 1_000_000 });
        replicas["description"] = "The number of heads.".into();
        properties.insert("replicas".to_owned(), replicas);
    }
    json!({
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": false,
    })
}

/// A block `compose`.
fn of_compose() -> Value {
    json!({
        "type": ["object", "null"],
        "properties": {
            "logging": {
                "description": "Where Docker writes what containers print.",
                "type": ["object", "null"],
                "properties": {
                    "driver": {
                        "type": ["string", "null"],
                        "description": "The logging driver, such as `json-file`; Docker's default if it is not set.",
                    },
                    "options": {
                        "type": ["object", "null"],
                        "additionalProperties": {"type": ["string", "number", "boolean"]},
                        "description": "Options of the driver, such as `max-size`.",
                    },
                },
                "additionalProperties": false,
            },
            "restart": {
                "description": "When Docker restarts containers.",
                "anyOf": [
                    {"type": "string", "pattern": r"^(no|always|on-failure(:[0-9]+)?|unless-stopped)$|\$"},
                    {"type": ["boolean", "null"]},
                ],
            },
            "host_ip": {
                "description": "The address of the machine on which ports are published.",
                "type": ["string", "null"],
            },
        },
        "additionalProperties": false,
    })
}

/// A mapping `jcloud`. Keys of Jina's cloud that have no effect any more are for `check`, which says
/// what to write instead.
fn of_jcloud() -> Value {
    let amount = |description: &str| json!({"type": ["string", "number", "null"], "description": description});
    let toggle = |description: &str| json!({"type": ["boolean", "string", "null"], "description": description});
    let collector = |description: &str| {
        json!({
            "type": ["object", "null"],
            "properties": {
                "enable": toggle("Whether anything is sent."),
                "host": {"type": ["string", "null"], "description": "The host of the collector."},
                "port": amount("Its port, 4317 by default."),
            },
            "description": description,
        })
    };
    let disruption = amount("Replicas, or a percentage of them such as `50%`.");
    json!({
        "type": ["object", "null"],
        "properties": {
            "name": {"type": ["string", "null"], "description": "The Flow's name, if `with` sets none."},
            "labels": {
                "type": ["object", "null"],
                "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
                "description": "Labels of everything that belongs to the entry.",
            },
            "resources": {
                "type": ["object", "null"],
                "properties": {
                    "instance": {
                        "type": ["string", "null"],
                        "description": "A size: `C1` to `C8`, with GPUs `G1` to `G4`.",
                    },
                    "cpu": amount("Processors of each replica, such as `0.5`."),
                    "memory": amount("Memory of each replica, such as `4G`."),
                    "gpu": amount("GPUs of each replica, or `shared`."),
                    "capacity": {
                        "type": ["string", "null"],
                        "description": "The kind of machine: `spot` or `on-demand`.",
                    },
                    "storage": {
                        "type": ["object", "null"],
                        "properties": {
                            "kind": {
                                "type": ["string", "null"],
                                "description": "`ephemeral`, a disk of each replica (`ebs`), or a file system of all (`efs`).",
                            },
                            "size": amount("Its size, such as `10G`."),
                            "retain": toggle("Whether it is kept when the Flow is removed."),
                        },
                        "description": "A volume at the workspace.",
                    },
                },
                "description": "What each replica needs to run.",
            },
            "autoscale": {
                "type": ["object", "null"],
                "properties": {
                    "min": amount("The fewest replicas, 1 by default."),
                    "max": amount("The most replicas, 2 by default."),
                    "metric": {
                        "type": ["string", "null"],
                        "description": "`concurrency` (the default), `rps`, `cpu` or `memory`.",
                    },
                    "target": amount("The load of one replica to aim at, 100 by default."),
                    "scale_down_delay": amount("How long fewer replicas must be enough, `30s` by default."),
                },
                "description": "Replicas that follow their load.",
            },
            "minAvailable": disruption.clone(),
            "maxUnavailable": disruption,
            "expose": toggle("Whether clients reach it from outside."),
            "timeout": amount("Seconds after which idle connections are closed."),
            "monitor": {
                "type": ["object", "null"],
                "properties": {
                    "traces": collector("Where traces are sent."),
                    "metrics": collector("Where metrics are sent; without a host they are offered to Prometheus."),
                },
                "description": "Where traces and metrics are sent.",
            },
        },
    })
}

/// The storage of a volume, with these keys.
fn claim(keys: &[&str]) -> Value {
    let all = json!({
        "path": {"type": "string", "description": "Where the folder is mounted.", "pattern": r"^/|\$"},
        "size": {"type": ["string", "number"], "description": "The capacity, such as `50Gi`."},
        "storageClassName": {"type": ["string", "null"], "description": "The storage class."},
        "accessModes": {
            "type": ["array", "null"],
            "items": {"type": "string"},
            "description": "The access modes; by default `ReadWriteOnce`.",
        },
        "retain": {
            "type": ["boolean", "string", "null"],
            "description": "Whether the data is kept when Pods are removed for good; `true` by default.",
        },
    });
    let properties: Map<_, _> =
        keys.iter().map(|key| ((*key).to_owned(), all[key].clone())).collect();
    json!({"type": ["object", "null"], "properties": properties, "additionalProperties": false})
}

fn of_scalar(form: Form) -> Value {
    let expression = json!({"type": "string", "pattern": r"\$"});
    match form {
        Form::Toggle => json!({"anyOf": [
            {"type": ["boolean", "null"]},
            {"type": "string", "enum": ["true", "True", "TRUE", "false", "False", "FALSE"]},
            expression,
        ]}),
        Form::Scalar => json!({"type": ["string", "number", "boolean"]}),
        Form::Integer { least, most } => json!({"anyOf": [
            {"type": ["integer", "null"], "minimum": least, "maximum": most},
            {"type": "string", "pattern": r"^\s*[-+]?[0-9_]+\s*$"},
            expression,
        ]}),
        Form::Word(words) => {
            let any_case = words.iter().map(|word| {
                word.chars()
                    .map(|c| {
                        let (small, large) = (c.to_ascii_lowercase(), c.to_ascii_uppercase());
                        if small == large { c.to_string() } else { format!("[{small}{large}]") }
                    })
                    .collect::<String>()
            });
            let pattern = format!(r"^\s*({})\s*$", any_case.collect::<Vec<_>>().join("|"));
            json!({"anyOf": [
                {"enum": words},
                {"type": "string", "pattern": pattern},
                expression,
                {"type": "null"},
            ]})
        }
        _ => json!({"type": ["string", "number", "null"]}),
    }
}

fn version() -> Value {
    json!({
        "description": "The version of the format; there is one.",
        "type": ["string", "number", "null"],
        "default": "1",
    })
}

fn or_null(schema: &Schema) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// A mapping with these keys, and keys of the user's own that begin with `x-`.
fn object(
    title: &str,
    description: &str,
    properties: &Value,
    required: &[&str],
    dashed: &[String],
) -> Schema {
    let mut patterns = json!({"^x-": {}});
    if !dashed.is_empty() {
        // Jina takes `-` for `_`.
        patterns[format!("^({})$", dashed.join("|"))] = json!({});
    }
    let mut schema = json!({
        "title": title,
        "description": description,
        "type": "object",
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": false,
        "required": required,
    });
    if let (true, Some(map)) = (title.is_empty(), schema.as_object_mut()) {
        map.shift_remove("title");
    }
    schema.try_into().unwrap_or_default()
}

impl JsonSchema for ConfigFile {
    fn schema_name() -> Cow<'static, str> {
        "Configuration".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let settings = Settings::json_schema(generator);
        let mut schema = settings;
        schema.insert("title".to_owned(), "flowship.toml".into());
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            let profile = json!({
                "description": "Settings that override the others with `--profile NAME`.",
                "type": "object",
                "additionalProperties": generator.subschema_for::<Settings>(),
            });
            properties.insert("profile".to_owned(), profile);
        }
        schema
    }
}

impl JsonSchema for Settings {
    fn schema_name() -> Cow<'static, str> {
        "Settings".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        for option in config::options() {
            let Some(name) = option.get_long() else { continue };
            let mut value = of_option(&option);
            value["description"] = option.get_help().map(ToString::to_string).into();
            properties.insert(name.to_owned(), value.clone());
            for alias in option.get_all_aliases().unwrap_or_default() {
                value["deprecated"] = true.into();
                properties.insert(alias.to_owned(), value.clone());
            }
        }
        let schema = json!({
            "description": "Options of the command line, under the same names.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        });
        schema.try_into().unwrap_or_default()
    }
}

fn of_option(option: &clap::Arg) -> Value {
    let words = option.get_possible_values();
    let words: Vec<_> = words.iter().map(clap::builder::PossibleValue::get_name).collect();
    let text = json!({"type": ["string", "integer"]});
    match Takes::of(option) {
        Takes::Switch => json!({"type": "boolean"}),
        Takes::Value if !words.is_empty() => json!({"enum": words}),
        Takes::Value => text,
        Takes::List => {
            json!({"anyOf": [text, {"type": "array", "items": {"type": "string"}}]})
        }
        Takes::Pairs => json!({"type": "object", "additionalProperties": text}),
    }
}
