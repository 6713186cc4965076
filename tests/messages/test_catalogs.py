"""The texts of every other language are as complete as the English ones."""

import re
import string
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from reminderd.languages import ENGLISH, catalogue, known_languages
from reminderd.messages.catalogs import translator
from tests.messages.extraction import Key, texts_in_sources

_CHINESE = re.compile(r"[\u4e00-\u9fff]")

every_other_language = pytest.mark.parametrize(
    "language", [known for known in known_languages() if known != ENGLISH]
)


def catalog_of(language: str) -> Catalog:
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def translations(language: str) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """Yield each text of a catalogue with its translation, which may have forms."""
    for message in catalog_of(language):
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else message.id
            forms = message.string or ()
            key = Key(ids[0], ids[1] if len(ids) > 1 else None, message.context)
            yield key, (forms,) if isinstance(forms, str) else tuple(forms)


def pairs() -> Iterator[tuple[str, str]]:
    """Yield each English text with its Chinese one."""
    for key, forms in translations("zh_CN"):
        yield key.plural or key.text, forms[0]


@every_other_language
def test_every_text_is_translated_and_no_translation_is_left_over(
    language: str,
) -> None:
    translated = {key for key, _ in translations(language)}

    assert texts_in_sources() - translated == set(), "missing"
    assert translated - texts_in_sources() == set(), "stale"


@every_other_language
def test_no_text_is_empty_or_a_guess(language: str) -> None:
    catalog = catalog_of(language)

    assert not any(message.fuzzy for message in catalog if message.id)
    assert not catalog.obsolete
    assert {
        key.text for key, forms in translations(language) if not all(forms)
    } == set()


@every_other_language
def test_a_text_has_as_many_forms_as_its_language_has_numbers(language: str) -> None:
    wanted = catalog_of(language).num_plurals

    wrong = {
        key.text: len(forms)
        for key, forms in translations(language)
        if len(forms) != (wanted if key.plural else 1)
    }
    assert wrong == {}


@every_other_language
def test_a_translation_takes_the_same_values(language: str) -> None:
    def fields(template: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name}

    unlike = {
        key.text
        for key, forms in translations(language)
        if any(fields(form) != fields(key.plural or key.text) for form in forms)
    }
    assert unlike == set()


def test_chinese_texts_use_chinese_punctuation() -> None:
    half_width = re.compile(r"[,;()?!]|:(?!/)")
    # What one types keeps its own: values in quotes and brackets, times, commands.
    typed = re.compile(
        r"https?://[!-~]+|\"[^\"]*\"|'[^']*'|\[[^\]]*\]|\{\{.*\}\}|\{\w*\}|[0-9]:[0-9]|cap:|[A-Za-z]+"
    )
    without_names = {
        text: typed.sub("", text) for _, text in pairs() if _CHINESE.search(text)
    }

    assert {t for t, bare in without_names.items() if half_width.search(bare)} == set()


def test_both_languages_exist_and_a_third_is_refused() -> None:
    assert [
        translator(language).gettext("today") for language in known_languages()
    ] == [
        "today",
        "今天",
    ]
    with pytest.raises(ValueError, match="'fr' is not one of en, zh_CN"):
        translator("fr")


def test_a_text_without_a_translation_comes_out_in_english() -> None:
    assert translator("zh_CN").gettext("no such text") == "no such text"
