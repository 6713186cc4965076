"""One allowance, deadline or silence of a line, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import local_date
from reminderd.domain.findings import allowance_of
from reminderd.domain.ladders import EXHAUSTED, STALE, Severity
from reminderd.domain.lines import Deadline, DeadlineKind, Line
from reminderd.domain.quantities import DECIMAL, AllowanceKind
from reminderd.domain.reminders import Finding, LineCard, Recovery
from reminderd.domain.states import OF_ALLOWANCES
from reminderd.messages.allowances import (
    finding_text,
    left_text,
    noun_of,
    recovery_text,
)
from reminderd.messages.deadlines import Due, confirmed, countdown, in_both_zones
from reminderd.messages.foreign_text import defuse
from reminderd.messages.losses import later_loss_texts, loss_texts, reset_texts
from reminderd.messages.promotions import offer_texts
from reminderd.messages.subjects import Subject
from reminderd.messages.wording import Wording

_DEADLINES = frozenset(kind.value for kind in DeadlineKind)
_ALLOWANCES = frozenset(kind.value for kind in AllowanceKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A finding in few words: ``brief`` for a group's title, ``headline`` elsewhere."""

    brief: str
    headline: str


def worded(finding: Finding, line: LineCard, words: Wording) -> Worded:
    """Return *finding* of *line* as it stands at the instant of *words*."""
    kind, _, about = finding.item.partition("/")
    if kind == STALE:
        return _stale(finding, words)
    if kind == DeadlineKind.PROMOTION:
        text = words.say("offer: {title}", title=defuse(about))
        return Worded(brief=text, headline=text)
    due = _due(finding, line.zone, words)
    if due is not None:
        count = countdown(due, words)
        return Worded(
            brief=count.brief, headline=_completed(count.full, finding, line, words)
        )
    if finding.remaining is not None and kind in _ALLOWANCES:
        text = finding_text(finding, line.zone, words)
        return Worded(brief=text, headline=text)
    # A newer version may have stored what this one has no words for.
    text = defuse(f"{finding.item}: {finding.step}")
    return Worded(brief=text, headline=text)


def end_text(deadline: Deadline, line: Line, card: LineCard, words: Wording) -> str:
    """Return when something of *line* ends, such as "3 days left, ends Sat 12 Dec"."""
    return worded(_as_finding(deadline, line), card, words).headline


def end_paragraph(
    deadline: Deadline,
    line: Line,
    subject: Subject,
    words: Wording,
    renewed_until: date | None = None,
) -> Iterator[str]:
    """Yield when something of *line* ends, and what else to know of that.

    ``renewed_until`` is where the plan would end if it were renewed for an offer.
    """
    finding = _as_finding(deadline, line)
    yield from paragraph(replace(finding, renewed_until=renewed_until), subject, words)


def paragraph(finding: Finding, subject: Subject, words: Wording) -> Iterator[str]:
    """Yield the lines of a body about *finding*: its headline and what else to know."""
    line = subject.line
    first = opening(finding.item, worded(finding, line, words).headline, words)
    due = _due(finding, line.zone, words)
    if finding.item.partition("/")[0] == DeadlineKind.PROMOTION:
        yield first
        yield from offer_texts(finding, subject, words)
    elif due is not None:
        yield first
        yield from filter(None, (in_both_zones(due, words),))
        yield from _costs(finding, due, subject, words)
    elif finding.item == STALE:
        yield first
        yield words.say(
            "What is known of it may be wrong by now. Look into the carrier's account "
            "or app, and record what it says."
        )
    else:
        # What is full again each midnight is always of today.
        age = "" if finding.daily else words.age(finding.observed_at)
        figure = words.say("{figure}, as of {age}", figure=first, age=age)
        yield figure if age else first
        if finding.step == EXHAUSTED and not (finding.throttled or finding.daily):
            yield words.say("Until it is topped up, it may not work or may cost extra.")


def opening(item: str, headline: str, words: Wording) -> str:
    """Return *headline* as the beginning of a paragraph; a plan is named."""
    if item == DeadlineKind.VALIDITY:
        return words.say("Plan: {text}", text=headline)
    return headline[:1].upper() + headline[1:]


def recovered(recovery: Recovery, zone: ZoneInfo, words: Wording) -> str:
    """Return what has got better, such as "renewed until Sun 31 Jan"."""
    due = _due(recovery, zone, words)
    if due is not None:
        return confirmed(due, words)
    if recovery.item.partition("/")[0] not in _ALLOWANCES:
        return words.say("{item} is fine again", item=defuse(recovery.item))
    return recovery_text(recovery, words)


