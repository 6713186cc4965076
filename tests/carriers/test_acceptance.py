"""What is documented of single carriers, from their files through what they do."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from reminderd.carriers.official import official_url
from reminderd.domain.activities import Use, touch
from reminderd.domain.effects import in_effect
from reminderd.domain.lines import Allowance, DeadlineKind
from reminderd.domain.quantities import AllowanceKind, Money
from reminderd.domain.renewals import Renewal, renew
from reminderd.domain.stages import decline_of
from reminderd.domain.terms import Activity, Loss
from tests.builders import with_readings
from tests.carriers.test_walks import BEGIN, kept_line
from tests.domain.kept import KeptLine

TODAY = BEGIN.date()


def after_use(
    kept: KeptLine, activity: Activity, paid: Money | None = None
) -> date | None:
    """Return the end of the credit once the line was used or paid for today."""
    use = Use(on=TODAY, activity=activity, paid=paid)
    outcome = touch(kept.line, use, kept.policy.terms, BEGIN)
    credit = with_readings(kept.line, *outcome.readings).deadline(DeadlineKind.CREDIT)
    return None if credit is None else credit.due_on(kept.line.zone)


def test_o2_germany_counts_top_ups_only(tmp_path: Path) -> None:
    kept = kept_line("o2-de", "last_top_up = 2026-09-01\n", tmp_path)

    for use in (Activity.CALL, Activity.SMS, Activity.DATA):
        assert after_use(kept, use) == date(2027, 3, 1)
    assert after_use(kept, Activity.TOP_UP) == date(2027, 5, 22)


def test_3hk_counts_top_ups_from_100_dollars_on(tmp_path: Path) -> None:
    kept = kept_line("3hk", "last_top_up = 2026-09-01\n", tmp_path)
    before = date(2026, 9, 1) + timedelta(days=180)

    assert after_use(kept, Activity.TOP_UP, Money(99_99, "HKD")) == before
    assert after_use(kept, Activity.TOP_UP) == before
    assert after_use(kept, Activity.TOP_UP, Money(100_00, "HKD")) == (
        TODAY + timedelta(days=180)
    )


def test_the_credit_of_tello_stands_still_while_a_plan_is_active(
    tmp_path: Path,
) -> None:
    alone = kept_line("tello-us", "last_top_up = 2026-11-02\n", tmp_path)
    section = "last_top_up = 2026-11-02\nrenewed_on = 2026-11-12\n"
    active = kept_line("tello-us", section, tmp_path)

    (end, later) = (
        in_effect(kept.line, kept.policy, BEGIN).deadline(DeadlineKind.CREDIT)
        for kept in (alone, active)
    )

    assert end is not None
    assert end.due == date(2027, 2, 2)
    assert later is not None
    assert later.due == date(2027, 2, 2) + timedelta(days=30)


def test_a_month_of_giffgaff_from_31_january(tmp_path: Path) -> None:
    kept = kept_line("giffgaff", "", tmp_path)
    ends = []
    line, now = kept.line, BEGIN.replace(year=2027, month=1, day=31)
    for _ in range(3):
        renewal = Renewal(on=now.date())
        line = with_readings(
            line, *renew(line, renewal, kept.policy.terms, now).readings
        )
        validity = line.deadline(DeadlineKind.VALIDITY)
        assert validity is not None
        ends.append(validity.due)

    assert ends == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def losses_of(kept: KeptLine, kind: DeadlineKind) -> tuple[set[Loss], set[Loss]]:
    """Return what is lost, and what is still kept, the day after a date."""
    deadline = kept.line.deadline(kind)
    assert deadline is not None
    now = deadline.due_at(kept.line.zone) + timedelta(hours=1)
    decline = decline_of(deadline, kept.line, kept.policy.terms, now)
    return set(decline.losses), set(decline.kept)


def test_ee_keeps_number_and_credit_in_grace(tmp_path: Path) -> None:
    kept = kept_line("ee-uk", "last_activity = 2026-11-02\n", tmp_path)

    lost, still_there = losses_of(kept, DeadlineKind.KEEP_ALIVE)

    assert still_there == {Loss.NUMBER, Loss.CREDIT}
    assert not lost & still_there


def test_shinetown_loses_number_and_credit_at_once(tmp_path: Path) -> None:
    kept = kept_line("shinetown-hk", "credit_until = 2027-01-31\n", tmp_path)

    assert losses_of(kept, DeadlineKind.CREDIT) == ({Loss.NUMBER, Loss.CREDIT}, set())


@pytest.mark.parametrize("remaining", [None, 0])
def test_an_unlimited_plan_of_airalo_never_runs_low(
    tmp_path: Path, remaining: int | None
) -> None:
    kept = kept_line("airalo", 'data_remaining = "unlimited"\n', tmp_path)
    # Its interface answers remaining 0 and total 0 for what is unlimited.
    kept.read(
        Allowance(
            kind=AllowanceKind.DATA,
            remaining=remaining,
            total=remaining,
            unlimited=True,
            observed_at=BEGIN,
        )
    )

    for days in range(60):
        outcome = kept.review(BEGIN + timedelta(days=days))
        assert outcome.reminder is None


def test_a_plan_that_was_not_started_has_a_start_by_and_no_end(tmp_path: Path) -> None:
    kept = kept_line("airalo", "bought_on = 2026-11-10\n", tmp_path)

    assert kept.line.deadline(DeadlineKind.VALIDITY) is None
    assert {known.kind for known in kept.line.deadlines} == {DeadlineKind.START_BY}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://gіffgaff.com/", "CYRILLIC"),  # noqa: RUF001 - on purpose
        ("https://giffgaff.com.example.net/", "belongs to example.net"),
        ("https://giffgaff.com@example.net/", "user"),
        ("https://giffgaff.com/?next=https://example.net/", "leads on"),
    ],
)
def test_an_address_that_looks_like_a_carrier_s_is_refused(
    url: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        official_url(url, ("giffgaff.com",))
