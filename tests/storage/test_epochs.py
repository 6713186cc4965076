"""Whole seconds that never come before the instant they stand for."""

from datetime import UTC, datetime, timedelta

import pytest

from reminderd.storage.epochs import from_epoch, to_epoch

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since_epoch", "seconds"),
    [
        pytest.param(timedelta(0), 0, id="on the second"),
        pytest.param(timedelta(microseconds=1), 1, id="just after it"),
        pytest.param(timedelta(microseconds=-1), 0, id="just before it"),
        pytest.param(timedelta(seconds=2**33), 2**33, id="beyond 32 bits"),
    ],
)
def test_an_instant_is_rounded_up_to_a_second(
    since_epoch: timedelta, seconds: int
) -> None:
    assert to_epoch(EPOCH + since_epoch) == seconds


def test_seconds_become_the_instant_they_came_from() -> None:
    instant = datetime(2026, 11, 22, 12, tzinfo=UTC)

    assert from_epoch(to_epoch(instant)) == instant
