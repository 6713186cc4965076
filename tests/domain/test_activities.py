from datetime import date, timedelta

import pytest

from reminderd.domain.activities import Use, touch
from reminderd.domain.lines import DeadlineKind, Line, Reading, rolling_deadline
from reminderd.domain.quantities import Period
from reminderd.domain.terms import UNKNOWN_TERMS
from tests.builders import NOW, a_deadline, a_line

TODAY = NOW.date()
BEFORE = NOW - timedelta(days=10)


def readings_after(line: Line, on: date) -> tuple[Reading, ...]:
    return touch(line, Use(on=on), UNKNOWN_TERMS, NOW).readings


class TestTouch:
    def test_an_activity_moves_every_rolling_deadline(self) -> None:
        active_on = TODAY - timedelta(days=100)
        line = a_line(
            a_deadline(),
            rolling_deadline(active_on, Period(days=180), BEFORE),
            rolling_deadline(active_on, Period(days=270), BEFORE, DeadlineKind.NUMBER),
        )

        assert readings_after(line, TODAY) == (
            rolling_deadline(TODAY, Period(days=180), NOW),
            rolling_deadline(TODAY, Period(days=270), NOW, DeadlineKind.NUMBER),
        )

    @pytest.mark.parametrize(
        ("days_later", "moves"), [(-1, False), (0, False), (1, True)]
    )
    def test_only_a_later_activity_changes_anything(
        self, *, days_later: int, moves: bool
    ) -> None:
        line = a_line(rolling_deadline(TODAY, Period(days=180), BEFORE))

        assert bool(readings_after(line, TODAY + timedelta(days=days_later))) is moves

    def test_a_first_activity_moves_a_deadline_that_was_only_known_by_date(
        self,
    ) -> None:
        line = a_line(
            a_deadline(
                date(2026, 12, 1), kind=DeadlineKind.KEEP_ALIVE, period=Period(days=180)
            )
        )

        assert readings_after(line, TODAY) == (
            rolling_deadline(TODAY, Period(days=180), NOW),
        )
