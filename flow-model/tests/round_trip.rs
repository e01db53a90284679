//! A Flow that is built, printed and read again is the same Flow.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flow_model::flow::{self, Executor, ExecutorBuilder, FlowBuilder, Gateway, GatewayBuilder};
use flow_model::flow::{Flow, ReadOptions};
use flow_model::keys::{ExecutorKey, Scope};
use flow_model::values::{
    Anything, Autoscale, Capacity, Collector, Command, ComposeBlock, Compression, Count,
    Disruption, Entrance, Environment, ExposedHosts, Exposure, Extra, FromNode as _, GpuCount,
    GpuShare, Gpus, Host, HostName, Hosts, Image, Inspect, Jcloud, JinaGateway, KeyValues,
    KubernetesBlock, Logging, Metadata, Method, Metric, Monitor, Names, Needs, NetworkMode,
    OptionalLimit, Pods, Poll, Polling, Port, Ports, Positive, Protocol, Protocols, Provider,
    Resources, SecretKey, SecretReferences, Shards, Storage, StorageKind, Text, Toggle, Uses,
    Volume, Volumes,
};
use flow_model::{Limits, NoFiles, Quantity, Sources, Spanned, Variables, print};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

/// How many Flows are built.
const CASES: u32 = 2_000;

/// A step of a builder: one key with one value.
type Step<B> = Box<dyn FnOnce(B) -> B>;

/// The keys of a scope, and one of the steps that set them, each written as `key: strategy`.
macro_rules! steps {
    ($KEYS:ident, $step:ident: $Builder:ident { $($key:ident: $strategy:expr),+ $(,)? }) => {
        const $KEYS: &[&str] = &[$(stringify!($key)),+];

        fn $step() -> impl Strategy<Value = Given<$Builder>> {
            Union::new([$(
                $strategy
                    .prop_map(|value| {
                        let step: Step<$Builder> = Box::new(move |builder| builder.$key(value));
                        Given { key: stringify!($key), step }
                    })
                    .boxed(),
            )+])
        }
    };
}

/// A step, and the key that it sets.
struct Given<B> {
    key: &'static str,
    step: Step<B>,
}

impl<B> std::fmt::Debug for Given<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key)
    }
}

/// Text that readers of YAML, or of expressions, may take for something else, and any other text.
fn string() -> impl Strategy<Value = String> + Clone {
    let odd = [
        "",
        " ",
        "null",
        "~",
        "true",
        "no",
        "on",
        "1",
        "1.10",
        "0x1F",
        "017",
        "1:30",
        "1e3",
        ".inf",
        "<<",
        "=",
        "- a",
        "a: b",
        "# a",
        "a #b",
        "[a, b]",
        "[[a]]",
        "{}",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a",
        "'",
        "\"",
        "a\nb",
        "a\n",
        "\n",
        "\r\n",
        "\t",
        " a",
        "a ",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "é",
        "😀",
        "\\",
        "$HOME",
        "${HOME}",
        "$$HOME",
        "${$HOME}",
        "${{ ENV.HOME }}",
        "${{ X",
        "$",
        "5$",
        "a=b",
        "---",
        "...",
        "docker://a",
        "x.yml",
    ];
    prop_oneof![
        4 => select(odd.to_vec()).prop_map(str::to_owned),
        4 => "[a-z][a-z0-9_-]{0,8}",
        1 => "\\PC{0,12}",
        // Any character but NUL, which no text of a Flow can hold.
        1 => proptest::collection::vec(any::<char>().prop_filter("NUL", |c| *c != '\0'), 0..8).prop_map(String::from_iter),
    ]
}

fn strings() -> impl Strategy<Value = Vec<String>> + Clone {
    proptest::collection::vec(string(), 0..4)
}

