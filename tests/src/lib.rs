//! Flow fixtures, and what tests across crates share.

mod corpus;
pub mod fake_cluster;
pub mod fake_docker;
pub mod meaning;
pub mod origins;
pub mod pages;
pub mod services;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use backend_compose::Compose;
use backend_k8s::mesh::{MeshRetries, NoMesh, Policy, Retries, ServiceMesh};
use backend_k8s::{ClusterProfile, Kubernetes, Options};
use flow_model::values::{Image, Positive};
use flow_model::{Backend, Bundle, LoadError, Loader, RuleInfo, Sources};
use flow_validate::{Compiled, compile};
use mesh_istio::{Istio, IstioAmbient};
use mesh_linkerd::Linkerd;

pub use corpus::{corpus, corpus_of_this_machine};

/// The meshes that ship, by name.
pub const MESHES: [&str; 4] = ["linkerd", "istio", "istio-ambient", "none"];

/// The mesh of a name of [`MESHES`].
///
/// # Panics
///
/// For any other name.
pub fn mesh(name: &str) -> Box<dyn ServiceMesh> {
    match name {
        "linkerd" => Box::new(Linkerd),
        "istio" => Box::new(Istio),
        "istio-ambient" => Box::new(IstioAmbient),
        "none" => Box::new(NoMesh),
        other => panic!("no mesh is called {other}"),
    }
}

/// Every rule that a finding may name: of the model, of the compiler, of the backends and meshes that
/// ship.
pub fn rules() -> Vec<&'static RuleInfo> {
    let mut rules = flow_model::rules();
    rules.extend(flow_validate::rules::rules());
    rules.extend(Kubernetes::new(Options::default()).rules());
    rules.extend(Compose::new(backend_compose::Options::default()).rules());
    rules.extend(flow_model::deploy::RULES);
    rules.extend(MESHES.iter().flat_map(|name| mesh(name).rules()));
    rules
}

/// What stands for Docker Compose where a test says what a Flow is compiled for.
pub const COMPOSE: &str = "docker-compose";

/// All that a Flow can be compiled for: Kubernetes with each mesh, and Docker Compose.
pub fn targets() -> impl Iterator<Item = &'static str> {
    MESHES.into_iter().chain([COMPOSE])
}

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The `flowship` program, built once for all tests of a process.
///
/// # Panics
///
/// When it cannot be built.
pub fn flowship() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--package", "flowship"]).current_dir(workspace());
        // Build scripts run again where these change, and this package is not the one to build.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                build.env_remove(&name);
            }
        }
        let built = build.status();
        assert!(built.is_ok_and(|status| status.success()), "flowship does not build");
        // Tests run as `target/PROFILE/deps/NAME`.
        let test = std::env::current_exe().unwrap_or_default();
        let profile = test.ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default();
        profile.join(format!("flowship{}", std::env::consts::EXE_SUFFIX))
    };
    BUILT.get_or_init(build).clone()
}

/// The first character that a terminal would obey, and the first line that a CI log would.
pub fn obeyed(text: &str) -> Option<String> {
    let is_bad = |c: char| {
        c != '\n' && c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let bad = text.chars().find(|c| is_bad(*c)).map(|c| format!("{c:?}"));
    let mut lines = text.lines();
    bad.or_else(|| {
        let line = lines.find(|line| line.trim_start().starts_with("::") && !line.contains(":::"));
        line.map(str::to_owned)
    })
}

/// Every file under a folder: its path in the folder, and its bytes.
///
/// # Panics
///
/// When something cannot be read.
pub fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        let entries = std::fs::read_dir(folder);
        let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                walk(&path, &format!("{prefix}{name}/"), files);
            } else {
                let bytes = std::fs::read(&path);
                let bytes = bytes.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                files.insert(format!("{prefix}{name}"), bytes);
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, "", &mut files);
    files
}

/// A Flow of `tests/fixtures`.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The file's name without its ending.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The Flows of a folder of `tests/fixtures`, sorted by name.
///
/// # Panics
///
/// When the folder cannot be read.
pub fn fixtures(folder: &str) -> Vec<Fixture> {
    flows_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder))
}

fn flows_in(folder: &Path) -> Vec<Fixture> {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}: {}", folder.display()));
    let mut fixtures: Vec<Fixture> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "yml" || end == "yaml"))
        .map(|path| Fixture {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).unwrap_or_default(),
            path,
        })
        .collect();
    fixtures.sort_by(|a, b| a.name.cmp(&b.name));
    fixtures
}

/// Reads what a fixture refers to, from its own folder.
#[derive(Debug)]
struct FixtureFiles(PathBuf);

impl Loader for FixtureFiles {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        std::fs::read_to_string(self.0.with_file_name(path)).map_err(|_| LoadError::NotFound)
    }
}

impl Fixture {
    /// What the fixture wants on the command line: its line `# flowship: ARGUMENTS`.
    pub fn arguments(&self) -> Vec<String> {
        let line = self.text.lines().find_map(|line| line.strip_prefix("# flowship:"));
        line.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }

