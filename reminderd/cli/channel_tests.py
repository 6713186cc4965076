"""Test messages on the way that reminders take, and what the services answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reminderd.cli.composition import build_dispatcher
from reminderd.cli.delivery_texts import delivery_texts
from reminderd.cli.outlets import composer
from reminderd.cli.records import delivery_record
from reminderd.config.settings import Settings
from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.foresight import Foreseen
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import LineReminder, Notice
from reminderd.messages.examples import EXAMPLE
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.scheduling.setup import Setup
from reminderd.storage import outbox
from reminderd.storage.answers import Answer, answer_of
from reminderd.storage.channels import all_health, mend
from reminderd.storage.database import Database
from reminderd.storage.lines import StoredLine
from reminderd.storage.undelivered import deliveries_of
from reminderd.views.deliveries import DeliveryStatus, delivery_status

_TEST_SECONDS = 70.0


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of a test message, and what the service answered to it."""

    delivery: DeliveryStatus
    answer: Answer | None

    @property
    def is_good(self) -> bool:
        """Whether the service took it."""
        return self.delivery.known.state is DeliveryState.SENT

    def text(self, words: Wording) -> str:
        """Return it in words: sent where, what was answered, how long that took."""
        (text,) = delivery_texts([self.delivery], words)
        answer = self.answer
        took = None if answer is None else answer.took
        if answer is None or took is None:
            return text
        seconds = words.say("{seconds} s", seconds=f"{took.total_seconds():.1f}")
        facts = [recall(answer.reason or "", words), seconds]
        if not self.is_good:
            # The reason has been told.
            del facts[0]
        return words.say(
            "{what} ({facts})", what=text, facts=words.say(", ").join(facts)
        )

    def record(self) -> dict[str, Any]:
        """Return it as JSON."""
        took = None if self.answer is None else self.answer.took
        return delivery_record(self.delivery) | {
            "answer": self.answer and self.answer.reason,
            "milliseconds": took and round(took.total_seconds() * 1000),
        }


def plain_test(name: str, now: datetime) -> Notice:
    """Return the message that says that channel *name* works."""
    return Notice(
        code="test",
        severity=Severity.INFO,
        details={"channel": name},
        created_at=now,
    )


def example(
    stored: StoredLine, ahead: Foreseen, settings: Settings, now: datetime
) -> Notice:
    """Return a test that shows the reminder that is *ahead* of a line."""
    content = LineReminder(
        line=stored.card, reminder=ahead.reminder, created_at=ahead.at
    )
    message = composer(settings)([content], ahead.at, False)
    details = {
        "line": stored.name,
        "at": ahead.at.isoformat(),
        "title": message.title,
        "body": message.body,
    }
    return Notice(
        code=EXAMPLE,
        severity=ahead.reminder.severity,
        details=details,
        created_at=now,
    )


def send_tests(
    store: Database, setup: Setup, tests: Mapping[str, Notice], now: datetime
) -> list[Tested]:
    """Send a test through each channel, and return what became of them.

    Raises:
        StoreError: The store cannot be used.
    """
    sent = _put(store, tests, now)
    dispatcher = build_dispatcher(store)
    # A test is wanted now: no quiet hours, and not in one message with reminders.
    dispatcher.configure(
        {each: replace(setup.outlets[each], quiet=None, group=False) for each in tests},
        setup.channels,
    )
    dispatcher.drain(_TEST_SECONDS)
    with store.write() as tx:
        # The answer is known now; nobody wants the test later, or elsewhere.
        outbox.supersede_reminders(tx, sent, now)
        health = all_health(tx)
        return [
            Tested(
                delivery_status(known, health[known.channel], None, now),
                answer_of(tx, each),
            )
            for each in sent
            for known in deliveries_of(tx, each)
        ]


def _put(store: Database, tests: Mapping[str, Notice], now: datetime) -> Sequence[int]:
    """Put the *tests* into the outbox; return their ids."""
    sent = []
    with store.write() as tx:
        for name, notice in tests.items():
            # Whoever tests a broken channel has mended it, or wants to see it fail.
            mend(tx, name, now)
            key = f"test|{name}|{now.isoformat()}"
            reminder_id = outbox.enqueue_notice(tx, notice, key, [name], now)
            if reminder_id is not None:
                sent.append(reminder_id)
    return sent
