//! Archives of images, as `docker save` writes them; Docker and containerd load them.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::command::{hex, run};

/// Part of a tree of files that becomes a layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer<'a> {
    /// Paths in the tree; all of it where there are none.
    pub(crate) only: &'a [&'a str],
    /// Paths in the tree that are left out.
    pub(crate) without: &'a [&'a str],
}

/// Writes an archive of one image.
///
/// `config` is what the image says of its processes: `Env`, `WorkingDir`, `Entrypoint`.
pub(crate) fn write(
    archive: &Path,
    name: &str,
    tree: &Path,
    layers: &[Layer<'_>],
    config: &Value,
) -> anyhow::Result<()> {
    let staging = archive.with_extension("staging");
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    fs::create_dir_all(&staging)?;
    let mut names = Vec::new();
    let mut digests = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let name = format!("layer-{index}.tar");
        let file = staging.join(&name);
        let mut tar = tar(&file, tree);
        tar.args(layer.without.iter().map(|path| format!("--exclude=./{path}")));
        if layer.only.is_empty() {
            tar.arg(".");
        }
        run(tar.args(layer.only.iter().map(|path| format!("./{path}"))))?;
        digests.push(format!("sha256:{}", digest(&file)?));
        names.push(name);
    }
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let image = json!({
        "architecture": architecture,
        "os": "linux",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": digests},
    });
    let manifest = json!([{"Config": "config.json", "RepoTags": [name], "Layers": names}]);
    fs::write(staging.join("config.json"), image.to_string())?;
    fs::write(staging.join("manifest.json"), manifest.to_string())?;
    let whole = archive.with_extension("new");
    run(tar(&whole, &staging).arg("."))?;
    fs::rename(whole, archive)?;
    fs::remove_dir_all(staging)?;
    Ok(())
}

/// The same bytes for the same files, so that an image loaded twice is one image.
fn tar(file: &Path, folder: &Path) -> Command {
    let mut tar = Command::new("tar");
    tar.args(["--create", "--sort=name", "--mtime=@0", "--numeric-owner", "--file"]).arg(file);
    tar.arg("--directory").arg(folder);
    tar
}

fn digest(file: &PathBuf) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    let mut file = File::open(file)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}
