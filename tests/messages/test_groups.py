"""Many lines in one message, and the table of them all."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

from reminderd.domain.quantities import AllowanceKind
from tests.messages.cases import five_lines, hundred_lines
from tests.messages.contents import (
    CHINESE,
    TONIGHT,
    a_date,
    a_reminder,
    an_amount,
    composed,
    said,
    text_of,
)


def test_the_order_in_which_lines_come_changes_nothing() -> None:
    assert text_of(*five_lines()) == text_of(*reversed(five_lines()))


def test_a_group_that_only_confirms_asks_for_no_answer() -> None:
    told = [said("validity", "7d", datetime(2026, 11, 25, tzinfo=UTC))]
    lines = [
        a_reminder(a_date(date(2027, 1, 31)), told=told, name=f"sim-{n}")
        for n in range(2)
    ]
    nameless = [
        replace(known, line=replace(known.line, carrier=None)) for known in lines
    ]

    assert composed(*nameless).title == "2 lines: sim-0 renewed until Sun 31 Jan, +1"
    assert composed(*nameless).body == (
        "1. sim-0: renewed until Sun 31 Jan\n   +44 •••• 0123\n"
        "2. sim-1: renewed until Sun 31 Jan\n   +44 •••• 0123"
    )


def test_a_group_lists_a_line_of_which_only_the_name_is_known() -> None:
    line = a_reminder(a_date(TONIGHT.date()))
    bare = replace(line, line=replace(line.line, carrier=None, number=None))

    ended = a_reminder(a_date(date(2026, 11, 21)), name="home")

    lines = composed(bare, ended).body.splitlines()

    assert lines[0] == "1. home: ended yesterday, Sat 21 Nov"
    assert lines[2:4] == ["2. uk-travel: ends today, Sun 22 Nov", ""]


def test_twenty_lines_need_no_table_and_one_more_does() -> None:
    twenty, one_more = hundred_lines()[:20], hundred_lines()[:21]

    assert composed(*twenty).table is None
    assert "more:" not in composed(*twenty).body
    assert composed(*one_more).table is not None
    assert "and 1 more:" in composed(*one_more).body


def test_the_table_has_every_line_worst_first() -> None:
    message = composed(*hundred_lines(), reader=CHINESE)

    heading, first, *others = csv.reader(StringIO(message.table or ""))
    assert heading == ["\ufeff卡", "运营商和号码", "严重程度", "情况", "最近日期"]
    assert first[0] == "sim-000"
    assert first[2:] == ["紧急", "今天到期（11月22日周日）", "2026-11-22"]
    assert len(others) == 99


def test_the_table_computes_nothing() -> None:
    hostile = a_reminder(a_date(TONIGHT.date()), name="=1+1")

    message = composed(hostile, *hundred_lines())

    assert "\r\n'=1+1," in (message.table or "")


def test_a_date_in_the_table_is_the_carriers() -> None:
    lines = [
        a_reminder(
            a_date(datetime(2026, 11, 24, tzinfo=UTC)),
            an_amount(AllowanceKind.DATA, 0, None),
            name=f"sim-{n}",
        )
        for n in range(21)
    ]

    rows = csv.reader(StringIO(composed(*lines).table or ""))

    assert {row[4] for row in rows} == {"first date", "2026-11-23"}
