"""The arguments of a container as Jina's own parsers read them."""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
from collections.abc import Callable
from typing import Any

# Random at each parsing, and written by neither tool.
RANDOM = {"workspace_id"}

# Text that Jina parses again as JSON: blanks in it mean nothing.
JSON = {
    "connection_list",
    "deployments_addresses",
    "deployments_metadata",
    "deployments_no_reduce",
    "expose_endpoints",
    "graph_conditions",
    "graph_description",
    "polling",
}


def expand(word: str) -> str:
    """What the kubelet makes of a word: `$$` is `$`, and no variable is defined."""
    out, at = [], 0
    while at < len(word):
        if word.startswith("$$", at):
            out.append("$")
            at += 2
        else:
            out.append(word[at])
            at += 1
    return "".join(out)


@functools.cache
def parser() -> argparse.ArgumentParser:
    """Jina's own parser. Building it takes longer than all that it parses for one Flow."""
    from jina.parsers import get_main_parser

    return get_main_parser()


def parse(words: list[str], expand: Callable[[str], str] = expand) -> tuple[dict[str, Any], list[str]]:
    """The namespace, and the words that no parser knows. `expand` is what the runner makes of a word."""
    words = [expand(word) for word in words]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        namespace, unknown = parser().parse_known_args(words)
    found = {}
    for name, value in vars(namespace).items():
        if name in RANDOM:
            continue
        if name in JSON and isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = json.loads(value)
        found[name] = json.loads(json.dumps(value, default=str))
    return found, unknown
