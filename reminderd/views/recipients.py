"""Which channels a line's reminders go to, and which not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import QuietHours
from reminderd.domain.deliveries import Route, channels_for, routes_for, waits_until
from reminderd.domain.foresight import Foreseen
from reminderd.storage.channels import Health


class Gets(StrEnum):
    """Whether a channel gets the line's next reminder, and why not."""

    YES = "yes"
    TOO_MILD = "too_mild"
    NOT_FOR_THIS_LINE = "not_for_this_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The channels as they are configured; ``zone`` is that of their quiet hours."""

    routes: Sequence[Route]
    quiet: Mapping[str, QuietHours | None]
    zone: ZoneInfo
    health: Mapping[str, Health]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One channel: whether it gets the next reminder, and when.

    ``sends_at`` is after its quiet hours; ``quiet_until`` is the end of those that
    are on now. Without a next reminder that anybody can foresee, it gets what is bad
    enough for it, and ``sends_at`` is None.
    """

    route: Route
    gets: Gets
    sends_at: datetime | None
    quiet_until: datetime | None
    health: Health


def recipients(
    post: Post, wanted: Sequence[str] | None, ahead: Foreseen | None, now: datetime
) -> Iterator[Recipient]:
    """Yield each channel; *wanted* are those of the line, None stands for all."""
    own = routes_for(post.routes, wanted)
    gets = {route.channel for route in own}
    if ahead is not None:
        gets = set(channels_for(ahead.reminder, own, {}))
    for route in post.routes:
        name = route.channel
        reason = Gets.TOO_MILD if route in own else Gets.NOT_FOR_THIS_LINE
        quiet = post.quiet.get(name)
        is_sent = ahead is not None and name in gets
        yield Recipient(
            route=route,
            gets=Gets.YES if name in gets else reason,
            sends_at=_sends_at(quiet, post.zone, ahead) if is_sent else None,
            quiet_until=waits_until(quiet, post.zone, None, now),
            health=post.health.get(name, Health(name=name)),
        )


def _sends_at(
    quiet: QuietHours | None, zone: ZoneInfo, ahead: Foreseen | None
) -> datetime | None:
    if ahead is None:
        return None
    useful_until = ahead.reminder.useful_until
    return waits_until(quiet, zone, useful_until, ahead.at) or ahead.at
