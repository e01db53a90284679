"""Compares flowship's exports with those of the peer, and with Kubernetes' schemas.

usage: main.py FLOWSHIP FIXTURES DIFFERENCES WORK [--mesh M]... [--only NAME] [--plant-fault]
       main.py FLOWSHIP FOLDER DIFFERENCES WORK --corpus [--environment FILE] ...
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import corpus
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
    outcomes: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("flowship", type=Path)
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("differences", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--mesh", action="append", default=[])
    parser.add_argument("--only")
    parser.add_argument("--plant-fault", action="store_true")
    parser.add_argument("--corpus", action="store_true")
    parser.add_argument("--environment", type=Path)
    args = parser.parse_args()
    meshes = args.mesh or ["linkerd", "istio", "istio-ambient", "none"]

    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    os.environ["HOME"] = str(args.work)
    rows = differences.read(args.differences)
    flows = sorted(args.fixtures.glob("*.yml"))
    if args.only:
        flows = [flow for flow in flows if flow.stem == args.only]
    peer.without_network()
    peer.remember()

    tally = Tally()
    environment = json.loads(args.environment.read_text("utf-8")) if args.environment else {}
    for flow in flows:
        extra, variables = extra_arguments(flow), environment_of(flow) | environment
        if args.corpus and args.environment:
            found = corpus.mapped(flow, environment, args.work / "mapped" / flow.stem)
            if found is None:
                tally.outcomes.append(f"no YAML: {flow.stem}")
                continue
            rewritten, images = found
            extra = ["--images", str(images), "--gpu-all", "1"]
            compare(flow, rewritten, meshes, args, extra, variables, rows, tally)
        else:
            flow = peer.without(flow, ("kubernetes", "compose", "jcloud"), args.work / "bare")
            compare(flow, flow, meshes, args, extra, variables, rows, tally)
    unused = [] if args.only or args.mesh or args.corpus else [row for row in rows if not row.seen]
    strays = [] if args.only or args.corpus else [row for row in rows if row.seen and row.fixture not in row.seen]
    report(tally, rows, unused, strays, meshes)
    failed = any([tally.unlisted, tally.unknown, tally.schemas, tally.failures, unused, strays])
    if args.plant_fault:
        found = bool(tally.unlisted) and bool(tally.unknown)
        print("the planted faults were found" if found else "the planted faults were NOT found")
        return 0 if found else 1
    return 1 if failed or not tally.fixtures else 0


def compare(
    flow: Path,
    peers_flow: Path,
    meshes: list[str],
    args: argparse.Namespace,
    extra: list[str],
    environment: dict[str, str],
    rows: list[Row],
    tally: Tally,
) -> None:
    """Exports one Flow with both tools and tells their differences apart."""
    tally.fixtures += 1
    theirs = args.work / "peer" / flow.stem
    with peer.variables(environment):
        refusal = peer.export("kubernetes", peers_flow, theirs, [] if args.corpus else extra)
    their_objects = manifests.read(theirs) if refusal is None else {}
    peer_fields = manifests.fields(their_objects)[0]
    for mesh in meshes:
        ours = args.work / mesh / flow.stem
        run = subprocess.run(
            [args.flowship, "export", "kubernetes", flow, ours, "--mesh", mesh, *extra],
            capture_output=True,
            text=True,
            env={"HOME": str(args.work), "PATH": os.environ["PATH"], **environment},
        )
        if args.corpus:
            tally.outcomes.append(f"{outcome(refusal, run)}: {flow.stem}")
            if run.returncode == 1:
                continue
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
        if refusal is not None and args.corpus:
            continue
        if refusal is not None:
            place = Place(flow.stem, mesh, "", "")
            settle(Difference(place, "export", refusal, "exported"), rows, tally)
            continue
        whole = {key[:2] for key in peer_fields} ^ {key[:2] for key in fields}
        for workload, role in sorted(whole):
            there = [any(key[:2] == (workload, role) for key in side) for side in (peer_fields, fields)]
            values = ["present" if is_there else ABSENT for is_there in there]
            has = manifests.possessions(workload, their_objects, objects)
            settle(Difference(Place(flow.stem, mesh, workload, role, has), "container", *values), rows, tally)
        for key in sorted(peer_fields.keys() | fields.keys()):
            workload, role, name = key
            before, after = peer_fields.get(key, ABSENT), fields.get(key, ABSENT)
            if (workload, role) in whole or (before is not ABSENT and after is not ABSENT and before == after):
                continue
            has = manifests.possessions(workload, their_objects, objects)
            settle(Difference(Place(flow.stem, mesh, workload, role, has), name, before, after), rows, tally)


def settle(found: Difference, rows: list[Row], tally: Tally) -> None:
    """A difference is listed, or it is a failure."""
    matching = [row for row in rows if row.matches(found)]
    for row in matching:
        row.seen.add(found.place.fixture)
    if matching:
        tally.listed += 1
    else:
        tally.unlisted.append(found)


def outcome(refusal: str | None, run: subprocess.CompletedProcess[str]) -> str:
    """Who exported a real file, and why flowship did not."""
    theirs = "peer refuses" if refusal else "peer exports"
    if run.returncode == 0:
        return f"{theirs}, flowship exports"
    found = re.search(r"error\[([a-z-]+)\].*?--> \S*?(:\d+:\d+)", run.stderr, re.S)
    return f"{theirs}, flowship refuses ({found[1]} at {found[2][1:]})" if found else f"{theirs}, flowship FAILS"


def extra_arguments(flow: Path) -> list[str]:
    """What the fixture wants both tools to be told."""
    for line in flow.read_text("utf-8").splitlines():
        if line.startswith("# flowship:"):
            return line.removeprefix("# flowship:").split()
    return []


def environment_of(flow: Path) -> dict[str, str]:
    """The variables that the fixture takes from the environment."""
    for line in flow.read_text("utf-8").splitlines():
        if line.startswith("# environment:"):
            return dict(pair.split("=", 1) for pair in line.removeprefix("# environment:").split())
    return {}


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
    for line in sorted(tally.outcomes):
        print(line)
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
