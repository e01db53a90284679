//! A real node: its Pods run. From containerd, kubelet, kube-proxy and CoreDNS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use super::archive::{self, Layer};
use super::control_plane::{ControlPlane, KUBERNETES, SERVICE_RANGE, option};
use super::process::Process;
use super::programs;
use super::run_folder::RunFolder;
use super::server::has_condition;
use crate::command::run;
use crate::go::Programs;

/// What the node is called.
pub(crate) const NODE: &str = "real-0";

/// This machine, as Pods see it.
pub(crate) const MACHINE: &str = "10.244.0.1";

/// What a node starts, the last first.
pub(crate) const PROGRAMS: [&str; 4] = ["kubelet", "kube-proxy", "coredns", "containerd"];

const PARTS: Programs = Programs { packages: &["cmd/kubelet", "cmd/kube-proxy"], ..KUBERNETES };

const COREDNS: Programs = Programs {
    name: "coredns",
    module: "github.com/coredns/coredns",
    version: "v1.14.1",
    packages: &[""],
    tags: "",
};

/// The bridge that Pods hang on.
const BRIDGE: &str = "flowship0";
const PODS: &str = "10.244.0.0/24";
const PAUSE: &str = "docker.io/flowship/pause:e2e";
const PATIENCE: Duration = Duration::from_mins(2);

/// The node. All of it ends when this is dropped, with its containers and its network.
#[derive(Debug)]
pub(crate) struct Node {
    folder: PathBuf,
    proxy: PathBuf,
    // Taken one after the other when the node ends.
    parts: Vec<Process>,
}

impl Node {
    /// Starts the node and waits until it is ready.
    pub(crate) fn start(cluster: &ControlPlane, folder: &RunFolder) -> anyhow::Result<Self> {
        programs::need(&[
            ("containerd", "containerd"),
            ("runc", "runc"),
            ("conntrack", "conntrack"),
            ("iptables", "iptables"),
            ("ip", "iproute2"),
            ("gcc", "gcc"),
            ("/usr/lib/cni/bridge", "containernetworking-plugins"),
        ])?;
        let bin = PARTS.build()?;
        let coredns = COREDNS.build()?;
        let run_folder = folder.path();
        let folder = run_folder.join("node");
        end_containers(&folder);
        fs::create_dir_all(folder.join("cni"))?;
        write_settings(&folder, &cluster.config)?;
        let mut node = Self { folder, proxy: bin.join("kube-proxy"), parts: Vec::new() };
        open_network()?;

        let mut containerd = Command::new(programs::find("containerd").context("no containerd")?);
        containerd.arg("--config").arg(node.folder.join("containerd.toml"));
        let mut containerd = Process::start(run_folder, "containerd", &mut containerd)?;
        containerd.wait(PATIENCE, || {
            let mut version = node.ctr();
            version.arg("version").stdout(Stdio::null()).stderr(Stdio::null());
            version.status().is_ok_and(|status| status.success())
        })?;
        node.parts.push(containerd);
        node.load(&pause(&node.folder)?)?;

        let mut command = Command::new(coredns.join("coredns"));
        command.arg("-conf").arg(node.folder.join("Corefile"));
        node.parts.push(Process::start(run_folder, "coredns", &mut command)?);
        let mut command = Command::new(&node.proxy);
        command
            .arg(option("--config", &node.folder.join("proxy.yaml")))
            .arg(format!("--hostname-override={NODE}"));
        node.parts.push(Process::start(run_folder, "kube-proxy", &mut command)?);
        let mut command = Command::new(bin.join("kubelet"));
        command
            .arg(option("--config", &node.folder.join("kubelet.yaml")))
            .arg(option("--kubeconfig", &cluster.config))
            .arg(option("--root-dir", &node.folder.join("kubelet")))
            .arg(format!("--node-ip={MACHINE}"))
            .arg(format!("--hostname-override={NODE}"));
        let mut kubelet = Process::start(run_folder, "kubelet", &mut command)?;
        let path = format!("/api/v1/nodes/{NODE}");
        kubelet.wait(PATIENCE, || {
            let found = cluster.server.get(&path).ok().flatten();
            found.is_some_and(|node| has_condition(&node, "Ready"))
        })?;
        node.parts.push(kubelet);
        Ok(node)
    }

