"""A plan, what of it is wanted, and its JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reminderd.cli.plan_changes import sayings
from reminderd.cli.records import brake_record, delivery_record
from reminderd.scheduling.braking import Brakes
from reminderd.scheduling.preview import Planned
from reminderd.storage.channels import Health
from reminderd.views.deliveries import DeliveryStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be sent from *now* until *until*, and what still waits then.

    ``health`` has the channels that are in trouble *now*.
    """

    now: datetime
    until: datetime
    messages: Sequence[Planned]
    waiting: Sequence[DeliveryStatus]
    brakes: Brakes
    health: Mapping[str, Health]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a plan is asked for; None stands for all of it."""

    line: str | None = None
    channel: str | None = None

    def messages(self, plan: Plan) -> list[Planned]:
        """Return the messages that are asked for."""
        return [known for known in plan.messages if self._has(known)]

    def waiting(self, plan: Plan) -> list[DeliveryStatus]:
        """Return the deliveries that are asked for."""
        return [
            each
            for each in plan.waiting
            if self.line in (None, each.known.line)
            and self.channel in (None, each.known.channel)
        ]

    def _has(self, message: Planned) -> bool:
        if self.channel not in (None, message.channel):
            return False
        return self.line is None or any(
            saying.line == self.line for saying in sayings(message)
        )


def plan_record(known: Plan, wanted: Wanted) -> dict[str, Any]:
    """Return what of a plan is wanted as JSON."""
    return {
        "from": known.now,
        "until": known.until,
        "messages": [_message(each) for each in wanted.messages(known)],
        "waiting": [delivery_record(each) for each in wanted.waiting(known)],
        **brake_record(known.brakes),
    }


def _message(known: Planned) -> dict[str, Any]:
    return {
        "at": known.at,
        "channel": known.channel,
        "title": known.message.title,
        "severity": known.message.severity.word,
        "contents": [saying.record() for saying in sayings(known)],
    }
