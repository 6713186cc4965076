from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminderd.domain.calendar import QuietHours
from reminderd.domain.deliveries import (
    LONGEST_GAP,
    PATIENCE,
    Attempted,
    Decision,
    DeliveryState,
    Outcome,
    Route,
    channels_for,
    decide,
    gap_before,
    waits_until,
)
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Finding, Reminder
from tests.builders import LONDON, NOW, SHANGHAI

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def an_attempt(  # noqa: PLR0913 - one for each fact that a decision rests on
    outcome: Outcome = Outcome.TRANSIENT,
    *,
    attempts: int = 1,
    unknowns: int = 0,
    created_at: datetime = NOW,
    useful_until: datetime | None = None,
    is_short: bool = False,
    retry_after: timedelta | None = None,
) -> Attempted:
    return Attempted(
        outcome=outcome,
        attempts=attempts,
        unknowns=unknowns,
        created_at=created_at,
        useful_until=useful_until,
        is_short=is_short,
        retry_after=retry_after,
    )


class TestDecide:
    def test_a_fallback_is_promised_within_15_minutes(self) -> None:
        assert PATIENCE == 15 * MINUTE

    @pytest.mark.parametrize(
        ("attempted", "decision"),
        [
            pytest.param(
                an_attempt(Outcome.SENT), Decision(state=DeliveryState.SENT), id="sent"
            ),
            pytest.param(
                an_attempt(Outcome.CHANNEL_PERMANENT),
                Decision(state=DeliveryState.HELD, use_fallback=True),
                id="the channel is broken",
            ),
            pytest.param(
                an_attempt(Outcome.MESSAGE_PERMANENT),
                Decision(state=DeliveryState.PENDING, next_attempt_at=NOW, short=True),
                id="the message is refused: at once as short text",
            ),
            pytest.param(
                an_attempt(Outcome.MESSAGE_PERMANENT, is_short=True),
                Decision(state=DeliveryState.DEAD, use_fallback=True),
                id="the short text is refused too",
            ),
            pytest.param(
                an_attempt(Outcome.UNKNOWN, unknowns=3),
                Decision(state=DeliveryState.DEAD, use_fallback=True),
                id="unknown for the third time",
            ),
            pytest.param(
                an_attempt(Outcome.UNKNOWN, unknowns=2),
                Decision(
                    state=DeliveryState.PENDING, next_attempt_at=NOW + 30 * SECOND
                ),
                id="unknown for the second time",
            ),
            pytest.param(
                an_attempt(Outcome.TRANSIENT),
                Decision(
                    state=DeliveryState.PENDING, next_attempt_at=NOW + 30 * SECOND
                ),
                id="transient",
            ),
            pytest.param(
                an_attempt(Outcome.TRANSIENT, attempts=3, unknowns=3),
                Decision(
                    state=DeliveryState.PENDING, next_attempt_at=NOW + 120 * SECOND
                ),
                id="transient, the third time",
            ),
            pytest.param(
                an_attempt(Outcome.TRANSIENT, is_short=True),
                Decision(
                    state=DeliveryState.PENDING,
                    next_attempt_at=NOW + 30 * SECOND,
                    short=True,
                ),
                id="short text stays short",
            ),
            pytest.param(
                an_attempt(Outcome.TRANSIENT, retry_after=5 * MINUTE),
                Decision(state=DeliveryState.PENDING, next_attempt_at=NOW + 5 * MINUTE),
                id="the service asked for more time",
            ),
        ],
    )
    def test_an_outcome_decides_the_next_state(
        self, attempted: Attempted, decision: Decision
    ) -> None:
        assert decide(attempted, NOW, 1) == decision

    @pytest.mark.parametrize(
        ("age", "use_fallback"),
        [
            pytest.param(PATIENCE - 31 * SECOND, False, id="just within patience"),
            pytest.param(PATIENCE - 30 * SECOND, True, id="exactly at its end"),
        ],
    )
    def test_a_fallback_takes_over_before_patience_ends(
        self, *, age: timedelta, use_fallback: bool
    ) -> None:
        attempted = an_attempt(created_at=NOW - age)

        assert decide(attempted, NOW, 1).use_fallback is use_fallback

    @pytest.mark.parametrize(
        ("useful_for", "use_fallback"),
        [(31 * SECOND, False), (30 * SECOND, True), (-MINUTE, True)],
    )
    def test_a_fallback_takes_over_when_the_next_try_would_be_too_late(
        self, *, useful_for: timedelta, use_fallback: bool
    ) -> None:
        attempted = an_attempt(useful_until=NOW + useful_for)

        assert decide(attempted, NOW, 1).use_fallback is use_fallback

    @given(st.floats(0, 1))
    def test_a_channel_dead_for_hours_is_left_to_the_fallback_within_15_minutes(
        self, chance: float
    ) -> None:
        now, attempts = NOW, 1
        while not (
            decision := decide(an_attempt(attempts=attempts), now, chance)
        ).use_fallback:
            assert decision.next_attempt_at is not None
            now, attempts = decision.next_attempt_at, attempts + 1

        assert now < NOW + PATIENCE


