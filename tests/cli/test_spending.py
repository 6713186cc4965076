"""What the lines have cost, in the terminal and for programs."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from reminderd.domain.quantities import Money, parse_money
from reminderd.storage.database import Database
from reminderd.storage.events import add_event
from reminderd.storage.lines import archive_line, find_line
from tests.builders import NOW
from tests.cli.shell import HOME, TRAVEL, Shell

CHECK_THE_BILL = """
uk-travel: check the bill
  Charged £15.00 on Thu 12 Nov, although the £15.00 paid on Sun 8 Nov last until \
Tue 8 Dec.
  Look at the receipts of Sun 8 Nov (website) and Thu 12 Nov (app, R-123).
  If one purchase was charged twice, ask the carrier (giffgaff) for the money back. \
If it was only recorded twice: reminderd renew uk-travel --undo"""


@pytest.fixture
def known(checked: Callable[[str], Shell]) -> Shell:
    """A shell whose file describes two lines that a check has seen."""
    return checked(TRAVEL + HOME)


def record(
    shell: Shell, line: str, what: str, money: Money | None, /, **detail: Any
) -> None:
    """Record an event as the commands that change a line do."""
    with writing(shell) as tx:
        stored = find_line(tx, line)
        assert stored is not None
        add_event(tx, stored.id, what, NOW, detail, money=money)


@contextmanager
def writing(shell: Shell) -> Iterator[Connection]:
    with (
        closing(Database.open(f"sqlite:///{shell.store}")) as store,
        store.write() as tx,
    ):
        yield tx


def pay(shell: Shell, line: str, price: str, **detail: Any) -> None:
    record(shell, line, "renewal", parse_money(price), **detail)


def pay_for_a_year(shell: Shell) -> None:
    pay(shell, "uk-travel", "10.00 GBP", on="2025-12-12", period="30d")
    pay(shell, "uk-travel", "15.00 GBP", on="2026-11-08", period="30d", way="website")
    pay(
        shell,
        "uk-travel",
        "15.00 GBP",
        on="2026-11-12",
        period="30d",
        way="app",
        receipt="R-123",
    )
    record(shell, "home", "activity", Money(500, "EUR"), on="2026-11-12", kind="top-up")


def cells(line: str) -> list[str]:
    return line.split()


def test_table_has_a_row_for_each_line_and_a_total_for_each_currency(
    known: Shell,
) -> None:
    pay_for_a_year(known)

    heading, _, *rows = known.ok("spend").lines[:6]

    assert cells(heading) == ["line", "currency", "payments", "spent"]
    assert [cells(row) for row in rows] == [
        ["home", "EUR", "1", "€5.00"],
        ["uk-travel", "GBP", "3", "£40.00"],
        ["total", "EUR", "1", "€5.00"],
        ["total", "GBP", "3", "£40.00"],
    ]


def test_below_the_table_stands_which_bill_to_check_and_where(known: Shell) -> None:
    pay_for_a_year(known)

    shown = "\n".join(known.ok("spend", "--since", "2026-11-10").lines[6:])

    assert shown == CHECK_THE_BILL


def test_only_the_latest_of_many_bills_are_shown_and_programs_get_all(
    known: Shell,
) -> None:
    for day in range(1, 23):
        pay(known, "uk-travel", "15.00 GBP", on=f"2026-11-{day:02}", period="30d")

    shown = known.ok("spend").lines

    assert shown.count("uk-travel: check the bill") == 20
    assert "on Sun 22 Nov, although" in shown[shown.index("") + 2]
    assert shown[-1].startswith("and 1 more bill to check; all of them: ")
    assert len(known.ok("spend", "--json").json["check_bill"]) == 21


def test_reader_of_chinese_reads_chinese(known: Shell) -> None:
    known.write(TRAVEL + HOME, language="zh_CN")
    pay_for_a_year(known)

    heading, _, first, *rest = known.ok("spend", "--by", "month").lines

    assert cells(heading) == ["月份", "币种", "笔数", "金额"]
    assert cells(first) == ["2025-12", "GBP", "1", "£10.00"]
    assert cells(rest[2]) == ["合计", "EUR", "1", "€5.00"]
    assert "uk-travel：请核对账单" in rest
    assert "  请核对11月8日周日（网站）和11月12日周四（App，R-123）的收据。" in rest


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("line", ["home", "uk-travel"]),
        ("carrier", ["giffgaff", "three-uk"]),
        ("month", ["2025-12", "2026-11", "2026-11"]),
        ("year", ["2025", "2026", "2026"]),
    ],
)
def test_charges_are_put_together_as_asked_for(
    known: Shell, by: str, groups: list[str]
) -> None:
    pay_for_a_year(known)

    answer = known.ok("spend", "--by", by, "--json").json

    assert [row["group"] for row in answer["groups"]] == groups


def test_json_has_stable_keys_and_minor_units(known: Shell) -> None:
    pay_for_a_year(known)

    answer = known.ok("spend", "--json", "--since", "2026-11-10").json

    assert answer == {
        "by": "line",
        "since": "2026-11-10",
        "groups": [
            {"group": "home", "currency": "EUR", "charges": 1, "amount": 500},
            {"group": "uk-travel", "currency": "GBP", "charges": 1, "amount": 1500},
        ],
        "totals": [
            {"currency": "EUR", "charges": 1, "amount": 500},
            {"currency": "GBP", "charges": 1, "amount": 1500},
        ],
        "check_bill": [
            {
                "why": "twice",
                "line": "uk-travel",
                "carrier": "giffgaff",
                "paid_until": "2026-12-08",
                "charge": {
                    "event": 3,
                    "on": "2026-11-12",
                    "amount": 1500,
                    "currency": "GBP",
                    "way": "app",
                    "receipt": "R-123",
                },
                "before": {
                    "event": 2,
                    "on": "2026-11-08",
                    "amount": 1500,
                    "currency": "GBP",
                    "way": "website",
                    "receipt": None,
                },
            }
        ],
    }


def test_nothing_paid_is_said_with_what_to_do(known: Shell) -> None:
    advice = 'Record one when you renew: reminderd renew LINE --price "15.00 GBP"'

    assert known.ok("spend").lines == ["No payment has been recorded yet.", advice]
    assert known.ok("spend", "--since", "2026-11-01").lines == [
        "No payment since Sun 1 Nov has been recorded.",
        advice,
    ]
    answer = known.ok("spend", "--json").json
    assert (answer["groups"], answer["totals"], answer["check_bill"]) == ([], [], [])


def test_renewal_that_was_undone_is_not_spent(known: Shell) -> None:
    pay_for_a_year(known)
    record(known, "uk-travel", "undone", None, event=3)

    answer = known.ok("spend", "--json", "--since", "2026-01-01").json

    assert [row["amount"] for row in answer["groups"]] == [500, 1500]
    assert [known["why"] for known in answer["check_bill"]] == ["dearer"]


def test_removed_line_keeps_its_charges_and_a_later_one_is_in_doubt(
    known: Shell,
) -> None:
    pay(known, "uk-travel", "15.00 GBP", on="2026-11-12")
    with writing(known) as tx:
        stored = find_line(tx, "uk-travel")
        assert stored is not None
        archive_line(tx, stored.id, NOW - timedelta(days=30))

    answer = known.ok("spend")

    assert "uk-travel" in answer.lines[2]
    assert "although the line was removed on Fri 23 Oct." in answer.out


def test_payment_without_a_day_belongs_to_the_month_of_the_reader(
    known: Shell,
) -> None:
    with writing(known) as tx:
        stored = find_line(tx, "home")
        assert stored is not None
        at = NOW.replace(month=11, day=30, hour=20)
        add_event(tx, stored.id, "renewal", at, {}, money=Money(100, "GBP"))

    months = []
    for zone in ("Europe/London", "Asia/Shanghai"):
        known.write(TRAVEL + HOME, timezone=zone)
        answer = known.ok("spend", "--by", "month", "--json").json
        months.append(answer["groups"][0]["group"])

    assert months == ["2026-11", "2026-12"]


def test_hostile_name_and_receipt_are_shown_without_doing_anything(
    known: Shell,
) -> None:
    name = "=cmd|' /C calc'!A0 @everyone [x](//evil.test)"
    known.ok("add", "--", name)
    for day in ("12", "13"):
        pay(
            known,
            name,
            "15.00 GBP",
            on=f"2026-11-{day}",
            period="30d",
            receipt="\x1b[2J",
        )

    answer = known.ok("spend")

    assert f"{name}  " in answer.out
    assert "\x1b" not in answer.out
    assert "](" not in answer.out.partition("check the bill")[2]


def test_since_has_to_be_a_date(known: Shell) -> None:
    answer = known.refused("spend", "--since", "yesterday")

    assert "'yesterday' is not a date; write 2027-01-31" in answer.err


def test_by_has_to_be_one_of_four(known: Shell) -> None:
    assert known.refused("spend", "--by", "colour").status == 64


def test_looking_changes_nothing(known: Shell) -> None:
    pay_for_a_year(known)
    before = known.dump()

    known.ok("spend")

    assert known.dump() == before