def _as_finding(deadline: Deadline, line: Line) -> Finding:
    """Return *deadline* as a finding, though no limit of it may be reached."""
    allowance = allowance_of(deadline, line)
    return Finding(
        item=deadline.item,
        step="",
        severity=Severity.INFO,
        cycle="",
        due=deadline.due,
        due_at=deadline.due_at(line.zone),
        remaining=allowance.remaining if allowance else None,
        total=allowance.total if allowance else None,
        currency=allowance.currency if allowance else None,
        size_base=allowance.size_base if allowance else DECIMAL,
        per_day=allowance.per_day if allowance else None,
        renews_itself=deadline.renews_itself,
        observed_at=deadline.observed_at,
    )


def _costs(
    finding: Finding, due: Due, subject: Subject, words: Wording
) -> Iterator[str]:
    """Yield what a date costs that passes or has passed, and what resets it.

    What follows from another date is told with that one.
    """
    generic = countdown(due, words).loss
    kind, _, followed = finding.item.partition("/")
    if due.renews_itself:
        yield generic
        yield from later_loss_texts(due.kind, due.at, subject, words)
    elif kind == DeadlineKind.RUNS_OUT:
        yield _of_allowance(finding, followed, words)
        yield generic
    elif not followed:
        rule = subject.rule(due.kind)
        known = loss_texts(due.kind, due.at, subject, words)
        resets = tuple(reset_texts(due.kind, rule, words))
        if due.at <= words.now:
            yield from known or (generic,)
        elif known:
            yield from known
            yield from filter(None, (words.together(*resets),))
        else:
            yield words.together(generic, *resets)
    elif followed.partition("+")[0] not in subject.items:
        yield generic


def _completed(text: str, finding: Finding, line: LineCard, words: Wording) -> str:
    """Return *text* with what is used in a day, or what has to be on the card."""
    kind, _, followed = finding.item.partition("/")
    is_ahead = finding.due_at is not None and finding.due_at > words.now
    if kind == DeadlineKind.RUNS_OUT and finding.per_day is not None:
        allowance = AllowanceKind(followed.partition("/")[0])
        amount = words.amount(
            allowance, finding.per_day, finding.currency, finding.size_base
        )
        return words.say("{text}, at {amount} a day", text=text, amount=amount)
    if finding.renews_itself and is_ahead:
        if line.plan.price is None:
            return words.say("{text}, have enough on the card", text=text)
        price = words.money(line.plan.price)
        return words.say("{text}, have {amount} on the card", text=text, amount=price)
    return text


def _of_allowance(finding: Finding, item: str, words: Wording) -> str:
    """Return what is left of the allowance that a forecast is about, and how old."""
    noun = noun_of(item, finding.total or finding.remaining or 0, words)
    left = left_text(finding, item, noun, words)
    age = words.age(finding.observed_at)
    return words.say("{figure}, as of {age}", figure=left, age=age)


def _stale(finding: Finding, words: Wording) -> Worded:
    since = local_date(finding.observed_at, words.reader.zone)
    span = words.days(max((words.today - since).days, 0))
    brief = words.say("not checked for {span}", span=span)
    date_text = words.day(since, weekday=False)
    headline = words.say("{brief}, since {date}", brief=brief, date=date_text)
    return Worded(brief=brief, headline=headline)


def _due(known: Finding | Recovery, zone: ZoneInfo, words: Wording) -> Due | None:
    """Return the due instant of a deadline, None for anything else."""
    kind, _, followed = known.item.partition("/")
    if kind not in _DEADLINES or known.due is None or known.due_at is None:
        return None
    return Due(
        kind=DeadlineKind(kind),
        on=known.due,
        at=known.due_at,
        zone=zone,
        what=_what(known, kind, followed, words),
        renews_itself=isinstance(known, Finding) and known.renews_itself,
    )


def _what(known: Finding | Recovery, kind: str, item: str, words: Wording) -> str:
    """Return what ends: an allowance, and how much of it if that matters."""
    allowance, _, _ = item.partition("/")
    if kind not in OF_ALLOWANCES or allowance not in _ALLOWANCES:
        return defuse(item)
    noun = noun_of(item, known.remaining or known.total or 0, words)
    if kind == DeadlineKind.RUNS_OUT or not known.remaining:
        return noun
    amount = words.amount(
        AllowanceKind(allowance), known.remaining, known.currency, known.size_base
    )
    return words.say("{amount} {noun}", amount=amount, noun=noun)