    /// Loads an archive of an image: there is no registry.
    pub(crate) fn load(&self, archive: &Path) -> anyhow::Result<()> {
        let mut import = self.ctr();
        import.args(["--namespace", "k8s.io", "images", "import"]).arg(archive);
        run(import.stdout(Stdio::null()))
    }

    fn ctr(&self) -> Command {
        let mut ctr = Command::new("ctr");
        ctr.arg("--address").arg(self.folder.join("containerd.sock"));
        ctr
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        while let Some(part) = self.parts.pop() {
            if self.parts.is_empty() {
                end_containers(&self.folder);
            }
            drop(part);
        }
        close_network(&self.proxy);
    }
}

/// Ends the containers of a node, those of a run that was killed too: each hangs on a shim that
/// names the node's folder.
fn end_containers(folder: &Path) {
    let folder = folder.to_string_lossy();
    let processes: Vec<_> = processes().collect();
    let shims = processes.iter().filter(|(pid, _)| {
        let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&arguments);
        arguments.contains("containerd-shim") && arguments.contains(&*folder)
    });
    for (shim, _) in shims {
        let containers = processes.iter().filter(|(_, parent)| parent == shim);
        for pid in containers.map(|(pid, _)| pid).chain([shim]) {
            if let Some(pid) = Pid::from_raw(*pid) {
                // What has ended by itself needs no signal.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// The processes of this machine, each with its parent.
fn processes() -> impl Iterator<Item = (i32, i32)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let status = fs::read_to_string(entry.path().join("status")).ok()?;
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
        Some((pid, parent.trim().parse().ok()?))
    })
}

fn write_settings(folder: &Path, kubeconfig: &Path) -> anyhow::Result<()> {
    let socket = folder.join("containerd.sock");
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    // Without CAP_SYS_RESOURCE no score may be lowered, and every sandbox would die.
    let containerd = format!(
        r#"version = 2
root = "{}"
state = "{}"
[grpc]
  address = "{}"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  sandbox_image = "{PAUSE}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{}"
"#,
        text(folder.join("containerd")),
        text(folder.join("containerd-run")),
        text(socket.clone()),
        text(folder.join("cni")),
    );
    fs::write(folder.join("containerd.toml"), containerd)?;
    let network = json!({
        "cniVersion": "0.4.0",
        "name": "pods",
        "plugins": [{
            "type": "bridge", "bridge": BRIDGE, "isGateway": true, "ipMasq": true,
            "hairpinMode": true,
            "ipam": {
                "type": "host-local",
                "dataDir": folder.join("addresses"),
                "ranges": [[{"subnet": PODS}]],
                "routes": [{"dst": "0.0.0.0/0"}],
            },
        }],
    });
    fs::write(folder.join("cni/10-pods.conflist"), network.to_string())?;
    // YAML is what these programs ask for, and JSON is YAML.
    let kubelet = json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": MACHINE,
        "authentication": {"anonymous": {"enabled": true}, "webhook": {"enabled": false}},
        "authorization": {"mode": "AlwaysAllow"},
        "cgroupDriver": "cgroupfs",
        "failCgroupV1": false,
        "failSwapOn": false,
        "containerRuntimeEndpoint": format!("unix://{}", socket.display()),
        "clusterDNS": [MACHINE],
        "clusterDomain": "cluster.local",
        "resolvConf": "",
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {"memory.available": "100Mi"},
        "enforceNodeAllocatable": [],
        "localStorageCapacityIsolation": false,
    });
    fs::write(folder.join("kubelet.yaml"), kubelet.to_string())?;
    let proxy = json!({
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "clientConnection": {"kubeconfig": kubeconfig},
        "mode": "iptables",
        "clusterCIDR": PODS,
        "bindAddress": MACHINE,
        "healthzBindAddress": "127.0.0.1:10256",
        "metricsBindAddress": "127.0.0.1:10249",
        // Pods share a bridge, whose answers need not come back through the rules of this machine.
        "iptables": {"masqueradeAll": true},
        "conntrack": {"maxPerCore": 0},
    });
    fs::write(folder.join("proxy.yaml"), proxy.to_string())?;
    let dns = format!(
        "cluster.local:53 {{\n  bind {MACHINE}\n  kubernetes cluster.local {{\n    kubeconfig {} e2e\n  }}\n  cache 5\n}}\n",
        kubeconfig.display()
    );
    Ok(fs::write(folder.join("Corefile"), dns)?)
}

