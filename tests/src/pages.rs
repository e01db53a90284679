//! What pages show: files, commands, and what commands print.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace;

/// What a command of a page needs beside flowship and a shell: the word after `console`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: `cargo test` runs it.
    Nothing,
    /// A Docker Engine (`console docker`): `cargo xtask e2e compose` runs it.
    Docker,
    /// A cluster (`console cluster`): `cargo xtask e2e api` runs it.
    Cluster,
}

enum Step {
    /// A `yaml` or `toml` block that begins with `# NAME.yml`: a file that later commands read.
    File { name: String, text: String },
    /// A line of a `console` block that begins with `$ `, and the lines after it.
    Command { line: usize, command: String, needs: Needs, output: String },
}

/// The README and all of `docs`.
///
/// # Panics
///
/// When the folder cannot be read.
pub fn pages() -> Vec<PathBuf> {
    let docs = workspace().join("docs");
    let entries = fs::read_dir(&docs).unwrap_or_else(|error| panic!("{error}: {}", docs.display()));
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut pages: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    pages.sort();
    pages.insert(0, workspace().join("README.md"));
    pages
}

/// Runs the commands of a page one after the other, in a folder that holds `examples` and the files
/// that the page shows, and compares what those print that need just this. `…` in a page stands for
/// anything; `programs` are found before others of their names. Returns how many were compared.
///
/// # Errors
///
/// With the place of the first command that prints something else, and what it prints.
pub fn run(
    page: &Path,
    programs: &[&Path],
    needs: Needs,
    variables: &[(&str, String)],
) -> Result<usize, String> {
    let steps = steps(page)?;
    let is_wanted = |step: &Step| matches!(step, Step::Command { needs: n, .. } if *n == needs);
    if !steps.iter().any(is_wanted) {
        return Ok(0);
    }
    let text = |error: std::io::Error| format!("{}: {error}", page.display());
    let folder = tempfile::tempdir().map_err(text)?;
    copy_examples(folder.path()).map_err(text)?;
    let mut path: Vec<_> = programs.iter().filter_map(|program| program.parent()).collect();
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let inherited: Vec<_> = std::env::split_paths(&inherited).collect();
    path.extend(inherited.iter().map(PathBuf::as_path));
    let path = std::env::join_paths(path).map_err(|error| error.to_string())?;
    let mut count = 0;
    for step in steps {
        let (line, command, shown) = match step {
            Step::File { name, text: body } => {
                fs::write(folder.path().join(name), body).map_err(text)?;
                continue;
            }
            Step::Command { needs: other, .. } if other != needs && other != Needs::Nothing => {
                continue;
            }
            Step::Command { line, command, needs: of_this, output } => {
                (line, command, (of_this == needs).then_some(output))
            }
        };
        let mut run = Command::new("sh");
        run.args(["-c", &command]).current_dir(folder.path()).env("PATH", &path);
        for variable in ["JINA_GATEWAY_IMAGE", "JINA_LOG_LEVEL"] {
            run.env_remove(variable);
        }
        let run = run.envs(variables.iter().cloned()).output().map_err(text)?;
        let printed = [run.stdout, run.stderr].concat();
        let printed = String::from_utf8_lossy(&printed);
        let Some(shown) = shown else { continue };
        count += 1;
        if !is_shown(printed.trim(), shown.trim()) {
            return Err(format!("{}:{line}: `{command}` prints\n{printed}", page.display()));
        }
    }
    Ok(count)
}

/// Whether `shown` is what was printed, when each `…` stands for anything.
fn is_shown(printed: &str, shown: &str) -> bool {
    let parts: Vec<&str> = shown.split('…').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    if parts.len() == 1 {
        return printed == shown;
    }
    let Some(mut rest) = printed.strip_prefix(first) else { return false };
    for part in &parts[1..parts.len() - 1] {
        let Some(at) = rest.find(part.trim()) else { return false };
        rest = &rest[at + part.trim().len()..];
    }
    rest.ends_with(last.trim())
}

fn copy_examples(folder: &Path) -> std::io::Result<()> {
    let target = folder.join("examples");
    fs::create_dir(&target)?;
    for example in fs::read_dir(workspace().join("examples"))? {
        let example = example?;
        if example.path().is_file() {
            fs::copy(example.path(), target.join(example.file_name()))?;
        }
    }
    Ok(())
}

fn steps(page: &Path) -> Result<Vec<Step>, String> {
    let text = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
    let mut steps = Vec::new();
    let mut block = None;
    for (index, line) in text.lines().enumerate() {
        match (block, line) {
            (Some(_), "```") => block = None,
            (None, _) => block = line.strip_prefix("```"),
            (Some("yaml" | "toml"), _) if file_name(line).is_some() => {
                // Lines are counted with the name, which is a comment.
                let name = file_name(line).unwrap_or_default().to_owned();
                steps.push(Step::File { name, text: format!("{line}\n") });
                block = Some("file");
            }
            (Some("file"), _) => {
                if let Some(Step::File { text, .. }) = steps.last_mut() {
                    *text += line;
                    text.push('\n');
                }
            }
            (Some(info @ ("console" | "console docker" | "console cluster")), _) => {
                if let Some(command) = line.strip_prefix("$ ") {
                    let needs = match info {
                        "console docker" => Needs::Docker,
                        "console cluster" => Needs::Cluster,
                        _ => Needs::Nothing,
                    };
                    let command = command.to_owned();
                    steps.push(Step::Command {
                        line: index + 1,
                        command,
                        needs,
                        output: String::new(),
                    });
                } else if let Some(Step::Command { output, .. }) = steps.last_mut() {
                    *output += line;
                    output.push('\n');
                }
            }
            (Some(info), _) if info.starts_with("console") => {
                return Err(format!("{}:{}: nothing runs `{info}`", page.display(), index + 1));
            }
            (Some(_), _) => {}
        }
    }
    Ok(steps)
}

/// The name of a file that a line `# NAME.yml` begins.
fn file_name(line: &str) -> Option<&str> {
    let name = line.strip_prefix("# ")?;
    let is_name = !name.contains(char::is_whitespace);
    let is_file = Path::new(name).extension();
    let is_file = is_file.is_some_and(|end| end == "yml" || end == "yaml" || end == "toml");
    (is_name && is_file).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::is_shown;

    #[test]
    fn an_ellipsis_stands_for_anything() {
        for (printed, shown, expected) in [
            ("a\nb", "a\nb", true),
            ("a\nb", "a", false),
            ("a\nb\nc", "a\n…\nc", true),
            ("a\nb\nc", "…\nc", true),
            ("a\nb\nc", "a\n…", true),
            ("a\nb\nc", "…\nb\n…", true),
            ("a\nb\nc", "…\nd\n…", false),
            ("a\nb\nc", "b\n…", false),
            ("", "…", true),
            ("x   1   2s", "x   1   …", true),
        ] {
            assert_eq!(is_shown(printed, shown), expected, "{printed:?} {shown:?}");
        }
    }
}
