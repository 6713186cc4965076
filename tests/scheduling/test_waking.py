"""What wakes the daemon; the rest of it is tested with the daemon itself."""

from datetime import UTC, datetime, timedelta

from reminderd.scheduling.waking import Every
from tests.builders import NOW


def test_clock_set_from_1970_makes_no_list_of_missed_ticks() -> None:
    trigger = Every(timedelta(seconds=1))

    assert trigger.get_next_fire_time(None, NOW) == NOW
    assert trigger.get_next_fire_time(
        datetime(1970, 1, 1, tzinfo=UTC), NOW
    ) == NOW + timedelta(seconds=1)
