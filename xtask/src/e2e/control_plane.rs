//! A real API server with its controllers, built from Go modules, on loopback.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use super::process::Process;
use super::run_folder::RunFolder;
use super::server::Server;
use crate::command::run;
use crate::go::Programs;

/// Kubernetes. The programs of a node are built only where there is one.
pub(crate) const KUBERNETES: Programs = Programs {
    name: "kubernetes",
    module: "k8s.io/kubernetes",
    version: "v1.34.4",
    packages: &[
        "cmd/kube-apiserver",
        "cmd/kube-controller-manager",
        "cmd/kube-scheduler",
        "cmd/kubectl",
    ],
    tags: "",
};

const ETCD: Programs = Programs {
    name: "etcd",
    module: "go.etcd.io/etcd/server/v3",
    version: "v3.6.8",
    packages: &[""],
    tags: "",
};

/// What a control plane starts, the last first, with the pretend node.
pub(crate) const PROGRAMS: [&str; 6] = [
    "kwok",
    "kube-scheduler",
    "kube-controller-manager",
    "kubectl-proxy",
    "kube-apiserver",
    "etcd",
];

/// The addresses of Services.
pub(crate) const SERVICE_RANGE: &str = "10.96.0.0/16";

/// What the API server is called by those to which it passes requests on.
const FRONT_PROXY: &str = "front-proxy-client";

const PATIENCE: Duration = Duration::from_mins(2);

/// etcd, the API server, its controllers and its scheduler. They end when this is dropped.
#[derive(Debug)]
pub(crate) struct ControlPlane {
    /// Speaks to the API server.
    pub(crate) server: Server,
    /// How other programs speak to it.
    pub(crate) config: PathBuf,
    // Dropped in this order: who asks goes before who is asked.
    _controllers: [Process; 2],
    _server: Process,
    _etcd: Process,
}

impl ControlPlane {
    /// Builds what is missing, and starts all in a folder.
    pub(crate) fn start(folder: &RunFolder) -> anyhow::Result<Self> {
        let programs = KUBERNETES.build()?;
        // envtest's own variable: https://book.kubebuilder.io/reference/envtest
        let assets = std::env::var_os("KUBEBUILDER_ASSETS").map(PathBuf::from);
        let asset = |name: &str| assets.as_ref().map(|it| it.join(name)).filter(|it| it.exists());
        let etcd = match asset("etcd") {
            Some(etcd) => etcd,
            None => ETCD.build()?.join("etcd"),
        };
        let api = asset("kube-apiserver").unwrap_or_else(|| programs.join("kube-apiserver"));

        let folder = folder.path();
        let [etcd_port, peer_port, port] = free_ports()?;
        let secrets = Secrets::make(folder)?;
        let config = folder.join("kubeconfig");
        fs::write(&config, kubeconfig(&secrets, port))?;

        let etcd_address = format!("http://127.0.0.1:{etcd_port}");
        let peer_address = format!("http://127.0.0.1:{peer_port}");
        let mut command = Command::new(etcd);
        command.arg("--unsafe-no-fsync").arg("--data-dir").arg(folder.join("etcd"));
        for (option, value) in [
            ("--listen-client-urls", &etcd_address),
            ("--advertise-client-urls", &etcd_address),
            ("--listen-peer-urls", &peer_address),
            ("--initial-advertise-peer-urls", &peer_address),
            ("--initial-cluster", &format!("default={peer_address}")),
        ] {
            command.arg(option).arg(value);
        }
        let etcd = Process::start(folder, "etcd", &mut command)?;

        let mut command = Command::new(api);
        command
            .args(["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1"])
            .args(["--endpoint-reconciler-type=none", "--authorization-mode=RBAC"])
            .args(["--allow-privileged", "--service-account-issuer=https://kubernetes.default.svc"])
            .args(["--kubelet-preferred-address-types=InternalIP"])
            .arg(format!("--service-cluster-ip-range={SERVICE_RANGE}"))
            .arg(format!("--etcd-servers={etcd_address}"))
            .arg(format!("--secure-port={port}"))
            .arg(option("--tls-cert-file", &secrets.certificate))
            .arg(option("--tls-private-key-file", &secrets.key))
            .arg(option("--service-account-key-file", &secrets.key))
            .arg(option("--service-account-signing-key-file", &secrets.key))
            .arg(option("--token-auth-file", &secrets.tokens))
            // API servers that are registered: https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
            .arg("--enable-aggregator-routing")
            .arg(format!("--requestheader-allowed-names={FRONT_PROXY}"))
            .args(["--requestheader-username-headers=X-Remote-User"])
            .args(["--requestheader-group-headers=X-Remote-Group"])
            .args(["--requestheader-extra-headers-prefix=X-Remote-Extra-"])
            .arg(option("--requestheader-client-ca-file", &secrets.authority))
            .arg(option("--proxy-client-cert-file", &secrets.proxy_certificate))
            .arg(option("--proxy-client-key-file", &secrets.proxy_key));
        let mut api = Process::start(folder, "kube-apiserver", &mut command)?;
        let server = Server::connect(&programs.join("kubectl"), &config, folder)?;
        api.wait(PATIENCE, || server.is_ready())?;

        let mut manager = Command::new(programs.join("kube-controller-manager"));
        manager
            .args(["--use-service-account-credentials", "--leader-elect=false", "--secure-port=0"])
            .args(["--kube-api-qps=200", "--kube-api-burst=400"])
            .arg(option("--kubeconfig", &config))
            .arg(option("--service-account-private-key-file", &secrets.key))
            .arg(option("--root-ca-file", &secrets.authority));
        let mut scheduler = Command::new(programs.join("kube-scheduler"));
        scheduler
            .args(["--leader-elect=false", "--secure-port=0"])
            .args(["--kube-api-qps=200", "--kube-api-burst=400"])
            .arg(option("--kubeconfig", &config));
        let controllers = [
            Process::start(folder, "kube-controller-manager", &mut manager)?,
            Process::start(folder, "kube-scheduler", &mut scheduler)?,
        ];
        server.wait_for_account("default").context("the controllers do not work")?;
        Ok(Self { server, config, _controllers: controllers, _server: api, _etcd: etcd })
    }
}

