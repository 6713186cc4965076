"""The services behind the channels: well, ill in every way, or lying."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from random import Random

from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Content, LineReminder, Message
from tests.simulation.estate import TIMEOUT_SECONDS
from tests.simulation.faults import Hang

SENT = Verdict(outcome=Outcome.SENT, reason="accepted")
_LOST = Verdict(outcome=Outcome.CHANNEL_PERMANENT, reason="404")


class Condition(Enum):
    """How a peer is."""

    FINE = "fine"
    DOWN = "refuses connections"
    RATE_LIMITED = "asks to come back later"
    UNSURE = "breaks off in the middle, so that nobody knows"
    SLOW = "answers in time, or too late"
    HANGING = "never answers"
    RAISING = "makes the plugin raise"
    REFUSING_LONG = "refuses long messages"
    REFUSING = "answers 200, and refuses every message"
    BROKEN = "does not know the address any more"


_REFUSALS = {
    Condition.DOWN: Verdict(outcome=Outcome.TRANSIENT, reason="refused"),
    Condition.RATE_LIMITED: Verdict(outcome=Outcome.TRANSIENT, reason="429"),
    Condition.REFUSING_LONG: Verdict(outcome=Outcome.MESSAGE_PERMANENT, reason="413"),
    Condition.REFUSING: Verdict(outcome=Outcome.MESSAGE_PERMANENT, reason="errcode 9"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Message):
    """A message that remembers what it was made from, and when."""

    contents: tuple[Content, ...]
    short: bool
    composed_at: datetime


def write(contents: Sequence[Content], now: datetime, short: bool) -> Letter:
    """Return the letter for *contents*; what ``messages.compose`` is for people."""
    return Letter(
        title="; ".join(map(_title, contents)),
        body="",
        severity=max((_severity(known) for known in contents), default=Severity.INFO),
        contents=tuple(contents),
        short=short,
        composed_at=now,
    )


def identity(content: Content) -> str:
    """Return what is the same in every copy of one decision, and in nothing else."""
    at = content.created_at.isoformat()
    if isinstance(content, LineReminder):
        return f"{content.line.name}|{at}|{content.reminder.key}"
    return f"{content.code}|{at}|{sorted(content.details.items())}"


def _title(content: Content) -> str:
    if isinstance(content, LineReminder):
        found = content.reminder.findings
        said = [f"{known.item}:{known.step}{'!' * known.new}" for known in found]
        said += [f"{known.item}:renewed" for known in content.reminder.recoveries]
        return f"{content.line.name} {' '.join(said)}"
    return f"{content.code} {content.details.get('channel')}"


def _severity(content: Content) -> Severity:
    if isinstance(content, LineReminder):
        return content.reminder.worst
    return content.severity


@dataclass(slots=True)
class Peer:
    """One service; it remembers the address that it no longer knows."""

    name: str
    rng: Random
    sleep: Callable[[float], None]
    condition: Condition = Condition.FINE
    lost_address: str | None = None

    def fall_ill(self, address: str) -> None:
        """Take a condition by chance."""
        self.condition = self.rng.choice(list(Condition))
        if self.condition is Condition.BROKEN:
            self.lost_address = address
            self.condition = Condition.FINE

    def recover(self) -> None:
        """Be well again; an address that is not known stays unknown."""
        self.condition = Condition.FINE

    def answer(
        self, letter: Letter, address: str, accept: Callable[[bool], None]
    ) -> Verdict:
        """Return the verdict on *letter*; *accept* it, with doubt or without."""
        is_lost = address == self.lost_address
        if self.condition is Condition.SLOW and not is_lost:
            return self._take_time(accept)
        if not is_lost and self._takes(letter):
            accept(False)
            return SENT
        refusal = _LOST if is_lost else _REFUSALS.get(self.condition)
        if self.condition is Condition.RATE_LIMITED and refusal is not None:
            pause = timedelta(seconds=self.rng.choice((1, 60, 900, 7200)))
            refusal = replace(refusal, retry_after=pause)
        return refusal or self._leave_open(accept)

    def _take_time(self, accept: Callable[[bool], None]) -> Verdict:
        seconds = self.rng.choice((0.5, TIMEOUT_SECONDS - 0.1, TIMEOUT_SECONDS + 1))
        self.sleep(seconds)
        is_late = seconds >= TIMEOUT_SECONDS
        accept(is_late)
        if is_late:
            raise Hang
        return SENT

    def _takes(self, letter: Letter) -> bool:
        if self.condition is Condition.REFUSING_LONG:
            return letter.short
        return self.condition is Condition.FINE

    def _leave_open(self, accept: Callable[[bool], None]) -> Verdict:
        """Take the letter or not, and do not say which."""
        if self.rng.random() < 0.5:
            accept(True)
        if self.condition is Condition.HANGING:
            raise Hang
        if self.condition is Condition.RAISING:
            raise RuntimeError("a plugin")
        return Verdict(outcome=Outcome.UNKNOWN, reason="no answer")
