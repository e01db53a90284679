//! What blocks add to a workload besides partial objects: `claims`, `files`, `cache` and
//! `sharedMemory`.

use std::collections::BTreeMap;
use std::sync::Arc;

use flow_model::names::{DNS_SUBDOMAIN, SECRET_KEY, is_dns_subdomain, is_secret_key};
use flow_model::plan::{Layer, Workload, volume_label};
use flow_model::values::{BlockWord, TreeEntry, WRONG_VALUE};
use flow_model::{Diagnostic, Diagnostics, Origins, Span, Spanned};
use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, EmptyDirVolumeSource, KeyToPath, PersistentVolumeClaim,
    PersistentVolumeClaimVolumeSource, SecretVolumeSource, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use serde::Deserialize;

use super::check::check;
use super::patch::Patch;
use super::requirements::IN_THOUSANDTHS;
use crate::rules::{LONE_CACHE, NO_SUCH_PART};
use crate::storage::{self, Storage, VolumeSettings};

/// What blocks add to the Pods of a workload.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// By path.
    claims: BTreeMap<String, Claim>,
    /// By path.
    files: BTreeMap<String, File>,
    cache: Option<Spanned<Cache>>,
    shared_memory: Option<Spanned<Quantity>>,
}

/// The storage of a volume.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Claim {
    size: Option<Quantity>,
    storage_class_name: Option<String>,
    access_modes: Option<Vec<String>>,
    retain: Option<bool>,
    #[serde(skip)]
    span: Option<Span>,
    #[serde(skip)]
    retain_span: Option<Span>,
}

/// A folder that outlives Pods.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Cache {
    path: Option<String>,
    size: Option<Quantity>,
    storage_class_name: Option<String>,
    access_modes: Option<Vec<String>>,
}

/// A file, or a folder of files.
#[derive(Debug)]
struct File {
    source: FileSource,
    /// The text of the file that `from` names.
    text: Option<Arc<str>>,
    span: Option<Span>,
}

/// Where a file comes from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FileSource {
    from: Option<String>,
    secret: Option<String>,
    config_map: Option<String>,
    key: Option<String>,
    mode: Option<i32>,
    optional: Option<bool>,
}

/// The volume of files beside the Flow. No [`volume_label`] has this form.
const FILES: &str = "config-files";

/// The volume of the cache. No [`volume_label`] has this form.
const CACHE: &str = "model-cache";

/// The folder of shared memory.
const SHARED_MEMORY: &str = "/dev/shm";

impl Parts {
    /// Those of a workload; later blocks win.
    pub(crate) fn of(workload: &Workload, diagnostics: &mut Diagnostics) -> Self {
        let mut parts = Self::default();
        for layer in &workload.blocks {
            parts.read_claims(layer, workload, diagnostics);
            parts.read_files(layer, diagnostics);
            parts.read_cache(layer, diagnostics);
            if let Some(entry) = layer.block.get(BlockWord::SharedMemory) {
                let (_, size) = check::<Quantity>("sharedMemory", &entry.value, diagnostics);
                check_capacity("sharedMemory", size.as_ref(), entry.value.span, diagnostics);
                parts.shared_memory = size.map(|value| Spanned { value, span: entry.value.span });
            }
        }
        parts.check(workload, diagnostics);
        parts
    }

    fn read_claims(&mut self, layer: &Layer, workload: &Workload, diagnostics: &mut Diagnostics) {
        for (path, entry) in entries(layer, BlockWord::Claims) {
            if entry.value.value.is_null() {
                self.claims.remove(path);
                continue;
            }
            let (patch, claim) = check::<Claim>(path, &entry.value, diagnostics);
            let Some(claim) = claim else { continue };
            check_class(claim.storage_class_name.as_deref(), &patch, diagnostics);
            check_size(claim.size.as_ref(), &patch, diagnostics);
            check_modes(claim.access_modes.as_deref(), &patch, diagnostics);
            let is_volume = workload.volumes.iter().any(|volume| volume.target() == path);
            if !is_volume {
                // Of the Flow's claims each workload takes its own; the Flow as a whole is checked
                // elsewhere.
                if !layer.is_shared {
                    diagnostics.push(no_volume(path, entry, workload));
                }
                continue;
            }
            let retain_span = patch.get("retain").and_then(|retain| retain.span);
            let before = self.claims.remove(path).unwrap_or_default();
            let claim = Claim {
                size: claim.size.or(before.size),
                storage_class_name: claim.storage_class_name.or(before.storage_class_name),
                access_modes: claim.access_modes.or(before.access_modes),
                retain: claim.retain.or(before.retain),
                span: entry.value.span,
                retain_span: retain_span.or(before.retain_span),
            };
            self.claims.insert(path.clone(), claim);
        }
    }

