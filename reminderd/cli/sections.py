"""From the section of a line to what is known of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from reminderd.config.effective import (
    plan_of,
    renewal_period_of,
    size_base_of,
    terms_of,
    zone_of,
)
from reminderd.config.settings import (
    BucketSettings,
    FigureSettings,
    LineSettings,
    Settings,
)
from reminderd.domain.activities import Use, touch
from reminderd.domain.calendar import local_instant
from reminderd.domain.lines import (
    GENERAL,
    Allowance,
    Deadline,
    DeadlineKind,
    Line,
    Reading,
    rolling_deadline,
)
from reminderd.domain.plan_ends import bought
from reminderd.domain.quantities import DECIMAL, AllowanceKind, Bytes, Money
from reminderd.domain.terms import Activity, Terms

_DUE_KEYS = {
    DeadlineKind.VALIDITY: "valid_until",
    DeadlineKind.CREDIT: "credit_until",
    DeadlineKind.NUMBER: "number_until",
    DeadlineKind.START_BY: "start_by",
}
# Nobody says at which hour of the day the figures were read.
_NOON = time(12)
_COUNTED_FROM = {
    DeadlineKind.KEEP_ALIVE: "last_activity",
    DeadlineKind.START_BY: "bought_on",
}
# What the dates of a section follow from needs no name.
_NAMELESS = "-"


def readings_of(
    section: LineSettings, settings: Settings, now: datetime
) -> Iterator[Reading]:
    """Yield what *section* says is left on a line, as it was on the day it was read."""
    observed_at = now
    zone = zone_of(settings, section)
    if section.observed_on is not None:
        noon = local_instant(section.observed_on, _NOON, zone)
        observed_at = min(noon, now)
    base = size_base_of(settings, section)
    for bucket, figures in {GENERAL: section, **section.buckets}.items():
        yield from _allowances(bucket, figures, base, observed_at)
    line = Line(name=_NAMELESS, zone=zone, added_at=now)
    yield from _deadlines(line, section, settings, observed_at)


def _deadlines(
    line: Line, section: LineSettings, settings: Settings, observed_at: datetime
) -> Iterator[Deadline]:
    """Yield the dates that are given, and those that follow from what was done."""
    terms = terms_of(settings, section)
    known = {
        kind: rolling_deadline(day, every, observed_at, kind)
        for kind, key in _COUNTED_FROM.items()
        if (day := getattr(section, key)) and (every := terms.rule(kind).every)
    }
    for use in _uses(section, terms):
        line = replace(line, deadlines=tuple(known.values()))
        resets = touch(line, use, terms, observed_at).readings
        known |= {each.kind: each for each in resets if isinstance(each, Deadline)}
    if section.renewed_on is not None and (
        period := renewal_period_of(settings, section)
    ):
        plan = plan_of(section).over(terms.plan)
        validity = bought(line, section.renewed_on, period, plan, observed_at)
        known[DeadlineKind.VALIDITY] = validity
    for kind, key in _DUE_KEYS.items():
        due: date | datetime | None = getattr(section, key)
        if due is not None:
            known[kind] = Deadline(kind=kind, due=due, observed_at=observed_at)
    yield from known.values()


def _uses(section: LineSettings, terms: Terms) -> list[Use]:
    """Return what was paid for, the oldest first; its owner says that it counted."""
    uses = []
    if section.last_top_up is not None:
        least = (rule.least for rule in terms.rules.values() if rule.least is not None)
        paid = max(least, key=lambda money: money.minor, default=None)
        uses.append(Use(on=section.last_top_up, activity=Activity.TOP_UP, paid=paid))
    if section.renewed_on is not None:
        paid = section.renew_price
        uses.append(Use(on=section.renewed_on, activity=Activity.PLAN, paid=paid))
    return sorted(uses, key=lambda use: use.on)


def _allowances(
    bucket: str, section: FigureSettings, base: int, observed_at: datetime
) -> Iterator[Allowance]:
    for kind in AllowanceKind:
        remaining = getattr(section, f"{kind}_remaining", None)
        total = getattr(section, f"{kind}_total", None)
        used = getattr(section, f"{kind}_used", None)
        if remaining is None and total is None:
            continue
        money = remaining if isinstance(remaining, Money) else total
        left = None if remaining == "unlimited" else _base(remaining, base)
        if used is not None and total is not None:
            left = (_base(total, base) or 0) - (_base(used, base) or 0)
        yield Allowance(
            kind=kind,
            bucket=bucket,
            remaining=left,
            total=_base(total, base),
            unlimited=remaining == "unlimited",
            currency=money.currency if isinstance(money, Money) else None,
            size_base=base if kind is AllowanceKind.DATA else DECIMAL,
            daily=_trait(section, kind, "daily"),
            throttled=_trait(section, kind, "throttled"),
            expires=section.until if isinstance(section, BucketSettings) else None,
            observed_at=observed_at,
        )


def _trait(section: FigureSettings, kind: AllowanceKind, trait: str) -> bool:
    """Return what is said of a bucket as a whole, and of the data of a line."""
    if isinstance(section, BucketSettings):
        return bool(getattr(section, trait))
    is_data = kind is AllowanceKind.DATA
    return is_data and bool(getattr(section, f"data_{trait}"))


def _base(amount: int | Money | None, size_base: int) -> int | None:
    if isinstance(amount, Bytes):
        return amount.counted_by(size_base)
    return amount.minor if isinstance(amount, Money) else amount
