"""The deliberate differences that docs/differences.md lists."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ABSENT = object()


@dataclass
class Place:
    """Where a difference was found."""

    fixture: str
    mesh: str
    workload: str
    role: str
    # What the workload has, as conditions name it: `volumes`, `monitoring`.
    has: frozenset[str] = frozenset()


@dataclass
class Difference:
    """One field that is not the same in both exports."""

    place: Place
    name: str
    peer: Any
    ours: Any

    def __str__(self) -> str:
        place = self.place
        return (
            f"{place.fixture} [{place.mesh}] {place.workload or '-'} {place.role} {self.name}:\n"
            f"    jina export {show(self.peer)}\n    flowship    {show(self.ours)}"
        )


@dataclass
class Row:
    """One row of the table."""

    name: str
    condition: str
    peer: str
    ours: str
    why: str
    fixture: str
    line: int
    seen: set[str] = field(default_factory=set)

    def matches(self, found: Difference) -> bool:
        """Whether this row lists a difference; exact values must agree."""
        return (
            self.name == found.name
            and holds(self.condition, found.place)
            and agrees(self.peer, found.peer)
            and agrees(self.ours, found.ours)
            and (self.peer not in RELATIONS or related(self.peer, found.peer, found.ours))
        )


def related(relation: str, peer: Any, ours: Any) -> bool:
    """Whether a relation holds; it does not for values of other types than it is about."""
    try:
        return RELATIONS[relation](peer, ours)
    except (AttributeError, TypeError):
        return False


def retyped(value: Any) -> Any:
    """What the peer makes of every text: a number, a boolean, null or a list where it looks like one."""
    if isinstance(value, dict):
        return {key: retyped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [retyped(inner) for inner in value]
    if not isinstance(value, str):
        return value
    text = value
    if len(text) > 1 and text[0] in "'\"" and text[-1] in "'\"":
        return retyped(text[1:-1])
    if text.startswith("[") and text.endswith("]"):
        inner = text.replace("[", "").replace("]", "")
        return [retyped(item.strip()) for item in inner.split(",")] if inner else []
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    if text == "":
        return None
    return {"true": True, "false": False}.get(text.lower(), text)


def spelled(value: Any) -> str:
    """A variable as the peer writes it into a ConfigMap."""
    return str(retyped(value))


def offers_more(peer: Any, ours: Any) -> bool:
    """Every port of the peer is there, and each further one leads to a port of the container."""
    targets = set(peer.values()) | {8080, 8081, 8082, 9090, 9091, 9092}
    return peer.items() <= ours.items() and set(ours.values()) <= targets


# What the peer's value has to do with ours, where a cell says so in these words.
RELATIONS = {
    "every text typed again": lambda peer, ours: peer == retyped(ours),
    "the text typed again": lambda peer, ours: peer == spelled(ours),
    "the same without chosen ports and metrics": offers_more,
    "the number of replicas": lambda peer, ours: peer > 1,
    "one for each protocol": lambda peer, ours: ours[0] == peer[0] and all(name.startswith(ours[0] + "-") for name in peer[1:]),
    "no names": lambda peer, ours: set(peer) == {None},
    "the first alone": lambda peer, ours: peer == ours[:1],
    "the first one, with the host's path": lambda peer, ours: len(peer) == 1 and f":{peer[0]}:".endswith(f":{ours[0]}:"),
    "in the case that was written": lambda peer, ours: peer.upper() == ours,
    "a path on the exporting machine": lambda peer, ours: peer.endswith("/" + ours.removeprefix("./").removesuffix("/.")),
}


def holds(condition: str, place: Place) -> bool:
    """`always`, or `mesh M`, `role R`, `fixture F`, `with THING` joined by `and`."""
    if condition == "always":
        return True
    known = {"mesh": {place.mesh}, "role": {place.role}, "fixture": {place.fixture}, "with": place.has}
    for part in condition.split(" and "):
        key, value = part.split(" ", 1)
        if value not in known[key]:
            return False
    return True


def agrees(cell: str, value: Any) -> bool:
    """A cell that is one piece of code is the exact value; `absent` is no value; other words explain."""
    if cell == "absent":
        return value is ABSENT
    if cell.startswith("`") and cell.endswith("`") and cell.count("`") == 2:
        return value is not ABSENT and json.loads(cell[1:-1]) == value
    return value is not ABSENT


def show(value: Any) -> str:
    """A value for people."""
    return "absent" if value is ABSENT else json.dumps(value, ensure_ascii=False)


def read(path: Path) -> list[Row]:
    """The rows of every table whose first column is `field`."""
    rows, inside = [], False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in line.strip("|").replace("\\|", "\0").split("|")]
        cells = [cell.replace("\0", "|") for cell in cells]
        if cells[0] == "field":
            inside = True
        elif inside and not set(cells[0]) <= set("-: "):
            if len(cells) != 6:
                raise SystemExit(f"{path}:{number}: a row has 6 cells, not {len(cells)}")
            name = cells[0].strip("`")
            if "*" in name:
                raise SystemExit(f"{path}:{number}: a field is one field, without wildcards")
            rows.append(Row(name, *cells[1:5], cells[5].strip("`"), number))
    if not rows:
        raise SystemExit(f"{path}: no table whose first column is `field`")
    return rows
