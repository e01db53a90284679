//! A `docker` that answers as a test tells it to, and keeps what it was asked.

use std::fs;
use std::path::Path;

/// Programs `docker` and `docker-compose` in a folder that is to be the whole `PATH`.
///
/// Every command succeeds and prints nothing, until [`FakeDocker::answer`] says otherwise.
#[derive(Debug)]
pub struct FakeDocker(tempfile::TempDir);

/// The columns of what is listed, by which its lines are read: those of [`FakeDocker::containers`], and
/// those of a volume or a network.
const CONTAINER: &[&str] = &[
    ".Names",
    ".State",
    ".Status",
    r#"(.Label "com.docker.compose.service")"#,
    r#"(.Label "com.docker.compose.config-hash")"#,
    r#"(.Label "com.docker.compose.oneoff")"#,
    r#"(.Label "io.flowship.role")"#,
    r#"(.Label "io.flowship.flow")"#,
    r#"(.Label "com.docker.compose.project.working_dir")"#,
];
const THING: &[&str] = &[
    ".Name",
    r#"(.Label "com.docker.compose.project")"#,
    r#"(.Label "io.flowship.flow")"#,
    r#"(.Label "io.flowship.folder")"#,
];

/// `compose up` reads the file that it is given, and containers are there from then on: `ps` prints
/// `started` after it, and `there` before.
const SCRIPT: &str = r#"#!/bin/sh
here=${0%/*}
PATH=/usr/bin:/bin
case $0 in
*-compose) set -- compose "$@" ;;
esac
printf '%s\n' "$*" >>"$here/asked"
name=$1
case "$1 $2" in
'compose '*)
    for word; do
        case $word in version | up | config | logs) name="compose-$word" ;; esac
    done
    ;;
*' ls' | *' rm') name="$1-$2" ;;
esac
if [ -f "$here/$name.columns" ]; then
    case "$*" in
    *"--format $(cat "$here/$name.columns")") ;;
    *) echo "other columns than in $name.columns" >&2 && exit 1 ;;
    esac
fi
if [ -f "$here/$name.sh" ]; then
    . "$here/$name.sh"
    exit
fi
case $name in
compose-up) cat >"$here/file" ;;
ps) if [ -f "$here/file" ]; then cat "$here/started"; else cat "$here/there"; fi ;;
esac
"#;

/// One container as `docker ps` shows it.
#[derive(Debug, Clone, Copy)]
pub struct FakeContainer<'a> {
    /// Its service.
    pub service: &'a str,
    /// `running`, `exited`, …
    pub state: &'a str,
    /// Docker's own words for it.
    pub status: &'a str,
    /// `gateway`, `head` or `worker`.
    pub role: &'a str,
    /// The Flow that it says it is of.
    pub flow: &'a str,
    /// The folder in which Compose started it.
    pub folder: &'a Path,
}

impl FakeDocker {
    /// A Docker without containers.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    pub fn new() -> Self {
        let docker = Self(tempfile::tempdir().unwrap_or_else(|error| panic!("{error}")));
        docker.write("docker", SCRIPT);
        docker.write("docker-compose", SCRIPT);
        docker.write("there", "");
        docker.write("started", "");
        for (name, columns) in [("ps", CONTAINER), ("volume-ls", THING), ("network-ls", THING)] {
            let columns: Vec<_> = columns.iter().map(|one| format!("{{{{json {one}}}}}")).collect();
            docker.write(&format!("{name}.columns"), &columns.join("\t"));
        }
        for name in ["docker", "docker-compose"] {
            let path = docker.path().join(name);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(path, fs::Permissions::from_mode(0o755))
                    .unwrap_or_else(|error| panic!("{error}"));
            }
        }
        docker
    }

    /// The folder of the programs.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a script of `sh` for a command: `ps`, `compose-up`, `volume-ls`, `network-rm`, ….
    pub fn answer(&self, command: &str, script: &str) {
        self.write(&format!("{command}.sh"), script);
    }

    /// Prints lines for a command.
    pub fn print(&self, command: &str, lines: &[String]) {
        self.answer(command, &format!("cat <<'END'\n{}\nEND\n", lines.join("\n")));
    }

    /// Has these containers of the project `shop`, before and after `compose up`.
    pub fn containers(&self, there: &[FakeContainer<'_>], started: &[FakeContainer<'_>]) {
        for (name, containers) in [("there", there), ("started", started)] {
            let lines = containers.iter().map(|one| {
                let name = format!("shop-{}-1", one.service);
                let folder = one.folder.to_string_lossy();
                line(&[
                    &name,
                    one.state,
                    one.status,
                    one.service,
                    "hash",
                    "False",
                    one.role,
                    one.flow,
                    &folder,
                ]) + "\n"
            });
            self.write(name, &lines.collect::<String>());
        }
    }

    /// Forgets a program: `docker` or `docker-compose`.
    ///
    /// # Panics
    ///
    /// When it was not there.
    pub fn remove(&self, program: &str) {
        fs::remove_file(self.path().join(program)).unwrap_or_else(|error| panic!("{error}"));
    }

    /// What it was asked so far, one line a command.
    pub fn asked(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path().join("asked")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap_or_else(|error| panic!("{error}"));
    }
}

impl Default for FakeDocker {
    fn default() -> Self {
        Self::new()
    }
}

/// A line of columns, as Docker prints what it lists.
pub fn line(columns: &[&str]) -> String {
    let columns = columns.iter().map(|column| serde_json::json!(column).to_string());
    columns.collect::<Vec<_>>().join("\t")
}
