"""One allowance, deadline or silence of a line, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import local_date
from reminderd.domain.ladders import EXHAUSTED, STALE
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import Finding, Recovery
from reminderd.messages.catalogs import N_
from reminderd.messages.deadlines import Due, confirmed, countdown, in_both_zones
from reminderd.messages.foreign_text import defuse
from reminderd.messages.wording import Wording

_DEADLINES = frozenset(kind.value for kind in DeadlineKind)
_ALLOWANCES = frozenset(kind.value for kind in AllowanceKind)
_NOUNS = {
    AllowanceKind.DATA: N_("data"),
    AllowanceKind.VOICE: N_("call time"),
    AllowanceKind.BALANCE: N_("balance"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A finding in few words: ``brief`` for a group's title, ``headline`` elsewhere."""

    brief: str
    headline: str


def worded(finding: Finding, zone: ZoneInfo, words: Wording) -> Worded:
    """Return *finding* of a line in *zone* as it stands at the instant of *words*."""
    if finding.item == STALE:
        return _stale(finding, words)
    due = _due(finding, zone)
    if due is not None:
        count = countdown(due, words)
        return Worded(brief=count.brief, headline=count.full)
    if _is_allowance(finding):
        text = _left(finding, words)
        return Worded(brief=text, headline=text)
    # A newer version may have stored what this one has no words for.
    text = defuse(f"{finding.item}: {finding.step}")
    return Worded(brief=text, headline=text)


def paragraph(finding: Finding, zone: ZoneInfo, words: Wording) -> Iterator[str]:
    """Yield the lines of a body about *finding*: its headline and what else to know."""
    first = opening(finding.item, worded(finding, zone, words).headline, words)
    due = _due(finding, zone)
    if due is not None:
        yield first
        yield from filter(None, (in_both_zones(due, words), countdown(due, words).loss))
    elif finding.item == STALE:
        yield first
        yield words.say(
            "What is known of it may be wrong by now. Look into the carrier's account "
            "or app, and record what it says."
        )
    else:
        age = words.age(finding.observed_at)
        yield words.say("{figure}, as of {age}", figure=first, age=age)
        if finding.step == EXHAUSTED:
            yield words.say("Until it is topped up, it may not work or may cost extra.")


def opening(item: str, headline: str, words: Wording) -> str:
    """Return *headline* as the beginning of a paragraph; a plan is named."""
    if item == DeadlineKind.VALIDITY:
        return words.say("Plan: {text}", text=headline)
    return headline[:1].upper() + headline[1:]


def recovered(recovery: Recovery, zone: ZoneInfo, words: Wording) -> str:
    """Return what has got better, such as "renewed until Sun 31 Jan"."""
    due = _due(recovery, zone)
    if due is not None:
        return confirmed(due, words)
    if not _is_allowance(recovery):
        return words.say("{item} is fine again", item=defuse(recovery.item))
    if recovery.unlimited or recovery.remaining is None:
        return words.say("{noun} now unlimited", noun=_noun(recovery, words))
    return words.say("topped up: {left}", left=_left(recovery, words))


def _stale(finding: Finding, words: Wording) -> Worded:
    since = local_date(finding.observed_at, words.reader.zone)
    span = words.days(max((words.today - since).days, 0))
    brief = words.say("not checked for {span}", span=span)
    date_text = words.day(since, weekday=False)
    headline = words.say("{brief}, since {date}", brief=brief, date=date_text)
    return Worded(brief=brief, headline=headline)


def _is_allowance(known: Finding | Recovery) -> bool:
    is_known = known.remaining is not None or isinstance(known, Recovery)
    return is_known and known.item.partition("/")[0] in _ALLOWANCES


def _due(known: Finding | Recovery, zone: ZoneInfo) -> Due | None:
    """Return the due instant of a deadline, None for anything else."""
    if known.item not in _DEADLINES or known.due is None or known.due_at is None:
        return None
    return Due(kind=DeadlineKind(known.item), on=known.due, at=known.due_at, zone=zone)


def _noun(known: Finding | Recovery, words: Wording) -> str:
    """Return what an allowance is called, such as "texts"."""
    kind, _, bucket = known.item.partition("/")
    noun = (
        words.texts.ngettext("text", "texts", known.total or known.remaining or 0)
        if kind == AllowanceKind.SMS
        else words.say(_NOUNS[AllowanceKind(kind)])
    )
    if not bucket:
        return noun
    return words.say("{noun} ({bucket})", noun=noun, bucket=defuse(bucket))


def _left(known: Finding | Recovery, words: Wording) -> str:
    noun = _noun(known, words)
    kind = AllowanceKind(known.item.partition("/")[0])
    remaining = known.remaining or 0
    if remaining < 0:
        over = words.amount(kind, -remaining, known.currency)
        return words.say("{noun} used up, {amount} over", noun=noun, amount=over)
    amount = words.amount(kind, remaining, known.currency)
    if not known.total or remaining >= known.total:
        text = N_("{amount} {noun} left") if remaining else N_("{noun} used up")
        return words.say(text, amount=amount, noun=noun)
    total = words.amount(kind, known.total, known.currency)
    if not remaining:
        return words.say("{noun} used up, 0 of {total} left", noun=noun, total=total)
    return words.say(
        "{amount} of {total} {noun} left ({share})",
        amount=amount,
        total=total,
        noun=noun,
        share=words.share(remaining, known.total),
    )