/// The container that holds a Pod's network: it does nothing.
fn pause(folder: &Path) -> anyhow::Result<PathBuf> {
    const SOURCE: &str = "#include <signal.h>\n#include <unistd.h>\n\
        static void stop(int s) { _exit(0); }\n\
        int main(void) { signal(SIGTERM, stop); for (;;) pause(); }\n";
    let tree = folder.join("pause");
    fs::create_dir_all(&tree)?;
    let source = folder.join("pause.c");
    fs::write(&source, SOURCE)?;
    let mut compile = Command::new("gcc");
    run(compile.args(["-static", "-O2", "-o"]).arg(tree.join("pause")).arg(source))?;
    let archive = folder.join("pause.tar");
    let whole = Layer { only: &[], without: &[] };
    let config = json!({"Entrypoint": ["/pause"]});
    archive::write(&archive, PAUSE, &tree, &[whole], &config)?;
    Ok(archive)
}

/// The rules for this machine's own traffic, each with its chain.
fn rules() -> [(&'static str, Vec<String>); 4] {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect();
    // An address of a Service that kube-proxy has not translated yet must be refused here. Else it
    // leaves the machine, and whoever answers there keeps the connection.
    let refused = || words(&format!("--destination {SERVICE_RANGE} --jump REJECT"));
    [
        // A Docker Engine lets nothing through that is not its own.
        ("FORWARD", words(&format!("--in-interface {BRIDGE} --jump ACCEPT"))),
        ("FORWARD", words(&format!("--out-interface {BRIDGE} --jump ACCEPT"))),
        ("FORWARD", refused()),
        ("OUTPUT", refused()),
    ]
}

fn iptables(action: &str, chain: &str, rule: &[String]) -> Command {
    let mut iptables =
        Command::new(programs::find("iptables").unwrap_or_else(|| "iptables".into()));
    iptables.args(["--wait", action, chain]).args(rule);
    iptables
}

fn ip(arguments: &[&str]) -> Command {
    let mut ip = Command::new(programs::find("ip").unwrap_or_else(|| "ip".into()));
    ip.args(arguments);
    ip
}

fn open_network() -> anyhow::Result<()> {
    fs::write("/proc/sys/net/ipv4/ip_forward", "1").context("this needs root")?;
    // One that a killed run has left.
    let _ = ip(&["link", "delete", BRIDGE]).stderr(Stdio::null()).status();
    run(&mut ip(&["link", "add", BRIDGE, "type", "bridge"]))?;
    run(&mut ip(&["address", "add", &format!("{MACHINE}/24"), "dev", BRIDGE]))?;
    run(&mut ip(&["link", "set", BRIDGE, "up"]))?;
    for (chain, rule) in rules() {
        let mut there = iptables("--check", chain, &rule);
        if !there.stderr(Stdio::null()).status()?.success() {
            run(&mut iptables("--insert", chain, &rule))?;
        }
    }
    Ok(())
}

/// As good as it goes: what is left is made anew by the next run.
fn close_network(proxy: &Path) {
    let mut cleanup = Command::new(proxy);
    let _ = cleanup.arg("--cleanup").stdout(Stdio::null()).stderr(Stdio::null()).status();
    for (chain, rule) in rules() {
        let _ = iptables("--delete", chain, &rule).stderr(Stdio::null()).status();
    }
    let _ = ip(&["link", "delete", BRIDGE]).status();
}
