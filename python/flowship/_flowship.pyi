"""The native part of `flowship`; import `flowship` itself."""

from collections.abc import Mapping
from os import PathLike
from typing import Any, final

__all__ = [
    "Bundle",
    "Written",
    "Edit",
    "Finding",
    "Fix",
    "compile",
    "explain",
    "keywords",
    "summary",
    "yaml",
]

@final
class Edit:
    """A piece of the source and what replaces it. Lines and columns count from 1; the end is the first
    character after the piece."""

    @property
    def file(self) -> str | None: ...
    @property
    def line(self) -> int | None: ...
    @property
    def column(self) -> int | None: ...
    @property
    def end_line(self) -> int | None: ...
    @property
    def end_column(self) -> int | None: ...
    @property
    def text(self) -> str: ...

@final
class Fix:
    """An edit of the source that fixes a finding."""

    @property
    def title(self) -> str: ...
    @property
    def applicability(self) -> str:
        """`safe`, `unsafe` or `display-only`."""
    @property
    def edits(self) -> list[Edit]: ...

@final
class Finding:
    """A finding: what is wrong, where, why, and what to write instead."""

    @property
    def code(self) -> str:
        """The code of the rule, such as `unknown-key`; `flowship.explain(code)` tells more."""
    @property
    def level(self) -> str:
        """`error`, `warning` or `note`."""
    @property
    def message(self) -> str:
        """What is wrong, in one line."""
    @property
    def file(self) -> str | None:
        """The file, `<dict>`, `<Flow>` or `<text>`; `None` if nothing in the source is concerned."""
    @property
    def line(self) -> int | None:
        """The line, from 1; for a dict or a `jina.Flow`, of `flowship.yaml(flow)`."""
    @property
    def column(self) -> int | None:
        """The column in characters, from 1."""
    @property
    def end_line(self) -> int | None: ...
    @property
    def end_column(self) -> int | None: ...
    @property
    def path(self) -> str | None:
        """The value: `executors[0].replicas`, or `encoder.replicas` for a `jina.Flow`."""
    @property
    def label(self) -> str | None:
        """What was expected at the place."""
    @property
    def notes(self) -> list[str]:
        """Why it matters."""
    @property
    def help(self) -> list[str]:
        """What to do instead."""
    @property
    def fixes(self) -> list[Fix]:
        """Edits of the source that fix it, the most likely first."""
    def colored(self) -> str:
        """The finding with the colours of a terminal."""
    def _repr_html_(self) -> str: ...

@final
class Written:
    """What `Bundle.write` has done."""

    @property
    def written(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def removed(self) -> int: ...
    @property
    def kept(self) -> list[Any]: ...

@final
class Bundle:
    """What a Flow becomes: manifests of Kubernetes, or a Compose file."""

    @property
    def files(self) -> dict[str, str]:
        """The files: path inside the folder to text, in the order in which they are written."""
    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects as dicts, in the order of the files."""
    def to_yaml(self) -> str:
        """All objects as one stream of YAML documents."""
    def write(self, path: str | PathLike[str], *, force: bool = False) -> Written:
        """Writes a folder of manifests, or a Compose file, as `flowship export` does."""

def compile(
    flow: object,
    platform: str,
    keywords: dict[str, Any],
    environment: Mapping[str, str] | None,
    include_gateway: bool,
) -> tuple[list[Finding], Bundle | None]: ...
def yaml(
    flow: object, keywords: dict[str, Any], environment: Mapping[str, str] | None
) -> tuple[list[Finding], str | None]: ...
def explain(code: str) -> str: ...
def summary(findings: list[Finding]) -> str | None: ...
def keywords() -> list[tuple[str, str, list[str], str]]: ...
