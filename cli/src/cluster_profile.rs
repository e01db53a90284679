//! Profiles of clusters: those that are built in, and files.

use std::path::Path;

use backend_k8s::ClusterProfile;
use flow_model::{Limits, Sources};

use crate::findings::Findings;
use crate::input;

/// The profile of this name, or of this file.
pub(crate) fn read(name: &Path) -> anyhow::Result<ClusterProfile> {
    if let Some(built_in) = name.to_str().and_then(ClusterProfile::named) {
        return Ok(built_in);
    }
    let input = input::read(name)?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text.as_str());
    let (profile, diagnostics) = ClusterProfile::read(file, &input.text, &Limits::default());
    if diagnostics.is_empty() {
        return Ok(profile);
    }
    // The wrong file may have been named.
    sources.hide(file);
    Err(Findings { diagnostics, sources }.into())
}
