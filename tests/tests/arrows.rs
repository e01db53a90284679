//! The arrows between crates point one way.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use flowship_tests::{files_in, workspace};
use serde_json::Value;

/// The libraries that the program is made of.
const SHIPPED: &[&str] = &[
    "backend-compose",
    "backend-k8s",
    "flow-model",
    "flow-validate",
    "mesh-istio",
    "mesh-linkerd",
];

/// What each crate may use of the workspace, at most.
const MAY_USE: &[(&str, &[&str])] = &[
    ("flow-model", &[]),
    ("flow-validate", &["flow-model"]),
    ("backend-k8s", &["flow-model"]),
    ("backend-compose", &["flow-model"]),
    ("mesh-linkerd", &["backend-k8s", "flow-model"]),
    ("mesh-istio", &["backend-k8s", "flow-model"]),
    ("mesh-kuma", &["backend-k8s", "flow-model"]),
    ("backend-shell", &["flow-model"]),
    ("bill-of-images", &["flow-model", "flow-validate"]),
    ("flow-in-code", &["backend-k8s", "flow-model", "flow-validate", "mesh-linkerd"]),
    ("flowship", SHIPPED),
    ("flowship-python", &["flow-model", "flowship"]),
    ("flowship-tests", SHIPPED),
    (
        "xtask",
        &[
            "backend-compose",
            "backend-k8s",
            "flow-model",
            "flow-validate",
            "flowship",
            "flowship-tests",
        ],
    ),
];

/// What never enters a crate, through however many others.
const NEVER: &[(&str, &[&str])] = &[
    ("flow-model/deploy", &["k8s-openapi", "kube", "tokio", "clap", "anyhow"]),
    ("flow-model", &["k8s-openapi", "kube", "tokio", "clap", "anyhow"]),
    ("flow-validate", &["k8s-openapi", "kube", "tokio", "clap", "annotate-snippets", "anyhow"]),
    ("backend-k8s", &["kube", "tokio", "clap", "annotate-snippets", "anyhow"]),
    ("mesh-istio", &["kube", "tokio", "clap", "annotate-snippets", "anyhow"]),
    ("backend-compose", &["k8s-openapi", "kube", "tokio", "clap", "annotate-snippets", "anyhow"]),
    ("mesh-linkerd", &["kube", "tokio", "clap", "annotate-snippets", "anyhow"]),
];

#[test]
fn arrows_between_crates_point_one_way() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let allowed: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let may_use = allowed.get(name).unwrap_or_else(|| panic!("{name} is not in the table"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let other = dependency["name"].as_str().unwrap();
            let is_ours = dependency["path"].is_string();
            let for_tests = dependency["kind"] == "dev";
            assert!(
                !is_ours || for_tests || may_use.contains(&other),
                "{name} must not use {other}"
            );
        }
    }
    assert_eq!(packages.len(), MAY_USE.len(), "the table names a crate that is gone");
}

/// Modules of `flow-model`, and those that come after them on the road of a Flow.
const NOT_YET: &[(&str, &[&str])] = &[
    ("span.rs", &["source", "values", "keys", "flow", "topology", "plan", "arguments", "bundle"]),
    ("source", &["values", "flow", "topology", "plan", "arguments", "bundle"]),
    ("values", &["flow", "topology", "plan", "arguments", "bundle"]),
    ("keys", &["topology", "plan", "arguments", "bundle"]),
    ("flow", &["topology", "plan", "arguments", "bundle"]),
    ("topology", &["plan", "arguments", "bundle"]),
    ("plan", &["arguments", "bundle"]),
];

#[test]
fn modules_of_the_model_point_one_way() {
    let folder = workspace().join("flow-model/src");
    for (module, later) in NOT_YET {
        let path = folder.join(module);
        let texts: Vec<_> = if path.is_dir() {
            files_in(&path).into_values().collect()
        } else {
            vec![std::fs::read(&path).unwrap()]
        };
        for text in texts.iter().map(|bytes| String::from_utf8_lossy(bytes)) {
            // Links of documentation may lead anywhere.
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in code {
                for other in *later {
                    let names = line.contains(&format!("crate::{other}::"));
                    assert!(!names, "{module} names {other}: {line}");
                }
            }
        }
    }
}

#[test]
fn nothing_heavy_enters_the_core() {
    for (package, never) in NEVER {
        // `PACKAGE/FEATURE` is a package with more than it has by default.
        let (package, features) = package.split_once('/').unwrap_or((package, ""));
        let tree = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--package",
                package,
                "--features",
                features,
            ])
            .current_dir(workspace())
            .output()
            .unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let text = String::from_utf8(tree.stdout).unwrap();
        let used: BTreeSet<_> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        for crate_name in *never {
            assert!(!used.contains(crate_name), "{package} must not bring {crate_name}");
        }
    }
}
