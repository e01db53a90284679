//! The list of an export's files for Kustomize.

use flow_model::{BundleFile, Document, Origins};
use serde::Serialize;

/// The name of the file. Kustomize also reads `kustomization.yaml`, but so does `kubectl apply -R`,
/// which would send it to the API server.
const NAME: &str = "Kustomization";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kustomization {
    api_version: &'static str,
    kind: &'static str,
    resources: Vec<String>,
}

/// The list of files with these paths, with which their folder is a base of Kustomize.
///
/// It is not an object of the cluster, and so it is not part of the Bundle.
pub fn kustomization<'a>(paths: impl IntoIterator<Item = &'a str>) -> BundleFile {
    let resources = paths.into_iter().map(str::to_owned).collect();
    let list = Kustomization {
        api_version: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        resources,
    };
    BundleFile::yaml(NAME, vec![Document::new(list, Origins::new())])
}
