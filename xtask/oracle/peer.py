"""Runs `jina export` over many Flows in one process: importing jina takes seconds."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import yaml

# What both tools run gateways and heads in.
IMAGE = "jinaai/jina:3.34.0-py311-standard"

os.environ["JINA_GATEWAY_IMAGE"] = IMAGE
os.environ["JINA_OPTOUT_TELEMETRY"] = "1"
os.environ["JINA_HIDE_SURVEY"] = "1"
os.environ["JINA_LOG_NO_COLOR"] = "1"
os.environ.pop("JINA_LOG_LEVEL", None)
warnings.simplefilter("ignore")


def without_network() -> None:
    """Replaces the two look-ups over the network, and nothing else.

    An image is what stands behind `docker://`, as jina itself decides offline; the version that
    it asks Docker Hub for is never used.
    """
    import jina.orchestrate.deployments.config.helper as helper

    def image_name(uses: str) -> str:
        if uses.startswith("docker://"):
            return uses.replace("docker://", "")
        raise ValueError(f"no image is known for {uses}")

    helper.get_image_name = image_name
    helper.get_base_executor_version = lambda: "3.34.0"
    import jina.orchestrate.deployments.config.docker_compose as compose
    import jina.orchestrate.deployments.config.k8s as kubernetes

    for module in (kubernetes, compose):
        if hasattr(module, "get_image_name"):
            module.get_image_name = image_name
        module.get_base_executor_version = helper.get_base_executor_version


def remember() -> None:
    """Lets jina make once what it makes anew for each export: its parser, and its table of words."""
    import jina.parsers
    import jina_cli.lookup

    jina.parsers.get_main_parser = functools.cache(jina.parsers.get_main_parser)
    jina_cli.lookup._build_lookup_table = functools.cache(jina_cli.lookup._build_lookup_table)


@contextlib.contextmanager
def variables(environment: dict[str, str]) -> Iterator[None]:
    """Lets the peer see these variables for a while."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def export(target: str, flow: Path, out: Path, extra: list[str]) -> str | None:
    """Exports one Flow for `kubernetes` or `docker-compose`; returns why it could not be, in a line."""
    from jina_cli import main

    argv = sys.argv
    sys.argv = ["jina", "export", target, flow.name, str(out.resolve()), *extra]
    try:
        # Paths in a Flow are found from where the peer runs.
        with contextlib.chdir(flow.resolve().parent), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            main()
    except SystemExit as stopped:
        if stopped.code not in (None, 0):
            return f"exit code {stopped.code}"
    except Exception as error:  # whatever jina raises is its answer
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    finally:
        sys.argv = argv
    return None


def without(flow: Path, ignored: tuple[str, ...], folder: Path) -> Path:
    """The Flow without keys that the peer ignores; tests/tests/blocks.rs and the golden exports hold what
    comes of them."""
    text = flow.read_text("utf-8")
    if not any(f"{key}:" in text for key in ignored):
        return flow
    document = yaml.safe_load(text)
    bare = folder / flow.name
    bare.parent.mkdir(parents=True, exist_ok=True)
    for part in [document, document.get("with"), document.get("gateway"), *document.get("executors", [])]:
        if isinstance(part, dict):
            for key in ignored:
                part.pop(key, None)
        elif isinstance(part, str) and part.endswith(".yml"):
            without(flow.parent / part, ignored, (folder / part).parent)
    bare.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return bare
