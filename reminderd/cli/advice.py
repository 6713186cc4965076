"""What is known of a line, put as advice: paragraph after paragraph."""

from collections.abc import Iterator

from reminderd.carriers.facts import Carrier, is_old
from reminderd.cli.rendering import (
    aged_text,
    amount_text,
    ends_text,
    left_texts,
    size_text,
)
from reminderd.domain.calendar import last_date, local_date
from reminderd.domain.forecasts import FEWEST_READINGS, SHORTEST_SPAN
from reminderd.domain.lines import Deadline, DeadlineKind
from reminderd.domain.names import mask_number
from reminderd.domain.states import is_moot
from reminderd.messages.allowances import noun_of
from reminderd.messages.catalogs import N_
from reminderd.messages.findings import end_paragraph, end_text
from reminderd.messages.foreign_text import defuse
from reminderd.messages.guides import guide
from reminderd.messages.subjects import Subject
from reminderd.messages.terms import period_text, plan_texts
from reminderd.messages.wording import Wording
from reminderd.views.explanation import Explanation, Use

# What comes later is told with the date that it follows.
_FOLLOWING = frozenset({DeadlineKind.GRACE, DeadlineKind.NUMBER})


def advice(
    known: Explanation, carrier: Carrier | None, words: Wording
) -> tuple[tuple[str, ...], ...]:
    """Return the paragraphs of all that is *known* of a line, as a friend puts it."""
    subject = Subject(
        line=known.status.stored.card,
        carrier=carrier,
        items=frozenset(end.item for end in known.status.ends),
    )
    return (
        tuple(_beginning(known, carrier, words)),
        tuple(_left(known, words)),
        *(tuple(_end(end, known, subject, words)) for end in _told(known)),
        *(tuple(_offer(offer, known, subject, words)) for offer in known.offers),
        tuple(_renewal(known, words)),
        tuple(_guide(known, subject, words)),
        tuple(_facts(carrier, words)),
    )


def _beginning(
    known: Explanation, carrier: Carrier | None, words: Wording
) -> Iterator[str]:
    stored = known.status.stored
    text = words.say("; ").join(ends_text(known.status, words).splitlines())
    if known.status.headline is None:
        text = words.say("no date is known on which anything ends")
    yield words.say("{name}: {text}", name=defuse(stored.name), text=text)
    who = (
        carrier.title if carrier else stored.carrier,
        stored.number and mask_number(stored.number),
    )
    identity = words.say(", ").join(defuse(text) for text in who if text)
    if identity:
        yield words.say("Line: {identity}", identity=identity)


def _left(known: Explanation, words: Wording) -> Iterator[str]:
    """Yield what is left and how old that is, how fast it goes and what it pays."""
    allowances = known.status.line.allowances
    for allowance, left in zip(
        allowances, left_texts(known.status, words), strict=True
    ):
        figure = words.say("Left: {text}", text=left)
        yield aged_text(figure, allowance, words)
        if allowance.refills_on is not None:
            day = words.day(allowance.refills_on)
            yield words.say("Full again on {date}.", date=day)
    size = size_text(known.status, words)
    if size is not None:
        yield words.say("Sizes are counted so: {size}.", size=size)
    for use in known.uses:
        yield use_text(use, known, words)
    if known.renewals_paid is not None:
        yield words.say_count(
            "The balance pays for {n} more renewal.",
            "The balance pays for {n} more renewals.",
            known.renewals_paid,
        )


def use_text(use: Use, known: Explanation, words: Wording) -> str:
    """Return how fast an allowance is used and how long it lasts, or why not."""
    allowance, end = use.allowance, use.runs_out
    noun = noun_of(allowance.item, 2, words)
    if allowance.per_day is None:
        span = words.days(use.days) if use.days else words.say("less than a day")
        return words.say(
            "Nobody can tell yet how long {noun} will last: {readings} over {span}; it "
            "takes {fewest} over {least}.",
            noun=noun,
            readings=words.say_count("{n} reading", "{n} readings", use.readings),
            span=span,
            fewest=FEWEST_READINGS,
            least=words.days(SHORTEST_SPAN.days),
        )
    line = known.status.line
    if end is not None and not is_moot(end, line):
        text = end_text(end, line, known.status.stored.card, words)
        return words.say("{text}.", text=text[:1].upper() + text[1:])
    amount = amount_text(allowance, allowance.per_day, words)
    text = (
        N_("You use {amount} {noun} a day.")
        if end is None or line.plan_ends_at is None
        else N_("You use {amount} {noun} a day: that lasts until the plan ends.")
    )
    return words.say(text, amount=amount, noun=noun)


def _told(known: Explanation) -> Iterator[Deadline]:
    """Yield the ends that have a paragraph of their own."""
    items = {deadline.item for deadline, _ in known.declines}
    for end in known.status.ends:
        is_told_before = end.kind is DeadlineKind.RUNS_OUT or (
            end.kind in _FOLLOWING and end.item not in items
        )
        if not is_told_before:
            yield end


def _end(
    end: Deadline, known: Explanation, subject: Subject, words: Wording
) -> Iterator[str]:
    """Yield when something ends, what that costs, and from when it is counted."""
    yield from end_paragraph(end, known.status.line, subject, words)
    if end.last_activity_on is not None and end.period is not None:
        yield words.say(
            "Counted from {date}: {period}.",
            date=words.day(end.last_activity_on),
            period=period_text(end.period, words),
        )


def _offer(
    offer: Deadline, known: Explanation, subject: Subject, words: Wording
) -> Iterator[str]:
    line = known.status.line
    yield from end_paragraph(offer, line, subject, words, known.offered_until)


def _renewal(known: Explanation, words: Wording) -> Iterator[str]:
    """Yield what a renewal now would do, and what renewals do in general."""
    until, ends_at = known.renewed_until, known.status.line.plan_ends_at
    if known.offers and known.offered_until is not None:
        # It has been told with the offer.
        until = None
    if until is not None and ends_at is not None and ends_at > words.now:
        old = last_date(ends_at, known.status.line.zone)
        yield words.say(
            "Renewed now, the plan ends {date} instead of {old}.",
            date=words.day(until),
            old=words.day(old),
        )
    elif until is not None:
        yield words.say("Renewed now, the plan ends {date}.", date=words.day(until))
    yield from plan_texts(known.plan, words)


def _guide(known: Explanation, subject: Subject, words: Wording) -> Iterator[str]:
    text = N_("How to renew or top up:")
    if known.plan.auto_renews:
        text = N_("If it does not renew by itself:")
    elif known.status.line.deadline(DeadlineKind.START_BY) is not None:
        text = N_("To buy another one:")
    yield words.say(text)
    for number, step in enumerate(guide(subject, words), start=1):
        yield f"{number}. {step}"


def _facts(carrier: Carrier | None, words: Wording) -> Iterator[str]:
    """Yield where the carrier's terms are from, how old that is, and what is unsure."""
    if carrier is None:
        yield words.say(
            "Nothing is known of its carrier: what is said is what is usual."
        )
        return
    if carrier.source is not None and carrier.checked_on is not None:
        yield words.say(
            "Terms of {carrier}, read on {date}: {source}",
            carrier=defuse(carrier.title),
            source=carrier.source,
            date=words.day(carrier.checked_on),
        )
    if is_old(carrier.checked_on, local_date(words.now, words.reader.zone)):
        yield words.say("That is more than a year ago: look whether they still hold.")
    if carrier.conflict is not None:
        conflict = words.texts.gettext(carrier.conflict)
        yield words.say("Its sources disagree: {conflict}", conflict=defuse(conflict))