class TestGaps:
    @pytest.mark.parametrize(
        ("attempt", "chance", "gap"),
        [
            (2, 0, 15 * SECOND),
            (2, 1, 30 * SECOND),
            (3, 0, 30 * SECOND),
            (3, 1, 60 * SECOND),
            (7, 1, 16 * MINUTE),
            (8, 0, 15 * MINUTE),
            (8, 1, 30 * MINUTE),
            (9, 1, 30 * MINUTE),
            (10_000, 1, 30 * MINUTE),
        ],
    )
    def test_gaps_double_up_to_half_an_hour(
        self, attempt: int, chance: float, gap: timedelta
    ) -> None:
        assert gap_before(attempt, None, chance) == gap

    @given(st.integers(2, 6), st.floats(0, 1), st.floats(0, 1))
    def test_no_gap_is_shorter_than_the_one_before(
        self, attempt: int, first: float, second: float
    ) -> None:
        assert gap_before(attempt, None, first) <= gap_before(attempt + 1, None, second)

    @pytest.mark.parametrize(
        ("retry_after", "gap"),
        [
            pytest.param(10 * SECOND, 30 * SECOND, id="less than our own gap"),
            pytest.param(31 * SECOND, 31 * SECOND, id="more"),
            pytest.param(24 * 60 * MINUTE, LONGEST_GAP, id="more than half an hour"),
        ],
    )
    def test_what_the_service_asks_for_is_obeyed_up_to_half_an_hour(
        self, retry_after: timedelta, gap: timedelta
    ) -> None:
        assert gap_before(2, retry_after, 1) == gap


class TestChannels:
    ROUTES = (
        Route(channel="mail"),
        Route(channel="phone", min_severity=Severity.CRITICAL),
    )
    OLD = Finding(
        item="data", step="0", severity=Severity.CRITICAL, cycle="", observed_at=NOW
    )

    def a_reminder(self, severity: Severity, *findings: Finding) -> Reminder:
        return Reminder(findings=findings, severity=severity, key="key")

    @pytest.mark.parametrize(
        ("severity", "channels"),
        [
            (Severity.INFO, ("mail",)),
            (Severity.WARNING, ("mail",)),
            (Severity.CRITICAL, ("mail", "phone")),
        ],
    )
    def test_a_channel_gets_what_is_severe_enough_for_it(
        self, severity: Severity, channels: tuple[str, ...]
    ) -> None:
        assert channels_for(self.a_reminder(severity), self.ROUTES, {}) == channels

    @pytest.mark.parametrize(
        ("worst", "undelivered", "channels"),
        [
            pytest.param(
                Severity.CRITICAL,
                {"phone": Severity.CRITICAL},
                ("mail", "phone"),
                id="still critical",
            ),
            pytest.param(
                Severity.CRITICAL,
                {"mail": Severity.CRITICAL},
                ("mail",),
                id="delivered before",
            ),
            pytest.param(
                Severity.WARNING,
                {"phone": Severity.CRITICAL},
                ("mail",),
                id="not critical now",
            ),
            pytest.param(
                Severity.WARNING,
                {"phone": Severity.WARNING},
                ("mail", "phone"),
                id="as bad as what a fallback has brought there",
            ),
            pytest.param(
                Severity.INFO,
                {"phone": Severity.WARNING},
                ("mail",),
                id="milder than what a fallback has brought there",
            ),
        ],
    )
    def test_a_channel_that_waits_for_an_older_one_gets_the_newer_in_its_place(
        self,
        worst: Severity,
        undelivered: Mapping[str, Severity],
        channels: tuple[str, ...],
    ) -> None:
        reminder = self.a_reminder(Severity.INFO, replace(self.OLD, severity=worst))

        assert channels_for(reminder, self.ROUTES, undelivered) == channels


class TestQuietHours:
    NIGHT = QuietHours(time(22), time(8))
    LATE = datetime(2026, 11, 22, 23, tzinfo=UTC)
    MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def test_without_quiet_hours_nothing_waits(self) -> None:
        assert waits_until(None, LONDON, None, self.LATE) is None

    def test_outside_of_them_nothing_waits(self) -> None:
        assert waits_until(self.NIGHT, LONDON, None, NOW) is None
        assert waits_until(self.NIGHT, SHANGHAI, None, self.LATE) == datetime(
            2026, 11, 23, tzinfo=UTC
        )

    @pytest.mark.parametrize(
        ("useful_until", "wait"),
        [
            pytest.param(None, MORNING, id="no last useful moment"),
            pytest.param(MORNING + SECOND, MORNING, id="useful after them"),
            pytest.param(MORNING, None, id="due when they end"),
            pytest.param(MORNING - SECOND, None, id="due within them"),
        ],
    )
    def test_they_hold_a_delivery_but_never_past_its_last_useful_moment(
        self, useful_until: datetime | None, wait: datetime | None
    ) -> None:
        assert waits_until(self.NIGHT, LONDON, useful_until, self.LATE) == wait
