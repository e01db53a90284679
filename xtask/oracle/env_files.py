"""What python-dotenv reads in files of variables.

stdin: a JSON object of an environment and a list of texts. stdout: for each text a list of the values
as they are, the values where nothing is expanded in single quotes, and the number of lines that set
nothing.
"""

import io
import json
import logging
import os
import sys

from dotenv import dotenv_values, parser
from dotenv.variables import parse_variables

logging.disable()


class Single(str):
    """A value that stood in single quotes."""


read_value = parser.parse_value


def parse_value(reader):
    is_single = reader.peek(1) == "'"
    value = read_value(reader)
    return Single(value) if is_single else value


parser.parse_value = parse_value


def stream(text):
    """A text as `open` reads it from a file."""
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")


def departed(text):
    """The values where nothing is expanded in single quotes, and how many lines set nothing."""
    values, bad = {}, 0
    for binding in parser.parse_stream(stream(text)):
        bad += binding.error
        if binding.key is None:
            continue
        value = binding.value
        if value is not None and not isinstance(value, Single):
            known = {**os.environ, **values}
            value = "".join(atom.resolve(known) for atom in parse_variables(value))
        values[binding.key] = value
    return values, bad


def main():
    given = json.load(sys.stdin)
    os.environ.clear()
    os.environ.update(given["environment"])
    results = []
    for text in given["texts"]:
        results.append([dotenv_values(stream=stream(text)), *departed(text)])
    json.dump(results, sys.stdout)


main()
