"""What was stored in English is told in the language of who reads it."""

# ruff: noqa: RUF001 - the punctuation of Chinese

from zoneinfo import ZoneInfo

import pytest

from reminderd.messages.recall import recall
from reminderd.messages.wording import Reader, Wording
from tests.builders import NOW

LONDON = ZoneInfo("Europe/London")
CHINESE = Wording(Reader(language="zh_CN", zone=LONDON), NOW)
ENGLISH = Wording(Reader(language="en", zone=LONDON), NOW)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        pytest.param("the service did not answer", "服务没有回应", id="whole"),
        pytest.param(
            "the service answered 401 Unauthorized",
            "服务回应 401 Unauthorized",
            id="with a value",
        ),
        pytest.param(
            "the service refused it with code 93000",
            "服务拒收（代码 93000）",
            id="with a sentence in it",
        ),
        pytest.param(
            "config.toml:3: lines.a.carrier: there is no carrier 'x'; did you mean "
            "'y'?",
            "config.toml:3: lines.a.carrier: 没有运营商 'x'；是不是想写 'y'？",
            id="after its place, with a hint",
        ),
        pytest.param("teapot is upset", "teapot is upset", id="unknown"),
        pytest.param("", "", id="empty"),
        pytest.param("{odd} {", "{odd} {", id="with braces"),
    ],
)
def test_in_chinese_a_stored_sentence_reads(stored: str, told: str) -> None:
    assert recall(stored, CHINESE) == told
    assert recall(stored, ENGLISH) == stored


def test_a_name_is_not_translated_in_a_sentence() -> None:
    told = recall("No such command 'data'.", CHINESE)

    assert told == "没有命令 'data'。"
