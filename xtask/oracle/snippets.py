"""Runs the `python` blocks of pages: all of a page in one namespace, and in a folder of its own. A `text`
block after a `python` block is what that prints.

usage: snippets.py PAGE...
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def problems(page: Path, after: Callable[[int, dict], None] = lambda line, names: None) -> list[str]:
    """What is wrong on a page. `after` sees the line of each block, and the names that it leaves."""
    found, namespace, printed = [], {"__name__": "__main__"}, None
    text = page.read_text("utf-8")
    for block in BLOCK.finditer(text):
        kind, body = block.groups()
        line = text.count("\n", 0, block.start()) + 1
        if kind == "text" and printed is not None and printed.strip() != body.strip():
            found.append(f"{page}:{line}: expected\n{body}\nbut it prints\n{printed}")
        if kind == "python":
            out = io.StringIO()
            try:
                with contextlib.redirect_stdout(out):
                    exec(compile("\n" * line + body, str(page), "exec"), namespace)
            except Exception as error:
                found.append(f"{page}:{line}: {type(error).__name__}: {error}")
            printed = out.getvalue()
            after(line, namespace)
        else:
            printed = None
    return found


def main() -> int:
    os.environ |= {"JINA_OPTOUT_TELEMETRY": "1", "JINA_HIDE_SURVEY": "1"}
    found, count = [], 0
    for page in (Path(page).resolve() for page in sys.argv[1:]):
        count += len(re.findall(r"^```python$", page.read_text("utf-8"), re.M))
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            found += problems(page)
    print("\n".join([*found, f"{count} snippets of Python"]))
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main())
