"""Compares the exports of programs that build Flows as Jina's documentation does, of the `python` blocks of our
pages, and of fixtures that Jina loads from YAML, with the exports of Jina itself.

usage: programs.py DIFFERENCES WORK PAGE... [--fixtures FOLDER] [--only NAME]
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import differences
import manifests
import peer
import snippets
from differences import Difference, Place
from main import environment_of, extra_arguments
from python_flows import IMAGE, compare, unsettled

# Kinds of programs in the documentation of Jina 3.34: how it introduces Flows and Deployments, topologies,
# conditions, floating and external Executors, scaling, gateways, Kubernetes and Docker Compose.
PROGRAMS = {
    "empty": "Flow()",
    "one Executor without anything": "Flow().add()",
    "two Executors without names": "Flow().add().add()",
    "names in camel case": "Flow().add(name='myVeryFirstExecutor').add(name='secondIsBest')",
    "a class": "Flow().add(name='myexec1', uses=FooExecutor)",
    "a class and a port": "Flow(port=12345).add(name='myexec1', uses=FooExecutor)",
    "classes without names": "Flow(port=12345).add(uses=FooExecutor).add(uses=BarExecutor)",
    "a class of a module": "Flow().add(uses='my.py_modules.FooExecutor')",
    "files of Executors": "Flow(extra_search_paths=['../executor']).add(uses='one.yml').add(uses='two.yml')",
    "a hub name": "Flow().add(uses='jinaai+docker://jina-ai/TransformerTorchEncoder')",
    "an old hub name": "Flow().add(uses='jinahub+docker://SimpleIndexer')",
    "sources of the hub": "Flow().add(uses='jinaai://jina-ai/CLIPEncoder', replicas=5, install_requirements=True)",
    "an image without a tag": "Flow().add(uses='docker://sentence-encoder')",
    "needs of two": """Flow().add(uses=FooExecutor, name='fooExecutor').add(uses=BarExecutor, name='barExecutor',
        needs='fooExecutor').add(uses=BazExecutor, name='bazExecutor', needs='fooExecutor').add(needs=['barExecutor',
        'bazExecutor'])""",
    "needs of two, merged by its own class": """Flow().add(uses=FooExecutor, name='exec1').add(uses=BarExecutor,
        name='exec2').add(uses=BazExecutor, needs=['exec1', 'exec2'], no_reduce=True)""",
    "needs of one by two": "Flow().add(name='e1').add(needs='e1').add(needs='e1')",
    "a floating Executor at the end": """Flow().add(name='executor0', uses=FooExecutor).add(name='floating_executor',
        uses=BarExecutor, needs=['gateway'], floating=True)""",
    "a floating Executor in the middle": "Flow().add().add(name='middle', floating=True).add()",
    "two floating Executors in a row": "Flow().add().add(name='middle', floating=True).add(needs=['middle'], floating=True)",
    "a floating Executor that is needed": "Flow().add().add(name='middle', floating=True).add(needs=['middle'])",
    "a condition": "Flow().add(when={'tags__key': {'$eq': 5}})",
    "a condition on the second": "Flow().add().add(when={'tags__key': {'$eq': 5}})",
    "conditions of two branches": """Flow().add(name='first').add(when={'tags__key': {'$eq': 5}}, needs='first',
        name='exec1').add(when={'tags__key': {'$eq': 4}}, needs='first', name='exec2').needs_all(name='join')""",
    "conditions in a row": """Flow().add(name='first').add(when={'tags__key': {'$eq': 5}}, name='exec1', needs='first').add(
        when={'tags__key': {'$eq': 4}}, needs='exec1', name='exec2')""",
    "a condition on what exists": "Flow().add(name='text', when={'text': {'$exists': True}})",
    "needs_all of one": "Flow().add(uses=FooExecutor, replicas=2, polling='ANY').needs_all()",
    "needs_all of shards": "Flow().add(uses=FooExecutor, shards=2, polling='ALL').needs_all()",
    "replicas": "Flow().add(name='slow_encoder', replicas=3).add(name='fast_indexer')",
    "shards with polling by endpoint": """Flow().add(name='ExecutorWithShards', shards=3,
        polling={'/custom': 'ALL', '/search': 'ANY', '*': 'ANY'})""",
    "every argument of a class": """Flow().add(uses='FooExecutor', uses_with={'parameter_1': 'foo', 'parameter_2': 'bar'},
        py_modules=['executor.py'], uses_metas={'name': 'FooExecutor', 'description': 'What it does'},
        uses_requests={'/index': 'my_index', '/search': 'my_search', '/random': 'foo'}, workspace='some_custom_path')""",
    "numbers of a class": "Flow().add(uses=FooExecutor, uses_with={'param1': 10, 'param3': 30})",
    "requests of a class": "Flow().add(uses=FooExecutor, uses_requests={'/bar': 'bar', '/non_foo': 'foo', '/alias_foo': 'foo'})",
    "metas of a class": "Flow().add(uses=FooExecutor, uses_metas={'name': 'different_name'})",
    "types of arrays": "Flow().add(uses=FooExecutor, output_array_type='numpy').add(uses=BarExecutor)",
    "an external Executor": "Flow().add(host='123.45.67.89', port=12345, external=True)",
    "an external address": "Flow().add(host='123.45.67.89:12345', external=True)",
    "an external Executor with TLS": "Flow().add(host='123.45.67.89:443', external=True, tls=True)",
    "an external Executor with a token": """Flow().add(host='123.45.67.89', port=443, external=True,
        grpc_metadata={'authorization': '<TOKEN>'})""",
    "external replicas": "Flow().add(host=['localhost', '91.198.174.192'], port=['12345', '12346'], external=True)",
    "external replicas by address": "Flow().add(host=['localhost:12345', '91.198.174.192:12346'], external=True)",
    "an external Executor with an old argument": "Flow().add(host='localhost', port_in=12345, external=True)",
    "a GPU": "Flow().add(uses='docker://sentence-encoder', uses_with={'device': 'cuda'}, gpus='all')",
    "GPUs by round robin": "Flow().add(uses=FooExecutor, replicas=5, env={'CUDA_VISIBLE_DEVICES': 'RR'})",
    "a volume": """Flow().add(uses='docker://sentence-encoder', uses_with={'device': 'cuda'}, gpus='1',
        volumes='/home/ubuntu/.cache:/root/.cache')""",
    "a gateway with gRPC": "Flow().config_gateway(protocol='grpc', port=12345).add(uses=FooExecutor)",
    "a gateway with HTTP": "Flow().config_gateway(protocol='http', port=12345).add(uses=FooExecutor)",
    "a gateway with WebSocket": "Flow().config_gateway(protocol='websocket', port=12345).add(uses=FooExecutor)",
    "a gateway with three protocols": "Flow().config_gateway(protocol=['grpc', 'http', 'websocket'])",
    "a list of one protocol": "Flow().config_gateway(protocol=['grpc'], port=12345)",
    "a gateway with TLS": """Flow().config_gateway(port=12345, ssl_certfile='path/to/certfile.crt',
        ssl_keyfile='path/to/keyfile.crt')""",
    "compression": "Flow().config_gateway(compression='gzip').add()",
    "a file of logs of the gateway": "Flow().config_gateway(log_config='./logging.json.yml')",
    "a file of logs": "Flow(log_config='./logging.json.yml')",
    "two files of logs": "Flow().add(log_config='./logging.json.yml').add(log_config='./logging.file.yml')",
    "a class of a gateway": "Flow().config_gateway(uses=OwnGateway, port=12345, protocol='http', uses_with={'arg': 'value'})",
    "a file of a gateway": "Flow().config_gateway(uses='config.yml', port=12345, protocol='http', uses_with={'arg': 'value'})",
    "an image of a gateway": """Flow().config_gateway(uses='docker://gateway-image', port=12345, protocol='http',
        uses_with={'arg': 'value'})""",
    "a gateway that calls two": """Flow().config_gateway(uses=OwnGateway, protocol='http').add(uses=FooExecutor,
        name='executor1').add(uses=BarExecutor, name='executor2')""",
    "replicas of a gateway": "Flow().config_gateway(replicas=3).add()",
    "no retries": "Flow(retries=0).add()",
    "traces and metrics": """Flow(tracing=True, traces_exporter_host='http://localhost', traces_exporter_port=4317,
        metrics=True, metrics_exporter_host='http://localhost', metrics_exporter_port=4317).add(uses=FooExecutor)""",
    "metrics by Prometheus": "Flow(monitoring=True, port_monitoring=9090).add(uses=FooExecutor, port_monitoring=9091)",
    "HTTP with more": """Flow(protocol='http', cors=True, no_debug_endpoints=True, no_crud_endpoints=True,
        title='A service', description='What it finds', uvicorn_kwargs={'loop': 'asyncio'})""",
    "GraphQL": "Flow(protocol='http', expose_graphql_endpoint=True).add(uses=FooExecutor)",
    "prefetch": "Flow(prefetch=10).config_gateway(prefetch=100).add()",
    "timeouts": "Flow(timeout_send=1000).add(timeout_send=5000, timeout_ready=-1)",
    "options of gRPC": """Flow().add(uses=FooExecutor, grpc_server_options={'grpc.max_send_message_length': 1024},
        grpc_channel_options={'grpc.max_receive_message_length': 1024})""",
    "dynamic batching": """Flow().add(uses=FooExecutor, uses_dynamic_batching={'/bar': {'preferred_batch_size': 10,
        'timeout': 200}})""",
    "exceptions that end a process": "Flow().add(uses=FooExecutor, exit_on_exceptions=['RuntimeError', 'ValueError'])",
    "reload": "Flow().add(uses=FooExecutor, reload=True)",
    "a stateful Executor": """Flow().add(name='indexer', uses='docker://example/indexer:1.0', replicas=3, stateful=True,
        workspace='/data', peer_ports=[12345, 12346, 12347])""",
    "environment of the Flow": "Flow(env={'A': 1, 'B': 'two'}).add(env={'A': 'x'})",
    "a search on Kubernetes": """Flow(port=8080, image_pull_secrets=['regcred']).add(name='encoder',
        uses='jinaai+docker://somebody/EncoderPrivate').add(name='indexer', uses='jinaai+docker://somebody/IndexerPrivate')""",
    "a scaled search on Kubernetes": """Flow(port=8080, image_pull_secrets=['regcred']).add(name='encoder',
        uses='jinaai+docker://somebody/EncoderPrivate', replicas=2).add(name='indexer',
        uses='jinaai+docker://somebody/IndexerPrivate', shards=2)""",
    "Secrets on Kubernetes": """Flow(port=8080, image_pull_secrets=['regcred']).add(name='indexer',
        uses='jinaai+docker://somebody/IndexerPrivate', env={'k1': 'v1', 'k2': 'v2'}, env_from_secret={
        'SECRET_USERNAME': {'name': 'mysecret', 'key': 'username'}, 'SECRET_PASSWORD': {'name': 'mysecret', 'key': 'password'}})""",
    "a search by HTTP": """Flow(port=8080, protocol='http').add(name='encoder', uses='jinaai+docker://somebody/EncoderPrivate',
        replicas=2).add(name='indexer', uses='jinaai+docker://somebody/IndexerPrivate', shards=2)""",
    "inspect": "Flow().add(name='a').inspect(name='b').add(name='c')",
    "gathered results of inspect": "Flow().add(name='a').inspect(name='b').add(name='c').gather_inspect()",
    "a Flow in text": "Flow.load_config('jtype: Flow\\nexecutors:\\n  - name: executor\\n    when:\\n      tags__key:\\n        $eq: 5\\n')",
    "a Deployment of a class": "Deployment(name='myexec1', uses=FooExecutor)",
    "a Deployment with a port": "Deployment(uses=FooExecutor, timeout_ready=-1, port=12345)",
    "a Deployment without anything": "Deployment(name='slow_encoder', replicas=3)",
    "a Deployment with shards": """Deployment(name='ExecutorWithShards', shards=3,
        polling={'/custom': 'ALL', '/search': 'ANY', '*': 'ANY'})""",
    "a Deployment with HTTP": "Deployment(uses=FooExecutor, protocol='http', port=8080)",
    "a Deployment with two protocols": "Deployment(uses=FooExecutor, protocol=['grpc', 'http'], port=[12345, 12344])",
    "a Deployment of a hub name": "Deployment(uses='jinaai://jina-ai/CLIPEncoder', replicas=5, install_requirements=True)",
    "a Deployment with every argument": """Deployment(uses='FooExecutor', py_modules=['executor.py'],
        uses_with={'parameter_1': 'foo'}, uses_metas={'name': 'FooExecutor'}, uses_requests={'/index': 'my_index'},
        workspace='some_custom_path')""",
}


def namespace() -> dict[str, Any]:
    """What programs call."""
    from jina import Deployment, Executor, Flow, Gateway

    classes = {name: type(name, (Executor,), {"__module__": __name__}) for name in ("FooExecutor", "BarExecutor", "BazExecutor")}
    nothing = lambda self: None
    methods = {"setup_server": nothing, "run_server": nothing, "shutdown": nothing}
    return {"Flow": Flow, "Deployment": Deployment, "OwnGateway": type("OwnGateway", (Gateway,), methods), **classes}


def of_pages(pages: list[Path]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The Flows that each block of a page has built."""
    for page in pages:
        seen = []

        def remember(line: int, names: dict[str, Any]) -> None:
            for name, value in list(names.items()):
                if hasattr(value, "to_kubernetes_yaml") and not isinstance(value, type) and name != "flowship":
                    seen.append((f"{page.name}:{line}", value))

        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            snippets.problems(page, remember)
        for where, flow in seen:
            yield where, lambda flow=flow: flow


