//! What meshes are told, read line by line by people.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flow_model::Bundle;
use flowship_tests::meaning::{Object, problems};
use flowship_tests::{MESHES, fixtures, mesh};

/// What Kubernetes itself defines is in other snapshots.
fn of_mesh(bundle: &Bundle) -> Vec<String> {
    let documents = bundle.documents();
    let documents = documents.filter(|(_, document)| bundle.facts.custom_kind(document).is_some());
    let mut texts = Vec::new();
    for (path, document) in documents {
        let file = flow_model::BundleFile::yaml(path, vec![document.clone()]);
        texts.push(format!("# {path}\n{}", file.to_text().unwrap()));
    }
    texts
}

#[test]
fn policies_become_resources() {
    for fixture in fixtures("policies") {
        for name in MESHES {
            let (compiled, bundle) = fixture.render(name);
            let refused = compiled.diagnostics.iter().any(|d| d.rule.code == "no-such-policy");
            assert_eq!(bundle.is_none(), refused, "{} {name}", fixture.name);
            let Some(bundle) = bundle else { continue };
            let objects: Vec<_> =
                bundle.documents().map(|(_, document)| Object(document.value())).collect();
            assert_eq!(problems(&objects), [""; 0], "{} {name}", fixture.name);
            insta::with_settings!({ snapshot_path => "../snapshots/meshes", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("{}-{name}", fixture.name), of_mesh(&bundle).join("---\n"));
            });
        }
    }
}

/// Nothing but the retries that were named changes what a mesh is asked.
#[test]
fn resources_appear_only_where_they_are_needed() {
    // An exposure has routes of its own, whatever the mesh.
    for fixture in fixtures("accepted").into_iter().filter(|one| one.name != "expose-routes") {
        for (name, kinds) in [
            ("linkerd", &[][..]),
            ("istio", &["VirtualService (networking.istio.io/v1)"]),
            (
                "istio-ambient",
                &[
                    "Gateway (gateway.networking.k8s.io/v1)",
                    "VirtualService (networking.istio.io/v1)",
                ],
            ),
            ("none", &[]),
        ] {
            let (_, bundle) = fixture.render(name);
            let bundle = bundle.unwrap();
            let found = bundle.facts.definitions.iter().map(ToString::to_string);
            let found = found.filter(|kind| {
                !["ServiceMonitor", "ScaledObject"].iter().any(|own| kind.starts_with(own))
            });
            let found: std::collections::BTreeSet<_> = found.collect();
            assert_eq!(found.iter().collect::<Vec<_>>(), kinds.iter().collect::<Vec<_>>());
        }
    }
}

/// The word after `--mesh` is the name.
#[test]
fn meshes_are_called_by_their_names() {
    for name in MESHES {
        assert_eq!(mesh(name).identity().name, name);
    }
}

/// Pods that others put into the namespace join the mesh too.
#[test]
fn a_namespace_joins_the_mesh() {
    for (name, joins) in [
        ("linkerd", "annotations linkerd.io/inject enabled"),
        ("istio", "labels istio-injection enabled"),
        ("istio-ambient", "labels istio.io/dataplane-mode ambient"),
        ("none", ""),
    ] {
        let mut options = backend_k8s::Options::default();
        options.mesh = mesh(name);
        options.namespace_object = true;
        let backend = backend_k8s::Kubernetes::new(options);
        let text = "jtype: Flow\nexecutors: [{name: a, uses: 'docker://example/a:1'}]\n";
        let options = flow_validate::Options::default();
        let compiled = flow_validate::compile(("flow.yml", text), &backend, &options);
        let bundle = compiled.bundle.unwrap();
        let (path, namespace) = bundle.documents().next().unwrap();
        assert_eq!(path, "00-namespace.yml");
        let metadata = &namespace.value()["metadata"];
        let mut found = Vec::new();
        for kind in ["annotations", "labels"] {
            for (key, value) in metadata[kind].as_object().into_iter().flatten() {
                let is_own = key.starts_with("app.kubernetes.io/");
                found
                    .extend((!is_own).then(|| format!("{kind} {key} {}", value.as_str().unwrap())));
            }
        }
        assert_eq!(found.join(" "), joins, "{name}");
    }
}

/// A Secret that may be missing need not be there before anything starts.
#[test]
fn secrets_that_must_exist_are_known() {
    for (name, expected) in [
        ("env-from-secret", "gateway-secret/token my-secret/password my-secret/user"),
        ("optional-secret", ""),
        ("image-pull-secrets", "other-registry registry"),
        ("two-executors", ""),
    ] {
        let fixture =
            fixtures("accepted").into_iter().find(|fixture| fixture.name == name).unwrap();
        let (_, bundle) = fixture.render("none");
        let secrets = bundle.unwrap().facts.secrets;
        let secrets = secrets.iter().map(|secret| match &secret.key {
            Some(key) => format!("{}/{key}", secret.name),
            None => secret.name.clone(),
        });
        assert_eq!(secrets.collect::<Vec<_>>().join(" "), expected, "{name}");
    }
}
