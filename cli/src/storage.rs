//! Settings of persistent volumes, from the variables that Jina's export also reads.

use anyhow::Context as _;
use backend_k8s::Storage;

use crate::environment::Environment;

const ACCESS_MODES: &str = "JINA_K8S_ACCESS_MODES";
const CAPACITY: &str = "JINA_K8S_STORAGE_CAPACITY";
const CLASS: &str = "JINA_K8S_STORAGE_CLASS_NAME";

/// The storage settings of the environment.
pub(crate) fn storage(environment: &Environment) -> anyhow::Result<Storage> {
    let mut storage = Storage::default();
    if let Some(class) = environment.variable(CLASS)? {
        storage.set_class(class).context(CLASS)?;
    }
    if let Some(capacity) = environment.variable(CAPACITY)? {
        let capacity = capacity.parse().context(CAPACITY)?;
        storage.set_capacity(capacity).context(CAPACITY)?;
    }
    if let Some(modes) = environment.variable(ACCESS_MODES)? {
        // Jina takes a list in JSON.
        let listed = modes.trim().trim_start_matches('[').trim_end_matches(']').split(',');
        let modes = listed.map(|mode| mode.trim().trim_matches('"').to_owned());
        storage.set_access_modes(modes.collect()).context(ACCESS_MODES)?;
    }
    Ok(storage)
}
