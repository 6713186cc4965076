"""Where the rows of an import come from: a file or standard input, in any encoding."""

import codecs
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import BinaryIO, TextIO

from reminderd.cli.tables import Row, read_csv, read_json_lines
from reminderd.domain.texts import Text, said_by_system
from reminderd.errors import UsageError

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FORMATS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}

Reader = Callable[[TextIO], Iterator[Row]]


class Format(StrEnum):
    """How a file has one row for each line."""

    CSV = "csv"
    JSONL = "jsonl"


_READERS: dict[Format, Reader] = {
    Format.CSV: read_csv,
    Format.JSONL: read_json_lines,
}


def format_of(path: Path | None) -> Format | None:
    """Return the format that the name of a file tells, None where it tells none."""
    known = _FORMATS.get("" if path is None else path.suffix.lower())
    return None if known is None else Format(known)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is being read: its rows, and how many bytes have been read of it."""

    rows: Iterator[Row]
    raw: BinaryIO

    def place(self) -> int:
        """Return how many bytes have been read."""
        return self.raw.tell() if self.raw.seekable() else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file of rows; without a path standard input, without a reader one of ours."""

    path: Path | None
    chosen: Format | None = None
    encoding: str | None = None
    reader: Reader | None = None

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """Give the rows of the file.

        Raises:
            UsageError: The file cannot be read, or there is no such encoding.
        """
        try:
            raw = (
                nullcontext(sys.stdin.buffer)
                if self.path is None
                else self.path.open("rb")
            )
        except OSError as error:
            why = said_by_system(error)
            raise UsageError(
                Text("{file} cannot be read: {why}", file=self.path, why=why)
            ) from error
        with raw as stream:
            encoding, errors = self._decoding(_start_of(stream))
            reader = self._reader(_start_of(stream))
            text = TextIOWrapper(stream, encoding, errors, newline="")
            try:
                yield Opened(reader(text), stream)
            finally:
                text.detach()

    @contextmanager
    def kept(self) -> Iterator["Source"]:
        """Give this source as one that can be read twice."""
        if self.path is not None:
            yield self
            return
        with NamedTemporaryFile(prefix="reminderd-") as copy:
            copyfileobj(sys.stdin.buffer, copy)
            copy.flush()
            yield Source(
                path=Path(copy.name),
                chosen=self.chosen,
                encoding=self.encoding,
                reader=self.reader,
            )

    def _reader(self, start: bytes) -> Reader:
        if self.reader is not None:
            return self.reader
        is_json = start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"
        guess = Format.JSONL if is_json else Format.CSV
        return _READERS[self.chosen or format_of(self.path) or guess]

    def _decoding(self, start: bytes) -> tuple[str, str]:
        """Return how to read bytes: each row of UTF-8 that is none is refused alone."""
        if self.encoding is None:
            if start.startswith(_UTF_16):
                return "utf-16", "strict"
            return "utf-8-sig", "surrogateescape"
        try:
            # One such as base64 is known, but is none of text.
            "".encode(self.encoding)
            return codecs.lookup(self.encoding).name, "strict"
        except LookupError as error:
            why = Text("there is no encoding {name}", name=repr(self.encoding))
            raise UsageError(why) from error


def _start_of(stream: BinaryIO) -> bytes:
    """Return the first bytes, which stay to be read."""
    start: bytes = stream.peek(8)  # type: ignore[attr-defined]  # it is buffered
    return start
