"""Runs commands in a language of which every text stands in brackets.

A program of its own, started with a copy of the package that has a third catalogue:
reads commands as JSON from stdin, and writes what each has printed.
"""

import io
import json
import logging
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from reminderd.cli.main import run


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)


def _read(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def main() -> None:
    """Run what stdin says: files to write, words to type, a file to work in."""
    answers = []
    for step in json.load(sys.stdin):
        for name, text in step.get("files", {}).items():
            Path(name).write_text(text, "utf-8")
        out, err = _stream(), _stream()
        with redirect_stdout(out), redirect_stderr(err):
            status = run(step["words"])
        logging.getLogger().handlers.clear()
        answers.append({"status": status, "out": _read(out), "err": _read(err)})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
