"""What the event of a calendar says of a deadline, which is read on any day."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from reminderd.domain.lines import Deadline, DeadlineKind, Line
from reminderd.domain.names import mask_number
from reminderd.messages.allowances import noun_of
from reminderd.messages.catalogs import N_
from reminderd.messages.findings import end_paragraph
from reminderd.messages.foreign_text import command, defuse
from reminderd.messages.guides import guide
from reminderd.messages.subjects import Subject
from reminderd.messages.wording import Wording

_WHAT = {
    DeadlineKind.VALIDITY: N_("plan ends"),
    DeadlineKind.CREDIT: N_("credit ends"),
    DeadlineKind.KEEP_ALIVE: N_("last day to keep it alive"),
    DeadlineKind.NUMBER: N_("last day to keep the number"),
    DeadlineKind.START_BY: N_("last day to start it"),
    DeadlineKind.GRACE: N_("grace ends"),
    DeadlineKind.EXPIRY: N_("last day to use {what}"),
}
# Neither forecasts, which move every day, nor offers.
KINDS = frozenset(_WHAT)


def event_title(deadline: Deadline, subject: Subject, words: Wording) -> str:
    """Return the line and what ends, without any date."""
    name = defuse(subject.line.name)
    return words.say("{name}: {text}", name=name, text=_what(deadline, words))


def event_text(
    deadline: Deadline, line: Line, subject: Subject, words: Wording
) -> Iterator[str]:
    """Yield which line it is, what a missed date costs, and what to do about it."""
    card, carrier = subject.line, subject.carrier
    who = (
        carrier.title if carrier else card.carrier,
        card.number and mask_number(card.number),
    )
    identity = words.say(", ").join(defuse(text) for text in who if text)
    if identity:
        yield words.say("Line: {identity}", identity=identity)
    if isinstance(deadline.due, datetime):
        yield words.say("Exactly: {moment}", moment=words.moment(deadline.due))
    # Its first line counts the days from today, whenever that is.
    yield from islice(end_paragraph(deadline, line, subject, words), 1, None)
    yield ""
    yield from _remedy(deadline, subject, words)


def _what(deadline: Deadline, words: Wording) -> str:
    if deadline.renews_itself:
        return words.say("renews by itself")
    text = _WHAT[deadline.kind]
    if deadline.kind is not DeadlineKind.EXPIRY:
        return words.say(text)
    return words.say(text, what=noun_of(deadline.follows or "", 2, words))


def _remedy(deadline: Deadline, subject: Subject, words: Wording) -> Iterator[str]:
    """Yield how to renew, or what to type where using the line is all it takes."""
    name = subject.line.name
    # What follows from another date is put off like that one.
    kind = (deadline.follows or deadline.kind).partition("+")[0]
    if (
        kind == DeadlineKind.KEEP_ALIVE
        and not subject.rule(DeadlineKind.KEEP_ALIVE).is_paid_for
    ):
        yield words.say("Used it? {command}", command=command("touch", name))
        return
    if kind == DeadlineKind.START_BY:
        typed = command("touch", name, "--kind", "data")
        if subject.plan.period is None:
            typed = command("update", name, "start_by=DATE")
        yield words.say("Started it? {command}", command=typed)
        return
    text = N_("How to renew or top up:")
    if deadline.renews_itself:
        text = N_("If it does not renew by itself:")
    yield words.say(text)
    for number, step in enumerate(guide(subject, words), start=1):
        yield f"{number}. {step}"
