"""The published schemas of Kubernetes, strictly."""

from __future__ import annotations

import kubernetes_validate

import manifests

# The release that the objects are written for.
RELEASE = "1.33"


def is_custom(document: dict) -> bool:
    """A kind that Kubernetes itself does not define; an API server with its definition looks at those."""
    group = document["apiVersion"].rpartition("/")[0]
    return group.endswith((".istio.io", "gateway.networking.k8s.io"))


def problems(objects: manifests.Objects) -> list[str]:
    """What the schemas say against the documents of an export."""
    found = []
    for path, documents in objects.items():
        for document in documents:
            if is_custom(document):
                continue
            try:
                kubernetes_validate.validate(document, RELEASE, strict=True)
            except Exception as error:
                found.append(f"{path} {document.get('kind')}: {getattr(error, 'message', error)}")
    return found
