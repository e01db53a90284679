"""Compares flowship's exports with those of the peer, and with Kubernetes' schemas.

usage: main.py FLOWSHIP FIXTURES DIFFERENCES WORK [--mesh M]... [--only NAME] [--plant-fault]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import differences
import manifests
import peer
import schemas
from differences import ABSENT, Difference, Place, Row


# How many of one kind are shown.
LONGEST = int(os.environ.get("ORACLE_SHOW", "40"))


@dataclass
class Tally:
    """What was found over all fixtures."""

    fixtures: int = 0
    workloads: int = 0
    arguments: int = 0
    objects: int = 0
    listed: int = 0
    unlisted: list[Difference] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    schemas: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("flowship", type=Path)
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("differences", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--mesh", action="append", default=[])
    parser.add_argument("--only")
    parser.add_argument("--plant-fault", action="store_true")
    args = parser.parse_args()
    meshes = args.mesh or ["linkerd", "none"]

    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    os.environ["HOME"] = str(args.work)
    rows = differences.read(args.differences)
    flows = sorted(args.fixtures.glob("*.yml"))
    if args.only:
        flows = [flow for flow in flows if flow.stem == args.only]
    peer.without_network()

    tally = Tally()
    for flow in flows:
        compare(flow, meshes, args, rows, tally)
    unused = [] if args.only or args.mesh else [row for row in rows if not row.seen]
    strays = [] if args.only else [row for row in rows if row.seen and row.fixture not in row.seen]
    report(tally, rows, unused, strays, meshes)
    failed = any([tally.unlisted, tally.unknown, tally.schemas, tally.failures, unused, strays])
    if args.plant_fault:
        found = bool(tally.unlisted) and bool(tally.unknown)
        print("the planted faults were found" if found else "the planted faults were NOT found")
        return 0 if found else 1
    return 1 if failed or not tally.fixtures else 0


def compare(flow: Path, meshes: list[str], args: argparse.Namespace, rows: list[Row], tally: Tally) -> None:
    """Exports one Flow with both tools and tells their differences apart."""
    tally.fixtures += 1
    extra = extra_arguments(flow)
    theirs = args.work / "peer" / flow.stem
    refusal = peer.export("kubernetes", flow, theirs, extra)
    peer_fields = manifests.fields(manifests.read(theirs))[0] if refusal is None else {}
    for mesh in meshes:
        ours = args.work / mesh / flow.stem
        run = subprocess.run(
            [args.flowship, "export", "kubernetes", flow, ours, "--mesh", mesh, *extra],
            capture_output=True,
            text=True,
            env={"HOME": str(args.work), "PATH": os.environ["PATH"]},
        )
        if run.returncode != 0:
            tally.failures.append(f"{flow.stem} [{mesh}]: exit code {run.returncode}\n{run.stderr}")
            continue
        objects = manifests.read(ours)
        if args.plant_fault:
            plant(objects)
        fields, arguments, unknown = manifests.fields(objects)
        tally.arguments += arguments
        tally.unknown += [f"{flow.stem} [{mesh}] {word}" for word in unknown]
        tally.schemas += [f"{flow.stem} [{mesh}] {problem}" for problem in schemas.problems(objects)]
        tally.objects += sum(len(documents) for documents in objects.values())
        tally.workloads += len({workload for workload, _, _ in fields if workload})
        if refusal is not None:
            place = Place(flow.stem, mesh, "", "")
            settle(Difference(place, "export", refusal, "exported"), rows, tally)
            continue
        for key in sorted(peer_fields.keys() | fields.keys()):
            workload, role, name = key
            before, after = peer_fields.get(key, ABSENT), fields.get(key, ABSENT)
            if before is ABSENT or after is ABSENT or before != after:
                place = Place(flow.stem, mesh, workload, role)
                settle(Difference(place, name, before, after), rows, tally)


def settle(found: Difference, rows: list[Row], tally: Tally) -> None:
    """A difference is listed, or it is a failure."""
    matching = [row for row in rows if row.matches(found)]
    for row in matching:
        row.seen.add(found.place.fixture)
    if matching:
        tally.listed += 1
    else:
        tally.unlisted.append(found)


def extra_arguments(flow: Path) -> list[str]:
    """What the fixture wants both tools to be told."""
    for line in flow.read_text("utf-8").splitlines():
        if line.startswith("# flowship:"):
            return line.removeprefix("# flowship:").split()
    return []


def plant(objects: manifests.Objects) -> None:
    """A wrong value and an unknown flag, so that the comparison can be seen to fail."""
    for documents in objects.values():
        for document in documents:
            if document["kind"] == "Deployment":
                words = document["spec"]["template"]["spec"]["containers"][0]["args"]
                words += ["--timeout-ctrl", "61", "--no-such-flag"]
                return


def report(tally: Tally, rows: list[Row], unused: list[Row], strays: list[Row], meshes: list[str]) -> None:
    """Shows what is wrong, then the table."""
    for title, items in [
        ("not exported", tally.failures),
        ("unlisted difference", tally.unlisted[:LONGEST]),
        ("unknown argument", tally.unknown[:LONGEST]),
        ("schema problem", tally.schemas[:LONGEST]),
        ("row that no longer occurs", [f"line {row.line}: {row.name}, {row.condition}" for row in unused]),
        ("row whose fixture does not show it", [f"line {row.line}: {row.name}: {sorted(row.seen)[:3]}" for row in strays]),
    ]:
        for item in items:
            print(f"{title}: {item}")
    width = 36
    for title, count in [
        (f"fixtures × meshes ({', '.join(meshes)})", f"{tally.fixtures} × {len(meshes)}"),
        ("workloads compared", tally.workloads),
        ("arguments read by Jina's parsers", tally.arguments),
        ("objects checked against schemas", tally.objects),
        ("rows of docs/differences.md", len(rows)),
        ("differences listed there", tally.listed),
        ("differences not listed", len(tally.unlisted)),
        ("rows that no longer occur", len(unused)),
        ("unknown arguments", len(tally.unknown)),
        ("schema problems", len(tally.schemas)),
        ("fixtures not exported", len(tally.failures)),
    ]:
        print(f"{title:<{width}} {count}")


if __name__ == "__main__":
    sys.exit(main())