    fn read_files(&mut self, layer: &Layer, diagnostics: &mut Diagnostics) {
        for (path, entry) in entries(layer, BlockWord::Files) {
            self.files.remove(path);
            if entry.value.value.is_null() {
                continue;
            }
            check_path("files", path, entry.key, diagnostics);
            let (patch, source) = check::<FileSource>(path, &entry.value, diagnostics);
            let Some(source) = source else { continue };
            check_source(path, entry, &source, &patch, diagnostics);
            let file = source.from.as_deref().and_then(|from| layer.block.file(from));
            let text = file.map(|file| Arc::clone(&file.text));
            self.files.insert(path.clone(), File { source, text, span: entry.value.span });
        }
    }

    fn read_cache(&mut self, layer: &Layer, diagnostics: &mut Diagnostics) {
        let Some(entry) = layer.block.get(BlockWord::Cache) else { return };
        let (patch, cache) = check::<Cache>("cache", &entry.value, diagnostics);
        let Some(cache) = cache else { return };
        check_class(cache.storage_class_name.as_deref(), &patch, diagnostics);
        check_size(cache.size.as_ref(), &patch, diagnostics);
        check_modes(cache.access_modes.as_deref(), &patch, diagnostics);
        if let Some(path) = &cache.path {
            let span = patch.get("path").and_then(|path| path.span);
            check_path("cache", path, span, diagnostics);
        }
        let before = self.cache.take().map(|cache| cache.value).unwrap_or_default();
        let cache = Cache {
            path: cache.path.or(before.path),
            size: cache.size.or(before.size),
            storage_class_name: cache.storage_class_name.or(before.storage_class_name),
            access_modes: cache.access_modes.or(before.access_modes),
        };
        self.cache = Some(Spanned { value: cache, span: entry.value.span });
    }

    fn check(&mut self, workload: &Workload, diagnostics: &mut Diagnostics) {
        if let Some(cache) = &self.cache {
            for (key, is_set) in [("path", cache.path.is_some()), ("size", cache.size.is_some())] {
                if !is_set {
                    let message = format!("`cache` has no `{key}`");
                    let finding = Diagnostic::new(&WRONG_VALUE, message)
                        .at(cache.span, format!("expected `{key}`"))
                        .help("write `cache: {path: /root/.cache/huggingface, size: 40Gi}`");
                    diagnostics.push(finding);
                }
            }
            let replicas = workload.replicas;
            if !cache.value.is_shared() && replicas.value.get() > 1 {
                let message =
                    format!("{} replicas would share a cache for one node", replicas.value.get());
                diagnostics.push(
                    Diagnostic::new(&LONE_CACHE, message)
                        .at(cache.span, "only Pods of one node can mount it")
                        .at(replicas.span, "this many Pods")
                        .help("set `accessModes: [ReadWriteMany]`, with a storage class for it"),
                );
            }
        }
        let volumes = workload.volumes.iter();
        let mut taken: BTreeMap<&str, Option<Span>> =
            volumes.map(|volume| (volume.target(), volume.span)).collect();
        let cache = self.cache.iter().filter_map(|c| Some((c.value.path.as_deref()?, c.span)));
        let files = self.files.iter().map(|(path, file)| (path.as_str(), file.span));
        let memory = self.shared_memory.iter().map(|size| (SHARED_MEMORY, size.span));
        for (path, span) in cache.chain(files).chain(memory) {
            if let Some(other) = taken.insert(path.trim_end_matches('/'), span) {
                let message = "two volumes would be mounted at the same path";
                let finding = Diagnostic::new(&WRONG_VALUE, message)
                    .at(span, "this one")
                    .at(other, "the other one")
                    .help("choose another path");
                diagnostics.push(finding);
            }
        }
        if let Some((first, second)) = self.different_retentions() {
            let message = "volumes of one Executor are either all kept or all removed";
            let finding = Diagnostic::new(&WRONG_VALUE, message)
                .at(second, "a StatefulSet has one policy for its volumes")
                .at(first, "another value")
                .help("set `retain` to the same value for each volume");
            diagnostics.push(finding);
        }
    }

    fn different_retentions(&self) -> Option<(Option<Span>, Option<Span>)> {
        let mut set =
            self.claims.values().filter_map(|claim| Some((claim.retain?, claim.retain_span)));
        let (first, span) = set.next()?;
        set.find(|(retain, _)| *retain != first).map(|(_, other)| (span, other))
    }

