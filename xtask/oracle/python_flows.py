"""Compares `flowship.to_kubernetes_yaml(flow)` with `flow.to_kubernetes_yaml()` of Jina itself, for Flows
that a program builds.

usage: python_flows.py DIFFERENCES WORK [--flows N] [--seed K] [--show N]
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import io
import os
import random
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import differences
import manifests
import peer
from dataclasses import replace
from differences import ABSENT, Difference, Place

IMAGE = "docker://example/executor:1.0"
# As in the fixtures whose differences are listed.
SECRET = {"PASSWORD": {"name": "my-secret", "key": "password"}}
VALUES: dict[str, list[Any]] = {
    "replicas": [1, 2, 3, "2"],
    "env": [{"A": "1"}, {"A": "x", "B": "y z"}],
    "uses_with": [{"a": 1, "b": "x"}, {"deep": {"list": [1, 2.5, None, True, "1"]}}],
    "uses_metas": [{"workspace": "/data"}],
    "uses_requests": [{"/search": "find"}],
    "timeout_ready": [1000, 60000, -1],
    "timeout_send": [1000, 120000],
    "timeout_ctrl": [100],
    "retries": [0, 3],
    "gpus": ["1", "2"],
    "monitoring": [True],
    "port_monitoring": [9095],
    "env_from_secret": [SECRET],
    "image_pull_secrets": [["regcred"], ["a", "b"]],
    "exit_on_exceptions": [["MemoryError", "OSError"]],
    "grpc_server_options": [{"grpc.max_send_message_length": 1000}],
    "grpc_channel_options": [{"grpc.max_receive_message_length": 1000}],
    "uses_dynamic_batching": [{"/search": {"preferred_batch_size": 8, "timeout": 100}}],
    "when": [{"tags__x": {"$eq": 1}}],
    "no_reduce": [True],
    "floating": [True],
    "allow_concurrent": [True],
    "workspace": ["/work"],
    "volumes": [["/data"]],
    "log_config": ["json"],
    "quiet": [True],
    "tracing": [True],
    "traces_exporter_host": ["collector.example.com"],
    "traces_exporter_port": [4317],
    "output_array_type": ["numpy"],
    "py_modules": [["code.py"], "code.py"],
    "metrics": [True],
    "metrics_exporter_host": ["collector.example.com"],
    "metrics_exporter_port": [4318],
    "quiet_error": [True],
    "extra_search_paths": [["code"]],
    "provider_endpoint": ["search"],
    "raft_configuration": [{"heartbeat_timeout": 5}],
    "disable_auto_volume": [True],
    "tls": [True],
    "reload": [True],
    "native": [True],
    "host": ["0.0.0.0", "127.0.0.1"],
    "entrypoint": ["python -m jina"],
    "docker_kwargs": [{"shm_size": "1g"}],
    "force_network_mode": ["BRIDGE"],
    "force_update": [True],
    "install_requirements": [True],
    "prefer_platform": ["linux/amd64"],
    "workspace_id": ["one"],
    "peer_ports": [[9001]],
    "title": ["Encoder"],
    "cors": [True],
    "runtime_cls": ["WorkerRuntime"],
    "no_crud_endpoints": [True],
    "connection_list": ["{}"],
    "compression": ["Gzip"],
    "grpc_metadata": [{"x-tenant": "a"}],
    "port": [8123],
}
FLOW_VALUES: dict[str, list[Any]] = {
    "name": ["search", "my-flow"],
    "port": [12345],
    "protocol": ["http", "grpc", "websocket", ["http", "grpc"]],
    "monitoring": [True],
    "replicas": [2],
    "env": [{"FLOW": "1"}],
    "timeout_send": [5000],
    "retries": [2],
    "inspect": ["HANG", "REMOVE", "COLLECT"],
    "workspace": ["/flow"],
    "prefetch": [50],
    "cors": [True],
    "tracing": [True],
    "metrics": [True],
    "log_config": ["json"],
    "quiet": [True],
    "host": ["0.0.0.0", "127.0.0.1"],
    "gpus": ["1"],
    "volumes": [["/data"]],
    "uses_with": [{"a": 1}],
    "shards": [2],
    "polling": ["ALL"],
    "no_reduce": [True],
    "output_array_type": ["numpy"],
    "py_modules": [["code.py"]],
    "grpc_metadata": [{"x-tenant": "flow"}],
    "env_from_secret": [SECRET],
    "timeout_ready": [30000],
    "floating": [True],
    "external": [True],
    "compression": ["Deflate"],
    "title": ["Search"],
    "ssl_certfile": ["cert.pem"],
    "ssl_keyfile": ["key.pem"],
    "tls": [True],
    "port_monitoring": [9095],
    "exit_on_exceptions": [["MemoryError", "OSError"]],
    "uses_requests": [{"/search": "find"}],
    "allow_concurrent": [True],
    "description": ["A Flow"],
    "no_debug_endpoints": [True],
    "uvicorn_kwargs": [{"loop": "asyncio"}],
    "expose_graphql_endpoint": [True],
    "expose_endpoints": [{"/search": {"path": "/find"}}],
    "proxy": [True],
    "entrypoint": ["python -m jina"],
    "grpc_channel_options": [{"grpc.max_receive_message_length": 99}],
    "grpc_server_options": [{"grpc.max_send_message_length": 77}],
}
GATEWAY_VALUES: dict[str, list[Any]] = {
    "port": [54000, 8080],
    "protocol": ["http", "websocket"],
    "cors": [True],
    "title": ["Search"],
    "no_debug_endpoints": [True],
    "uses": ["docker://example/gateway:1.0"],
    "uses_with": [{"x": 1}],
    "env": [{"GATEWAY": "1"}],
    "monitoring": [True],
    "uvicorn_kwargs": [{"loop": "asyncio"}],
    "timeout_send": [9000],
    "replicas": [2],
    "description": ["What it finds"],
    "no_crud_endpoints": [True],
    "expose_graphql_endpoint": [True],
    "expose_endpoints": [{"/search": {"path": "/find"}}],
    "grpc_server_options": [{"grpc.max_send_message_length": 1000}],
    "env_from_secret": [SECRET],
    "image_pull_secrets": [["gate"]],
    "log_config": ["json"],
    "quiet": [True],
    "host": ["127.0.0.1"],
    "proxy": [True],
    "prefetch": [7],
    "retries": [1],
    "compression": ["Gzip"],
    "tracing": [True],
    "metrics": [True],
    "port_monitoring": [9099],
    "timeout_ready": [1000],
    "ssl_certfile": ["cert.pem"],
    "ssl_keyfile": ["key.pem"],
    "py_modules": [["gateway.py"]],
    "entrypoint": ["python -m jina"],
    "docker_kwargs": [{"shm_size": "1g"}],
    "runtime_cls": ["GatewayRuntime"],
    "grpc_channel_options": [{"grpc.max_receive_message_length": 9}],
    "volumes": [["/gateway"]],
    "gpus": ["1"],
    "workspace": ["/gateway"],
}


def some(values: dict[str, list[Any]], dice: random.Random, most: int) -> dict[str, Any]:
    """A few arguments."""
    keys = dice.sample(sorted(values), dice.randint(0, most))
    return {key: dice.choice(values[key]) for key in sorted(keys, key=list(values).index)}


def consistent(settings: dict[str, Any]) -> dict[str, Any]:
    """Without what flowship refuses because it cannot work."""
    if "volumes" in settings:
        settings["replicas"] = 1
    if "ssl_certfile" in settings or "ssl_keyfile" in settings:
        settings |= {"ssl_certfile": "cert.pem", "ssl_keyfile": "key.pem"}
    if isinstance(settings.get("protocol"), list) != isinstance(settings.get("port"), list):
        settings.pop("port", None)
    return settings


def build(dice: random.Random) -> tuple[Any, str]:
    """A Flow, and the calls that built it."""
    from jina import Flow

    calls = []

    def call(flow: Any, method: str, *positional: Any, **keywords: Any) -> Any:
        words = [repr(word) for word in positional] + [f"{key}={value!r}" for key, value in keywords.items()]
        calls.append(f".{method}({', '.join(words)})")
        return getattr(flow, method)(*positional, **keywords)

    settings = consistent(some(FLOW_VALUES, dice, 4))
    calls.append(f"Flow({', '.join(f'{key}={value!r}' for key, value in settings.items())})")
    flow, names = Flow(**settings), []
    for index in range(dice.randint(1, 6)):
        name = f"e{index}"
        entry = consistent({"name": name, "uses": IMAGE, **some(VALUES, dice, 4)})
        if dice.random() < 0.3:
            entry |= {"shards": dice.choice([2, 3])}
            if dice.random() < 0.3:
                entry[dice.choice(["uses_before", "uses_after"])] = IMAGE
            if dice.random() < 0.6:
                entry["polling"] = dice.choice(["ANY", "ALL", {"/index": "ANY", "*": "ALL"}])
        kind = dice.random()
        if kind < 0.1:
            entry = {"name": name, "external": True, "host": "1.2.3.4", "port": 50051}
        elif kind < 0.17 and names and not entry.get("floating"):
            flow = call(flow, "inspect", **entry)
            continue
        if names and dice.random() < 0.5:
            entry["needs"] = dice.choice([["gateway"], "gateway", [dice.choice(names)], dice.sample(names, min(len(names), 2))])
        flow = call(flow, "add", **entry)
        if not entry.get("floating"):
            names.append(name)
    if dice.random() < 0.4:
        with contextlib.suppress(Exception):
            flow = call(flow, "needs_all", name="joined")
    if dice.random() < 0.5:
        flow = call(flow, "config_gateway", **consistent(some(GATEWAY_VALUES, dice, 3)))
    if dice.random() < 0.2:
        call(flow, "expose_endpoint", "/search", path="/find")
    return flow, "".join(calls)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("differences", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--flows", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    args = parser.parse_args()
    os.environ["JINA_LOG_LEVEL"] = "ERROR"
    rows = differences.read(args.differences)
    peer.without_network()
    os.environ.pop("JINA_LOG_LEVEL")
    import flowship

    # Jina's own image has no certificates, which is nothing to compare.
    options = {"environment": {"JINA_GATEWAY_IMAGE": peer.IMAGE}, "allow": ["missing-certificate"]}
    listed: collections.Counter[str] = collections.Counter()
    unlisted, refused, both_refuse, unstable, times = [], collections.Counter(), 0, [], [0.0, 0.0]
    compared = 0
    for number in range(args.flows):
        dice = random.Random(f"{args.seed}-{number}")
        try:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                flow, program = build(dice)
        except Exception:  # Jina refuses the program
            both_refuse += 1
            continue
        text = flowship.yaml(flow)
        found = [finding for finding in flowship.check(flow, **options) if finding.level == "error"]
        ours, theirs = args.work / "ours", args.work / "theirs"
        for folder in (ours, theirs):
            shutil.rmtree(folder, ignore_errors=True)
        if found:
            refused[found[0].code] += 1
            continue
        start = time.perf_counter()
        flowship.compile(flow, **options).write(ours)
        times[0] += time.perf_counter() - start
        # Built again: another draw of ports must not matter, nor that a Flow was exported before.
        again, _ = build(random.Random(f"{args.seed}-{number}"))
        if flowship.yaml(again) != text:
            unstable.append(program)
        from_text = flowship.compile(text, **options).files
        if from_text != flowship.compile(flow, **options).files:
            unstable.append(f"as YAML: {program}")
        start = time.perf_counter()
        try:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                flow.to_kubernetes_yaml(str(theirs))
        except Exception as error:  # whatever jina raises is its answer
            place = Place(program, "linkerd", "", "")
            unlisted += unsettled(Difference(place, "export", f"{type(error).__name__}: {error}", "exported"), rows, listed)
            continue
        times[1] += time.perf_counter() - start
        compared += 1
        if flowship.compile(flow, **options).files != from_text:
            unstable.append(f"after an export by Jina: {program}")
        unlisted += compare(program, manifests.read(theirs), manifests.read(ours), rows, listed)
    for difference in unlisted[: args.show]:
        print(f"unlisted difference: {difference}")
    for program in unstable[: args.show]:
        print(f"not read in the same way: {program}")
    table = [
        ("Flows built in Python", args.flows),
        ("compared with Jina", compared),
        ("refused by Jina", both_refuse),
        (f"refused by flowship ({', '.join(f'{code} {count}' for code, count in refused.most_common())})", sum(refused.values())),
        ("differences listed in docs/differences.md", sum(listed.values())),
        ("differences not listed", len(unlisted)),
        ("Flows that are not read in the same way", len(unstable)),
        ("seconds for Jina's exports", round(times[1], 2)),
        ("seconds for flowship's", round(times[0], 2)),
    ]
    for name, count in sorted(listed.items()):
        print(f"  {count:>6}  {name}")
    for title, count in table:
        print(f"{title:<44} {count}")
    return 1 if unlisted or unstable or compared < args.flows / 3 else 0


def compare(program: str, theirs: Any, ours: Any, rows: list, listed: collections.Counter) -> list[Difference]:
    """The differences that no row lists."""
    peer_fields, fields = manifests.fields(theirs)[0], manifests.fields(ours)[0]
    whole = {key[:2] for key in peer_fields} ^ {key[:2] for key in fields}
    found = []
    for workload, role in sorted(whole):
        there = [any(key[:2] == (workload, role) for key in side) for side in (peer_fields, fields)]
        values = ["present" if is_there else ABSENT for is_there in there]
        place = Place(program, "linkerd", workload, role, manifests.possessions(workload, theirs, ours))
        found.append(Difference(place, "container", *values))
    for key in sorted(peer_fields.keys() | fields.keys()):
        workload, role, name = key
        before, after = peer_fields.get(key, ABSENT), fields.get(key, ABSENT)
        if (workload, role) in whole or (before is not ABSENT and after is not ABSENT and before == after):
            continue
        place = Place(program, "linkerd", workload, role, manifests.possessions(workload, theirs, ours))
        found.append(Difference(place, name, before, after))
    return [one for difference in found for one in unsettled(difference, rows, listed)]


def unsettled(found: Difference, rows: list, listed: collections.Counter) -> list[Difference]:
    """A difference that a fixture shows may be shown by any Flow with the same values."""
    place = found.place
    shown = lambda row: replace(found, place=replace(place, fixture=row.fixture))
    matching = [row for row in rows if row.matches(shown(row))]
    if matching:
        listed[matching[0].name] += 1
    return [] if matching else [found]


if __name__ == "__main__":
    sys.exit(main())
