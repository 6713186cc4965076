"""Whole messages, to the letter, as a tired person reads them at eleven at night.

The texts stand in texts_en.txt and texts_zh_CN.txt, one after the other, so that
somebody who speaks the language can read them through.
"""

import re
from pathlib import Path

import pytest

from tests.messages.cases import CASES
from tests.messages.contents import text_of

_HEADING = re.compile(r"^=== (.+)\n", re.MULTILINE)


def expected(language: str) -> dict[str, str]:
    """Return the texts of one file by the name of their case."""
    path = Path(__file__).with_name(f"texts_{language}.txt")
    _, *parts = _HEADING.split(path.read_text("utf-8"))
    texts = (part.strip() + "\n" for part in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_in_english_it_says(name: str) -> None:
    case = CASES[name]

    assert text_of(*case.contents, reader=case.english) == expected("en")[name]


@pytest.mark.parametrize("name", CASES)
def test_in_chinese_it_says(name: str) -> None:
    case = CASES[name]

    assert text_of(*case.contents, reader=case.chinese) == expected("zh_CN")[name]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_text_belongs_to_a_case(language: str) -> None:
    assert set(expected(language)) == set(CASES)
