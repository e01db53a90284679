//! Checks that no schema makes: whether the services of a Compose file find each other, and keep
//! to themselves what nobody asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// A check, and how a file becomes one that it complains of.
pub struct ServiceCheck {
    /// What must hold.
    pub rule: &'static str,
    /// What does not hold, in a line each.
    pub find: fn(&Value) -> Vec<String>,
    /// Breaks the rule in a file with a sharded Executor, a gateway and a volume.
    pub plant: fn(&mut Value),
}

/// Every check.
pub fn checks() -> Vec<ServiceCheck> {
    vec![
        ServiceCheck {
            rule: "every address that is called is a service with its port",
            find: unknown_addresses,
            plant: |file| {
                let words = &mut file["services"]["gateway"]["command"];
                for word in words.as_array_mut().into_iter().flatten() {
                    let text = word.as_str().unwrap_or_default().replace(":8081", ":8082");
                    *word = text.into();
                }
            },
        },
        ServiceCheck {
            rule: "every service starts after those that it calls, and none after itself",
            find: impossible_order,
            plant: |file| {
                let worker = &mut file["services"]["indexer-0-rep-0"];
                worker["depends_on"] = json!({"indexer-head": {"condition": "service_healthy"}});
            },
        },
        ServiceCheck {
            rule: "no port is published twice, and only the gateway's lead to calls",
            find: published,
            plant: |file| file["services"]["indexer-head"]["ports"] = json!(["8081:8081"]),
        },
        ServiceCheck {
            rule: "every mount is a volume of the file or a folder that the Flow names",
            find: strange_mounts,
            plant: |file| {
                file["services"]["indexer-0-rep-0"]["volumes"] = json!(["/root/.cache/jina:/app"]);
            },
        },
        ServiceCheck {
            rule: "no `$` is a variable unless it names a secret",
            find: variables,
            plant: |file| file["services"]["gateway"]["environment"]["A"] = json!("${HOME}"),
        },
        ServiceCheck {
            rule: "everything has the mark of its Flow",
            find: unmarked,
            plant: |file| file["volumes"]["indexer_workspace"] = json!({}),
        },
        ServiceCheck {
            rule: "health checks are rare, and start no Jina",
            find: expensive_checks,
            plant: |file| {
                file["services"]["gateway"]["healthcheck"]["test"] =
                    json!("jina ping gateway grpc://127.0.0.1:8080");
            },
        },
    ]
}

/// All that does not hold.
pub fn problems(file: &Value) -> Vec<String> {
    checks().iter().flat_map(|check| (check.find)(file)).collect()
}

fn services(file: &Value) -> BTreeMap<&str, &Value> {
    let services = file["services"].as_object().into_iter().flatten();
    services.map(|(name, service)| (name.as_str(), service)).collect()
}

fn words(service: &Value) -> Vec<&str> {
    service["command"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What follows a flag.
fn after<'a>(words: &[&'a str], flag: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| *word == flag)?;
    words.get(at + 1).copied()
}

/// The services that a service calls, as `NAME:PORT`; hosts outside the file have a dot.
fn called(service: &Value) -> Vec<String> {
    let words = words(service);
    let mut called = Vec::new();
    for flag in ["--deployments-addresses", "--connection-list"] {
        let Some(text) = after(&words, flag) else { continue };
        let lists: Value = serde_json::from_str(&text.replace("$$", "$")).unwrap_or_default();
        for list in lists.as_object().into_iter().flatten().map(|(_, list)| list) {
            match list {
                Value::String(one) => called.push(one.clone()),
                many => {
                    let many = many.as_array().into_iter().flatten();
                    called.extend(many.filter_map(Value::as_str).map(str::to_owned));
                }
            }
        }
    }
    called.extend(after(&words, "--uses-before-address").map(str::to_owned));
    called.extend(after(&words, "--uses-after-address").map(str::to_owned));
    let address = |text: &str| text.trim_start_matches("grpc://").to_owned();
    called.iter().map(|text| address(text)).filter(|text| !text.contains('.')).collect()
}

fn unknown_addresses(file: &Value) -> Vec<String> {
    let services = services(file);
    let mut found = Vec::new();
    for (name, service) in &services {
        for address in called(service) {
            let (host, port) = address.rsplit_once(':').unwrap_or((&address, ""));
            let listens = services
                .get(host)
                .is_some_and(|other| after(&words(other), "--port") == Some(port));
            if !listens {
                found.push(format!("{name} calls {address}, where nothing listens"));
            }
        }
    }
    found
}

