//! What each library offers, listed: a change of it is seen in a diff.

use std::fs;

use anyhow::{Context as _, bail, ensure};

use crate::cache;
use crate::command::{self, workspace};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail when a list is not what it would be.
    #[arg(long)]
    check: bool,
}

/// Pinned, so that a new version is a new installation.
const CARGO_PUBLIC_API: &str = "0.52.0";

/// Crates for others to use.
const LIBRARIES: [&str; 6] =
    ["flow-model", "flow-validate", "backend-k8s", "backend-compose", "mesh-linkerd", "mesh-istio"];

/// Writes the list of each library into its folder, or checks it.
#[expect(clippy::print_stdout, reason = "what was left out has to be said")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if !command::has_nightly() {
        println!(
            "left out: what lists public items needs a nightly Rust (`rustup toolchain install nightly`)"
        );
        return Ok(());
    }
    let program = cache::cargo_program("cargo-public-api", CARGO_PUBLIC_API)?;
    let mut stale = Vec::new();
    for library in LIBRARIES {
        let mut list = command::nightly(&program)?;
        // Without the traits that nearly every type has.
        list.args(["public-api", "--simplified", "--simplified", "--simplified"]);
        list.args(["--all-features", "--color", "never"]);
        list.args(["--package", library]);
        // A program chooses the version; these are compiled alone.
        list.env("K8S_OPENAPI_ENABLED_VERSION", "1.33");
        let output = list.output().context("cannot run cargo public-api")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        let file = workspace().join(library).join("public-api.txt");
        if fs::read_to_string(&file).is_ok_and(|found| found == text) {
            continue;
        }
        if args.check {
            stale.push(library);
        } else {
            fs::write(file, text)?;
        }
    }
    if !stale.is_empty() {
        let stale = stale.join(", ");
        bail!("{stale}: public items have changed; run `cargo xtask public-api` and read the diff");
    }
    Ok(())
}
