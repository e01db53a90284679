//! What is wrong with a Flow from code is told without a place, and understood all the same.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use backend_k8s::{Kubernetes, Options};
use flow_model::Level;
use flow_model::flow::{Executor, ExecutorBuilder, Flow, FlowBuilder, Gateway};
use flow_model::plan::Program;
use flow_model::report::{self, Style};
use flow_model::values::{
    Environment, Extra, Host, JinaGateway, Method, Port, Ports, Positive, Protocol, Shards, Volume,
};
use flow_validate::compile;

fn named(name: &str) -> ExecutorBuilder {
    Executor::builder().name(name).uses("docker://example/a:1")
}

/// Flows that have something wrong with them, by what it is.
fn flows() -> Vec<(&'static str, FlowBuilder)> {
    let flow = Flow::builder;
    let two = Shards::try_from(2).unwrap();
    let ports = |ports: &[u16]| -> Ports {
        ports.iter().map(|port| Port::try_from(*port).unwrap()).collect()
    };
    vec![
        ("nothing in it", flow()),
        ("no image", flow().executor(Executor::builder().name("a").uses("jinahub://X"))),
        ("a class", flow().executor(Executor::builder().name("a").uses("MyExecutor"))),
        ("no name", flow().executor(Executor::builder())),
        ("a bad name", flow().executor(named("a/b"))),
        ("a long name", flow().executor(named(&"x".repeat(70)))),
        ("one name twice", flow().executor(named("a")).executor(named("a"))),
        ("two names alike", flow().executor(named("a_b")).executor(named("a-b"))),
        ("a need of nothing", flow().executor(named("a").needs(["b"]))),
        ("a cycle", flow().executor(named("a").needs(["b"])).executor(named("b").needs(["a"]))),
        ("a join of one", flow().executor(named("a").method(Method::Needs).needs(["gateway"]))),
        (
            "a result for nobody",
            flow().executor(named("a")).executor(named("b").needs(["gateway"])),
        ),
        (
            "a lone condition",
            flow().executor(named("a").when([("tags__x", serde_json::json!({"$eq": "y"}))])),
        ),
        ("no condition", flow().executor(named("a").when([("tags__x", "y")]))),
        ("text that no process takes", flow().executor(named("a").workspace("/w\0"))),
        ("no address", flow().executor(named("a").external(true))),
        ("a host for no reason", flow().executor(named("a").host("h".parse::<Host>().unwrap()))),
        ("not sharded", flow().executor(named("a").uses_before("docker://example/b:1"))),
        (
            "shards with nothing",
            flow().executor(named("a").shards(two).stateful(true).workspace("/w")),
        ),
        ("stateful nowhere", flow().executor(named("a").stateful(true))),
        ("HTTP in a Flow", flow().executor(named("a").protocol(Protocol::Http))),
        (
            "half a certificate",
            flow().gateway(Gateway::builder().ssl_certfile("/c")).executor(named("a")),
        ),
        (
            "more ports than protocols",
            flow().gateway(Gateway::builder().port(ports(&[1, 2]))).executor(named("a")),
        ),
        (
            "a port twice",
            flow()
                .gateway(Gateway::builder().port(ports(&[9090])).monitoring(true))
                .executor(named("a")),
        ),
        (
            "a secret in the open",
            flow().executor(
                named("a").env(Environment::try_from([("API_TOKEN", "s3cr3t-value")]).unwrap()),
            ),
        ),
        (
            "what Kubernetes ignores",
            flow().executor(
                named("a")
                    .docker_kwargs([("shm_size", "1g")])
                    .force_update(true)
                    .volumes("./x:/x".parse::<Volume>().unwrap())
                    .replicas(Positive::try_from(2).unwrap()),
            ),
        ),
    ]
}

#[test]
fn findings_without_a_place_are_understood() {
    let mut text = String::new();
    for (what, flow) in flows() {
        let backend = Kubernetes::new(Options::default());
        let compiled = compile(flow.build(), &backend, &flow_validate::Options::default());
        let found = compiled.diagnostics;
        writeln!(text, "## {what}\n").unwrap();
        for finding in found.iter().filter(|finding| finding.level > Level::Note) {
            let drawn = report::render(finding, &compiled.sources, Style::Plain);
            writeln!(text, "{drawn}\n").unwrap();
        }
    }
    insta::with_settings!({ snapshot_path => "../snapshots/built", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("findings", text);
    });
}

