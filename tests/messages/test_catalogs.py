"""The Chinese texts are as complete as the English ones."""

import ast
import re
import string
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import reminderd
from reminderd.messages.catalogs import LANGUAGES, translator

# What words a text, and which of its arguments are the text. Babel's own extraction
# would take every function called `say` for one.
_METHODS = {"gettext": 0, "ngettext": 0, "pgettext": 1, "say": 0, "say_count": 0}
_FUNCTIONS = {"N_": 0, "_": 0, "Text": 0}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

Key = tuple[str, str | None]


def texts_in_sources() -> dict[Key, Path]:
    """Return every text with its context, and the file in which it stands first."""
    found: dict[Key, Path] = {}
    for path in sorted(Path(reminderd.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                for key in _texts(node):
                    found.setdefault(key, path)
    return found


def _texts(call: ast.Call) -> Iterator[Key]:
    match call.func:
        case ast.Attribute(attr=name):
            position = _METHODS.get(name)
        case ast.Name(id=name):
            position = _FUNCTIONS.get(name)
        case _:
            position = None
    if position is None or len(call.args) <= position:
        return
    texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
    text = texts[position]
    context = texts[0] if position else None
    if isinstance(text, str):
        yield text, context if isinstance(context, str) else None


def chinese() -> Catalog:
    source = files("reminderd.messages").joinpath("locale", "zh_CN.po")
    with source.open("rb") as file:
        return read_po(file, locale="zh_CN")


def pairs() -> Iterator[tuple[str, str]]:
    """Yield each English text with its Chinese one."""
    for message in chinese():
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        text = message.string or ""
        yield english, text if isinstance(text, str) else text[0]


@pytest.mark.slow
def test_every_text_has_its_chinese_one_and_none_is_left_over() -> None:
    translated = {
        (message.id if isinstance(message.id, str) else message.id[0], message.context)
        for message in chinese()
        if message.id
    }

    wanted = set(texts_in_sources())
    assert wanted - translated == set()
    assert translated - wanted == set()


def test_no_chinese_text_is_empty_or_a_guess() -> None:
    assert not any(message.fuzzy for message in chinese() if message.id)
    assert not chinese().obsolete
    assert all(text for _, text in pairs())


def test_a_chinese_text_takes_the_same_values() -> None:
    def fields(template: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name}

    unlike = {text for english, text in pairs() if fields(text) != fields(english)}

    assert unlike == set()


def test_chinese_texts_use_chinese_punctuation() -> None:
    half_width = re.compile(r"[,;()?!]|:(?!/)")
    without_names = {
        text: re.sub(r"\{\w+\}|[A-Za-z]+", "", text)
        for _, text in pairs()
        if _CHINESE.search(text)
    }

    assert {t for t, bare in without_names.items() if half_width.search(bare)} == set()


def test_both_languages_exist_and_a_third_is_refused() -> None:
    assert [translator(language).gettext("today") for language in LANGUAGES] == [
        "today",
        "今天",
    ]
    with pytest.raises(ValueError, match="'fr' is not one of en, zh_CN"):
        translator("fr")


def test_a_text_without_a_translation_comes_out_in_english() -> None:
    assert translator("zh_CN").gettext("no such text") == "no such text"
