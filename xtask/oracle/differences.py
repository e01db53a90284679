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
        )


def holds(condition: str, place: Place) -> bool:
    """`always`, or `mesh M`, `role R`, `fixture F` joined by `and`."""
    if condition == "always":
        return True
    known = {"mesh": place.mesh, "role": place.role, "fixture": place.fixture}
    for part in condition.split(" and "):
        key, value = part.split(" ", 1)
        if known[key] != value:
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