/// As Jina does it: the first of a kind has no number, and numbers count all Executors before.
#[test]
fn executors_without_a_name_get_one() {
    let uses = "uses: 'docker://example/a:1'";
    let flow = format!(
        "jtype: Flow\nexecutors:\n- {{{uses}}}\n- {{name: a, {uses}}}\n- {{{uses}, method: needs, needs: [executor0, a]}}\n\
         - {{{uses}, method: needs, needs: [a, joiner]}}\n- {{{uses}}}\n- {{{uses}, method: needs_all}}\n"
    );
    let backend = Kubernetes::new(Options::default());
    let compiled =
        compile(("flow.yml", flow.as_str()), &backend, &flow_validate::Options::default());
    let names = compiled.flow.executors.iter().map(|one| one.name.value.as_str());
    let names: Vec<_> = names.collect();
    assert_eq!(names, ["executor0", "a", "joiner", "joiner3", "executor4", "joiner5"]);
}

#[test]
fn flows_are_equal_if_they_say_the_same() {
    let flow = |text: &str| {
        flow_validate::plan(("flow.yml", text), &flow_validate::Options::default()).flow
    };
    let text = "jtype: Flow\nwith: {timeout_send: 1}\ngateway: {port: 1}\nx-a: 1\nexecutors:\n- {name: a, uses: 'docker://x/y:1', kubernetes: {pod: {hostname: h}}}\n";
    assert_eq!(flow(text), flow(&format!("# Elsewhere in the text.\n{text}")));
    assert_eq!(flow(text), flow(&text.replace("hostname: h", "hostname: 'h'")));
    for (written, other) in [
        ("timeout_send: 1", "timeout_send: 2"),
        ("port: 1", "port: 2"),
        ("x-a: 1", "x-a: 2"),
        ("y:1", "y:2"),
        ("name: a", "name: b"),
        ("hostname: h", "hostname: i"),
    ] {
        assert_ne!(flow(text), flow(&text.replace(written, other)), "{other}");
    }
}

/// Everything that a builder is given, in any order.
#[test]
fn a_flow_of_code_is_the_flow_of_its_text() {
    let extra = |value: &str| Extra::try_from([("x-team", value)]).unwrap();
    let gateway = Gateway::builder().port("8080".parse::<Port>().unwrap()).extra(extra("gates"));
    let flow = Flow::builder()
        .executor(named("a").extra(extra("encoders")))
        .extra(extra("search"))
        .gateway(gateway)
        .name("shop")
        .build();
    let text = "jtype: Flow\nwith: {name: shop}\nx-team: search\ngateway: {port: 8080, x-team: gates}\n\
                executors:\n- {name: a, uses: 'docker://example/a:1', x-team: encoders}\n";
    let read = flow_validate::plan(("flow.yml", text), &flow_validate::Options::default()).flow;
    assert_eq!(flow, read);
}

/// Also a class that serves more protocols than the gateway has.
#[test]
fn a_gateway_has_the_class_that_was_named() {
    for (uses, class) in [
        ("", JinaGateway::Grpc),
        ("uses: GRPCGateway, ", JinaGateway::Grpc),
        ("uses: CompositeGateway, ", JinaGateway::Composite),
        ("uses: HTTPGateway, protocol: http, ", JinaGateway::Http),
        ("protocol: [http, grpc], ", JinaGateway::Composite),
    ] {
        let text = format!(
            "jtype: Flow\ngateway: {{{uses}env: {{A: b}}}}\nexecutors: [{{name: a, uses: 'docker://example/a:1'}}]\n"
        );
        let options = flow_validate::Options::default();
        let planned = flow_validate::plan(("flow.yml", text.as_str()), &options);
        let gateway = planned.plan.unwrap().gateway.unwrap();
        assert_eq!(gateway.main().program, Program::JinaGateway(class), "{uses}");
    }
}
