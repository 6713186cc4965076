"""What became of reminders, and how the channels are that they went through."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.quantities import AllowanceKind
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import defuse
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.storage.channels import Health
from reminderd.storage.past import PastAttempt, PastDelivery, PastReminder
from reminderd.views.titles import headlines_text

_OUTCOMES = {
    DeliveryState.PENDING: N_("is waiting"),
    DeliveryState.SENDING: N_("is being sent"),
    DeliveryState.SENT: N_("has it"),
    DeliveryState.HELD: N_("is held for now"),
    DeliveryState.DEAD: N_("gave up"),
    DeliveryState.SUPERSEDED: N_("did not need it any more"),
    DeliveryState.EXPIRED: N_("too late, given up"),
}
_LOOKS = {
    DeliveryState.SENT: "ok",
    DeliveryState.DEAD: "critical",
    DeliveryState.EXPIRED: "critical",
    DeliveryState.HELD: "warning",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a reminder, or how a channel is; ``look`` is how bad that is."""

    look: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reminder: when, what, and what became of it in each channel."""

    when: str
    what: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How a channel is, and when it last proved that it reaches somebody."""

    name: str
    outcome: Outcome
    proven: str


def said_of(past: PastReminder, words: Wording) -> Said:
    """Return what a reminder said then, and what became of it."""
    then = replace(words, now=past.at)
    return Said(
        when=words.moment(past.at),
        what=headlines_text(past.content, then),
        outcomes=tuple(_outcome(each, words) for each in past.deliveries),
    )


def _outcome(known: PastDelivery, words: Wording) -> Outcome:
    look = _LOOKS.get(DeliveryState(known.state), "unknown")
    return Outcome(look=look, text=outcome_text(known, words))


def outcome_text(
    known: PastDelivery, words: Wording, *, with_attempts: bool = False
) -> str:
    """Return what became of a delivery, why, and how often it was tried.

    Of a single attempt, or of what the service answered when it took the message,
    something is said only *with_attempts*.
    """
    state = DeliveryState(known.state)
    text = words.say(
        "{channel} {state}",
        channel=defuse(known.channel),
        state=words.say(_OUTCOMES[state]),
    )
    facts = list(_facts(known, words, with_attempts=with_attempts))
    if not facts:
        return text
    return words.say("{what} ({facts})", what=text, facts=words.say("; ").join(facts))


def _facts(
    known: PastDelivery, words: Wording, *, with_attempts: bool
) -> Iterator[str]:
    if known.reason and (with_attempts or known.state != DeliveryState.SENT):
        yield defuse(recall(known.reason, words))
    if len(known.attempts) > 1 or (with_attempts and known.attempts):
        yield words.say_count(
            "{n} attempt, {moment}",
            "{n} attempts, the last one {moment}",
            len(known.attempts),
            moment=words.moment(known.attempts[-1].started_at),
        )
        yield from _span(known.attempts[-1], words)


def _span(attempt: PastAttempt, words: Wording) -> Iterator[str]:
    """Yield how long an attempt took, nothing while it lasts."""
    if attempt.finished_at is None:
        return
    seconds = int((attempt.finished_at - attempt.started_at).total_seconds())
    if seconds < 1:
        yield words.say("took under a second")
    else:
        time = words.amount(AllowanceKind.VOICE, seconds)
        yield words.say("took {time}", time=time)


def channel_state(health: Health, words: Wording) -> ChannelState:
    """Return how a channel is: unknown as long as it has not been used."""
    if health.broken is not None:
        text = words.say(
            "broken: {reason}", reason=defuse(recall(health.broken, words))
        )
        outcome = Outcome(look="critical", text=text)
    elif health.is_troubled:
        reason = defuse(recall(health.trouble or "unknown", words))
        text = words.say("failing: {reason}", reason=reason)
        outcome = Outcome(look="warning", text=text)
    elif health.last_ok_at is None:
        outcome = Outcome(look="unknown", text=words.say("not proven yet"))
    else:
        outcome = Outcome(look="ok", text=words.say("works"))
    proven = "-" if health.last_ok_at is None else words.moment(health.last_ok_at)
    return ChannelState(name=defuse(health.name), outcome=outcome, proven=proven)
