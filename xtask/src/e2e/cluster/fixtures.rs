//! Every fixture, applied twice.

use flowship_tests::MESHES;
use flowship_tests::fixtures;

use super::stage::Stage;

/// Applies the fixtures with each mesh; the second time changes nothing.
#[expect(clippy::print_stdout, reason = "the count is what the task is for")]
pub(super) fn run(stage: &Stage<'_>) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut applied = 0;
    for mesh in MESHES {
        for fixture in fixtures("accepted") {
            let mut arguments = fixture.arguments();
            if arguments.iter().any(|word| word == "--docker-compose") {
                continue;
            }
            if let Some(at) = arguments.iter().position(|word| word == "--k8s-namespace") {
                arguments.drain(at..at + 2);
            }
            if let Some(at) = arguments.iter().position(|word| word == "--mesh") {
                if arguments.get(at + 1).is_none_or(|asked| asked != mesh) {
                    continue;
                }
                arguments.drain(at..at + 2);
            }
            let namespace = crate::e2e::exports::namespace(mesh, &format!("x-{}", fixture.name));
            let path = fixture.path.display().to_string();
            let mut words = vec!["apply", &path, "-q", "--mesh", mesh, "-n", &namespace];
            words.extend(["--wait=false", "--allow", "mesh-missing", "--timeout", "60s"]);
            // What only an export takes.
            let only_export = ["--namespace-object"];
            words.extend(
                arguments.iter().map(String::as_str).filter(|word| !only_export.contains(word)),
            );
            let environment = fixture.environment();
            let first = stage.run_with(&words, &environment)?;
            let before = stage.objects(&namespace)?;
            let second = stage.run_with(&words, &environment)?;
            let after = stage.objects(&namespace)?;
            applied += 1;
            for ran in [&first, &second] {
                if ran.code != Some(0) {
                    problems.push(format!("{namespace}: exit {:?}: {}", ran.code, ran.stderr));
                }
            }
            let changed = after.iter().filter(|(name, text)| before.get(*name) != Some(text));
            problems.extend(changed.map(|(name, _)| format!("{namespace}: {name} changed again")));
            stage.cluster.server.delete(&format!("/api/v1/namespaces/{namespace}"))?;
        }
    }
    println!("{applied} Flows were applied twice");
    Ok(problems)
}
