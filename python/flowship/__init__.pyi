from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Protocol, TypedDict

from typing_extensions import Unpack

from ._flowship import Bundle as Bundle
from ._flowship import Edit as Edit
from ._flowship import Finding as Finding
from ._flowship import Fix as Fix
from ._flowship import Written as Written

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

__version__: str

class _JinaFlow(Protocol):
    def to_kubernetes_yaml(self, output_base_path: str, k8s_namespace: str | None = ...) -> Any: ...

class _Readable(Protocol):
    def read(self) -> str | bytes: ...

_Flow = str | bytes | PathLike[str] | Mapping[str, Any] | _JinaFlow | _Readable
_Target = Literal["kubernetes", "docker-compose"]
_List = Sequence[str] | None
_Default = Literal[
    "PodDisruptionBudget", "automountServiceAccountToken", "enableServiceLinks", "preStop", "strategy"
]

class _Values(TypedDict, total=False):
    images: Mapping[str, str] | None
    env_file: _List
    context: Mapping[str, str | int] | None
    document: int | None
    allow_outside: bool | None
    jcloud: Mapping[str, Mapping[str, Any]] | None
    kubernetes: Mapping[str, Mapping[str, Any]] | None
    allow: _List
    warn: _List
    deny: _List

class _Common(_Values, total=False):
    gpu_all: int | None
    cluster: str | None
    pod_security: Literal["baseline", "restricted"] | None
    namespace_object: bool | None
    without: Sequence[_Default] | None
    kustomize: bool | None
    mesh: Literal["linkerd", "istio", "istio-ambient", "none"] | None
    retries: Literal["jina", "mesh", "off"] | None
    retry: _List
    retry_times: int | None
    circuit_breaking: bool | None
    require_mtls: bool | None

class _Settings(_Common, total=False):
    k8s_namespace: str | None
    network_name: str | None

class Findings(list[Finding]):
    def _repr_html_(self) -> str: ...

class FlowError(ValueError):
    findings: Findings
    def __init__(self, findings: Sequence[Finding]) -> None: ...
    def _repr_html_(self) -> str: ...
    def _render_traceback_(self) -> list[str]: ...

class FlowWarning(UserWarning): ...
class WriteError(OSError): ...

def check(
    flow: _Flow,
    *,
    target: _Target = "kubernetes",
    environment: Mapping[str, str] | None = None,
    **settings: Unpack[_Settings],
) -> Findings: ...
def compile(
    flow: _Flow,
    *,
    target: _Target = "kubernetes",
    environment: Mapping[str, str] | None = None,
    include_gateway: bool = True,
    **settings: Unpack[_Settings],
) -> Bundle: ...
def yaml(
    flow: _Flow,
    *,
    environment: Mapping[str, str] | None = None,
    **settings: Unpack[_Settings],
) -> str: ...
def to_kubernetes_yaml(
    flow: _Flow,
    output_base_path: str | PathLike[str],
    k8s_namespace: str | None = None,
    include_gateway: bool = True,
    *,
    environment: Mapping[str, str] | None = None,
    force: bool = False,
    **settings: Unpack[_Common],
) -> None: ...
def to_docker_compose_yaml(
    flow: _Flow,
    output_path: str | PathLike[str] | None = None,
    network_name: str | None = None,
    include_gateway: bool = True,
    *,
    environment: Mapping[str, str] | None = None,
    force: bool = False,
    **settings: Unpack[_Values],
) -> None: ...
def explain(code: str) -> str: ...
