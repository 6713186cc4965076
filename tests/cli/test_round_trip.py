"""What is exported and imported into an empty store is exported the same again."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Reading
from reminderd.domain.periods import Period
from reminderd.domain.plans import Leftover, Plan, Start, Way
from reminderd.domain.quantities import AllowanceKind, Bytes, Money
from reminderd.storage.bulk import add_lines
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine
from reminderd.storage.plans import encode_plan
from tests.builders import NOW
from tests.cli.shell import Shell

_turn = count()

MOMENTS = st.integers(0, 10**9).map(lambda n: NOW - timedelta(microseconds=n * 1000))
DATES = st.dates(date(2020, 1, 1), date(2026, 11, 20))
DUES = st.one_of(
    st.dates(date(2020, 1, 1), date(2199, 12, 31)),
    st.datetimes(datetime(2020, 1, 1), datetime(2190, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(tzinfo=UTC)
    ),
)
PERIODS = st.one_of(
    st.integers(1, 240).map(lambda n: Period(months=n)),
    st.integers(1, 900).map(lambda n: Period(days=n)),
)
WORDS = st.sampled_from(
    ["a", "=b", "'=c", "-", "'", "[x]", "x, y", "家用", 'say "so"', "+1", "a;b"]
)
# Beyond an exabyte a size in units of 1024 has more digits than one can type.
AMOUNTS = st.one_of(st.integers(0, 2000), st.integers(0, 10**12 - 1))
SIZES = st.one_of(
    AMOUNTS, st.integers(0, 10**17), st.integers(0, 99).map(lambda n: n * 10**8)
)


@st.composite
def allowances(draw: st.DrawFn, kind: AllowanceKind, bucket: str) -> Allowance:
    of_data = kind is AllowanceKind.DATA
    amounts = SIZES if of_data else AMOUNTS.filter(lambda n: n < 3 * 10**9)
    unlimited = draw(st.booleans()) and kind is not AllowanceKind.BALANCE
    total = draw(st.none() | amounts)
    return Allowance(
        kind=kind,
        bucket=bucket,
        remaining=None
        if unlimited
        else draw(st.none() | amounts | amounts.map(int.__neg__)),
        total=total,
        unlimited=unlimited,
        currency="JPY" if kind is AllowanceKind.BALANCE else None,
        size_base=draw(st.sampled_from([1000, 1024])) if of_data else 1000,
        daily=draw(st.booleans()),
        throttled=draw(st.booleans()),
        expires=draw(st.none() | DUES),
        refills_on=draw(st.none() | DATES),
        refill_to=draw(st.none() | AMOUNTS),
        observed_at=draw(MOMENTS),
    )


@st.composite
def deadlines(draw: st.DrawFn, kind: DeadlineKind) -> Deadline:
    return Deadline(
        kind=kind,
        due=draw(DUES),
        period=draw(st.none() | PERIODS),
        last_activity_on=draw(st.none() | DATES),
        anchor_day=draw(st.none() | st.integers(1, 31)),
        observed_at=draw(MOMENTS),
    )


PLANS = st.builds(
    Plan,
    period=st.none() | PERIODS,
    start=st.none() | st.sampled_from(Start),
    leftover=st.none() | st.sampled_from([Leftover.DROP, Leftover.KEEP, Leftover.ADD]),
    price=st.none() | st.integers(1, 10**8).map(lambda n: Money(n, "BHD")),
    auto_renews=st.none() | st.booleans(),
    way=st.none() | st.sampled_from(Way),
) | st.sampled_from(
    [
        Plan(leftover=Leftover.CAP, cap=Bytes(5 * 10**9, 5 * 1024**3)),
        Plan(leftover=Leftover.CAP, cap=Bytes(1024**3)),
        Plan(leftover=Leftover.CAP, cap=Bytes(1_234_567)),
    ]
)
STORED_KINDS = [
    DeadlineKind.VALIDITY,
    DeadlineKind.CREDIT,
    DeadlineKind.KEEP_ALIVE,
    DeadlineKind.NUMBER,
    DeadlineKind.START_BY,
]


@st.composite
def lines(draw: st.DrawFn, name: str) -> tuple[NewLine, list[Reading]]:
    readings: list[Reading] = [
        draw(allowances(kind, bucket))
        for kind in AllowanceKind
        for bucket in ("general", "night", "a.b c")
        if (kind is not AllowanceKind.BALANCE or bucket == "general")
        and draw(st.booleans())
    ]
    readings += [draw(deadlines(kind)) for kind in STORED_KINDS if draw(st.booleans())]
    return (
        NewLine(
            name=name,
            timezone=draw(st.sampled_from(["Europe/London", "Asia/Shanghai"])),
            origin="cli",
            added_at=draw(MOMENTS),
            carrier=draw(st.none() | st.sampled_from(["giffgaff", "=odd"])),
            number=draw(st.none() | st.just("+447700900987")),
            iccid=draw(st.none() | st.just("8944110000000001234")),
            tags=tuple(draw(st.lists(WORDS, max_size=3))),
            route=draw(st.none() | st.just(("phone", "-x"))),
            plan=encode_plan(draw(PLANS)),
            snoozed_until=draw(st.none() | MOMENTS),
        ),
        readings,
    )


def wide_open(shell: Shell, store: Path) -> None:
    """Describe all that the lines refer to, with the store in a place of its own."""
    shell.write_raw(
        f'timezone = "Europe/Paris"\n[storage]\nurl = "sqlite:///{store}"\n'
        '[carriers."=odd"]\ndata_base = 1024\n'
        '[channels.phone]\nurl = "json://127.0.0.1:9/"\n'
        '[channels.-x]\nurl = "json://127.0.0.1:9/"\n'
    )


NAMES = ["plain", "=cmd()", '\'quoted, "too"', "-", "家用"]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "jsonl"])
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_an_export_survives_an_empty_store(
    shell: Shell, form: str, data: st.DataObject
) -> None:
    directory = shell.directory / str(next(_turn))
    one, two = directory / "one" / "r.db", directory / "two" / "r.db"
    known = [data.draw(lines(name)) for name in NAMES[: data.draw(st.integers(1, 5))]]
    with closing(Database.open(f"sqlite:///{one}")) as store, store.write() as tx:
        add_lines(tx, known, "cli", NOW)

    wide_open(shell, one)
    first = shell.ok("export", "--format", form)
    file = directory / f"lines.{form}"
    file.write_text(first.out, encoding="utf-8")
    again = shell.ok("import", str(file))
    wide_open(shell, two)
    new = shell("import", str(file))
    second = shell.ok("export", "--format", form)

    assert again.out.startswith(f"Added: 0. Updated: 0. Unchanged: {len(known)}.")
    assert (new.status, new.err) == (0, "")
    assert second.out == first.out
