"""A Compose file as fields that can be compared: (service, role) and field to value."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import yaml

import arguments

Fields = dict[tuple[str, str, str], Any]

# What the peer draws its ports from, told to it by JINA_RANDOM_PORT_MIN and _MAX.
RANDOM_PORTS = range(61000, 65536)

# `$$` is a dollar sign, `$NAME` and `${NAME…}` are variables (Compose specification, interpolation).
VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|(?P<name>[A-Za-z_]\w*)|(?P<braced>\{[A-Za-z_][^}]*\}))")


def read(path: Path) -> dict:
    """The file."""
    return yaml.safe_load(path.read_text("utf-8"))


def expand(word: str) -> str:
    """What Compose makes of a word where no variable is set; a secret's reference stays itself."""
    rest = VARIABLE.sub("", word)
    if "$" in rest:
        return f"<invalid interpolation: {word}>"

    def value(found: re.Match) -> str:
        if found["dollar"]:
            return "$"
        return f"<variable {found['braced']}>" if found["braced"] else ""

    return VARIABLE.sub(value, word)


def fields(file: dict) -> tuple[Fields, int, list[str]]:
    """The fields, how many arguments were read, and the arguments that no parser knows."""
    found: Fields = {("", "", "file.services"): list(file["services"])}
    for key in ("version", "networks", "volumes"):
        if key in file:
            found["", "", f"file.{key}"] = unlabelled(file[key])
    things = [*file.get("networks", {}).values(), *file.get("volumes", {}).values()]
    if labels := [thing["labels"] for thing in things if thing and "labels" in thing]:
        found["", "", "file.labels"] = labels
    count, unknown = 0, []
    for name, service in file["services"].items():
        what = role(service["command"])
        put = lambda field, value: found.__setitem__((name, what, field), value)
        for key in ("image", "entrypoint", "healthcheck", "deploy", "networks", "depends_on", "restart", "extra_hosts", "stop_grace_period", "labels"):
            if key in service:
                put(f"service.{key}", service[key])
        for key in ("ports", "expose", "volumes"):
            if service.get(key):
                put(f"service.{key}", [stable(item) for item in service[key]])
        for variable, value in environment(service.get("environment", [])).items():
            put(f"service.env.{variable}", expand(value))
        namespace, strange = arguments.parse(service["command"], expand)
        for argument, value in namespace.items():
            put(f"service.args.{argument}", argument_value(argument, value))
        count += len(service["command"])
        unknown += [f"{name}: {word}" for word in strange]
    return found, count, unknown


def unlabelled(things: Any) -> Any:
    """Networks and volumes without their labels."""
    if not isinstance(things, dict):
        return things
    return {name: {key: value for key, value in (thing or {}).items() if key != "labels"} for name, thing in things.items()}


def role(command: list[str]) -> str:
    """What the process of a service does."""
    name = command[command.index("--name") + 1] if "--name" in command else ""
    for beside in ("uses-before", "uses-after"):
        if name.endswith(f"/{beside}"):
            return beside
    if command[0] == "gateway":
        return "gateway"
    return "head" if "HeadRuntime" in command else "worker"


def environment(written: list | dict) -> dict[str, str]:
    """Variables, however they were written; the last one of a name counts."""
    if isinstance(written, dict):
        return {name: str(value) for name, value in written.items()}
    return dict(item.split("=", 1) for item in written)


def stable(item: Any) -> Any:
    """Without random ports and the home folder of whoever exports."""
    text = str(item).replace(os.environ["HOME"], "HOME")
    return re.sub(r"\d{5}", lambda port: "RANDOM" if int(port[0]) in RANDOM_PORTS else port[0], text)


def argument_value(argument: str, value: Any) -> Any:
    """What a value means, where it can be said in several ways."""
    if argument in ("port", "port_monitoring"):
        return [stable(port) if int(port) in RANDOM_PORTS else int(port) for port in value]
    if argument == "deployments_addresses" and isinstance(value, dict):
        # Without a scheme, Jina speaks gRPC without TLS.
        plain = lambda address: address.removeprefix("grpc://")
        return {node: [plain(address) for address in addresses] for node, addresses in value.items()}
    if argument == "connection_list" and isinstance(value, dict):
        return {shard: [hosts] if isinstance(hosts, str) else hosts for shard, hosts in value.items()}
    return value
