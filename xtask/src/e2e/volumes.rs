//! Volumes for claims, as a cluster's own storage would make them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::server::Server;

/// Makes the storage class that blocks of fixtures and pages name. Its volumes are made by
/// [`provide`].
pub(crate) fn class(server: &Server) -> anyhow::Result<()> {
    server.create(&json!({
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "fast"},
        "provisioner": "flowship.example.com/e2e",
    }))
}

/// Makes a volume for every claim that has none, in a folder of this machine.
pub(crate) fn provide(server: &Server, folder: &Path) -> anyhow::Result<()> {
    for claim in server.list("/api/v1/persistentvolumeclaims")? {
        if claim["spec"]["volumeName"].is_string() || claim["metadata"]["uid"].is_null() {
            continue;
        }
        let uid = claim["metadata"]["uid"].as_str().unwrap_or_default();
        let path = folder.join("volumes").join(uid);
        if path.exists() {
            continue;
        }
        fs::create_dir_all(&path)?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let owner: BTreeMap<_, _> = ["name", "namespace", "uid"]
            .map(|field| (field, text(&claim["metadata"][field])))
            .into();
        server.create(&json!({
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": format!("volume-{uid}")},
            "spec": {
                "accessModes": claim["spec"]["accessModes"],
                "capacity": claim["spec"]["resources"]["requests"],
                "storageClassName": text(&claim["spec"]["storageClassName"]),
                "claimRef": owner,
                // Unlike those of `hostPath`, its files can be given to the group of a Pod.
                "local": {"path": path},
                "nodeAffinity": {"required": {"nodeSelectorTerms": [
                    {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "Exists"}]},
                ]}},
            },
        }))?;
    }
    Ok(())
}

/// Does something while claims get volumes.
pub(crate) fn while_provided<T>(server: &Server, folder: &Path, work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                // A claim that is lost is one that gets a volume a moment later.
                let _ = provide(server, folder);
                thread::sleep(Duration::from_millis(300));
            }
        });
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        done
    })
}
