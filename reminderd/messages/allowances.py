"""What is left of an allowance, in words."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import local_date, local_instant
from reminderd.domain.ladders import EXHAUSTED
from reminderd.domain.quantities import BINARY, AllowanceKind
from reminderd.domain.reminders import Finding, Recovery
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import defuse
from reminderd.messages.wording import Wording

_NOUNS = {
    AllowanceKind.DATA: N_("data"),
    AllowanceKind.VOICE: N_("call time"),
    AllowanceKind.BALANCE: N_("balance"),
}


def noun_of(item: str, count: int, words: Wording) -> str:
    """Return what an allowance is called, such as "texts" where there are *count*."""
    kind, _, bucket = item.partition("/")
    noun = (
        words.texts.ngettext("text", "texts", count)
        if kind == AllowanceKind.SMS
        else words.say(_NOUNS[AllowanceKind(kind)])
    )
    if not bucket:
        return noun
    return words.say("{noun} ({bucket})", noun=noun, bucket=defuse(bucket))


def finding_text(finding: Finding, zone: ZoneInfo, words: Wording) -> str:
    """Return what is left of an allowance of a line in *zone*, or that it is used up.

    One that is full again soon, or slow from then on, is not simply used up.
    """
    noun = noun_of(finding.item, finding.total or finding.remaining or 0, words)
    if finding.throttled:
        noun = words.say("full-speed {noun}", noun=noun)
    if finding.step != EXHAUSTED or not (finding.throttled or finding.daily):
        text = left_text(finding, finding.item, noun, words)
        return words.say("{left} for today", left=text) if finding.daily else text
    if not finding.daily:
        return words.say("{noun} used up; slow until it is renewed", noun=noun)
    text = (
        N_("today's {noun} used up; slow until {midnight}")
        if finding.throttled
        else N_("today's {noun} used up; full again at {midnight}")
    )
    return words.say(text, noun=noun, midnight=_midnight(zone, words))


def recovery_text(recovery: Recovery, words: Wording) -> str:
    """Return what an allowance has been topped up to."""
    noun = noun_of(recovery.item, recovery.total or recovery.remaining or 0, words)
    if recovery.unlimited or recovery.remaining is None:
        return words.say("{noun} now unlimited", noun=noun)
    left = left_text(recovery, recovery.item, noun, words)
    return words.say("topped up: {left}", left=left)


def left_text(known: Finding | Recovery, item: str, noun: str, words: Wording) -> str:
    """Return how much of *noun* is left, and which part of the total that is."""
    kind = AllowanceKind(item.partition("/")[0])
    remaining = known.remaining or 0

    def amount(figure: int) -> str:
        return words.amount(kind, figure, known.currency, known.size_base)

    if remaining < 0:
        over = amount(-remaining)
        return words.say("{noun} used up, {amount} over", noun=noun, amount=over)
    if not known.total or remaining >= known.total:
        text = N_("{amount} {noun} left") if remaining else N_("{noun} used up")
        return words.say(text, amount=amount(remaining), noun=noun)
    total = amount(known.total)
    if not remaining:
        return words.say("{noun} used up, 0 of {total} left", noun=noun, total=total)
    return words.say(
        "{amount} of {total} {noun} left ({share})",
        amount=amount(remaining),
        total=total,
        noun=noun,
        share=words.share(remaining, known.total),
    )


def base_text(size_base: int, words: Wording) -> str | None:
    """Return how sizes are counted, None where that is as everybody expects."""
    return words.say("1 GB = 1024 MB") if size_base == BINARY else None


def _midnight(zone: ZoneInfo, words: Wording) -> str:
    """Return the end of the day in *zone*, which may be another hour to the reader."""
    tomorrow = local_date(words.now, zone) + timedelta(days=1)
    at = local_instant(tomorrow, time(), zone)
    local = at.astimezone(words.reader.zone)
    if (local.time(), local.date()) == (time(), tomorrow):
        return words.say("midnight")
    return words.moment(at)