    /// Whether volumes are kept when the workload is removed or has fewer replicas, with the place of
    /// what says so; `None` if no block says it.
    pub(crate) fn retention(&self) -> Option<Spanned<bool>> {
        let mut claims = self.claims.values();
        claims.find_map(|claim| Some(Spanned { value: claim.retain?, span: claim.retain_span }))
    }

    /// The storage of the volume at a path, with the place of its block.
    pub(crate) fn storage(&self, path: &str, storage: &Storage) -> (VolumeSettings, Option<Span>) {
        let claim = self.claims.get(path).cloned().unwrap_or_default();
        let settings = VolumeSettings {
            size: claim.size.unwrap_or_else(|| Quantity(storage.capacity().to_string())),
            class: claim.storage_class_name.or_else(|| storage.class().map(str::to_owned)),
            access_modes: claim.access_modes.unwrap_or_else(|| storage.access_modes()),
        };
        (settings, claim.span)
    }

    /// True if Pods of several nodes cannot have their volumes at the same time, so that an old Pod
    /// ends before a new one starts.
    pub(crate) fn gives_way(&self) -> Option<Spanned<()>> {
        let cache = self.cache.as_ref().filter(|cache| !cache.value.is_shared())?;
        Some(Spanned { value: (), span: cache.span })
    }

    /// The volumes of Pods, after `count` other ones.
    pub(crate) fn volumes(
        &self,
        workload: &str,
        count: usize,
        origins: &mut Origins,
    ) -> Vec<Volume> {
        let mut volumes: Vec<Volume> = Vec::new();
        let mut add = |volume: Volume, span: Option<Span>| {
            origins.insert_in("/spec/template/spec/volumes", count + volumes.len(), span);
            volumes.push(volume);
        };
        if let Some((_, file)) = self.files.iter().find(|(_, file)| file.source.from.is_some()) {
            let config_map = ConfigMapVolumeSource {
                name: config_map(workload),
                items: self.items(),
                ..ConfigMapVolumeSource::default()
            };
            let volume = Volume {
                name: FILES.to_owned(),
                config_map: Some(config_map),
                ..Volume::default()
            };
            add(volume, file.span);
        }
        for (path, file) in &self.files {
            if file.source.from.is_none() {
                add(file.volume(path), file.span);
            }
        }
        if let Some(cache) = &self.cache {
            let claim = PersistentVolumeClaimVolumeSource {
                claim_name: claim(workload),
                ..PersistentVolumeClaimVolumeSource::default()
            };
            let volume = Volume {
                name: CACHE.to_owned(),
                persistent_volume_claim: Some(claim),
                ..Volume::default()
            };
            add(volume, cache.span);
        }
        if let Some(size) = &self.shared_memory {
            let memory = EmptyDirVolumeSource {
                medium: Some("Memory".to_owned()),
                size_limit: Some(size.value.clone()),
            };
            let volume = Volume {
                name: volume_label(SHARED_MEMORY),
                empty_dir: Some(memory),
                ..Volume::default()
            };
            add(volume, size.span);
        }
        volumes
    }

    /// The permissions of files beside the Flow, which share one volume; `None` if none has its own.
    fn items(&self) -> Option<Vec<KeyToPath>> {
        let files = self.files.iter().filter(|(_, file)| file.source.from.is_some());
        let items = files.map(|(path, file)| {
            let key = volume_label(path);
            KeyToPath { path: key.clone(), key, mode: file.source.mode }
        });
        let items: Vec<_> = items.collect();
        items.iter().any(|item| item.mode.is_some()).then_some(items)
    }

    /// The mounts of the container that does the work, after the `count` of its other ones.
    pub(crate) fn mounts(
        &self,
        pointer: &str,
        count: usize,
        origins: &mut Origins,
    ) -> Vec<VolumeMount> {
        let mut mounts: Vec<VolumeMount> = Vec::new();
        let mut add = |mount: VolumeMount, span: Option<Span>| {
            origins.insert_in(pointer, format_args!("volumeMounts/{}", count + mounts.len()), span);
            mounts.push(mount);
        };
        for (path, file) in &self.files {
            let source = &file.source;
            let (name, sub_path) = match (&source.from, &source.key) {
                (Some(_), _) => (FILES.to_owned(), Some(volume_label(path))),
                (None, key) => (volume_label(path), key.clone()),
            };
            let mount = VolumeMount {
                name,
                mount_path: path.clone(),
                sub_path,
                read_only: Some(true),
                ..VolumeMount::default()
            };
            add(mount, file.span);
        }
        if let Some(Spanned { value: Cache { path: Some(path), .. }, span }) = &self.cache {
            let mount = VolumeMount {
                name: CACHE.to_owned(),
                mount_path: path.clone(),
                ..VolumeMount::default()
            };
            add(mount, *span);
        }
        if let Some(size) = &self.shared_memory {
            let mount = VolumeMount {
                name: volume_label(SHARED_MEMORY),
                mount_path: SHARED_MEMORY.to_owned(),
                ..VolumeMount::default()
            };
            add(mount, size.span);
        }
        mounts
    }