fn dependencies(service: &Value) -> BTreeSet<&str> {
    let on = service["depends_on"].as_object().into_iter().flatten();
    on.map(|(name, _)| name.as_str()).collect()
}

fn impossible_order(file: &Value) -> Vec<String> {
    let services = services(file);
    let mut found = Vec::new();
    for (name, service) in &services {
        let called = called(service);
        let called: BTreeSet<_> =
            called.iter().filter_map(|a| a.rsplit_once(':')).map(|(host, _)| host).collect();
        if called != dependencies(service) {
            found.push(format!("{name} calls {called:?} and starts after others"));
        }
    }
    let mut started: BTreeSet<&str> = BTreeSet::new();
    loop {
        let ready = services.iter().filter(|(name, service)| {
            !started.contains(*name) && dependencies(service).is_subset(&started)
        });
        let ready: Vec<_> = ready.map(|(name, _)| *name).collect();
        if ready.is_empty() {
            break;
        }
        started.extend(ready);
    }
    let never = services.keys().filter(|name| !started.contains(*name));
    found.extend(never.map(|name| format!("{name} never starts")));
    found
}

fn published(file: &Value) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for (name, service) in services(file) {
        let words = words(service);
        let calls = words.iter().skip_while(|word| **word != "--port").skip(1);
        let calls: Vec<_> = calls.take_while(|word| word.parse::<u16>().is_ok()).collect();
        for port in service["ports"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let Some((outside, inside)) = port.rsplit_once(':') else {
                // A port of the machine that is free, for what the Flow exposes.
                if !calls.contains(&&port) {
                    found.push(format!("{name} publishes {port}"));
                }
                continue;
            };
            // An address may be before it.
            let outside = outside.rsplit_once(':').map_or(outside, |(_, outside)| outside);
            if !taken.insert(outside.to_owned()) {
                found.push(format!("{name} publishes {outside}, as another service does"));
            }
            let is_metrics = after(&words, "--port-monitoring") == Some(inside);
            let is_door = name == "gateway" && calls.contains(&&inside);
            if !is_metrics && !is_door {
                found.push(format!("{name} publishes {inside}"));
            }
        }
    }
    if services(file).get("gateway").is_none_or(|gateway| gateway.get("ports").is_none()) {
        found.push("nothing publishes the gateway".to_owned());
    }
    found
}

fn strange_mounts(file: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, service) in services(file) {
        for mount in service["volumes"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let is_drive = mount.as_bytes().get(1..3) == Some(b":\\");
            let volume = mount.split(':').next().unwrap_or_default();
            // A Flow may name a folder of the machine; the cache of whoever exports it never does.
            let of_the_flow = volume.starts_with(['/', '.']) && !volume.contains(".cache/jina");
            if !of_the_flow && !is_drive && file["volumes"].get(volume).is_none() {
                found.push(format!("{name} mounts {mount}"));
            }
        }
    }
    found
}

fn unmarked(file: &Value) -> Vec<String> {
    let mut marks = BTreeSet::new();
    let mut found = Vec::new();
    for kind in ["services", "volumes", "networks"] {
        for (name, thing) in file[kind].as_object().into_iter().flatten() {
            match thing["labels"]["io.flowship.flow"].as_str() {
                Some(mark) => drop(marks.insert(mark)),
                None => found.push(format!("{kind} {name} has no mark")),
            }
        }
    }
    if marks.len() > 1 {
        found.push(format!("several marks: {marks:?}"));
    }
    found
}

fn variables(file: &Value) -> Vec<String> {
    fn walk(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                let rest = text.replace("$$", "");
                let secret = rest.starts_with("${")
                    && (rest.contains(":?the value of a secret") || rest.ends_with(":-}"));
                if rest.contains('$') && !secret {
                    found.push(format!("`{text}` holds a variable"));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            Value::Object(entries) => entries.values().for_each(|value| walk(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = Vec::new();
    walk(file, &mut found);
    found
}

fn expensive_checks(file: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, service) in services(file) {
        let check = &service["healthcheck"];
        let seconds = check["interval"].as_str().and_then(|text| text.strip_suffix('s'));
        let seconds: u32 = seconds.and_then(|text| text.parse().ok()).unwrap_or_default();
        if seconds < 10 || check["test"].to_string().contains("jina") {
            found.push(format!("{name} is checked by {check}"));
        }
    }
    found
}