/// A value of JSON, of any depth that a Flow may have.
fn json() -> impl Strategy<Value = serde_json::Value> + Clone {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select([0.0, 1.0, 1e16, 1e300, 1e-7, 123_456_789.25].as_slice()).prop_map(Value::from),
        string().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((string(), inner), 0..4)
                .prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

fn text() -> impl Strategy<Value = Text> + Clone {
    string().prop_map(Text)
}

fn toggle() -> impl Strategy<Value = Toggle> + Clone {
    any::<bool>().prop_map(Toggle)
}

fn key_values() -> impl Strategy<Value = KeyValues> + Clone {
    let entries = proptest::collection::vec((string(), json()), 0..4);
    entries.prop_map(|entries| KeyValues::new(entries.into_iter().collect()))
}

fn names() -> impl Strategy<Value = Names> + Clone {
    strings().prop_map(Names::from_iter)
}

fn limit() -> impl Strategy<Value = OptionalLimit> + Clone {
    (-1..=i32::MAX).prop_map(|value| OptionalLimit::new(value).unwrap())
}

fn port() -> impl Strategy<Value = Port> + Clone {
    (1..=u16::MAX).prop_map(|value| Port::new(value).unwrap())
}

fn ports() -> impl Strategy<Value = Ports> + Clone {
    proptest::collection::vec(port(), 0..3).prop_map(Ports::from_iter)
}

fn positive() -> impl Strategy<Value = Positive> + Clone {
    (1..=1_000_000_u32).prop_map(|value| Positive::new(value).unwrap())
}

fn protocols() -> impl Strategy<Value = Protocols> + Clone {
    use Protocol::{Grpc, Http, WebSocket};
    prop_oneof![
        select([Grpc, Http, WebSocket].as_slice()).prop_map(Protocols::from),
        Just(Protocols::try_from([Http, Grpc]).unwrap()),
        Just(Protocols::try_from([Grpc, WebSocket, Http]).unwrap()),
    ]
}

fn hosts() -> impl Strategy<Value = Hosts> + Clone {
    let known = ["a", "a.example.com", "10.0.0.1", "::1", "[::1]:80", "h:9", "grpcs://h:443"];
    let host = prop_oneof![
        select([&known[..], &["http://h/", "true", "1.5"]].concat()).prop_map(str::to_owned),
        string(),
    ];
    proptest::collection::vec(host, 0..3)
        .prop_map(|hosts| hosts.iter().filter_map(|host| host.parse::<Host>().ok()).collect())
}

fn uses() -> impl Strategy<Value = Uses> + Clone {
    let written = [
        "docker://example/a:1.0",
        "",
        "BaseExecutor",
        "jinahub://X",
        "jinaai+docker://a/b",
        "Class",
        "a/b.yml",
        "./a.yml",
        "a//b.yml",
        "a/../b.yml",
        "./jinahub/a.yml",
        "jinahub.yml",
    ];
    prop_oneof![
        select(written.to_vec()).prop_map(Uses::from),
        Just(Uses::from("example.com:5000/b".parse::<Image>().unwrap())),
        Just(Uses::from(JinaGateway::Http)),
        inline(),
        string().prop_map(|written| Uses::parse(&written)),
    ]
}

/// The configuration of a class, as it comes out of a Flow that was read.
fn inline() -> impl Strategy<Value = Uses> + Clone {
    let keys = ["with", "metas", "requests", "dynamic_batching"];
    proptest::collection::vec((select(keys.to_vec()), "[a-z]{1,4}", "[a-z]{0,4}"), 0..4).prop_map(
        |all| {
            let mut uses = serde_json::json!({"jtype": "Class"});
            for (key, name, value) in all {
                uses[key][name] = value.into();
            }
            let text = format!("jtype: Flow\nexecutors:\n  - {{uses: {uses}}}\n");
            let (flow, _) = read(&text);
            flow.executors[0].settings.uses.as_ref().unwrap().value.clone()
        },
    )
}

/// A block, with a head or without.
fn block() -> impl Strategy<Value = KubernetesBlock> + Clone {
    let mapping = || {
        let entries = proptest::collection::vec((string(), json()), 0..3);
        entries.prop_map(|entries| {
            serde_json::Value::Object(entries.into_iter().collect::<serde_json::Map<_, _>>())
        })
    };
    let words = ["labels", "annotations", "pod", "container", "workload", "service", "cache"];
    let entry = (select(words.to_vec()).prop_map(str::to_owned), mapping());
    let entries = || proptest::collection::vec(entry.clone(), 0..3);
    let objects = proptest::collection::vec(mapping(), 0..2);
    let replicas = proptest::option::of(1..=1_000_000_u32);
    (entries(), proptest::option::of((entries(), replicas)), objects).prop_map(
        |(entries, head, objects)| {
            let mut map: serde_json::Map<_, _> = entries.into_iter().collect();
            map.insert("objects".to_owned(), objects.into());
            map.insert("sharedMemory".to_owned(), "2Gi".into());
            if let Some((head, replicas)) = head {
                let mut head: serde_json::Map<_, _> = head.into_iter().collect();
                head.extend(replicas.map(|count| ("replicas".to_owned(), count.into())));
                map.insert("head".to_owned(), head.into());
            }
            KubernetesBlock::try_from(map).unwrap()
        },
    )
}

/// A block of Compose.
fn compose() -> impl Strategy<Value = ComposeBlock> + Clone {
    let restart = select(vec!["no", "always", "on-failure", "on-failure:5", "unless-stopped"]);
    let address = select(vec!["127.0.0.1", "::1", "0.0.0.0"]);
    let driver = proptest::option::of(select(vec!["journald", "example/driver:1"]));
    let options = proptest::collection::vec((string(), string()), 0..3);
    let logging = (driver, options).prop_map(|(driver, options)| Logging {
        driver: driver.map(|driver| Spanned::unwritten(driver.parse().unwrap())),
        options: options.into_iter().map(|(key, text)| (key, Spanned::unwritten(text))).collect(),
    });
    (proptest::option::of(restart), proptest::option::of(address), proptest::option::of(logging))
        .prop_map(|(restart, address, logging)| ComposeBlock {
            logging: logging.map(Spanned::unwritten),
            restart: restart.map(|text| Spanned::unwritten(text.parse().unwrap())),
            host_ip: address.map(|text| Spanned::unwritten(text.parse().unwrap())),
        })
}

/// What an entry asks of its platform.
fn jcloud() -> impl Strategy<Value = Jcloud> + Clone {
    let quantity = |texts: &[&'static str]| {
        let texts = proptest::option::of(select(texts.to_vec()));
        texts.prop_map(|text| text.map(|text| text.parse::<Quantity>().unwrap().into()))
    };
    let share = prop_oneof![
        Just(GpuShare::Shared),
        (1..=8_u32).prop_map(|count| GpuShare::Whole(GpuCount::new(count).unwrap())),
    ];
    let capacity = select(vec![Capacity::Spot, Capacity::OnDemand]);
    let resources = (
        quantity(&["100m", "0.5", "4"]),
        quantity(&["500Mi", "4G", "1.5Gi"]),
        proptest::option::of(share),
        proptest::option::of(capacity),
    );
    let resources = resources.prop_map(|(cpu, memory, gpus, capacity)| Resources {
        cpu,
        memory,
        gpus: gpus.map(Spanned::unwritten),
        capacity: capacity.map(Spanned::unwritten),
    });
    let kinds = vec![StorageKind::Ephemeral, StorageKind::Block, StorageKind::File];
    let storage = (select(kinds), quantity(&["10G", "512Mi"]), any::<Option<bool>>());
    let storage = storage.prop_map(|(kind, size, retain)| {
        let mut storage = Storage::new(kind);
        storage.size = size;
        storage.retain = retain.map(Spanned::unwritten);
        Spanned::unwritten(storage)
    });
    let metrics = vec![Metric::Concurrency, Metric::Rps, Metric::Cpu, Metric::Memory];
    let autoscale = (0..=9_u32, 0..=9_u32, select(metrics), 1..=1_000_000_u32, 0..=3_600_u32);
    let autoscale = autoscale.prop_map(|(least, more, metric, target, delay)| {
        let most = Positive::new((least + more).max(1)).unwrap();
        let mut autoscale = Autoscale::between(least, most).unwrap();
        autoscale.metric = metric.into();
        autoscale.target = Positive::new(target).unwrap().into();
        autoscale.scale_down_delay = delay.into();
        Spanned::unwritten(autoscale)
    });
    let pods = prop_oneof![
        (0..=1_000_000_u32).prop_map(Pods::Count),
        (0..=100_u8).prop_map(Pods::Percent),
    ];
    let disruption = prop_oneof![
        pods.clone().prop_map(Disruption::MinAvailable),
        pods.prop_map(Disruption::MaxUnavailable),
    ];
    let collector = (any::<bool>(), proptest::option::of("[a-z]{1,9}"), any::<Option<u16>>());
    let collector = collector.prop_map(|(enable, host, port)| Collector {
        enable,
        host: host.map(Spanned::unwritten),
        port: port.map(|port| Spanned::unwritten(u32::from(port).max(1))),
    });
    let collector = || proptest::option::of(collector.clone().prop_map(Spanned::unwritten));
    let monitor = (collector(), collector());
    let labels = proptest::collection::vec((string(), string()), 0..3);
    let more = (any::<Option<bool>>(), proptest::option::of(1..=86_400_u32));
    let option = proptest::option::of::<BoxedStrategy<Spanned<Disruption>>>;
    (
        labels,
        resources,
        proptest::option::of(storage),
        proptest::option::of(autoscale),
        option(disruption.prop_map(Spanned::unwritten).boxed()),
        monitor,
        more,
    )
        .prop_map(|(labels, resources, storage, autoscale, disruption, monitor, more)| {
            let mut jcloud = Jcloud::default();
            let labels = labels.into_iter();
            jcloud.labels = labels.map(|(name, text)| (name, Spanned::unwritten(text))).collect();
            jcloud.resources = resources;
            jcloud.storage = storage;
            jcloud.autoscale = autoscale;
            jcloud.disruption = disruption;
            jcloud.monitor = Monitor { traces: monitor.0, metrics: monitor.1 };
            jcloud.expose = more.0.map(Spanned::unwritten);
            jcloud.timeout = more.1.map(Spanned::unwritten);
            jcloud
        })
}

fn environment() -> impl Strategy<Value = Environment> + Clone {
    (string(), string()).prop_map(|(first, second)| {
        Environment::try_from([("FIRST", first), ("_second2", second)]).unwrap()
    })
}

fn secrets() -> impl Strategy<Value = SecretReferences> + Clone {
    let name = "[a-z0-9]{1,5}(-[a-z0-9]{1,3})?(\\.[a-z0-9]{1,3})?";
    let key = "[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,6}";
    (name, key, any::<Option<bool>>()).prop_map(|(name, key, optional)| {
        SecretReferences::try_from([("TOKEN", SecretKey { name, key, optional })]).unwrap()
    })
}

fn polling() -> impl Strategy<Value = Polling> + Clone {
    let poll = select([Poll::Any, Poll::All].as_slice());
    let endpoint = prop_oneof![Just("*".to_owned()), string().prop_map(|name| format!("/{name}"))];
    let endpoints = proptest::collection::btree_map(endpoint, poll.clone(), 0..3);
    prop_oneof![
        poll.prop_map(Polling::from),
        endpoints.prop_map(|endpoints| Polling::by_endpoint(endpoints).unwrap()),
    ]
}

fn command() -> impl Strategy<Value = Command> + Clone {
    (string(), strings()).prop_map(|(program, arguments)| Command::new(program, arguments))
}

fn volumes() -> impl Strategy<Value = Volumes> + Clone {
    let known = ["/data", "/h:/data", "./h:/x:ro", "named:/data/", "~/x:/y:rw", "/a b:/c"];
    let volume = prop_oneof![select(known.to_vec()).prop_map(str::to_owned), string()];
    (volume.clone(), volume).prop_map(|(first, second)| {
        match (first.parse::<Volume>(), second.parse::<Volume>()) {
            (Ok(first), Ok(second)) => {
                Volumes::try_from([first.clone(), second]).unwrap_or_else(|_| first.into())
            }
            (Ok(only), Err(_)) | (Err(_), Ok(only)) => only.into(),
            (Err(_), Err(_)) => Volumes::default(),
        }
    })
}

fn metadata() -> impl Strategy<Value = Metadata> + Clone {
    proptest::collection::vec((string(), string()), 0..3).prop_map(Metadata::from_iter)
}

fn gpus() -> impl Strategy<Value = Gpus> + Clone {
    let count = (0..=1_024_u32).prop_map(|count| Gpus::from(GpuCount::new(count).unwrap()));
    prop_oneof![count, Just(Gpus::All)]
}

fn exposure() -> impl Strategy<Value = Exposure> + Clone {
    let host = "[a-z]{1,4}\\.example\\.com";
    let annotations = proptest::collection::btree_map("[a-z]{1,3}\\.io/[a-z]{1,3}", string(), 0..3);
    (host, any::<Option<bool>>(), any::<u8>(), annotations).prop_map(
        |(host, other, which, annotations)| {
            let host: HostName = host.parse().unwrap();
            let name = other.map(|_| Spanned::unwritten("some-name".parse().unwrap()));
            let hosts = match other {
                Some(true) => ExposedHosts::ByProtocol(vec![(
                    Spanned::unwritten(Protocol::Grpc),
                    Spanned::unwritten(host.clone()),
                )]),
                _ => host.clone().into(),
            };
            let entrance = match which % 3 {
                0 => Entrance::Ingress { class: name.clone(), hosts, tls: name },
                1 => Entrance::gateway("infra/public".parse().unwrap(), hosts),
                _ => Entrance::LoadBalancer {
                    class: other
                        .map(|_| Spanned::unwritten("service.k8s.aws/nlb".parse().unwrap())),
                    host: other.map(|_| Spanned::unwritten(host)),
                },
            };
            let annotations = annotations.into_iter();
            let annotations = annotations.map(|(name, text)| (name, Spanned::unwritten(text)));
            Exposure { entrance, annotations: annotations.collect() }
        },
    )
}

fn compression() -> impl Strategy<Value = Compression> + Clone {
    select([Compression::NoCompression, Compression::Deflate, Compression::Gzip].as_slice())
}

fn provider() -> impl Strategy<Value = Provider> + Clone {
    select([Provider::None, Provider::Sagemaker, Provider::Azure].as_slice())
}

const METHODS: &[Method] =
    &[Method::Add, Method::Needs, Method::NeedsAll, Method::Inspect, Method::GatherInspect];
const NETWORK_MODES: &[NetworkMode] =
    &[NetworkMode::Auto, NetworkMode::Host, NetworkMode::Bridge, NetworkMode::None];

steps!(FLOW_KEYS, flow_step: FlowBuilder {
    name: text(),
    env: environment(),
    workspace_id: text(),
    quiet: toggle(),
    quiet_error: toggle(),
    inspect: select([Inspect::Collect, Inspect::Hang, Inspect::Remove].as_slice()),
    reload: toggle(),
    suppress_root_logging: toggle(),
    asyncio: toggle(),
    jcloud: jcloud(),
    kubernetes: block(),
    compose: compose(),
});

steps!(GATEWAY_KEYS, gateway_step: GatewayBuilder {
    uses: uses(),
    uses_with: key_values(),
    protocol: protocols(),
    port: ports(),
    exposure: exposure(),
    replicas: positive(),
    env: environment(),
    env_from_secret: secrets(),
    image_pull_secrets: names(),
    prefetch: any::<u32>().prop_map(|count| Count::new(count).unwrap()),
    timeout_send: limit(),
    timeout_ready: limit(),
    timeout_ctrl: limit(),
    retries: limit(),
    compression: compression(),
    grpc_channel_options: key_values(),
    grpc_server_options: key_values(),
    title: text(),
    description: text(),
    cors: toggle(),
    no_debug_endpoints: toggle(),
    no_crud_endpoints: toggle(),
    expose_endpoints: key_values(),
    log_config: text(),
    quiet: toggle(),
    quiet_error: toggle(),
    entrypoint: command(),
    py_modules: names(),
    uvicorn_kwargs: key_values(),
    ssl_certfile: text(),
    ssl_keyfile: text(),
    expose_graphql_endpoint: toggle(),
    proxy: toggle(),
    host: hosts(),
    monitoring: toggle(),
    port_monitoring: ports(),
    tracing: toggle(),
    traces_exporter_host: text(),
    traces_exporter_port: port(),
    metrics: toggle(),
    metrics_exporter_host: text(),
    metrics_exporter_port: port(),
    extra_search_paths: names(),
    reload: toggle(),
    provider: provider(),
    provider_endpoint: text(),
    docker_kwargs: key_values(),
    jcloud: jcloud(),
    kubernetes: block(),
    compose: compose(),
});

/// A printed `$` is a reference, and what that stands for has to be a name.
fn executor_name() -> impl Strategy<Value = Text> + Clone {
    string().prop_filter("no reference", |name| !name.contains('$')).prop_map(Text)
}

steps!(EXECUTOR_KEYS, executor_step: ExecutorBuilder {
    name: executor_name(),
    needs: strings().prop_map(Needs::from_iter),
    method: select(METHODS),
    uses: uses(),
    uses_with: key_values(),
    uses_metas: key_values(),
    uses_requests: key_values(),
    uses_dynamic_batching: key_values(),
    uses_before: uses(),
    uses_after: uses(),
    py_modules: names(),
    replicas: positive(),
    shards: (1..=1_000_u32).prop_map(|value| Shards::new(value).unwrap()),
    polling: polling(),
    env: environment(),
    env_from_secret: secrets(),
    image_pull_secrets: names(),
    timeout_ready: limit(),
    timeout_send: limit(),
    timeout_ctrl: limit(),
    retries: limit(),
    compression: compression(),
    grpc_channel_options: key_values(),
    grpc_server_options: key_values(),
    protocol: protocols(),
    port: ports(),
    host: hosts(),
    external: toggle(),
    tls: toggle(),
    grpc_metadata: metadata(),
    floating: toggle(),
    when: key_values(),
    no_reduce: toggle(),
    allow_concurrent: toggle(),
    exit_on_exceptions: names(),
    output_array_type: text(),
    workspace: text(),
    log_config: text(),
    quiet: toggle(),
    quiet_error: toggle(),
    entrypoint: command(),
    volumes: volumes(),
    gpus: gpus(),
    disable_auto_volume: toggle(),
    stateful: toggle(),
    raft_configuration: key_values(),
    monitoring: toggle(),
    port_monitoring: ports(),
    tracing: toggle(),
    traces_exporter_host: text(),
    traces_exporter_port: port(),
    metrics: toggle(),
    metrics_exporter_host: text(),
    metrics_exporter_port: port(),
    extra_search_paths: names(),
    reload: toggle(),
    provider: provider(),
    provider_endpoint: text(),
    docker_kwargs: key_values(),
    force_network_mode: select(NETWORK_MODES),
    install_requirements: toggle(),
    force_update: toggle(),
    prefer_platform: text(),
    workspace_id: text(),
    title: text(),
    description: text(),
    cors: toggle(),
    uvicorn_kwargs: key_values(),
    ssl_certfile: text(),
    ssl_keyfile: text(),
    jcloud: jcloud(),
    kubernetes: block(),
    compose: compose(),
});

/// Keys of the user, one of them such as printing adds itself.
fn extra() -> impl Strategy<Value = Extra> {
    let value = json().prop_filter("what printing adds", |value| value != "$");
    let key = prop_oneof![3 => "x-[a-z]{1,4}", 1 => Just("x-dollar".to_owned())];
    let some = proptest::collection::vec((key, value), 1..3).prop_map(|entries| {
        Extra::try_from(entries.into_iter().collect::<serde_json::Map<_, _>>()).unwrap()
    });
    prop_oneof![3 => Just(Extra::default()), 1 => some]
}

fn executor() -> impl Strategy<Value = ExecutorBuilder> {
    (proptest::collection::vec(executor_step(), 0..8), extra()).prop_map(|(steps, extra)| {
        steps
            .into_iter()
            .fold(Executor::builder(), |builder, given| (given.step)(builder))
            .extra(extra)
    })
}

fn any_flow() -> impl Strategy<Value = Flow> {
    let gateway = proptest::collection::vec(gateway_step(), 0..8);
    let settings = proptest::collection::vec(flow_step(), 0..4);
    let executors = proptest::collection::vec(executor(), 0..6);
    let extras = (extra(), extra());
    let all = (settings, gateway, executors, extras);
    let whole = all.prop_map(|(settings, gateway, executors, (own, of_gateway))| {
        let gateway =
            gateway.into_iter().fold(Gateway::builder(), |builder, given| (given.step)(builder));
        let flow =
            settings.into_iter().fold(Flow::builder(), |builder, given| (given.step)(builder));
        let flow = flow.gateway(gateway.extra(of_gateway)).extra(own);
        executors.into_iter().fold(flow, FlowBuilder::executor).build()
    });
    prop_oneof![6 => whole, 1 => executor().prop_map(Flow::deployment)]
}

/// The Flow of a text, read where variables would stand for what expressions name.
fn read(text: &str) -> (Flow, Vec<String>) {
    let mut variables = Variables::default();
    variables.environment.insert("HOME".to_owned(), "/elsewhere".to_owned());
    let limits = Limits::default();
    let options =
        ReadOptions { variables: &variables, loader: &NoFiles, limits: &limits, document: None };
    let (read, found) = flow::read("flow.yml", text, &options, &mut Sources::new());
    (read.flow, found.iter().map(|finding| finding.message.clone()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn what_is_printed_is_the_same_flow(flow in any_flow()) {
        let text = print::yaml(&flow).unwrap();
        let (again, findings) = read(&text);
        prop_assert_eq!(&findings, &[""; 0], "{}", text);
        let printed = print::yaml(&again).unwrap();
        prop_assert!(flow == again, "{text}\nwas read as\n{printed}");
        prop_assert_eq!(text, printed);
    }
}

/// Of what is read, the places are kept, and the user's own keys with their values.
#[test]
fn own_keys_and_places_are_kept() {
    let text = "\
jtype: Flow
x-team: &team {name: search, home: $HOME}
with: {x-with: 1, timeout_send: 5, name: shop}
gateway: {x-gateway: .inf}
executors:
  - {name: a, x-a: [$HOME], replicas: 2, uses_with: *team}
  - {name: b, <<: {shards: 2}, uses_metas: {name: '${{ root.with.name }}'}, workspace: '${{ root.with.name }}'}
";
    let (flow, findings) = read(text);
    assert_eq!(findings, [""; 0]);
    let own = |extra: &Extra| {
        let pairs = extra.iter().map(|(key, extra)| format!("{key}: {}", extra.value.value));
        pairs.collect::<Vec<_>>().join(", ")
    };
    let gateway = &flow.gateway.as_ref().unwrap().settings;
    let [a, b] = flow.executors.as_slice() else { panic!("two Executors") };
    assert_eq!(own(&flow.extra), r#"x-team: {"name":"search","home":"/elsewhere"}"#);
    assert_eq!(own(&flow.settings.extra), "x-with: 1");
    assert_eq!(own(&gateway.extra), r#"x-gateway: ".inf""#);
    assert_eq!(own(&a.settings.extra), r#"x-a: ["/elsewhere"]"#);
    assert!(read(&print::yaml(&flow).unwrap()).0 == flow);

    let place = |executor: &Executor, key| {
        let written = executor.settings.written(key)?;
        let quote = |span: Option<flow_model::Span>| span.map_or("-", |span| &text[span.range()]);
        let (key, value) = (quote(written.key), quote(Some(written.value)));
        Some(format!("{key}: {value}, {}, {}", quote(written.used_at), quote(written.refers_to)))
    };
    for (executor, key, expected) in [
        (a, ExecutorKey::Replicas, Some("replicas: 2, -, -")),
        (a, ExecutorKey::TimeoutSend, Some("timeout_send: 5, -, -")),
        (a, ExecutorKey::UsesWith, Some("uses_with: {name: search, home: $HOME}, *team, -")),
        (b, ExecutorKey::Shards, Some("shards: 2, {shards: 2}, -")),
        (b, ExecutorKey::Workspace, Some("workspace: '${{ root.with.name }}', -, shop")),
        (b, ExecutorKey::Replicas, None),
    ] {
        assert_eq!(place(executor, key).as_deref(), expected, "{key:?}");
    }
}

/// Every key that has an effect can be built, and is.
#[test]
fn every_key_is_built() {
    for (scope, built) in
        [(Scope::Flow, FLOW_KEYS), (Scope::Gateway, GATEWAY_KEYS), (Scope::Executor, EXECUTOR_KEYS)]
    {
        let rows = scope.rows().into_iter().filter(|row| row.expects != Anything::EXPECTS);
        let rows: Vec<_> = rows.map(|row| row.name).collect();
        assert_eq!(rows, built, "{scope:?}");
    }
}