    /// The files beside the Flow: key in their ConfigMap, text, place.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (String, &str, Option<Span>)> {
        self.files.iter().filter(|(_, file)| file.source.from.is_some()).map(|(path, file)| {
            (volume_label(path), file.text.as_deref().unwrap_or_default(), file.span)
        })
    }

    /// The claim of the cache, with its place.
    pub(crate) fn cache(&self) -> Option<Spanned<PersistentVolumeClaim>> {
        let cache = self.cache.as_ref()?;
        let settings = VolumeSettings {
            size: cache.size.clone()?,
            class: cache.storage_class_name.clone(),
            access_modes: cache.value.access_modes(),
        };
        let spec = Some(settings.into_spec());
        let claim = PersistentVolumeClaim { spec, ..PersistentVolumeClaim::default() };
        Some(Spanned { value: claim, span: cache.span })
    }
}

/// The name of the ConfigMap of files beside the Flow.
pub(crate) fn config_map(workload: &str) -> String {
    format!("{workload}-files")
}

/// The name of the claim of a cache.
pub(crate) fn claim(workload: &str) -> String {
    format!("{workload}-cache")
}

impl Cache {
    fn access_modes(&self) -> Vec<String> {
        self.access_modes.clone().unwrap_or_else(|| vec!["ReadWriteOnce".to_owned()])
    }

    /// True if Pods of several nodes can mount it.
    fn is_shared(&self) -> bool {
        let modes = self.access_modes();
        modes.iter().any(|mode| mode == "ReadWriteMany" || mode == "ReadOnlyMany")
    }
}

impl File {
    /// The volume of a Secret or a ConfigMap.
    fn volume(&self, path: &str) -> Volume {
        let source = &self.source;
        let items =
            source.key.clone().map(|key| vec![KeyToPath { path: key.clone(), key, mode: None }]);
        let mut volume = Volume { name: volume_label(path), ..Volume::default() };
        if let Some(name) = &source.config_map {
            volume.config_map = Some(ConfigMapVolumeSource {
                name: name.clone(),
                items,
                default_mode: source.mode,
                optional: source.optional,
            });
        } else {
            volume.secret = Some(SecretVolumeSource {
                secret_name: source.secret.clone(),
                items,
                default_mode: source.mode,
                optional: source.optional,
            });
        }
        volume
    }
}

/// The entries of a word of a block.
fn entries(layer: &Layer, word: BlockWord) -> impl Iterator<Item = (&String, &TreeEntry)> {
    let mapping = layer.block.get(word).and_then(|entry| entry.value.as_mapping());
    mapping.into_iter().flatten()
}

fn no_volume(path: &str, entry: &TreeEntry, workload: &Workload) -> Diagnostic {
    let name = &workload.deployment;
    let is_hidden = entry.key.is_some_and(|key| key.substituted);
    let shown = if is_hidden { "this path".to_owned() } else { format!("`{path}`") };
    let message = format!("`{name}` has no volume at {shown}");
    let targets: Vec<_> =
        workload.volumes.iter().filter(|volume| !volume.is_substituted()).collect();
    let near = flow_model::keys::nearest(path, targets.iter().map(|volume| volume.target()));
    let finding = Diagnostic::new(&NO_SUCH_PART, message).at(entry.key, "no such volume");
    match near.or_else(|| targets.first().map(|volume| volume.target())) {
        Some(near) => finding.help(format!("write `{near}`")),
        None if is_hidden => finding,
        None => finding.help(format!("add `volumes: [{path}]` to the Executor")),
    }
}

