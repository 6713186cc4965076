"""Which texts the sources word: what a catalogue has to translate."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from typer.core import TyperGroup
from typer.main import get_command

import reminderd
from reminderd.cli.help import texts_in_help
from reminderd.cli.main import app
from reminderd.config.starter import comments

# What words a text, and which of its arguments are the text. Babel's own extraction
# would take every function called `say` for one.
_METHODS = {"gettext": 0, "ngettext": 0, "pgettext": 1, "say": 0, "say_count": 0}
_FUNCTIONS = {"N_": 0, "_": 0, "Text": 0}
_PLURAL = frozenset({"ngettext", "say_count"})


class Key(NamedTuple):
    """A text as it stands in the sources: with its plural form, and its context."""

    text: str
    plural: str | None = None
    context: str | None = None


@cache
def texts_in_sources() -> frozenset[Key]:
    """Return every text of the package: of the code, the help and the example."""
    root = cast(TyperGroup, get_command(app))
    found = {Key(text) for text in (*texts_in_help(root), *comments())}
    package = Path(reminderd.__file__).parent
    for path in package.joinpath("carriers").glob("*.toml"):
        conflict = tomllib.loads(path.read_text("utf-8")).get("conflict")
        found.update([Key(conflict)] if conflict else [])
    for path in package.rglob("*.py"):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                found.update(_texts(node))
    return frozenset(found)


def _texts(call: ast.Call) -> Iterator[Key]:
    match call.func:
        case ast.Attribute(attr=name):
            position = _METHODS.get(name)
        case ast.Name(id=name):
            position = _FUNCTIONS.get(name)
        case _:
            return
    if position is None or len(call.args) <= position:
        return
    given = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
    text, context = given[position], given[0] if position else None
    plural = given[1] if name in _PLURAL and len(given) > 1 else None
    if isinstance(text, str):
        yield Key(text, _text_or_none(plural), _text_or_none(context))


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
