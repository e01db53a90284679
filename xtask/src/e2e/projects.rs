//! Flows on Docker Compose beside each other, and beside others: none touches what is not its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::compose::Setup;
use super::image;
use crate::command::said;

/// The same file name in two folders, another Flow in one of them, a folder of the same name
/// elsewhere, and a project of somebody else's.
pub(super) fn run(setup: &Setup) -> anyhow::Result<String> {
    let all = Flows::write(setup)?;
    let tried = all.try_them(setup);
    // Whatever happens, nothing is left.
    for flow in [&all.first, &all.second, &all.beside] {
        setup.flowship(&["down", "--volumes", "--quiet"], flow)?;
    }
    for things in [["rm", "--force", STRANGER].as_slice(), &["volume", "rm", STRANGER]] {
        // It may not be there.
        let _ = setup.engine.docker().args(things).output();
    }
    tried?;
    Ok("each Flow started and removed what is its own, and nothing else".to_owned())
}

/// A container and a volume that no Flow made.
const STRANGER: &str = "e2e-stranger";

struct Flows {
    /// `a/flow.yml`.
    first: PathBuf,
    /// `b/flow.yml`.
    second: PathBuf,
    /// `a/other.yml`.
    beside: PathBuf,
    /// `elsewhere/a/flow.yml`.
    namesake: PathBuf,
    /// `stranger/flow.yml`, in whose project somebody else is.
    taken: PathBuf,
}

impl Flows {
    fn write(setup: &Setup) -> anyhow::Result<Self> {
        let write = |path: &str, port: u16| -> anyhow::Result<PathBuf> {
            let flow = setup.folder.join(path);
            let folder = flow.parent().unwrap_or(&flow);
            fs::create_dir_all(folder)?;
            let name = Path::new(path).parent().unwrap_or(folder);
            fs::write(folder.join("conf.txt"), name.as_os_str().as_encoded_bytes())?;
            let image = image::NAME;
            let text = format!(
                "jtype: Flow\ngateway: {{port: {port}}}\nexecutors:\n  - name: tell\n    \
                 uses: docker://{image}\n    volumes: [./conf.txt:/conf.txt, /keep]\n    env: \
                 {{NOTE: '${{{{ ENV.E2E_NOTE }}}}'}}\n"
            );
            fs::write(&flow, text)?;
            Ok(flow)
        };
        Ok(Self {
            first: write("a/flow.yml", 55_121)?,
            second: write("b/flow.yml", 55_122)?,
            beside: write("a/other.yml", 55_123)?,
            namesake: write("elsewhere/a/flow.yml", 55_124)?,
            taken: write("stranger/flow.yml", 55_125)?,
        })
    }

    fn try_them(&self, setup: &Setup) -> anyhow::Result<()> {
        up(setup, &self.first)?;
        up(setup, &self.second)?;
        for project in ["a", "b"] {
            let container = setup.container(project, "tell")?;
            let read = said(setup.engine.docker().args(["exec", &container, "cat", "/conf.txt"]))?;
            ensure!(read == project, "the container of {project} reads the file of {read}");
        }
        let before = snapshot(setup)?;

        // Another Flow in the folder, and one of a folder of the same name.
        refused(setup, &self.beside, "container a")?;
        refused(setup, &self.namesake, "container a")?;
        let mut strange = setup.engine.docker();
        strange.args(["run", "--detach", "--name", STRANGER, "--entrypoint", "sleep"]);
        strange.args(["--label", "com.docker.compose.project=stranger", image::NAME, "600"]);
        said(&mut strange)?;
        refused(setup, &self.taken, &format!("container {STRANGER}"))?;
        said(setup.engine.docker().args(["rm", "--force", STRANGER]))?;
        let mut strange = setup.engine.docker();
        strange.args(["volume", "create", "--label", "com.docker.compose.project=stranger"]);
        said(strange.arg(STRANGER))?;
        refused(setup, &self.taken, &format!("volume {STRANGER}"))?;

        // `down` of each of them removes nothing of the others. It needs no variable.
        for flow in [&self.beside, &self.namesake, &self.taken] {
            setup.flowship(&["down", "--volumes", "--quiet"], flow)?;
        }
        let after = snapshot(setup)?;
        ensure!(after == with(&before, STRANGER), "{after:?} is there instead of {before:?}");

        // Beside the first under a project of its own, and gone again.
        let mut beside = setup.command();
        beside.args(["up", "--quiet", "--project-name", "c"]).arg(&self.beside);
        crate::command::checked(beside.env("E2E_NOTE", NOTE))?;
        setup.flowship(&["down", "--volumes", "--quiet", "--project-name", "c"], &self.beside)?;
        ensure!(snapshot(setup)? == after, "`down` of one project changed another");

        // Volumes outlive `down`, and go with the Flow that made them.
        setup.flowship(&["down", "--quiet"], &self.first)?;
        setup.flowship(&["down", "--volumes", "--quiet"], &self.namesake)?;
        let volumes: Vec<_> = said(setup.engine.docker().args(["volume", "ls", "--quiet"]))?
            .lines()
            .map(str::to_owned)
            .collect();
        for volume in ["a_tell_keep", "b_tell_keep"] {
            ensure!(volumes.iter().any(|found| found == volume), "{volume} is gone: {volumes:?}");
        }
        refused(setup, &self.namesake, "volume a_tell_keep")
    }
}

/// A value that no output may show.
const NOTE: &str = "canary-of-the-note";

fn up(setup: &Setup, flow: &Path) -> anyhow::Result<()> {
    let mut up = setup.command();
    let output = crate::command::checked(up.arg("up").arg(flow).env("E2E_NOTE", NOTE))?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(!words.contains(NOTE), "{words}");
    Ok(())
}

/// `up` names what is in the way, and changes nothing.
fn refused(setup: &Setup, flow: &Path, why: &str) -> anyhow::Result<()> {
    let before = snapshot(setup)?;
    let mut up = setup.command();
    let output = up.args(["up", "--quiet"]).arg(flow).env("E2E_NOTE", NOTE).output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() == Some(2) && words.contains(why) && words.contains("--project-name"),
        "{} was not refused over {why}: {words}",
        flow.display()
    );
    ensure!(snapshot(setup)? == before, "a refused `up` of {} changed something", flow.display());
    Ok(())
}

/// Names of all containers, volumes and networks, and the ids of containers.
fn snapshot(setup: &Setup) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    for list in [
        ["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.State}}"].as_slice(),
        &["volume", "ls", "--quiet"],
        &["network", "ls", "--format", "{{.Name}}"],
    ] {
        all.extend(said(setup.engine.docker().args(list))?.lines().map(str::to_owned));
    }
    all.sort();
    Ok(all)
}

fn with(before: &[String], more: &str) -> Vec<String> {
    let mut all = before.to_vec();
    all.push(more.to_owned());
    all.sort();
    all
}
