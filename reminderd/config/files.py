"""config.toml as text: read whole, or refused with the reason."""

import os
import re
import stat
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reminderd.config.wording import dotted, echo
from reminderd.domain.texts import Text, said, said_by_system
from reminderd.errors import ConfigError

MAX_BYTES = 256 * 1024
# Read and write permission of everybody but the owner, of everybody outside the group.
GROUP_AND_OTHERS = 0o077
OTHERS = 0o007

# The time that tomllib takes for a dotted key grows with the square of its length.
_MOST_DOTS = 1000
_WHOLE_SECONDS = 1.0
_PAUSE_SECONDS = 0.02
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TWICE = re.compile(r"Cannot declare \((.*?),?\) twice")
_SYNTAX_HINTS = {
    "Invalid value": Text('write text in double quotes, such as "7d"'),
    "Illegal character": Text('close the text with a double quote: "7d"'),
    "Unterminated string": Text("close the text with the quotes that it began with"),
    "Expected '='": Text('write key = "value", and a name with blanks in quotes'),
    "Expected newline": Text("write one key on a line, text in double quotes"),
    "Expected ']'": Text('close it with "]", and write a name with blanks in quotes'),
    "Invalid date": Text("there is no such date; write one such as 2027-01-31"),
    "Unescaped": Text("write it in 'single quotes', or each \\ twice"),
    "Unclosed": Text('close it with "]" or "}}"'),
}


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What was read of one file: its bytes, its text and its mode."""

    path: Path
    content: bytes
    text: str
    mode: int


def read_config(path: Path) -> ConfigFile:
    """Return the file at *path*, read while nobody was writing it.

    Raises:
        ConfigError: It is no regular file, unreadable, empty, too large, changing all
            the time, or no UTF-8 text.
    """
    content, mode = _stable(path)
    if not content:
        raise _refusal(path, Text("is empty; write one with: reminderd init"))
    if content.startswith(_BYTE_ORDER_MARKS):
        raise _refusal(
            path, Text("begins with a byte order mark; save it as UTF-8 without BOM")
        )
    if b"\0" in content:
        raise _refusal(
            path, Text("is a binary file; write the configuration as text (TOML)")
        )
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            [
                Text(
                    "{place}: is not UTF-8; save the file in this encoding",
                    place=f"{path.name}:{line}",
                )
            ]
        ) from None
    return ConfigFile(path, content, text, mode)


def parse_toml(file: ConfigFile) -> dict[str, Any]:
    """Return what the text of *file* says.

    Raises:
        ConfigError: It is not TOML; names the line and what to write.
    """
    for number, line in enumerate(file.text.split("\n"), start=1):
        if line.count(".") > _MOST_DOTS:
            raise ConfigError(
                [
                    Text(
                        "{place}: has too many dots; write shorter keys",
                        place=f"{file.path.name}:{number}",
                    )
                ]
            )
    try:
        return tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_problem(file, str(error))]) from None
    except RecursionError:
        raise _refusal(
            file.path, Text("nests brackets too deeply; write plain lists")
        ) from None
    except ValueError:
        raise _refusal(
            file.path, Text("contains a number that is too long; shorten it")
        ) from None


def read_small(path: Path, most: int) -> tuple[bytes, os.stat_result]:
    """Return the first *most* bytes of the regular file at *path*, and its status.

    Raises:
        OSError: It cannot be read, or is no regular file.
    """
    # Without O_NONBLOCK the opening of a FIFO would wait for somebody to write.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        _require_regular(status.st_mode)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most), status
    finally:
        os.close(descriptor)


def reason_of(error: OSError) -> str:
    """Return why a file cannot be read, and what to do about it."""
    if isinstance(error, FileNotFoundError):
        return Text("there is no such file")
    if isinstance(error, PermissionError):
        return Text("cannot be read: permission denied; check its owner and mode")
    return (
        Text("cannot be read: {reason}", reason=said_by_system(error))
        if error.strerror
        else said(error)
    )


def _require_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise OSError(Text("is a directory; give the path of a file in it"))
    if not stat.S_ISREG(mode):
        raise OSError(Text("is not a regular file; copy what it gives into one"))


def _stable(path: Path) -> tuple[bytes, int]:
    """Return content and mode once two readings, a moment apart, agree."""
    give_up_at = time.monotonic() + _WHOLE_SECONDS
    before = _read(path)
    while True:
        time.sleep(_PAUSE_SECONDS)
        after = _read(path)
        if after == before:
            return after[0], after[1]
        if time.monotonic() > give_up_at:
            raise _refusal(path, Text("is being written; try again when that is done"))
        before = after


def _read(path: Path) -> tuple[bytes, int, int, int]:
    try:
        content, status = read_small(path, MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refusal(
            path,
            Text(
                "there is no such file; write one with: reminderd init {path}",
                path=path,
            ),
        ) from None
    except OSError as error:
        raise _refusal(path, reason_of(error)) from None
    if len(content) > MAX_BYTES:
        raise _refusal(
            path,
            Text(
                "is larger than {size} KiB; keep many lines in the store "
                "instead, with: reminderd add",
                size=MAX_BYTES // 1024,
            ),
        )
    return content, status.st_mode, status.st_mtime_ns, status.st_ino


def _refusal(path: Path, reason: str) -> ConfigError:
    return ConfigError([Text("{place}: {problem}", place=path, problem=reason)])


def _syntax_problem(file: ConfigFile, error: str) -> str:
    place = _PLACE.search(error)
    last = file.text.rstrip("\n").count("\n") + 1
    line = int(place[1]) if place and place[1] else last
    what = _PLACE.sub("", error)
    return Text(
        "{place}: {problem}",
        place=f"{file.path.name}:{line}",
        problem=_in_words(file.text, line, what),
    )


def _in_words(text: str, line: int, what: str) -> str:
    if twice := _TWICE.match(what):
        names = re.findall(r"'([^']*)'", twice[1])
        return Text(
            "{key}: is given twice; rename or remove one of the two",
            key=dotted(names),
        )
    if what in ("Cannot overwrite a value", "Cannot mutate immutable namespace"):
        key = text.split("\n")[line - 1].partition("=")[0].strip()
        return Text("{key} is given twice; keep one of the two", key=echo(key))
    hint: Callable[[str], bool] = what.startswith
    advice = next((_SYNTAX_HINTS[known] for known in _SYNTAX_HINTS if hint(known)), "")
    return Text(
        "is not valid TOML ({what}); {advice}",
        what=what,
        advice=advice or Text("compare with config.example.toml"),
    )
