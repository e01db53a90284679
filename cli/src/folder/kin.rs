//! Decides whether two exports probably belong to the same Flow.
//!
//! A Flow without a name gets the name of its file, and many files are named `flow.yml`. Versions
//! of one Flow share at least one Executor; two different Flows with the same identity rarely do.

use std::collections::BTreeSet;

/// The workload of a manifest, if it belongs to an Executor.
pub(super) fn of_path(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    executor(name.strip_suffix(".yml").unwrap_or(name))
}

/// The services of Executors in a Compose file that an export wrote.
pub(super) fn of_compose_file(text: &str) -> impl Iterator<Item = String> {
    let services = text.lines().skip_while(|line| *line != "services:").skip(1);
    let services = services.take_while(|line| line.is_empty() || line.starts_with(' '));
    services.filter_map(|line| {
        let name = line.strip_prefix("  ")?.strip_suffix(':')?;
        executor(name.trim_matches(['"', '\'']))
    })
}

/// The name, unless it is that of a file which any Flow may have.
fn executor(name: &str) -> Option<String> {
    let is_common = ["00-namespace", "Kustomization", "gateway", "mesh"].contains(&name);
    (!is_common && !name.starts_with(' ')).then(|| name.to_owned())
}

/// True if any workload belongs to one of these Executors: `NAME`, `NAME-head`, `NAME-rep-1`.
pub(super) fn are_related(workloads: &BTreeSet<String>, executors: &BTreeSet<String>) -> bool {
    workloads.iter().any(|workload| {
        let dashes = workload.match_indices('-').map(|(dash, _)| &workload[..dash]);
        dashes.chain([workload.as_str()]).any(|name| executors.contains(name))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{are_related, of_compose_file, of_path};

    #[test]
    fn workloads_are_those_of_executors() {
        for (path, workload) in [
            ("a/a.yml", Some("a")),
            ("a/a-head.yml", Some("a-head")),
            ("a.yml", Some("a")),
            ("gateway/gateway.yml", None),
            ("mesh.yml", None),
            ("00-namespace.yml", None),
            ("Kustomization", None),
            ("mesh/mesh.yml", None),
        ] {
            assert_eq!(of_path(path).as_deref(), workload, "{path}");
        }
        let text = "# mark\nservices:\n  a-rep-0:\n    image: x\n    environment:\n      b:\n  'on':\n    c: d\n  gateway:\n    e: f\nnetworks:\n  net:\n";
        assert_eq!(of_compose_file(text).collect::<Vec<_>>(), ["a-rep-0", "on"]);
        assert_eq!(of_compose_file(&text.replace('\n', "\r\n")).count(), 2);
    }

    #[test]
    fn versions_of_a_flow_share_an_executor() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        for (workloads, executors, related) in [
            (&["a", "b"][..], &["b", "c"][..], true),
            (&["a-head", "a-0"], &["a"], true),
            (&["a-rep-0"], &["a"], true),
            (&["a"], &["b"], false),
            (&["ab"], &["a"], false),
            (&["a"], &["a-b"], false),
            (&["a"], &[], false),
        ] {
            let (workloads, executors): (BTreeSet<_>, _) = (set(workloads), set(executors));
            assert_eq!(are_related(&workloads, &executors), related, "{workloads:?} {executors:?}");
        }
    }
}
