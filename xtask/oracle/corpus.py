"""Real files that people wrote: each as it is, or with an image for whatever is no container."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml


class Reader(yaml.SafeLoader):
    """Reads YAML as the peer does: `on` and `off` are text, and a tag is a `jtype`."""


def tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    """`!Class {…}` as the peer understands it."""
    value = loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else {}
    return {"jtype": suffix, **value}


Reader.add_multi_constructor("!", tagged)
Reader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if first not in "oO" or "bool" not in tag]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

# What the peer makes of `uses` by itself.
OWN = {"", "BaseExecutor", "GRPCGateway", "HTTPGateway", "WebSocketGateway", "CompositeGateway"}


def mapped(flow: Path, environment: dict[str, str], folder: Path) -> tuple[Path, Path] | None:
    """A copy in which `uses` names an image wherever it named none, and the file that maps the same
    names to the same images. `None` for what is no YAML."""
    try:
        document = yaml.load(flow.read_text("utf-8"), Reader)
    except yaml.YAMLError:
        return None
    images: dict[str, str] = {}
    if isinstance(document, dict):
        map_entry(document.get("gateway"), "gateway", ["uses"], images, environment)
        entries = document.get("executors") or document.get("deployments")
        if document.get("jtype") == "Deployment":
            entries = [document.get("with")]
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            name = f"executor{index}" if document.get("jtype") != "Deployment" else "executor"
            if isinstance(entry, dict) and isinstance(entry.get("with"), dict):
                entry = entry["with"]
            map_entry(entry, name, ["uses"], images, environment)
            map_entry(entry, None, ["uses_before", "uses_after"], images, environment)
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / flow.name
    copy.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    listed = folder / "images.yml"
    listed.write_text(yaml.safe_dump(images), "utf-8")
    return copy, listed


def map_entry(entry: Any, name: str | None, keys: list[str], images: dict[str, str], environment: dict[str, str]) -> None:
    """Gives an entry images, and notes under which name flowship is told of them."""
    if not isinstance(entry, dict) or entry.get("external") is True:
        return
    for key in keys:
        uses = entry.get(key)
        text = re.sub(r"\$\{\{ *ENV\.(\w+) *\}\}|\$(\w+)", lambda m: environment.get(m[1] or m[2], m[0]), str(uses or ""))
        if isinstance(uses, dict):
            inline(entry, uses)
        elif text in OWN or text.startswith("docker://"):
            continue
        known_by = text if name is None else str(entry.get("name") or name)
        image = f"example/{re.sub('[^a-z0-9]+', '-', known_by.lower()).strip('-')}:1.0"
        images[known_by] = image
        entry[key] = f"docker://{image}"


def inline(entry: dict[str, Any], uses: dict[str, Any]) -> None:
    """What an inline configuration says, as the entry would say it; the entry's own words win."""
    metas = {key: value for key, value in (uses.get("metas") or {}).items() if key != "py_modules"}
    for key, value in {
        "uses_with": uses.get("with"),
        "uses_metas": metas,
        "uses_requests": uses.get("requests"),
        "uses_dynamic_batching": uses.get("dynamic_batching"),
    }.items():
        if value:
            entry[key] = {**value, **(entry.get(key) or {})}