fn check_path(word: &str, path: &str, span: Option<Span>, diagnostics: &mut Diagnostics) {
    let is_path = path.starts_with('/')
        && path.trim_end_matches('/').len() > 1
        && !path.contains(':')
        && !path.contains("//")
        && !path.split('/').any(|part| part == ".." || part == ".");
    if !is_path {
        let message = format!("`{word}` names a path where nothing can be mounted");
        let label = "expected an absolute path without `..` and `:`";
        diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(span, label));
    }
}

fn check_class(class: Option<&str>, patch: &Patch, diagnostics: &mut Diagnostics) {
    // The empty class is one without a provisioner.
    if class.is_some_and(|class| !class.is_empty() && !is_dns_subdomain(class)) {
        let span = patch.get("storageClassName").and_then(|class| class.span);
        let message = "`storageClassName` is not the name of a storage class";
        let finding =
            Diagnostic::new(&WRONG_VALUE, message).at(span, format!("expected {DNS_SUBDOMAIN}"));
        diagnostics.push(finding);
    }
}

/// The API server refuses a claim without access modes, and one that only one Pod can mount and others
/// can mount too.
fn check_modes(modes: Option<&[String]>, patch: &Patch, diagnostics: &mut Diagnostics) {
    let Some(modes) = modes else { return };
    let span = patch.get("accessModes").and_then(|modes| modes.span);
    let is_alone = modes.len() == 1 || modes.iter().all(|mode| mode != "ReadWriteOncePod");
    let (message, label) = if modes.is_empty() {
        ("`accessModes` is an empty list", "expected at least one mode")
    } else if !is_alone {
        ("`ReadWriteOncePod` excludes other access modes", "expected no other mode")
    } else {
        return;
    };
    diagnostics.push(Diagnostic::new(&WRONG_VALUE, message).at(span, label));
}

fn check_size(size: Option<&Quantity>, patch: &Patch, diagnostics: &mut Diagnostics) {
    check_capacity("size", size, patch.get("size").and_then(|size| size.span), diagnostics);
}

/// Reports a size that is not more than 0, and one in thousandths of a byte.
fn check_capacity(
    word: &str,
    size: Option<&Quantity>,
    span: Option<Span>,
    diagnostics: &mut Diagnostics,
) {
    let Some(size) = size.and_then(|size| size.0.parse().ok()) else { return };
    let label = if !storage::is_capacity(&size) {
        "expected more than 0"
    } else if size.is_size_in_thousandths() {
        IN_THOUSANDTHS
    } else {
        return;
    };
    let message = format!("`{word}` is not a capacity");
    let finding = Diagnostic::new(&WRONG_VALUE, message).at(span, label);
    diagnostics.push(finding.help("write it as `50Gi` or `512Mi`"));
}

fn check_source(
    path: &str,
    entry: &TreeEntry,
    source: &FileSource,
    patch: &Patch,
    diagnostics: &mut Diagnostics,
) {
    let span = |field: &str| patch.get(field).and_then(|field| field.span);
    let mut report = |at: Option<Span>, message: &str, label: &str, help: &str| {
        let finding = Diagnostic::new(&WRONG_VALUE, message).at(at, label);
        diagnostics.push(if help.is_empty() { finding } else { finding.help(help) });
    };
    if source.from.is_none() && source.secret.is_none() && source.config_map.is_none() {
        report(
            entry.value.span,
            "a file does not say where it comes from",
            "expected `from`, `secret` or `configMap`",
            "write `{from: ./conf.yml}` or `{secret: NAME}`",
        );
    }
    for (field, name) in [("secret", &source.secret), ("configMap", &source.config_map)] {
        if name.as_deref().is_some_and(|name| !is_dns_subdomain(name)) {
            let message = format!("`{field}` cannot have this name");
            report(span(field), &message, &format!("expected {DNS_SUBDOMAIN}"), "");
        }
    }
    if source.key.as_deref().is_some_and(|key| !is_secret_key(key)) {
        report(span("key"), "`key` cannot be this", &format!("expected {SECRET_KEY}"), "");
    }
    if source.from.is_some() {
        for (field, is_set) in
            [("key", source.key.is_some()), ("optional", source.optional.is_some())]
        {
            if is_set {
                let message = format!("`{field}` has no effect beside `from`");
                report(span(field), &message, "only for Secrets and ConfigMaps", "remove it");
            }
        }
        if path.ends_with('/') {
            report(entry.key, "`from` needs the path of a file", "a folder", "add its name");
        }
    }
    if source.mode.is_some_and(|mode| !(0..=0o777).contains(&mode)) {
        report(
            span("mode"),
            "`mode` is out of range",
            "expected permissions from 0 to 0777",
            "write it as `0400`",
        );
    }
}
