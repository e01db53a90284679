"""Calls that type checkers must understand; it is checked, not run."""

from __future__ import annotations

import os
from pathlib import Path

import flowship

FLOW = {"jtype": "Flow", "executors": [{"name": "encoder", "uses": "docker://example/encoder:1.0"}]}

bundle: flowship.Bundle = flowship.compile(FLOW, mesh="istio", images={"encoder": "example/encoder:2"})
files: dict[str, str] = bundle.files
kinds: list[str] = [str(thing["kind"]) for thing in bundle.objects]
written: int = bundle.write(Path("out"), force=True).written

findings: flowship.Findings = flowship.check("flow.yml", environment=os.environ, deny=["warnings"])
for finding in findings:
    where: tuple[str | None, int | None] = (finding.file, finding.line)
    edits: list[flowship.Edit] = [edit for fix in finding.fixes for edit in fix.edits]

text: str = flowship.yaml(Path("flow.yml"))
flowship.to_kubernetes_yaml(FLOW, "out", k8s_namespace="shop", include_gateway=False)
flowship.to_docker_compose_yaml(FLOW, "docker-compose.yml", network_name="net")

try:
    flowship.compile(FLOW, target="docker-compose")
except flowship.FlowError as error:
    codes: list[str] = [finding.code for finding in error.findings]
