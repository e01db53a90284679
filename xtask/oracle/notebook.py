"""Runs a notebook with a real kernel, and looks at what its cells show.

usage: notebook.py NOTEBOOK
"""

import sys

import nbclient
import nbformat

# For each cell of code: what its output contains.
SHOWN = [
    ("text/html", "no-container"),
    ("text/plain", "'gateway/gateway.yml'"),
    ("text/plain", "('Deployment', 'ranker')"),
    ("stdout", "uses: docker://example/encoder:1.0"),
]


def texts(output: dict) -> dict[str, str]:
    """What an output shows, by its type."""
    return {output["name"]: output["text"]} if output["output_type"] == "stream" else dict(output.get("data", {}))


def main() -> int:
    notebook = nbformat.read(sys.argv[1], as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    problems = [] if len(cells) == len(SHOWN) else [f"{len(cells)} cells of code, and {len(SHOWN)} expected outputs"]
    for number, (cell, (kind, text)) in enumerate(zip(cells, SHOWN), 1):
        shown = [texts(output).get(kind, "") for output in cell.outputs]
        if not any(text in one for one in shown):
            problems.append(f"cell {number} does not show {text!r} as {kind}, but {cell.outputs}")
    print("\n".join([*problems, f"{len(cells)} cells of {sys.argv[1]}"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
