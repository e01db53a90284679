//! What each library offers, listed: a change of it is seen in a diff.

use crate::cache;
use crate::command;
use crate::generate::Args;

/// Pinned, so that a new version is a new installation.
const CARGO_PUBLIC_API: &str = "0.52.0";

/// Crates for others to use.
const LIBRARIES: [&str; 6] =
    ["flow-model", "flow-validate", "backend-k8s", "backend-compose", "mesh-linkerd", "mesh-istio"];

/// Writes the list of each library into its folder, or checks it.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if !command::has_nightly("lists of public items") {
        return Ok(());
    }
    let program = cache::cargo_program("cargo-public-api", CARGO_PUBLIC_API)?;
    let mut lists = Vec::new();
    for library in LIBRARIES {
        let mut list = command::nightly(&program)?;
        // Without the traits that nearly every type has.
        list.args(["public-api", "--simplified", "--simplified", "--simplified"]);
        list.args(["--all-features", "--color", "never", "--package", library]);
        // A program chooses the version; these are compiled alone.
        list.env("K8S_OPENAPI_ENABLED_VERSION", "1.33");
        let text = String::from_utf8(command::checked(&mut list)?.stdout)?;
        lists.push((format!("{library}/public-api.txt"), text));
    }
    args.settle(lists, "public-api")
}