    /// The variables that the fixture takes from the environment: its line
    /// `# environment: NAME=VALUE NAME=VALUE`.
    pub fn environment(&self) -> Vec<(String, String)> {
        let line = self.text.lines().find_map(|line| line.strip_prefix("# environment:"));
        let pairs = line.unwrap_or_default().split_whitespace().filter_map(|p| p.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The value of an argument that the fixture wants.
    fn argument(&self, name: &str) -> Option<String> {
        let arguments = self.arguments();
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    }

    /// The words behind `flowship export` that export the fixture for a target from `input` to
    /// `output`, with what the fixture wants.
    pub fn export_words(&self, target: &str, input: &str, output: &str) -> Vec<String> {
        let mut words = self.arguments();
        let mut all: Vec<String> = if target == COMPOSE {
            // What only a cluster has.
            for option in [
                "--k8s-namespace",
                "--gpu-all",
                "--cluster",
                "--retries",
                "--without",
                "--pod-security",
            ] {
                if let Some(at) = words.iter().position(|word| word == option) {
                    words.drain(at..at + 2);
                }
            }
            words.retain(|word| word != "--namespace-object");
            vec![COMPOSE.to_owned()]
        } else {
            vec!["kubernetes".to_owned(), "--mesh".to_owned(), target.to_owned()]
        };
        all.extend([input.to_owned(), output.to_owned()]);
        all.extend(words);
        all
    }

    /// Compiles and renders the fixture as the program does, without a process, for one of
    /// [`targets`] where the fixture does not want another.
    ///
    /// # Panics
    ///
    /// When the fixture allows a rule that nobody may allow, or its file of images is not one.
    pub fn render(&self, target: &str) -> (Compiled, Option<Bundle>) {
        let mut options = flow_validate::Options::default();
        options.variables.environment.extend(self.environment());
        options.document = self.argument("--document").and_then(|number| number.parse().ok());
        options.loader = Arc::new(FixtureFiles(self.path.clone()));
        if let Some((name, value)) =
            self.argument("--set-context").as_deref().and_then(|pair| pair.split_once('='))
        {
            options.variables.context.insert(name.to_owned(), value.to_owned());
        }
        let arguments = self.arguments();
        for pair in arguments.windows(2).filter(|pair| pair[0] == "--image") {
            let Some((name, image)) = pair[1].split_once('=') else { continue };
            options.images.must_fit.push(name.to_owned());
            let image = Image::parse(image).map(|image| (name.to_owned(), image));
            options.images.by_name.extend(image);
        }
        if let Some(file) = self.argument("--images") {
            let text = std::fs::read_to_string(self.path.with_file_name(file)).unwrap_or_default();
            let file = Sources::new().add("images.yml", text.as_str());
            let found = options.images.read(file, &text, &options.limits);
            assert!(found.is_empty(), "{found}");
        }
        for pair in arguments.windows(2) {
            let rule = rules().into_iter().find(|rule| rule.code == pair[1]);
            match (pair[0].as_str(), rule) {
                ("--allow", Some(rule)) => assert_eq!(options.levels.allow(rule), Ok(())),
                ("--deny", Some(rule)) => options.levels.deny(rule),
                _ => {}
            }
        }
        options.default_name = Some(self.name.clone());
        let name = format!("{}.yml", self.name);
        let input = (name.as_str(), self.text.as_str());
        let mut compiled = compile(input, &*self.backend(target), &options);
        let bundle = compiled.bundle.take();
        (compiled, bundle)
    }

    /// The backend that the fixture is rendered with for one of [`targets`].
    pub fn backend(&self, target: &str) -> Box<dyn Backend> {
        if target == COMPOSE || self.arguments().iter().any(|word| word == "--docker-compose") {
            return Box::new(Compose::new(backend_compose::Options::default()));
        }
        let mut options = Options::default();
        options.mesh = mesh(self.argument("--mesh").as_deref().unwrap_or(target));
        options.policy = self.policy();
        options.gpu_all = self.argument("--gpu-all").and_then(|number| number.parse().ok());
        let cluster = self.argument("--cluster");
        let cluster = cluster.and_then(|name| ClusterProfile::named(&name));
        options.cluster = cluster.unwrap_or_default();
        options.pod_security = self.argument("--pod-security").and_then(|level| level.parse().ok());
        options.namespace_object = self.arguments().iter().any(|word| word == "--namespace-object");
        let without = self.argument("--without").unwrap_or_default();
        options.without = without.split(',').filter_map(|name| name.parse().ok()).collect();
        options.namespace = self.argument("--k8s-namespace").and_then(|name| name.parse().ok());
        Box::new(Kubernetes::new(options))
    }

    fn policy(&self) -> Policy {
        let arguments = self.arguments();
        let pairs = || arguments.iter().zip(arguments.iter().skip(1));
        let mut policy = Policy::default();
        policy.circuit_breaking = arguments.iter().any(|word| word == "--circuit-breaking");
        policy.require_mtls = arguments.iter().any(|word| word == "--require-mtls");
        policy.retries = match self.argument("--retries").as_deref() {
            Some("mesh") => {
                let endpoints = pairs().filter(|(flag, _)| *flag == "--retry");
                let endpoints = endpoints.filter_map(|(_, endpoint)| endpoint.parse().ok());
                let times = self.argument("--retry-times").and_then(|times| times.parse().ok());
                let times = times.and_then(Positive::new).unwrap_or(Positive::ONE);
                MeshRetries::new(times, endpoints.collect()).map_or(Retries::Off, Retries::Mesh)
            }
            Some("off") => Retries::Off,
            _ => Retries::Jina,
        };
        policy
    }
}
