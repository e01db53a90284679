//! The meshes of this program.

use backend_k8s::mesh::{NoMesh, ServiceMesh};
use mesh_istio::{Istio, IstioAmbient};
use mesh_linkerd::Linkerd;

/// All meshes. To add a mesh, add it here.
pub(crate) fn all() -> Vec<Box<dyn ServiceMesh>> {
    vec![
        // One line per mesh.
        Box::new(Linkerd),
        Box::new(Istio),
        Box::new(IstioAmbient),
        Box::new(NoMesh),
    ]
}

/// The values of `--mesh`.
pub(crate) fn names() -> Vec<&'static str> {
    all().iter().map(|mesh| mesh.identity().name).collect()
}

/// The mesh with this name.
pub(crate) fn find(name: &str) -> Option<Box<dyn ServiceMesh>> {
    all().into_iter().find(|mesh| mesh.identity().name == name)
}
