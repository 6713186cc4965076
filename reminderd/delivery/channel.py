"""What a channel is to the rest of the program."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import QuietHours
from reminderd.domain.deliveries import Verdict
from reminderd.domain.reminders import Content, Message

Compose = Callable[[Sequence[Content], datetime, bool], Message]


class Channel(Protocol):
    """Something that can send a message; ``name`` is what is shown and logged of it."""

    @property
    def name(self) -> str:
        """The name of the channel in the configuration."""
        ...

    def send(self, message: Message) -> Verdict:
        """Send *message* and return what became of it; the reason holds no secret."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A channel and how its owner wants it to be used.

    ``timeout`` is in seconds and holds for one message, however the peer behaves.
    ``compose`` makes the message from contents, the present instant, and whether it
    must be short. ``fingerprint`` changes with the channel's configuration.
    """

    channel: Channel
    zone: ZoneInfo
    compose: Compose
    fingerprint: str
    quiet: QuietHours | None = None
    group: bool = True
    fallback: str | None = None
    timeout: float = 60
