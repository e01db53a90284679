"""The published schemas of Kubernetes, strictly."""

from __future__ import annotations

import kubernetes_validate

import manifests

# The release that the objects are written for.
RELEASE = "1.33"


def problems(objects: manifests.Objects) -> list[str]:
    """What the schemas say against the documents of an export."""
    found = []
    for path, documents in objects.items():
        for document in documents:
            try:
                kubernetes_validate.validate(document, RELEASE, strict=True)
            except Exception as error:
                found.append(f"{path} {document.get('kind')}: {getattr(error, 'message', error)}")
    return found
