"""Check Flows of Jina, and export them to Kubernetes or Docker Compose.

>>> import flowship
>>> bundle = flowship.compile(flow, mesh="istio")      # a jina.Flow, a dict, a path or a text
>>> bundle.write("manifests")

A Flow is a ``jina.Flow``, a ``jina.Deployment``, the path of a YAML file, YAML as text, or a dict. Keywords
are the options of the program ``flowship`` under the same names: ``mesh``, ``k8s_namespace``, ``images``, ...
The environment of the process is not read unless it is passed: ``environment=os.environ``.
"""

from __future__ import annotations

import warnings
from importlib import metadata as _metadata

from ._flowship import Bundle, Edit, Finding, Fix, Written
from . import _flowship

__all__ = [
    "Bundle",
    "Edit",
    "Finding",
    "Findings",
    "Fix",
    "FlowError",
    "FlowWarning",
    "WriteError",
    "Written",
    "check",
    "compile",
    "explain",
    "to_docker_compose_yaml",
    "to_kubernetes_yaml",
    "yaml",
]

try:
    __version__ = _metadata.version("flowship")
except _metadata.PackageNotFoundError:  # a checkout
    __version__ = "0"


class Findings(list):
    """A list of findings that prints as a terminal shows it, and as HTML in a notebook."""

    def __str__(self):
        summary = _flowship.summary(self)
        return "\n\n".join([str(finding) for finding in self] + ([summary] if summary else []))

    def _repr_html_(self):
        summary = _flowship.summary(self) or "no findings"
        return "".join(finding._repr_html_() for finding in self) + f"<b>{summary}</b>"


class FlowError(ValueError):
    """The Flow has errors; ``findings`` has all of them, and prints as on a terminal."""

    def __init__(self, findings):
        super().__init__(findings)
        self.findings = Findings(findings)

    def __str__(self):
        return "\n\n" + str(self.findings)

    def _repr_html_(self):
        return self.findings._repr_html_()

    def _render_traceback_(self):
        """What notebooks show instead of a traceback: the mistakes are in the Flow, not in a call."""
        drawn = "\n\n".join(finding.colored() for finding in self.findings)
        summary = _flowship.summary(self.findings) or ""
        return ["FlowError: the Flow has errors", "", drawn, "", summary]


class FlowWarning(UserWarning):
    """A warning of a Flow that was exported."""


class WriteError(OSError):
    """Files are in the way, or cannot be written. Nothing was changed."""


def check(flow, *, target="kubernetes", environment=None, **settings):
    """Return everything that is to be said about a Flow, the mistakes first in each file.

    Nothing is written and nothing is raised for a mistake of the Flow. ``target`` is ``"kubernetes"`` or
    ``"docker-compose"``.
    """
    findings, _ = _flowship.compile(flow, target, settings, environment, True)
    return Findings(findings)


def compile(flow, *, target="kubernetes", environment=None, include_gateway=True, **settings):
    """Compile a Flow to manifests of Kubernetes, or to a Compose file.

    Raises ``FlowError`` if the Flow has errors. Warnings and notes are in ``check(flow)``.
    """
    findings, bundle = _flowship.compile(flow, target, settings, environment, include_gateway)
    if bundle is None:
        raise FlowError(findings)
    return bundle


def yaml(flow, *, environment=None, **settings):
    """Return a Flow as YAML that is read as the same Flow: the same bytes each time.

    A ``jina.Flow`` is written as its author has built it: without what Jina fills in, and with Secrets.
    """
    findings, text = _flowship.yaml(flow, settings, environment)
    if text is None:
        raise FlowError(findings)
    return text


def to_kubernetes_yaml(
    flow,
    output_base_path,
    k8s_namespace=None,
    include_gateway=True,
    *,
    environment=None,
    force=False,
    **settings,
):
    """Write manifests of a Flow into a folder: ``flow.to_kubernetes_yaml(...)`` of Jina.

    Raises ``FlowError`` if the Flow has errors, and ``WriteError`` if files are in the way that somebody
    edited, or that are not of this Flow; ``force`` overwrites them. Warnings are issued as
    ``FlowWarning``.
    """
    settings["k8s_namespace"] = k8s_namespace
    _write(flow, "kubernetes", output_base_path, include_gateway, environment, force, settings)


def to_docker_compose_yaml(
    flow,
    output_path=None,
    network_name=None,
    include_gateway=True,
    *,
    environment=None,
    force=False,
    **settings,
):
    """Write the Compose file of a Flow: ``flow.to_docker_compose_yaml(...)`` of Jina.

    The file is ``docker-compose.yml`` unless ``output_path`` names another. Raises and warns as
    ``to_kubernetes_yaml`` does.
    """
    settings["network_name"] = network_name
    path = output_path or "docker-compose.yml"
    _write(flow, "docker-compose", path, include_gateway, environment, force, settings)


def explain(code):
    """Return the explanation of a finding, as Markdown. Raises ``KeyError`` for an unknown code."""
    return _flowship.explain(code)


def _write(flow, target, path, include_gateway, environment, force, settings):
    findings, bundle = _flowship.compile(flow, target, settings, environment, include_gateway)
    if bundle is None:
        raise FlowError(findings)
    for finding in findings:
        if finding.level == "warning":
            warnings.warn(str(finding), FlowWarning, stacklevel=3)
    bundle.write(path, force=force)