/// What the parts know each other by.
struct Secrets {
    authority: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
    /// What the API server shows to those to which it passes requests on.
    proxy_certificate: PathBuf,
    proxy_key: PathBuf,
    tokens: PathBuf,
    token: String,
}

impl Secrets {
    fn make(folder: &Path) -> anyhow::Result<Self> {
        let authority = Authority::make(folder)?;
        let (certificate, key) = authority.sign(
            "server",
            "kube-apiserver",
            "IP:127.0.0.1,IP:10.96.0.1,DNS:localhost",
        )?;
        let (proxy_certificate, proxy_key) = authority.sign("proxy", FRONT_PROXY, "DNS:proxy")?;
        let mut random = [0; 16];
        fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
        let token = crate::command::hex(&random);
        let tokens = folder.join("tokens.csv");
        fs::write(&tokens, format!("{token},admin,admin,system:masters\n"))?;
        let authority = authority.certificate;
        Ok(Self { authority, certificate, key, proxy_certificate, proxy_key, tokens, token })
    }
}

/// Signs certificates. Its own is another one, as in every cluster: rustls refuses an authority as a
/// server.
pub(crate) struct Authority {
    folder: PathBuf,
    pub(crate) certificate: PathBuf,
    key: PathBuf,
}

impl Authority {
    /// Makes one, whose files are in a folder.
    pub(crate) fn make(folder: &Path) -> anyhow::Result<Self> {
        let (certificate, key) = (folder.join("ca.crt"), folder.join("ca.key"));
        openssl(&["-subj", "/CN=e2e"], &key, &certificate)?;
        Ok(Self { folder: folder.to_owned(), certificate, key })
    }

    /// Makes a certificate for a server or a client: `NAME.crt` and `NAME.key`, for these names.
    pub(crate) fn sign(
        &self,
        name: &str,
        subject: &str,
        names: &str,
    ) -> anyhow::Result<(PathBuf, PathBuf)> {
        let certificate = self.folder.join(format!("{name}.crt"));
        let key = self.folder.join(format!("{name}.key"));
        let (signer, signer_key) = (self.certificate.to_string_lossy(), self.key.to_string_lossy());
        let (subject, names) = (format!("/CN={subject}"), format!("subjectAltName={names}"));
        let constraints = "basicConstraints=critical,CA:FALSE";
        let words = ["-subj", &subject, "-addext", &names, "-addext", constraints];
        openssl(
            &[&words[..], &["-CA", &signer, "-CAkey", &signer_key]].concat(),
            &key,
            &certificate,
        )?;
        Ok((certificate, key))
    }
}

fn openssl(words: &[&str], key: &Path, certificate: &Path) -> anyhow::Result<()> {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"]);
    openssl.args(words).arg("-keyout").arg(key).arg("-out").arg(certificate);
    run(openssl.stderr(Stdio::null())).context("openssl is needed")
}

fn kubeconfig(secrets: &Secrets, port: u16) -> String {
    serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "e2e", "cluster": {
            "server": format!("https://127.0.0.1:{port}"),
            "certificate-authority": secrets.authority,
        }}],
        "users": [{"name": "e2e", "user": {"token": secrets.token}}],
        "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "e2e"}}],
        "current-context": "e2e",
    })
    .to_string()
}

/// `NAME=PATH`.
pub(crate) fn option(name: &str, path: &Path) -> String {
    format!("{name}={}", path.display())
}

/// Ports of loopback that nobody has.
pub(crate) fn free_ports<const N: usize>() -> anyhow::Result<[u16; N]> {
    // All are held until all are found, so that none is found twice.
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}
