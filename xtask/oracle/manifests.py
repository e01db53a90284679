"""An export as fields that can be compared: (workload, container) and field to value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

import arguments

Objects = dict[str, list[dict]]
Fields = dict[tuple[str, str, str], Any]


WORKLOAD_FIELDS = (
    "replicas",
    "selector",
    "strategy",
    "updateStrategy",
    "podManagementPolicy",
    "serviceName",
    "progressDeadlineSeconds",
)


# The same in C, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(folder: Path) -> Objects:
    """Every document of every file, by the file's path inside the folder."""
    files = sorted(path for path in folder.rglob("*.yml"))
    return {
        str(path.relative_to(folder)): [doc for doc in yaml.load_all(path.read_text("utf-8"), LOADER) if doc]
        for path in files
    }


def fields(objects: Objects) -> tuple[Fields, int, list[str]]:
    """The fields, how many arguments were read, and the arguments that no parser knows."""
    found: Fields = {("", "", "export.files"): sorted(objects)}
    count, unknown = 0, []
    documents = [document for documents in objects.values() for document in documents]
    by_kind: dict[str, dict[str, dict]] = {}
    for document in documents:
        by_kind.setdefault(document["kind"], {})[document["metadata"]["name"]] = document
    workloads = by_kind.get("Deployment", {}) | by_kind.get("StatefulSet", {})
    for name, workload in workloads.items():
        spec, pod = workload["spec"], workload["spec"]["template"]
        put = lambda field, value, name=name: found.__setitem__((name, role(pod), field), value)
        put("workload.kind", workload["kind"])
        put("workload.namespace", workload["metadata"].get("namespace"))
        for label, value in (workload["metadata"].get("labels") or {}).items():
            put(f"workload.labels.{label}", value)
        for field in WORKLOAD_FIELDS:
            if field in spec:
                put(f"workload.{field}", spec[field])
        claims = spec.get("volumeClaimTemplates", [])
        if claims:
            put("workload.claims", [claim["spec"] for claim in claims])
        monitor = by_kind.get("ServiceMonitor", {}).get(name)
        if monitor:
            put("monitor.endpoints", [endpoint["port"] for endpoint in monitor["spec"]["endpoints"]])
            put("monitor.selector", monitor["spec"]["selector"])
            put("monitor.namespaces", monitor["spec"]["namespaceSelector"])
        budget = by_kind.get("PodDisruptionBudget", {}).get(name)
        if budget:
            put("budget.spec", budget["spec"])
        for label, value in pod["metadata"].get("labels", {}).items():
            put(f"pod.labels.{label}", value)
        for annotation, value in pod["metadata"].get("annotations", {}).items():
            put(f"pod.annotations.{annotation}", value)
        for field in ("automountServiceAccountToken", "enableServiceLinks", "terminationGracePeriodSeconds"):
            if field in pod["spec"]:
                put(f"pod.{field}", pod["spec"][field])
        for field in ("securityContext", "volumes"):
            if field in pod["spec"]:
                put(f"pod.{field}", pod["spec"][field])
        put("pod.containers", [container["name"] for container in pod["spec"]["containers"]])
        secrets = pod["spec"].get("imagePullSecrets")
        if secrets:
            put("pod.imagePullSecrets", [secret["name"] for secret in secrets])
        service_fields(name, role(pod), by_kind.get("Service", {}), found)
        for container in pod["spec"]["containers"]:
            read_words, strange = container_fields(name, pod, container, by_kind, found)
            count += read_words
            unknown += [f"{name}/{container['name']}: {word}" for word in strange]
    return found, count, unknown


def possessions(workload: str, *exports: Objects) -> frozenset[str]:
    """What a workload has in one of the exports, as conditions of differences name it."""
    has = set()
    documents = [document for objects in exports for found in objects.values() for document in found]
    if any(document["metadata"]["name"].startswith("-aux-") for document in documents):
        has.add("inspect")
    if workload.startswith("-aux-"):
        has.add("aux")
    if re.fullmatch(r"gather-inspect\d+", workload):
        has.add("second-gather")
    for document in documents:
        if document["metadata"]["name"] == workload:
            has |= {"StatefulSet": {"volumes"}, "ServiceMonitor": {"monitoring"}}.get(document["kind"], set())
    return frozenset(has)


def role(pod: dict) -> str:
    """What the first container of a Pod does."""
    return pod["metadata"]["labels"]["pod_type"].lower()


def service_fields(name: str, pod_role: str, services: dict[str, dict], found: Fields) -> None:
    """The Service of a workload's own name, and the names of further ones."""
    put = lambda field, value: found.__setitem__((name, pod_role, field), value)
    mine = [key for key, service in services.items() if service["spec"]["selector"] == {"app": name}]
    put("service.names", sorted(mine))
    service = services.get(name)
    if service is None:
        return
    put("service.type", service["spec"].get("type"))
    put("service.namespace", service["metadata"].get("namespace"))
    for label, value in (service["metadata"].get("labels") or {}).items():
        put(f"service.labels.{label}", value)
    ports = service["spec"]["ports"]
    put("service.ports", {str(port["port"]): port["targetPort"] for port in ports})
    put("service.port_names", [port.get("name") for port in ports])
    put("service.app_protocols", [port.get("appProtocol") for port in ports])


def filled_in(source: dict) -> dict:
    """The source of a variable, with what the API server fills in."""
    field = source.get("fieldRef")
    return {"fieldRef": {"apiVersion": "v1", **field}} if field else source


def container_fields(
    name: str, pod: dict, container: dict, by_kind: dict, found: Fields
) -> tuple[int, list[str]]:
    """The fields of one container; how many words its arguments have, and those that are strange."""
    what = container["name"] if container["name"].startswith("uses-") else role(pod)
    put = lambda field, value: found.__setitem__((name, what, field), value)
    for field in ("image", "imagePullPolicy", "command", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle", "resources", "securityContext"):
        if container.get(field) is not None:
            put(f"container.{field}", container[field])
    mounts = container.get("volumeMounts")
    if mounts:
        put("container.mounts", [mount["mountPath"] for mount in mounts])
    put("container.ports", [port["containerPort"] for port in container.get("ports", [])])
    put("container.port_names", [port.get("name") for port in container.get("ports", [])])
    variables: dict[str, Any] = {}
    for source in container.get("envFrom", []):
        # A block may name Secrets, and ConfigMaps of others.
        own = by_kind.get("ConfigMap", {}).get(source.get("configMapRef", {}).get("name"))
        variables.update(own["data"] if own else {})
    for variable in container.get("env", []):
        source = variable.get("valueFrom")
        variables[variable["name"]] = filled_in(source) if source else arguments.expand(variable["value"])
    for variable, value in variables.items():
        put(f"container.env.{variable}", value)
    namespace, unknown = arguments.parse(container["args"])
    for argument, value in namespace.items():
        put(f"container.args.{argument}", value)
    return len(container["args"]), unknown
