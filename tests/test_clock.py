"""The clocks of the machine."""

import time

import pytest

from reminderd.clock import uptime


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="Linux alone has one")
def test_uptime_goes_on_within_one_boot() -> None:
    before, after = uptime(), uptime()

    assert before is not None
    assert after is not None
    assert before.boot == after.boot
    assert 0 < before.awake_seconds <= before.seconds + 1
    assert 0 <= after.seconds - before.seconds < 60


def test_system_without_such_a_clock_has_no_uptime(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)

    assert uptime() is None
