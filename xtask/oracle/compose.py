"""Compares flowship's Compose files with those of the peer, with the Compose specification's schema,
and with what Compose itself reads.

usage: compose.py FLOWSHIP FIXTURES DIFFERENCES WORK [--schema FILE] [--only NAME] [--plant-fault]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema  # comes with kubernetes-validate

import differences
import peer
import services
from differences import ABSENT, Difference, Place
from main import LONGEST, Tally, environment_of, extra_arguments, settle

TARGET = "docker-compose"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("flowship", type=Path)
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("differences", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--schema", type=Path)
    parser.add_argument("--only")
    parser.add_argument("--plant-fault", action="store_true")
    args = parser.parse_args()

    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    os.environ["HOME"] = str(args.work)
    os.environ["JINA_RANDOM_PORT_MIN"] = str(services.RANDOM_PORTS.start)
    os.environ["JINA_RANDOM_PORT_MAX"] = str(services.RANDOM_PORTS.stop - 1)
    rows = differences.read(args.differences)
    flows = sorted(args.fixtures.glob("*.yml"))
    if args.only:
        flows = [flow for flow in flows if flow.stem == args.only]
    peer.without_network()
    peer.remember()
    schema = json.loads(args.schema.read_text("utf-8")) if args.schema else None
    command = compose_command()

    tally = Tally()
    for flow in flows:
        flow = peer.without(flow, ("jcloud",), args.work / "bare")
        compare(flow, args, schema, command, rows, tally)
    unused = [] if args.only else [row for row in rows if not row.seen]
    strays = [] if args.only else [row for row in rows if row.seen and row.fixture not in row.seen]
    report(tally, rows, unused, strays, schema is not None, command)
    failed = any([tally.unlisted, tally.unknown, tally.schemas, tally.failures, unused, strays])
    if args.plant_fault:
        found = bool(tally.unlisted) and bool(tally.unknown) and (schema is None or bool(tally.schemas))
        print("the planted faults were found" if found else "the planted faults were NOT found")
        return 0 if found else 1
    return 1 if failed or not tally.fixtures else 0


def compare(flow: Path, args: argparse.Namespace, schema: dict | None, command: list[str], rows: list, tally: Tally) -> None:
    """Exports one Flow with both tools and tells their differences apart."""
    tally.fixtures += 1
    extra, environment = extra_arguments(flow), environment_of(flow)
    for option in ("--k8s-namespace", "--gpu-all", "--cluster", "--retries", "--without", "--pod-security"):  # what only a cluster has
        if option in extra:
            at = extra.index(option)
            del extra[at : at + 2]
    extra = [option for option in extra if option != "--namespace-object"]
    theirs = args.work / f"{flow.stem}.peer.yml"
    with peer.variables(environment):
        refusal = peer.export(TARGET, flow, theirs, extra)
    ours = args.work / f"{flow.stem}.yml"
    run = subprocess.run(
        [args.flowship, "export", TARGET, flow, ours, *extra],
        capture_output=True,
        text=True,
        env={"HOME": str(args.work), "PATH": os.environ["PATH"], **environment},
    )
    if run.returncode != 0:
        tally.failures.append(f"{flow.stem}: exit code {run.returncode}\n{run.stderr}")
        return
    text = ours.read_text("utf-8")
    file = services.read(ours)
    if args.plant_fault:
        plant(file)
    fields, arguments, unknown = services.fields(file)
    tally.arguments += arguments
    tally.workloads += len(file["services"])
    tally.unknown += [f"{flow.stem} {word}" for word in unknown]
    if schema is not None:
        for error in jsonschema.Draft202012Validator(schema).iter_errors(file):
            where = "/".join(map(str, error.absolute_path))
            tally.schemas.append(f"{flow.stem} {where}: {error.message}")
    if command:
        tally.objects += 1
        tally.schemas += [f"{flow.stem} {problem}" for problem in read_by_compose(command, ours, text)]
    if refusal is not None:
        settle(Difference(Place(flow.stem, TARGET, "", ""), "export", refusal, "exported"), rows, tally)
        return
    try:
        peer_fields = services.fields(services.read(theirs))[0]
    except SystemExit:
        # An address that begins with `-` is an option to Jina's own parser.
        unread = Difference(Place(flow.stem, TARGET, "", ""), "export", "arguments that Jina refuses", "exported")
        settle(unread, rows, tally)
        return
    whole = {key[:2] for key in peer_fields} ^ {key[:2] for key in fields}
    for service, role in sorted(whole):
        there = [any(key[:2] == (service, role) for key in side) for side in (peer_fields, fields)]
        values = ["present" if is_there else ABSENT for is_there in there]
        settle(Difference(Place(flow.stem, TARGET, service, role), "service", *values), rows, tally)
    for key in sorted(peer_fields.keys() | fields.keys()):
        service, role, name = key
        if key[:2] in whole:
            continue
        before, after = peer_fields.get(key, ABSENT), fields.get(key, ABSENT)
        if before is ABSENT or after is ABSENT or before != after:
            settle(Difference(Place(flow.stem, TARGET, service, role), name, before, after), rows, tally)


def compose_command() -> list[str]:
    """The Compose of this machine, as flowship itself looks for it."""
    for command in (["docker", "compose"], ["docker-compose"]):
        try:
            version = subprocess.run([*command, "version"], capture_output=True)
        except OSError:
            continue
        if version.returncode == 0:
            return command
    return []


def read_by_compose(command: list[str], path: Path, text: str) -> list[str]:
    """What Compose itself says against a file, with the file's secrets set."""
    secrets = {name: "x" for name in re.findall(r"\$\{(\w+):\?", text)}
    run = subprocess.run(
        [*command, "-f", path, "config", "--quiet"], capture_output=True, text=True, env=os.environ | secrets
    )
    return [] if run.returncode == 0 and not run.stderr else [run.stderr]


def plant(file: dict) -> None:
    """A wrong value, an unknown flag and a key that no schema knows."""
    service = next(iter(file["services"].values()))
    service["command"] += ["--timeout-ctrl", "61", "--no-such-flag"]
    service["no_such_key"] = True


def report(tally: Tally, rows: list, unused: list, strays: list, schema: bool, command: list[str]) -> None:
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
    left_out = "left out: no Go, which has the schema in a module"
    for title, count in [
        ("Compose files", tally.fixtures),
        ("services compared", tally.workloads),
        ("arguments read by Jina's parsers", tally.arguments),
        ("checked against the Compose schema", tally.fixtures if schema else left_out),
        (f"read by `{' '.join(command)}`" if command else "read by Compose", tally.objects if command else "left out: no Compose"),
        ("rows of docs/differences-compose.md", len(rows)),
        ("differences listed there", tally.listed),
        ("differences not listed", len(tally.unlisted)),
        ("rows that no longer occur", len(unused)),
        ("unknown arguments", len(tally.unknown)),
        ("schema problems", len(tally.schemas)),
        ("fixtures not exported", len(tally.failures)),
    ]:
        print(f"{title:<36} {count}")


if __name__ == "__main__":
    sys.exit(main())