FIXTURES = "fixtures that Jina has loaded"

# Fixtures that cannot be compared as Jina loads them, and why.
NOT_COMPARED = {
    "env-text": "Jina reads an empty text as null, which is not the value of a variable",
    "stateful": "Jina fails: 'Deployment' object has no attribute 'logger'",
    "yaml-types": "Jina reads `!!int` as `!int`, and then fails",
}


def of_fixtures(folder: Path, bare: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The fixtures as Jina loads them, without the blocks that it ignores; without those that need options."""
    from jina import Deployment, Flow

    for fixture in sorted(folder.glob("*.yml")):
        if extra_arguments(fixture):
            continue
        is_flow = not re.search(r"^!?(jtype: *)?Deployment\b", fixture.read_text("utf-8"), re.M)

        def load(fixture: Path = fixture, kind: type = Flow if is_flow else Deployment) -> Any:
            with peer.variables(environment_of(fixture)), contextlib.chdir(fixture.parent):
                return kind.load_config(str(peer.without(fixture, ("kubernetes", "compose", "jcloud"), bare)))

        yield fixture.stem, load


def exported(flow: Any, folder: Path) -> str | None:
    """Jina's own export; why it is refused."""
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            flow.to_kubernetes_yaml(str(folder))
    except (Exception, SystemExit) as error:  # whatever jina raises is its answer
        return f"{type(error).__name__}: {error}"
    return None


def whose(path: str, flow: Any) -> str:
    """The Executor that a finding about `uses` names."""
    name = path.removesuffix(".uses")
    return flow.args.name if name == "Deployment" else name


def with_images(flow: Any, names: list[str]) -> None:
    """Gives Executors of a Flow an image, as their authors would before they export."""
    for name in names:
        if name == "gateway":
            flow._gateway_kwargs["uses"] = IMAGE
        else:
            getattr(flow, "_deployment_nodes", {flow.args.name: flow})[name].args.uses = IMAGE


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("differences", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("pages", type=Path, nargs="*")
    parser.add_argument("--fixtures", type=Path)
    parser.add_argument("--only")
    args = parser.parse_args()
    rows, work = differences.read(args.differences), args.work.resolve()
    peer.without_network()
    import flowship

    names = namespace()
    kinds = {
        "programs as in Jina's documentation": ((name, lambda text=text: eval(text, dict(names))) for name, text in PROGRAMS.items()),
        "Flows on our pages": of_pages([page.resolve() for page in args.pages]),
    }
    if args.fixtures:
        kinds[FIXTURES] = of_fixtures(args.fixtures.resolve(), work / "bare")
    options = {"environment": {"JINA_GATEWAY_IMAGE": peer.IMAGE}, "allow": ["missing-certificate"]}
    listed: collections.Counter[str] = collections.Counter()
    counts: dict[str, collections.Counter[str]] = {}
    problems, refused = [], []
    loaded: set[str] = set()
    for kind, programs in kinds.items():
        count = counts[kind] = collections.Counter()
        for name, build in programs:
            if args.only and name != args.only:
                continue
            if kind == FIXTURES:
                loaded.add(name)
            try:
                with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                    flow = build()
            except (Exception, SystemExit):  # Jina does not even build it
                count["not built by Jina"] += 1
                refused.append(f"{name}: not built by Jina")
                continue
            ours, theirs = work / "ours", work / "theirs"
            for folder in (ours, theirs):
                shutil.rmtree(folder, ignore_errors=True)
            errors = [finding for finding in flowship.check(flow, **options) if finding.level == "error"]
            wanting = [whose(finding.path, flow) for finding in errors if finding.code == "no-container"]
            images = {}
            if wanting:
                refusal = exported(build(), theirs)
                shutil.rmtree(theirs, ignore_errors=True)
                if refusal is None:
                    problems.append(f"{name}: refused as no-container, and exported by Jina")
                    continue
                count["without images: refused by both"] += 1
                images = {one: IMAGE.removeprefix("docker://") for one in wanting}
            try:
                flowship.to_kubernetes_yaml(flow, ours, images=images, **options)
            except flowship.FlowError as error:
                codes = sorted({one.code for one in error.findings if one.level == "error"})
                count["refused by flowship"] += 1
                refused.append(f"{name}: {', '.join(codes)}")
                continue
            fresh = build()
            with_images(fresh, wanting)
            refusal = exported(fresh, theirs)
            if refusal is not None:
                problems += unsettled(Difference(Place(name, "linkerd", "", ""), "export", refusal, "exported"), rows, listed)
                continue
            count["compared"] += 1
            problems += compare(name, manifests.read(theirs), manifests.read(ours), rows, listed)
    for line in refused:
        print(f"refused: {line}")
        name = line.partition(":")[0]
        if name in loaded and name not in NOT_COMPARED:
            problems.append(f"{line}, and NOT_COMPARED does not say why")
    for name in NOT_COMPARED:
        if name in loaded and not any(line.startswith(f"{name}:") for line in refused):
            problems.append(f"{name}: is compared; remove it from NOT_COMPARED")
    for problem in problems:
        print(f"unlisted difference: {problem}")
    for kind, count in counts.items():
        print(f"{kind}: {', '.join(f'{number} {what}' for what, number in count.most_common())}")
    print(f"differences listed in {args.differences.name}: {sum(listed.values())}; not listed: {len(problems)}")
    return 1 if problems or not any(count["compared"] for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
