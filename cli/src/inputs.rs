//! The files that `check` reads: those that are named, and the Flows among those of folders and
//! globs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use flow_model::flow;

use crate::{input, terminal};

/// Files to check.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Inputs {
    /// In the order in which they were named, those of a folder by name. Each once.
    pub(crate) files: Vec<PathBuf>,
    /// Folders and globs in which there is no Flow.
    pub(crate) empty: Vec<PathBuf>,
}

/// Finds the files. What is named is checked, whatever it is, unless `skips_others`: then, and in
/// folders and globs, files that are not Flows are left out.
pub(crate) fn find<'a>(
    named: impl Iterator<Item = &'a Path>,
    skips_others: bool,
) -> anyhow::Result<Inputs> {
    let mut inputs = Inputs::default();
    let mut seen = BTreeSet::new();
    let mut add = |inputs: &mut Inputs, path: PathBuf| {
        // Stdin that is named twice is an error of its own.
        if path == Path::new("-") || seen.insert(path.clone()) {
            inputs.files.push(path);
        }
    };
    for path in named {
        let found = if path.is_dir() {
            let mut found = Vec::new();
            walk(path, &mut found)
                .with_context(|| format!("cannot read {}", terminal::path(path)))?;
            found
        } else if let Some(pattern) = as_glob(path) {
            let found = glob(&pattern)?;
            if found.is_empty() {
                bail!("no file matches {}", terminal::path(path));
            }
            found
        } else {
            if !skips_others || path == Path::new("-") || may_be_flow(path) {
                add(&mut inputs, path.to_owned());
            }
            continue;
        };
        let flows: Vec<_> = found.into_iter().filter(|path| is_flow(path)).collect();
        if flows.is_empty() {
            inputs.empty.push(path.to_owned());
        }
        for path in flows {
            add(&mut inputs, path);
        }
    }
    Ok(inputs)
}

/// The pattern of a path that does not exist and has characters of patterns.
fn as_glob(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    (text.contains(['*', '?', '[']) && !path.exists()).then(|| text.to_owned())
}

fn glob(pattern: &str) -> anyhow::Result<Vec<PathBuf>> {
    let options = glob::MatchOptions {
        // As in a shell: `*` matches no hidden file.
        require_literal_leading_dot: true,
        require_literal_separator: true,
        ..glob::MatchOptions::default()
    };
    let paths = glob::glob_with(pattern, options)
        .with_context(|| format!("`{pattern}` is not a valid pattern"))?;
    // What may not be looked into holds nothing to check.
    Ok(paths.filter_map(Result::ok).filter(|path| path.is_file()).collect())
}

/// The YAML files below a folder, by name. Hidden folders, and links to folders, are left out.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        let path = if folder == Path::new(".") { name.into() } else { folder.join(&name) };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            // A folder that may not be read is not a reason to check nothing.
            let _ = walk(&path, found);
        } else if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether a file that was found holds a Flow. One that cannot be read does not.
fn is_flow(path: &Path) -> bool {
    input::read_regular(path).is_ok_and(|text| text.is_ok_and(|text| flow::is_flow(&text)))
}

/// Whether a file that was named may hold a Flow. One that cannot be read is reported.
fn may_be_flow(path: &Path) -> bool {
    match input::read_regular(path) {
        Err(_) => true,
        Ok(text) => text.is_ok_and(|text| flow::is_flow(&text)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::find;

    #[test]
    fn of_folders_and_globs_only_flows_are_checked() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("sub/.hidden")).unwrap();
        let flow = "jtype: Flow\nexecutors: []\n";
        for (path, text) in [
            ("b.yml", flow),
            ("a.yaml", "!Flow\nexecutors: []\n"),
            ("sub/deployment.yml", "jtype: Deployment\nwith: {}\n"),
            ("sub/executor.yml", "jtype: Encoder\n"),
            ("sub/broken.yml", "jtype: Flow\nexecutors: [\n"),
            ("sub/.hidden/flow.yml", flow),
            ("sub/.flow.yml", flow),
            ("notes.txt", flow),
            ("kubernetes.yml", "kind: Deployment\n"),
            ("pods.yml", "pods:\n  - name: a\n"),
            ("several.yml", "a: 1\n---\njtype: Flow\n"),
            ("broken.yml", "a: [\n"),
        ] {
            fs::write(at(path), text).unwrap();
        }
        let found = |named: &[&str], skips_others| {
            let named: Vec<PathBuf> = named.iter().map(|path| at(path)).collect();
            let inputs = find(named.iter().map(PathBuf::as_path), skips_others).unwrap();
            let shown = |path: &PathBuf| {
                let path = path.strip_prefix(folder.path()).unwrap_or(path);
                path.display().to_string()
            };
            let empty: Vec<_> = inputs.empty.iter().map(shown).collect();
            (inputs.files.iter().map(shown).collect::<Vec<_>>(), empty)
        };
        let files =
            |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        let all = ["a.yaml", "b.yml", "several.yml", "sub/broken.yml", "sub/deployment.yml"];
        assert_eq!(found(&[""], false), (files(&all), files(&[])));
        assert_eq!(found(&["b.yml", ""], false).0[..2], files(&["b.yml", "a.yaml"]));
        assert_eq!(found(&["*.yml"], false).0, files(&["b.yml", "several.yml"]));
        assert_eq!(found(&["**/d*.yml"], false).0, files(&["sub/deployment.yml"]));
        assert_eq!(found(&["k*.yml"], false), (files(&[]), files(&["k*.yml"])));
        assert!(find([Path::new("none*")].into_iter(), false).is_err());
        assert_eq!(found(&["kubernetes.yml", "missing"], false).0.len(), 2);
        assert_eq!(
            found(&["kubernetes.yml", "missing", "b.yml"], true).0,
            files(&["missing", "b.yml"])
        );
        assert_eq!(
            find([Path::new("-"), Path::new("-")].into_iter(), true).unwrap().files.len(),
            2
        );
    }
}
