"""The published schemas of Kubernetes, strictly."""

from __future__ import annotations

import functools

import kubernetes_validate
import kubernetes_validate.utils

import manifests

# A schema is read once, not for every object.
kubernetes_validate.utils.schema_contents = functools.cache(kubernetes_validate.utils.schema_contents)

# The release that the objects are written for.
RELEASE = "1.33"


def is_custom(document: dict) -> bool:
    """A kind that Kubernetes itself does not define; an API server with its definition looks at those."""
    group = document["apiVersion"].rpartition("/")[0]
    return group.endswith((".istio.io", "gateway.networking.k8s.io"))


# The fields of a ServiceMonitor that an export may hold (monitoring.coreos.com/v1): Kubernetes'
# own schemas do not have it.
SERVICE_MONITOR = {
    "apiVersion": str,
    "kind": str,
    "metadata": dict,
    "spec": {
        "endpoints": [{"port": str}],
        "namespaceSelector": {"matchNames": [str]},
        "selector": {"matchLabels": dict},
    },
}


def service_monitor(document: dict) -> None:
    """Fails where a ServiceMonitor has other fields than it may have."""
    if document["apiVersion"] != "monitoring.coreos.com/v1":
        raise ValueError(f"no such version: {document['apiVersion']}")
    fits(document, SERVICE_MONITOR, "")


def fits(value: object, shape: object, where: str) -> None:
    """Fails where a value has another shape."""
    if isinstance(shape, type):
        if not isinstance(value, shape):
            raise ValueError(f"{where} is no {shape.__name__}")
    elif isinstance(shape, list):
        if not isinstance(value, list) or not value:
            raise ValueError(f"{where} is no list of at least one")
        for item in value:
            fits(item, shape[0], f"{where}[]")
    elif not isinstance(value, dict) or value.keys() != shape.keys():
        raise ValueError(f"{where} has not exactly the fields {sorted(shape)}")
    else:
        for key, inner in shape.items():
            fits(value[key], inner, f"{where}.{key}")


def problems(objects: manifests.Objects) -> list[str]:
    """What the schemas say against the documents of an export."""
    found = []
    for path, documents in objects.items():
        for document in documents:
            if is_custom(document):
                continue
            try:
                if document.get("kind") == "ServiceMonitor":
                    service_monitor(document)
                else:
                    kubernetes_validate.validate(document, RELEASE, strict=True)
            except Exception as error:
                found.append(f"{path} {document.get('kind')}: {getattr(error, 'message', error)}")
    return found
