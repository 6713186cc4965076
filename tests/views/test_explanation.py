"""What there is to know of a line beside how it stands: use, renewals, losses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.plans import Plan, Start
from reminderd.domain.quantities import AllowanceKind, Money
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, add_line, find_line, update_line
from reminderd.storage.plans import encode_plan
from reminderd.storage.readings import save_readings
from reminderd.views.explanation import Explanation, explanation_of
from tests.builders import NOW, a_deadline, a_policy, an_allowance

_GB = 10**9
PRICE = Money(1000, "GBP")
PLAN = a_deadline(date(2026, 12, 4))


def explained(
    database: Database, *readings: Allowance | Deadline, plan: Plan | None = None
) -> Explanation:
    """Return the explanation of a line of which *readings* have been saved in order."""
    new = NewLine(
        name="uk-travel", timezone="Europe/London", origin="cli", added_at=NOW
    )
    with database.write() as tx:
        line_id = add_line(tx, new)
        update_line(tx, line_id, plan=encode_plan(plan or Plan()))
        for reading in readings:
            save_readings(tx, line_id, [reading], "cli", NOW)
    with database.read() as tx:
        stored = find_line(tx, "uk-travel")
        assert stored is not None
        return explanation_of(tx, stored, a_policy(), NOW)


def data(days_ago: int, left: int) -> Allowance:
    return an_allowance(left, observed_at=NOW - timedelta(days=days_ago))


def test_use_counts_the_readings_and_the_days_between_them(database: Database) -> None:
    (use,) = explained(database, PLAN, data(1, 5 * _GB), data(0, 4 * _GB)).uses

    assert (use.readings, use.days, use.allowance.per_day) == (2, 1, None)
    assert use.runs_out is None


def test_with_enough_readings_there_is_a_day_on_which_it_runs_out(
    database: Database,
) -> None:
    readings = [data(day, (day + 4) * _GB) for day in (3, 2, 1, 0)]

    (use,) = explained(database, PLAN, *readings).uses

    assert (use.readings, use.days, use.allowance.per_day) == (4, 3, _GB)
    assert use.runs_out is not None
    assert use.runs_out.due == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("known", "plan"),
    [
        pytest.param(replace(data(0, 5), daily=True), PLAN, id="full again tomorrow"),
        pytest.param(an_allowance(None, unlimited=True), PLAN, id="unlimited"),
        pytest.param(
            data(0, 5), a_deadline(date(2026, 11, 20)), id="the plan has ended"
        ),
    ],
)
def test_nothing_is_said_of_the_use_of_what_cannot_run_out(
    database: Database, known: Allowance, plan: Deadline
) -> None:
    assert explained(database, plan, known).uses == ()


@pytest.mark.parametrize(
    ("left", "price", "times"),
    [
        (2500, PRICE, 2),
        (1000, PRICE, 1),
        (999, PRICE, 0),
        pytest.param(-100, PRICE, 0, id="overdrawn"),
        pytest.param(None, PRICE, None, id="unknown"),
        pytest.param(2500, None, None, id="no price"),
        pytest.param(2500, Money(1000, "EUR"), None, id="another currency"),
    ],
)
def test_the_balance_pays_for_whole_renewals(
    database: Database, left: int | None, price: Money | None, times: int | None
) -> None:
    balance = an_allowance(left, None, kind=AllowanceKind.BALANCE)

    known = explained(database, PLAN, balance, plan=Plan(price=price))

    assert known.renewals_paid == times


@pytest.mark.parametrize(
    ("plan", "until"),
    [
        (Plan(period=Period(days=30), start=Start.OLD_END), date(2027, 1, 3)),
        (Plan(period=Period(days=30), start=Start.TODAY), date(2026, 12, 22)),
        pytest.param(Plan(period=Period(days=30)), None, id="nobody says from when"),
        pytest.param(Plan(start=Start.TODAY), None, id="nobody says how long"),
        pytest.param(
            Plan(period=Period(days=30), start=Start.TODAY, auto_renews=True),
            None,
            id="it renews itself",
        ),
    ],
)
def test_a_renewal_now_ends_where_that_is_known(
    database: Database, plan: Plan, until: date | None
) -> None:
    assert explained(database, PLAN, plan=plan).renewed_until == until


def test_a_plan_that_has_ended_is_renewed_from_today(database: Database) -> None:
    ended = a_deadline(date(2026, 11, 20))

    known = explained(database, ended, plan=Plan(period=Period(days=30)))

    assert known.renewed_until == date(2026, 12, 22)


def test_a_plan_that_waits_to_be_started_has_no_end_to_move(database: Database) -> None:
    start_by = a_deadline(kind=DeadlineKind.START_BY)

    known = explained(database, start_by, plan=Plan(period=Period(days=30)))

    assert known.renewed_until is None
